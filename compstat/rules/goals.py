"""The floors and targets in force for the cells of a panel."""

from __future__ import annotations

import numpy as np

from compstat.rules.judgement import chosen
from compstat.rules.panel import Floats, Panel
from compstat.workspace.rulebook import Rule


def goal_values(panel: Panel, rule: Rule, kind: str) -> Floats:
    """The value in force for the current period, one a cell; NaN without one or for a neutral indicator."""
    workspace = panel.scope.workspace
    with_goal = {row.indicator for row in workspace.targets if row.kind == kind}
    values = np.full(panel.size, np.nan)
    for place in np.flatnonzero(chosen(panel, rule) & (panel.adverse != 0)):
        indicator = panel.indicators[place].indicator
        if indicator in with_goal:
            goal = workspace.target(indicator, panel.units[place], kind, panel.current)
            values[place] = np.nan if goal is None else goal.value
    return values


def missed(panel: Panel, goals: Floats, periods: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Whether each of the last so many periods was on the wrong side of the goal; a period without a return was not."""
    values = panel.value[:, -periods:]
    apart = (values - goals[:, np.newaxis]) * panel.adverse[:, np.newaxis]
    return np.asarray(apart > 0, dtype=np.bool_)
