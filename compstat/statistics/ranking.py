"""What to talk about first: a score of evidence for every tested cell, and the excess one can be sure of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from compstat.statistics.arrays import FloatArray, as_floats

# weeks, ratio to the expected level, weight: tuned on simulated forces, tried on others (docs/method.md)
ALTERNATIVES = (
    (1, 1.5, 1.0),
    (1, 2.0, 1.0),
    (1, 3.0, 2.0),
    (2, 1.5, 1.0),
    (4, 1.5, 1.5),
    (8, 1.25, 0.5),
    (8, 1.5, 0.5),
)
EFFECTS_OF_Z = (1.5, 2.5, 4.0)  # a change just seen, one worth a flag, one beyond doubt; equal weights
SURE = 0.10  # the excess is at least this with 90% certainty
JEFFREYS_EVENTS = 0.5


def evidence(
    count: Mapping[int, npt.ArrayLike],
    mean: Mapping[int, npt.ArrayLike],
    variance_factor: Mapping[int, npt.ArrayLike],
    falls: bool = False,
) -> FloatArray:
    """Log of the evidence for a rise (or a fall), one value a cell; the mappings are keyed by weeks.

    A mixture of likelihood ratios "the level is delta times the expected for the last L weeks" against "no
    change", over windows of 1, 2, 4 and 8 weeks. Its exp is near an e-value: about 1 on the average when
    nothing changed. A window that is missing counts as no evidence (ratio 1); NaN where every window is
    missing. For ranking only.
    """
    total_weight = sum(weight for _, _, weight in ALTERNATIVES)
    terms, known = [], []
    for weeks, rise, weight in ALTERNATIVES:
        delta = 1 / rise if falls else rise
        x, e, v = as_floats(count[weeks], mean[weeks], variance_factor[weeks])
        log_ratio = (x * np.log(delta) - (delta - 1) * e) / v
        known.append(~np.isnan(log_ratio))
        terms.append(np.log(weight / total_weight) + np.nan_to_num(log_ratio, nan=0.0))
    return np.where(np.any(known, axis=0), _log_sum(np.stack(terms)), np.nan)


def evidence_from_z(z: npt.ArrayLike) -> FloatArray:
    """The same score for a cell judged by a z: log of the mean ratio of N(effect, 1) to N(0, 1).

    Give -z for falls. Effects of 1.5, 2.5 and 4 standard errors with equal weights, so it too has a mean of
    1.
    """
    (score,) = as_floats(z)
    terms = [np.log(1 / len(EFFECTS_OF_Z)) + score * effect - effect**2 / 2 for effect in EFFECTS_OF_Z]
    return _log_sum(np.stack(terms))


def sure_excess(
    count: npt.ArrayLike, expected: npt.ArrayLike, dispersion: npt.ArrayLike, falls: bool = False
) -> FloatArray:
    """Events above the expected that one can be 90% sure of, at least 0 (for `falls`: events below it).

    The 10% point (90% for falls) of the level's posterior Gamma(count / phi + 1/2), times phi, minus the
    expected.
    """
    seen, level, phi = as_floats(count, expected, dispersion)
    quantile = gammaincinv(seen / phi + JEFFREYS_EVENTS, 1 - SURE if falls else SURE) * phi
    return np.asarray(np.maximum(0.0, level - quantile if falls else quantile - level), dtype=np.float64)


def _log_sum(terms: FloatArray) -> FloatArray:
    """log of the sum of exp over the first axis, without overflow."""
    top = np.asarray(terms.max(axis=0), dtype=np.float64)
    apart = np.where(np.isinf(top), 0.0, top)
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(np.isinf(top), top, apart + np.log(np.exp(terms - apart).sum(axis=0)))
