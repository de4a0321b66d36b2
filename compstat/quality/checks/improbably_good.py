"""`improbably-good`: an improvement beyond anything chance does. To be looked at before it is praised."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import BY_CHANCE, Check, Found, Severity, chance, improbable, place_of
from compstat.rules.evaluation import Evaluation
from compstat.rules.history.panel_history import History
from compstat.rules.wording import figure, span_words
from compstat.statistics.ratios import share_tails
from compstat.store import Store
from compstat.windows.panel import Floats


def good_p(history: History) -> Floats:
    """P of so good a recent window by the cell's own year before it, one-sided; NaN: neither way is better.

    Counts: the negative-binomial predictive. Ratios: the beta-binomial one, with the dispersion of the year's blocks.
    A fall from under about 5 expected events can never be so improbable.
    """
    panel, counts = history.panel, history.counts
    p = np.full(panel.size, np.nan)
    fewest = panel.cadence.year * history.decision.minimum_baseline
    tested = (counts.recent.periods >= fewest) & ~counts.large
    p[counts.row] = np.where(tested, counts.recent.p(panel.adverse[counts.row] > 0), np.nan)
    rows = history.share_rows
    window, year = panel.before(panel.cadence.recent)
    x, n = (matrix[rows] for matrix in (panel.amount, panel.volume))
    enough = (~np.isnan(x[:, year])).sum(axis=1) >= fewest
    past = np.nansum(x[:, year], axis=1), np.nansum(n[:, year], axis=1)
    up, down = share_tails(x[:, window].sum(axis=1), n[:, window].sum(axis=1), *past, history.share_block_dispersion)
    p[rows] = np.where(enough, np.where(panel.adverse[rows] > 0, down, up), np.nan)
    return np.where(panel.adverse == 0, np.nan, p)


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for history in evaluation.histories.values():
        panel, p = history.panel, good_p(history)
        window, year = panel.before(panel.cadence.recent)
        for row in improbable(p).tolist():
            indicator = panel.indicators[row]
            seen, usual = figure(_level(history, row, window), indicator), figure(_usual(history, row, year), indicator)
            message = f"{seen} {span_words(panel, False)}, where its own year before gives {usual}; {chance(p[row])}"
            fix = "See how it was recorded, and draw records, before it is praised or rewarded."
            finding = Finding("improbably-good", place_of(panel, row), message, fix)
            yield Found(finding, panel.units[row], indicator.indicator, {"p_value": float(p[row])})


def _level(history: History, row: int, columns: slice) -> float:
    """The figure of a recent window: a share, else the sum over as many periods as the window holds."""
    panel = history.panel
    x, n = panel.amount[row, columns], panel.volume[row, columns]
    if panel.is_ratio[row]:
        return float(np.nansum(x) / np.nansum(n) * panel.scale[row])
    return float(np.nanmean(x) * panel.cadence.recent)


def _usual(history: History, row: int, year: slice) -> float:
    """What its own year gives for the window: of counts with the season, as the test and the flags have it."""
    if not history.panel.is_count[row]:
        return _level(history, row, year)
    return float(history.counts.recent.expectation.mean[np.searchsorted(history.counts.row, row)])


CHECK = Check(
    code="improbably-good",
    severity=Severity.WARNING,
    means="An improvement goes beyond anything chance does: see how it was recorded before it is praised.",
    false_alarms=BY_CHANCE,
    find=_find,
)
