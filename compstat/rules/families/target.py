"""`target`: a target missed beyond chance over the recent window, and for long enough.

The question is whether the level behind the figures still meets the target. Ratios: their share with the extra
variance of four-week blocks. Counts: the negative binomial with the target as its mean. Measurements: the mean of
the window with the spread of the chart (moving range / 1.128). Student's t where the spread is itself estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtr

from compstat.rules.flag import Outcome
from compstat.rules.history.goals import Goals, goals_in_force, missed
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import SMALLEST_P, SURE_Z, Details, Judgement, past_gates
from compstat.rules.wording import figure, span_words
from compstat.statistics.predictive import Expectation, probability_at_least, probability_at_most
from compstat.statistics.ranking import evidence_from_z
from compstat.windows.panel import Bools, Floats, Integers
from compstat.workspace.rulebook import Rule

MOST_SURE_Z = 30.0  # a target missed by 40% of a large department would else outweigh every other flag
SIGMAS_BETWEEN_LIMITS = 6.0
TEST = "level of the recent window against the target"
FORMULAS = {
    "ratio": "t = (share - g) / sqrt(spread g (1 - g) / n) with g = target / scale; spread = dispersion",
    "count": "negative binomial with mean = target x periods, variance = spread x mean; spread = dispersion",
    "measurement": "t = (mean - target) / (spread / sqrt n); spread = sigma of the chart",
}


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Cells with a target in force and a return in the recent window."""
    panel = history.panel
    found = _levels(history, goals_in_force(panel, rule, "target", max(rule.of, rule.periods)))
    row, goal, value = found.goals.row, found.goals.now, found.value
    events = found.size / panel.scale[row]
    times = missed(panel, found.goals).sum(axis=1)
    apart = (value - goal) * panel.adverse[row]

    def details(at: Integers) -> Details:
        score = -ndtri(np.clip(found.p[at], SMALLEST_P, 1.0))
        sure = np.clip(score - SURE_Z, 0.0, MOST_SURE_Z)
        return Details(order=history.weights(row[at]) * sure, evidence=evidence_from_z(score), threshold=goal[at])

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        seen, wanted = figure(value[at], indicator), figure(goal[at], indicator)
        words = span_words(panel, False) if panel.is_ratio[row[at]] else f"on average {span_words(panel, False)}"
        return f"{indicator.title}: {seen} {words}, missing its target of {wanted} beyond chance."

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=found.p,
            gates=past_gates(rule, apart, goal) & (apart > 0) & (times >= rule.periods),
            outcome=Outcome.CONCERN,
            severity=2,
            value=value,
            comparator=goal,
            excess=(value - goal) * events,
            expected=np.maximum(np.abs(goal) * events, 1.0),
            test=TEST,
            details=details,
            sentence=sentence,
            inputs=lambda at: {**found.inputs(panel.cadence.recent, at), "missed_periods": int(times[at])},
            false_flags=lambda p_cut: p_cut * len(row),
        )
    ]


@dataclass(frozen=True)
class _Levels:
    """The tested cells' windows: one-sided p, value, size (volume or periods), spread and its degrees of freedom."""

    history: History
    goals: Goals
    p: Floats
    value: Floats
    size: Floats
    spread: Floats
    freedom: Floats

    def kept(self, wanted: Bools) -> _Levels:
        parts = (self.p, self.value, self.size, self.spread, self.freedom)
        return _Levels(self.history, self.goals.kept(wanted), *(part[wanted] for part in parts))

    def inputs(self, recent: int, at: int) -> Mapping[str, Any]:
        panel, row = self.history.panel, int(self.goals.row[at])
        kind = "ratio" if panel.is_ratio[row] else "count" if panel.is_count[row] else "measurement"
        window = panel.windows.four_weeks
        return {
            "first": window.first.isoformat(),
            "last": window.last.isoformat(),
            "target": self.goals.now[at],
            "worse": "above" if panel.adverse[row] > 0 else "below",
            "kind": kind,
            "scale": panel.scale[row],
            "amounts": panel.amount[row, -recent:].tolist(),
            "volumes": panel.volume[row, -recent:].tolist(),
            "spread": self.spread[at],
            "degrees_of_freedom": self.freedom[at],
            "formula": FORMULAS[kind],
        }


def _levels(history: History, goals: Goals) -> _Levels:
    """The levels of the recent window against the goals; cells without a p value are left out."""
    panel, row = history.panel, goals.row
    amount, volume = (part[row, -panel.cadence.recent :] for part in (panel.amount, panel.volume))
    present = ~np.isnan(amount)
    total, periods = np.nansum(amount, axis=1), present.sum(axis=1).astype(float)
    ratio, count = panel.is_ratio[row], panel.is_count[row]
    size = np.where(ratio, np.where(present, volume, 0.0).sum(axis=1), periods)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = total / size * panel.scale[row]
    p, spread, freedom = (np.full(len(row), np.nan) for _ in range(3))
    sign = panel.adverse[row]
    share = goals.now / panel.scale[row]
    spread[ratio] = history.share_block_dispersion[np.searchsorted(history.share_rows, row[ratio])]
    freedom[ratio] = history.share_block_freedom[np.searchsorted(history.share_rows, row[ratio])]
    p[ratio] = _share_p(total[ratio], size[ratio], share[ratio], sign[ratio], spread[ratio], freedom[ratio])
    spread[count] = history.counts.blocks.phi[np.searchsorted(history.counts.row, row[count])]
    p[count] = _count_p(total[count], goals.now[count] * periods[count], sign[count], spread[count])
    other = np.flatnonzero(~ratio & ~count)
    if other.size:
        limits, chart = history.limits, row[other]
        spread[other] = (limits.upper[chart] - limits.lower[chart]) / SIGMAS_BETWEEN_LIMITS
        freedom[other] = np.maximum(np.sum(~np.isnan(history.segment[chart]), axis=1) - 1.0, 1.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            t = (value - goals.now)[other] * sign[other] / (spread[other] / np.sqrt(periods[other]))
        p[other] = stdtr(freedom[other], -t)
    return _Levels(history, goals, p, value, size, spread, freedom).kept(~np.isnan(p))


def _share_p(x: Floats, n: Floats, target: Floats, sign: Integers, phi: Floats, freedom: Floats) -> Floats:
    """The tail beyond a share x / n, towards the worse side, if its level were the target; NaN for what is no share."""
    level = np.clip(target, 1e-6, 1 - 1e-6)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (x / n - level) * sign / np.sqrt(phi * level * (1 - level) / n)
    t = np.where((x <= n) & (target <= 1), t, np.nan)  # a ratio above 1 has no binomial spread
    return np.asarray(stdtr(freedom, -t), dtype=np.float64)


def _count_p(x: Floats, mean: Floats, sign: Integers, phi: Floats) -> Floats:
    """The tail beyond a count, towards the worse side, if its mean were the target's."""
    expectation = Expectation(np.maximum(mean, 1e-9), phi)
    return np.where(sign > 0, probability_at_least(x, expectation), probability_at_most(x, expectation))
