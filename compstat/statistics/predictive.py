"""This window against its own history: the negative-binomial predictive of a count.

With no extra variance it is exactly the gamma-Poisson predictive under Jeffreys' prior Gamma(1/2, 0).
Source: Gelman et al., Bayesian Data Analysis (3rd ed., 2013), 2.6; the factor for extra variance matches the
first two moments (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, ndtri

from compstat.statistics.arrays import BoolArray, FloatArray, as_floats

JEFFREYS_EVENTS = 0.5  # half an event before any is seen: Jeffreys (1946), prior of a Poisson mean
SMALLEST_EXTRA_VARIANCE = 1e-9  # V - 1 below this is a Poisson count to nine digits; avoids a division by 0


@dataclass(frozen=True, slots=True)
class Expectation:
    """What chance alone would give, one value a cell: `mean` events, `variance_factor` = variance / mean."""

    mean: FloatArray
    variance_factor: FloatArray


def expected_count(
    events: npt.ArrayLike,
    periods: npt.ArrayLike,
    window: npt.ArrayLike,
    dispersion: npt.ArrayLike,
    season: npt.ArrayLike = 1.0,
) -> Expectation:
    """The expectation of a window's count from the `events` in the `periods` that end before it starts.

    `periods` and `window` are in one unit (weeks present, or days); `dispersion` is that of the window's
    length; `season` multiplies the level. NaN where events or dispersion are missing or no period was
    present.
    """
    seen, length, ahead, phi, factor = as_floats(events, periods, window, dispersion, season)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(length > 0, factor * ahead / length, np.nan)
    return Expectation((seen + JEFFREYS_EVENTS) * share, phi * (1 + share))


def probability_at_least(count: npt.ArrayLike, expectation: Expectation) -> FloatArray:
    """P(X >= count): how often chance gives so many. 1 at a count of 0; a part of an event is rounded up."""
    observed, mean, factor = as_floats(count, expectation.mean, expectation.variance_factor)
    whole = np.maximum(np.ceil(observed), 0.0)
    extra = np.maximum(factor - 1, SMALLEST_EXTRA_VARIANCE)
    with np.errstate(invalid="ignore"):
        tail = betainc(np.maximum(whole, 1.0), mean / extra, extra / (1 + extra))
    return np.where((whole == 0) & ~np.isnan(mean + factor), 1.0, tail)


def probability_at_most(count: npt.ArrayLike, expectation: Expectation) -> FloatArray:
    """P(X <= count): how often chance alone gives so few. 0 below 0; a part of an event is rounded down."""
    observed, mean, factor = as_floats(count, expectation.mean, expectation.variance_factor)
    whole = np.floor(observed)
    extra = np.maximum(factor - 1, SMALLEST_EXTRA_VARIANCE)
    with np.errstate(invalid="ignore"):
        tail = betainc(mean / extra, np.maximum(whole, 0.0) + 1, 1 / (1 + extra))
    return np.where((whole < 0) & ~np.isnan(mean + factor), 0.0, tail)


def smallest_count_with(p_cut: npt.ArrayLike, expectation: Expectation) -> FloatArray:
    """The smallest count whose P(X >= count) is at most `p_cut`; inf for a p_cut of 0, NaN: nothing known."""
    cut, mean, factor = as_floats(p_cut, expectation.mean, expectation.variance_factor)

    def few_enough(count: FloatArray, cells: FloatArray) -> BoolArray:
        tail = probability_at_least(count, Expectation(cells[0], cells[1]))
        return np.asarray(tail <= cells[2], dtype=np.bool_)

    start = np.ceil(_approximate_quantile(1 - np.clip(cut, 0, 1), mean, factor) + 0.5)
    found = _first_count(few_enough, start, np.stack([mean, factor, cut]))
    return np.where((cut <= 0) & ~np.isnan(mean + factor), np.inf, found)


def largest_count_with(p_cut: npt.ArrayLike, expectation: Expectation) -> FloatArray:
    """The largest count whose P(X <= count) is at most `p_cut`; -1 when even 0 is likelier, inf from 1 on."""
    cut, mean, factor = as_floats(p_cut, expectation.mean, expectation.variance_factor)

    def too_many(count: FloatArray, cells: FloatArray) -> BoolArray:
        tail = probability_at_most(count, Expectation(cells[0], cells[1]))
        return np.asarray(tail > cells[2], dtype=np.bool_)

    bounded = np.where(cut < 1, np.clip(cut, 0, 1), np.nan)
    start = np.floor(_approximate_quantile(bounded, mean, factor) + 0.5)
    found = _first_count(too_many, start, np.stack([mean, factor, cut])) - 1
    return np.where((cut >= 1) & ~np.isnan(mean + factor), np.inf, found)


def quantile_band(expectation: Expectation, low: npt.ArrayLike, high: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The counts at the shares `low` and `high` (0-1): the smallest x with P(X <= x) >= share."""
    return _quantile(low, expectation), _quantile(high, expectation)


def _quantile(share: npt.ArrayLike, expectation: Expectation) -> FloatArray:
    wanted, mean, factor = as_floats(share, expectation.mean, expectation.variance_factor)

    def reached(count: FloatArray, cells: FloatArray) -> BoolArray:
        tail = probability_at_most(count, Expectation(cells[0], cells[1]))
        return np.asarray(tail >= cells[2], dtype=np.bool_)

    bounded = np.where((wanted >= 0) & (wanted < 1), wanted, np.nan)
    start = np.floor(_approximate_quantile(bounded, mean, factor) + 0.5)
    return _first_count(reached, start, np.stack([mean, factor, wanted]))


def _approximate_quantile(share: FloatArray, mean: FloatArray, factor: FloatArray) -> FloatArray:
    """A starting point within a few counts, from the first four moments: Cornish and Fisher (1938)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(mean * factor)
        z = np.clip(ndtri(share), -9.0, 9.0)
        skew = (2 * factor - 1) / spread
        kurtosis = (6 * (factor - 1) + 1 / factor) / mean
        shift = z + (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * kurtosis / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
        guess = np.where(spread > 0, mean + spread * np.clip(shift, -12.0, 60.0), mean)
    return np.asarray(np.maximum(guess, 0.0), dtype=np.float64)


def _first_count(
    holds: Callable[[FloatArray, FloatArray], BoolArray], start: FloatArray, cells: FloatArray
) -> FloatArray:
    """The smallest whole number for which `holds`, a statement false below some count and true from it on.

    Looks at the start, then in steps that double until the change lies between two looks, then halves. Only
    cells still open are looked at again, so a good start costs two or three looks. NaN where
    anything given is.
    """
    shape, first = start.shape, np.full(start.size, np.nan)
    inputs = cells.reshape(len(cells), -1)
    open_cells = np.flatnonzero(np.isfinite(start.ravel()) & ~np.isnan(inputs).any(axis=0))
    inputs = inputs[:, open_cells]
    probe = np.maximum(start.ravel()[open_cells], 0.0)
    below, above = np.full(probe.size, -1.0), np.full(probe.size, np.inf)
    step = np.ones(probe.size)
    while open_cells.size:
        true = holds(probe, inputs)
        above, below = np.where(true, probe, above), np.where(true, below, probe)
        first[open_cells] = above
        left = above - below > 1
        open_cells, inputs, step = open_cells[left], inputs[:, left], step[left]
        above, below = above[left], below[left]
        probe = _next_look(below, above, step)
        step = step * 2
    return first.reshape(shape)


def _next_look(below: FloatArray, above: FloatArray, step: FloatArray) -> FloatArray:
    """Upwards while nothing true is known, downwards while nothing false is, else half way."""
    with np.errstate(invalid="ignore"):
        half_way = np.floor((below + above) / 2)
    downwards = np.maximum(above - step, 0.0)
    return np.where(np.isinf(above), below + step, np.where(below < 0, downwards, half_way))
