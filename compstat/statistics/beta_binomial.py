"""Tails of the binomial and the beta-binomial, summed exactly over the counts of the tail."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, gammaln

from compstat.statistics.arrays import BoolArray, FloatArray, as_floats

NEGLIGIBLE = 1e-17  # of the sum so far: beyond the last digit of a double


def binomial_tails(count: npt.ArrayLike, trials: npt.ArrayLike, share: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """P(X >= count) and P(X <= count) of a binomial with `trials` and a `share` between 0 and 1."""
    observed, number, chance = as_floats(count, trials, share)
    rest = number - observed
    with np.errstate(invalid="ignore"):
        at_least = betainc(np.maximum(observed, 1e-300), rest + 1, chance)
        at_most = betainc(np.maximum(rest, 1e-300), observed + 1, 1 - chance)
    missing = np.isnan(observed + number + chance)
    at_least = np.where(missing, np.nan, np.where(observed <= 0, 1.0, at_least))
    at_most = np.where(missing, np.nan, np.where(rest <= 0, 1.0, at_most))
    return at_least, at_most


def beta_binomial_tails(
    count: npt.ArrayLike, trials: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """P(X >= count) and P(X <= count) of a beta-binomial with `trials` and shapes `a`, `b` above 0.

    The tail away from the mean is summed term by term, the other one is its complement.
    """
    observed, number, first, second = as_floats(count, trials, a, b)
    known = (observed >= 0) & (observed <= number) & (first > 0) & (second > 0)
    at_least, at_most = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    c, n, p, q = (value[known] for value in (observed, number, first, second))
    upper = c > n * p / (p + q)
    # the upper tail of X is the lower tail of n - X, whose shapes are exchanged
    low_count, low_a, low_b = np.where(upper, n - c, c), np.where(upper, q, p), np.where(upper, p, q)
    here, tail = _lower_tail(low_count, n, low_a, low_b)
    other = np.minimum(1.0, 1 - tail + here)
    at_least[known], at_most[known] = np.where(upper, tail, other), np.where(upper, other, tail)
    return at_least, at_most


def two_sided(at_least: FloatArray, at_most: FloatArray) -> FloatArray:
    """Twice the smaller tail, at most 1: the two-sided p meant throughout (Cox and Hinkley 1974, 4.2)."""
    return np.asarray(np.minimum(1.0, 2 * np.minimum(at_least, at_most)), dtype=np.float64)


def _lower_tail(count: FloatArray, trials: FloatArray, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """P(X = count) and P(X <= count): terms added downwards, each from its neighbour, while they matter."""
    choose = gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1)
    here = np.exp(choose + betaln(count + a, trials - count + b) - betaln(a, b))
    total, term, at = here.copy(), here.copy(), count.copy()
    one_peak = (a >= 1) & (b >= 1)  # otherwise the terms can rise again towards 0
    left = np.flatnonzero(at > 0)
    while left.size:
        k, n = at[left], trials[left]
        ratio = k * (b[left] + n - k) / ((n - k + 1) * (a[left] + k - 1))
        term[left] *= ratio
        total[left] += term[left]
        at[left] = k - 1
        left = left[_matters(k - 1, ratio, term[left], total[left], one_peak[left])]
    return here, np.minimum(total, 1.0)


def _matters(at: FloatArray, ratio: FloatArray, term: FloatArray, total: FloatArray, one_peak: BoolArray) -> BoolArray:
    """Whether the terms still to come can change the last digit of the sum."""
    negligible = one_peak & (ratio < 1) & (term * at < NEGLIGIBLE * total)
    return np.asarray((at > 0) & ~negligible, dtype=np.bool_)
