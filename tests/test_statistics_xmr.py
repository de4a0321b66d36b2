"""XmR charts: every rule firing and just missing, and the vectorised form against a plain reading of the
rules.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compstat.statistics.process_limits import mean_of_present
from compstat.statistics.xmr import Reason, chart, judge, limits, process_of, special_causes

NAN = math.nan
CALM = [5.0, 6, 4] * 8
OUTSIDE, TREND, TWO, RUN = (
    code.value for code in (Reason.OUTSIDE_LIMITS, Reason.TREND, Reason.TWO_OF_THREE, Reason.RUN)
)


def plain_judgement(values: list[float], screen: bool, fix_after: int | None) -> tuple[list[int], list[int]]:
    """The four rules read out point by point, on exact fractions of the decimals."""
    known = [None if math.isnan(value) else Fraction(str(value)) for value in values]
    counted = known if fix_after is None else known[:fix_after]
    present = [value for value in counted if value is not None]
    if not present:
        return [0] * len(values), [0] * len(values)
    mean = sum(present) / len(present)
    ranges = [abs(b - a) for a, b in pairwise(counted) if a is not None and b is not None]
    if screen and ranges:
        ranges = [r for r in ranges if r < Fraction("3.267") * sum(ranges) / len(ranges)]
    reach = Fraction("2.66") * sum(ranges) / len(ranges) if ranges else None
    side = [None if value is None else (value > mean) - (value < mean) for value in known]
    reasons, sides = [], []
    for at in range(len(known)):
        reason, where = plain_reason(known, side, mean, reach, at)
        reasons.append(reason)
        sides.append(where)
    return reasons, sides


def plain_reason(
    known: list[Fraction | None], side: list[int | None], mean: Fraction, reach: Fraction | None, at: int
) -> tuple[int, int]:
    value = known[at]
    if value is None:
        return 0, 0

    def windows(length: int, point: int = at) -> list[range]:
        starts = range(max(0, point - length + 1), min(point, len(known) - length) + 1)
        return [range(start, start + length) for start in starts]

    def distance(point: int) -> Fraction:
        return abs(known[point] - mean)

    def moves(window: range) -> set[int]:
        pairs = [(known[i], known[i + 1]) for i in window[:-1]]
        return {0 if a is None or b is None else (b > a) - (b < a) for a, b in pairs}

    def in_trend(point: int) -> bool:
        return any(moves(window) in ({1}, {-1}) for window in windows(7, point))

    def outer(point: int) -> bool:
        return reach is not None and reach * 2 / 3 < distance(point) <= reach

    if reach is not None and distance(at) > reach:
        return OUTSIDE, side[at]
    if in_trend(at):
        after = at + 1 < len(known) and in_trend(at + 1)
        step = (at, at + 1) if after else (at - 1, at)
        return TREND, 1 if known[step[1]] > known[step[0]] else -1
    for window in windows(3):
        if {side[i] for i in window} in ({1}, {-1}) and outer(at) and sum(outer(i) for i in window) >= 2:
            return TWO, side[at]
    if any({side[i] for i in window} in ({1}, {-1}) for window in windows(7)):
        return RUN, side[at]
    return 0, 0


# random walks, and noise on few levels, so that ties, trends, runs and points on the mean are common
levels = st.lists(st.sampled_from([3.0, 4.0, 5.0, 5.5, 6.0, 7.0, 12.0, NAN]), min_size=1, max_size=40)
walks = st.lists(st.sampled_from([-1.0, 1.0, 1.0, 2.0, 0.0, 9.0]), min_size=1, max_size=40).map(
    lambda steps: [float(value) for value in np.cumsum(steps)]
)


# derandomized: a value may lie exactly on a limit, where doubles and fractions part
@settings(max_examples=400, deadline=None, derandomize=True)
@given(values=levels | walks, screen=st.booleans(), fix_after=st.none() | st.integers(1, 20))
def test_plain_reading_of_the_rules(values: list[float], screen: bool, fix_after: int | None) -> None:
    judged = judge([values], screen, fix_after)
    reasons, sides = plain_judgement(values, screen, fix_after)
    assert judged.reason[0].tolist() == reasons
    assert judged.side[0].tolist() == sides


@given(values=levels | walks)
def test_turned_upside_down_everything_changes_sides(values: list[float]) -> None:
    upright, turned = judge([values]), judge([[-value for value in values]])
    np.testing.assert_array_equal(turned.reason, upright.reason)
    np.testing.assert_array_equal(turned.mean, -upright.mean)
    np.testing.assert_array_equal(turned.lower, -upright.upper)
    points_with_a_move = upright.reason != Reason.TREND  # a tie between two trends reads as a fall either way
    np.testing.assert_array_equal(turned.side[points_with_a_move], -upright.side[points_with_a_move])


@given(values=levels | walks, power=st.integers(-8, 8))
def test_another_unit_of_measure_changes_nothing(values: list[float], power: int) -> None:
    scaled = judge([[value * 2.0**power for value in values]])
    np.testing.assert_array_equal(scaled.reason, judge([values]).reason)
    np.testing.assert_array_equal(scaled.side, judge([values]).side)


def test_matrix_functions_agree_with_each_other_over_blocks() -> None:
    values = np.random.default_rng(31).normal(40, 6, (4_100, 60))
    values[np.random.default_rng(32).random(values.shape) < 0.03] = np.nan
    judged, process = judge(values), process_of(values)
    mean, lower, upper = limits(values)
    np.testing.assert_array_equal(judged.mean, mean)
    np.testing.assert_array_equal(judged.upper, upper)
    reason, side = special_causes(values, mean, lower, upper, process.average_range)
    np.testing.assert_array_equal(judged.reason, reason)
    np.testing.assert_array_equal(judged.side, side)
    worked_back, _ = special_causes(values, mean, lower, upper)
    np.testing.assert_array_equal(worked_back, reason)
    row = judge(values[4_050:4_051])
    np.testing.assert_array_equal(row.reason[0], judged.reason[4_050])


def test_a_mean_is_right_to_the_last_digit() -> None:
    """0.1 twenty times must have the mean 0.1: a point on the mean has no side."""
    columns = np.array([[0.1, 4.1, 1e16, NAN], [0.1, 4.3, 1.0, NAN], [0.1, 4.2, -1e16, NAN]])
    exact = [float(sum(map(Fraction, column)) / 3) for column in columns.T[:3].tolist()]
    assert mean_of_present(columns)[:3].tolist() == exact
    assert np.isnan(mean_of_present(columns)[3])
    assert judge([[0.1] * 20 + [0.3] + [0.1] * 20], screen=False).side[0].tolist().count(0) == 0
    assert judge([[0.1] * 20]).side.tolist() == [[0] * 20]


@given(st.lists(st.decimals(-999, 999, places=2).map(float), min_size=1, max_size=60))
def test_mean_is_the_correctly_rounded_one(values: list[float]) -> None:
    assert mean_of_present(np.array([values]).T)[0] == float(sum(map(Fraction, values)) / len(values))


def test_seven_rising_is_a_trend_and_six_are_not() -> None:
    before, after = [5.0, 8, 4, 7, 5, 6] * 2, [4.0, 7, 5, 8, 4, 6, 5]
    found = chart([*before, 3, 4, 5, 6, 7, 8, 9, *after], "lower")
    assert [point.reason for point in found.points] == [None] * 12 + ["trend"] * 7 + [None] * 7
    assert {point.point_type for point in found.points[12:19]} == {"special_cause_concern"}
    assert "trend" not in reasons([*before, 3.5, 4, 5, 6, 7, 8, *after])
    assert "trend" not in reasons([*before, 3, 4, 5, 5, 6, 7, 8, *after]), "a tie breaks it"
    assert "trend" not in reasons([*before, 3, 4, 5, NAN, 6, 7, 8, *after]), "a missing value breaks it"


def test_the_peak_between_two_trends_takes_the_next_direction() -> None:
    values = [10.0, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1, 10]
    sides = judge([values], screen=False).side[0].tolist()
    assert sides[1:14] == [1] * 6 + [-1] * 7


def test_a_trend_goes_before_a_run_and_the_limits_before_both() -> None:
    rising = [0.0] * 7 + [5, 0, 5, 0] * 4 + [8, 9, 10, 11, 12, 13, 30]
    found = reasons(rising)
    assert found[-1] == "outside_limits"
    assert found[-7:-1] == ["trend"] * 6


def test_two_of_three_needs_one_side_and_two_inside_the_limits() -> None:
    near = [5.0, 6, 4] * 3 + [9.2, 6, 9.1] + [4.0, 5, 6] * 4
    assert [at for at, reason in enumerate(reasons(near)) if reason] == [9, 11]
    assert not any(reasons([5.0, 6, 4] * 3 + [9.2, 4, 9.1] + [4.0, 5, 6] * 4)), "the middle one is below the mean"
    outside = reasons([5.0, 6, 4] * 3 + [13, 6, 9.1] + [4.0, 5, 6] * 4)
    assert outside[9] == "outside_limits"
    assert "two_of_three" not in outside, "a point outside the limits does not count"


def test_seven_on_one_side_and_the_mean_itself() -> None:
    assert reasons([3.0, 5, 3, 5, 3, 5, 3, 8, 6, 8, 6, 8, 6, 8]) == ["run"] * 14
    assert not any(reasons([3.0, 5, 3, 5, 3, 5, 8, 6, 8, 6, 8, 6])), "six"
    assert not any(reasons([3.0, 5, 3, 5.5, 5, 3, 5, 8, 6, 8, 5.5, 6, 8, 6])), "one on the mean of 5.5"
    assert not any(reasons([3.0, 5, 3, NAN, 5, 3, 5, 8, 6, 8, NAN, 6, 8, 6])), "one missing"


def test_neutral_words() -> None:
    found = chart([5.0, 6, 4] * 6 + [20, 5, 6, 4, -9], "neutral")
    assert found.points[18].point_type == "special_cause_neutral_high"
    assert found.points[-1].point_type == found.variation == "special_cause_neutral_low"
    assert found.assurance(10) is None


def test_rebases_restart_limits_runs_and_the_frozen_baseline() -> None:
    values = [5.0, 6, 4, 5, 6, 4, 5, 6, 15, 16, 14, 15, 16, 14, 30, 16, 1, 2, 3]
    found = chart(values, "higher", rebases=[8, 16], fix_after=6)
    assert [point.segment for point in found.points] == [0] * 8 + [1] * 8 + [2] * 3
    for start, end in ((0, 8), (8, 16), (16, 19)):
        mean, lower, upper = (float(limit[0]) for limit in limits([values[start:end]], fix_after=6))
        point = found.points[start]
        assert (point.mean, point.lower_limit, point.upper_limit) == (mean, lower, upper)
    assert found.points[14].reason == "outside_limits", "judged by the six points before it"
    assert found.trial_limits
    first = chart(values, "higher", rebases=[0])
    assert {point.segment for point in first.points} == {1}
    assert not chart(CALM, "higher", rebases=[0]).trial_limits


def test_trial_limits_count_periods_without_a_return() -> None:
    assert chart([5.0, 6, 4] * 4, "higher").trial_limits
    assert not chart([*[5.0, 6, 4] * 4, NAN], "higher").trial_limits


def test_assurance_is_strict() -> None:
    found = chart(CALM, "higher")
    upper, lower = found.points[-1].upper_limit, found.points[-1].lower_limit
    assert upper is not None
    assert lower is not None
    words = [found.assurance(target) for target in (upper, upper + 1e-9, lower, lower - 1e-9, None, NAN)]
    assert words == ["inconsistent", "consistent_fail", "inconsistent", "consistent_pass", None, None]
    assert chart(CALM, "lower").assurance(upper + 1) == "consistent_pass"
    assert chart(CALM, "lower").assurance(lower - 1) == "consistent_fail"


@pytest.mark.parametrize("values", [[7.0], [7.0] * 20, [7.0, NAN, 7.5, NAN], [NAN] * 20, []])
def test_limits_that_do_not_exist_are_none(values: list[float]) -> None:
    found = chart(values, "lower")
    assert all(point.lower_limit is None and point.upper_limit is None for point in found.points)
    assert {point.point_type for point in found.points} <= {"common_cause"}
    assert found.variation == ("common_cause" if any(not math.isnan(value) for value in values) else None)
    if values:
        assert found.assurance(7) == "inconsistent"


def test_a_constant_series_without_screening_has_its_limits_on_the_mean() -> None:
    point = chart([7.0] * 20, "lower", screen=False).points[0]
    assert (point.lower_limit, point.upper_limit, point.reason) == (7, 7, None)


def test_variation_is_that_of_the_last_value() -> None:
    assert chart([*CALM, 40, NAN, NAN], "lower").variation == "special_cause_concern"


def test_sparse_counts_collapse_as_the_package_does() -> None:
    """Screening removes every range of 1: all points are special. Such cells belong to the predictive."""
    sparse = [0.0] * 9 + [1.0] + [0.0] * 9 + [1.0] + [0.0] * 9
    assert set(reasons(sparse)) == {"outside_limits"}


def test_options_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="higher, lower or neutral"):
        chart(CALM, "up")
    with pytest.raises(ValueError, match="lies off"):
        chart(CALM, "lower", rebases=[24])
    with pytest.raises(ValueError, match="at least 1"):
        chart(CALM, "lower", fix_after=0)
    with pytest.raises(ValueError, match="matrix"):
        limits([1.0, 2.0])


def reasons(values: list[float], screen: bool = True) -> list[str | None]:
    return [point.reason for point in chart(values, "lower", screen=screen).points]
