"""Actions from a file: their own times, all or nothing, safe for a spreadsheet, the same there and back."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracker_example import MEETING, agreed, person, raise_one, tracker_in

from compstat.findings import DataError, TrackerError
from compstat.tracker.action import ActionState
from compstat.tracker.event import EventKind, verify_chain
from compstat.tracker.history import PastAction, replay
from compstat.tracker.sheet import COLUMNS, guarded, unguarded, write_actions

HEADINGS = ",".join(COLUMNS)
FULL = (
    "A-0007,weekly,north,nora,Fit locks,2026-W42,2026-10-22T10:50:00,2026-11-05,2026-11-26,claimed,3,F-7K2Q,"
    "burglary,down,12,2026-W48,,Nine of 31 homes,nils,2026-11-16T15:20:00"
)
PLAIN = ",,south,sol,Talk to the school,2026-W45,2026-11-12,2026-12-03,,,,,,,,,no returns,,,"


def _file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "actions.csv"
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_past_action_has_its_own_times(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    assert replay(tracker, _file(tmp_path, FULL, PLAIN)) == 2
    action = tracker.action("A-0007")
    assert (action.state, action.times_carried, action.times_slipped) == (ActionState.CLAIMED, 3, 1)
    assert (action.original_due, action.due) == (date(2026, 11, 5), date(2026, 11, 26))
    assert action.raised_at == datetime(2026, 10, 22, 10, 50, tzinfo=UTC)
    assert (action.last_note, action.last_note_by) == ("Nine of 31 homes", "nils")
    assert (action.flag, action.step) == ("F-7K2Q", "increased challenge")
    assert action.promise.size == 12
    assert verify_chain(tracker.events()) == []


def test_before_its_last_word_it_was_open(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    replay(tracker, _file(tmp_path, FULL))
    earlier = tracker.action("A-0007", datetime(2026, 11, 6, tzinfo=UTC))
    assert (earlier.state, earlier.times_carried, earlier.due) == (ActionState.OPEN, 2, date(2026, 11, 5))
    assert tracker.actions_as_of(datetime(2026, 10, 22, tzinfo=UTC)) == ()


def test_codes_left_out_follow_those_of_the_file(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    replay(tracker, _file(tmp_path, PLAIN, FULL))
    assert {row.action: row.unit for row in tracker.actions_as_of()} == {"A-0007": "north", "A-0008": "south"}
    assert raise_one(tracker).action == "A-0009"


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    path = _file(tmp_path, FULL, PLAIN)
    replay(tracker, path)
    before = tracker.events()
    assert replay(tracker, path) == 0
    assert tracker.events() == before


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("open", ["raised", "noted"]),
        ("in_progress", ["raised", "started"]),
        ("claimed", ["raised", "claimed"]),
        ("verified", ["raised", "verified"]),
        ("dropped", ["raised", "dropped"]),
    ],
)
def test_every_state_becomes_its_event(tmp_path: Path, state: str, kinds: list[str]) -> None:
    tracker = tracker_in(tmp_path)
    row = f",,south,sol,Talk,2026-W45,2026-11-12,2026-12-03,2026-12-03,{state},0,,,,,,none,said,,2026-11-13"
    replay(tracker, _file(tmp_path, row))
    assert [event.kind.value for event in tracker.events()] == kinds
    assert tracker.actions_as_of()[0].state.value == state


def test_a_closed_action_was_not_carried_after_its_end(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    row = ",,south,sol,Talk,2026-W40,2026-10-08,2026-11-12,2026-11-19,verified,9,,,,,,none,yes,chad,2026-11-13"
    replay(tracker, _file(tmp_path, row))
    events = tracker.events()
    assert events[-1].kind is EventKind.VERIFIED
    assert max(event.at for event in events) == events[-1].at
    assert (tracker.actions_as_of()[0].times_carried, tracker.actions_as_of()[0].times_slipped) == (9, 1)


def test_every_bad_row_is_named_and_nothing_is_taken(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    rows = [
        PLAIN,
        PLAIN.replace("south", "suoth"),
        PLAIN.replace("sol", "soll"),
        PLAIN.replace("2026-12-03", "soon"),
        PLAIN.replace("no returns", ""),
        PLAIN.replace("2026-W45", "2026-W77"),
        FULL.replace("A-0007", "A-0001").replace("burglary", "burglar"),
        FULL.replace("A-0007", "A-0002").replace("claimed", "done"),
        FULL.replace("A-0007", "A-0003").replace(",3,F", ",-3,F"),
        FULL.replace("A-0007", "A-0004").replace("2026-11-16T15", "2026-10-16T15"),
        FULL.replace("A-0007", "A-0005").replace("F-7K2Q", "seven"),
    ]
    with pytest.raises(DataError) as refused:
        replay(tracker, _file(tmp_path, *rows))
    bad = {finding.where for finding in refused.value.findings}
    assert bad >= {f"actions.csv:{line}" for line in range(3, 13)}
    assert "actions.csv:2" not in bad
    assert tracker.events() == ()


def test_one_code_for_two_actions_is_refused(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    with pytest.raises(DataError, match="A-0007 is there twice"):
        replay(tracker, _file(tmp_path, FULL, FULL.replace("Fit locks", "Other")))
    replay(tracker, _file(tmp_path, FULL))
    with pytest.raises(DataError, match="is another action in the tracker: Fit locks"):
        replay(tracker, _file(tmp_path, FULL.replace("Fit locks", "Other")))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv"):
        replay(tracker_in(tmp_path), tmp_path / "none.csv")


def test_there_and_back(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    first, second = tracker_in(here), tracker_in(there)
    raise_one(first, agreed(what="=1+1"))
    raise_one(first, agreed(what="'quoted' and 'more'"))
    first.update("A-0001", person(first.workspace, "nils"), note="@now\n-2", due=date(2026, 12, 9), at=MEETING)
    assert write_actions(tmp_path / "out.csv", first.actions_as_of()) == 2
    assert replay(second, tmp_path / "out.csv") == 2
    assert second.actions_as_of() == first.actions_as_of()


def test_a_spreadsheet_runs_nothing(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    for what in ("=1+1", "+1", "-1", "@SUM(1)", "=cmd|' /C calc'!A0"):
        raise_one(tracker, agreed(what=what))
    write_actions(tmp_path / "out.csv", tracker.actions_as_of())
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r") - {""}]
    assert "'=1+1" in cells


@given(st.text(max_size=6, alphabet="'=+-@\t\ra1 "))
def test_a_guarded_cell_is_harmless_and_comes_back(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_import_reads_the_columns_that_export_writes() -> None:
    assert tuple(name for name in PastAction.model_fields if name != "line") == COLUMNS


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    with pytest.raises(TrackerError, match="cannot be written"):
        write_actions(tmp_path / "no folder" / "out.csv", tracker.actions_as_of())
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TrackerError, match="cannot be written"):
        write_actions(tmp_path / "folder.csv", tracker.actions_as_of())
    assert list(tmp_path.glob(".*.part")) == []
