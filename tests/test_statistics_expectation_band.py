"""The band if nothing is done: the fallback, what is learnt, and how much of the future it holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from compstat.statistics.expectation_band import (
    Persistence,
    expected_band,
    fallback_band,
    learn,
    learnt_band,
)
from compstat.statistics.predictive import Expectation


def test_fallback_by_hand_for_a_rise_and_a_fall() -> None:
    expectation = Expectation(np.array([10.0, 30.0]), np.array([1.4, 1.4]))
    band = fallback_band(expectation, [20, 15])
    assert not band.learnt
    lows = [stats.nbinom(m / 0.4, 1 / 1.4).ppf(0.05) for m in (10.0, 30 - 0.3 * 15)]
    highs = [stats.nbinom(m / 0.4, 1 / 1.4).ppf(0.95) for m in (10 + 0.3 * 10, 30.0)]
    assert band.low.tolist() == lows
    assert band.high.tolist() == highs


def test_too_few_cells_learn_nothing_and_the_fallback_serves() -> None:
    assert learn([10.0] * 59, [20.0] * 59, [12.0] * 59, 1.2) is None
    assert learn([10.0] * 99 + [math.nan], [10.0] * 100, [12.0] * 100, 1.2) is None, "no gap to learn from"
    band = expected_band(Expectation(np.array([10.0]), np.array([1.4])), 20, 1.2, None)
    assert not band.learnt


def test_persistence_is_found_again() -> None:
    rng, cells = np.random.default_rng(29), 4_000
    expected = rng.uniform(5, 60, cells)
    count = np.ceil(expected * rng.uniform(1.3, 2, cells))
    following = rng.poisson(expected + 0.4 * (count - expected))
    learnt = learn(expected, count, following, 1.0)
    assert learnt is not None
    assert learnt.rho == pytest.approx(0.4, abs=0.02)
    assert (learnt.low_residual, learnt.high_residual) == (
        pytest.approx(-1.6, abs=0.15),
        pytest.approx(1.7, abs=0.15),
    )
    band = learnt_band(learnt, expected, count, 1.0)
    held = np.mean((rng.poisson(expected + 0.4 * (count - expected)) >= band.low) & (following <= band.high))
    assert 0.88 < held < 0.97


def test_persistence_stays_between_none_and_all_and_the_band_is_never_too_narrow() -> None:
    expected, count = np.full(80, 10.0), np.full(80, 20.0)
    beyond, behind = (
        learn(expected, count, np.full(80, 40.0), 1.0),
        learn(expected, count, np.full(80, 4.0), 1.0),
    )
    assert beyond is not None
    assert behind is not None
    assert (beyond.rho, behind.rho) == (1, 0)
    steady = learn(expected, count, np.full(80, 15.0), 1.0)
    assert steady is not None
    assert (steady.low_residual, steady.high_residual) == (-1.3, 1.3)


def test_learnt_band_by_hand() -> None:
    band = expected_band(Expectation(np.array([10.0]), np.array([9.0])), 20, 1.5, Persistence(0.25, -1.5, 1.8, 70))
    middle, spread = 12.5, math.sqrt(1.5 * 12.5)
    assert band.learnt
    assert band.low.tolist() == [math.floor(middle - 1.5 * spread)]
    assert band.high.tolist() == [math.ceil(middle + 1.8 * spread)]


def test_cells_that_expect_nothing_and_saw_nothing_teach_without_a_division_by_zero() -> None:
    level = np.array([[0.0, 10.0]] * 60)
    with np.errstate(all="raise"):
        learnt = learn(level, level + np.array([0, 8]), level + np.array([1, 4]), np.ones_like(level))
    assert learnt is not None and np.isfinite(learnt.high_residual)
