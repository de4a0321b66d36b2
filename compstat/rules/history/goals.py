"""The floors and targets in force for the cells of a panel, period by period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compstat.calendar import end_of
from compstat.rules.judgement import chosen
from compstat.windows.panel import NO_CELLS, Bools, Floats, Integers, Panel
from compstat.workspace.rulebook import Rule


@dataclass(frozen=True)
class Goals:
    """The cells with a goal in force now (places in the panel), and their goals of the newest periods, oldest first.

    NaN: none was in force then.
    """

    row: Integers
    value: Floats

    @property
    def now(self) -> Floats:
        return self.value[:, -1]

    def kept(self, wanted: Bools) -> Goals:
        """Those of the cells that are wanted."""
        return Goals(self.row[wanted], self.value[wanted])


def goals_in_force(panel: Panel, rule: Rule, kind: str, periods: int) -> Goals:
    """Goals of this kind for the rule's cells: the unit's own, else its level's, else everybody's.

    A neutral indicator has none, for no side of its goal is the wrong one.
    """
    rows = [row for row in panel.scope.workspace.targets if row.kind == kind]
    if not rows:
        return Goals(NO_CELLS, np.zeros((0, periods)))
    cells = [(panel.everywhere(row.indicator), row) for row in rows if row.unit == "*"]
    cells += [(panel.at_level(row.indicator, row.unit), row) for row in rows]
    cells += [(panel.at_unit(row.indicator, row.unit), row) for row in rows]
    ends = [end_of(panel.cadence, start) for start in panel.starts[-periods:]]
    values = np.full((panel.size, len(ends)), np.nan)
    for places, row in cells:  # the later ones take precedence
        columns = np.flatnonzero([row.in_force(end) for end in ends])
        values[np.ix_(places, columns)] = row.value
    wanted = np.flatnonzero(chosen(panel, rule) & (panel.adverse != 0) & ~np.isnan(values[:, -1]))
    return Goals(wanted, values[wanted])


def missed(panel: Panel, goals: Goals) -> Bools:
    """Whether each period of the goals was on their wrong side; one without a return or a goal was not."""
    values = panel.value[goals.row][:, -goals.value.shape[1] :]
    apart = (values - goals.value) * panel.adverse[goals.row, np.newaxis]
    return np.asarray(apart > 0, dtype=np.bool_)
