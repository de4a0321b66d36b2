"""`drift`: many small steps the wrong way."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_example import STEADY, Figure, Force, history, only

WAIT = "indicator,better,unit_of_measure\nwait,lower,days\n"
CREEP = [float(level) for level in (11, 11, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14)]  # weeks of a slow rise
USUAL = [4.0, 6.0] * 60  # a measurement: five, give or take one


def counts(root: Path, *newest: Figure, **more: str) -> Force:
    return Force(root, rules=only("drift"), **more).load({("north", "burglary"): history(STEADY, *newest)})


def waits(root: Path, *newest: Figure, indicators: str = WAIT, before: list[float] = USUAL) -> Force:
    made = Force(root, indicators=indicators, rules=only("drift"))
    return made.load({("north", "wait"): history(before, *newest)})


def by_hand(series: list[float], mean: float, k: float, phi: float = 1.0) -> list[float]:
    """The CUSUM in plain Python, without its reset."""
    score, scores = 0.0, []
    for figure in series:
        score = max(0.0, score + (figure - k * mean) / phi)
        scores.append(score)
    return scores


def test_a_slow_rise_is_on_watch_when_its_sum_reaches_the_limit(tmp_path: Path) -> None:
    """k = 10 x 0.5 / ln 1.5 = 12.33, h = 10; at 14 a week the sum grows by 1.67: the sixth such week signals."""
    assert by_hand([14.0] * 6, 10, 0.5 / 0.4054651)[-1] == pytest.approx(10.01, abs=0.01)
    flag = counts(tmp_path / "6", *[14] * 6).flag("drift")
    assert (flag.outcome, flag.severity, flag.p_value) == ("watch", 1, None)
    assert flag.inputs["score"] == pytest.approx(10.01, abs=0.01)
    assert (flag.inputs["limit"], flag.inputs["mean"], flag.inputs["dispersion"]) == (10, 10, 1)
    assert "slow drift" in flag.sentence
    assert counts(tmp_path / "5", *[14] * 5).flags("drift") == []


def test_it_is_told_for_four_weeks_and_then_starts_again(tmp_path: Path) -> None:
    assert counts(tmp_path / "3", *[14] * 6, 10, 10, 10).flags("drift")
    assert counts(tmp_path / "4", *[14] * 6, 10, 10, 10, 10).flags("drift") == []


def test_a_fall_where_more_is_better(tmp_path: Path) -> None:
    higher = "indicator,better,unit_of_measure\nburglary,higher,count\n"
    assert counts(tmp_path / "a", *[6] * 8, indicators=higher).flag("drift").value == pytest.approx(
        (5 * 10 + 8 * 6) / 13
    )
    assert counts(tmp_path / "b", *[6] * 8).flags("drift") == [], "fewer burglaries are no drift the wrong way"


def test_a_missing_week_neither_adds_nor_starts_again(tmp_path: Path) -> None:
    assert counts(tmp_path, 14, 14, 14, None, None, 14, 14, 14).flags("drift")


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_counts_that_never_change_do_not_drift(tmp_path: Path, value: float) -> None:
    made = Force(tmp_path, rules=only("drift")).load({("north", "burglary"): [value] * 110})
    assert made.flags("drift") == []


def test_neutral_ratios_and_short_histories_are_not_looked_at(tmp_path: Path) -> None:
    neutral = "indicator,better,unit_of_measure\nburglary,neutral,count\n"
    assert counts(tmp_path / "a", *[14] * 8, indicators=neutral).flags("drift") == []
    short = Force(tmp_path / "b", rules=only("drift")).load({("north", "burglary"): [10.0] * 20 + [14.0] * 8})
    assert short.flags("drift") == []


def test_the_gates_hold_on_the_newest_quarter(tmp_path: Path) -> None:
    """Seven at ten and six at fourteen are 11.8 on average: 18% above the year before."""
    for threshold, flagged in ((18, True), (19, False)):
        made = Force(tmp_path / str(threshold), rules=only("drift", threshold_percent=threshold))
        made.load({("north", "burglary"): history(STEADY, *[14] * 6)})
        assert bool(made.flags("drift")) is flagged


def test_its_false_alarms_are_in_the_budget_of_the_watch_list(tmp_path: Path) -> None:
    """One cell of ten a week signals once in 190 weeks, and is told for four."""
    assert counts(tmp_path).judged().decisions.expected_watch == pytest.approx(4 / 190)


# Measurements


def test_a_measurement_that_creeps(tmp_path: Path) -> None:
    flag = waits(tmp_path, *[7, 5, 7, 6, 7, 6, 8, 6, 8, 7, 8, 7, 8]).flag("drift")
    assert flag.inputs["weighted_mean"] > flag.inputs["upper"]
    assert flag.inputs["mean"] == pytest.approx(5, abs=0.02)


def test_within_its_limits_or_the_right_way_it_does_not(tmp_path: Path) -> None:
    assert waits(tmp_path / "a", *[5, 6, 5, 6, 5, 6, 5, 6]).flags("drift") == []
    assert waits(tmp_path / "b", *[3, 1, 3, 2, 3, 2, 1, 2, 1, 2, 1, 2, 1]).flags("drift") == []


def test_one_figure_more_is_not_a_level(tmp_path: Path) -> None:
    """7 alone moves the weighted mean by 0.2 x 2: well inside."""
    assert waits(tmp_path, 7).flags("drift") == []


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3])
def test_a_measurement_that_never_varies_is_not_outside_limits_of_no_width(tmp_path: Path, value: float) -> None:
    """Tenths do not add up exactly: the last digit is no drift."""
    assert waits(tmp_path, before=[value] * 120).flags("drift") == []


def test_no_figure_now_is_no_drift_now(tmp_path: Path) -> None:
    assert waits(tmp_path, *[7, 5, 7, 6, 7, 6, 8, 6, 8, 7, 8, 7], None).flags("drift") == []
