"""What one rule found on one panel, before it is decided which of it becomes a flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.statistics.discovery import largest_count_past_gates, smallest_count_past_gates
from compstat.windows.panel import Bools, Floats, Integers, Panel
from compstat.workspace.rulebook import Rule

ROUNDING = 1e-9  # a gap of exactly the threshold passes, whatever binary fractions make of it
SURE_Z = 1.28  # one-sided 90%: the part of a score one can be sure of
SMALLEST_P = 1e-300  # of a p value that becomes a score: beyond it there is no score


@dataclass(frozen=True)
class Details:
    """What is only worked out of the places asked for, one value each; None: the family has no such figure.

    order: sure excess over the root of the expected, the order among flags of one severity.
    threshold: the figure from which the cell would be listed. lower, upper: limits. expected_low, expected_high:
    what to expect next if nothing is done.
    """

    order: Floats
    evidence: Floats
    threshold: Floats | None = None
    lower: Floats | None = None
    upper: Floats | None = None
    expected_low: Floats | None = None
    expected_high: Floats | None = None


@dataclass(frozen=True)
class Fragility:
    """Whether a restatement of the usual size would undo a flag, one value a place asked for.

    breakeven: the count nearest to the expected that would still be flagged. low, high: where the count settles in 8
    cases of 10; NaN where nothing was learnt. falls: the flag is of a fall.
    """

    breakeven: Floats
    low: Floats
    high: Floats
    falls: Bools

    def at(self, number: int) -> bool | None:
        """True: it would; None: not learnt."""
        if np.isnan(self.low[number]) or np.isnan(self.breakeven[number]):
            return None
        if self.falls[number]:
            return bool(self.high[number] > self.breakeven[number])
        return bool(self.low[number] < self.breakeven[number])

    def words(self, number: int, count: float) -> str:
        """`4 fewer would undo it; it usually settles between 49 and 63`."""
        apart = self.breakeven[number] + 1 - count if self.falls[number] else count - self.breakeven[number] + 1
        if np.isnan(apart):
            return ""
        undone = f"{apart:g} {'more' if self.falls[number] else 'fewer'} would undo it"
        if np.isnan(self.low[number]):
            return f"{undone}; how much such figures usually change has not been learnt yet"
        return f"{undone}; such a count usually settles between {self.low[number]:g} and {self.high[number]:g}"


@dataclass(frozen=True)
class Judgement:
    """One value a tested cell; `row` is its place in the panel.

    p: chance's share of such a result, NaN for a family without one. signal: for those, whether it signals.
    gates: threshold and gap both passed. outcome, severity: what a flag of this rule is.
    value, comparator: what is compared, in the indicator's unit. excess: in events or units times volume.
    expected: the size of the cell in events (or volume), for the order and the small units' seats.
    inputs: the receipt of one place. false_flags: how many cells would pass at a p cut if nothing had changed.
    why_untested: of each cell of the panel that the rule is about and could not test.
    fragility: of some places, flagged because their p is at most these; None: the family has no such figure.
    """

    rule: Rule
    panel: Panel
    row: Integers
    p: Floats
    gates: Bools
    outcome: Outcome
    severity: int
    value: Floats
    comparator: Floats
    excess: Floats
    expected: Floats
    test: str
    details: Callable[[Integers], Details]
    sentence: Callable[[int], str]
    inputs: Callable[[int], Mapping[str, Any]]
    signal: Bools | None = None
    false_flags: Callable[[float], float] = lambda _p_cut: 0.0
    why_untested: Callable[[], Mapping[int, str]] = dict
    fragility: Callable[[Integers, Floats], Fragility] | None = None

    @property
    def has_p(self) -> bool:
        return self.signal is None

    @cached_property
    def untested(self) -> Mapping[int, str]:
        """Place in the panel and reason of every cell that could not be tested."""
        return self.why_untested()


def chosen(panel: Panel, rule: Rule) -> Bools:
    """The cells of the panel that a rule is about."""
    wanted = np.ones(panel.size, dtype=bool)
    if "*" not in rule.indicators:
        wanted = panel.of_indicator(lambda row: row.indicator in rule.indicators).astype(bool)
    if "*" not in rule.units:
        levels = panel.scope.levels
        named = {unit for unit, level in levels.items() if unit in rule.units or level in rule.units}
        wanted &= np.array([unit in named for unit in panel.units], dtype=bool)
    return wanted


def count_past_gates(rule: Rule, expected: Floats, *, falls: bool) -> Floats:
    """The count nearest to the expected that is past threshold and gap; -1 where not even 0 is."""
    past = largest_count_past_gates if falls else smallest_count_past_gates
    return past(expected, rule.threshold_percent / 100, rule.minimum_gap)


def past_gates(rule: Rule, gap: Floats, base: Floats) -> Bools:
    """Whether a gap reaches both the smallest gap and the threshold in per cent of `base`; NaN does not."""
    wanted = np.maximum(rule.minimum_gap, np.abs(base) * rule.threshold_percent / 100)
    return np.asarray(gap >= wanted - ROUNDING, dtype=np.bool_)
