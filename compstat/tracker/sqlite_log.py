"""The event log in a SQLite file (WAL) beside the store: one machine, several people and programs at once.

WAL needs a local disk; a team on several machines wants the log on a server.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from compstat.findings import CompstatError, Finding, StoreBusyError, TrackerError
from compstat.tracker.event import Decision, Entry, Event, EventKind, canonical, chained, code_of, number_of

SCHEMA_VERSION = 1
APPLICATION_ID = 0x434F4D50  # "COMP": tells our file from any other SQLite file
BUSY_SECONDS = 30.0  # a write takes about a millisecond, so a longer wait means a stuck program

CREATE = (
    """
    create table event (
      sequence integer primary key,
      action text not null,
      kind text not null,
      at text not null,
      by text not null,
      payload text not null,
      note text not null,
      previous text not null,
      hash text not null
    )
    """,
    """
    create trigger event_is_never_changed before update on event
    begin select raise(abort, 'the tracker is append-only: events are never changed'); end
    """,
    """
    create trigger event_is_never_deleted before delete on event
    begin select raise(abort, 'the tracker is append-only: events are never deleted'); end
    """,
    f"pragma application_id = {APPLICATION_ID}",
    f"pragma user_version = {SCHEMA_VERSION}",
)
READ = """
    select sequence, action, kind, at, by, payload, note, previous, hash
    from event
    order by sequence
"""
WRITE = """
    insert into event (sequence, action, kind, at, by, payload, note, previous, hash)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class SqliteLog:
    """An EventLog in one file, made at the first append; before that it holds no events."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.busy_seconds = busy_seconds

    def events(self) -> tuple[Event, ...]:
        """Every event in its order. Raises TrackerError for a file that is damaged or none of ours."""
        if not self.path.exists():
            return ()
        with self._plain_errors(), self._connection() as connection:
            return self._read(connection) if self._is_ours(connection) else ()

    def append(self, *entries: Entry) -> tuple[Event, ...]:
        """The entries as events at the end of the log: all of them or none."""
        return self.decide(lambda _events: entries)

    def decide(self, decision: Decision) -> tuple[Event, ...]:
        """Append what `decision` makes of the log as it stands; no other writer comes between."""
        with self._plain_errors(), self._connection() as connection:
            self._use_wal(connection)
            connection.execute("begin immediate")
            try:
                if not self._is_ours(connection):
                    for statement in CREATE:
                        connection.execute(statement)
                known = self._read(connection)
                added = _following(known, decision(known))
                connection.executemany(WRITE, map(_row, added))
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")
            return added

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=self.busy_seconds, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """Switch a new file to WAL; of two programs that do so at once, one is told to come back.

        A disk that cannot do WAL keeps the plain journal: as safe, only that readers wait for writers.
        """
        if connection.execute("pragma journal_mode").fetchone()[0] == "wal":
            return
        self._is_ours(connection)  # a file that is not ours is left as it is
        deadline = time.monotonic() + self.busy_seconds
        while True:
            try:
                connection.execute("pragma journal_mode = wal")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _is_ours(self, connection: sqlite3.Connection) -> bool:
        """Whether the tables are there. Raises TrackerError for a newer version and for another's file."""
        version = connection.execute("pragma user_version").fetchone()[0]
        mark = connection.execute("pragma application_id").fetchone()[0]
        tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
        if mark == APPLICATION_ID and version > SCHEMA_VERSION:
            message = f"was made by a newer compstat (version {version} of the file, known: {SCHEMA_VERSION})"
            raise TrackerError(Finding("tracker-newer", self.path.name, message, "Install that version."))
        if mark != APPLICATION_ID and (tables or version):
            raise self._not_a_tracker("holds something else")
        return bool(mark == APPLICATION_ID)

    def _read(self, connection: sqlite3.Connection) -> tuple[Event, ...]:
        return tuple(self._event(*row) for row in connection.execute(READ))

    def _event(
        self,
        sequence: int,
        action: str,
        kind: str,
        at: str,
        by: str,
        payload: str,
        note: str,
        previous: str,
        digest: str,
    ) -> Event:
        try:
            when, what = datetime.fromisoformat(at), json.loads(payload)
            if not isinstance(what, dict):
                raise ValueError("its payload is not an object")
            return Event(sequence, action, EventKind(kind), when, by, what, note, previous, digest)
        except (TypeError, ValueError) as error:
            where = f"{self.path.name}, event {sequence}"
            message = f"is not what was written: {error}"
            fix = "Restore the tracker from a copy, and ask who had access to the file."
            raise TrackerError(Finding("tracker-damaged", where, message, fix)) from error

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """SQLite's failures as ours: busy, full, not a database."""
        try:
            yield
        except CompstatError:
            raise
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                message = f"another program has been writing for {self.busy_seconds:g} seconds"
                finding = Finding("tracker-busy", self.path.name, message, "Try again when it is done.")
                raise StoreBusyError(finding) from error
            message = f"cannot be opened or written: {error}"
            fix = "Look at the folder, its permissions and the room on the disk."
            raise TrackerError(Finding("tracker-unusable", self.path.name, message, fix)) from error
        except sqlite3.DatabaseError as error:
            raise self._not_a_tracker(str(error)) from error

    def _not_a_tracker(self, words: str) -> TrackerError:
        fix = "Name another file as location under [tracker] in compstat.toml, or restore this one."
        return TrackerError(Finding("tracker-damaged", self.path.name, f"is not an action tracker: {words}", fix))


def _following(known: tuple[Event, ...], entries: Sequence[Entry]) -> tuple[Event, ...]:
    """The entries chained to what is known; a raised action without a code gets the next one."""
    highest = max((number_of(event.action) for event in known), default=0)
    last = known[-1] if known else None
    added: list[Event] = []
    for entry in entries:
        action = entry.action
        if entry.kind is EventKind.RAISED:
            action = action or code_of(highest + 1)
            highest = max(highest, number_of(action))
        last = chained(entry, action, last)
        added.append(last)
    return tuple(added)


def _row(event: Event) -> tuple[object, ...]:
    return (
        event.sequence,
        event.action,
        event.kind.value,
        event.at.isoformat(),
        event.by,
        canonical(event.payload),
        event.note,
        event.previous,
        event.hash,
    )
