"""`leak`: what one count loses, the count it can be recorded as gains. It raises `watch`: it is a question, no proof.

The pairs are declared by `[[leak]]` in rules.toml; a rule of this family says for which of them a flag is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from compstat.rules.flag import Outcome
from compstat.rules.history.leak_pairs import Pair, pairs_of
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import SMALLEST_P, SURE_Z, Details, Judgement, chosen
from compstat.rules.wording import figure, periods_name
from compstat.statistics.ranking import evidence_from_z
from compstat.windows.panel import Integers
from compstat.workspace.rulebook import Rule

TEST = "share of the two counts, beta-binomial with its usual share and the blocks' dispersion"
FORMULA = (
    "P(X <= x), X beta-binomial of n; s = (first + 1/2)/(both + 1) of the year before; variance phi n s (1 - s) "
    "(1 + (n - 1)/(both + 2)); x = the first, n = both now; p = 1 unless one fell and one rose by the smallest gap"
)


def judge(rule: Rule, history: History) -> list[Judgement]:
    """One judgement a declared pair, over the units that return both."""
    pairs = pairs_of(history.panel, history.panel.scope.workspace.rules.leak)
    return [_judgement(rule, history, pair) for pair in pairs]


def _judgement(rule: Rule, history: History, pair: Pair) -> Judgement:
    panel, tested = pair.panel, pair.tested
    place = np.flatnonzero(chosen(panel, rule)[pair.source] & ~np.isnan(pair.p))
    row, p = pair.source[place], pair.p[place]
    (now, _), (other, _) = pair.sums(pair.source), pair.sums(pair.target)
    fell, rose = pair.moves()
    value = now[place]
    usual = value + fell[place]
    target = panel.scope.workspace.indicator(pair.declared.to)
    span = f"over {pair.periods} {periods_name(panel)}"

    def details(at: Integers) -> Details:
        score = -ndtri(np.clip(p[at], SMALLEST_P, 1.0))
        order = history.weights(row[at]) * np.maximum(score - SURE_Z, 0.0)
        return Details(order=order, evidence=evidence_from_z(score))

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        here = place[at]
        return (
            f"{indicator.title}: {figure(value[at], indicator)} {span}, {fell[here]:,.0f} fewer than usual, while "
            f"{target.title} is {figure(other[here], target)}, {rose[here]:,.0f} more."
        )

    def inputs(at: int) -> Mapping[str, Any]:
        here = place[at]
        return {
            "to": pair.declared.to,
            "periods": pair.periods,
            "count": now[here],
            "count_to": other[here],
            "share": tested.share[here],
            "usual_share": tested.usual[here],
            "lower_share": tested.lower[here],
            "upper_share": tested.upper[here],
            "baseline_events": tested.events[here],
            "baseline_both": tested.both[here],
            "dispersion": tested.dispersion[here],
            "fewer": fell[here],
            "more": rose[here],
            "minimum_gap": pair.declared.minimum_gap,
            "formula": FORMULA,
        }

    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=p,
        gates=np.ones(len(row), dtype=bool),
        outcome=Outcome.WATCH,
        severity=1,
        value=value,
        comparator=usual,
        excess=value - usual,
        expected=np.maximum(usual, 0.5),
        test=TEST,
        details=details,
        sentence=sentence,
        inputs=inputs,
        false_flags=lambda p_cut: p_cut * len(row),
    )
