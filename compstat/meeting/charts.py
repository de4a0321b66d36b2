"""What a small chart of one cell shows, taken from the same limits and tests as its flags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from compstat.meeting.briefing import ChartSeries
from compstat.meeting.figures import decimals_of
from compstat.meeting.flag_windows import marked_periods
from compstat.rules.families.special_cause import SPARSE_MEAN
from compstat.rules.flag import Flag, Outcome
from compstat.rules.history.panel_history import History
from compstat.statistics.predictive import Expectation, smallest_count_with
from compstat.statistics.special_cause import judge
from compstat.windows.panel import Floats
from compstat.workspace.tables import Indicator

SPARSE_LIMIT_P = 0.01  # a week above the limit drawn for sparse counts comes about once in a hundred
TOO_FEW_EVENTS = "no limit: hardly any events a year"
TOO_SHORT = "no limit: too short a history"


def cell_chart(
    history: History, place: int, flags: Sequence[Flag], target: float | None, floor: float | None = None
) -> ChartSeries:
    """The chart of the cell at this place of the panel."""
    panel, values = history.panel, history.segment[place]
    starts = panel.starts[-len(values) :]
    mean, lower, upper = (
        float(part[place]) for part in (history.limits.mean, history.limits.lower, history.limits.upper)
    )
    predictive, no_limit = None, ""
    if panel.is_count[place] and not mean >= SPARSE_MEAN:
        predictive, no_limit = _sparse_limit(history, place)
        mean = lower = upper = float("nan")
    indicator = panel.indicators[place]
    return ChartSeries(
        starts=starts,
        values=_plain(panel.value[place, -len(values) :]),
        marks=_marks(len(values), panel.cadence.recent, flags),
        mean=_known(mean),
        lower=_known(max(lower, 0.0) if indicator.non_negative else lower),
        upper=_known(upper),
        predictive_upper=predictive,
        target=target,
        is_count=bool(panel.is_count[place]),
        decimals=decimals_of(indicator),
        notes=_notes(history, place, starts),
        floor=floor,
        limits_from=_first_seen(values),
        no_limit=no_limit,
    )


def total_chart(history: History, places: Sequence[int], target: float | None) -> ChartSeries:
    """The chart of a total over units; a period that lacks one unit's return is a gap."""
    panel = history.panel
    indicator = panel.indicators[places[0]]
    amount = panel.amount[list(places)].sum(axis=0)
    if indicator.is_ratio:
        with np.errstate(invalid="ignore", divide="ignore"):
            amount = amount / panel.volume[list(places)].sum(axis=0) * indicator.scale
    elif indicator.roll_up == "mean":
        amount = amount / len(places)
    values = amount[-history.segment.shape[1] :]
    limits = judge(values[np.newaxis, :])
    mean, lower, upper = (float(part[0]) for part in (limits.mean, limits.lower, limits.upper))
    outside = "above" if values[-1] > upper else "below" if values[-1] < lower else ""
    return ChartSeries(
        starts=panel.starts[-len(values) :],
        values=_plain(values),
        marks=(*(None,) * (len(values) - 1), _mark_of_total(indicator, outside)),
        mean=_known(mean),
        lower=_known(max(lower, 0.0) if indicator.non_negative else lower),
        upper=_known(upper),
        predictive_upper=None,
        target=target,
        is_count=bool(panel.is_count[places[0]]),
        decimals=decimals_of(indicator),
        notes=_breaks(history, places[0], panel.starts[-len(values) :]),
        limits_from=_first_seen(values),
        remark=f"newest {outside} the limits" if outside else "",
        missing=_came_in(panel.amount[list(places), -1]),
    )


def _mark_of_total(indicator: Indicator, outside: str) -> str | None:
    """A total is not flagged: beyond its limits on the wrong side it is a point to watch."""
    if not outside or indicator.better == "neutral":
        return None
    return "improvement" if (outside == "above") == (indicator.better == "higher") else "watch"


def _came_in(newest: Floats) -> str:
    """`11 of 12 in`: why a total has no newest point."""
    return f"{np.count_nonzero(~np.isnan(newest))} of {len(newest)} in"


def _breaks(history: History, place: int, starts: Sequence[date]) -> tuple[tuple[date, str], ...]:
    """Breaks of every unit, for a total."""
    panel = history.panel
    indicator, level = panel.indicators[place].indicator, panel.scope.levels[panel.units[place]]
    return tuple(
        (row.start, f"{row.kind} changed")
        for row in panel.scope.workspace.breaks
        if row.indicator == indicator and row.unit in {"*", level} and starts[0] < row.start <= starts[-1]
    )


def _first_seen(values: Floats) -> int:
    """Where limits begin: after a break or rebase, and never before the first return."""
    seen = np.flatnonzero(~np.isnan(values))
    return int(seen[0]) if seen.size else 0


def _sparse_limit(history: History, place: int) -> tuple[float | None, str]:
    """The largest count that chance gives but once in a hundred weeks; or why there is none."""
    at = int(np.searchsorted(history.counts.row, place))
    found = history.counts.one.expectation
    limit = smallest_count_with(
        SPARSE_LIMIT_P, Expectation(found.mean[at : at + 1], found.variance_factor[at : at + 1])
    )
    if not np.isfinite(limit[0]):
        return None, TOO_SHORT
    return (float(limit[0]) - 1, "") if limit[0] > 1 else (None, TOO_FEW_EVENTS)


def _marks(length: int, recent: int, flags: Sequence[Flag]) -> tuple[str | None, ...]:
    """The periods that a flag is about: the recent window, or the newest one; none for a year or a slow drift."""
    marks: list[str | None] = [None] * length
    words = {Outcome.CONCERN: "concern", Outcome.COMMEND: "improvement", Outcome.WATCH: "watch"}
    for flag in flags:
        for back in range(1, min(marked_periods(flag, recent), length) + 1):
            marks[-back] = marks[-back] or words.get(flag.outcome)
    return tuple(marks)


def _notes(history: History, place: int, starts: Sequence[date]) -> tuple[tuple[date, str], ...]:
    """Dated words: rebases, new commanders, breaks; those within the chart."""
    panel = history.panel
    workspace, unit = panel.scope.workspace, panel.units[place]
    indicator = panel.indicators[place].indicator
    notes = [
        (row.week_start, "rebased") for row in workspace.rebases if row.unit == unit and row.indicator == indicator
    ]
    notes += [
        (row.start, f"{row.kind} changed")
        for row in workspace.breaks
        if row.indicator == indicator and row.unit in {unit, panel.scope.levels[unit], "*"}
    ]
    rows = sorted((row for row in workspace.units if row.unit == unit), key=lambda row: row.valid_from or date.min)
    notes += [
        (later.valid_from, "new commander")
        for earlier, later in pairwise(rows)
        if later.valid_from and later.commander != earlier.commander
    ]
    return tuple(sorted(note for note in notes if starts[0] < note[0] <= starts[-1]))


def _plain(values: Floats) -> tuple[float | None, ...]:
    return tuple(_known(float(value)) for value in values)


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
