"""`compstat action add`: what a meeting agrees on, held against the workspace and its figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.action_changes import acting, report
from compstat.cli.session import Session, session_of
from compstat.cli.tracking import AsJson, At, day_typed, known_at
from compstat.findings import Finding, StoreBusyError, TrackerError, UsageError

if TYPE_CHECKING:
    from compstat.tracker.agreement import NewAction
    from compstat.tracker.possible import PresentFigure
    from compstat.tracker.tracker import Tracker
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)


@app.command(
    "add",
    epilog='Example: compstat action add --unit harbour --what "Two patrols" --due 2026-12-03 --raised-week 2026-W46 '
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
    """Raise an action: an owner, a date, and a promise that the figures can show.

    Dates before the meeting, a direction for the worse and more than there is to promise are refused.
    """
    from compstat.cli.names import flag_code, indicator_code, unit_code
    from compstat.tracker.action import Promise
    from compstat.tracker.agreement import NewAction
    from compstat.tracker.carry import last_period, period_label

    tracker, person = acting(context)
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
        flag=flag and flag_code(flag),
    )
    if new.flag:
        _refuse_unknown_flag(workspace, new.flag, flag or "", unit)
    figure = _present_figure(session_of(context), new, known_at(at))
    report(tracker.add(new, person, known_at(at), figure), "raised", as_json)


def _commander(tracker: Tracker, unit: str, when: datetime) -> str:
    commander = tracker.workspace.unit(unit, when.date()).commander
    if commander is None:
        message = f"unit {unit} has no commander in units.csv"
        raise UsageError(Finding("no-owner", "", message, "Name somebody with --owner PERSON."))
    return commander


def _refuse_unknown_flag(workspace: Workspace, flag: str, typed: str, unit: str) -> None:
    """Raise TrackerError for what is no flag's code.

    A code is made of unit, indicator and rule and of no date, so those of every week, past ones too, are known
    without judging a single one. The unit's own come first: most flags are answered by the unit that has them.
    """
    from compstat.rules.flag import flag_code
    from compstat.rules.own.own_rules import own_rules

    rules = [rule.rule for rule in workspace.rules.rule] + [rule.rule for rule in own_rules(workspace)]
    units = dict.fromkeys((unit, *(row.unit for row in workspace.units)))
    cells = ((name, row.indicator) for name in units for row in workspace.indicators)
    if not any(flag == flag_code(name, indicator, rule) for name, indicator in cells for rule in rules):
        message = f'"{typed}" is the code of no flag: no rule gives it to any unit and indicator'
        raise TrackerError(Finding("bad-flag", "--flag", message, "Copy it from the pack or from: compstat flags"))


def _present_figure(session: Session, new: NewAction, as_of: datetime | None) -> PresentFigure | None:
    """What the promise starts from, in the week of the meeting or the newest before it; None where it is not known."""
    from compstat.calendar import end_of
    from compstat.cli.moments import week_start
    from compstat.store import open_store
    from compstat.tracker.carry import period_of
    from compstat.tracker.present_figure import present_figure
    from compstat.windows.scope import known_at as newest

    workspace, indicator = session.workspace, new.promise.indicator
    if indicator is None:
        return None
    cycle = workspace.cycle(new.cycle)
    last = end_of(workspace.calendar.cadence(cycle.cadence), period_of(workspace, cycle, new.raised_week))
    week: date = workspace.calendar.cadence("weekly").start_of(last)
    try:
        with open_store(workspace.store_path, read_only=True) as store:
            known = newest(store, as_of)
            if known is None:
                return None
            week = min(week, week_start(workspace, "latest", store, new.cycle, as_of))
            return present_figure(store, workspace, cycle, new.unit, indicator, week, known)
    except StoreBusyError:
        session.say("The store is in use elsewhere: how much is promised was not held against the present figure.")
        return None
