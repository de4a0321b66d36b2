"""The log in a file: nothing lost between two writers, nothing changed afterwards without being seen."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tracker_example import MEETING, person, raise_one, tracker_in

from compstat.findings import StoreBusyError, TrackerError
from compstat.tracker.event import Entry, Event, EventKind, verify_chain
from compstat.tracker.sqlite_log import SCHEMA_VERSION, SqliteLog

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from compstat.tracker.event import Entry, EventKind
from compstat.tracker.sqlite_log import SqliteLog

log = SqliteLog(Path(sys.argv[1]))
sys.stdin.readline()
for n in range(20):
    at = datetime(2026, 11, 19, 10, n, tzinfo=UTC)
    log.append(Entry(EventKind.RAISED, at, sys.argv[2], payload={"n": n}))
"""


def _noted(note: str = "a") -> Entry:
    return Entry(EventKind.NOTED, MEETING, "ana", "A-0001", {}, note)


def _raised(by: str = "ana", action: str = "") -> Entry:
    return Entry(EventKind.RAISED, MEETING, by, action)


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "actions.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who], stdin=subprocess.PIPE, text=True)
        for who in ("ana", "chad")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    events = SqliteLog(path).events()
    assert Counter(event.by for event in events) == {"ana": 20, "chad": 20}
    assert [event.action for event in events] == [f"A-{n:04d}" for n in range(1, 41)]
    assert verify_chain(events) == []


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.sqlite")
    entry = Entry(EventKind.SCORED, MEETING, "ana", "A-0001", {"score": "met", "n": [1, 2.5, None]}, "wörds\n2")
    (written,) = log.append(entry)
    (read,) = log.events()
    assert read == written
    assert (read.sequence, read.at, read.note, dict(read.payload)) == (1, MEETING, entry.note, entry.payload)


def test_before_the_first_entry_there_is_no_file(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.sqlite")
    assert log.events() == ()
    assert list(tmp_path.iterdir()) == []


def test_codes_go_on_from_the_highest(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.sqlite")
    log.append(_raised(), _raised(action="A-0041"))
    assert [event.action for event in log.append(_raised(), _raised())] == ["A-0042", "A-0043"]


def test_a_refused_decision_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.sqlite")
    log.append(_raised())

    def refuse(_events: Sequence[Event]) -> Sequence[Entry]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        log.decide(refuse)
    log.append(_noted())
    assert [event.sequence for event in log.events()] == [1, 2]


@pytest.mark.parametrize("statement", ["update event set note = 'other'", "delete from event"])
def test_sql_cannot_change_an_event_by_accident(tmp_path: Path, statement: str) -> None:
    log = SqliteLog(tmp_path / "a.sqlite")
    log.append(_raised())
    with sqlite3.connect(log.path) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def _tampered(path: Path, statement: str) -> SqliteLog:
    connection = sqlite3.connect(path)
    connection.executescript(f"drop trigger event_is_never_changed; drop trigger event_is_never_deleted; {statement};")
    connection.close()
    return SqliteLog(path)


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("update event set note = 'other' where sequence = 2", ["event 2"]),
        ("update event set by = 'chad' where sequence = 3", ["event 3"]),
        ("update event set at = '2026-11-01T00:00:00+00:00' where sequence = 1", ["event 1"]),
        ('update event set payload = \'{"due":"2027-01-01"}\' where sequence = 1', ["event 1"]),
        ("delete from event where sequence = 2", ["event 3"]),
        ("update event set sequence = 9 where sequence = 2", ["event 3", "event 9"]),
        ("update event set hash = previous where sequence = 4", ["event 4"]),
        ("delete from event where sequence = 1", ["event 2"]),
    ],
)
def test_every_alteration_is_seen(tmp_path: Path, statement: str, places: list[str]) -> None:
    path = tmp_path / "a.sqlite"
    SqliteLog(path).append(_raised(), _noted("a"), _noted("b"), _noted("c"))
    found = verify_chain(_tampered(path, statement).events())
    assert sorted({finding.where for finding in found}) == places
    assert all(finding.code == "tracker-damaged" for finding in found)


@pytest.mark.parametrize(
    "statement",
    [
        "update event set payload = '[1' where sequence = 2",
        "update event set payload = '[1]' where sequence = 2",
        "update event set at = 'yesterday' where sequence = 2",
        "update event set kind = 'blessed' where sequence = 2",
        "update event set payload = x'ff00' where sequence = 2",
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "a.sqlite"
    SqliteLog(path).append(_raised(), _noted())
    with pytest.raises(TrackerError) as refused:
        _tampered(path, statement).events()
    assert refused.value.findings[0].where == "a.sqlite, event 2"


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    notes, other = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    notes.write_text("not a database, but long enough to look like one " * 30)
    connection = sqlite3.connect(other)
    connection.execute("create table mine (x)")
    connection.close()
    for path in (notes, other):
        before = path.read_bytes()
        for use in (SqliteLog(path).events, lambda path=path: SqliteLog(path).append(_raised())):
            with pytest.raises(TrackerError, match="is not an action tracker"):
                use()
        assert path.read_bytes() == before


def test_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.sqlite")
    log.append(_raised())
    connection = sqlite3.connect(log.path)
    connection.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(TrackerError, match="newer compstat"):
        log.append(_noted())


def test_a_stuck_writer_is_named_not_waited_for_for_ever(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "a.sqlite", busy_seconds=0.1)
    log.append(_raised())
    stuck = sqlite3.connect(log.path, isolation_level=None)
    stuck.execute("begin immediate")
    try:
        with pytest.raises(StoreBusyError):
            log.append(_noted())
        assert len(log.events()) == 1  # reading goes on
    finally:
        stuck.close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match="cannot be opened or written"):
        SqliteLog(tmp_path / "no such folder" / "a.sqlite").append(_raised())
    with pytest.raises(TrackerError, match="cannot be opened or written"):
        SqliteLog(tmp_path).append(_raised())


def test_a_copy_of_the_file_is_a_whole_tracker(tmp_path: Path) -> None:
    """After the last writer is gone no side file holds anything: one file is the backup."""
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    tracker.note("A-0001", "x", person(tracker.workspace, "ana"), MEETING + timedelta(days=1))
    shutil.copy(tmp_path / "actions.sqlite", tmp_path / "copy.sqlite")
    assert SqliteLog(tmp_path / "copy.sqlite").events() == tracker.events()


def test_text_of_a_broken_encoding_is_kept_as_it_can_be(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    tracker.note("A-0001", "caf\udce9 \x00\x1b[31m", person(tracker.workspace, "ana"))
    assert tracker.action("A-0001").last_note == "caf? \x1b[31m"
    assert verify_chain(tracker.events()) == []
