"""What the commands of the tracker share: their options, who acts, which day and moment is meant."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import Session
from compstat.findings import Finding, UsageError

if TYPE_CHECKING:
    from compstat.tracker.record import Record
    from compstat.tracker.tracker import Tracker

Code = Annotated[str, typer.Argument(help="The action's code, such as A-0007.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print for programs.")]
AsOf = Annotated[str | None, typer.Option(help="As known at this moment (UTC): 2026-11-16T18:00.", metavar="MOMENT")]
On = Annotated[str | None, typer.Option(help="The day that due dates are counted from.", metavar="DATE")]
At = Annotated[str | None, typer.Option(hidden=True, help="When it happened (UTC), for entries made later.")]


def tracker_of(session: Session) -> Tracker:
    """The tracker of the workspace that was asked for."""
    from compstat.tracker.tracker import open_tracker

    return open_tracker(session.workspace)


def record_of(session: Session) -> Record:
    """What is on record, without reading the workspace's tables."""
    from compstat.tracker.record import open_record
    from compstat.workspace.root import find_root

    return open_record(find_root(session.chosen))


def known_at(words: str | None) -> datetime | None:
    """The moment typed, None for none. Raises UsageError."""
    from compstat.cli.moments import moment

    return moment(words)


def day_typed(option: str, words: str | None) -> date | None:
    """The date typed, None for none. Raises UsageError that names the option."""
    try:
        return None if words is None else date.fromisoformat(words.strip())
    except ValueError:
        message = f'"{words}" is not a date'
        raise UsageError(Finding("bad-date", option, message, "Wanted year-month-day: 2026-11-26.")) from None


def chosen_day(words: str | None) -> date | None:
    """The day of --on; without it the clock's on a terminal, and none in a pipe."""
    if words is None and sys.stdout.isatty():
        return date.today()
    return day_typed("--on", words)
