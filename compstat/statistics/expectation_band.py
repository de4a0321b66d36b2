"""What to expect next in a flagged cell if nothing is done: a 90% band, learnt from earlier flagged cells.

A flagged count falls back towards its old level by itself, but not all the way. How far is learnt: `rho` is
the share of the gap that stayed in the next window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import FloatArray, as_floats
from compstat.statistics.predictive import Expectation, quantile_band

FEWEST_CELLS = 60  # earlier cells to learn from: fewer leave the 5% points to chance
LOW_SHARE, HIGH_SHARE = 0.05, 0.95
FEWEST_EVENTS = 0.5
NARROWEST = 1.3  # standard errors: a learnt band is never narrower
FALLBACK_PERSISTENCE = 0.3  # of the gap, on the flagged side, until enough is learnt


@dataclass(frozen=True, slots=True)
class Persistence:
    """Learnt from `cells` earlier cells: the share of the gap that stayed, 5% and 95% points of the rest."""

    rho: float
    low_residual: float
    high_residual: float
    cells: int


@dataclass(frozen=True, slots=True)
class Band:
    """Whole counts, one pair a cell: 90% of next windows lie in it. `learnt` False: "not yet learnt here"."""

    low: FloatArray
    high: FloatArray
    learnt: bool


def learn(
    expected: npt.ArrayLike, count: npt.ArrayLike, following: npt.ArrayLike, dispersion: npt.ArrayLike
) -> Persistence | None:
    """What earlier flagged cells did next: `expected` and `count` then, and the count of the `following`
    window.

    All on one window length and restated to one age. Cells with NaN are left out; None below 60 cells.
    """
    columns = np.stack([value.ravel() for value in as_floats(expected, count, following, dispersion)])
    level, flagged, after, phi = columns[:, ~np.isnan(columns).any(axis=0)]
    gap = flagged - level
    weight = 1 / (phi * np.maximum(flagged, 1.0))
    squares = float(np.sum(weight * gap**2))
    if level.size < FEWEST_CELLS or squares == 0:
        return None
    rho = float(np.clip(np.sum(weight * gap * (after - level)) / squares, 0.0, 1.0))
    middle = level + rho * gap
    residual = (after - middle) / _spread(phi, middle)
    half_cell = 1 / (2 * level.size)
    low, high = np.quantile(residual, [LOW_SHARE - half_cell, HIGH_SHARE + half_cell])
    return Persistence(rho, min(float(low), -NARROWEST), max(float(high), NARROWEST), int(level.size))


def _spread(phi: FloatArray, middle: FloatArray) -> FloatArray:
    """Of a count round its expectation; a cell from which nothing is expected can still have one event."""
    return np.asarray(np.sqrt(phi * np.maximum(middle, FEWEST_EVENTS)), dtype=np.float64)


def learnt_band(learnt: Persistence, expected: npt.ArrayLike, count: npt.ArrayLike, dispersion: npt.ArrayLike) -> Band:
    """The band round the level that what was learnt leads one to expect."""
    level, flagged, phi = as_floats(expected, count, dispersion)
    middle = level + learnt.rho * (flagged - level)
    spread = _spread(phi, middle)
    low = np.floor(np.maximum(0.0, middle + learnt.low_residual * spread))
    return Band(low, np.ceil(middle + learnt.high_residual * spread), learnt=True)


def fallback_band(expectation: Expectation, count: npt.ArrayLike) -> Band:
    """Until enough is learnt: the negative binomial's 5% and 95% points round the old level.

    The side of the flag is moved by three tenths of the gap.
    """
    flagged, level, factor = as_floats(count, expectation.mean, expectation.variance_factor)
    gap = FALLBACK_PERSISTENCE * (flagged - level)
    low, _ = quantile_band(Expectation(level + np.minimum(gap, 0.0), factor), LOW_SHARE, HIGH_SHARE)
    _, high = quantile_band(Expectation(level + np.maximum(gap, 0.0), factor), LOW_SHARE, HIGH_SHARE)
    return Band(low, high, learnt=False)


def expected_band(
    expectation: Expectation, count: npt.ArrayLike, dispersion: npt.ArrayLike, learnt: Persistence | None
) -> Band:
    """The learnt band, or the fallback where nothing is learnt yet."""
    if learnt is None:
        return fallback_band(expectation, count)
    return learnt_band(learnt, expectation.mean, count, dispersion)
