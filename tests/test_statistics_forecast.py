"""The line by another program, the interval's true coverage, gaps and short series."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from compstat.statistics.forecast import line_forecast


def test_the_line_is_that_of_linregress() -> None:
    values = np.random.default_rng(1).normal(80, 2, 26) + 0.1 * np.arange(26)
    values[[3, 17]] = np.nan
    known = ~np.isnan(values)
    line = stats.linregress(np.arange(26)[known], values[known])
    found = line_forecast(values[np.newaxis], 10)
    assert found.level[0] == pytest.approx(line.intercept + line.slope * 35)


@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_the_interval_holds_what_it_says(alike: float) -> None:
    rng = np.random.default_rng(2)
    cells, ahead = 4_000, 8
    noise = rng.normal(0, 1, (cells, 26 + ahead))
    for period in range(1, 26 + ahead):
        noise[:, period] += alike * noise[:, period - 1]
    series = 50 + 0.2 * np.arange(26 + ahead) + noise
    found = line_forecast(series[:, :26], ahead)
    low, high = found.interval(0.8)
    inside = ((series[:, -1] >= low) & (series[:, -1] <= high)).mean()
    assert 0.74 < inside < 0.9


def test_the_chance_of_a_goal_agrees_with_the_interval() -> None:
    values = np.random.default_rng(3).normal(80, 2, (5, 26))
    found = line_forecast(values, 4)
    low, high = found.interval(0.8)
    np.testing.assert_allclose(found.chance_at_least(low), 0.9, atol=1e-9)
    np.testing.assert_allclose(found.chance_at_least(high), 0.1, atol=1e-9)


def test_short_empty_and_constant_series() -> None:
    rows = np.full((3, 26), np.nan)
    rows[0, -12:] = 5.0
    rows[2] = 7.0
    found = line_forecast(rows, [1, 1, 1])
    assert np.isnan(found.level).tolist() == [True, True, False]
    assert found.level[2] == 7
    assert found.error[2] == 0
