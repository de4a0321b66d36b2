"""The season of a force: how much its total of these weeks usually stands above or below the year before them.

Pooled over all units of an indicator, so nearly free of noise. Formula, clip and need of two earlier years:
docs/method.md, where the measured error rates with and without it are. One shocked year does harm, hence the guard:
a factor is believed only where it made last year's forecasts of the total better.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import BoolArray, FloatArray, IntArray, as_matrix

LOWEST, HIGHEST = 0.7, 1.4  # a factor outside is a shock, not a season
WIDENED = 2 / 52  # of a year, before and after the window
ENOUGH_OF_A_YEAR = 0.8  # of the periods before the window that must be known
YEARS_NEEDED = 2


class Season(NamedTuple):
    """One value a total. factor: 1 where no season is believed; years: earlier years it was found in."""

    factor: FloatArray
    handled: BoolArray
    years: IntArray


class _Sums:
    """Means over any columns of a matrix in one step, gaps left out."""

    def __init__(self, totals: FloatArray) -> None:
        known = ~np.isnan(totals)
        start = np.zeros((len(totals), 1))
        self.rows, self.periods = totals.shape
        self._sums = np.hstack([start, np.cumsum(np.where(known, totals, 0.0), axis=1)])
        self._known = np.hstack([start, np.cumsum(known, axis=1)])

    def mean(self, first: int, last: int, share: float) -> FloatArray:
        """Mean of the columns from `first` up to and without `last`; NaN where less than this share is known."""
        inside = max(first, 0), max(min(last, self.periods), 0)
        number = self._known[:, inside[1]] - self._known[:, inside[0]]
        total = self._sums[:, inside[1]] - self._sums[:, inside[0]]
        enough = number >= max(share * (last - first), 1)
        return np.where(enough, total / np.maximum(number, 1), np.nan)


def season_factor(totals: npt.ArrayLike, window: int, year: int = 52) -> Season:
    """The factor for the newest `window` columns of each row; a row is a force's total by period, NaN where unknown.

    `year`: periods of a year. The factor is the median over the earlier years of the level in the same periods (and
    `WIDENED` more on each side) over the level of the year before them.
    """
    sums = _Sums(as_matrix(totals))
    factor, years = _factor(sums, sums.periods, window, year)
    usable = (years >= YEARS_NEEDED) & _helped(sums, as_matrix(totals), window, year)
    return Season(np.where(usable, factor, 1.0), usable, years)


def _factor(sums: _Sums, end: int, window: int, year: int) -> tuple[FloatArray, IntArray]:
    """Factor of the window that ends before column `end`, and the years it rests on; from earlier years alone."""
    wider = round(WIDENED * year)
    found = []
    for back in range(year, end, year):
        first, last = end - window - back - wider, end - back + wider
        same = sums.mean(first, min(last, end - window), ENOUGH_OF_A_YEAR)
        before = sums.mean(first - year, first, ENOUGH_OF_A_YEAR)
        found.append(same / np.where(before > 0, before, np.nan))
    ratios = np.array(found or [np.full(sums.rows, np.nan)])
    years = np.sum(~np.isnan(ratios), axis=0)
    ranked = np.sort(ratios, axis=0)  # NaN last
    lower, upper = (np.maximum(years - 1, 0) // 2, years // 2)
    at = np.arange(ranked.shape[1])
    middle = (ranked[lower, at] + ranked[np.minimum(upper, len(ranked) - 1), at]) / 2
    return np.clip(middle, LOWEST, HIGHEST), years


def _helped(sums: _Sums, totals: FloatArray, window: int, year: int) -> BoolArray:
    """Whether last year's forecasts of the total were nearer with the factor of their day than without."""
    without, with_factor = np.zeros(len(totals)), np.zeros(len(totals))
    for end in range(max(sums.periods - year, window) + 1, sums.periods):
        seen = sums.mean(end - window, end, 1.0)
        level = sums.mean(end - window - year, end - window, ENOUGH_OF_A_YEAR)
        factor, years = _factor(sums, end, window, year)
        known = ~np.isnan(seen) & ~np.isnan(level) & (years > 0)
        without += np.where(known, (seen - level) ** 2, 0.0)
        with_factor += np.where(known, (seen - factor * level) ** 2, 0.0)
    return np.asarray(with_factor < without, dtype=np.bool_)
