"""What the rules ask of one panel, worked out at the first question and kept for the next rule."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from compstat.rules.history.count_history import CountHistory, block_sums, count_history
from compstat.rules.history.force_season import ForceTotals
from compstat.rules.history.persistence import Learning
from compstat.rules.history.restatement import Restatement
from compstat.statistics.ratios import ShareChange, share_change
from compstat.statistics.special_cause import Judged, judge
from compstat.statistics.volumes import VolumeChange, volume_change
from compstat.statistics.year_on_year import share_dispersion
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.rulebook import Decision

FEWEST_PERIODS = 2  # two values make a spread, fewer make none
CHART_YEARS = 2  # limits come from the last 104 weeks (24 months) of the segment


@dataclass(frozen=True)
class History:
    """One panel and the tests on it that several rules share.

    learn, totals: ask the store what its figures usually change by, and what the force returned in earlier years.
    earlier: reads the longer past that "if nothing is done" is learnt from; None: the panel's own. worked_out: what
    several rules share, by what it is about.
    """

    panel: Panel
    decision: Decision
    learn: Callable[[], Restatement] = Restatement
    totals: Callable[[], ForceTotals] = ForceTotals
    earlier: Callable[[], Panel] | None = None
    worked_out: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def learning(self) -> Learning:
        """How flagged counts went on before."""
        return Learning(self.earlier or (lambda: self.panel), self.decision)

    @cached_property
    def restatement(self) -> Restatement:
        """By how much the figures of each indicator usually still change."""
        return self.learn()

    @cached_property
    def counts(self) -> CountHistory:
        return count_history(self.panel, self.decision, self.totals())

    @cached_property
    def volume_rows(self) -> Integers:
        """Places of the counts that are large volumes whose periods resemble each other."""
        return self.counts.row[self.counts.large]

    @cached_property
    def volumes(self) -> VolumeChange:
        """The newest period of these volumes against their own history."""
        panel = self.panel
        return volume_change(panel.amount[self.volume_rows], panel.cadence.year, self._fewest, panel.days)

    @cached_property
    def share_rows(self) -> Integers:
        """Places of the ratio cells."""
        return np.flatnonzero(self.panel.is_ratio)

    @cached_property
    def shares(self) -> ShareChange:
        """The newest period of the ratio cells against their own year."""
        rows, year = self.share_rows, self.panel.cadence.year
        return share_change(self.panel.amount[rows], self.panel.volume[rows], year, self._fewest)

    @property
    def _fewest(self) -> float:
        """Periods of its own year that a cell needs."""
        return max(self.panel.cadence.year * self.decision.minimum_baseline, FEWEST_PERIODS)

    @cached_property
    def share_block_dispersion(self) -> Floats:
        """Extra variance of the ratio cells' four-week blocks in the baseline year."""
        return share_dispersion(self._share_blocks(self.panel.amount), self._share_blocks(self.panel.volume))

    @cached_property
    def share_block_freedom(self) -> Floats:
        """How many blocks that extra variance was estimated from, less one."""
        present = self._share_blocks(self.panel.amount + self.panel.volume) > 0
        return np.asarray(present.sum(axis=1) - 1.0, dtype=np.float64)

    def _share_blocks(self, matrix: Floats) -> Floats:
        """Sums of the baseline's adjoining blocks, the newest last; a block with a period missing is NaN."""
        rows, recent = self.share_rows, self.panel.cadence.recent
        _, year = self.panel.before(recent)
        blocks = self.panel.cadence.year // recent
        return block_sums(matrix[rows, year], blocks, recent)

    @cached_property
    def segment(self) -> Floats:
        """The values that limits are taken from: the last two years, from the newest rebase on."""
        panel = self.panel
        values = panel.value[:, -CHART_YEARS * panel.cadence.year :].copy()
        starts = panel.starts[-values.shape[1] :]
        for rebase in panel.scope.workspace.rebases:
            if rebase.week_start <= panel.current:
                before = sum(start < rebase.week_start for start in starts)
                values[panel.at_unit(rebase.indicator, rebase.unit), :before] = np.nan
        return values

    @cached_property
    def limits(self) -> Judged:
        """Limits and special causes of the segment of every cell."""
        return judge(self.segment)

    def weights(self, row: Integers) -> Floats:
        """What an event of each of these cells weighs in the order: its declared unit cost, else its weight."""
        return self.panel.of_indicator(lambda indicator: indicator.unit_cost or indicator.weight)[row]
