"""Values piled up just on the good side of a limit: more than any smooth spread of values would put there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from compstat.statistics.arrays import FloatArray, as_matrix
from compstat.statistics.beta_binomial import binomial_tails

BAND_SIGMAS = 0.5  # width of a band: narrow enough for a density to be near straight over three of them
WIDEST_SIGMAS = 2.0  # figures rounded more coarsely than this tell nothing
RANGE_TO_SIGMA = 1.128  # d2 for ranges of two: Wheeler (1993)
ROUNDING = 1e-9  # distances are differences of decimal figures


class Heaping(NamedTuple):
    """One value a row: `piled` of `near` values lie in the band next to the limit, `share` is the most that a
    smooth spread puts there, p of so many; `width` of the band."""

    piled: FloatArray
    near: FloatArray
    share: FloatArray
    p: FloatArray
    width: FloatArray


def heaping(distances: npt.ArrayLike, room: npt.ArrayLike = np.inf) -> Heaping:
    """Of each row of distances from the limit (0 and above: the good side), whether they pile up at it.

    Three bands of one width: just short of the limit, just past it, the next one. A straight density puts a third
    of the three into the middle one, a normal curve most when its top is there: that share is what the number
    found is held against, by the binomial. The width is half the short-term sigma (mean range of neighbours /
    1.128), rounded up to the step the figures are rounded to. NaN where that is coarser than two sigmas, or the bands
    do not fit into the `room` that there is on the good side (a count cannot fall below 0).
    Source: after McCrary (2008), Journal of Econometrics 142, 698-714: a density does not jump at a limit by itself.
    """
    apart = np.round(as_matrix(distances) / ROUNDING) * ROUNDING
    with np.errstate(invalid="ignore", divide="ignore"):
        ranges = np.abs(np.diff(apart, axis=1))
        number = (~np.isnan(ranges)).sum(axis=1)
        sigma = np.nansum(ranges, axis=1) / number / RANGE_TO_SIGMA
        step = _step(apart)
        width = np.ceil(BAND_SIGMAS * sigma / step - ROUNDING) * step
        ratio = width / sigma
        usable = (sigma > 0) & (ratio <= WIDEST_SIGMAS) & (2 * width <= np.asarray(room, dtype=np.float64))
        edge, reach = -ROUNDING / 2, width[:, np.newaxis] - ROUNDING / 2
        piled = ((apart >= edge) & (apart < reach)).sum(axis=1).astype(np.float64)
        near = ((apart >= -reach - ROUNDING) & (apart < 2 * reach)).sum(axis=1).astype(np.float64)
        middle = 2 * ndtr(ratio / 2) - 1
        share = middle / (middle + 2 * (ndtr(1.5 * ratio) - ndtr(ratio / 2)))
    p, _ = binomial_tails(piled, near, np.where(usable, share, np.nan))
    return Heaping(piled, near, share, p, width)


def _step(apart: FloatArray) -> FloatArray:
    """The smallest gap between two different values of each row: what they are rounded to."""
    gaps = np.diff(np.sort(apart, axis=1), axis=1)
    gaps = np.where(gaps > ROUNDING, gaps, np.nan)
    known = ~np.isnan(gaps).all(axis=1)
    smallest = np.full(len(apart), np.nan)
    smallest[known] = np.nanmin(gaps[known], axis=1)
    return smallest
