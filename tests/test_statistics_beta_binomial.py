"""Exact tails of the binomial and beta-binomial against scipy and against whole-number fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from compstat.statistics.beta_binomial import beta_binomial_tails, binomial_tails, two_sided


def test_binomial_as_fractions() -> None:
    n, count = 13, 10
    exact = sum(Fraction(math.comb(n, k), 2**n) for k in range(count, n + 1))
    at_least, at_most = binomial_tails(count, n, 0.5)
    assert at_least == pytest.approx(float(exact), rel=1e-13)
    assert two_sided(at_least, at_most) == pytest.approx(2 * float(exact), rel=1e-13)


def test_binomial_at_the_ends() -> None:
    at_least, at_most = binomial_tails([0, 5, 0, math.nan], [5, 5, 0, 5], 0.3)
    np.testing.assert_allclose(at_least, [1, 0.3**5, 1, math.nan])
    np.testing.assert_allclose(at_most, [0.7**5, 1, 1, math.nan])


@settings(max_examples=150)
@given(
    trials=st.integers(0, 400),
    part=st.floats(0, 1),
    a=st.floats(0.05, 5_000),
    b=st.floats(0.05, 5_000),
)
def test_beta_binomial_matches_scipy(trials: int, part: float, a: float, b: float) -> None:
    count = round(trials * part)
    at_least, at_most = beta_binomial_tails(count, trials, a, b)
    terms = stats.betabinom(trials, a, b).pmf(np.arange(trials + 1))
    assert at_least == pytest.approx(math.fsum(terms[count:]), rel=1e-7, abs=1e-11)
    assert at_most == pytest.approx(math.fsum(terms[: count + 1]), rel=1e-7, abs=1e-11)


def test_beta_binomial_with_whole_shapes_as_fractions() -> None:
    """With a = b = 1 every count from 0 to n is equally likely."""
    at_least, at_most = beta_binomial_tails([7, 0, 20], 20, 1, 1)
    np.testing.assert_allclose(at_least, [14 / 21, 1, 1 / 21], rtol=1e-12)
    np.testing.assert_allclose(at_most, [8 / 21, 1 / 21, 1], rtol=1e-12)


def test_outside_its_domain_it_is_missing() -> None:
    at_least, at_most = beta_binomial_tails([6, -1, 2, math.nan], 5, [1, 1, 0, 1], 1)
    assert np.isnan(at_least).all()
    assert np.isnan(at_most).all()
