"""Units beside their peers: how far a rate lies from that of all peers, given its size and how much peers differ.

Units differ for many lasting reasons, so plain binomial or Poisson limits call most large units special. The spread
between peers is estimated and added: Spiegelhalter (2005), Handling over-dispersion of performance indicators,
Quality and Safety in Health Care 14:347, with its tenth winsorised at each end and additive random effects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from compstat.statistics.arrays import BoolArray, FloatArray, as_floats

# Mean square of standard normal scores winsorised so: 0.8 - 2 q phi(q) + 0.2 q^2 at q = 1.2816. The paper leaves it
# out, and its limits are then too tight: 1.4% of alike peers lie outside limits meant for 0.2% (simulated).
WINSORISED_SQUARE = 0.6787
WINSORISED = 0.1  # of the scores at each end are pulled in before the spread is estimated: the paper's choice
REACH = np.array([1.959964, 3.090232])  # normal quantiles of 95% and 99.8%, the limits of a funnel plot
FEWEST_PEERS = 5  # with fewer the spread between peers is a guess


class Funnel(NamedTuple):
    """Of each unit: z against its peers (spread allowed for), both tails, limits of the rate (rows: 95% and 99.8%).

    centre: the peers' pooled rate. between: variance between peers on the transformed scale.
    """

    z: FloatArray
    p_high: FloatArray
    p_low: FloatArray
    centre: float
    between: float
    lower: FloatArray
    upper: FloatArray


def share_funnel(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Funnel | None:
    """Shares of one group of peers, on the arcsine scale; None with fewer than `FEWEST_PEERS` that have cases."""
    x, n = as_floats(numerators, denominators)
    known = (n > 0) & ~np.isnan(x)
    if known.sum() < FEWEST_PEERS:
        return None
    centre = float(x[known].sum() / n[known].sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        scale, error = np.arcsin(np.sqrt(np.where(known, x / n, np.nan))), 1 / (2 * np.sqrt(n))
    middle = float(np.arcsin(np.sqrt(centre)))
    return _funnel(scale, error, middle, centre, known, lambda angle: np.sin(np.clip(angle, 0.0, np.pi / 2)) ** 2)


def rate_funnel(events: npt.ArrayLike, exposure: npt.ArrayLike) -> Funnel | None:
    """Events per exposure (population, days) of one group of peers, on the square-root scale; else like shares."""
    x, n = as_floats(events, exposure)
    known = (n > 0) & ~np.isnan(x)
    if known.sum() < FEWEST_PEERS:
        return None
    centre = float(x[known].sum() / n[known].sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        scale, error = np.sqrt(np.where(known, x / n, np.nan)), 1 / (2 * np.sqrt(n))
    return _funnel(scale, error, float(np.sqrt(centre)), centre, known, lambda root: np.maximum(root, 0.0) ** 2)


def _funnel(
    scale: FloatArray,
    error: FloatArray,
    middle: float,
    centre: float,
    known: BoolArray,
    back: Callable[[FloatArray], FloatArray],
) -> Funnel:
    error = np.where(known, error, np.nan)
    plain = (scale - middle) / error
    between = _between(plain[known], error[known])
    wide = np.sqrt(error**2 + between)
    z = (scale - middle) / wide
    reach = REACH[:, np.newaxis] * wide
    return Funnel(z, ndtr(-z), ndtr(z), centre, between, back(middle - reach), back(middle + reach))


def _between(z: FloatArray, error: FloatArray) -> float:
    """The method of moments of DerSimonian and Laird on winsorised scores, as in the paper; never below 0."""
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    phi = float(np.mean(np.clip(z, low, high) ** 2)) / WINSORISED_SQUARE
    weight = 1 / error**2
    peers = len(z)
    return max(0.0, (peers * phi - (peers - 1)) / float(weight.sum() - (weight**2).sum() / weight.sum()))
