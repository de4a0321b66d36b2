"""The evidence score and the sure excess."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from compstat.statistics.dispersion import dispersion_blocks, dispersion_weekly
from compstat.statistics.predictive import expected_count
from compstat.statistics.ranking import evidence, evidence_from_z, sure_excess

WINDOWS = (1, 2, 4, 8)


def test_evidence_by_hand() -> None:
    count, mean = {1: 9.0, 2: 14.0, 4: 25.0, 8: 44.0}, {1: 5.0, 2: 10.0, 4: 20.0, 8: 40.0}
    factor = {1: 1.2, 2: 1.25, 4: 1.3, 8: 1.5}
    parts = [(1, 1.5, 1), (1, 2, 1), (1, 3, 2), (2, 1.5, 1), (4, 1.5, 1.5), (8, 1.25, 0.5), (8, 1.5, 0.5)]
    for falls in (False, True):
        total = 0.0
        for weeks, rise, weight in parts:
            delta = 1 / rise if falls else rise
            total += weight * math.exp((count[weeks] * math.log(delta) - (delta - 1) * mean[weeks]) / factor[weeks])
        assert evidence(count, mean, factor, falls) == pytest.approx(math.log(total / 7.5))


def test_evidence_at_no_difference_is_small_and_huge_counts_do_not_overflow() -> None:
    mean = dict.fromkeys(WINDOWS, 1e6)
    factor = dict.fromkeys(WINDOWS, 1.01)
    assert evidence(mean, mean, factor) < 0
    assert np.isfinite(evidence(dict.fromkeys(WINDOWS, 3e6), mean, factor))


def test_a_missing_window_is_no_evidence_and_all_missing_is_missing() -> None:
    count = {1: [9.0, math.nan], 2: [14.0, math.nan], 4: [25.0, math.nan], 8: [math.nan, math.nan]}
    mean, factor = dict(zip(WINDOWS, (5, 10, 20, 40), strict=True)), dict.fromkeys(WINDOWS, 1.2)
    found = evidence(count, mean, factor)
    assert np.isfinite(found[0])
    assert np.isnan(found[1])


def test_no_change_has_a_mean_ratio_of_about_one() -> None:
    """Published for stable Poisson cells: exp(evidence) >= 5, 20, 100 in 1.3-2.1, 0.20-0.41, 0.03-0.08%."""
    rng, cells = np.random.default_rng(23), 20_000
    level = np.exp(rng.uniform(math.log(0.5), math.log(100), cells))
    drawn = rng.poisson(level[:, np.newaxis], (cells, 60)).astype(float)
    count, mean, factor = {}, {}, {}
    for weeks in WINDOWS:
        baseline = drawn[:, 60 - weeks - 52 : 60 - weeks]
        blocks = baseline.reshape(cells, 13, 4).sum(axis=2)
        group = np.zeros(cells, dtype=int)
        spread = dispersion_weekly(baseline, group) if weeks < 4 else dispersion_blocks(blocks, group)
        expectation = expected_count(baseline.sum(axis=1), 52, weeks, spread.phi)
        count[weeks] = drawn[:, 60 - weeks :].sum(axis=1)
        mean[weeks], factor[weeks] = expectation.mean, expectation.variance_factor
    ratio = np.exp(evidence(count, mean, factor))
    assert ratio.mean() < 1 + 3 * ratio.std() / math.sqrt(cells)
    for least, low, high in ((5, 0.013, 0.021), (20, 0.0020, 0.0041), (100, 0.0003, 0.0008)):
        assert low - 3 * math.sqrt(low / cells) <= np.mean(ratio >= least) <= high + 3 * math.sqrt(high / cells)


def test_evidence_from_z_has_a_mean_of_one_and_rises() -> None:
    z = np.linspace(-9, 14, 20_001)
    assert np.trapezoid(np.exp(evidence_from_z(z)) * stats.norm.pdf(z), z) == pytest.approx(1, abs=1e-6)
    assert (np.diff(evidence_from_z(z)) > 0).all()
    assert np.isnan(evidence_from_z(math.nan))
    assert evidence_from_z([-math.inf, math.inf]).tolist() == [-math.inf, math.inf]


def test_sure_excess_by_hand() -> None:
    assert sure_excess(40, 20, 1.5) == pytest.approx(stats.gamma(40 / 1.5 + 0.5).ppf(0.10) * 1.5 - 20)
    assert sure_excess(20, 20, 1.5) == 0
    assert sure_excess(5, 20, 1.0, falls=True) == pytest.approx(20 - stats.gamma(5.5).ppf(0.90))
    assert np.isnan(sure_excess(math.nan, 20, 1.5))
