"""This year's window against the same window a year ago, given what both years counted together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import erfc, stdtr

from compstat.statistics.arrays import FloatArray, as_floats, as_matrix
from compstat.statistics.beta_binomial import beta_binomial_tails, binomial_tails, two_sided


class Comparison(NamedTuple):
    """z above 0 where the current window is higher; p two-sided. NaN where either window is missing."""

    z: FloatArray
    p: FloatArray


def quasi_z(
    current: npt.ArrayLike,
    year_ago: npt.ArrayLike,
    share_of_exposure: npt.ArrayLike,
    dispersion: npt.ArrayLike,
) -> Comparison:
    """z with continuity correction, its variance multiplied by the dispersion, and the two-sided p.

    `share_of_exposure` is the current window's days over the days of both. At a dispersion of 1 the p value
    is the exact conditional binomial's (twice the smaller tail, at most 1), so published tables still match;
    above it is that of z. No events in either window: z 0, p 1.
    """
    now, then, share, phi = as_floats(current, year_ago, share_of_exposure, dispersion)
    total = now + then
    gap = now - total * share
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(phi * total * share * (1 - share))
        size = np.maximum(0.0, np.abs(gap) - 0.5) / spread
    z = np.where(total == 0, np.where(np.isnan(phi + share), np.nan, 0.0), np.sign(gap) * size)
    exact = two_sided(*binomial_tails(now, total, share))
    return Comparison(z, np.where(phi <= 1, exact, erfc(np.abs(z) / np.sqrt(2))))


def beta_binomial_p(
    current: npt.ArrayLike,
    year_ago: npt.ArrayLike,
    share_of_exposure: npt.ArrayLike,
    dispersion: npt.ArrayLike,
) -> FloatArray:
    """The two-sided p (twice the smaller tail), exact for two negative binomials with one dispersion.

    More power at small counts than `quasi_z`. At a dispersion of 1 it is the conditional binomial.
    """
    now, then, share, phi = as_floats(current, year_ago, share_of_exposure, dispersion)
    total = now + then
    extra = np.where(phi > 1, phi - 1, np.nan)
    a, b = total * share / extra, total * (1 - share) / extra
    over = two_sided(*beta_binomial_tails(now, total, a, b))
    exact = np.where(phi <= 1, two_sided(*binomial_tails(now, total, share)), np.nan)
    return np.where((total == 0) & ~np.isnan(phi + share), 1.0, np.where(phi > 1, over, exact))


def two_share_z(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    numerator_year_ago: npt.ArrayLike,
    denominator_year_ago: npt.ArrayLike,
    dispersion: npt.ArrayLike,
    freedom: npt.ArrayLike = np.inf,
) -> Comparison:
    """z of the difference of two shares with a pooled variance times the dispersion of `share_dispersion`.

    z above 2 reads "changed"; an exact test would call most weeks of a large department significant. Give the
    `freedom` of the dispersion (blocks less one) where p is to hold far in the tail: Student's t, not normal.
    """
    x1, n1, x0, n0, phi = as_floats(numerator, denominator, numerator_year_ago, denominator_year_ago, dispersion)
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (x1 + x0) / (n1 + n0)
        spread = np.sqrt(np.maximum(phi, 1.0) * pooled * (1 - pooled) * (1 / n1 + 1 / n0))
        gap = x1 / n1 - x0 / n0
        z = np.where((spread == 0) & (gap == 0), 0.0, gap / spread)
    degrees = np.asarray(freedom, dtype=np.float64)
    normal, student = erfc(np.abs(z) / np.sqrt(2)), 2 * stdtr(degrees, -np.abs(z))
    return Comparison(z, np.asarray(np.where(np.isinf(degrees), normal, student), dtype=np.float64))


def share_dispersion(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> FloatArray:
    """Variance of a share over the binomial variance, at least 1, one value a cell.

    The columns are weeks, or adjoining four-week blocks (13 of them for the year-on-year comparison). Columns
    with no cases are left out; NaN with fewer than two.
    """
    x, n = as_matrix(numerators), as_matrix(denominators)
    present = (n > 0) & ~np.isnan(x)
    x, n = np.where(present, x, 0.0), np.where(present, n, 0.0)
    periods = present.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (x.sum(axis=1) / n.sum(axis=1))[:, np.newaxis]
        squares = np.where(present, (x - n * share) ** 2 / (n * share * (1 - share)), 0.0).sum(axis=1)
        settled = np.where((share[:, 0] <= 0) | (share[:, 0] >= 1), 1.0, squares / (periods - 1))
    return np.where(periods > 1, np.maximum(1.0, settled), np.nan)
