"""The commands of `compstat action` that put something on record: one command, one event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import session_of
from compstat.cli.tracking import AsJson, At, Code, day_typed, known_at, tracker_of
from compstat.tracker.action import ActionState

if TYPE_CHECKING:
    from compstat.tracker.action import Action
    from compstat.tracker.tracker import Tracker
    from compstat.workspace.tables import Person

Note = Annotated[str, typer.Option(help="What is known, tried or found.", metavar="WORDS")]
Reason = Annotated[str, typer.Option(help="Why; it stays on record.", metavar="WORDS")]


app = typer.Typer(add_completion=False)
EXAMPLE = "Example: compstat action "


@app.command("update", epilog=f'{EXAMPLE}update A-0006 --note "First patrol out" --state in_progress')
def update(
    context: typer.Context,
    code: Code,
    note: Note = "",
    state: Annotated[ActionState | None, typer.Option(help="The step it has reached.")] = None,
    due: Annotated[
        str | None, typer.Option(help="Another date: it wants a --note; a later one is a slip.", metavar="DATE")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Put a note, a step or another date on record, all in one entry."""
    tracker, person = acting(context)
    day = day_typed("--due", due)
    changed = tracker.update(code, person, note=note, state=state, due=day, at=known_at(at))
    report(changed, "updated", as_json)


@app.command("claim", epilog=f'{EXAMPLE}claim A-0006 --note "Four weeks below the limit"')
def claim(
    context: typer.Context,
    code: Code,
    note: Annotated[str, typer.Option(help="What shows that it worked; it is wanted.", metavar="WORDS")] = "",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Say that it is done, and what shows it; a challenger or an analyst then verifies it."""
    tracker, person = acting(context)
    report(tracker.claim(code, note, person, known_at(at)), "claimed", as_json)


@app.command("verify", epilog=f'{EXAMPLE}verify A-0001 --note "Damage stayed down in W43 to W46"')
def verify(
    context: typer.Context,
    code: Code,
    note: Annotated[str, typer.Option(help="What was seen in the figures; it is wanted.", metavar="WORDS")] = "",
    reason: Annotated[
        str,
        typer.Option(help="Why it is closed all the same: wanted where the promise has no score.", metavar="WORDS"),
    ] = "",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Close an action whose change was seen in the data; its score goes on record. For challengers and analysts."""
    from compstat.cli.action_scoring import score_from_figures, score_in_words
    from compstat.cli.text import printable

    tracker, person = acting(context)
    when = known_at(at)
    scored = score_from_figures(tracker.workspace, tracker.action(code), when)
    score = scored.score if scored else None
    action = tracker.verify(code, note, person, when, reason=reason, score=score)
    report(action, "verified and closed", as_json)
    if not as_json:
        print(printable(f"  score: {score_in_words(action, scored)}"))


@app.command("drop", epilog=f'{EXAMPLE}drop A-0003 --reason "Replaced by A-0006"')
def drop(context: typer.Context, code: Code, reason: Reason, at: At = None, as_json: AsJson = False) -> None:
    """Close an action without its end, for a reason. For challengers and analysts."""
    tracker, person = acting(context)
    report(tracker.drop(code, reason, person, known_at(at)), "dropped and closed", as_json)


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
    tracker, person = acting(context)
    report(tracker.reassign(code, to, reason, person, known_at(at)), f"given to {to}", as_json)


def acting(context: typer.Context) -> tuple[Tracker, Person]:
    """The tracker, and who acts. Raises PermissionRefusedError where that is not known."""
    from compstat.tracker.identity import who_acts

    tracker = tracker_of(session_of(context))
    return tracker, who_acts(tracker.workspace)


def report(action: Action, done: str, as_json: bool) -> None:
    """Say what was done to an action, or print its fields for programs."""
    from compstat.cli.action_text import as_public
    from compstat.cli.text import print_json, printable

    if as_json:
        print_json(as_public(action))
    else:
        print(printable(f"{action.action} {done}: {action.what}".replace("\n", " ")))
