"""Matched windows: the test by another program, error rates with season and extra variance, gaps and constants."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from compstat.statistics.matched import FEWEST_PAIRS, matched


def test_it_is_the_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    now, then = rng.normal(50, 5, (6, 13)), rng.normal(48, 5, (6, 13))
    now[0, 3] = then[1, 8] = np.nan
    found = matched(now, then)
    for row in range(6):
        other = stats.ttest_rel(now[row], then[row], nan_policy="omit", alternative="greater")
        assert found.t[row] == pytest.approx(other.statistic)
        assert found.p_up[row] == pytest.approx(other.pvalue)
        assert found.p_up[row] + found.p_down[row] == pytest.approx(1)


@pytest.mark.parametrize("mean", [5.0, 40.0])
def test_season_and_extra_variance_do_not_raise_its_error_rate(mean: float) -> None:
    rng = np.random.default_rng(2)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(13) / 13)
    level = mean * season
    now, then = (rng.negative_binomial(level, 0.5, (20_000, 13)) for _ in range(2))
    assert (matched(now, then).p_up <= 0.01).mean() <= 0.01 + 3 * 0.0007  # three standard errors


def test_too_few_pairs_and_no_spread() -> None:
    short = np.full((1, 13), np.nan)
    short[0, : FEWEST_PAIRS - 1] = 4.0
    assert np.isnan(matched(short, short + 1).p_up).all()
    level = np.full((3, 13), 4.0)
    found = matched(level, level + np.array([[0.0], [1.0], [-1.0]]))
    assert found.p_down.tolist() == [0.5, 0.0, 1.0]
