"""What to expect next in a flagged cell if nothing is done: a 90% band of its next window, and on what it rests.

Counts: what earlier flags led to, where enough is known, else the fallback. Anything else: its own adjoining blocks.
Source: docs/method.md, If nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compstat.rules.figure_window import FigureWindow
from compstat.rules.history.count_history import LARGE, block_sums
from compstat.rules.history.panel_history import History
from compstat.rules.history.persistence import Learnt
from compstat.rules.history.window_test import WindowTest
from compstat.statistics.block_band import block_band
from compstat.statistics.expectation_band import Band, expected_band
from compstat.statistics.predictive import Expectation
from compstat.windows.panel import Floats, Panel

LEARNT, NOT_YET = "learnt", "not yet learnt here"


@dataclass(frozen=True)
class Outlook:
    """The band of a cell's next window in the unit of its figure, None where none can be said; and its receipt."""

    low: float | None
    high: float | None
    receipt: Mapping[str, Any]


def if_nothing_is_done(history: History, row: int, window: FigureWindow) -> Outlook:
    """What this cell of the panel will hold over its next window, as long as the one that its figure is of.

    Of a mean over a year or a quarter: the mean of the next recent window.
    """
    panel = history.panel
    recent = panel.cadence.recent
    length = {"period": 1, "periods": window.periods}.get(window.length, recent)
    at = count_place(history, row) if length in {1, recent} else None
    if at is None:
        band, learnt = _of_blocks(panel, row, length), Learnt(None)
    else:
        counts = history.counts
        band, learnt = count_outlook(history, at, counts.one if length == 1 else counts.recent)
    is_mean = window.is_mean and panel.indicators[row].aggregate == "sum"
    named = {1: "week", recent: "mean" if is_mean else "four_weeks"}
    receipt = {"window": named.get(length, f"{length} periods")} | _rests_on(learnt)
    if band is None:
        return Outlook(None, None, receipt)
    low, high = (end / length if is_mean else end for end in band)
    return Outlook(low, high, receipt)


def _rests_on(learnt: Learnt) -> dict[str, Any]:
    found = learnt.persistence
    if found is None:
        return {"basis": NOT_YET}
    return {
        "basis": LEARNT,
        "pool": learnt.pool,
        "earlier_flags": found.cells,
        "persistence": found.rho,
        "low_residual": found.low_residual,
        "high_residual": found.high_residual,
    }


def count_place(history: History, row: int) -> int | None:
    """The place among the counts of a cell of the panel; None for what is no count, or too large to be one."""
    if not history.panel.is_count[row]:
        return None
    at = int(np.searchsorted(history.counts.row, row))
    return None if history.counts.why[at] == LARGE else at


def count_outlook(history: History, at: int, test: WindowTest) -> tuple[tuple[float, float] | None, Learnt]:
    """The band of a count, and what it rests on; None where its window has no expectation or misses returns."""
    panel, row = history.panel, int(history.counts.row[at])
    length = 1 if test is history.counts.one else panel.cadence.recent
    mean = float(test.expectation.mean[at])
    if np.isnan(mean) or not test.length[at] >= length:
        return None, Learnt(None)
    level = panel.scope.levels[panel.units[row]]
    learnt = history.learning.of(panel.indicators[row].indicator, level, length)
    expected = Expectation(test.expectation.mean[[at]], test.expectation.variance_factor[[at]])
    band: Band = expected_band(expected, test.count[[at]], test.dispersion[[at]], learnt.persistence)
    return (float(band.low[0]), float(band.high[0])), learnt


def _of_blocks(panel: Panel, row: int, length: int) -> tuple[float, float] | None:
    levels = block_levels(panel, row, panel.cadence.year // length + 1, length)
    band = block_band(levels[:-1], float(levels[-1]))
    return None if band is None else within_reach(panel, row, band)


def within_reach(panel: Panel, row: int, band: tuple[float, float]) -> tuple[float, float]:
    """The band without what the figure cannot be: below 0, above 100%."""
    indicator = panel.indicators[row]
    lowest = 0.0 if indicator.non_negative else -np.inf
    highest = 100.0 if indicator.unit_of_measure == "percent" else np.inf
    return max(band[0], lowest), min(band[1], highest)


def block_levels(panel: Panel, row: int, blocks: int, length: int) -> Floats:
    """The figures of the newest adjoining windows of so many periods of one cell, the newest last; NaN with a return
    missing.
    """
    indicator = panel.indicators[row]
    amount, volume = (block_sums(part[[row]], blocks, length)[0] for part in (panel.amount, panel.volume))
    if indicator.aggregate == "sum":
        return np.asarray(amount, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(amount / volume * panel.scale[row], dtype=np.float64)
