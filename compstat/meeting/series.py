"""One series whole, judged as an XmR chart by the arithmetic of NHSRplotthedots: what `show series` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from compstat.calendar import Cadence, DaysCadence, end_of, periods_between
from compstat.findings import Finding, UsageError
from compstat.public_holidays import holiday_names
from compstat.statistics.xmr import XmrChart, chart
from compstat.store import Store
from compstat.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Series:
    """The chart of one cell, with the first day of each of its points and the target in force at the last.

    holidays: the public holidays in each period's days; None without any, or where it is longer than a fortnight.
    """

    unit: str
    indicator: str
    starts: tuple[date, ...]
    chart: XmrChart
    target: float | None
    holidays: tuple[str | None, ...]

    @property
    def assurance(self) -> str | None:
        return self.chart.assurance(self.target)


@dataclass(frozen=True, slots=True)
class SeriesWanted:
    """Which stretch of a series, and how its limits are made."""

    unit: str
    indicator: str
    first: date | None = None
    last: date | None = None
    screen: bool = True
    fix_after: int | None = None


def read_series(store: Store, workspace: Workspace, wanted: SeriesWanted, known_at: datetime) -> Series:
    """The series on its cadence's grid from its first to its last return within the stretch wanted.

    Raises UsageError for an unknown unit or indicator, or when there is no return.
    """
    unit, indicator = workspace.unit(wanted.unit), workspace.indicator(wanted.indicator)
    cadence = workspace.cadence_of(indicator.indicator)
    rows = store.rows("windows/series", unit=unit.unit, indicator=indicator.indicator, known_at=known_at)
    first = cadence.start_of(wanted.first) if wanted.first else date.min
    last = wanted.last or date.max
    figures = {
        start: _value(value, numerator, denominator, indicator.is_ratio, indicator.scale)
        for start, value, numerator, denominator in rows
        if first <= start <= last
    }
    if not figures:
        message = f"There is no return of {indicator.indicator} by {unit.unit} in that time."
        raise UsageError(Finding("no-returns", "", message, "See what came: compstat status"))
    starts = tuple(periods_between(cadence, min(figures), max(figures)))
    values = [figures.get(start, float("nan")) for start in starts]
    judged = chart(values, indicator.better, _rebases(workspace, wanted, starts), wanted.fix_after, wanted.screen)
    return Series(
        unit.unit,
        indicator.indicator,
        starts,
        judged,
        _target(workspace, wanted, starts, judged),
        _holidays(workspace, cadence, starts),
    )


def _holidays(workspace: Workspace, cadence: Cadence, starts: tuple[date, ...]) -> tuple[str | None, ...]:
    """Public holidays of each period; a month has always some, so that marking it would say nothing."""
    place = workspace.settings.calendar.holidays
    if place is None or not isinstance(cadence, DaysCadence):
        return (None,) * len(starts)
    return tuple(holiday_names(place, start, end_of(cadence, start)) for start in starts)


def _value(
    value: float | None, numerator: float | None, denominator: float | None, is_ratio: bool, scale: float
) -> float:
    """The figure charted: a ratio is worked out from its parts."""
    if is_ratio and numerator is not None and denominator:
        return numerator / denominator * scale
    return float("nan") if value is None else value


def _rebases(workspace: Workspace, wanted: SeriesWanted, starts: tuple[date, ...]) -> list[int]:
    places = {start: place for place, start in enumerate(starts)}
    return sorted(
        places[row.week_start]
        for row in workspace.rebases
        if row.unit == wanted.unit and row.indicator == wanted.indicator and row.week_start in places
    )


def _target(workspace: Workspace, wanted: SeriesWanted, starts: tuple[date, ...], judged: XmrChart) -> float | None:
    """The target in force at the last value, else the floor."""
    seen = [start for start, point in zip(starts, judged.points, strict=True) if point.value is not None]
    if not seen:
        return None
    goals = (workspace.target(wanted.indicator, wanted.unit, kind, seen[-1]) for kind in ("target", "floor"))
    return next((goal.value for goal in goals if goal), None)
