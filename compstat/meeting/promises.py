"""Promises on their review week: scored from the figures against what would have come if nothing had been done.

`met`: reached, and beyond the 90% band of inaction. `within_chance`: reached, but the band reaches as far.
`missed`: not reached. `not_testable`: no fair comparison can be made, with the reason. The window is the one the
flag used (one period or the recent ones); both ends are read as known now, so that a restatement is no progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial

import numpy as np

from compstat.calendar import end_of
from compstat.meeting.briefing import PromiseScore
from compstat.meeting.days import with_plain_days
from compstat.rules.decision import LARGEST_P
from compstat.rules.history.count_history import BROKEN, LARGE, SHORT, SILENT
from compstat.rules.history.panel_history import History
from compstat.rules.history.persistence import read_earlier
from compstat.rules.nothing_done import block_levels, count_outlook, within_reach
from compstat.statistics.block_band import block_band
from compstat.store import Store
from compstat.tracker.action import Action, ActionState
from compstat.tracker.carry import period_of
from compstat.windows.panel import Panel, read_panel
from compstat.windows.scope import open_scope, put_cells
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace

ROUNDING = 1e-9  # a promise kept to the digit is kept, whatever binary fractions make of it


@dataclass(frozen=True, slots=True)
class _Then:
    """What stood there when the action was agreed: the window's length in periods, its figure, the band of inaction."""

    periods: int
    start: float
    low: float
    high: float


def score_promises(
    store: Store, workspace: Workspace, cycle: Cycle, actions: Iterable[Action], week: date, known: datetime
) -> tuple[PromiseScore, ...]:
    """The score of every promise reviewed in this week's period, and of open ones reviewed before without a score.

    The store's table `scope` is another afterwards.
    """
    weekly, cadence = workspace.calendar.cadence("weekly"), workspace.calendar.cadence(cycle.cadence)
    current = workspace.calendar.windows(cadence, end_of(weekly, week)).week.first
    history = _histories(store, workspace, cycle, known)
    scores = []
    for action in actions:
        code, review = action.promise.indicator, _review(workspace, cycle, action)
        if code is None or review is None or not _is_due(action, review, current):
            continue
        agreed = history(code, period_of(workspace, cycle, action.raised_week))
        scores.append(_score(agreed, history(code, review).panel, action))
    return tuple(scores)


def promise_windows(
    store: Store, workspace: Workspace, cycle: Cycle, actions: Iterable[Action], known: datetime
) -> dict[str, str]:
    """Over which window each promise will be scored, action -> `period` or `recent`; without those that cannot be.

    The store's table `scope` is another afterwards.
    """
    history = _histories(store, workspace, cycle, known)
    windows = {}
    for action in actions:
        code = action.promise.indicator
        if code is None or _review(workspace, cycle, action) is None:
            continue
        agreed = history(code, period_of(workspace, cycle, action.raised_week))
        if window := _window(agreed, action):
            windows[action.action] = window
    return windows


def _histories(store: Store, workspace: Workspace, cycle: Cycle, known: datetime) -> Callable[[str, date], History]:
    """What was known of an indicator in a period of the cycle, read once for each two."""
    weekly, cadence = workspace.calendar.cadence("weekly"), workspace.calendar.cadence(cycle.cadence)

    @cache
    def history(indicator: str, period: date) -> History:
        scope = open_scope(store, workspace, cycle, weekly.start_of(end_of(cadence, period)), known)
        its_own, its_cadence = scope.of_indicators({indicator}), workspace.cadence_of(indicator)
        put_cells(store, its_own)
        panel = read_panel(store, its_own, its_cadence)
        return History(panel, workspace.rules.decision, earlier=partial(read_earlier, store, scope, its_cadence))

    return history


def _window(agreed: History, action: Action) -> str:
    """Over which window the promise will be scored; "" where it cannot be."""
    assert action.promise.indicator is not None
    here = agreed.panel.at_unit(action.promise.indicator, action.unit)
    then = _then(agreed, int(here[0]), rises=action.promise.direction == "up") if here.size else ""
    return "" if isinstance(then, str) else _name(then)


def _name(then: _Then) -> str:
    return "recent" if then.periods > 1 else "period"


def _review(workspace: Workspace, cycle: Cycle, action: Action) -> date | None:
    week = action.promise.review_week
    return period_of(workspace, cycle, week) if week and action.promise.size is not None else None


def _is_due(action: Action, review: date, current: date) -> bool:
    if action.state is ActionState.DROPPED:
        return False
    return review == current or (review < current and action.is_open and action.score is None)


def _score(history: History, review: Panel, action: Action) -> PromiseScore:
    """The score of one promise; `history`: when it was agreed, `review`: on its review week."""
    promise = action.promise
    assert promise.indicator is not None and promise.size is not None
    blank = PromiseScore(action.action, action.unit, promise.indicator, "not_testable")
    here, there = (panel.at_unit(promise.indicator, action.unit) for panel in (history.panel, review))
    if not here.size or not there.size:
        return replace(blank, reason="no figure of this unit when it was agreed, or none now")
    then = _then(history, int(here[0]), rises=promise.direction == "up")
    if isinstance(then, str):
        return replace(blank, reason=with_plain_days(then))
    found, reason = _found(history.panel, review, int(there[0]), then.periods)
    blank = replace(blank, window=_name(then), start=then.start, low=then.low, high=then.high)
    sign = 1.0 if promise.direction == "up" else -1.0
    blank = replace(blank, promised=then.start + sign * promise.size)
    if reason:
        return replace(blank, reason=reason)
    return replace(blank, found=found, score=_came_out(sign, then, promise.size, found))


def _came_out(sign: float, then: _Then, size: float, found: float) -> str:
    if (found - then.start) * sign < size - ROUNDING:
        return "missed"
    beyond = found > then.high if sign > 0 else found < then.low
    return "met" if beyond else "within_chance"


def _then(history: History, place: int, *, rises: bool) -> _Then | str:
    """What stood there, or why it cannot be said. rises: the promise is a rise, so it was a fall that was flagged."""
    if not history.panel.is_count[place]:
        return _block_then(history.panel, place)
    counts = history.counts
    at = int(np.searchsorted(counts.row, place))
    if counts.why[at] == LARGE:
        return _block_then(history.panel, place)
    if counts.why[at] in {SILENT, BROKEN, SHORT}:
        return f"when it was agreed: {counts.untested(at)}"
    fell = np.full(len(counts.row), rises)
    by_one = counts.leading(fell)[at] and counts.p(fell)[at] <= LARGEST_P
    test, periods = (counts.one, 1) if by_one else (counts.recent, history.panel.cadence.recent)
    if test.length[at] < periods:
        return f"{test.length[at]:.0f} of {periods} returns when it was agreed"
    band, _ = count_outlook(history, at, test)
    assert band is not None, "a whole window with a history has an expectation"
    return _Then(periods, float(test.count[at]), *band)


def _block_then(panel: Panel, place: int) -> _Then | str:
    recent = panel.cadence.recent
    levels = block_levels(panel, place, panel.cadence.year // recent + 1, recent)
    start = float(levels[-1])
    band = block_band(levels[:-1], start)
    if np.isnan(start):
        return "returns are missing when it was agreed"
    if band is None:
        return "too few whole periods of history when it was agreed"
    return _Then(recent, start, *within_reach(panel, place, band))


def _found(agreed: Panel, review: Panel, place: int, periods: int) -> tuple[float, str]:
    """The figure of the review window; or NaN and why there is none to compare."""
    first = review.starts[-periods]
    if first <= agreed.current:
        return np.nan, "its review window is not wholly after the one it was agreed on"
    broken = review.breaks.get(place)
    if broken and broken > agreed.starts[-periods]:
        return np.nan, with_plain_days(f"the definition or boundary changed on {broken}")
    if np.isnan(review.amount[place, -periods:]).any():
        return np.nan, "returns are missing in the review window"
    if periods > 1:
        return float(block_levels(review, place, 1, review.cadence.recent)[0]), ""
    return float(review.value[place, -1]), ""
