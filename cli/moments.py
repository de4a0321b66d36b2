"""Moments and weeks as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from compstat.findings import Finding, UsageError

if TYPE_CHECKING:
    from compstat.store import Store
    from compstat.workspace.workspace import Workspace


def moment(text: str | None) -> datetime | None:
    """`2026-11-16T18:00` (or a date: its last second) as UTC without a zone, None for None. Raises UsageError."""
    if text is None:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.max.time()).replace(microsecond=0)
        stamp = datetime.fromisoformat(text)
        return stamp.astimezone(UTC).replace(tzinfo=None) if stamp.tzinfo else stamp
    except (ValueError, OverflowError):  # overflow: the first or the last hours of all dates, in another zone
        message = f'"{text}" is no moment; wanted 2026-11-16T18:00 or 2026-11-16'
        raise UsageError(Finding("bad-moment", "", message)) from None


def now() -> datetime:
    """The clock, as UTC without a zone: the store's way to write moments."""
    return datetime.now(UTC).replace(tzinfo=None)


def week_start(
    workspace: Workspace,
    words: str,
    store: Store | None = None,
    cycle: str | None = None,
    as_of: datetime | None = None,
) -> date:
    """First day of the week named; `latest` is the week in which the newest return's period ends. Raises UsageError.

    The newest return known at a moment (None: now).

    Newest among the indicators that return at the cycle's cadence, if there are such: a month's figure that ends in
    the middle of a week must not make a weekly meeting look at a week that is not over.
    """
    if words == "latest" and store is not None:
        return _latest(workspace, store, workspace.cycle(cycle).cadence, as_of)
    try:
        return workspace.calendar.week_of(words)
    except ValueError as error:
        raise UsageError(Finding("bad-week", "", str(error))) from None


def _latest(workspace: Workspace, store: Store, cadence: str, as_of: datetime | None) -> date:
    from compstat.calendar import end_of
    from compstat.windows.scope import END_OF_TIME

    known = {row.indicator: row.cadence for row in workspace.indicators}
    found = store.rows("windows/newest_period", known_at=as_of or END_OF_TIME)
    newest = [(known[code], start) for code, start in found if code in known]
    if not newest:
        raise no_returns(as_of)
    chosen = [pair for pair in newest if pair[0] == cadence] or newest
    ends = (end_of(workspace.calendar.cadence(name), start) for name, start in chosen)
    return workspace.calendar.cadence("weekly").start_of(max(ends))


def no_returns(as_of: datetime | None = None) -> UsageError:
    """What to say when there is nothing to look at."""
    message = f"The store held no returns at {as_of}." if as_of else "The store holds no returns yet."
    return UsageError(Finding("no-returns", "", message, "Load some with: compstat load FILE"))
