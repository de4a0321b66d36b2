"""`improbable-stability`: figures that vary less than chance lets true ones vary, or one that is copied forward."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import BY_CHANCE, Check, Found, Severity, chance, improbable, place_of
from compstat.rules.evaluation import Evaluation
from compstat.rules.history.panel_history import History
from compstat.rules.wording import figure, periods_name
from compstat.statistics.stability import count_stability, repeated_figure, share_stability
from compstat.store import Store
from compstat.windows.panel import Floats

FEWEST_PERIODS = 12  # half a year of weeks; of longer periods a dozen


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for history in evaluation.histories.values():
        panel = history.panel
        length = max(FEWEST_PERIODS, panel.cadence.year // 2)
        p, repeats = stability_p(history, length)
        for row in improbable(p).tolist():
            indicator, last = panel.indicators[row], panel.value[row, -length:]
            low, high = (figure(float(find(last)), indicator) for find in (np.nanmin, np.nanmax))
            message = f"between {low} and {high} for {length} {periods_name(panel)}"
            if not np.isnan(repeats[row]):
                message = f"{figure(float(last[-1]), indicator)} for the {int(repeats[row])}th time in a row"
            message += f": chance alone varies more ({chance(p[row])})"
            fix = "See how it is counted: an estimate, or last period's figure copied, is no return."
            finding = Finding("improbable-stability", place_of(panel, row), message, fix)
            yield Found(finding, panel.units[row], indicator.indicator, {"p_value": float(p[row])})


def stability_p(history: History, length: int) -> tuple[Floats, Floats]:
    """P of so little variation in the newest `length` periods, a cell; of measurements the length of the newest run.

    Counts against Poisson and ratios against the binomial, by the lower tail of their chi-square: true figures vary
    at least so much. A measurement has no such floor: its newest figure may not repeat more often than figures of it
    do. NaN where the newest period has no return.
    """
    panel = history.panel
    recent = slice(-length, None)
    p, repeats = np.full(panel.size, np.nan), np.full(panel.size, np.nan)
    counts, shares = np.flatnonzero(panel.is_count), history.share_rows
    p[counts] = count_stability(panel.amount[counts, recent])
    p[shares] = share_stability(panel.amount[shares, recent], panel.volume[shares, recent])
    measured = np.flatnonzero(~panel.is_count & ~panel.is_ratio)
    repeats[measured], p[measured] = repeated_figure(history.segment[measured])
    return np.where(panel.returned[:, -1], p, np.nan), repeats


CHECK = Check(
    code="improbable-stability",
    severity=Severity.WARNING,
    means="Figures vary less than chance alone makes true ones vary, or one figure is repeated again and again.",
    false_alarms=BY_CHANCE,
    find=_find,
)
