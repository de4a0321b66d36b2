"""The windows of every cell as figures people read: totals withheld where a return is missing, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from compstat.calendar import Span, Windows
from compstat.meeting.briefing import WindowFigures
from compstat.meeting.days import day
from compstat.store import Store
from compstat.windows.scope import Scope, expected_periods, look_back, put_scope
from compstat.workspace.tables import Indicator

WINDOWS = ("week", "four_weeks", "year_to_date", "rolling_year")
Figures = Mapping[str, WindowFigures]
Row = Mapping[str, Any]


def decimals_of(indicator: Indicator) -> int:
    """Decimals of an indicator, on paper and on the screen: none for events and money, one for the rest."""
    return 0 if indicator.unit_of_measure in {"count", "money"} and indicator.aggregate == "sum" else 1


def printed_change(now: float | None, before: float | None, decimals: int) -> float | None:
    """The difference of two figures as they are printed, so that what is read subtracts; None where one is missing."""
    if now is None or before is None:
        return None
    return round(float(now), decimals) - round(float(before), decimals)


def window_totals(store: Store, scope: Scope) -> dict[tuple[str, str], Row]:
    """What each cell returned in each window, one mapping a cell (queries/windows/window_totals)."""
    if not scope.cells:
        return {}
    put_scope(store, scope)
    calendar = scope.workspace.calendar
    first = min(
        _first_day(spans, look_back(calendar.cadence(name), spans.week.first)) for name, spans in scope.windows.items()
    )
    rows = store.records("windows/window_totals", known_at=scope.known_at, first=first, last=scope.last)
    return {(row["unit"], row["indicator"]): row for row in rows}


def _first_day(spans: Windows, otherwise: date) -> date:
    firsts: list[date] = [getattr(spans, field.name).first for field in fields(spans) if field.name != "cadence"]
    return min(otherwise, *firsts)


def cell_figures(scope: Scope, indicator: Indicator, unit: str, row: Row) -> dict[str, WindowFigures]:
    """The four windows of one cell."""
    broken = _break_day(scope, indicator, unit)
    return {name: _window(scope, indicator, name, [row], 1, broken) for name in WINDOWS}


def rolled_up(scope: Scope, indicator: Indicator, rows: Iterable[Row]) -> dict[str, WindowFigures] | None:
    """The same for a total over units; None where the indicator is not to be added over units."""
    together = list(rows)
    if indicator.roll_up == "none" or not together:
        return None
    broken = _break_day(scope, indicator, "*")
    return {name: _window(scope, indicator, name, together, len(together), broken) for name in WINDOWS}


def _window(
    scope: Scope, indicator: Indicator, name: str, rows: list[Row], units: int, broken: date | None
) -> WindowFigures:
    spans = scope.windows[indicator.cadence]
    cadence = scope.workspace.calendar.cadence(indicator.cadence)
    span: Span = getattr(spans, name)
    span_before: Span = getattr(spans, f"{name}_year_ago")
    wanted, wanted_before = expected_periods(cadence, span), expected_periods(cadence, span_before)
    now = _figure(indicator, name, rows, wanted)
    before = _figure(indicator, f"{name}_year_ago", rows, wanted_before)
    present = sum(row[f"{name}_present"] for row in rows)
    reason = _missing(present, wanted * units, "")
    if broken and span_before.first < broken <= span.last:
        before, reason = None, f"the definition or boundary changed on {day(broken)}"
    elif before is None and reason is None:
        seen = sum(row[f"{name}_year_ago_present"] for row in rows)
        reason = _missing(seen, wanted_before * units, " a year ago")
    percent = None if now is None or not before else 100 * (now - before) / before
    unequal = indicator.aggregate == "sum" and span.days != span_before.days
    of_expected = span.days, span_before.days, present, wanted * units
    return WindowFigures(now, before, percent, *of_expected, reason, unequal, *_parts(indicator, name, rows, now))


def _parts(indicator: Indicator, window: str, rows: list[Row], now: float | None) -> tuple[float | None, float | None]:
    """Numerator and denominator of a ratio's figure."""
    if not indicator.is_ratio or now is None:
        return None, None
    window = "week" if indicator.aggregate == "last" else window
    return sum(row[f"{window}_amount"] for row in rows), sum(row[f"{window}_volume"] for row in rows)


def _missing(present: int, wanted: int, when: str) -> str | None:
    return None if present >= wanted else f"{present} of {wanted} returns{when}"


def _figure(indicator: Indicator, window: str, rows: list[Row], wanted: int) -> float | None:
    """The window's figure over these rows; None when any return is missing or a ratio has nothing below the line."""
    if indicator.aggregate == "last":
        window = "week_year_ago" if window.endswith("year_ago") else "week"
        wanted = 1
    if any(row[f"{window}_present"] < wanted for row in rows):
        return None
    amounts: list[float] = [row[f"{window}_amount"] for row in rows]
    volumes: list[float] = [row[f"{window}_volume"] for row in rows]
    if None in amounts:
        return None
    if indicator.is_ratio:
        return None if not sum(volumes) else sum(amounts) / sum(volumes) * indicator.scale
    if indicator.aggregate == "mean":
        means = [amount / volume for amount, volume in zip(amounts, volumes, strict=True)]
        return sum(means) if indicator.roll_up == "sum" else sum(means) / len(means)
    return sum(amounts) / len(amounts) if indicator.roll_up == "mean" else float(sum(amounts))


def _break_day(scope: Scope, indicator: Indicator, unit: str) -> date | None:
    """The newest declared break of this cell in or before the week."""
    names = {unit, "*"} | ({scope.levels[unit]} if unit in scope.levels else set())
    days = [
        row.start
        for row in scope.workspace.breaks
        if row.indicator == indicator.indicator and row.unit in names and row.start <= scope.last
    ]
    return max(days, default=None)
