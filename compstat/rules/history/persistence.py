"""How flagged counts went on before, learnt once a panel: of an indicator and level, else wider, else not yet.

Source: docs/method.md, If nothing is done. Learnt from the last three years, read when first asked for, all of it as
known at the week's own moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from compstat.calendar import Cadence
from compstat.statistics.expectation_band import Persistence, learn
from compstat.statistics.flagged_before import Flagged, flagged_before
from compstat.statistics.volumes import are_volumes
from compstat.store import Store
from compstat.windows.panel import Integers, Panel, read_panel
from compstat.windows.scope import Scope, put_cells
from compstat.workspace.rulebook import Decision

LEARNT_FROM_YEARS = 3  # 156 weeks

Group = tuple[str, str]  # indicator and level


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one window length; `persistence` None: not yet. pool: whose earlier flags taught it."""

    persistence: Persistence | None
    pool: str = ""


@dataclass(frozen=True)
class Learning:
    """Earlier flagged counts of a panel's cadence by indicator and level, and what they teach of a window length."""

    read: Callable[[], Panel]
    decision: Decision
    _flagged: dict[tuple[Group, int], Flagged] = field(default_factory=dict)
    _learnt: dict[tuple[Group, int], Learnt] = field(default_factory=dict)

    def of(self, indicator: str, level: str, length: int) -> Learnt:
        """Of windows of `length` periods: from the cells like this one, widened as long as they are too few."""
        key = (indicator, level), length
        if key not in self._learnt:
            self._learnt[key] = self._widening((indicator, level), length)
        return self._learnt[key]

    def _widening(self, group: Group, length: int) -> Learnt:
        pools = {
            "this indicator and level": [one for one in self._rows if one == group],
            "this indicator at every level": [one for one in self._rows if one[0] == group[0]],
            "every count": list(self._rows),
        }
        for words, groups in pools.items():
            parts = [self._of_group(one, length) for one in groups]
            names = ("expected", "count", "following", "dispersion")
            columns = [np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0)]) for name in names]
            found = learn(*columns)
            if found is not None:
                return Learnt(found, words)
        return Learnt(None)

    def _of_group(self, group: Group, length: int) -> Flagged:
        if (group, length) not in self._flagged:
            cadence = self._panel.cadence
            self._flagged[group, length] = flagged_before(
                self._panel.amount[self._rows[group]],
                length=length,
                block=cadence.recent,
                year=cadence.year,
                fewest=cadence.year * self.decision.minimum_baseline,
                least_expected=self.decision.minimum_expected,
            )
        return self._flagged[group, length]

    @cached_property
    def _panel(self) -> Panel:
        return self.read()

    @cached_property
    def _rows(self) -> dict[Group, Integers]:
        """Places of the counts of each indicator and level, without large volumes, which no count test judges."""
        panel, rows = self._panel, defaultdict(list)
        counts = np.flatnonzero(panel.is_count)
        newest = panel.in_even_periods(counts, slice(-panel.cadence.year, None))
        for at in counts[~are_volumes(newest)].tolist():
            rows[panel.indicators[at].indicator, panel.scope.levels[panel.units[at]]].append(at)
        return {group: np.array(places, dtype=np.int64) for group, places in sorted(rows.items())}


def read_earlier(store: Store, scope: Scope, cadence: Cadence) -> Panel:
    """The counts of one cadence over the years that are learnt from, and the year before these.

    The store's table `scope` is another afterwards.
    """
    counts = scope.of_indicators({row.indicator for row in scope.workspace.indicators if row.is_count})
    put_cells(store, counts)
    current = counts.windows[cadence.name].week.first
    first = cadence.shift(current, 1 - (LEARNT_FROM_YEARS + 1) * cadence.year - 2 * cadence.recent)
    return read_panel(store, counts, cadence, first)
