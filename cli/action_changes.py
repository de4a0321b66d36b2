"""The commands of `compstat action` that put something on record: one command, one event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import session_of
from compstat.cli.tracking import AsJson, At, Code, day_typed, known_at, tracker_of
from compstat.findings import Finding, UsageError
from compstat.tracker.action import ActionState

if TYPE_CHECKING:
    from compstat.tracker.action import Action
    from compstat.tracker.tracker import Tracker
    from compstat.workspace.tables import Person

Note = Annotated[str, typer.Option(help="What is known, tried or found.", metavar="WORDS")]
Reason = Annotated[str, typer.Option(help="Why; it stays on record.", metavar="WORDS")]


app = typer.Typer(add_completion=False)
EXAMPLE = "Example: compstat action "


@app.command(
    "add",
    epilog=f'{EXAMPLE}add --unit harbour --what "Two patrols" --due 2026-12-03 '
    "--indicator burglary --direction down --by-how-much 12 --review-week 2026-W50",
)
def add(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help="Whose action it is.", metavar="UNIT")],
    what: Annotated[str, typer.Option(help="What is to be done.", metavar="WORDS")],
    due: Annotated[str, typer.Option(help="By when. This first date stays on record.", metavar="DATE")],
    owner: Annotated[
        str | None, typer.Option(help="Who answers for it. Left out: the unit's commander.", metavar="PERSON")
    ] = None,
    cycle: Annotated[str | None, typer.Option(help="Left out: the first cycle.", metavar="CYCLE")] = None,
    flag: Annotated[str | None, typer.Option(help="The flag it answers: F-...", metavar="FLAG")] = None,
    indicator: Annotated[str | None, typer.Option(help="What will move.", metavar="INDICATOR")] = None,
    direction: Annotated[str | None, typer.Option(help="down or up.", metavar="WAY")] = None,
    by_how_much: Annotated[
        float | None, typer.Option(help="By how many events, or points of a percentage.", metavar="NUMBER")
    ] = None,
    review_week: Annotated[str | None, typer.Option(help="When the promise is scored.", metavar="WEEK")] = None,
    no_measure: Annotated[str | None, typer.Option(help="Why no indicator can show it.", metavar="REASON")] = None,
    raised_week: Annotated[
        str | None, typer.Option(help="The meeting's week. Left out: the last full one.", metavar="WEEK")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Raise an action: an owner, a date, and a promise that the figures can show."""
    from compstat.cli.names import indicator_code, unit_code
    from compstat.tracker.action import Promise
    from compstat.tracker.agreement import NewAction
    from compstat.tracker.carry import last_period, period_label

    tracker, person = _acting(context)
    workspace = tracker.workspace
    unit = unit_code(workspace, unit)
    indicator = indicator and indicator_code(workspace, indicator)
    meeting, when = workspace.cycle(cycle), known_at(at) or datetime.now(UTC)
    day = day_typed("--due", due)
    assert day is not None, "the option is required"
    review = period_label(workspace, meeting, review_week) if review_week else None
    new = NewAction(
        cycle=meeting.cycle,
        unit=unit,
        owner=owner or _commander(tracker, unit, when),
        what=what,
        due=day,
        raised_week=period_label(workspace, meeting, raised_week)
        if raised_week
        else last_period(workspace, meeting, when.date()),
        promise=Promise(indicator, direction, by_how_much, review, no_measure),
        flag=flag,
    )
    _report(tracker.add(new, person, known_at(at)), "raised", as_json)


@app.command("update", epilog=f'{EXAMPLE}update A-0006 --note "First patrol out" --state in_progress')
def update(
    context: typer.Context,
    code: Code,
    note: Note = "",
    state: Annotated[ActionState | None, typer.Option(help="The step it has reached.")] = None,
    due: Annotated[str | None, typer.Option(help="Another date; a later one counts as a slip.", metavar="DATE")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Put a note, a step or another date on record, all in one entry."""
    tracker, person = _acting(context)
    day = day_typed("--due", due)
    changed = tracker.update(code, person, note=note, state=state, due=day, at=known_at(at))
    _report(changed, "updated", as_json)


@app.command("claim", epilog=f'{EXAMPLE}claim A-0006 --note "Four weeks below the limit"')
def claim(
    context: typer.Context,
    code: Code,
    note: Annotated[str, typer.Option(help="What shows that it worked; it is wanted.", metavar="WORDS")] = "",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Say that it is done, and what shows it; a challenger or an analyst then verifies it."""
    tracker, person = _acting(context)
    _report(tracker.claim(code, note, person, known_at(at)), "claimed", as_json)


@app.command("verify", epilog=f'{EXAMPLE}verify A-0001 --note "Seen in the figures of W46 to W49"')
def verify(context: typer.Context, code: Code, note: Note = "", at: At = None, as_json: AsJson = False) -> None:
    """Close an action whose change was seen in the data. For challengers and analysts."""
    tracker, person = _acting(context)
    _report(tracker.verify(code, note, person, known_at(at)), "verified and closed", as_json)


@app.command("drop", epilog=f'{EXAMPLE}drop A-0003 --reason "Replaced by A-0006"')
def drop(context: typer.Context, code: Code, reason: Reason, at: At = None, as_json: AsJson = False) -> None:
    """Close an action without its end, for a reason. For challengers and analysts."""
    tracker, person = _acting(context)
    _report(tracker.drop(code, reason, person, known_at(at)), "dropped and closed", as_json)


@app.command("reassign", epilog=f'{EXAMPLE}reassign A-0005 --to t.marlowe --reason "New commander"')
def reassign(
    context: typer.Context,
    code: Code,
    to: Annotated[str, typer.Option(help="Who answers for it from now on.", metavar="PERSON")],
    reason: Reason,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Give an action to another person, for a reason. For challengers and analysts."""
    tracker, person = _acting(context)
    _report(tracker.reassign(code, to, reason, person, known_at(at)), f"given to {to}", as_json)


def _acting(context: typer.Context) -> tuple[Tracker, Person]:
    from compstat.tracker.identity import who_acts

    tracker = tracker_of(session_of(context))
    return tracker, who_acts(tracker.workspace)


def _commander(tracker: Tracker, unit: str, when: datetime) -> str:
    commander = tracker.workspace.unit(unit, when.date()).commander
    if commander is None:
        message = f"unit {unit} has no commander in units.csv"
        raise UsageError(Finding("no-owner", "", message, "Name somebody with --owner PERSON."))
    return commander


def _report(action: Action, done: str, as_json: bool) -> None:
    from compstat.cli.action_text import as_public
    from compstat.cli.text import print_json, printable

    if as_json:
        print_json(as_public(action))
    else:
        print(printable(f"{action.action} {done}: {action.what}".replace("\n", " ")))
