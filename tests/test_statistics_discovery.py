"""Many cells: Benjamini-Hochberg, the gates, and the number that chance alone would flag."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from compstat.statistics.discovery import (
    acceptance_limits,
    benjamini_hochberg,
    combined,
    expected_by_chance,
    largest_count_past_gates,
    smallest_count_past_gates,
)
from compstat.statistics.predictive import (
    Expectation,
    expected_count,
    probability_at_least,
    probability_at_most,
)

p_values = arrays(float, st.integers(1, 40), elements=st.floats(0, 1))


@given(p_values)
def test_q_values_match_scipy(p: np.ndarray) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), rtol=1e-12)


@given(p_values, st.integers(0, 39))
def test_q_values_keep_the_order_and_never_fall_below_p(p: np.ndarray, at: int) -> None:
    q_values = benjamini_hochberg(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(q_values[order]) >= 0).all()
    assert (q_values >= p - 1e-15).all()
    lower = p.copy()
    lower[at % p.size] /= 2
    assert (benjamini_hochberg(lower) <= q_values).all(), "a smaller p makes no q larger"


def test_the_published_example() -> None:
    """Benjamini and Hochberg (1995), 4.2: fifteen p values, four rejected at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    q_values = benjamini_hochberg(p)
    assert (q_values <= 0.05).sum() == 4
    assert acceptance_limits(p, 0.05)[:4].tolist() == pytest.approx([0.05 * 4 / 15] * 4)


@given(p_values, st.integers(0, 39), st.sampled_from([0.05, 0.2, 0.5]))
def test_the_limit_is_where_acceptance_ends(p: np.ndarray, at: int, q: float) -> None:
    """At the limit the cell is accepted, beyond it not, the others being as they are."""
    at %= p.size
    limit = acceptance_limits(p, q)[at]

    def accepted(value: float) -> bool:
        changed = p.copy()
        changed[at] = value
        return bool(benjamini_hochberg(changed)[at] <= q * (1 + 1e-12))

    assert accepted(limit * (1 - 1e-9))
    assert not accepted(min(1.0, limit * (1 + 1e-6)))


def test_cells_not_tested_do_not_count() -> None:
    p = np.array([0.01, np.nan, 0.04, np.nan])
    np.testing.assert_array_equal(benjamini_hochberg(p), [0.02, np.nan, 0.04, np.nan])
    np.testing.assert_allclose(acceptance_limits(p, 0.1), [0.1, np.nan, 0.1, np.nan])
    assert acceptance_limits([], 0.1).size == 0
    assert benjamini_hochberg([np.nan]).tolist() != [1]
    assert benjamini_hochberg([]).size == 0


def test_two_windows_make_one_p() -> None:
    found = combined([0.01, 0.9, np.nan, np.nan], [0.2, 0.8, 0.03, np.nan])
    np.testing.assert_allclose(found, [0.02, 1, 0.03, np.nan])


def test_gates_by_hand() -> None:
    assert smallest_count_past_gates([10, 100, 0, math.nan], 0.1, 3)[:3].tolist() == [13, 110, 3]
    assert np.isnan(smallest_count_past_gates(math.nan, 0.1, 3))
    assert smallest_count_past_gates(10, 0.1, 1) == 11, "1.1 x 10 must not be a little more than 11"
    assert largest_count_past_gates([10, 100, 2], 0.2, 3).tolist() == [7, 80, -1]


def test_expected_by_chance_by_hand() -> None:
    mean, factor = np.array([5.0, 12.0, math.nan]), np.array([1.1, 1.5, 1.2])
    total = 0.0
    for m, v, gate in ((5.0, 1.1, 14), (12.0, 1.5, 0)):
        reference = stats.nbinom(m / (v - 1), 1 / v)
        count = next(c for c in range(1_000) if reference.sf(c - 1) <= 0.01)
        total += reference.sf(max(count, gate) - 1)
    expectation = Expectation(mean, factor)
    assert expected_by_chance(expectation, 0.01, gate=[14, 0, 0]) == pytest.approx(total, rel=1e-9)
    assert expected_by_chance(expectation, 0.0) == 0


def test_expected_falls_by_hand() -> None:
    expectation = Expectation(np.array([3.0, 20.0]), np.array([1.1, 1.5]))
    reference = stats.nbinom(20 / 0.5, 1 / 1.5)
    count = max(c for c in range(20) if reference.cdf(c) <= 0.01)
    found = expected_by_chance(expectation, 0.01, falls=True)
    assert found == pytest.approx(reference.cdf(count)), "a mean of 3 can never be improbably low at 1%"
    assert expected_by_chance(expectation, 0.01, gate=[-1, -1], falls=True) == 0


def test_printed_number_is_the_realised_one() -> None:
    """200 stable packs of 1,000 cells at p <= 0.01 with gates: what is printed happens, on the average."""
    rng = np.random.default_rng(17)
    level = np.exp(rng.uniform(math.log(0.5), math.log(100), 1_000))
    printed, realised = [], []
    for _ in range(200):
        expectation = expected_count(rng.poisson(52 * level), 52, 1, 1.0)
        gate = smallest_count_past_gates(expectation.mean, 0.2, 3)
        count = rng.poisson(level)
        realised.append(np.sum((probability_at_least(count, expectation) <= 0.01) & (count >= gate)))
        printed.append(expected_by_chance(expectation, 0.01, gate))
    assert np.mean(printed) == pytest.approx(np.mean(realised), abs=3 * np.std(realised) / math.sqrt(200))
    assert np.mean(printed) < 8, "cells x alpha would say 10"


def test_a_stable_force_raises_a_flag_in_at_most_a_share_q_of_weeks() -> None:
    rng, q, weeks = np.random.default_rng(19), 0.2, 400
    level = np.exp(rng.uniform(math.log(1), math.log(60), 150))
    raised = 0
    for _ in range(weeks):
        expectation = expected_count(rng.poisson(52 * level), 52, 1, 1.0)
        count = rng.poisson(level)
        up, down = probability_at_least(count, expectation), probability_at_most(count, expectation)
        raised += bool((benjamini_hochberg(2 * np.minimum(up, down)) <= q).any())
    assert raised / weeks <= q + 2 * math.sqrt(q * (1 - q) / weeks)
