"""From judgements to what is raised: false-discovery control for families with p, the declared signal for others.

Each family answers one question, so each is one pool of tests over all cells of the pack. Gates come after the
control, for they look at the current figures. `docs/decisions/0009-one-pool-a-family.md` says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.judgement import Judgement
from compstat.statistics.discovery import acceptance_limits, benjamini_hochberg
from compstat.windows.panel import Bools, Floats, Integers
from compstat.workspace.rulebook import Decision

# no test is a signal above it: in a pack of three cells a q of 0.20 alone would accept 1 in 15, of one cell 1 in 5
LARGEST_P = 0.05


@dataclass(frozen=True)
class Decided:
    """A judgement with what became of each of its cells. raised: a flag of the rule's own outcome; watch: listed.

    limit: the largest p at which each cell would be raised while the others of its pool keep theirs; NaN without p.
    p_cut: the bar of the pool's last accepted place, or of its first one; 0 for a family without p. chance_cut: the p
    at which that pool would have as many flags as chance alone gives it on the average.
    """

    judgement: Judgement
    q: Floats
    raised: Bools
    watch: Bools
    limit: Floats
    p_cut: float = 0.0
    chance_cut: float = 0.0
    watch_p: float = 0.0

    @property
    def only_listed(self) -> bool:
        """Whether the rule's flags are for the watch list alone."""
        return self.judgement.outcome is Outcome.WATCH

    def limits(self, places: Integers) -> Floats:
        """The p that each of these flagged cells had to keep within."""
        return np.where(self.watch[places], self.watch_p, self.limit[places])


@dataclass(frozen=True)
class Decisions:
    """All judgements decided."""

    decided: tuple[Decided, ...]
    watch_p: float

    @property
    def tests(self) -> int:
        """How many tests with a p value were made."""
        return sum(len(one.judgement.p) for one in self.decided if one.judgement.has_p)

    @cached_property
    def expected_by_chance(self) -> float:
        """Flags for the meeting that a force without any real change would have."""
        return sum(one.judgement.false_flags(one.chance_cut) for one in self.decided if not one.only_listed)

    @cached_property
    def expected_watch(self) -> float:
        """The same for cells that are listed and not discussed: those that miss q, and the rules that only watch."""
        watched = [one for one in self.decided if one.judgement.outcome is Outcome.CONCERN]
        at_watch = sum(one.judgement.false_flags(max(self.watch_p, one.chance_cut)) for one in watched)
        only_listed = sum(one.judgement.false_flags(one.chance_cut) for one in self.decided if one.only_listed)
        return at_watch - sum(one.judgement.false_flags(one.chance_cut) for one in watched) + only_listed


def decide(judgements: Sequence[Judgement], decision: Decision) -> Decisions:
    """Decide every judgement, pool by pool."""
    pools: dict[str, list[Judgement]] = defaultdict(list)
    decided: list[Decided] = []
    for judgement in judgements:
        if judgement.signal is None:
            pools[judgement.rule.family].append(judgement)
        else:
            decided.append(_by_signal(judgement, judgement.signal))
    for pool in pools.values():
        decided += _by_p(pool, decision)
    return Decisions(tuple(decided), decision.watch_p)


def _by_signal(judgement: Judgement, signal: Bools) -> Decided:
    nothing = np.zeros(len(signal), dtype=bool)
    without = np.full(len(signal), np.nan)
    return Decided(judgement, without, signal & judgement.gates, nothing, without)


def _by_p(pool: Sequence[Judgement], decision: Decision) -> list[Decided]:
    """A pool decided at the p at which a cell was or would have been accepted: at least q / n, the first step.

    Of n tests of nothing Benjamini-Hochberg accepts q / (1 - q)^2 on the average, not q: in a share q of the weeks
    any, and then often several at once (Finner and Roters 2002). So that is the least that is expected by chance.
    """
    p = np.concatenate([judgement.p for judgement in pool])
    q, limit = benjamini_hochberg(p), np.minimum(acceptance_limits(p, decision.q), LARGEST_P)
    first_step = decision.q / max(int(np.sum(~np.isnan(p))), 1)
    accepted = q <= decision.q
    p_cut = min(LARGEST_P, first_step * max(int(np.sum(accepted)), 1))
    chance_cut = min(LARGEST_P, max(p[accepted].max(initial=0.0), first_step / (1 - decision.q) ** 2))
    ends = np.cumsum([len(judgement.p) for judgement in pool])[:-1]
    parts = zip(pool, np.split(q, ends), np.split(limit, ends), strict=True)
    return [_decided(judgement, part, most, (p_cut, chance_cut), decision) for judgement, part, most in parts]


def _decided(judgement: Judgement, q: Floats, limit: Floats, cuts: tuple[float, float], decision: Decision) -> Decided:
    if judgement.outcome is Outcome.WATCH:  # listed at the watch level, whatever its pool
        listed = (judgement.p <= decision.watch_p) & judgement.gates
        by_p = np.full(len(q), decision.watch_p)
        return Decided(judgement, q, listed, np.zeros_like(listed), by_p, *[decision.watch_p] * 3)
    raised = (q <= decision.q) & (judgement.p <= LARGEST_P) & judgement.gates
    watch = (judgement.p <= decision.watch_p) & judgement.gates & ~raised
    if judgement.outcome is not Outcome.CONCERN:
        watch = np.zeros_like(raised)
    return Decided(judgement, q, raised, watch, limit, *cuts, decision.watch_p)
