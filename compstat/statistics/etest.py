"""The E-test of two Poisson rates, shown as a reference only: it knows no extra variance (dispersion 1).

Source: Krishnamoorthy and Thomson (2004), A more powerful test for comparing two Poisson means, Journal of
Statistical Planning and Inference 119, 23-35.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaln

from compstat.statistics.arrays import FloatArray

ROWS_AT_ONCE = 500


def e_test(
    count_1: float, count_2: float, exposure_1: float = 1.0, exposure_2: float = 1.0, difference: float = 0.0
) -> float:
    """The two-sided p value of rate 1 = rate 2 + `difference`, counts and exposures given.

    NaN where the test is not defined: both counts 0, a negative count, an exposure that is not above 0.
    """
    if count_1 == count_2 == 0 or min(count_1, count_2) < 0 or min(exposure_1, exposure_2) <= 0:
        return math.nan
    exposure = exposure_1 + exposure_2
    pooled = (count_1 + count_2) / exposure - (difference * exposure_1) / exposure
    if not pooled > 0 or pooled + difference < 0:
        return math.nan
    observed = abs((count_1 / exposure_1 - count_2 / exposure_2 - difference) / math.sqrt(pooled))
    first, first_chance = _poisson(exposure_1 * (pooled + difference))
    second, second_chance = _poisson(exposure_2 * pooled)
    total = 0.0
    for start in range(0, first.size, ROWS_AT_ONCE):
        x1 = first[start : start + ROWS_AT_ONCE, np.newaxis]
        with np.errstate(invalid="ignore", divide="ignore"):
            gap = np.abs(x1 / exposure_1 - second / exposure_2 - difference)
            as_far = gap / np.sqrt((x1 + second) / exposure) >= observed  # 0 and 0: not a number, never as far
        total += float(first_chance[start : start + ROWS_AT_ONCE] @ (as_far @ second_chance))
    return total


def _poisson(mean: float) -> tuple[FloatArray, FloatArray]:
    """The counts that matter of a Poisson variable and their probabilities."""
    reach = 10 * math.sqrt(mean) + 50  # ten standard deviations and, for small means, the long upper tail
    counts = np.arange(max(0.0, math.floor(mean - reach)), math.ceil(mean + reach) + 1)
    log_mean = math.log(mean) if mean > 0 else -math.inf
    with np.errstate(invalid="ignore"):
        log_chance = np.where(counts == 0, 0.0, counts * log_mean) - mean - gammaln(counts + 1)
    return counts, np.asarray(np.exp(log_chance), dtype=np.float64)
