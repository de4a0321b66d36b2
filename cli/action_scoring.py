"""`compstat action score`: how the promises of a week came out, from the figures, put on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from compstat.cli.flags import CycleOption, WeekOption
from compstat.cli.session import session_of
from compstat.cli.tracking import AsJson, At, known_at, tracker_of

if TYPE_CHECKING:
    from datetime import datetime

    from compstat.meeting.briefing import PromiseScore
    from compstat.tracker.action import Action
    from compstat.tracker.tracker import Tracker
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)


@app.command("score", epilog="Example: compstat action score --week 2026-W46")
def score(
    context: typer.Context,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Score the promises reviewed in a week against what would have come had nothing been done; the pack shows it.

    A score that is on record already is left as it is. For challengers and analysts.
    """
    from dataclasses import asdict

    from compstat.cli.text import print_json, printable
    from compstat.tracker.identity import who_acts

    tracker = tracker_of(session_of(context))
    person, when = who_acts(tracker.workspace), known_at(at)
    held = {action.action: action.score for action in tracker.actions_as_of()}
    scored = _scores(tracker, week, cycle)
    for one in scored:
        if held.get(one.action) != one.score:
            tracker.score(one.action, one.score, _note(one), person, when)
    if as_json:
        print_json([asdict(one) for one in scored])
    elif scored:
        print(printable("\n".join(f"{one.action} {one.score.replace('_', ' ')}: {_note(one)}" for one in scored)))
    else:
        session_of(context).say("No promise is due for review in this week.")


def _scores(tracker: Tracker, week: str, cycle: str | None) -> tuple[PromiseScore, ...]:
    from compstat.cli.moments import no_returns, week_start
    from compstat.meeting.promises import score_promises
    from compstat.store import open_store
    from compstat.windows.scope import known_at as newest

    workspace = tracker.workspace
    chosen = workspace.cycle(cycle)
    with open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle)
        known = newest(store, None)
        if known is None:
            raise no_returns()
        ours = tracker.actions_as_of(cycle=chosen.cycle)
        return score_promises(store, workspace, chosen, ours, start, known)


def score_from_figures(workspace: Workspace, action: Action, as_of: datetime | None) -> PromiseScore | None:
    """How the promise came out, from the figures of its review week as known at a moment (None: now), as packs say.

    None without a measure, before the review week, while the store can say nothing, and where the action's cycle is
    no longer in compstat.toml.
    """
    from compstat.calendar import end_of
    from compstat.cli.moments import week_start
    from compstat.findings import UsageError
    from compstat.meeting.promises import score_promises
    from compstat.store import open_store
    from compstat.tracker.carry import period_of
    from compstat.windows.scope import known_at as newest

    review = action.promise.review_week
    if action.promise.indicator is None or review is None:
        return None
    try:
        cycle = workspace.cycle(action.cycle)
        last = end_of(workspace.calendar.cadence(cycle.cadence), period_of(workspace, cycle, review))
    except UsageError:
        return None
    week = workspace.calendar.cadence("weekly").start_of(last)
    with open_store(workspace.store_path, read_only=True) as store:
        known = newest(store, as_of)
        if known is None or week > week_start(workspace, "latest", store, action.cycle, as_of):
            return None
        return next(iter(score_promises(store, workspace, cycle, [action], week, known)), None)


def score_in_words(action: Action, scored: PromiseScore | None) -> str:
    """How the promise came out, with its figures where they are at hand; else that there is no score, and why."""
    promise = action.promise
    if scored:
        held = f"on record: {_plain(action.score)}" if action.score else "not on record yet"
        source = "" if action.score == scored.score else f" (from the figures; {held})"
        return f"{_plain(scored.score)}: {_note(scored)}{source}"
    if action.score:
        return _plain(action.score)
    return f"not scored yet; its review week is {promise.review_week}" if promise.indicator else "none: no measure"


def _plain(score: str) -> str:
    return score.replace("_", " ")


def _note(one: PromiseScore) -> str:
    """`from 49, promised 29, came 19; 10 to 38 if nothing had been done`, or why it cannot be said."""
    if one.reason:
        return one.reason
    figures = [f"{value:g}" for value in (one.start, one.promised, one.found, one.low, one.high) if value is not None]
    if len(figures) < 5:
        return "the figures are incomplete"
    start, promised, found, low, high = figures
    return f"from {start}, promised {promised}, came {found}; {low} to {high} if nothing had been done"
