"""The floors and targets in force for the cells of a panel, period by period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compstat.calendar import end_of
from compstat.rules.judgement import chosen
from compstat.rules.panel import Bools, Floats, Integers, Panel
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
    ends = [end_of(panel.cadence, start) for start in panel.starts[-periods:]]
    values = np.full((panel.size if rows else 0, len(ends)), np.nan)
    for cells_of in (panel.everywhere, panel.at_level, panel.at_unit):  # the later ones take precedence
        for row in rows:
            if cells_of == panel.everywhere and row.unit != "*":
                continue
            columns = [column for column, end in enumerate(ends) if row.in_force(end)]
            values[np.ix_(cells_of(row.indicator, row.unit), columns)] = row.value
    if not rows:
        return Goals(np.zeros(0, dtype=np.int64), values)
    wanted = np.flatnonzero(chosen(panel, rule) & (panel.adverse != 0) & ~np.isnan(values[:, -1]))
    return Goals(wanted, values[wanted])


def missed(panel: Panel, goals: Goals) -> Bools:
    """Whether each period of the goals was on their wrong side; one without a return or a goal was not."""
    values = panel.value[goals.row][:, -goals.value.shape[1] :]
    apart = (values - goals.value) * panel.adverse[goals.row, np.newaxis]
    return np.asarray(apart > 0, dtype=np.bool_)
