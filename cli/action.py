"""`compstat action`: what was agreed, who does it, where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.action_changes import add_changes
from compstat.cli.session import Session, session_of
from compstat.cli.tracking import AsJson, AsOf, Code, On, chosen_day, known_at, tracker_of

if TYPE_CHECKING:
    from datetime import date

    from compstat.tracker.action import Action
    from compstat.tracker.tracker import Tracker

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.callback()
def action() -> None:
    """Actions agreed in meetings: list them, work on them, close them. They are carried until closed."""


@app.command("list", epilog="Example: compstat action list --unit harbour --overdue --on 2026-11-19")
def list_actions(
    context: typer.Context,
    unit: Annotated[str | None, typer.Option(help="Only this unit's.", metavar="UNIT")] = None,
    owner: Annotated[str | None, typer.Option(help="Only this person's.", metavar="PERSON")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those past their date.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Everyone's, closed ones too.")] = False,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List open actions, most carried first: a commander's own, everybody's for all others."""
    from compstat.cli.action_text import as_public, print_actions
    from compstat.cli.text import print_json

    session = session_of(context)
    tracker = tracker_of(session)
    rows = tracker.actions_as_of(known_at(as_of))
    if not everything:
        rows = tuple(row for row in rows if row.is_open)
    if unit is not None:
        code = tracker.workspace.unit(unit).unit
        rows = tuple(row for row in rows if row.unit == code)
    if owner is not None:
        rows = tuple(row for row in rows if row.owner == owner)
    if not everything and unit is None and owner is None:
        rows = _own(session, tracker, rows)
    day = chosen_day(on)
    if overdue:
        counted_from = day or _counting_day(session, tracker)
        rows = tuple(row for row in rows if counted_from is not None and row.is_overdue(counted_from))
    if as_json:
        print_json([as_public(row) for row in rows])
    elif rows:
        print_actions(rows, day)
    else:
        session.say("No actions to show. All of them: compstat action list --all")


@app.command("show", epilog="Example: compstat action show A-0007 --on 2026-11-19")
def show_action(
    context: typer.Context, code: Code, on: On = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Show one action: what was promised, where it stands, everything that was put on record."""
    from compstat.cli.action_text import as_public_in_full, print_action
    from compstat.cli.text import print_json

    tracker = tracker_of(session_of(context))
    moment = known_at(as_of)
    shown = tracker.action(code, moment)
    if as_json:
        print_json(as_public_in_full(shown))
    else:
        print_action(shown, tracker.events(shown.action, moment), chosen_day(on))


@app.command("log", epilog="Example: compstat action log A-0007 --verify")
def log_events(
    context: typer.Context,
    code: Annotated[str | None, typer.Argument(help="One action's events only.", show_default=False)] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Prove that no event was altered, added or taken out.")
    ] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List the events: who did what, when and why. Nothing in this list is ever changed or deleted."""
    from compstat.cli.action_text import event_as_public, print_events
    from compstat.cli.text import print_json
    from compstat.findings import TrackerError
    from compstat.tracker.event import verify_chain

    session = session_of(context)
    tracker = tracker_of(session)
    if verify:
        chain = tracker.events()
        damage = verify_chain(chain)
        if damage:
            raise TrackerError(damage)
        last = f"; the last hash is {chain[-1].hash}" if chain else ""
        session.say(f"{len(chain)} events, the chain is whole{last}")
    events = tracker.events(code, known_at(as_of))
    if as_json:
        print_json([event_as_public(event) for event in events])
    elif events:
        print_events(events)


@app.command("export", epilog="Example: compstat action export actions.csv")
def export_actions(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="The CSV file to write.")]
) -> None:
    """Write every action to a CSV file for a spreadsheet, in the columns that import reads.

    A cell that starts with = + - @ or a tab gets an apostrophe in front, so that no spreadsheet runs it as a
    formula; import takes it off again. The file holds the last note only: the whole record is in action log.
    """
    from compstat.cli.text import printable
    from compstat.tracker.sheet import write_actions

    rows = write_actions(file, tracker_of(session_of(context)).actions_as_of())
    print(printable(f"{rows} actions written to {file}"))


@app.command("import", epilog="Example: compstat action import actions.csv")
def import_actions(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A CSV file as export writes it.")]
) -> None:
    """Put actions from before on record, with their own times: all of the file or nothing.

    The same file twice changes nothing. Only an analyst or a challenger may import.
    """
    from compstat.cli.text import printable
    from compstat.tracker.history import replay
    from compstat.tracker.identity import who_acts
    from compstat.tracker.rights import check_decides

    tracker = tracker_of(session_of(context))
    person = who_acts(tracker.workspace)
    check_decides(person, "import actions")
    added = replay(tracker, file, person.person)
    print(printable(f"{added} actions put on record from {file}"))


def _own(session: Session, tracker: Tracker, rows: tuple[Action, ...]) -> tuple[Action, ...]:
    """A commander's own unit's actions; everybody else's list is the whole one."""
    from compstat.tracker.identity import known_person
    from compstat.tracker.rights import units_commanded

    person = known_person(tracker.workspace)
    if person is None or person.role != "commander":
        return rows
    units = units_commanded(tracker.workspace, person)
    session.say(f"Actions of {', '.join(sorted(units)) or 'no unit'}; everybody's with --all")
    return tuple(row for row in rows if row.unit in units)


def _counting_day(session: Session, tracker: Tracker) -> date | None:
    """The day of the newest event: no clock decides what a program is told."""
    last = max((event.at.date() for event in tracker.events()), default=None)
    session.say(
        f"Overdue as of {last}, the day of the last entry; another day with --on DATE" if last else ""
    )
    return last


add_changes(app)
