"""Earlier windows of counts that stood out, with what came next: what "if nothing is done" is learnt from.

One pass over a matrix of cells by periods: every window against the year before it, by the arithmetic of the
predictive test (expected_count, Dispersion), but with running sums in place of a test a week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import FloatArray, as_matrix
from compstat.statistics.dispersion import BLOCK_GROUP_WEIGHT, WEEKLY_GROUP_WEIGHT
from compstat.statistics.predictive import JEFFREYS_EVENTS, Expectation, probability_at_least, probability_at_most

LISTED_P = 0.02  # an earlier window that surprised so much teaches: docs/method.md, If nothing is done
LEAST_GAP = 3.0  # events; the same place
# A p of LISTED_P in either tail is further from the expected than so many standard deviations: of a fall, whose tail
# is short, fewer. Only what lies beyond is worth the exact tail.
LEAST_RISE, LEAST_FALL = 2.0, 1.2


@dataclass(frozen=True, slots=True)
class Flagged:
    """Earlier windows that stood out, one value each: `following` is the count of the next, adjoining window."""

    expected: FloatArray
    count: FloatArray
    following: FloatArray
    dispersion: FloatArray


def flagged_before(
    series: npt.ArrayLike, *, length: int, block: int, year: int, fewest: float, least_expected: float
) -> Flagged:
    """The windows of `length` periods of one group of cells (cells by periods, oldest first) that stood out.

    `block`: periods of the recent window, whose sums give the dispersion of a window as long; any other gets that of
    single periods. A window with a return missing, in it or in the next one, teaches nothing; nor does one with
    fewer than `fewest` periods in the year before, or one that expects fewer than `least_expected` events in a block.
    """
    counts = as_matrix(series)
    windows = counts.shape[1] - year - 2 * length + 1
    if windows < 1 or not len(counts):
        return Flagged(*(np.zeros(0) for _ in range(4)))
    sums = _running(counts, length)
    now = sums[:, year : year + windows]
    after = sums[:, year + length : year + length + windows]
    known = ~np.isnan(counts)
    seen = _running(np.where(known, counts, 0.0), year)[:, :windows]
    periods = _running(known.astype(np.float64), year)[:, :windows]
    share = np.divide(length, periods, out=np.full_like(periods, np.nan), where=periods >= max(fewest, 2))
    expected = (seen + JEFFREYS_EVENTS) * share
    if length == block:
        phi = _dispersion(_blocks(counts, block, year, windows), BLOCK_GROUP_WEIGHT)
    else:
        phi = _dispersion(_periods(counts, year, windows), WEEKLY_GROUP_WEIGHT)
    enough = expected * block / length >= least_expected
    taken = enough & _stands_out(now, expected, phi * (1 + share)) & ~np.isnan(after)
    return Flagged(expected[taken], now[taken], after[taken], phi[taken])


def _stands_out(count: FloatArray, expected: FloatArray, factor: FloatArray) -> npt.NDArray[np.bool_]:
    gap = count - expected
    with np.errstate(invalid="ignore"):
        apart = gap / np.sqrt(expected * factor)
        out = (np.abs(gap) >= LEAST_GAP) & ((apart > LEAST_RISE) | (apart < -LEAST_FALL))
    near = np.flatnonzero(out.ravel())
    told, level = count.ravel()[near], Expectation(expected.ravel()[near], factor.ravel()[near])
    p = np.where(told > level.mean, probability_at_least(told, level), probability_at_most(told, level))
    out.ravel()[near] = p <= LISTED_P
    return np.asarray(out, dtype=np.bool_)


def _running(matrix: FloatArray, length: int) -> FloatArray:
    """Sums of `length` neighbours, by the first of them; NaN where one is."""
    total = np.cumsum(np.nan_to_num(matrix), axis=1)
    total = np.concatenate([np.zeros((len(matrix), 1)), total], axis=1)
    gone = np.concatenate([np.zeros((len(matrix), 1)), np.cumsum(np.isnan(matrix), axis=1)], axis=1)
    missing = gone[:, length:] - gone[:, :-length]
    return np.asarray(np.where(missing > 0, np.nan, total[:, length:] - total[:, :-length]), dtype=np.float64)


Moments = tuple[FloatArray, FloatArray, FloatArray]  # how many values, their sum, the sum of their squares


def _periods(counts: FloatArray, year: int, windows: int) -> Moments:
    """Of the single periods of the year before each window."""
    known = ~np.isnan(counts)
    plain = np.where(known, counts, 0.0)
    number, total, squares = (
        _running(np.asarray(part, dtype=np.float64), year)[:, :windows] for part in (known, plain, plain**2)
    )
    return number, total, squares


def _blocks(counts: FloatArray, block: int, year: int, windows: int) -> Moments:
    """Of the whole adjoining blocks of the year before each window, the newest of which ends where it starts."""
    sums = _running(counts, block)
    number, total, squares = (np.zeros((len(counts), windows)) for _ in range(3))
    for back in range(1, year // block + 1):
        first = year - back * block
        part = sums[:, first : first + windows]
        whole = ~np.isnan(part)
        number += whole
        total += np.where(whole, part, 0.0)
        squares += np.where(whole, part**2, 0.0)
    return number, total, squares


def _dispersion(moments: Moments, weight: float) -> FloatArray:
    """Variance over mean, shrunk as in dispersion.py towards 1 + alpha x mean, alpha a period of the group."""
    number, total, squares = moments
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / number
        variance = np.where(number > 1, np.maximum(squares - total * mean, 0.0) / (number - 1), np.nan)
        own = np.where(mean > 0, np.maximum(1.0, variance / mean), 1.0)
    usable = ~np.isnan(variance)
    excess = np.where(usable, variance - mean, 0.0).sum(axis=0)
    size = np.where(usable, mean**2, 0.0).sum(axis=0)
    alpha = np.maximum(np.divide(excess, size, out=np.zeros_like(excess), where=size > 0), 0.0)
    freedom = np.maximum(number - 1, 0.0)
    mixed = np.where(freedom > 0, freedom * np.nan_to_num(own), 0.0) + weight * (1 + alpha * mean)
    return np.asarray(np.maximum(1.0, mixed / (freedom + weight)), dtype=np.float64)
