"""Units that an extract does not name: told, taken as 0 where nothing speaks against it, else refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from command_example import run
from feeds_example import feeds_workspace, load_feed, values
from workspace_example import EVENING, WEEK, contents, load_text, returns

from compstat.findings import DataError
from compstat.workspace.workspace import Workspace

FEED = """[[feed]]
feed = "crime"
date = { column = "occurred" }
coverage = { from = 2026-11-09, to = 2026-11-15 }
unit = { column = "beat" }

[[feed.indicator]]
indicator = "burglary"
where = { offence = "burglary" }
"""
UNITS = "unit\nNorth\nSouth\nWest\nOld Town\n"
EXTRACT = "occurred,beat,offence\n2026-11-10,North,burglary\n2026-11-12,South,theft\n"
HELD = "unit,indicator,week,value\nWest,burglary,2026-W46,61\nOld Town,burglary,2026-W46,0\nSouth,burglary,2026-W46,4\n"
LATER = datetime(2026, 11, 17, 18)


def force(root: Path, setting: str = "") -> Workspace:
    return feeds_workspace(root, FEED.replace("date =", f"{setting}\ndate =", 1), units=UNITS)


def test_units_that_no_row_names_are_told(tmp_path: Path) -> None:
    workspace = force(tmp_path)
    (loaded,) = load_feed(workspace, "crime", returns(workspace, EXTRACT))
    assert loaded.extracted is not None
    assert loaded.extracted.absent_units == ("Old Town", "West")  # South has a row, though none that counts
    assert {cell[0]: value for cell, value in values(workspace).items()} == {
        "North": 1, "South": 0, "West": 0, "Old Town": 0,
    }  # fmt: skip


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_figure_above_0_is_not_wiped_out_by_silence(tmp_path: Path, dry_run: bool) -> None:
    workspace = force(tmp_path)
    load_text(workspace, HELD)
    before = contents(workspace)
    with pytest.raises(DataError) as caught:
        load_feed(workspace, "crime", returns(workspace, EXTRACT, "beats.csv"), at=LATER, dry_run=dry_run)
    (found,) = caught.value.findings
    assert (found.code, found.where) == ("absent-units", "beats.csv")
    assert found.message == (
        "feed crime takes 2 units (Old Town, West) as 0, which no row of the extract names; the store holds 1 figure "
        "above 0 there: West, burglary, 2026-11-09: 61"
    )
    assert 'absent_units = "zero"' in found.fix and 'absent_units = "leave"' in found.fix
    assert contents(workspace) == before


def test_a_silence_that_is_meant_is_0(tmp_path: Path) -> None:
    workspace = force(tmp_path, 'absent_units = "zero"')
    load_text(workspace, HELD)
    load_feed(workspace, "crime", returns(workspace, EXTRACT), at=LATER)
    assert values(workspace)["West", "burglary", WEEK] == 0


def test_of_units_that_others_tell_of_nothing_is_said(tmp_path: Path) -> None:
    workspace = force(tmp_path, 'absent_units = "leave"')
    load_text(workspace, HELD)
    (loaded,) = load_feed(workspace, "crime", returns(workspace, EXTRACT), at=LATER)
    assert loaded.extracted is not None and loaded.extracted.absent_units == ()
    held = {cell[0]: value for cell, value in values(workspace).items()}
    assert held == {"North": 1, "South": 0, "West": 61, "Old Town": 0}


def test_figures_outside_the_coverage_and_of_other_indicators_are_no_reason(tmp_path: Path) -> None:
    workspace = force(tmp_path)
    load_text(workspace, "unit,indicator,week,value\nWest,burglary,2026-W45,61\nWest,balance,2026-W46,5\n")
    load_feed(workspace, "crime", returns(workspace, EXTRACT), at=LATER)
    assert values(workspace)["West", "burglary", date(2026, 11, 2)] == 61


def test_the_terminal_names_them_in_a_dry_run_too(tmp_path: Path) -> None:
    workspace = force(tmp_path)
    returns(workspace, EXTRACT)
    for more in (("--dry-run",), ()):
        said = run(
            tmp_path, "load", "--feed", "crime", "returns.csv", "--recorded-at", f"{EVENING:%Y-%m-%dT%H:%M}", *more
        )
        assert said.code == 0, said.err
        assert "  2 units without a row in the whole extract, taken as 0: Old Town, West\n" in said.out
