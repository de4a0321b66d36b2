"""One indicator of one unit, whole: windows, chart, standing against limits and target, flags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from compstat.meeting.briefing import IndicatorRow
from compstat.meeting.charts import cell_chart, total_chart
from compstat.meeting.figures import Row, cell_figures, rolled_up
from compstat.rules.flag import Flag, State
from compstat.rules.history.panel_history import History
from compstat.rules.weeks import WeekFlags
from compstat.statistics.xmr import point_type_word
from compstat.windows.scope import Scope
from compstat.workspace.tables import Indicator

Cell = tuple[str, str]
GOALS = ("target", "floor")  # a figure's standing is against the target in force, else the floor


def lead_flags(flags: Sequence[Flag]) -> dict[Cell, list[Flag]]:
    """The standing flags of each cell that lead it, best first; cleared and supporting ones left out."""
    leads: dict[Cell, list[Flag]] = defaultdict(list)
    for flag in flags:
        if flag.supports is None and flag.state is not State.CLEARED:
            leads[flag.unit, flag.indicator].append(flag)
    return leads


def unit_rows(week: WeekFlags, totals: Mapping[Cell, Row]) -> dict[str, list[IndicatorRow]]:
    """Every unit's rows, in the order of indicators.csv."""
    scope = week.evaluation.scope
    leads = lead_flags(week.flags)
    order = {row.indicator: place for place, row in enumerate(scope.workspace.indicators)}
    rows: dict[str, list[IndicatorRow]] = defaultdict(list)
    for history in week.evaluation.histories.values():
        for place in range(history.panel.size):
            cell = history.panel.units[place], history.panel.indicators[place].indicator
            rows[cell[0]].append(_row(history, place, leads.get(cell, []), totals.get(cell)))
    return {unit: sorted(rows[unit], key=lambda row: order[row.indicator.indicator]) for unit in sorted(rows)}


def total_rows(week: WeekFlags, totals: Mapping[Cell, Row], level: str | None) -> list[IndicatorRow]:
    """The total over the units of one level; empty when no level is declared and the units are of several."""
    scope = week.evaluation.scope
    levels = {scope.levels[unit] for unit, _ in scope.cells}
    level = level or (next(iter(levels)) if len(levels) == 1 else None)
    if level is None:
        return []
    rows: dict[str, IndicatorRow] = {}
    for history in week.evaluation.histories.values():
        panel = history.panel
        places: dict[str, list[int]] = defaultdict(list)
        for place in range(panel.size):
            if scope.levels[panel.units[place]] == level:
                places[panel.indicators[place].indicator].append(place)
        for code, at in places.items():
            if row := _total(scope, history, at, totals):
                rows[code] = row
    return [rows[row.indicator] for row in scope.workspace.indicators if row.indicator in rows]


def _row(history: History, place: int, flags: list[Flag], totals: Row | None) -> IndicatorRow:
    panel = history.panel
    indicator, unit = panel.indicators[place], panel.units[place]
    goals = {kind: panel.scope.workspace.target(indicator.indicator, unit, kind, panel.current) for kind in GOALS}
    level, floor = (goal.value if goal else None for goal in goals.values())
    target = floor if level is None else level
    chart = cell_chart(history, place, flags, level, floor)
    plan = panel.scope.workspace.target(indicator.indicator, unit, "trajectory", panel.current)
    if plan is not None and (level is None or any(flag.family == "trajectory" for flag in flags)):
        chart = replace(chart, target=plan.value, plan=True)
    return IndicatorRow(
        indicator=indicator,
        windows=cell_figures(panel.scope, indicator, unit, totals) if totals else {},
        chart=chart,
        variation=_variation(history, place, indicator),
        assurance=_assurance(history, place, indicator, target),
        target=target,
        flags=tuple(flags),
    )


def _total(scope: Scope, history: History, places: list[int], totals: Mapping[Cell, Row]) -> IndicatorRow | None:
    panel = history.panel
    indicator = panel.indicators[places[0]]
    figures = rolled_up(
        scope,
        indicator,
        [
            totals[panel.units[at], indicator.indicator]
            for at in places
            if (panel.units[at], indicator.indicator) in totals
        ],
    )
    if figures is None:
        return None
    everybody = scope.workspace.targets
    goal = next(
        (row for row in everybody if row.indicator == indicator.indicator and row.unit == "*" and row.kind == "target"),
        None,
    )
    target = goal.value if goal and not indicator.is_count else None
    return IndicatorRow(indicator, figures, total_chart(history, places, target), None, None, target, ())


def _variation(history: History, place: int, indicator: Indicator) -> str | None:
    seen = np.flatnonzero(~np.isnan(history.segment[place]))
    if not seen.size:
        return None
    if history.limits.reason[place, seen[-1]] == 0:
        return "common_cause"
    return point_type_word(int(history.limits.side[place, seen[-1]]), indicator.better)


def _assurance(history: History, place: int, indicator: Indicator, target: float | None) -> str | None:
    """What the limits promise of the target: it is passed always, failed always, or now and then."""
    if target is None or indicator.better == "neutral":
        return None
    lower, upper = history.limits.lower[place], history.limits.upper[place]
    if target > upper:
        return "consistent_fail" if indicator.better == "higher" else "consistent_pass"
    if target < lower:
        return "consistent_pass" if indicator.better == "higher" else "consistent_fail"
    return "inconsistent"
