"""Whether what is agreed can be: dates after the meeting, a direction that is better, a figure with room for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from compstat.calendar import WEEKDAYS, end_of
from compstat.findings import Finding, TrackerError, UsageError
from compstat.tracker.carry import period_of

if TYPE_CHECKING:
    from compstat.tracker.action import Action
    from compstat.tracker.agreement import NewAction
    from compstat.workspace.settings import Cycle
    from compstat.workspace.workspace import Workspace

BETTER_WAY = {"lower": "down", "higher": "up"}  # a neutral indicator may be promised either way
WHOLE_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class PresentFigure:
    """A unit's figure when an action is raised: of the newest return, and over the recent ones; in its own unit."""

    newest: float
    recent: float
    returns: int  # how many recent returns there are


def check_possible(workspace: Workspace, new: NewAction, at: datetime, figure: PresentFigure | None = None) -> None:
    """Raise TrackerError with everything that cannot be. figure: None where it is not known; it then sets no bound."""
    findings = [*_dates(workspace, new, at), *_direction(workspace, new)]
    if figure and not findings:
        findings.extend(_size(workspace, new, figure))
    if findings:
        raise TrackerError(findings)


def check_due(workspace: Workspace, action: Action, due: date) -> None:
    """Raise TrackerError for another date that lies before the action was raised."""
    try:
        first = first_due_day(workspace, workspace.cycle(action.cycle), action.raised_week, action.raised_at)
    except UsageError:  # the cycle is no longer in compstat.toml; its actions are worked on all the same
        first = action.raised_at.date()
    if due < first:
        message = f"--due {due} lies before the action was raised ({first}, about {action.raised_week})"
        raise TrackerError(Finding("before-the-meeting", action.action, message, "Give a later date."))


def first_due_day(workspace: Workspace, cycle: Cycle, raised_week: str, at: datetime) -> date:
    """The first day that an action can be due: the meeting's, or the day it was written down, if that was earlier.

    Never a day of the period that the meeting is about.
    """
    last = end_of(workspace.calendar.cadence(cycle.cadence), period_of(workspace, cycle, raised_week))
    meeting = last + timedelta(days=(WEEKDAYS.index(cycle.meets_on) - last.weekday() - 1) % 7 + 1)
    return min(meeting, max(at.date(), last + timedelta(days=1)))


def _dates(workspace: Workspace, new: NewAction, at: datetime) -> Iterator[Finding]:
    cycle = workspace.cycle(new.cycle)
    first = first_due_day(workspace, cycle, new.raised_week, at)
    if new.due < first:
        message = f"{new.due} lies before the meeting that raises it ({first}, about {new.raised_week})"
        fix = "Give a later date, or say which meeting it was: --raised-week WEEK."
        yield Finding("before-the-meeting", "--due", message, fix)
    review = new.promise.review_week
    if review and period_of(workspace, cycle, review) <= period_of(workspace, cycle, new.raised_week):
        message = f"{review} is not after {new.raised_week}, which the meeting that raises it is about"
        fix = "Give a later week, whose figures can show what was done; or the meeting's week: --raised-week WEEK."
        yield Finding("before-the-meeting", "--review-week", message, fix)


def _direction(workspace: Workspace, new: NewAction) -> Iterator[Finding]:
    if new.promise.indicator is None:
        return
    indicator = workspace.indicator(new.promise.indicator)
    wanted = BETTER_WAY.get(indicator.better)
    if wanted and new.promise.direction != wanted:
        message = f"{new.promise.direction} is for the worse: of {indicator.indicator}, {indicator.better} is better"
        yield Finding("wrong-direction", "--direction", message, f"Give {wanted}, or mend better in indicators.csv.")


def _size(workspace: Workspace, new: NewAction, figure: PresentFigure) -> Iterator[Finding]:
    """A fall to below nothing, or a rise to above the whole: of the figure that leaves the most room."""
    promise = new.promise
    if promise.indicator is None or promise.size is None:
        return
    indicator = workspace.indicator(promise.indicator)
    lowest, highest = sorted((figure.newest, figure.recent))
    if promise.direction == "down" and indicator.non_negative:
        present, room, limit = highest, highest, 0.0
    elif promise.direction == "up" and indicator.unit_of_measure == "percent":
        present, room, limit = lowest, WHOLE_PERCENT - lowest, WHOLE_PERCENT
    else:
        return
    if promise.size > room:
        over = f"over its last {figure.returns} returns" if present == figure.recent else "in its newest return"
        message = (
            f"{promise.size:g} is more than there is: {indicator.indicator} of {new.unit} is {present:g} {over}, "
            f"and cannot pass {limit:g}"
        )
        yield Finding("beyond-the-figure", "--by-how-much", message, f"Give at most {room:g}.")
