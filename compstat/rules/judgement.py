"""What one rule found on one panel, before it is decided which of it becomes a flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.panel import Bools, Floats, Integers, Panel
from compstat.workspace.rulebook import Rule


ROUNDING = 1e-9  # a gap of exactly the threshold passes, whatever binary fractions make of it


def _no_inputs(_place: int) -> Mapping[str, Any]:
    return {}


def _no_false_flags(_p_cut: float) -> float:
    return 0.0


@dataclass(frozen=True)
class Judgement:
    """One value a tested cell; `row` is its place in the panel.

    p: chance's share of such a result, NaN for a family without one. signal: for those, whether it signals.
    gates: threshold and gap both passed. outcome, severity: what a flag of this rule is.
    value, comparator: what is compared, in the indicator's unit. excess: in events or units times volume.
    expected: the size of the cell in events (or volume), for the order and the small units' seats.
    order: sure excess over the root of the expected, the order among flags of one severity.
    inputs: the receipt of one place. false_flags: how many cells would pass at a p cut if nothing had changed.
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
    order: Floats
    evidence: Floats
    test: str
    sentence: Callable[[int], str]
    signal: Bools | None = None
    threshold: Floats | None = None
    lower: Floats | None = None
    upper: Floats | None = None
    expected_low: Floats | None = None
    expected_high: Floats | None = None
    inputs: Callable[[int], Mapping[str, Any]] = _no_inputs
    false_flags: Callable[[float], float] = _no_false_flags
    untested: Mapping[int, str] = field(default_factory=dict)

    @property
    def has_p(self) -> bool:
        return self.signal is None


def chosen(panel: Panel, rule: Rule) -> Bools:
    """The cells of the panel that a rule is about."""
    wanted = np.ones(panel.size, dtype=bool)
    if "*" not in rule.indicators:
        wanted &= np.array([row.indicator in rule.indicators for row in panel.indicators], dtype=bool)
    if "*" not in rule.units:
        levels = panel.scope.levels
        wanted &= np.array(
            [unit in rule.units or levels[unit] in rule.units for unit in panel.units], dtype=bool
        )
    return wanted
