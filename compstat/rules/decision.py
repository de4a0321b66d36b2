"""From judgements to what is raised: false-discovery control for families with p, the declared signal for others.

Each family answers one question, so each is one pool of tests over all cells of the pack. Gates come after the
control, for they look at the current figures. `docs/decisions/0006-one-pool-a-family.md` says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.judgement import Judgement
from compstat.rules.panel import Bools, Floats
from compstat.statistics.discovery import benjamini_hochberg, largest_accepted
from compstat.workspace.rulebook import Decision


@dataclass(frozen=True)
class Decided:
    """A judgement with what became of each of its cells. raised: a flag of the rule's own outcome; watch: listed."""

    judgement: Judgement
    q: Floats
    raised: Bools
    watch: Bools


@dataclass(frozen=True)
class Decisions:
    """All judgements decided. tests: how many tests with a p value were made.

    expected_by_chance: raised flags that a force without any real change would have. expected_watch: the same
    for cells listed at the watch level.
    """

    decided: tuple[Decided, ...]
    tests: int
    expected_by_chance: float
    expected_watch: float


def decide(judgements: Sequence[Judgement], decision: Decision) -> Decisions:
    """Decide every judgement, pool by pool."""
    pools: dict[str, list[Judgement]] = defaultdict(list)
    decided: list[Decided] = []
    for judgement in judgements:
        if judgement.has_p:
            pools[judgement.rule.family].append(judgement)
        else:
            decided.append(_by_signal(judgement))
    tests, by_chance, watched = 0, 0.0, 0.0
    for pool in pools.values():
        found, p_cut = _by_p(pool, decision)
        decided += found
        tests += sum(len(judgement.p) for judgement in pool)
        by_chance += sum(judgement.false_flags(p_cut) for judgement in pool)
        if pool[0].outcome is Outcome.CONCERN:
            watched += sum(judgement.false_flags(decision.watch_p) for judgement in pool)
    return Decisions(tuple(decided), tests, by_chance, max(0.0, watched - by_chance))


def _by_signal(judgement: Judgement) -> Decided:
    assert judgement.signal is not None, "a family without p declares its signal"
    raised = judgement.signal & judgement.gates
    return Decided(judgement, np.full(len(raised), np.nan), raised, np.zeros(len(raised), dtype=bool))


def _by_p(pool: Sequence[Judgement], decision: Decision) -> tuple[list[Decided], float]:
    """A pool decided, and the p at which a cell was or would have been accepted.

    When nothing is accepted that p is q / n, the step at which the smallest p of a pool would have been: so the
    printed expectation is what a force without change would really have, not 0.
    """
    p = np.concatenate([judgement.p for judgement in pool])
    q = benjamini_hochberg(p)
    known = int(np.sum(~np.isnan(p)))
    p_cut = max(largest_accepted(p, q, decision.q), decision.q / known if known else 0.0)
    decided: list[Decided] = []
    first = 0
    for judgement in pool:
        part = slice(first, first + len(judgement.p))
        first = part.stop
        raised = (q[part] <= decision.q) & judgement.gates
        watch = (judgement.p <= decision.watch_p) & judgement.gates & ~raised
        if judgement.outcome is not Outcome.CONCERN:
            watch = np.zeros_like(raised)
        decided.append(Decided(judgement, q[part], raised, watch))
    return decided, p_cut
