"""Ratios against their own history, in either direction: what `spike` and `commend` share.

Exact where that form holds, else the cautious one: Laney's chart and the forecast must both be surprised;
docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import SMALLEST_P, SURE_Z, Details, Judgement, chosen, past_gates
from compstat.rules.wording import share_sentence
from compstat.statistics.ranking import evidence_from_z
from compstat.windows.panel import Floats, Integers
from compstat.workspace.rulebook import Rule

TEST = "share against own history: exact beta-binomial, or Laney and forecast residual together"
FORMULA = "exact: beta-binomial predictive; else p = max(normal tail of Laney z, t tail of forecast z)"


def judge_shares(rule: Rule, history: History, direction: int, outcome: Outcome) -> Judgement:
    """Ratios whose newest period moved in this direction: 1 for worse, -1 for better."""
    panel, change = history.panel, history.shares
    wanted = chosen(panel, rule)[history.share_rows]
    adverse = panel.adverse[history.share_rows]
    p = np.where(adverse * direction < 0, change.p_down, change.p_up)
    tested = wanted & (adverse != 0) & ~np.isnan(p)
    place = np.flatnonzero(tested)
    cells = _Cells(rule, history, place, p[place])
    row, scale = cells.row, panel.scale[cells.row]
    value, comparator = cells.share * scale, cells.expected * scale
    gap = np.abs(cells.share - cells.expected)
    events_apart = past_gates(rule, gap * cells.volume, cells.rarer * cells.volume)
    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=p[place],
        gates=events_apart,
        outcome=outcome,
        severity=2 if outcome is Outcome.CONCERN else 1,
        value=value,
        comparator=comparator,
        excess=(cells.share - cells.expected) * cells.volume,
        expected=cells.rarer * cells.volume,
        test=TEST,
        details=cells.details,
        sentence=lambda at: share_sentence(panel, int(row[at]), value[at], comparator[at]),
        inputs=cells.inputs,
        false_flags=cells.false_flags,
        why_untested=lambda: {
            int(history.share_rows[at]): _why_not(history, int(at)) for at in np.flatnonzero(wanted & ~tested)
        },
    )


@dataclass(frozen=True)
class _Cells:
    """The tested cells: places among the ratios; shares are 0-1."""

    rule: Rule
    history: History
    place: Integers
    p: Floats

    @property
    def row(self) -> Integers:
        return self.history.share_rows[self.place]

    @property
    def volume(self) -> Floats:
        return np.asarray(self.history.panel.volume[self.row, -1], dtype=np.float64)

    @property
    def share(self) -> Floats:
        return np.asarray(self.history.panel.amount[self.row, -1] / self.volume, dtype=np.float64)

    @property
    def expected(self) -> Floats:
        return self.history.shares.expected[self.place]

    @property
    def rarer(self) -> Floats:
        """The share of the rarer outcome: half as many late calls is a change, 1% more in time is none."""
        return np.minimum(self.expected, 1 - self.expected)

    def details(self, at: Integers) -> Details:
        change, scale = self.history.shares, self.history.panel.scale[self.row[at]]
        score = -ndtri(np.clip(self.p[at], SMALLEST_P, 1.0))
        return Details(
            order=self.history.weights(self.row[at]) * np.maximum(score - SURE_Z, 0.0),
            evidence=evidence_from_z(score),
            lower=change.lower[self.place[at]] * scale,
            upper=change.upper[self.place[at]] * scale,
        )

    def false_flags(self, p_cut: float) -> float:
        """Cells that chance alone would pass at a cut: the rarer of its p and of a share past the gates."""
        sigma = self.history.shares.sigma[self.place]
        wanted = np.maximum(self.rule.minimum_gap / self.volume, self.rarer * self.rule.threshold_percent / 100)
        spread = sigma * np.sqrt(self.expected * (1 - self.expected) / self.volume)
        with np.errstate(divide="ignore", invalid="ignore"):
            past_gate = np.nan_to_num(ndtr(-wanted / spread), nan=0.5)
        return float(np.minimum(p_cut, past_gate).sum())

    def inputs(self, at: int) -> Mapping[str, Any]:
        history, place = self.history, int(self.place[at])
        panel, change, row = history.panel, history.shares, int(history.share_rows[place])
        _, year = panel.before(1)
        windows = panel.windows
        return {
            "first": windows.week.first.isoformat(),
            "last": windows.week.last.isoformat(),
            "baseline_first": windows.baseline_week.first.isoformat(),
            "baseline_last": windows.baseline_week.last.isoformat(),
            "numerator": panel.amount[row, -1],
            "denominator": panel.volume[row, -1],
            "numerators": panel.amount[row].tolist(),
            "denominators": panel.volume[row].tolist(),
            "baseline_length": panel.cadence.year,
            "baseline_share": change.expected[place],
            "baseline_periods": int(np.sum(panel.volume[row, year] > 0)),
            "dispersion": change.dispersion[place],
            "autocorrelation": change.autocorrelation[place],
            "laney_z": change.laney_z[place],
            "forecast_z": change.forecast_z[place],
            "exact": bool(change.exact[place]),
            "direction": "rise" if self.p[at] == change.p_up[place] else "fall",
            "formula": FORMULA,
        }


def _why_not(history: History, place: int) -> str:
    panel, row = history.panel, int(history.share_rows[place])
    if panel.adverse[row] == 0:
        return "neither more nor less is better"
    if not panel.returned[row, -1]:
        return "no return in the window"
    if not panel.volume[row, -1] > 0:
        return "nothing to divide by: its denominator is 0"
    if row in panel.breaks:
        return f"the definition or boundary changed on {panel.breaks[row]}: nothing before compares"
    return "too few periods of history"
