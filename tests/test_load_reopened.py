"""A load that opens a signed-off week again says so, with what to do next; any other load says nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_example import Said, run
from workspace_example import make_workspace, returns

from compstat.workspace.workspace import Workspace

PEOPLE = "person,name,role,unit\navery,Avery Quill,analyst,\n"
ROW = "unit,indicator,week,value\nNorth,burglary,2026-{},{}\n"
TWO = '[[cycle]]\ncycle = "crime"\n[[cycle]]\ncycle = "estates"\n'
OPENED = "  2026-W46 was signed off; this opens it again\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    made = make_workspace(tmp_path, on_disk=True, compstat=TWO)
    load(made, "W46", 12, "2026-11-16T18:00")
    return made


def load(workspace: Workspace, week: str, value: int, at: str, *more: str) -> Said:
    returns(workspace, ROW.format(week, value))
    said = run(workspace.root, "load", "returns.csv", "--recorded-at", at, *more)
    assert said.code == 0, said.err
    return said


def sign(workspace: Workspace, *more: str, at: str = "2026-11-17T09:00") -> None:
    said = run(workspace.root, "sign-off", "--week", "2026-W46", "--at", at, *more)
    assert said.code == 0, said.err


def test_a_restated_figure_opens_the_week_again_once(workspace: Workspace) -> None:
    sign(workspace)
    said = load(workspace, "W46", 13, "2026-11-18")
    assert said.out.endswith(OPENED)
    assert said.err == "Next: compstat check --week 2026-W46, then compstat sign-off --week 2026-W46\n"
    again = load(workspace, "W46", 14, "2026-11-19")
    assert "again" not in again.out and "flags" in again.err
    sign(workspace, at="2026-11-20T09:00")
    assert load(workspace, "W46", 15, "2026-11-21").out.endswith(OPENED)


def test_a_late_figure_of_an_earlier_week_does_and_one_of_a_later_week_does_not(workspace: Workspace) -> None:
    sign(workspace)
    assert "again" not in load(workspace, "W47", 3, "2026-11-23").out
    assert load(workspace, "W44", 3, "2026-11-24").out.endswith(OPENED)


def test_a_dry_run_says_what_would_be(workspace: Workspace) -> None:
    sign(workspace)
    said = load(workspace, "W46", 13, "2026-11-18", "--dry-run")
    assert said.out.endswith("  2026-W46 was signed off; this would open it again\n") and "Next" not in said.err


def test_the_cycle_is_named_where_it_is_not_the_first(workspace: Workspace) -> None:
    sign(workspace, "--cycle", "estates")
    said = load(workspace, "W46", 13, "2026-11-18", "--json")
    assert said.json[0]["reopened"] == [{"cycle": "estates", "week_start": "2026-11-09"}]
    sign(workspace, "--cycle", "estates", at="2026-11-19T09:00")
    assert "sign-off --week 2026-W46 --cycle estates" in load(workspace, "W46", 14, "2026-11-20").err
