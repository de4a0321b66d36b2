"""`compstat explain` finds a flag however its code is typed."""

from __future__ import annotations

import re
from datetime import date, timedelta
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


def test_from_which_figure_on_a_rise_or_a_fall_is_listed(tmp_path: Path) -> None:
    """A fall is listed at its figure or less: from it on would be the other way round."""
    made = tmp_path / "force"
    rows = [("north", count) for count in [40] * 109 + [80]] + [("south", count) for count in [40] * 109 + [10]]
    first = date(2026, 11, 9) - timedelta(weeks=109)
    lines = [f"{unit},burglary,{first + timedelta(weeks=n % 110)},{count}" for n, (unit, count) in enumerate(rows)]
    files = FILES | {
        "units.csv": FILES["units.csv"] + "south,South,precinct\n",
        "rules.toml": '[[rule]]\nrule = "spike"\nfamily = "spike"\n[[rule]]\nrule = "praise"\nfamily = "commend"\n',
        "returns.csv": "unit,indicator,week_start,value\n" + "\n".join(lines) + "\n",
    }
    made.mkdir()
    for name, text in files.items():
        (made / name).write_text(text, "utf-8")
    assert run(made, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00").code == 0
    rise = run(made, "-q", "explain", flag_code("north", "burglary", "spike")).out
    fall = run(made, "-q", "explain", flag_code("south", "burglary", "praise")).out
    assert re.search(r"^listed +from [4-7]\d on$", rise, re.M)
    assert re.search(r"^listed +at [12]\d or less$", fall, re.M)
