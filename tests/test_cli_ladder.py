"""`compstat ladder` as it is typed: the list, one unit's receipts, signing, and JSON; text from data obeys nobody."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from command_example import run

RULES = """
[[rule]]
rule = "floor"
family = "floor"
[[ladder]]
ladder = "main"
[[ladder.trigger]]
step = "support"
periods = 2
of = 3
[[ladder.trigger]]
step = "contestability"
periods = 4
of = 4
"""
FILES = {
    "compstat.toml": "",
    "units.csv": "unit,name,level\nnorth,<b>No\x1brth</b>,precinct\nsouth,South,precinct\n",
    "indicators.csv": "indicator,better,unit_of_measure\nburglary,lower,count\n",
    "people.csv": "person,name,role\navery,Avery Quill,analyst\ncasey,Casey Holt,challenger\nblake,,commander\n",
    "targets.csv": "indicator,unit,kind,value\nburglary,*,floor,20\n",
    "rules.toml": RULES,
}
NEWEST = date(2026, 11, 9)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    rows = ["unit,indicator,week_start,value"]
    for unit, newest in (("north", [30] * 5), ("south", [10] * 5)):
        figures = [10] * 20 + newest
        rows += [
            f"{unit},burglary,{NEWEST - timedelta(weeks=back)},{figure}" for back, figure in enumerate(figures[::-1])
        ]
    (tmp_path / "returns.csv").write_text("\n".join(rows), "utf-8")
    assert run(tmp_path, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00").code == 0
    return tmp_path


def test_the_list_has_every_unit_and_what_waits_for_a_signature(folder: Path) -> None:
    said = run(folder, "-q", "ladder", "show")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["unit", "ladder", "step", "to", "be", "signed"]
    assert "support" in lines[1] and "contestability" in lines[1] and "4 of the last 4 weeks" in lines[1]
    assert "challenge" in lines[2] and "\x1b" not in said.out and r"<b>No\x1brth</b>" in lines[1]


def test_one_unit_comes_with_its_weeks_and_flags(folder: Path) -> None:
    said = run(folder, "-q", "ladder", "show", "north")
    assert "To be signed by a challenger: contestability" in said.out
    assert sum(line.split()[1:3] == ["1", "burglary"] for line in said.out.splitlines()) == 4


def test_a_step_is_signed_and_shown_with_who_why_and_when(folder: Path) -> None:
    words = ["ladder", "sign", "north", "contestability", "--reason", "Two plans, no change", "--at", "2026-11-19"]
    refused = run(folder, *words)
    assert (refused.code, "a step of the ladder is signed by a challenger" in refused.err) == (13, True)
    said = run(folder, *words, "--by", "casey")
    assert (said.code, said.out) == (0, "<b>No\\x1brth</b>: support -> contestability, signed by Casey Holt\n")
    (row,) = run(folder, "-q", "ladder", "show", "north", "--json").json
    assert (row["step"], row["reached"], row["proposed"], row["leaves_in"]) == (
        "contestability", "contestability", None, 8,
    )  # fmt: skip
    assert row["signed"] == {
        "step": "contestability",
        "reason": "Two plans, no change",
        "refused": None,
        "signed_by": "casey",
        "entered_by": "avery",
        "signed_at": "2026-11-19T23:59:59",
        "week_start": "2026-11-09",
    }
    text = run(folder, "-q", "ladder", "show", "north").out
    assert "contestability, signed by Casey Holt 2026-11-19, entered by Avery Quill: Two plans, no change" in text
    unit = run(folder, "-q", "show", "unit", "north", "--json").json
    assert (unit["step"], unit["tier"], unit["tier_because"]) == ("contestability", None, None)
    (flag,) = [one for one in run(folder, "-q", "flags", "--json").json["flags"] if one["unit"] == "north"]
    assert (flag["step"], flag["severity"]) == ("contestability", 3)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["ladder", "show", "nroth"], 2, "unknown-unit"),
        (["ladder", "sign", "north", "contest", "--reason", "x"], 2, "'contest' is not one of 'challenge'"),
        (["ladder", "sign", "north", "contestability"], 2, "--reason"),
        (["ladder", "sign", "south", "contestability", "--reason", "x", "--by", "casey"], 2, "step-not-proposed"),
        (["ladder", "sign", "north", "contestability", "--reason", "x", "--by", "cassey"], 2, "unknown-person"),
        (["ladder", "sign", "north", "contestability", "--reason", "x", "--ladder", "other"], 2, "no-ladder"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_put_on_record(
    folder: Path, words: list[str], code: int, told: str
) -> None:
    said = run(folder, *words)
    assert said.code == code, said.err
    assert told in said.err
    (row,) = run(folder, "-q", "ladder", "show", "north", "--json").json
    assert row["signed"] is None


def test_nobody_but_a_challenger_or_an_analyst_enters_a_step_whoever_is_named_as_its_signer(folder: Path) -> None:
    words = ["ladder", "sign", "north", "contestability", "--reason", "x", "--at", "2026-11-19"]
    for by in (["--by", "casey"], []):
        said = run(folder, *words, *by, user="blake")
        assert (said.code, said.out, said.err) == (
            13,
            "",
            "blake (commander) may not put a step of the ladder on record: only a challenger or an analyst may\n"
            "  Ask one of them.  docs/messages.md#not-allowed\n",
        )
    assert run(folder, "-q", "ladder", "show", "north", "--json").json[0]["signed"] is None
    assert run(folder, *words, user="casey").code == 0
    assert "signed by Casey Holt 2026-11-19: x" in run(folder, "-q", "ladder", "show", "north").out


def test_without_a_ladder_the_list_says_so(folder: Path) -> None:
    (folder / "rules.toml").unlink()
    assert run(folder, "-q", "ladder", "show").out.endswith("No ladder is declared in rules.toml.\n")
    assert run(folder, "-q", "ladder", "show", "--json").json == []
