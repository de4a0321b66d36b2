"""The commands of `compstat action` that read: quick to start, for anybody, on the log alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import Session, session_of
from compstat.cli.tracking import AsJson, AsOf, Code, On, chosen_day, known_at, record_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from compstat.meeting.briefing import PromiseScore
    from compstat.tracker.action import Action
    from compstat.tracker.record import Record

app = typer.Typer(add_completion=False)


@app.command("list", epilog="Example: compstat action list --unit harbour --overdue --on 2026-12-10")
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
    """List open actions, most carried first: of a commander's unit and their own, everybody's for all others."""
    from compstat.cli.action_text import as_public, print_actions
    from compstat.cli.text import print_json

    session = session_of(context)
    record = record_of(session)
    rows = record.actions_as_of(known_at(as_of))
    if not everything:
        rows = tuple(row for row in rows if row.is_open)
    if unit is not None:
        rows = tuple(row for row in rows if row.unit == unit) or _of_named(session, unit, rows)
    if owner is not None:
        rows = tuple(row for row in rows if row.owner == owner) or _of_owner(session, owner, rows)
    if not everything and unit is None and owner is None:
        rows = _own(session, rows)
    _say_who_is_unknown(session)
    day = chosen_day(on)
    if overdue:
        counted_from = day or _counting_day(session, record)
        rows = tuple(row for row in rows if counted_from is not None and row.is_overdue(counted_from))
    if as_json:
        print_json([as_public(row) for row in rows])
    elif rows:
        print_actions(rows, day)
    else:
        session.say("No actions to show. All of them: compstat action list --all")


@app.command("show", epilog="Example: compstat action show A-0002 --on 2026-11-19")
def show_action(context: typer.Context, code: Code, on: On = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show one action: what was promised, how it came out, where it stands, everything that was put on record."""
    from compstat.cli.action_text import as_public_in_full, print_action
    from compstat.cli.text import print_json

    session = session_of(context)
    record, moment = record_of(session), known_at(as_of)
    shown = record.action(code, moment)
    scored = _scored(session, shown, moment)
    if as_json:
        print_json(as_public_in_full(shown, scored))
    else:
        print_action(shown, record.events(shown.action, moment), chosen_day(on), scored)


@app.command("log", epilog="Example: compstat action log A-0002 --verify")
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
    record = record_of(session)
    if verify:
        chain = record.events()
        damage = verify_chain(chain)
        if damage:
            raise TrackerError(damage)
        last = f"; the last hash is {chain[-1].hash}" if chain else ""
        session.say(f"{len(chain)} events, the chain is whole{last}")
    events = record.events(code, known_at(as_of))
    if as_json:
        print_json([event_as_public(event) for event in events])
    elif events:
        print_events(events)


def _scored(session: Session, action: Action, as_of: datetime | None) -> PromiseScore | None:
    """What the pack says of the promise; the page of an action is shown as well where the figures cannot be read."""
    from compstat.findings import CompstatError

    if action.promise.indicator is None:
        return None
    from compstat.cli.action_scoring import score_from_figures

    try:
        return score_from_figures(session.workspace, action, as_of)
    except CompstatError as error:
        session.say(f"The promise was not held against the figures: {error.findings[0].message}")
        return None


def _own(session: Session, rows: tuple[Action, ...]) -> tuple[Action, ...]:
    """A commander's own unit's actions and those they own; everybody else's list is the whole one."""
    from compstat.tracker.readers import reader, units_of_reader
    from compstat.workspace.root import find_root

    root = find_root(session.chosen)
    units, person = units_of_reader(root), reader(root)
    if units is None:
        return rows
    session.say(f"Actions of {', '.join(sorted(units)) or 'no unit'} and those you own; everybody's with --all")
    return tuple(row for row in rows if row.unit in units or row.owner == person)


def _of_named(session: Session, words: str, rows: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions of a unit given by its name; none has its code. Raises UsageError when there is no such unit."""
    from compstat.cli.names import unit_code

    unit = unit_code(session.workspace, words)
    return tuple(row for row in rows if row.unit == unit)


def _of_owner(session: Session, words: str, rows: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions of a person given by name; none has the id. Raises UsageError when there is no such person."""
    from compstat.cli.names import person_code

    owner = person_code(session.workspace, words)
    return tuple(row for row in rows if row.owner == owner)


def _say_who_is_unknown(session: Session) -> None:
    """Reading needs no identity, but a mistyped one would first show when something is to be written."""
    from compstat.tracker.readers import unknown_reader
    from compstat.workspace.root import find_root

    if named := unknown_reader(find_root(session.chosen)):
        session.say(
            f'COMPSTAT_USER is "{named}", who is not in people.csv: everybody\'s list, and nothing can be written'
        )


def _counting_day(session: Session, record: Record) -> date | None:
    """The day of the newest event: no clock decides what a program is told."""
    last = max((event.at.date() for event in record.events()), default=None)
    if last:
        session.say(f"Overdue on {last}, the day of the newest entry; another day with --on DATE")
    return last
