"""`special_cause`: the four rules of an XmR chart at the newest point. It raises `watch`, never `concern` alone.

The arithmetic is NHSRplotthedots's; house rule: counts with a mean below 5 are left to the predictive test,
because on sparse counts screening collapses the limits. Source: docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Details, Judgement, chosen
from compstat.rules.wording import figure, span_words
from compstat.statistics.special_cause import Reason
from compstat.windows.panel import Integers
from compstat.workspace.rulebook import Rule

SPARSE_MEAN = 5.0
FEWEST_POINTS = 13  # below it limits are trial limits: NHS England, Making Data Count
SIGMAS_BETWEEN_LIMITS = 6
REASONS = {
    Reason.OUTSIDE_LIMITS: "outside the limits of its own last two years",
    Reason.TREND: "the seventh value in a row that moved the same way",
    Reason.TWO_OF_THREE: "two of three values near the same limit",
    Reason.RUN: "the seventh value in a row on the same side of its mean",
}


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Every cell with enough points; an adverse signal. Of a neutral indicator only a value outside its limits:
    that its level moved is no news where neither way is worse.
    """
    panel, found, segment = history.panel, history.limits, history.segment
    points = np.sum(~np.isnan(segment), axis=1)
    sparse = panel.is_count & ~(found.mean >= SPARSE_MEAN)
    wanted = chosen(panel, rule)
    untested = wanted & (sparse | (points < FEWEST_POINTS))
    row = np.flatnonzero(wanted & ~untested & ~np.isnan(segment[:, -1]))
    reason, side, adverse = found.reason[row, -1], found.side[row, -1], panel.adverse[row]
    value, mean = segment[row, -1], found.mean[row]
    events = panel.newest_volume[row] / panel.scale[row]

    def details(at: Integers) -> Details:
        lower, upper = found.lower[row[at]], found.upper[row[at]]
        with np.errstate(invalid="ignore", divide="ignore"):
            sigmas = np.abs(value[at] - mean[at]) / ((upper - lower) / SIGMAS_BETWEEN_LIMITS)
        order = np.nan_to_num(sigmas, posinf=0.0)
        return Details(order=order, evidence=np.full(len(at), np.nan), lower=lower, upper=upper)

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        seen, usual = figure(value[at], indicator), figure(float(mean[at]), indicator)
        words = REASONS[Reason(int(reason[at]))]
        return f"{indicator.title}: {seen} {span_words(panel, True)} (mean {usual}), {words}."

    def inputs(at: int) -> Mapping[str, Any]:
        return {
            "reason": Reason(int(reason[at])).name.lower(),
            "points": int(points[row[at]]),
            "mean": mean[at],
            "screened": True,
            "formula": "limits = mean +/- 2.66 x mean moving range",
        }

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=np.full(len(row), np.nan),
            gates=np.ones(len(row), dtype=bool),
            outcome=Outcome.WATCH,
            severity=1,
            value=value,
            comparator=mean,
            excess=(value - mean) * events,
            expected=np.abs(mean) * events,
            test="XmR, four rules",
            details=details,
            sentence=sentence,
            inputs=inputs,
            signal=np.where(adverse == 0, reason == Reason.OUTSIDE_LIMITS, (reason != Reason.NONE) & (side == adverse)),
            why_untested=lambda: {
                at: "counts this low are judged by the predictive test" if sparse[at] else "too few points"
                for at in np.flatnonzero(untested).tolist()
            },
        )
    ]
