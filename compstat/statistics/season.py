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

    def mean(self, first: int | IntArray, last: int | IntArray, share: float) -> FloatArray:
        """Mean of the columns from `first` up to and without `last`; NaN where less than this share is known.

        One value a row; of several pairs of columns a value a row and pair.
        """
        inside = np.maximum(first, 0), np.clip(last, 0, self.periods)
        number = self._known[:, inside[1]] - self._known[:, inside[0]]
        total = self._sums[:, inside[1]] - self._sums[:, inside[0]]
        enough = number >= np.maximum(share * (last - first), 1)
        return np.where(enough, total / np.maximum(number, 1), np.nan)


def season_factor(totals: npt.ArrayLike, window: int, year: int = 52, believed: BoolArray | None = None) -> Season:
    """The factor for the newest `window` columns of each row; a row is a force's total by period, NaN where unknown.

    `year`: periods of a year. The factor is the median over the earlier years of the level in the same periods (and
    `WIDENED` more on each side) over the level of the year before them. `believed`: the rows where it is used; None:
    where it made last year's forecasts of such windows better.
    """
    sums = _Sums(as_matrix(totals))
    factor, years = _factor(sums, np.asarray(sums.periods), window, year)
    helped = _helped(sums, as_matrix(totals), window, year) if believed is None else believed
    usable = (years >= YEARS_NEEDED) & helped
    return Season(np.where(usable, factor, 1.0), usable, years)


def season_profile(totals: npt.ArrayLike, window: int, year: int = 52) -> FloatArray:
    """The usual shape of the year that ends before the newest `window` columns: rows by its periods, 1 on average.

    From earlier years alone: the median over them of the level round the same period over the level of that year.
    A period of which no earlier year is known stands at 1.
    """
    sums = _Sums(as_matrix(totals))
    wider, end = round(WIDENED * year), sums.periods - window
    shapes = []
    for back in range(year, end, year):
        first = end - back - year
        level = sums.mean(first, first + year, ENOUGH_OF_A_YEAR)
        at = np.arange(first, first + year)
        near = sums.mean(at - wider, at + wider + 1, ENOUGH_OF_A_YEAR)
        shapes.append(near / np.where(level > 0, level, np.nan)[:, np.newaxis])
    found, _ = _median(np.array(shapes or [np.full((sums.rows, year), np.nan)]))
    shape = np.clip(np.nan_to_num(found, nan=1.0), LOWEST, HIGHEST)
    return np.asarray(shape / shape.mean(axis=1, keepdims=True), dtype=np.float64)


def season_course(totals: npt.ArrayLike, periods: int, year: int = 52) -> FloatArray:
    """The factor of each of the newest so many single columns, each from the years before it; 1 where none is known."""
    sums = _Sums(as_matrix(totals))
    course, _ = _factor(sums, np.arange(sums.periods - periods + 1, sums.periods + 1), 1, year)
    return np.nan_to_num(course, nan=1.0)


def _factor(sums: _Sums, end: IntArray, window: int, year: int) -> tuple[FloatArray, IntArray]:
    """Factor of the window that ends before column `end`, and the years it rests on; from earlier years alone."""
    wider = round(WIDENED * year)
    found = []
    for back in range(year, int(np.max(end)), year):
        first, last = end - window - back - wider, end - back + wider
        same = sums.mean(first, np.minimum(last, end - window), ENOUGH_OF_A_YEAR)
        before = sums.mean(first - year, first, ENOUGH_OF_A_YEAR)
        found.append(same / np.where(before > 0, before, np.nan))
    middle, years = _median(np.array(found or [np.full((sums.rows, *np.shape(end)), np.nan)]))
    return np.clip(middle, LOWEST, HIGHEST), years


def _median(years: FloatArray) -> tuple[FloatArray, IntArray]:
    """Median over the first axis of what is known, the mean of the two in the middle; and how many were known."""
    number = np.sum(~np.isnan(years), axis=0)
    ranked = np.sort(years, axis=0)  # NaN last
    lower, upper = np.maximum(number - 1, 0) // 2, np.minimum(number // 2, len(ranked) - 1)
    middle = [np.take_along_axis(ranked, place[np.newaxis], axis=0)[0] for place in (lower, upper)]
    return np.asarray((middle[0] + middle[1]) / 2, dtype=np.float64), number


def _helped(sums: _Sums, totals: FloatArray, window: int, year: int) -> BoolArray:
    """Whether last year's forecasts of the total were nearer with the factor of their day than without."""
    end = np.arange(max(sums.periods - year, window) + 1, sums.periods)
    if not end.size:
        return np.zeros(len(totals), dtype=np.bool_)
    seen = sums.mean(end - window, end, 1.0)
    level = sums.mean(end - window - year, end - window, ENOUGH_OF_A_YEAR)
    factor, years = _factor(sums, end, window, year)
    known = ~np.isnan(seen) & ~np.isnan(level) & (years > 0)
    without, with_factor = (
        np.where(known, (seen - forecast) ** 2, 0.0).sum(axis=1) for forecast in (level, factor * level)
    )
    return np.asarray(with_factor < without, dtype=np.bool_)
