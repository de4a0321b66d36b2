"""`compstat meeting`: a meeting's end on record, and which meetings were held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import session_of
from compstat.cli.tracking import AsJson, AsOf, At, known_at, tracker_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from compstat.workspace.settings import Cycle
    from compstat.workspace.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: compstat meeting list",
)


@app.callback()
def meeting() -> None:
    """Meetings held. Closing one carries every open action to the next."""


@app.command("close", epilog="Example: compstat meeting close --week 2026-W46")
def close(
    context: typer.Context,
    week: Annotated[
        str,
        typer.Option(help="The week the meeting was about (a month, for a monthly cycle), or latest.", metavar="WEEK"),
    ],
    cycle: Annotated[str | None, typer.Option(help="Left out: the first cycle.", metavar="CYCLE")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Put a meeting on record and carry its cycle's open actions on, once. For challengers and analysts."""
    from dataclasses import asdict

    from compstat.cli.text import print_json, printable
    from compstat.tracker.identity import who_acts

    tracker = tracker_of(session_of(context))
    workspace, when = tracker.workspace, known_at(at)
    chosen, person = workspace.cycle(cycle), who_acts(workspace)
    if week == "latest":
        week = _latest(workspace, cycle)
    held = tracker.close_meeting(
        chosen, week, person, when, lambda start: _refuse_without_returns(workspace, chosen, start, when)
    )
    if as_json:
        print_json(asdict(held))
        return
    count = len(held.carried)
    actions = "1 open action" if count == 1 else f"{count} open actions"
    print(printable(f"Meeting {held.week} ({held.cycle}) closed; {actions} carried to the next one."))


def _latest(workspace: Workspace, cycle: str | None) -> str:
    from compstat.cli.moments import week_start
    from compstat.store import open_store

    with open_store(workspace.store_path, read_only=True) as store:
        return week_start(workspace, "latest", store, cycle).isoformat()


def _refuse_without_returns(workspace: Workspace, cycle: Cycle, start: date, when: datetime | None) -> None:
    """Raise UsageError for a period of which the store knows nothing: no meeting can have looked at it."""
    from compstat.calendar import end_of
    from compstat.cli.moments import no_returns
    from compstat.store import open_store
    from compstat.windows.scope import known_at, refuse_empty

    last = end_of(workspace.calendar.cadence(cycle.cadence), start)
    with open_store(workspace.store_path, read_only=True) as store:
        known = known_at(store, when)
        if known is None:
            raise no_returns()
        refuse_empty(store, workspace, cycle, workspace.calendar.cadence("weekly").start_of(last), known)


@app.command("list", epilog="Example: compstat meeting list --cycle weekly")
def list_meetings(
    context: typer.Context,
    cycle: Annotated[str | None, typer.Option(help="Only this cycle's.", metavar="CYCLE")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List the meetings held, in the order of their closing."""
    from dataclasses import asdict

    from compstat.cli.text import print_json, print_table

    session = session_of(context)
    tracker = tracker_of(session)
    wanted = tracker.workspace.cycle(cycle).cycle if cycle else None
    held = [row for row in tracker.meetings(known_at(as_of)) if wanted is None or row.cycle == wanted]
    if as_json:
        print_json([asdict(row) for row in held])
    elif held:
        rows = [(row.week, row.cycle, f"{row.at:%Y-%m-%d %H:%M}", row.by, str(len(row.carried))) for row in held]
        print_table(("week", "cycle", "closed (UTC)", "by", "carried"), rows, right=(4,))
    else:
        session.say("No meeting is on record. Close one with: compstat meeting close --week WEEK")
