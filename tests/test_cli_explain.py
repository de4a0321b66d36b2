"""`compstat explain` finds a flag however its code is typed."""

from __future__ import annotations

from pathlib import Path

from command_example import run

from compstat.cli.explain_text import broken
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


def test_what_goes_on_stands_under_its_own_words() -> None:
    """At 50 columns; a pipe's lines are not broken."""
    said = "known     figures as known 2026-11-16 18:00, the last from 2026-W46-shares.csv (B-0011)"
    assert broken(said, None, 10) == [said]
    first, second = broken(said, 50, 10)
    assert len(first) <= 50 and second.startswith(" " * 10 + "last from") and len(second) <= 50
    assert broken("known     x", 12, 10) == ["known     x"]
