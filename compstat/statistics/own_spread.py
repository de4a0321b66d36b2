"""A measurement against the spread of its own past: how likely chance alone puts the newest value so far out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from compstat.statistics.arrays import FloatArray, as_matrix

RANGE_TO_SIGMA = 1.128  # d2 for ranges of two: Wheeler (1993)


def outside_own_spread(values: npt.ArrayLike, fewest: float) -> FloatArray:
    """Two-sided p of each row's newest value, by the values before it.

    t = (value - mean) / (sigma sqrt(1 + 1/n)), Student with n - 1 degrees of freedom: the prediction interval of one
    more value of a normal series. sigma is the larger of the standard deviation and XmR's mean moving range / 1.128,
    since neighbours may be alike. Where every value is above 0 the logarithms are judged too, and the larger p
    speaks: sums of money and durations are often skewed. NaN below `fewest` values, and for a row that never moved.
    Source: Hahn and Meeker (1991), Statistical Intervals, 4.7.
    """
    matrix = as_matrix(values)
    p = _newest_p(matrix, fewest)
    positive = ~(matrix <= 0).any(axis=1)
    p[positive] = np.maximum(p[positive], _newest_p(np.log(matrix[positive]), fewest))
    return p


def _newest_p(matrix: FloatArray, fewest: float) -> FloatArray:
    past, newest = matrix[:, :-1], matrix[:, -1]
    present = ~np.isnan(past)
    number = present.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(present, past, 0.0).sum(axis=1) / number
        squares = np.where(present, (past - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
        ranges = np.abs(np.diff(past, axis=1))
        average = np.nansum(ranges, axis=1) / (~np.isnan(ranges)).sum(axis=1)
        sigma = np.fmax(np.sqrt(squares / (number - 1)), average / RANGE_TO_SIGMA)
        t = (newest - mean) / (sigma * np.sqrt(1 + 1 / number))
        p = 2 * stdtr(number - 1, -np.abs(t))
    return np.where((number >= fewest) & (sigma > 0), p, np.nan)
