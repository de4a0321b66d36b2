"""This year against the last, window by window: the paired t test of figures from the same part of both years.

The season cancels within a pair, extra variance and likeness of neighbouring weeks are in the spread of the pairs.
Source: Student (1908), Biometrika 6:1; measured error rates: docs/method.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from compstat.statistics.arrays import FloatArray, as_matrix

FEWEST_PAIRS = 8
ROUNDING = 1e-12  # of the figures: what is apart by the last digit alone is no difference


class Matched(NamedTuple):
    """One value a cell: mean difference (now less then), t, degrees of freedom, and both tails."""

    difference: FloatArray
    t: FloatArray
    freedom: FloatArray
    p_up: FloatArray
    p_down: FloatArray


def matched(now: npt.ArrayLike, then: npt.ArrayLike) -> Matched:
    """Each row's columns now against the same columns then; pairs with a missing figure are left out.

    NaN with fewer than `FEWEST_PAIRS` pairs; a difference without any spread is as sure as can be.
    """
    first, second = as_matrix(now), as_matrix(then)
    apart = first - second
    apart[np.abs(apart) <= ROUNDING * np.maximum(np.abs(first), np.abs(second))] = 0.0
    known = ~np.isnan(apart)
    number = known.sum(axis=1).astype(np.float64)
    number[number < FEWEST_PAIRS] = np.nan
    difference = np.nansum(apart, axis=1) / number
    squares = np.where(known, (apart - difference[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
    error = np.sqrt(squares / (number - 1) / number)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(difference == 0, np.where(np.isnan(difference), np.nan, 0.0), difference / error)
    return Matched(difference, t, number - 1, stdtr(number - 1, -t), stdtr(number - 1, t))
