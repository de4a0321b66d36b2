"""`spike` and `commend` on ratios: exact where that form holds, else both Laney's chart and the forecast must agree."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from rules_example import SHARES, Figure, Force, history, only
from scipy import stats

RESPONSE = "indicator,better,unit_of_measure\nresponse,higher,percent\n"
CELL = ("north", "response")


def force(
    root: Path, *newest: Figure, better: str = "higher", before: list[Figure] | None = None, **tables: str
) -> Force:
    made = Force(root, indicators=RESPONSE.replace("higher", better), **tables)
    return made.load({CELL: history(before or list(SHARES), *newest)})


def test_a_small_steady_share_is_judged_exactly(tmp_path: Path) -> None:
    """90% of 5,200; no extra variance; 70 of 100: Beta(4680.5, 520.5) before it."""
    flag = force(tmp_path, (70, 100)).flag("spike")
    assert (flag.outcome, flag.value) == ("concern", 70)
    assert flag.comparator == pytest.approx(100 * 4680.5 / 5201)
    assert flag.excess == pytest.approx(-100 * (4680.5 / 5201 - 0.7))
    assert flag.inputs["exact"] is True
    assert flag.p_value == pytest.approx(stats.betabinom(100, 4680.5, 520.5).cdf(70), rel=1e-6)
    assert "70.0% this week, against 90.0% over its own last year" in flag.sentence


@pytest.mark.parametrize(("better", "worse", "good"), [("higher", "spike", "commend"), ("lower", "commend", "spike")])
def test_the_direction_is_the_indicators(tmp_path: Path, better: str, worse: str, good: str) -> None:
    fallen = force(tmp_path / "fallen", (70, 100), better=better)
    assert len(fallen.flags(worse)) == 1
    assert fallen.flags(good) == []
    risen = force(tmp_path / "risen", (100, 100), better=better)
    assert len(risen.flags(good)) == 1
    assert risen.flags(worse) == []


def test_a_neutral_share_is_not_judged(tmp_path: Path) -> None:
    made = force(tmp_path, (50, 100), better="neutral")
    assert made.flags("spike") + made.flags("commend") == []
    assert made.untested("spike") == {CELL: "neither more nor less is better"}


def wild(seed: int = 5) -> list[Figure]:
    """A large department whose weeks differ by far more than sampling: 4,000 calls, 90% give or take 3 points."""
    rng = np.random.default_rng(seed)
    return [(round(4000 * share), 4000.0) for share in np.clip(rng.normal(0.9, 0.03, 110), 0.5, 0.99)]


def test_a_large_department_that_varies_is_not_flagged_for_a_usual_week(tmp_path: Path) -> None:
    """86% of 4,000 is 8 binomial standard errors below 90%, and a usual week here."""
    made = force(tmp_path, (3440, 4000), before=wild())
    cell = made.cell("spike")
    assert cell["inputs"]["exact"] is False
    assert 0.05 < cell["p_value"] < 0.2
    assert stats.binom(4000, 0.9).cdf(3440) < 1e-13
    assert made.flags("spike") == []


def test_the_less_convincing_of_chart_and_forecast_speaks(tmp_path: Path) -> None:
    """After a slow slide to 70% another 70% is no news to the forecast, though far outside Laney's limits."""
    slide = [(round(4000 * (0.9 - 0.0001 * n * n / 2.5)), 4000.0) for n in range(70)]
    made = force(tmp_path, (2835, 4000), before=[*wild()[:40], *slide])
    inputs = made.cell("spike")["inputs"]
    assert inputs["laney_z"] < -3
    assert inputs["forecast_z"] > -2
    assert made.cell("spike")["p_value"] > 0.01
    sudden = force(tmp_path / "sudden", (2000, 4000), before=wild()).flag("spike")
    assert sudden.inputs["laney_z"] < -3
    assert sudden.inputs["forecast_z"] < -3


# Threshold, gap, signal


def test_the_threshold_is_a_part_of_the_rarer_outcome(tmp_path: Path) -> None:
    """20% of the 10% that come late: 12% late passes, 11.9% does not, whatever the signal says."""
    steady: list[Figure] = [(8800.0, 10000.0), (9200.0, 10000.0)] * 55
    flat: list[Figure] = [(9000.0, 10000.0)] * 110
    rules = only("spike", threshold_percent=20)
    at = force(tmp_path / "at", (8799, 10000), before=flat, rules=rules)
    below = force(tmp_path / "below", (8801, 10000), before=flat, rules=rules)
    assert at.flag("spike").value == pytest.approx(87.99)
    assert below.cell("spike")["q_value"] < 0.2
    assert below.flags("spike") == []
    noisy = force(tmp_path / "noisy", (8799, 10000), before=steady, rules=rules)
    assert noisy.flags("spike") == [], "the gap alone is no signal"


def test_the_smallest_gap_is_in_events(tmp_path: Path) -> None:
    """Ten cases below what was expected of 50."""
    small: list[Figure] = [(45.0, 50.0), (46.0, 50.0), (44.0, 50.0)] * 37
    passed = force(tmp_path / "passed", (35, 50), before=small[:110], rules=only("spike", minimum_gap=9.9))
    missed = force(tmp_path / "missed", (35, 50), before=small[:110], rules=only("spike", minimum_gap=10.2))
    assert passed.flag("spike").value == 70
    assert missed.cell("spike")["q_value"] < 0.2
    assert missed.flags("spike") == []


# Histories of every shape


def test_a_week_with_nothing_to_divide_by_was_returned_and_is_not_judged(tmp_path: Path) -> None:
    made = force(tmp_path, (0, 0))
    assert made.flags("spike") + made.flags("no_return") + made.flags("special_cause") == []
    assert made.untested("spike") == {CELL: "nothing to divide by: its denominator is 0"}


def test_a_missing_week_is_not_judged(tmp_path: Path) -> None:
    made = force(tmp_path, None)
    assert made.flags("spike") == []
    assert made.untested("spike") == {CELL: "no return in the window"}


@pytest.mark.parametrize("share", [(0.0, 40.0), (40.0, 40.0), (36.0, 40.0)])
def test_a_share_that_never_moves_says_nothing(tmp_path: Path, share: tuple[float, float]) -> None:
    made = force(tmp_path, before=[share] * 110)
    assert [one for one in made.judged().raised if one.flag.outcome != "watch"] == []
    assert made.cell("spike")["p_value"] > 0.3


def test_a_year_of_always_still_shows_a_week_of_half(tmp_path: Path) -> None:
    flag = force(tmp_path, (20, 40), before=[(40.0, 40.0)] * 110).flag("spike")
    assert flag.comparator == pytest.approx(100 * 2080.5 / 2081)


@pytest.mark.parametrize(("weeks", "tested"), [(27, True), (26, False)])
def test_half_a_year_before_it_is_needed(tmp_path: Path, weeks: int, tested: bool) -> None:
    made = force(tmp_path, (50, 100), before=list(SHARES[:weeks]))
    assert bool(made.flags("spike")) is tested
    assert (made.untested("spike") == {}) is tested


def test_gaps_in_the_history_are_left_out_of_it(tmp_path: Path) -> None:
    gaps: list[Figure] = [None if n % 3 == 0 else share for n, share in enumerate(SHARES)]
    flag = force(tmp_path, (60, 100), before=gaps).flag("spike")
    assert flag.inputs["baseline_periods"] == 34
    assert flag.inputs["numerators"].count(None) == 37


def test_nothing_is_compared_across_a_declared_break(tmp_path: Path) -> None:
    breaks = "indicator,unit,start,kind,note\nresponse,*,2026-09-07,definition,\n"
    made = force(tmp_path, (50, 100), breaks=breaks)
    assert made.flags("spike") == []
    assert made.untested("spike")[CELL] == "the definition or boundary changed on 2026-09-07: nothing before compares"


def test_a_ratio_per_thousand_is_scaled_as_declared(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators="indicator,better,unit_of_measure,per\nfalls,lower,rate,1000\n")
    flag = made.load({("north", "falls"): history([(5.0, 250.0)] * 110, (20, 250))}).flag("spike")
    assert flag.value == 80
    assert flag.comparator == pytest.approx(1000 * 260.5 / 13001)


def test_monthly_ratios_have_twelve_months_before_them(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators="indicator,better,unit_of_measure,cadence\nresponse,higher,percent,monthly\n")
    made.load({CELL: history(list(SHARES[:30]), (60, 100))}, last=date(2026, 10, 1))
    flag = made.flag("spike")
    assert flag.inputs["baseline_periods"] == 12
    assert (flag.inputs["baseline_first"], flag.inputs["first"]) == ("2025-10-01", "2026-10-01")
    assert flag.comparator == pytest.approx(100 * 1080.5 / 1201)
    assert "60.0% this month" in flag.sentence
