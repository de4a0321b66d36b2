"""`outlier`: a figure that the unit's own history makes next to impossible; often a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import BY_CHANCE, Check, Found, Severity, chance, improbable, place_of
from compstat.rules.evaluation import Evaluation
from compstat.rules.history.panel_history import History
from compstat.rules.wording import figure
from compstat.statistics.own_spread import outside_own_spread
from compstat.store import Store
from compstat.windows.panel import Floats


def newest_p(history: History) -> Floats:
    """Two-sided p of each cell's newest figure against its own year; NaN where it is missing or the year too short.

    Counts: the negative-binomial predictive of one period. Ratios: as the rules judge them, the beta-binomial or
    Laney's chart and the forecast together. Measurements, and volumes too large to be counts of rare events: the
    prediction interval from the spread of an XmR chart. Sources: with each, in docs/method.md.
    """
    panel, counts = history.panel, history.counts
    p = np.full(panel.size, np.nan)
    fewest = panel.cadence.year * history.decision.minimum_baseline
    one = counts.one
    p[counts.row] = np.where(one.periods >= fewest, _two_sided(one.p_up, one.p_down), np.nan)
    p[history.share_rows] = _two_sided(history.shares.p_up, history.shares.p_down)
    measured = np.setdiff1d(np.arange(panel.size), np.concatenate([counts.row[~counts.large], history.share_rows]))
    p[measured] = outside_own_spread(history.segment[measured, -1 - panel.cadence.year :], fewest)
    return p


def _two_sided(up: Floats, down: Floats) -> Floats:
    return np.asarray(np.minimum(1.0, 2 * np.minimum(up, down)), dtype=np.float64)


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for history in evaluation.histories.values():
        panel, p = history.panel, newest_p(history)
        year = panel.value[:, -1 - panel.cadence.year : -1]
        for row in improbable(p).tolist():
            indicator = panel.indicators[row]
            low, high = (figure(float(find(year[row])), indicator) for find in (np.nanmin, np.nanmax))
            seen = figure(float(panel.value[row, -1]), indicator)
            message = f"{seen}, where its own year before was between {low} and {high}; chance alone: {chance(p[row])}"
            fix = "Ask the unit whether the figure is right; a slip is loaded again, a true one is for the meeting."
            finding = Finding("outlier", place_of(panel, row), message, fix)
            yield Found(finding, panel.units[row], indicator.indicator, {"p_value": float(p[row])})


CHECK = Check(
    code="outlier",
    severity=Severity.WARNING,
    means="A figure is so far from the unit's own year that chance cannot explain it: a slip, or news.",
    false_alarms=BY_CHANCE,
    find=_find,
)
