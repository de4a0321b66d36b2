"""Year on year: exact at dispersion 1, at or below its nominal rate above it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compstat.statistics.year_on_year import beta_binomial_p, quasi_z, share_dispersion, two_share_z


def test_conditional_binomial_at_dispersion_one() -> None:
    current, year_ago = 14, 5
    total = current + year_ago
    tail = sum(Fraction(math.comb(total, k), 2**total) for k in range(current, total + 1))
    assert quasi_z(current, year_ago, 0.5, 1.0).p == pytest.approx(2 * float(tail), rel=1e-12)


def test_three_against_none_is_no_signal() -> None:
    """The square-root z calls 3 against 0 a signal; the exact p is 0.25."""
    assert quasi_z(3, 0, 0.5, 1.0).p == pytest.approx(0.25)


def test_quasi_z_by_hand() -> None:
    found = quasi_z(130, 100, 28 / 57, 2.0)
    share = 28 / 57
    z = (130 - 230 * share - 0.5) / math.sqrt(2 * 230 * share * (1 - share))
    assert found.z == pytest.approx(z)
    assert found.p == pytest.approx(2 * stats.norm.sf(z))


@given(st.integers(0, 900), st.integers(0, 900), st.floats(1, 8))
def test_exchanging_the_years_turns_the_sign(current: int, year_ago: int, phi: float) -> None:
    here, there = quasi_z(current, year_ago, 0.5, phi), quasi_z(year_ago, current, 0.5, phi)
    assert here.z == -there.z
    assert here.p == pytest.approx(there.p, rel=1e-9)
    assert beta_binomial_p(current, year_ago, 0.5, phi) == pytest.approx(
        beta_binomial_p(year_ago, current, 0.5, phi), rel=1e-7
    )


def test_none_in_both_years_and_missing() -> None:
    for phi in (1.0, 2.0):
        assert quasi_z(0, 0, 0.5, phi) == (0, 1)
        assert beta_binomial_p(0, 0, 0.5, phi) == 1
    for wrong in ((math.nan, 3, 0.5, 2), (3, math.nan, 0.5, 1), (3, 3, math.nan, 2), (3, 3, 0.5, math.nan)):
        assert np.isnan(quasi_z(*wrong)).all()
        assert np.isnan(beta_binomial_p(*wrong))


def test_half_an_event_is_no_difference() -> None:
    assert quasi_z(10, 11, 0.5, 1.5) == (0, 1)


def test_beta_binomial_is_binomial_at_one_and_scipy_above() -> None:
    assert beta_binomial_p(14, 5, 0.5, 1.0) == quasi_z(14, 5, 0.5, 1.0).p
    reference = stats.betabinom(30, 30 * 0.4 / 0.7, 30 * 0.6 / 0.7)
    tails = reference.sf(18), reference.cdf(19)
    assert beta_binomial_p(19, 11, 0.4, 1.7) == pytest.approx(2 * min(tails), rel=1e-9)


# dispersion, mean of four weeks, quasi-z and beta-binomial flag rates in per cent at 5 and 1 (docs/method.md)
RATES = [
    (1.3, 20, (3.4, 0.54), (3.6, 0.68)),
    (3.0, 20, (3.3, 0.45), (4.1, 0.82)),
    (2.0, 100, (4.3, 0.80), (4.4, 0.85)),
]


@pytest.mark.parametrize(("phi", "mean", "quasi", "exact"), RATES)
def test_false_alarms(phi: float, mean: float, quasi: tuple[float, float], exact: tuple[float, float]) -> None:
    pairs, rng = 40_000, np.random.default_rng(11)
    now, then = rng.negative_binomial(mean / (phi - 1), 1 / phi, (2, pairs))
    for p, published in (
        (quasi_z(now, then, 0.5, phi).p, quasi),
        (beta_binomial_p(now, then, 0.5, phi), exact),
    ):
        for cut, percent in zip((0.05, 0.01), published, strict=True):
            error = math.sqrt(percent / 100 / pairs) + math.sqrt(percent / 100 / 200_000)
            assert np.mean(p <= cut) == pytest.approx(percent / 100, abs=3 * error + 0.0005)


def test_two_shares_by_hand() -> None:
    found = two_share_z(850, 1_000, 900, 1_100, 4.0)
    pooled = 1_750 / 2_100
    z = (0.85 - 900 / 1_100) / math.sqrt(4 * pooled * (1 - pooled) * (1 / 1_000 + 1 / 1_100))
    assert found.z == pytest.approx(z)
    assert found.p == pytest.approx(2 * stats.norm.sf(z))


def test_two_shares_that_are_all_or_missing() -> None:
    assert two_share_z(10, 10, 20, 20, 1.0) == (0, 1)
    assert np.isnan(two_share_z(0, 0, 5, 10, 1.0)).all()


def test_share_dispersion_by_hand_and_without_spread() -> None:
    x, n = np.array([[8.0, 30, 12, np.nan]]), np.array([[40.0, 50, 60, 70]])
    share = 50 / 150
    squares = sum((a / b - share) ** 2 / (share * (1 - share) / b) for a, b in ((8, 40), (30, 50), (12, 60)))
    assert share_dispersion(x, n) == pytest.approx(squares / 2)
    assert share_dispersion([[5, 5, 5]], [[5, 5, 5]]) == 1
    assert np.isnan(share_dispersion([[5, 0]], [[9, 0]]))
