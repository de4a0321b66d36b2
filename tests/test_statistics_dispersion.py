"""Dispersion: the formula by hand, missing weeks, constant and empty cells, groups kept apart."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from compstat.statistics.dispersion import dispersion_blocks, dispersion_weekly


def by_hand(rows: list[list[float]], weight: float) -> list[float]:
    """The shrunk dispersion of one group, cell by cell, from the textbook formulas."""
    present = [[value for value in row if not math.isnan(value)] for row in rows]
    means = [statistics.fmean(row) for row in present]
    variances = [statistics.variance(row) for row in present]
    alpha = max(0.0, sum(v - m for v, m in zip(variances, means, strict=True)) / sum(m * m for m in means))
    found = []
    for row, mean, variance in zip(present, means, variances, strict=True):
        own, freedom = max(1.0, variance / mean), len(row) - 1
        found.append(max(1.0, (freedom * own + weight * (1 + alpha * mean)) / (freedom + weight)))
    return found


def test_weekly_and_block_forms_by_hand() -> None:
    series = np.random.default_rng(3).negative_binomial(4, 0.3, (5, 52)).astype(float)
    series[1, 4:9] = np.nan
    found = dispersion_weekly(series, np.zeros(5, dtype=int))
    np.testing.assert_allclose(found.phi, by_hand(series.tolist(), 100), rtol=1e-12)
    blocks = np.random.default_rng(4).negative_binomial(9, 0.3, (5, 13)).astype(float)
    np.testing.assert_allclose(
        dispersion_blocks(blocks, np.zeros(5, dtype=int)).phi, by_hand(blocks.tolist(), 50), rtol=1e-12
    )


def test_groups_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(5)
    calm, wild = rng.poisson(6, (20, 52)), rng.negative_binomial(2, 0.2, (20, 52))
    together = dispersion_weekly(np.vstack([calm, wild]), np.repeat([7, 3], 20))
    np.testing.assert_array_equal(together.phi[:20], dispersion_weekly(calm, np.zeros(20, dtype=int)).phi)
    assert together.alpha[:20].max() < together.alpha[20:].min()


def test_constant_empty_and_missing_cells() -> None:
    rows = np.array([[4.0] * 52, [0.0] * 52, [np.nan] * 52, [3.0] + [np.nan] * 51])
    found = dispersion_weekly(rows, np.arange(4))
    assert found.phi[:2].tolist() == [1, 1]
    assert np.isnan(found.phi[2])
    assert found.phi[3] == 1, "one week has no variance: the group speaks alone"
    assert np.isnan(found.own[2:]).all()
    assert found.periods.tolist() == [52, 52, 0, 1]


def test_huge_counts_keep_their_variance() -> None:
    series = 1e9 + np.random.default_rng(6).normal(0, 1e6, (3, 52))
    found = dispersion_weekly(series, np.zeros(3, dtype=int))
    np.testing.assert_allclose(found.own, series.var(axis=1, ddof=1) / series.mean(axis=1), rtol=1e-9)


def test_more_cells_than_a_block() -> None:
    series = np.random.default_rng(8).poisson(3, (5_003, 20)).astype(float)
    found = dispersion_weekly(series, np.zeros(5_003, dtype=int))
    np.testing.assert_allclose(found.mean, series.mean(axis=1))


def test_no_cells_at_all() -> None:
    assert dispersion_weekly(np.empty((0, 52)), []).phi.size == 0


def test_a_group_for_every_cell_is_wanted() -> None:
    with pytest.raises(ValueError, match="3 cells"):
        dispersion_weekly(np.ones((3, 52)), [1, 2])
