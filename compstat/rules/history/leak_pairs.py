"""Declared pairs of counts, one of which can be recorded as the other: `[[leak]] from = ... to = ...` in rules.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from compstat.rules.history.count_history import block_sums
from compstat.statistics.leak import Leak as Tested
from compstat.statistics.leak import leak
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.rulebook import Leak

# a changed way to record lasts: eight weeks tell it from chance where four do not (sample force, docs/method.md)
RECENT_WINDOWS = 2


@dataclass(frozen=True)
class Pair:
    """One declared pair over the units that return both: their places in the panel."""

    panel: Panel
    declared: Leak
    source: Integers
    target: Integers

    @property
    def periods(self) -> int:
        return RECENT_WINDOWS * self.panel.cadence.recent

    def sums(self, row: Integers) -> tuple[Floats, Floats]:
        """The newest eight weeks, and the four-week blocks of the year before them; NaN with a return missing."""
        window, year = self.panel.before(self.periods)
        recent = self.panel.cadence.recent
        blocks = block_sums(self.panel.amount[row, year], self.panel.cadence.year // recent, recent)
        return self.panel.amount[row, window].sum(axis=1), blocks

    @cached_property
    def tested(self) -> Tested:
        (now, before), (other, other_before) = self.sums(self.source), self.sums(self.target)
        return leak(now, other, before, other_before)

    def moves(self) -> tuple[Floats, Floats]:
        """By how much the one fell and the other rose against its own year."""
        (now, before), (other, other_before) = self.sums(self.source), self.sums(self.target)
        return RECENT_WINDOWS * _mean(before) - now, other - RECENT_WINDOWS * _mean(other_before)

    @cached_property
    def p(self) -> Floats:
        """p of each unit, 1 where the one did not fall or the other did not rise."""
        moved = np.minimum(*self.moves()) >= self.declared.minimum_gap
        return np.where(np.isnan(self.tested.p) | moved, self.tested.p, 1.0)


def _mean(blocks: Floats) -> Floats:
    """The mean of the whole blocks of each row; NaN without one."""
    whole = ~np.isnan(blocks)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(whole, blocks, 0.0).sum(axis=1) / whole.sum(axis=1), dtype=np.float64)


def pairs_of(panel: Panel, declared: tuple[Leak, ...]) -> list[Pair]:
    """The declared pairs with the units that return both."""
    pairs = []
    for one in declared:
        target = {panel.units[row]: row for row in panel.everywhere(one.to).tolist()}
        source = [row for row in panel.everywhere(one.source).tolist() if panel.units[row] in target]
        places = [target[panel.units[row]] for row in source]
        pairs.append(Pair(panel, one, np.array(source, dtype=np.int64), np.array(places, dtype=np.int64)))
    return [pair for pair in pairs if pair.source.size]
