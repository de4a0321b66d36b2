"""What the rules ask of one panel, worked out at the first question and kept for the next rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from compstat.rules.count_history import CountHistory, count_history
from compstat.rules.panel import Floats, Integers, Panel
from compstat.statistics.ratios import ShareChange, share_change
from compstat.statistics.special_cause import Judged, judge
from compstat.statistics.year_on_year import share_dispersion
from compstat.workspace.rulebook import Decision

CHART_YEARS = 2  # limits come from the last 104 weeks (24 months) of the segment


@dataclass(frozen=True)
class History:
    """One panel and the tests on it that several rules share."""

    panel: Panel
    decision: Decision

    @cached_property
    def counts(self) -> CountHistory:
        return count_history(self.panel, self.decision)

    @cached_property
    def share_rows(self) -> Integers:
        """Places of the ratio cells."""
        return np.flatnonzero(self.panel.is_ratio)

    @cached_property
    def shares(self) -> ShareChange:
        """The newest period of the ratio cells against their own year."""
        rows = self.share_rows
        return share_change(self.panel.amount[rows], self.panel.volume[rows])

    @cached_property
    def share_block_dispersion(self) -> Floats:
        """Extra variance of the ratio cells' four-week blocks in the baseline year."""
        rows, recent = self.share_rows, self.panel.cadence.recent
        _, year = self.panel.before(recent)
        blocks = self.panel.cadence.year // recent
        shape = (len(rows), blocks, recent)
        x = self.panel.amount[rows][:, year][:, -blocks * recent :].reshape(shape).sum(axis=2)
        n = self.panel.volume[rows][:, year][:, -blocks * recent :].reshape(shape).sum(axis=2)
        return share_dispersion(x, n)

    @cached_property
    def segment(self) -> Floats:
        """The values that limits are taken from: the last two years, from the newest rebase on."""
        panel = self.panel
        values = panel.value[:, -CHART_YEARS * panel.cadence.year :].copy()
        starts = panel.starts[-values.shape[1] :]
        places: dict[tuple[str, str], list[int]] = {}
        if panel.scope.workspace.rebases:
            for place, (unit, row) in enumerate(zip(panel.units, panel.indicators, strict=True)):
                places.setdefault((unit, row.indicator), []).append(place)
        for rebase in panel.scope.workspace.rebases:
            if rebase.week_start <= panel.current:
                before = [start < rebase.week_start for start in starts]
                for place in places.get((rebase.unit, rebase.indicator), []):
                    values[place, before] = np.nan
        return values

    @cached_property
    def limits(self) -> Judged:
        """Limits and special causes of the segment of every cell."""
        return judge(self.segment)

    def weights(self, row: Integers) -> Floats:
        """What an event of each of these cells weighs in the order: its declared unit cost, else its weight."""
        indicators = self.panel.indicators
        return np.array(
            [indicators[int(at)].unit_cost or indicators[int(at)].weight for at in row], dtype=float
        )
