"""Many cells at once: which p values to believe, and how many flags chance alone would raise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import FloatArray, as_floats
from compstat.statistics.predictive import (
    Expectation,
    largest_count_with,
    probability_at_least,
    probability_at_most,
    smallest_count_with,
)

ROUNDING = 1e-9  # events: 1.1 x 10 is a little more than 11 in binary, and 11 must pass


def combined(*p_values: npt.ArrayLike) -> FloatArray:
    """One p value a cell from several windows: the smallest times the number of windows known, at most 1.

    Source: Bonferroni; holds however the windows overlap. NaN where no window is known.
    """
    stacked = np.stack(as_floats(*p_values))
    known = (~np.isnan(stacked)).sum(axis=0)
    smallest = np.min(np.where(np.isnan(stacked), np.inf, stacked), axis=0)
    return np.where(known > 0, np.minimum(1.0, np.maximum(known, 1) * np.where(known > 0, smallest, 1.0)), np.nan)


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """The q value of each p value: the smallest false-discovery rate at which it is accepted. NaN stays NaN.

    Source: Benjamini and Hochberg (1995). Only cells tested count: leave a cell out (NaN) by its baseline
    alone.
    """
    (values,) = as_floats(p)
    q_values = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values.ravel()))
    order = known[np.argsort(values.ravel()[known], kind="stable")]
    scaled = values.ravel()[order] * (order.size / np.arange(1, order.size + 1))
    q_values.ravel()[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q_values


def acceptance_limits(p: npt.ArrayLike, q: float) -> FloatArray:
    """The largest p at which each cell would be accepted while all the others keep theirs. NaN where p is.

    Of an accepted cell it is the bar of the last accepted place, q R / n. Any other one would take the place after the
    last smaller p that it would pull over the bar with it.
    """
    (values,) = as_floats(p)
    limits = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values.ravel()))
    order = known[np.argsort(values.ravel()[known], kind="stable")]
    ranked, place = values.ravel()[order], np.arange(1, order.size + 1)
    bar = q / max(order.size, 1)
    accepted = int(np.max(np.where(ranked <= bar * place, place, 0), initial=0))
    pulled = np.maximum.accumulate(np.where(ranked <= bar * (place + 1), place, 0)) if order.size else place
    before = np.concatenate([[0], pulled[:-1]]) if order.size else place
    limits.ravel()[order] = bar * np.where(place <= accepted, accepted, before + 1)
    return limits


def smallest_count_past_gates(comparator: npt.ArrayLike, threshold: float, gap: float) -> FloatArray:
    """The smallest whole count both `threshold` (0.2 = +20%) and `gap` events above the comparator."""
    (base,) = as_floats(comparator)
    return np.maximum(0.0, np.ceil(np.maximum((1 + threshold) * base, base + gap) - ROUNDING))


def largest_count_past_gates(comparator: npt.ArrayLike, threshold: float, gap: float) -> FloatArray:
    """The largest whole count that is `threshold` and `gap` below the comparator; -1 when not even 0 is."""
    (base,) = as_floats(comparator)
    return np.maximum(-1.0, np.floor(np.minimum((1 - threshold) * base, base - gap) + ROUNDING))


def expected_by_chance(
    expectation: Expectation, p_cut: npt.ArrayLike, gate: npt.ArrayLike | None = None, falls: bool = False
) -> float:
    """How many of the tested cells would be flagged if nothing had changed: the sum of P(X >= c*).

    c* is the smallest count with P(X >= c) <= `p_cut` that also passes the gates: `gate` is the smallest
    count past them, one a cell (the largest one for `falls`). A number of cells x alpha would be about twice
    too many: counts are whole and gates bind. Cells with NaN are not tested and add nothing; a p_cut of 0
    gives 0.
    """
    if falls:
        least = largest_count_with(p_cut, expectation)
        return float(np.nansum(probability_at_most(least if gate is None else np.minimum(least, gate), expectation)))
    most = smallest_count_with(p_cut, expectation)
    past = most if gate is None else np.maximum(most, gate)
    reachable = np.where(np.isinf(past), np.nan, past)
    return float(np.nansum(probability_at_least(reachable, expectation)))
