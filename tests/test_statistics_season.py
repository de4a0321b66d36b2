"""The season factor: the formula by hand, a season found, and none believed where it does harm."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

from compstat.statistics.season import HIGHEST, LOWEST, season_factor


def seasonal(years: int, height: float = 0.2, level: float = 2_000.0, seed: int = 1) -> np.ndarray:
    week = np.arange(years * 52)
    mean = level * (1 + height * np.sin(2 * np.pi * week / 52))
    return np.random.default_rng(seed).poisson(mean).astype(float)


def by_hand(total: list[float], window: int) -> list[float]:
    """Each earlier year's ratio, said again with slices."""
    found = []
    for back in (52, 104):
        end = len(total) - back
        same = total[end - window - 2 : end + 2]
        before = total[end - window - 2 - 52 : end - window - 2]
        found.append(statistics.fmean(same) / statistics.fmean(before))
    return found


@pytest.mark.parametrize("window", [1, 4])
@pytest.mark.parametrize("weeks", [4 * 52 + 13, 4 * 52 + 39])
def test_the_formula_by_hand(window: int, weeks: int) -> None:
    total = seasonal(5)[:weeks]
    found = season_factor(total[np.newaxis, -170:], window)
    assert found.years.tolist() == [2]
    assert found.handled.all()
    assert found.factor[0] == pytest.approx(statistics.fmean(by_hand(total[-170:].tolist(), window)), rel=1e-12)


def test_the_peak_and_the_trough_are_found() -> None:
    total = seasonal(6)
    peak, trough = total[: 5 * 52 + 15], total[: 5 * 52 + 41]
    assert season_factor(peak[np.newaxis], 4).factor[0] == pytest.approx(1.2, abs=0.05)
    assert season_factor(trough[np.newaxis], 4).factor[0] == pytest.approx(0.8, abs=0.05)


def test_too_short_a_history_has_no_season() -> None:
    found = season_factor(seasonal(2)[np.newaxis], 4)
    assert found.factor.tolist() == [1.0]
    assert not found.handled.any()


def test_a_force_without_season_is_mostly_left_alone() -> None:
    flat = np.vstack([seasonal(5, height=0.0, seed=seed) for seed in range(60)])
    found = season_factor(flat, 4)
    assert np.abs(found.factor - 1).max() < 0.06
    assert found.handled.mean() < 0.5


def test_after_one_shocked_year_the_season_is_not_believed() -> None:
    total = seasonal(4, height=0.05)[:-8]
    total[2 * 52 - 6 : 2 * 52 + 30] *= 0.5  # half the visits stayed away for eight months
    assert season_factor(total[np.newaxis], 4).years.tolist() == [2]
    assert not season_factor(total[np.newaxis], 4).handled.any()


def test_the_newest_window_has_no_say_in_its_own_factor() -> None:
    total = seasonal(5)
    changed = total.copy()
    changed[-4:] *= 3
    assert season_factor(changed[np.newaxis], 4).factor == season_factor(total[np.newaxis], 4).factor


def test_gaps_zeros_and_bounds() -> None:
    rows = np.vstack([seasonal(5), np.zeros(260), np.full(260, np.nan), seasonal(5, height=0.9)])
    rows[0, 100:103] = np.nan
    found = season_factor(rows, 4)
    assert found.handled.tolist()[:3] == [True, False, False]
    assert np.isfinite(found.factor).all()
    assert found.factor.min() >= LOWEST
    assert found.factor.max() <= HIGHEST
