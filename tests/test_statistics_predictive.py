"""The predictive of a count: against exact sums, its laws, its searches and its false-alarm rates."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from compstat.statistics.dispersion import dispersion_blocks, dispersion_weekly
from compstat.statistics.predictive import (
    Expectation,
    expected_count,
    largest_count_with,
    probability_at_least,
    probability_at_most,
    quantile_band,
    smallest_count_with,
)

levels = st.floats(0.01, 5_000)
factors = st.floats(1.0005, 60)


def one(mean: float, factor: float) -> Expectation:
    return Expectation(np.array([mean]), np.array([factor]))


def gamma_poisson_at_least(count: int, events: int, weeks: int, window: int) -> float:
    """1 - the sum of the predictive's terms, from Gamma(S + 1/2, k), with whole-number fractions."""
    chance, below, term = Fraction(window, weeks + window), Fraction(0), Fraction(1)
    for x in range(count):
        below += term
        term *= (Fraction(2 * events + 1, 2) + x) * chance / (x + 1)
    return 1 - float(below) * float(1 - chance) ** (events + 0.5)


@pytest.mark.parametrize(("count", "events", "window"), [(9, 260, 1), (1, 3, 1), (35, 260, 4), (4, 0, 4)])
def test_without_extra_variance_it_is_the_gamma_poisson_predictive(count: int, events: int, window: int) -> None:
    found = probability_at_least(count, expected_count(events, 52, window, 1.0))
    assert found == pytest.approx(gamma_poisson_at_least(count, events, 52, window), rel=1e-10)


def test_expectation_by_hand() -> None:
    expectation = expected_count(events=103.5, periods=52, window=4, dispersion=1.5, season=1.1)
    assert expectation.mean == pytest.approx(1.1 * 104 * 4 / 52)
    assert expectation.variance_factor == pytest.approx(1.5 * (1 + 1.1 * 4 / 52))


def test_weeks_and_days_are_one_answer() -> None:
    weeks, days = expected_count(80, 52, 4, 1.3), expected_count(80, 364, 28, 1.3)
    assert (weeks.mean, weeks.variance_factor) == (
        pytest.approx(days.mean),
        pytest.approx(days.variance_factor),
    )


@pytest.mark.parametrize(("mean", "factor"), [(0.3, 1.02), (5.0, 1.0193), (48.0, 2.4), (900.0, 7.0)])
def test_tails_match_scipy(mean: float, factor: float) -> None:
    counts = np.arange(0, int(mean + 12 * math.sqrt(mean * factor)) + 8)
    reference = stats.nbinom(mean / (factor - 1), 1 / factor)
    np.testing.assert_allclose(probability_at_least(counts, one(mean, factor)), reference.sf(counts - 1), rtol=1e-9)
    np.testing.assert_allclose(probability_at_most(counts, one(mean, factor)), reference.cdf(counts), rtol=1e-9)


def test_a_factor_of_one_is_poisson() -> None:
    counts = np.arange(30)
    np.testing.assert_allclose(
        probability_at_least(counts, one(8.0, 1.0)), stats.poisson(8.0).sf(counts - 1), rtol=1e-6
    )


def test_zero_parts_of_events_and_missing() -> None:
    expectation = one(4.0, 1.2)
    assert probability_at_least(0, expectation) == 1
    assert probability_at_least(2.3, expectation) == probability_at_least(3, expectation)
    assert probability_at_most(2.3, expectation) == probability_at_most(2, expectation)
    assert probability_at_most(-1, expectation) == 0
    assert np.isnan(probability_at_least(math.nan, expectation)).all()
    assert np.isnan(probability_at_least(0, one(math.nan, 1.2))).all()
    assert np.isnan(probability_at_most(-1, one(math.nan, 1.2))).all()
    assert np.isnan(expected_count(5, 0, 1, 1.0).mean)


@pytest.mark.parametrize("unknown", [(math.nan, 1.2), (4.0, math.nan)])
def test_searches_where_mean_or_variance_is_missing(unknown: tuple[float, float]) -> None:
    assert np.isnan(smallest_count_with(0.01, one(*unknown))).all()
    assert np.isnan(largest_count_with(0.01, one(*unknown))).all()
    assert np.isnan(quantile_band(one(*unknown), 0.05, 0.95)).all()


def test_searches_without_a_cut() -> None:
    assert np.isnan(smallest_count_with(math.nan, one(4.0, 1.2))).all()
    assert np.isnan(largest_count_with(math.nan, one(4.0, 1.2))).all()


def test_a_cell_that_expects_nothing() -> None:
    nothing = one(0.0, 1.2)
    assert probability_at_least([0, 1], nothing).tolist() == [1, 0]
    assert probability_at_most([0, 1], nothing).tolist() == [1, 1]


@given(mean=levels, factor=factors, count=st.integers(0, 20_000))
def test_tails_complete_each_other_and_fall_with_the_count(mean: float, factor: float, count: int) -> None:
    expectation = one(mean, factor)
    at_least, below = probability_at_least(count, expectation), probability_at_most(count - 1, expectation)
    assert at_least + below == pytest.approx(1, abs=1e-11)
    assert probability_at_least(count + 1, expectation) <= at_least
    assert probability_at_most(count, expectation) >= below


@settings(max_examples=200)
@given(mean=levels, factor=factors, p_cut=st.floats(1e-9, 0.6))
def test_searches_find_the_edge(mean: float, factor: float, p_cut: float) -> None:
    expectation = one(mean, factor)
    most = smallest_count_with(p_cut, expectation)
    assert probability_at_least(most, expectation) <= p_cut < probability_at_least(most - 1, expectation)
    least = largest_count_with(p_cut, expectation)
    assert probability_at_most(least, expectation) <= p_cut < probability_at_most(least + 1, expectation)


def test_the_cut_of_a_cell_gives_back_its_own_count() -> None:
    """p_cut is often some cell's own p value: the comparison must then be exact."""
    counts = np.arange(1.0, 200.0)
    expectation = Expectation(np.linspace(0.5, 150, counts.size), np.linspace(1.02, 4, counts.size))
    cut = probability_at_least(counts, expectation)
    np.testing.assert_array_equal(smallest_count_with(cut, expectation)[cut > 1e-300], counts[cut > 1e-300])


def test_searches_at_the_ends() -> None:
    expectation = one(2.0, 1.1)
    assert smallest_count_with(0.0, expectation) == math.inf
    assert smallest_count_with(1.0, expectation) == 0
    assert largest_count_with(0.0, expectation) == -1
    assert largest_count_with(0.01, expectation) == -1, "a count of 0 is likelier than 1% here"
    assert largest_count_with(1.0, expectation) == math.inf


@given(mean=levels, factor=factors)
def test_quantile_band_matches_scipy(mean: float, factor: float) -> None:
    low, high = quantile_band(one(mean, factor), 0.05, 0.95)
    reference = stats.nbinom(mean / (factor - 1), 1 / factor)
    for found, share in ((low, 0.05), (high, 0.95)):
        assert reference.cdf(found) >= share - 1e-9
        assert found == 0 or reference.cdf(found - 1) < share + 1e-9


# mean, dispersion, flag rates in per cent at 5, 1 and 0.1 (docs/method.md, 100,000 draws)
RATES = [(5, 1.0, (3.3, 0.63, 0.05)), (10, 2.0, (4.2, 0.78, 0.08)), (100, 4.0, (4.8, 0.97, 0.10))]


@pytest.mark.parametrize(("mean", "phi", "published"), RATES)
def test_false_alarms_of_a_stable_week(mean: float, phi: float, published: tuple[float, ...]) -> None:
    cells, rng = 40_000, np.random.default_rng(20260716)
    drawn = draw(rng, mean, phi, (cells, 53))
    spread = dispersion_weekly(drawn[:, :52], np.zeros(cells, dtype=int))
    p = probability_at_least(drawn[:, 52], expected_count(drawn[:, :52].sum(axis=1), 52, 1, spread.phi))
    for cut, percent in zip((0.05, 0.01, 0.001), published, strict=True):
        error = math.sqrt(percent / 100 / cells) + math.sqrt(percent / 100 / 100_000)
        assert np.mean(p <= cut) == pytest.approx(percent / 100, abs=3 * error + 0.00005)


def test_four_week_alarms_stay_below_nominal_with_their_own_dispersion() -> None:
    cells, rng = 20_000, np.random.default_rng(7)
    drawn = draw(rng, 8, 1.6, (cells, 56))
    blocks = drawn[:, :52].reshape(cells, 13, 4).sum(axis=2)
    spread = dispersion_blocks(blocks, np.zeros(cells, dtype=int))
    window = drawn[:, 52:].sum(axis=1)
    p = probability_at_least(window, expected_count(blocks.sum(axis=1), 52, 4, spread.phi))
    assert np.mean(p <= 0.01) == pytest.approx(0.0084, abs=0.0025)


def draw(rng: np.random.Generator, mean: float, phi: float, shape: tuple[int, int]) -> np.ndarray:
    if phi == 1:
        return rng.poisson(mean, shape).astype(float)
    return rng.negative_binomial(mean / (phi - 1), 1 / phi, shape).astype(float)
