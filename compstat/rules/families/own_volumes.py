"""Large volumes against their own history, in either direction: what `spike` and `commend` share.

A volume is a count with a mean above 100 whose neighbours resemble each other; a count test would call three times as
many of its weeks significant as it should. The forecast and the chart of its year must both be surprised;
docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtr

from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.history.restatement import settled_range
from compstat.rules.judgement import (
    SMALLEST_P,
    SURE_Z,
    Details,
    Fragility,
    Judgement,
    chosen,
    count_past_gates,
    past_gates,
)
from compstat.rules.wording import volume_sentence
from compstat.statistics.ranking import evidence_from_z
from compstat.statistics.volumes import VolumeChange
from compstat.windows.panel import Bools, Floats, Integers
from compstat.workspace.rulebook import Rule

TEST = "volume against own history: forecast residual and own chart together"
FORMULA = (
    "L = ln(c + 1/2); p = max(t tail of (L - forecast) / spread, normal tail of (L - mean) / sigma); "
    "forecast moves by 0.4 of each error"
)


def judge_volumes(rule: Rule, history: History, direction: int, outcome: Outcome) -> Judgement:
    """Volumes whose newest period moved in this direction: 1 for worse, -1 for better."""
    panel, change = history.panel, history.volumes
    wanted = chosen(panel, rule)[history.volume_rows]
    tested = wanted & ~np.isnan(change.forecast_z(change.count) + change.chart_z(change.count))
    place = np.flatnonzero(tested)
    falls = panel.adverse[history.volume_rows[place]] * direction < 0
    cells = _Cells(rule, history, place, falls, direction < 0)
    row, count, expected = cells.row, cells.change.count, cells.change.expected
    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=cells.p,
        gates=cells.gates,
        outcome=outcome,
        severity=2 if outcome is Outcome.CONCERN else 1,
        value=count,
        comparator=expected,
        excess=count - expected,
        expected=expected,
        test=TEST,
        details=cells.details,
        sentence=lambda at: volume_sentence(panel, int(row[at]), count[at], expected[at]),
        inputs=cells.inputs,
        false_flags=cells.false_flags,
        fragility=cells.fragility,
        why_untested=lambda: {
            int(history.volume_rows[at]): _why_not(history, int(at)) for at in np.flatnonzero(wanted & ~tested)
        },
    )


@dataclass(frozen=True)
class _Cells:
    """The tested cells: places among the volumes, and which way each is watched.

    praised: a fall must hold for the count as it usually settles too, for falls are undone most often.
    """

    rule: Rule
    history: History
    place: Integers
    falls: Bools
    praised: bool

    @cached_property
    def change(self) -> VolumeChange:
        return self.history.volumes.at(self.place)

    @property
    def row(self) -> Integers:
        return self.history.volume_rows[self.place]

    @cached_property
    def settling(self) -> tuple[Floats, Floats]:
        """Usual growth and spread of each cell's newest count; NaN: not learnt."""
        panel = self.history.panel
        codes = [panel.indicators[row].indicator for row in self.row.tolist()]
        return self.history.restatement.of_windows(codes, panel.amount[self.row, -1:])

    @cached_property
    def settled(self) -> Floats:
        """The count as it usually settles, of falls that are praised; else as it is recorded."""
        growth = np.where(self.falls & self.praised, np.nan_to_num(self.settling[0], nan=1.0), 1.0)
        return np.rint(self.change.count * growth)

    @cached_property
    def p(self) -> Floats:
        return np.maximum(self.change.p(self.change.count, self.falls), self.change.p(self.settled, self.falls))

    @property
    def gates(self) -> Bools:
        # a volume of hundreds that is suddenly nothing was not returned, or wrongly: it is no merit
        passed = self.change.unlike_a_year_ago(self.falls) & ~(self.falls & self.praised & (self.change.count <= 0))
        for count in (self.change.count, self.settled):
            apart = count - self.change.expected
            passed &= past_gates(self.rule, np.where(self.falls, -apart, apart), self.change.expected)
        return passed

    def details(self, at: Integers) -> Details:
        score = -ndtri(np.clip(self.p[at], SMALLEST_P, 1.0))
        lower, upper = self.change.at(at).limits()
        return Details(
            order=self.history.weights(self.row[at]) * np.maximum(score - SURE_Z, 0.0),
            evidence=evidence_from_z(score),
            threshold=self._listed_from(at, np.full(len(at), self.history.decision.watch_p)),
            lower=lower,
            upper=upper,
        )

    def fragility(self, at: Integers, limits: Floats) -> Fragility:
        growth, spread = (part[at] for part in self.settling)
        settles = settled_range(self.change.count[at], growth, spread)
        return Fragility(self._listed_from(at, limits), *settles, self.falls[at])

    def _listed_from(self, at: Integers, limits: Floats) -> Floats:
        """The count nearest to the expected that has such a p and is past threshold and gap."""
        change, falls = self.change.at(at), self.falls[at]
        by_p, past = change.nearest_count(limits, falls), self._past_gates(change.expected, falls)
        return np.where(falls, np.minimum(by_p, past), np.maximum(by_p, past))

    def _past_gates(self, expected: Floats, falls: Bools) -> Floats:
        low, high = (count_past_gates(self.rule, expected, falls=way) for way in (True, False))
        return np.where(falls, low, high)

    def false_flags(self, p_cut: float) -> float:
        """Cells that chance alone would pass at a cut: the rarer of its p and of a count past the gates."""
        z = self.change.forecast_z(self._past_gates(self.change.expected, self.falls))
        past_gate = stdtr(self.change.freedom, np.where(self.falls, z, -z))
        return float(np.minimum(p_cut, past_gate).sum())

    def inputs(self, at: int) -> Mapping[str, Any]:
        panel, change = self.history.panel, self.change
        windows, row, count = panel.windows, int(self.row[at]), change.count[at : at + 1]
        one = change.at(np.array([at]))
        settles = {} if self.settled[at] == count[0] else {"growth": self.settling[0][at]}
        return {
            "first": windows.week.first.isoformat(),
            "last": windows.week.last.isoformat(),
            "baseline_first": windows.baseline_week.first.isoformat(),
            "baseline_last": windows.baseline_week.last.isoformat(),
            "direction": "fall" if self.falls[at] else "rise",
            "counts": panel.amount[row].tolist(),
            **({} if panel.relative_days is None else {"days": panel.days.tolist()}),
            "count": count[0],
            "baseline_length": panel.cadence.year,
            "autocorrelation": change.autocorrelation[at],
            "expected": change.expected[at],
            "forecast": change.forecast[at],
            "spread": change.spread[at],
            "degrees_of_freedom": change.freedom[at],
            "forecast_z": one.forecast_z(count)[0],
            "chart_mean": change.centre[at],
            "chart_sigma": change.sigma[at],
            "chart_z": one.chart_z(count)[0],
            "missed_most_a_year_ago": (change.fall_then if self.falls[at] else change.rise_then)[at],
            **settles,
            "formula": FORMULA,
        }


def _why_not(history: History, place: int) -> str:
    row = int(history.volume_rows[place])
    if not history.panel.returned[row, -1]:
        return "no return this period"
    return "too few periods of history"
