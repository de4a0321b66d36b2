"""Two counts that may be one: what one loses, the other gains, more than chance moves between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from compstat.statistics.arrays import FloatArray, as_floats
from compstat.statistics.ratios import LIMIT_SIGMAS, share_tails
from compstat.statistics.year_on_year import share_dispersion

MOST_SUMMED = 100_000  # events whose tail is summed term by term; beyond it is normal to the sixth digit


class Leak(NamedTuple):
    """One value a unit: the share of the two that the first has now and had (0-1), its limits, p of so low a share.

    events, both: of the year's whole blocks, the first alone and both together. dispersion: as it was used.
    """

    share: FloatArray
    usual: FloatArray
    lower: FloatArray
    upper: FloatArray
    p: FloatArray
    events: FloatArray
    both: FloatArray
    dispersion: FloatArray


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
    usual, together = x / n, now + other
    few = np.where(together <= MOST_SUMMED, together, np.nan)
    _, p = share_tails(np.where(few == together, now, np.nan), few, x, n, phi)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(phi * (1 + together / n) * together * usual * (1 - usual))
        p = np.where(together > MOST_SUMMED, ndtr((now + 0.5 - together * usual) / spread), p)
    with np.errstate(invalid="ignore", divide="ignore"):
        reach = LIMIT_SIGMAS * np.sqrt(phi * usual * (1 - usual) / (now + other))
        limits = np.maximum(usual - reach, 0.0), np.minimum(usual + reach, 1.0)
        return Leak(now / (now + other), usual, *limits, p, x, n, phi)
