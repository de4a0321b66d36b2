"""Ratios against their own history, in either direction: what `spike` and `commend` share.

Exact where that form holds, else the cautious one: Laney's chart and the forecast must both be surprised;
docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from compstat.rules.flag import Outcome
from compstat.rules.history import History
from compstat.rules.judgement import ROUNDING, Judgement, chosen
from compstat.rules.wording import share_sentence
from compstat.statistics.ranking import evidence_from_z
from compstat.workspace.rulebook import Rule

SURE_Z = 1.28  # 90% one-sided: the part of a score one can be sure of


def judge_shares(rule: Rule, history: History, direction: int, outcome: Outcome) -> Judgement:
    """Ratios whose newest period moved in this direction: 1 for worse, -1 for better."""
    panel, change, rows = history.panel, history.shares, history.share_rows
    wanted = chosen(panel, rule)[rows]
    adverse = panel.adverse[rows]
    falls = adverse * direction < 0
    p = np.where(falls, change.p_down, change.p_up)
    place = np.flatnonzero(wanted & (adverse != 0) & ~np.isnan(p))
    row = rows[place]
    scale = np.array([panel.indicators[int(at)].scale for at in row])
    n = panel.volume[row, -1]
    share = panel.amount[row, -1] / n
    expected = change.expected[place]
    excess = (share - expected) * n
    rarer = np.minimum(expected, 1 - expected)
    gates = (np.abs(excess) >= rule.minimum_gap - ROUNDING) & (
        np.abs(share - expected) >= rarer * rule.threshold_percent / 100 - ROUNDING
    )
    score = -ndtri(np.clip(p[place], 1e-300, 1.0))
    size = rarer * n
    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=p[place],
        gates=gates,
        outcome=outcome,
        severity=2 if outcome is Outcome.CONCERN else 1,
        value=share * scale,
        comparator=expected * scale,
        excess=excess,
        expected=size,
        order=history.weights(row) * np.maximum(score - SURE_Z, 0.0),
        evidence=evidence_from_z(score),
        test="share against own history: exact beta-binomial, or Laney and forecast residual together",
        sentence=lambda at: share_sentence(panel, int(row[at]), (share * scale)[at], (expected * scale)[at]),
        lower=change.lower[place] * scale,
        upper=change.upper[place] * scale,
        inputs=lambda at: _share_inputs(history, int(place[at])),
        false_flags=lambda p_cut: p_cut * len(place),
        untested={
            int(rows[at]): _why_no_share(history, int(at))
            for at in np.flatnonzero(wanted & (np.isnan(p) | (adverse == 0)))
        },
    )


def _why_no_share(history: History, at: int) -> str:
    panel, row = history.panel, int(history.share_rows[at])
    if panel.adverse[row] == 0:
        return "neither more nor less is better"
    if not panel.volume[row, -1] > 0:
        return "no return in the window"
    if row in panel.breaks:
        return f"the definition or boundary changed on {panel.breaks[row]}: nothing before compares"
    return "too few periods of history"


def _share_inputs(history: History, at: int) -> Mapping[str, Any]:
    panel, change, row = history.panel, history.shares, int(history.share_rows[at])
    _, year = panel.before(1)
    return {
        "numerator": panel.amount[row, -1],
        "denominator": panel.volume[row, -1],
        "baseline_numerators": panel.amount[row].tolist(),
        "baseline_denominators": panel.volume[row].tolist(),
        "baseline_share": change.expected[at],
        "baseline_periods": int(np.sum(~np.isnan(panel.amount[row, year]))),
        "dispersion": change.dispersion[at],
        "autocorrelation": change.autocorrelation[at],
        "laney_z": change.laney_z[at],
        "forecast_z": change.forecast_z[at],
        "exact": bool(change.exact[at]),
        "formula": "exact: beta-binomial predictive; else p = max(normal tail of Laney z, t tail of forecast z)",
    }
