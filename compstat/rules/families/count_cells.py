"""The counts that `spike` and `commend` test: p, gates, order, break-even and receipt of each; docs/method.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from compstat.calendar import Span
from compstat.rules.history.count_history import CountHistory
from compstat.rules.history.panel_history import History
from compstat.rules.history.restatement import settled_range
from compstat.rules.history.window_test import PARTS, WindowTest
from compstat.rules.judgement import Details, Fragility, count_past_gates, past_gates
from compstat.statistics.discovery import combined, expected_by_chance
from compstat.statistics.predictive import largest_count_with, smallest_count_with
from compstat.statistics.ranking import sure_excess
from compstat.windows.panel import Bools, Floats, Integers
from compstat.workspace.rulebook import Rule

FORMULA = (
    "p = min(1, 2 min(P_week, P_four_weeks)), the only one where one is missing; E = f (S + 1/2) L/k, in days; "
    "V = phi (1 + f L/k); P(X >= c) = I_{1 - 1/V}(c, E/(V - 1))"
)


@dataclass(frozen=True)
class CountCells:
    """The tested cells: places among the counts, which way each is watched, which of its windows tells more.

    settled: p and gates look at the count as it usually settles too.
    """

    rule: Rule
    history: History
    place: Integers
    falls: Bools
    led_by_one: Bools
    p: Floats
    settled: bool = False

    def as_they_settle(self) -> CountCells:
        """The same for falls that are praised: they must hold for the count as it usually settles too.

        Falls are undone most often.
        """
        grown = [np.nan_to_num(growth, nan=1.0) for growth, _ in self.changes]
        tests = (self.counts.one.at(self.place), self.counts.recent.at(self.place))
        settled = [replace(test, count=np.rint(test.count * by)) for test, by in zip(tests, grown, strict=True)]
        p = combined(*(test.p_down for test in settled))
        return replace(self, p=np.where(self.falls, np.fmax(self.p, p), self.p), settled=True)

    @property
    def recent(self) -> int:
        return self.history.panel.cadence.recent

    @cached_property
    def gates(self) -> Bools:
        lead = self.lead
        apart = lead.count - lead.expectation.mean
        passed = past_gates(self.rule, np.where(self.falls, -apart, apart), lead.expectation.mean)
        if self.settled:
            growth = np.nan_to_num(self._change[0], nan=1.0)
            apart = lead.expectation.mean - np.rint(lead.count * growth)
            passed &= ~self.falls | past_gates(self.rule, apart, lead.expectation.mean)
        return passed

    @cached_property
    def changes(self) -> tuple[tuple[Floats, Floats], ...]:
        """Usual growth and spread of each cell's newest period, and of its recent window; NaN: not learnt."""
        panel, counts, learnt = self.history.panel, self.counts, self.history.restatement
        codes = [panel.indicators[row].indicator for row in counts.row[self.place].tolist()]
        return tuple(learnt.of_windows(codes, counts.series[self.place, -length:]) for length in (1, self.recent))

    @cached_property
    def _change(self) -> tuple[Floats, Floats]:
        """The same of whichever window tells more."""
        growth, spread = (np.where(self.led_by_one, *pair) for pair in zip(*self.changes, strict=True))
        return growth, spread

    def fragility(self, at: Integers, limits: Floats) -> Fragility:
        """On the window that tells more: the other one's count moves with it."""
        lead, falls, place = self.lead.at(at), self.falls[at], self.place[at]
        windows = (~np.isnan(self.counts.one.count[place])).astype(float) + ~np.isnan(self.counts.recent.count[place])
        lowest = np.maximum(
            smallest_count_with(limits / windows, lead.expectation), self._gate(lead.expectation.mean, falls=False)
        )
        highest = np.minimum(
            largest_count_with(limits / windows, lead.expectation), self._gate(lead.expectation.mean, falls=True)
        )
        growth, spread = (part[at] for part in self._change)
        return Fragility(np.where(falls, highest, lowest), *settled_range(lead.count, growth, spread), falls)

    def _gate(self, expected: Floats, *, falls: bool) -> Floats:
        return count_past_gates(self.rule, expected, falls=falls)

    @property
    def counts(self) -> CountHistory:
        return self.history.counts

    @cached_property
    def lead(self) -> WindowTest:
        """The figures of whichever window tells more."""
        one, recent = self.counts.one, self.counts.recent

        def of(name: str) -> Floats:
            either: tuple[Floats, Floats] = getattr(one, name)[self.place], getattr(recent, name)[self.place]
            return np.where(self.led_by_one, *either)

        return WindowTest(*(of(name) for name in PARTS))

    def details(self, at: Integers) -> Details:
        lead, falls, watch_p = self.lead.at(at), self.falls[at], self.history.decision.watch_p
        expectation = lead.expectation
        sure = np.where(falls, _sure(lead, falls=True), _sure(lead, falls=False))
        place = self.place[at]
        evidence = np.where(falls, self.counts.evidence(place, True), self.counts.evidence(place, False))
        low, high = (
            largest_count_with(watch_p / 2, expectation),
            smallest_count_with(watch_p / 2, expectation),
        )
        gated_low = np.minimum(low, self._gate(expectation.mean, falls=True))
        gated_high = np.maximum(high, self._gate(expectation.mean, falls=False))
        return Details(
            order=self.history.weights(self.counts.row[place]) * sure / np.sqrt(np.maximum(expectation.mean, 0.5)),
            evidence=evidence,
            threshold=np.where(falls, gated_low, gated_high),
            lower=low + 1,
            upper=high - 1,
        )

    def false_flags(self, p_cut: float) -> float:
        """Cells that chance alone would pass at a cut: each window at half of it, for the smaller p is doubled."""
        total = 0.0
        for test in (self.counts.one, self.counts.recent):
            for direction in (False, True):
                part = self.place[self.falls == direction]
                known = test.at(part[~np.isnan(test.count[part])]).expectation
                gate = self._gate(known.mean, falls=direction)
                total += expected_by_chance(known, p_cut / 2, gate, falls=direction)
        return total

    def _settling(self, at: int, window: int) -> dict[str, Any]:
        """Where a praised fall is looked at as it usually settles too: by how much the window's count still grows."""
        growth = self.changes[window][0][at] if self.settled and self.falls[at] else np.nan
        return {} if np.isnan(growth) else {"growth": growth}

    def inputs(self, at: int) -> Mapping[str, Any]:
        windows, place, falls = self.history.panel.windows, int(self.place[at]), bool(self.falls[at])
        one = _window(self.counts.one, place, falls, windows.week, windows.baseline_week)
        recent = _window(self.counts.recent, place, falls, windows.four_weeks, windows.baseline_four_weeks)
        return {
            "direction": "fall" if falls else "rise",
            "leading_window": "week" if self.led_by_one[at] else "four_weeks",
            "season_handled": bool(self.counts.season.handled[place]),
            "season": self.counts.season.words(place),
            "week": one | self._settling(at, 0),
            "four_weeks": recent | self._settling(at, 1),
            "dispersion_own": self.counts.weekly.own[place],
            "dispersion_alpha": self.counts.weekly.alpha[place],
            "formula": FORMULA,
        }


def _window(test: WindowTest, at: int, falls: bool, seen: Span, baseline: Span) -> dict[str, Any]:
    return {
        "first": seen.first.isoformat(),
        "last": seen.last.isoformat(),
        "baseline_first": baseline.first.isoformat(),
        "baseline_last": baseline.last.isoformat(),
        "count": test.count[at],
        "periods": test.length[at],
        "baseline_events": test.events[at],
        "baseline_periods": test.periods[at],
        "days": test.days[at],
        "baseline_days": test.baseline_days[at],
        "dispersion": test.dispersion[at],
        "season": test.season[at],
        "expected": test.expectation.mean[at],
        "variance_factor": test.expectation.variance_factor[at],
        "p": (test.p_down if falls else test.p_up)[at],
    }


def _sure(lead: WindowTest, falls: bool) -> Floats:
    return sure_excess(lead.count, lead.expectation.mean, lead.dispersion, falls=falls)
