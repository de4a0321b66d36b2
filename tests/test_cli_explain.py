"""`compstat explain` finds a flag however its code is typed."""

from __future__ import annotations

from pathlib import Path

from command_example import run

from compstat.rules.flag import flag_code

FILES = {
    "compstat.toml": "",
    "units.csv": "unit,name,level\nnorth,North,precinct\n",
    "indicators.csv": "indicator,better,unit_of_measure\nburglary,lower,count\n",
    "targets.csv": "indicator,unit,kind,value\nburglary,*,floor,20\n",
    "rules.toml": '[[rule]]\nrule = "floor"\nfamily = "floor"\n',
    "returns.csv": "unit,indicator,week_start,value\nnorth,burglary,2026-11-09,30\n",
}


def test_a_code_is_taken_without_its_first_letter(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert run(tmp_path, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00").code == 0
    code = flag_code("north", "burglary", "floor")
    whole = run(tmp_path, "-q", "explain", code)
    assert whole.code == 0 and code in whole.out
    for typed in (code.removeprefix("F-"), code.lower(), code.removeprefix("F-").lower()):
        assert run(tmp_path, "-q", "explain", typed) == whole
    assert "There is no flag F-22222 in 2026-W46." in run(tmp_path, "-q", "explain", "22222").err
