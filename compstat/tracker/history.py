"""Actions from before the tracker: a CSV file, replayed as events with their own times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from compstat.calendar import Cadence
from compstat.findings import CompstatError, DataError, Finding
from compstat.tracker.action import Action, ActionState, Promise
from compstat.tracker.agreement import NewAction, check_new, raised
from compstat.tracker.carry import carried, period_label, period_of
from compstat.tracker.event import Entry, Event, EventKind, code_of, moment, number_of
from compstat.tracker.sheet import unguarded
from compstat.tracker.states import LEADS_TO, actions_from
from compstat.tracker.tracker import CLOSING, Tracker
from compstat.workspace.reading import read_table
from compstat.workspace.tables import Identifier, Row
from compstat.workspace.workspace import Workspace

IMPORTED = "import"  # who raised and carried what came from a file that does not say
STEP_TO = {state: kind for kind, state in LEADS_TO.items() if kind is not EventKind.REOPENED}


class PastAction(Row):
    """One action of the file. `note` is the last word on it, by `note_by` at `note_at`."""

    action: Annotated[str, Field(pattern=r"^(A-[0-9]{4,9})?$")] = ""
    cycle: str | None = None
    unit: Identifier
    owner: Identifier
    what: str = Field(min_length=1)
    raised_week: str
    raised_at: datetime
    original_due: date
    due: date | None = None
    state: ActionState = ActionState.OPEN
    times_carried: int = Field(default=0, ge=0, le=1000)
    flag: str | None = None
    indicator: str | None = None
    direction: Literal["down", "up"] | None = None
    size: float | None = None
    review_week: str | None = None
    reason: str | None = None
    note: str = ""
    note_by: str | None = None
    note_at: datetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_a_spreadsheet(cls, row: Any) -> Any:
        return {key: unguarded(cell) for key, cell in row.items()} if isinstance(row, dict) else row


def replay(tracker: Tracker, path: Path, by: str = IMPORTED) -> int:
    """Put every action of the file on record with its own times; returns how many were new.

    All or nothing: raises DataError with every bad row. An action that is there already with the same unit,
    task and moment is left as it is, so the same file twice changes nothing.
    """
    findings: list[Finding] = []
    rows = read_table(path, PastAction, findings, required=True)
    findings.extend(_doubles(path, rows))
    agreed = [(row, _agreed(tracker.workspace, path, row, findings)) for row in rows]
    if findings:
        raise DataError(findings)
    added: list[PastAction] = []

    def decision(events: tuple[Event, ...]) -> Sequence[Entry]:
        known = actions_from(events)
        clashes = [clash for row in rows for clash in _clashes(path, row, known)]
        if clashes:
            raise DataError(clashes)
        added[:] = [row for row in rows if not _is_known(row, known)]
        codes = _codes(added, [*known, *(row.action for row in added)])
        entries = [
            entry
            for row, new in agreed
            if new and row.line in codes
            for entry in _entries(tracker.workspace, row, new, codes[row.line], by, path.name)
        ]
        return sorted(entries, key=lambda entry: entry.at)

    tracker.log.decide(decision)
    return len(added)


def _agreed(workspace: Workspace, path: Path, row: PastAction, findings: list[Finding]) -> NewAction | None:
    """What the row says was agreed; None with findings where it names what the workspace does not hold."""
    try:
        cycle = workspace.cycle(row.cycle)
        promise = Promise(
            row.indicator,
            row.direction,
            row.size,
            period_label(workspace, cycle, row.review_week) if row.review_week else None,
            row.reason,
        )
        week = period_label(workspace, cycle, row.raised_week)
        new = NewAction(cycle.cycle, row.unit, row.owner, row.what, row.original_due, week, promise, row.flag)
        check_new(workspace, new)
        if row.note_at and moment(row.note_at) < moment(row.raised_at):
            raise DataError(Finding("bad-cell", "", "note_at is before raised_at", "Mend the dates."))
        if row.state is ActionState.DROPPED and not row.note:
            raise DataError(Finding("reason-wanted", "", "dropped without a reason", "Give it as note."))
    except CompstatError as error:
        where = f"{path.name}:{row.line}"
        findings.extend(Finding(found.code, where, found.message, found.fix) for found in error.findings)
        return None
    return new


def _entries(workspace: Workspace, row: PastAction, new: NewAction, code: str, by: str, source: str) -> Iterator[Entry]:
    """The row as events: raised, carried, then its last word with its state and date."""
    raised_at = moment(row.raised_at)
    cycle = workspace.cycle(new.cycle)
    cadence = workspace.calendar.cadence(cycle.cadence)
    closed = STEP_TO.get(row.state) in CLOSING
    last = moment(row.note_at) if row.note_at else None
    first = period_of(workspace, cycle, row.raised_week)
    yield replace(raised(new, by, raised_at, code), note=f"from {source}")
    carries = list(_carry_moments(cadence, raised_at, row.times_carried))
    for n, at in enumerate(carries, 1):
        when = min(at, last) if closed and last else at
        week = cadence.label(cadence.shift(first, n))
        yield carried(code, n, cycle, week, by, when)
    yield from _last_word(row, code, last or max([raised_at, *carries]))


def _carry_moments(cadence: Cadence, raised_at: datetime, times: int) -> Iterator[datetime]:
    """A file says how often, not when: the k-th carry is dated k periods after the action was raised."""
    start = cadence.start_of(raised_at.date())
    for n in range(1, times + 1):
        yield raised_at + timedelta(days=(cadence.shift(start, n) - start).days)


def _last_word(row: PastAction, code: str, at: datetime) -> Iterator[Entry]:
    by, kind = row.note_by or row.owner, STEP_TO.get(row.state)
    moved = row.due is not None and row.due != row.original_due
    due = {"due": row.due.isoformat()} if moved and row.due else {}
    if kind in CLOSING or (kind and not moved):
        if moved:
            yield Entry(EventKind.DUE_CHANGED, at, by, code, due)
        yield Entry(kind, at, by, code, {}, row.note)
    elif moved:
        state = {"state": row.state.value} if kind else {}
        yield Entry(EventKind.DUE_CHANGED, at, by, code, due | state, row.note)
    elif row.note:
        yield Entry(EventKind.NOTED, at, by, code, {}, row.note)


def _is_known(row: PastAction, known: dict[str, Action]) -> bool:
    mine = (row.unit, row.what, moment(row.raised_at))
    rows = [known[row.action]] if row.action in known else [] if row.action else known.values()
    return any((found.unit, found.what, found.raised_at) == mine for found in rows)


def _clashes(path: Path, row: PastAction, known: dict[str, Action]) -> Iterator[Finding]:
    if row.action in known and not _is_known(row, known):
        message = f"{row.action} is another action in the tracker: {known[row.action].what[:60]}"
        fix = "Leave the cell empty to get the next free code."
        yield Finding("action-exists", f"{path.name}:{row.line}", message, fix)


def _doubles(path: Path, rows: Sequence[PastAction]) -> Iterator[Finding]:
    counts = Counter(row.action for row in rows if row.action)
    for row in rows:
        if counts[row.action] > 1:
            yield Finding("double-row", f"{path.name}:{row.line}", f"{row.action} is there twice", "Keep one.")


def _codes(added: Sequence[PastAction], taken: Iterable[str]) -> dict[int, str]:
    """The code of every new row by its line: its own, else the next free one."""
    highest = max(map(number_of, taken), default=0)
    codes: dict[int, str] = {}
    for row in added:
        if not row.action:
            highest += 1
        codes[row.line] = row.action or code_of(highest)
    return codes
