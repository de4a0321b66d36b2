"""Is a series too smooth to be true? One-sided p values that chance alone leaves so little variation, or none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtr, gammaln

from compstat.statistics.arrays import BoolArray, FloatArray, IntArray, as_matrix

SMALLEST_MEAN = 2.0  # events a period: below it the chi-square is too rough a stand-in (simulated, docs/method.md)
FEWEST_PERIODS = 8


def count_stability(series: npt.ArrayLike) -> FloatArray:
    """P(so little variation or less) of each row of counts, if they came one by one: Poisson.

    The index of dispersion (n - 1) variance / mean is chi-square with n - 1 degrees of freedom. Real counts vary
    more than that, so the test errs on the silent side. NaN below 8 periods or a mean of 2.
    Source: Fisher (1925), Statistical Methods for Research Workers, section 16; Cochran (1954), Biometrics 10.
    """
    counts = as_matrix(series)
    present = ~np.isnan(counts)
    number = present.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(present, counts, 0.0).sum(axis=1) / number
        squares = np.where(present, (counts - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
        p = chdtr(number - 1, squares / mean)
    return np.where((number >= FEWEST_PERIODS) & (mean >= SMALLEST_MEAN), p, np.nan)


def share_stability(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> FloatArray:
    """The same for shares, if every case were decided by itself: binomial. NaN where cases or non-cases are few.

    The squares (x - n p)^2 / (n p (1 - p)) add up to a chi-square with one degree less than periods.
    """
    x, n = as_matrix(numerators), as_matrix(denominators)
    present = (n > 0) & ~np.isnan(x)
    x, n = np.where(present, x, 0.0), np.where(present, n, 0.0)
    number = present.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (x.sum(axis=1) / n.sum(axis=1))[:, np.newaxis]
        squares = np.where(present, (x - n * share) ** 2 / (n * share * (1 - share)), 0.0).sum(axis=1)
        p = chdtr(number - 1, squares)
        rarer = np.minimum(x.sum(axis=1), (n - x).sum(axis=1)) / number
    return np.where((number >= FEWEST_PERIODS) & (rarer >= SMALLEST_MEAN), p, np.nan)


def repeated_figure(values: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """How often the newest figure of each row stands in a row, and P(so long a run) by how often figures repeat.

    Each repeat has the chance (seen + 1) / (number + 2) of Laplace's rule of succession (1774), seen: the equal
    neighbours before the run, or the periods with this very figure, whichever makes P larger; each repeat of the run
    counts as seen for the next. A figure that often stays the same may do so. A missing period ends a run. NaN where
    the newest is missing or fewer than 8 periods came before.
    """
    matrix = as_matrix(values)
    steps = np.diff(matrix, axis=1)
    moved = ~(steps[:, ::-1] == 0)
    length = np.where(moved.any(axis=1), moved.argmax(axis=1), moved.shape[1])  # repeats, newest first
    earlier = np.arange(matrix.shape[1]) < (matrix.shape[1] - 1 - length)[:, np.newaxis]
    equal = _chance(steps == 0, ~np.isnan(steps), earlier[:, :-1], length)
    alike = _chance(matrix == matrix[:, -1:], ~np.isnan(matrix), earlier, length)
    there, before = ~np.isnan(matrix[:, -1]), (~np.isnan(matrix) & earlier).sum(axis=1)
    p = np.where(there & (before >= FEWEST_PERIODS), np.maximum(equal, alike), np.nan)
    return np.where(there, length + 1.0, np.nan), p


def _chance(seen: BoolArray, known: BoolArray, among: BoolArray, repeats: IntArray) -> FloatArray:
    """The product of the chances of so many repeats, one after the other."""
    first, number = (seen & among).sum(axis=1) + 1.0, (known & among).sum(axis=1) + 2.0
    logarithm = gammaln(first + repeats) - gammaln(first) - gammaln(number + repeats) + gammaln(number)
    return np.asarray(np.exp(logarithm), dtype=np.float64)
