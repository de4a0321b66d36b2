"""`trajectory`: a planned path that will not be kept. The newest half year, carried on, misses the goal on its due day.

The path is the rows of kind `trajectory` in targets.csv, one after the other; its goal is that of the last one. It
raises `watch`: a forecast is a reason to ask in time, not a failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from compstat.calendar import periods_between
from compstat.rules.flag import Outcome
from compstat.rules.history.goals import goals_in_force
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Details, Judgement
from compstat.rules.wording import figure
from compstat.statistics.forecast import Forecast, line_forecast
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.rulebook import Rule
from compstat.workspace.tables import Target

SMALLEST_CHANCE = 0.1  # of keeping the goal; below it the 80% interval of the forecast lies on the wrong side
TEST = "straight-line forecast to the due date"
FORMULA = "least squares over the newest half year; prediction interval with the figures' likeness allowed for"


@dataclass(frozen=True)
class _Paths:
    """Cells with a path in force: the plan now, the goal, its due day, the forecast and the chance of keeping it."""

    row: Integers
    plan: Floats
    goal: Floats
    due: tuple[date, ...]
    forecast: Forecast
    chance: Floats


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Cells whose path will hardly be kept."""
    panel = history.panel
    found = _paths(panel, rule)
    row = found.row
    value = panel.value[row, -1]
    volume = panel.newest_volume[row] / panel.scale[row]

    def details(at: Integers) -> Details:
        apart = np.abs(found.forecast.level[at] - found.goal[at]) / np.maximum(np.abs(found.goal[at]), 1.0)
        low, high = found.forecast.interval()
        return Details(
            order=history.weights(row[at]) * apart,
            evidence=np.full(len(at), np.nan),
            threshold=found.goal[at],
            expected_low=low[at],
            expected_high=high[at],
        )

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        goal, ahead = (figure(float(part[at]), indicator) for part in (found.goal, found.forecast.level))
        return f"{indicator.title}: as it goes, {ahead} on {found.due[at]}, where the plan says {goal}."

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=np.full(len(row), np.nan),
            gates=np.ones(len(row), dtype=bool),
            outcome=Outcome.WATCH,
            severity=1,
            value=value,
            comparator=found.plan,
            excess=(value - found.plan) * volume,
            expected=np.maximum(np.abs(found.plan) * volume, 0.5),
            test=TEST,
            details=details,
            sentence=sentence,
            inputs=lambda at: _inputs(panel, found, at),
            signal=np.asarray(found.chance < SMALLEST_CHANCE, dtype=np.bool_),
        )
    ]


def _paths(panel: Panel, rule: Rule) -> _Paths:
    goals = goals_in_force(panel, rule, "trajectory", 1)
    ends = [_end(panel, int(place)) for place in goals.row]
    goal = np.array([end.value for end in ends], dtype=np.float64)
    due = tuple(end.end or panel.windows.week.last for end in ends)
    ahead = [sum(1 for _ in periods_between(panel.cadence, panel.current, day)) - 1 for day in due]
    forecast = line_forecast(panel.value[goals.row][:, -max(panel.cadence.year // 2, 1) :], np.array(ahead))
    at_least = forecast.chance_at_least(goal)
    chance = np.where(panel.adverse[goals.row] > 0, 1 - at_least, at_least)
    return _Paths(goals.row, goals.now, goal, due, forecast, np.where(np.isnan(chance), 1.0, chance))


def _end(panel: Panel, place: int) -> Target:
    """The last row of the path that is in force for a cell: where it leads."""
    scope, indicator, unit = panel.scope, panel.indicators[place].indicator, panel.units[place]
    now = scope.workspace.target(indicator, unit, "trajectory", panel.current)
    assert now is not None, "the cell has a goal in force"
    rows = [
        row
        for row in scope.workspace.targets
        if row.kind == "trajectory" and row.indicator == indicator and row.unit == now.unit
    ]
    return max(rows, key=lambda row: row.end or date.max)


def _inputs(panel: Panel, found: _Paths, at: int) -> Mapping[str, Any]:
    newest = panel.value[found.row[at], -max(panel.cadence.year // 2, 1) :]
    return {
        "planned_now": found.plan[at],
        "goal": found.goal[at],
        "due": found.due[at].isoformat(),
        "forecast": found.forecast.level[at],
        "standard_error": found.forecast.error[at],
        "degrees_of_freedom": found.forecast.freedom[at],
        "chance_of_keeping": found.chance[at],
        "values": newest.tolist(),
        "formula": FORMULA,
    }
