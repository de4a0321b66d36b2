"""The weekly round in one: the inbox taken, the week checked, the pack written, and what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_example import run
from workspace_example import make_workspace

WEEKS = [f"2026-W{week:02d}" for week in range(1, 47)]


def returns_of(*units: str) -> str:
    rows = [f"{unit},burglary,{week},{10 + n % 4}" for unit in units for n, week in enumerate(WEEKS)]
    return "\n".join(["unit,indicator,week,value", *rows]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "force"
    make_workspace(root, on_disk=True)
    (root / "people.csv").write_text("person,name,role\navery,Avery Quill,analyst\n", "utf-8")
    (root / "inbox").mkdir()
    return root


def test_a_round_takes_the_inbox_and_says_what_is_next(folder: Path) -> None:
    (folder / "inbox" / "north.csv").write_text(returns_of("North"), "utf-8")
    (folder / "inbox" / "south.csv").write_text(returns_of("South"), "utf-8")
    said = run(folder, "week")
    assert said.code == 0
    assert "north.csv: 46 new figures; is batch B-0001" in said.out
    assert "Week    2026-W46" in said.out
    assert "Pack    packs/2026-W46/briefing.pdf (DRAFT)" in said.out
    assert (folder / "packs" / "2026-W46" / "briefing.pdf").exists()
    assert "compstat sign-off --week 2026-W46" in said.out.split("Next")[1]
    assert run(folder, "sign-off").code == 0
    again = run(folder, "week")
    assert "(DRAFT)" not in again.out
    assert "Next    After the meeting carry the open actions on: compstat meeting close --week 2026-W46" in again.out
    assert run(folder, "meeting", "close", "--week", "2026-W46").code == 0
    assert "Next    The meeting is over; when the next returns have come: compstat week" in run(folder, "week").out


def test_a_refused_file_is_the_first_thing_to_mend(folder: Path) -> None:
    (folder / "inbox" / "good.csv").write_text(returns_of("North", "South"), "utf-8")
    (folder / "inbox" / "wrong.csv").write_text("unit,indicator,week,value\nNroth,burglary,2026-W46,1\n", "utf-8")
    said = run(folder, "week")
    assert said.code == 1
    assert "wrong.csv: refused, 1 problem; all reasons in inbox/wrong.csv.refused.txt" in said.out
    assert "Next    Mend what was refused in inbox/ (wrong.csv): compstat week" in said.out


def test_programs_get_all_of_it(folder: Path) -> None:
    (folder / "inbox" / "all.csv").write_text(returns_of("North", "South"), "utf-8")
    page = run(folder, "week", "--json").json
    assert page["week"] == "2026-W46"
    assert page["inbox"][0]["loaded"][0]["added"] == 92
    assert page["signed_off"] is False
    assert page["next"][0]["command"] == "compstat sign-off --week 2026-W46"


def test_load_inbox_takes_it_and_nothing_else(folder: Path) -> None:
    (folder / "inbox" / "wrong.csv").write_text("unit,indicator,week,value\nNroth,burglary,2026-W46,1\n", "utf-8")
    said = run(folder, "load", "inbox")
    assert said.code == 11
    assert not (folder / "packs").exists()
    (folder / "inbox" / "wrong.csv").write_text(returns_of("North"), "utf-8")
    assert run(folder, "load", "inbox", "--dry-run").code == 0
    assert (folder / "inbox" / "wrong.csv").exists()
    assert run(folder, "load", "inbox").code == 0
    assert "Nothing waits" in run(folder, "load", "inbox").err


def test_a_pack_says_what_was_restated_up_to_its_week_and_nothing_of_a_later_one(folder: Path) -> None:
    from pypdf import PdfReader

    heading = "unit,indicator,week,value\n"
    first = "".join(row for row in returns_of("North", "South").splitlines(keepends=True) if "W46" not in row)
    newest = f"{heading}North,burglary,2026-W46,11\nNorth,burglary,2026-W47,11\n"
    later = f"{heading}North,burglary,2026-W40,77\nNorth,burglary,2026-W47,99\n"
    for name, text, at in (
        ("first.csv", first, "2026-11-09T18:00"),
        ("newest.csv", newest, "2026-11-23T18:00"),
        ("later.csv", later, "2026-11-24T18:00"),
    ):
        (folder / name).write_text(text, "utf-8")
        assert run(folder, "load", name, "--recorded-at", at).code == 0
    run(folder, "prepare", "--week", "2026-W46", "--draft")
    pages = PdfReader(folder / "packs" / "2026-W46" / "briefing.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "is 77 (later.csv)" in text and "is 99" not in text


def test_a_first_week_says_that_nothing_was_tested_and_who_is_wanted(folder: Path) -> None:
    (folder / "people.csv").write_text("person,name,role\n", "utf-8")
    (folder / "indicators.csv").write_text("indicator,better,unit_of_measure\nburglary,lower,count\n", "utf-8")
    one = "unit,indicator,week,value\nNorth,burglary,2026-W46,10\nSouth,burglary,2026-W46,12\n"
    (folder / "inbox" / "one.csv").write_text(one, "utf-8")
    said = run(folder, "week").out
    assert "Flags   0 shown. Nothing could be tested: " in said and "expected by chance" not in said
    assert "Next    Add an analyst to people.csv" in said
    assert "Next: compstat doctor" in run(folder, "status").out


def test_flags_cleared_are_counted_apart_from_those_raised(folder: Path) -> None:
    """Nineteen in a week against its floor of 15, then ten: raised in W45, cleared in W46."""
    (folder / "targets.csv").write_text("indicator,unit,kind,value\nburglary,*,floor,15\n", "utf-8")
    (folder / "indicators.csv").write_text("indicator,better,unit_of_measure\nburglary,lower,count\n", "utf-8")
    (folder / "rules.toml").write_text('[[rule]]\nrule = "floor"\nfamily = "floor"\n', "utf-8")
    text = returns_of("North").replace("2026-W45,10", "2026-W45,19").replace("2026-W45,11", "2026-W45,19")
    (folder / "r.csv").write_text(text, "utf-8")
    assert run(folder, "load", "r.csv").code == 0
    assert "1 flags shown of 1 raised; " in run(folder, "flags", "--week", "2026-W45").out
    assert "0 flags shown of 0 raised, 1 cleared since the last period; " in run(folder, "flags").out
