"""Two counts that may be one: what one loses, the other gains, more than chance moves between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import FloatArray, as_floats
from compstat.statistics.ratios import LIMIT_SIGMAS, share_tails
from compstat.statistics.year_on_year import share_dispersion


class Leak(NamedTuple):
    """One value a unit: the share of the two that the first has now and had (0-1), its limits, p of so low a share."""

    share: FloatArray
    usual: FloatArray
    lower: FloatArray
    upper: FloatArray
    p: FloatArray


def leak(
    source: npt.ArrayLike, target: npt.ArrayLike, source_blocks: npt.ArrayLike, target_blocks: npt.ArrayLike
) -> Leak:
    """`source` and `target`: the two counts of the recent window; `_blocks`: their sums in the year's blocks before.

    Given both together, the first is binomial with its usual share: a rise or fall that both have in common drops
    out. Its variance is multiplied by the dispersion of the blocks, the unit's own or the mean over units, whichever
    is larger: so p errs on the silent side. The limits are three such sigmas away. NaN without a whole block.
    Source: conditional test of two Poisson counts, Przyborowski and Wilenski (1940), Biometrika 31.
    """
    now, other = as_floats(source, target)
    past, past_other = np.asarray(source_blocks, np.float64), np.asarray(target_blocks, np.float64)
    both = past + past_other
    dispersion = share_dispersion(past, both)
    level = np.nanmean(dispersion) if (~np.isnan(dispersion)).any() else np.nan
    phi = np.maximum(dispersion, level)
    x, n = np.nansum(np.where(np.isnan(both), np.nan, past), axis=1), np.nansum(both, axis=1)
    n = np.where((~np.isnan(both)).any(axis=1) & (n > 0), n, np.nan)
    _, p = share_tails(now, now + other, x, n, phi)
    usual = x / n
    with np.errstate(invalid="ignore", divide="ignore"):
        reach = LIMIT_SIGMAS * np.sqrt(phi * usual * (1 - usual) / (now + other))
        return Leak(now / (now + other), usual, np.maximum(usual - reach, 0.0), np.minimum(usual + reach, 1.0), p)
