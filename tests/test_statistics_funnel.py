"""Peers: the estimate by hand, false alarms with and without lasting differences, who is found, too few peers."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from compstat.statistics.funnel import FEWEST_PEERS, rate_funnel, share_funnel


def test_the_spread_between_peers_by_hand() -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(100, 900, 12)
    x = rng.binomial(n, rng.uniform(0.6, 0.9, 12))
    found = share_funnel(x, n)
    assert found is not None
    centre = sum(x) / sum(n)
    errors = [1 / (2 * math.sqrt(size)) for size in n]
    middle = math.asin(math.sqrt(centre))
    z = [(math.asin(math.sqrt(a / b)) - middle) / e for a, b, e in zip(x, n, errors, strict=True)]
    low, high = np.quantile(z, [0.1, 0.9])
    phi = statistics.fmean(min(max(score, low), high) ** 2 for score in z) / 0.6787
    weight = [1 / error**2 for error in errors]
    between = (12 * phi - 11) / (sum(weight) - sum(w * w for w in weight) / sum(weight))
    assert between > 0
    assert found.between == pytest.approx(between, rel=1e-9)
    assert found.z[3] == pytest.approx(z[3] * errors[3] / math.sqrt(errors[3] ** 2 + between), rel=1e-9)
    edge = math.sin(middle + 1.959964 * math.sqrt(errors[3] ** 2 + between)) ** 2
    assert found.upper[0, 3] == pytest.approx(edge, rel=1e-6)


@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_peers_that_differ_for_lasting_reasons_are_not_all_special(spread: float) -> None:
    rng = np.random.default_rng(2)
    outside = 0
    for _ in range(200):
        exposure = rng.uniform(20, 2_000, 30)
        events = rng.poisson(exposure * 0.5 * np.exp(rng.normal(0, spread, 30)))
        found = rate_funnel(events, exposure)
        assert found is not None
        outside += int((np.minimum(found.p_high, found.p_low) < 0.001).sum())
    assert outside / (200 * 30) < 0.006  # nominal 0.002; few peers tell little of their spread


def test_one_unit_far_from_alike_peers_is_found() -> None:
    events = np.array([100, 104, 97, 99, 103, 96, 101, 98, 102, 190])
    found = rate_funnel(events, np.full(10, 1_000.0))
    assert found is not None
    assert found.p_high.argmin() == 9
    assert found.p_high[9] < 0.001
    assert found.upper[1, 9] < 190 / 1_000


def test_too_few_peers_and_units_without_cases() -> None:
    assert share_funnel([1] * (FEWEST_PEERS - 1), [10] * (FEWEST_PEERS - 1)) is None
    found = share_funnel([3, 5, 4, 6, 5, 0, np.nan], [10, 10, 10, 10, 10, 0, 10])
    assert found is not None
    assert np.isnan(found.z).tolist() == [False] * 5 + [True] * 2


@pytest.mark.parametrize("shares", [[0] * 6, [50] * 6])
def test_all_or_none_is_no_fault(shares: list[int]) -> None:
    found = share_funnel(shares, [50] * 6)
    assert found is not None
    assert found.between == 0
    assert np.isfinite(found.p_high).all()
