"""Counts against their own history, in either direction: what `spike` and `commend` share.

The negative-binomial predictive on the newest period and on the recent window; docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from compstat.rules.count_history import CountHistory, WindowTest
from compstat.rules.flag import Outcome
from compstat.rules.history import History
from compstat.rules.judgement import ROUNDING, Judgement, chosen
from compstat.rules.panel import Bools, Floats, Integers
from compstat.rules.wording import window_sentence
from compstat.statistics.discovery import (
    expected_by_chance,
    largest_count_past_gates,
    smallest_count_past_gates,
)
from compstat.statistics.expectation_band import fallback_band
from compstat.statistics.predictive import Expectation, largest_count_with, smallest_count_with
from compstat.statistics.ranking import sure_excess
from compstat.workspace.rulebook import Rule


def judge_counts(rule: Rule, history: History, direction: int, outcome: Outcome) -> Judgement:
    """Counts that moved in this direction: 1 for worse, -1 for better."""
    counts = history.counts
    wanted = chosen(history.panel, rule)[counts.row]
    place = np.flatnonzero(counts.tested & wanted)
    row = counts.row[place]
    falls = history.panel.adverse[row] * direction < 0
    every = np.zeros(len(counts.row), dtype=bool)
    every[place] = falls
    led_by_one = counts.leading(every)[place]
    lead = _Lead(counts, place, led_by_one)
    value, expected, phi = lead.of("count"), lead.mean, lead.of("dispersion")
    gap = np.where(falls, expected - value, value - expected)
    gates = (gap >= rule.minimum_gap - ROUNDING) & (gap >= expected * rule.threshold_percent / 100 - ROUNDING)
    sure = np.where(falls, sure_excess(value, expected, phi, falls=True), sure_excess(value, expected, phi))
    weight = history.weights(row)
    band = fallback_band(lead.expectation, value)
    return Judgement(
        rule=rule,
        panel=history.panel,
        row=row,
        p=counts.p(every)[place],
        gates=gates,
        outcome=outcome,
        severity=2 if outcome is Outcome.CONCERN else 1,
        value=value,
        comparator=expected,
        excess=value - expected,
        expected=expected,
        order=weight * sure / np.sqrt(np.maximum(expected, 0.5)),
        evidence=np.where(falls, counts.evidence_down[place], counts.evidence_up[place]),
        test="negative-binomial predictive on one and on several periods, smaller p doubled",
        sentence=lambda at: window_sentence(
            history.panel, int(row[at]), value[at], expected[at], bool(led_by_one[at])
        ),
        threshold=_threshold(lead.expectation, rule, history.decision.watch_p, falls),
        lower=largest_count_with(history.decision.watch_p / 2, lead.expectation) + 1,
        upper=smallest_count_with(history.decision.watch_p / 2, lead.expectation) - 1,
        expected_low=band.low,
        expected_high=band.high,
        inputs=lambda at: _count_inputs(
            history, counts, int(place[at]), bool(falls[at]), bool(led_by_one[at])
        ),
        false_flags=lambda p_cut: _false_count_flags(rule, counts, place, falls, p_cut),
        untested={
            int(counts.row[at]): reason for at, reason in enumerate(counts.untested) if reason and wanted[at]
        },
    )


class _Lead:
    """The figures of whichever window tells more, a cell."""

    def __init__(self, counts: CountHistory, place: Integers, led_by_one: Bools) -> None:
        self._one, self._recent = counts.one, counts.recent
        self._place, self._led_by_one = place, led_by_one

    def of(self, name: str) -> Floats:
        one: Floats = getattr(self._one, name)[self._place]
        recent: Floats = getattr(self._recent, name)[self._place]
        return np.where(self._led_by_one, one, recent)

    @property
    def expectation(self) -> Expectation:
        one, recent = self._one.expectation, self._recent.expectation
        mean = np.where(self._led_by_one, one.mean[self._place], recent.mean[self._place])
        factor = np.where(
            self._led_by_one, one.variance_factor[self._place], recent.variance_factor[self._place]
        )
        return Expectation(mean, factor)

    @property
    def mean(self) -> Floats:
        return self.expectation.mean


def _gate(expectation: Expectation, rule: Rule, falls: bool) -> Floats:
    past = largest_count_past_gates if falls else smallest_count_past_gates
    return past(expectation.mean, rule.threshold_percent / 100, rule.minimum_gap)


def _threshold(expectation: Expectation, rule: Rule, p_cut: float, falls: Bools) -> Floats:
    """The count at which the cell would be listed."""
    high = np.maximum(smallest_count_with(p_cut / 2, expectation), _gate(expectation, rule, falls=False))
    low = np.minimum(largest_count_with(p_cut / 2, expectation), _gate(expectation, rule, falls=True))
    return np.where(falls, low, high)


def _false_count_flags(
    rule: Rule, counts: CountHistory, place: Integers, falls: Bools, p_cut: float
) -> float:
    """Cells that chance alone would pass at a cut: each window at half of it, for the smaller p is doubled."""
    if p_cut <= 0:
        return 0.0
    total = 0.0
    for test in (counts.one, counts.recent):
        for direction in (False, True):
            part = place[falls == direction]
            part = part[~np.isnan(test.count[part])]
            if part.size:
                expectation = Expectation(test.expectation.mean[part], test.expectation.variance_factor[part])
                gate = _gate(expectation, rule, direction)
                total += expected_by_chance(expectation, p_cut / 2, gate, falls=direction)
    return total


def _count_inputs(
    history: History, counts: CountHistory, at: int, falls: bool, led_by_one: bool
) -> Mapping[str, Any]:
    panel = history.panel
    windows = panel.windows

    def window(test: WindowTest, first: str, last: str, baseline: tuple[str, str]) -> dict[str, Any]:
        return {
            "first": first,
            "last": last,
            "baseline_first": baseline[0],
            "baseline_last": baseline[1],
            "count": test.count[at],
            "periods": test.length[at],
            "baseline_events": test.events[at],
            "baseline_periods": test.periods[at],
            "dispersion": test.dispersion[at],
            "season": 1.0,
            "expected": test.expectation.mean[at],
            "variance_factor": test.expectation.variance_factor[at],
            "p": (test.p_down if falls else test.p_up)[at],
        }

    spans = (windows.week, windows.four_weeks, windows.baseline_week, windows.baseline_four_weeks)
    one, recent, year_one, year_recent = ((span.first.isoformat(), span.last.isoformat()) for span in spans)
    return {
        "direction": "fall" if falls else "rise",
        "leading_window": "week" if led_by_one else "four_weeks",
        "season_handled": False,
        "week": window(counts.one, *one, year_one),
        "four_weeks": window(counts.recent, *recent, year_recent),
        "dispersion_own": counts.weekly.own[at],
        "dispersion_alpha": counts.weekly.alpha[at],
        "formula": "p = min(1, 2 min(P_week, P_four_weeks)); E = f (S + 1/2) L/k; V = phi (1 + f L/k); "
        "P(X >= c) = I_{1 - 1/V}(c, E/(V - 1))",
    }
