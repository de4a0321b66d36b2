"""How much more a count varies than a Poisson count: variance over mean, steadied by the other units.

Twelve months give one cell a variance within about 20%, too rough for a test far in the tail. So each cell's
own figure is mixed with what its group (one indicator at one level) shows for its mean: 1 + alpha x mean, the
variance of a negative binomial. Source: docs/method.md, simulated there at 1 in 100 to 1 in 10,000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import FloatArray, as_matrix

WEEKLY_GROUP_WEIGHT = 100.0  # degrees of freedom the group counts for beside 51 own ones
BLOCK_GROUP_WEIGHT = 50.0  # the same for sums of four weeks, beside 12 own ones
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Dispersion:
    """One value a cell: `phi` to use, `own` variance / mean (at least 1, NaN below 2 periods), the group's
    `alpha`.

    `mean` is events a period and `periods` how many were present. phi is NaN for a cell with no history at
    all.
    """

    phi: FloatArray
    own: FloatArray
    alpha: FloatArray
    mean: FloatArray
    periods: FloatArray


def dispersion_weekly(series: npt.ArrayLike, group: npt.ArrayLike, season: npt.ArrayLike | None = None) -> Dispersion:
    """Dispersion of single weeks: `series` is cells by weeks of the baseline, `group` an integer a cell.

    `season`: of the same shape, the usual level of each week over the year's, 1 on average: then it is the spread round
    the season, not round one level.
    """
    return _shrunk(as_matrix(series), np.asarray(group), WEEKLY_GROUP_WEIGHT, season)


def dispersion_blocks(
    block_sums: npt.ArrayLike, group: npt.ArrayLike, season: npt.ArrayLike | None = None
) -> Dispersion:
    """Dispersion of four-week sums: `block_sums` is cells by the 13 adjoining blocks of the baseline.

    Slow changes, and a season that is not given, make it up to 2.5 times that of weeks. A block with a week missing is
    NaN.
    """
    return _shrunk(as_matrix(block_sums), np.asarray(group), BLOCK_GROUP_WEIGHT, season)


def _shrunk(
    series: FloatArray, group: npt.NDArray[np.generic], weight: float, season: npt.ArrayLike | None
) -> Dispersion:
    mean, variance, periods = _moments(series, None if season is None else as_matrix(season))
    if group.shape != mean.shape:
        raise ValueError(f"a group for each of {mean.size} cells was wanted, {group.size} came")
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(mean > 0, np.maximum(1.0, variance / mean), np.where(periods > 1, 1.0, np.nan))
    alpha = _alpha_of_groups(mean, variance, group)
    own = np.where(periods > 1, own, np.nan)
    freedom = np.maximum(periods - 1, 0.0)
    weighted_own = np.where(freedom > 0, freedom * np.nan_to_num(own), 0.0)
    phi = np.maximum(1.0, (weighted_own + weight * (1 + alpha * mean)) / (freedom + weight))
    return Dispersion(phi, own, alpha, mean, periods)


def _alpha_of_groups(mean: FloatArray, variance: FloatArray, group: npt.NDArray[np.generic]) -> FloatArray:
    """Excess variance per squared mean, pooled over each group's cells, never below 0; one value a cell."""
    _, member = np.unique(group, return_inverse=True)
    usable = ~np.isnan(variance)
    excess = np.bincount(member, np.where(usable, variance - mean, 0.0)).astype(np.float64)
    squares = np.bincount(member, np.where(usable, mean**2, 0.0)).astype(np.float64)
    pooled = np.divide(excess, squares, out=np.zeros_like(excess), where=squares > 0)
    return np.asarray(np.maximum(pooled, 0.0)[member], dtype=np.float64)


def _moments(series: FloatArray, season: FloatArray | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, variance (n - 1) round it or round its season, and number of the present values of each row."""
    mean, variance, periods = (np.empty(len(series)) for _ in range(3))
    for first in range(0, len(series), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        block = series[rows]
        present = ~np.isnan(block)
        number = present.sum(axis=1, dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            usual = present if season is None else np.where(present, season[rows], 0.0)
            centre = np.where(present, block, 0.0).sum(axis=1) / usual.sum(axis=1, dtype=np.float64)
            apart = np.where(present, block - centre[:, np.newaxis] * usual, 0.0)
            spread = np.where(number > 1, np.einsum("ij,ij->i", apart, apart) / (number - 1), np.nan)
        mean[rows], variance[rows], periods[rows] = centre, spread, number
    return mean, variance, periods
