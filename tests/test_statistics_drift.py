"""Drift: the sums by hand, the declared false alarms, what is found, gaps and small means."""

from __future__ import annotations

import math

import numpy as np
import pytest

from compstat.statistics.drift import (
    LIMITS,
    MEANS,
    NEWEST,
    PERIODS_TO_FALSE_ALARM,
    REACH,
    WEIGHT,
    count_drift,
    measure_drift,
)


def by_hand(counts: list[float], phi: float, falls: bool, limit: float) -> tuple[float, int | None]:
    """The score after the last period, and when it last reached the limit, in plain Python."""
    score, signal, mean = 0.0, None, 0.0
    for now in range(26, len(counts)):
        past = counts[max(0, now - 52) : now]
        if score == 0:
            mean = sum(past) / len(past)
        if falls:
            step = (mean - mean / 1.5) / math.log(1.5) - counts[now]
        else:
            step = counts[now] - (1.5 * mean - mean) / math.log(1.5)
        score = max(0.0, score + step / phi)
        if score >= limit:
            signal, score = now, 0.0
    return score, signal


@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("phi", [1.0, 1.7])
def test_the_sum_by_hand(falls: bool, phi: float) -> None:
    rng = np.random.default_rng(3)
    drift = np.concatenate([np.ones(80), np.linspace(1, 0.5 if falls else 1.8, 30)])
    series = rng.poisson(10 * drift, (20, 110)).astype(float)
    found = count_drift(series, np.full(20, phi), np.full(20, falls))
    for row in range(20):
        score, signal = by_hand(series[row].tolist(), phi, falls, found.limit[row])
        assert found.signals[row] == (signal is not None and signal >= 106)
        if not found.signals[row]:
            assert found.score[row] == pytest.approx(score, rel=1e-12)
        else:
            assert found.score[row] >= found.limit[row]


@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("place", range(0, len(MEANS), 2))
def test_false_alarms_are_no_more_than_declared(falls: bool, place: int) -> None:
    cells, hold = 4_000, 4
    series = np.random.default_rng(place).poisson(MEANS[place], (cells, 110)).astype(float)
    alarms = count_drift(series, np.ones(cells), np.full(cells, falls), hold=hold).signals.sum()
    declared = cells * hold / PERIODS_TO_FALSE_ALARM[place]
    assert alarms <= declared + 2 * math.sqrt(declared)


def test_a_drift_is_found_and_a_level_is_not() -> None:
    rng = np.random.default_rng(9)
    growth = np.concatenate([np.ones(98), 1.03 ** np.arange(1, 13)])
    moving, still = rng.poisson(50 * growth, (200, 110)), rng.poisson(50, (200, 110))
    ones, rises = np.ones(200), np.zeros(200, dtype=bool)
    assert count_drift(moving, ones, rises).signals.mean() > 0.6
    assert count_drift(still, ones, rises).signals.mean() < 0.04


def test_the_limits_are_those_of_the_table_and_between_them() -> None:
    series = np.tile([[1.0], [3.0], [1_000.0]], (1, 60))
    found = count_drift(series, np.ones(3), np.zeros(3, dtype=bool))
    assert found.limit[0] == LIMITS[1]
    assert LIMITS[2] < found.limit[1] < LIMITS[3]
    assert found.limit[2] == LIMITS[-1]
    assert found.signals.tolist() == [False, False, False]


def test_gaps_short_and_near_empty_series() -> None:
    whole = np.random.default_rng(1).poisson(8, 110).astype(float)
    gap = whole.copy()
    gap[100:103] = np.nan
    rows = np.vstack([whole, gap, np.full(110, np.nan), np.zeros(110), np.where(np.arange(110) < 90, np.nan, 8)])
    found = count_drift(rows, np.ones(5), np.zeros(5, dtype=bool))
    assert np.isfinite(found.score).tolist() == [True, True, False, False, False]
    assert not found.signals[2:].any()


def test_the_weighted_mean_by_hand() -> None:
    values = np.random.default_rng(2).normal(20, 3, 100)
    past, newest = values[-NEWEST - 52 : -NEWEST], values[-NEWEST:]
    mean, level, shares = past.mean(), past.mean(), 0.0
    for value in newest:
        level += WEIGHT * (value - level)
        shares = shares * (1 - WEIGHT) ** 2 + WEIGHT**2
    sigma = np.abs(np.diff(past)).mean() / 1.128
    found = measure_drift(values[np.newaxis])
    assert found.level[0] == pytest.approx(level)
    assert found.upper[0] == pytest.approx(mean + REACH * sigma * math.sqrt(shares + 1 / 52))
    assert found.lower[0] + found.upper[0] == pytest.approx(2 * mean)


def test_measurements_signal_when_they_move_and_seldom_else() -> None:
    rng = np.random.default_rng(4)
    still = rng.normal(20, 3, (4_000, 65))
    moving = still[:400] + np.concatenate([np.zeros(53), np.linspace(0.5, 6, 12)])
    assert measure_drift(still).signals.mean() < 0.01
    assert measure_drift(moving).signals.mean() > 0.7


def test_measurements_with_gaps_without_history_and_constant() -> None:
    values = np.random.default_rng(5).normal(20, 3, (4, 65))
    values[0, -5] = np.nan
    values[1, :40] = np.nan
    values[2] = 7.0
    values[3, -1] = np.nan
    found = measure_drift(values)
    assert np.isfinite(found.level).tolist() == [True, False, True, True]
    assert not found.signals[1:].any()
