"""`year_on_year`: four weeks against the same four a year before, over the weeks present in both."""

from __future__ import annotations

from datetime import date
from math import erfc, sqrt
from pathlib import Path

import pytest
from rules_example import STEADY, Figure, Force, history, only
from scipy import stats

CELL = ("north", "burglary")


def year_before(*four: float, now: tuple[Figure, ...], before: list[Figure] | None = None) -> list[Figure]:
    """Ten a week but for four weeks and the same four a year ago."""
    series = history(before or list(STEADY), *now)
    series[-56:-52] = four
    return series


def test_four_weeks_above_the_same_four_of_last_year(tmp_path: Path) -> None:
    """80 against 40: ten a week otherwise, so no extra variance, so the exact binomial."""
    force = Force(tmp_path, rules=only("year_on_year")).load({CELL: history(STEADY, 20, 20, 20, 20)})
    flag = force.flag("year_on_year")
    assert (flag.outcome, flag.value, flag.comparator, flag.excess) == ("concern", 80, 40, 40)
    assert flag.p_value == pytest.approx(2 * stats.binom(120, 0.5).sf(79), rel=1e-9)
    assert flag.percent_change == 100
    assert (flag.inputs["first"], flag.inputs["year_ago_first"]) == ("2026-10-19", "2025-10-20")
    assert "80 over four weeks, against 40 in the same weeks a year ago" in flag.sentence


def test_with_extra_variance_it_takes_more(tmp_path: Path) -> None:
    force = Force(tmp_path, rules=only("year_on_year")).load({CELL: history([5.0, 15.0] * 55, 20, 20, 20, 20)})
    cell = force.cell("year_on_year")
    phi = cell["inputs"]["dispersion"]
    assert phi > 1.5
    assert cell["p_value"] == pytest.approx(erfc((20 - 0.5) / sqrt(phi * 120 / 4) / sqrt(2)), rel=1e-9)


def test_a_fall_is_as_surprising_and_no_concern(tmp_path: Path) -> None:
    force = Force(tmp_path, rules=only("year_on_year")).load({CELL: history(STEADY, 1, 1, 1, 1)})
    assert force.cell("year_on_year")["p_value"] < 0.001
    assert force.flags("year_on_year") == []


def test_the_threshold_is_a_part_of_last_years_count(tmp_path: Path) -> None:
    """Exactly +100% passes a threshold of 100%; one less does not."""
    rules = only("year_on_year", threshold_percent=100)
    at = Force(tmp_path / "at", rules=rules).load({CELL: history(STEADY, 20, 20, 20, 20)})
    below = Force(tmp_path / "below", rules=rules).load({CELL: history(STEADY, 20, 20, 20, 19)})
    assert at.flag("year_on_year").value == 80
    assert below.cell("year_on_year")["q_value"] < 0.01
    assert below.flags("year_on_year") == []


def test_the_smallest_gap_is_in_events(tmp_path: Path) -> None:
    for gap, flagged in ((40, True), (40.5, False)):
        force = Force(tmp_path / f"{gap}", rules=only("year_on_year", minimum_gap=gap))
        assert bool(force.load({CELL: history(STEADY, 20, 20, 20, 20)}).flags("year_on_year")) is flagged


def test_without_a_signal_the_gap_is_no_flag(tmp_path: Path) -> None:
    force = Force(tmp_path, rules=only("year_on_year")).load({CELL: history(STEADY, 13, 13, 13, 13)})
    assert 0.05 < force.cell("year_on_year")["p_value"] < 0.5
    assert force.flags("year_on_year") == []


def test_equal_years_say_nothing(tmp_path: Path) -> None:
    assert Force(tmp_path).load({CELL: STEADY}).cell("year_on_year")["p_value"] == 1.0


def test_eight_events_in_both_years_are_the_least(tmp_path: Path) -> None:
    """Eight against none is p = 2 x 0.5^8 = 0.008; seven could not reach 1%."""
    quiet = [1.0] * 110
    eight = Force(tmp_path / "8").load({CELL: year_before(0, 0, 0, 0, now=(2, 2, 2, 2), before=quiet)})
    seven = Force(tmp_path / "7").load({CELL: year_before(0, 0, 0, 0, now=(2, 2, 2, 1), before=quiet)})
    assert eight.cell("year_on_year")["inputs"]["count"] == 8
    assert seven.untested("year_on_year") == {CELL: "fewer than 8 events in both years, or weeks missing"}


def test_only_weeks_present_in_both_years_count(tmp_path: Path) -> None:
    series = year_before(10, 10, None, 10, now=(20, None, 20, 20))
    inputs = Force(tmp_path).load({CELL: series}).cell("year_on_year")["inputs"]
    assert (inputs["periods_in_both"], inputs["count"], inputs["count_year_ago"]) == (2, 40, 20)
    fewer = Force(tmp_path / "fewer").load({CELL: year_before(10, 10, None, None, now=(20, None, 20, 20))})
    assert CELL in fewer.untested("year_on_year")


def test_nothing_is_compared_across_a_break(tmp_path: Path) -> None:
    breaks = "indicator,unit,start,kind,note\nburglary,*,2026-03-02,boundary,\n"
    force = Force(tmp_path, breaks=breaks).load({CELL: history(STEADY, 20, 20, 20, 20)})
    assert force.flags("year_on_year") == []
    assert CELL in force.untested("year_on_year")


def test_a_year_without_returns_is_not_tested(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: history(STEADY[:40], 20, 20, 20, 20)})
    assert CELL in force.untested("year_on_year")


def test_the_week_after_week_53_is_compared_with_the_week_364_days_before(tmp_path: Path) -> None:
    last = date(2027, 1, 4)
    force = Force(tmp_path, rules=only("year_on_year")).load({CELL: history(STEADY, 20, 20, 20, 20)}, last=last)
    inputs = force.flag("year_on_year", week=last).inputs
    assert (inputs["first"], inputs["last"]) == ("2026-12-14", "2027-01-10")
    assert (inputs["year_ago_first"], inputs["year_ago_last"]) == ("2025-12-15", "2026-01-11")


# Ratios

RESPONSE = "indicator,better,unit_of_measure\nresponse,higher,percent\n"
LATE = ("north", "response")


def shares(root: Path, now: Figure, before: Figure = (88.0, 100.0), **tables: str) -> Force:
    made = Force(root, indicators=RESPONSE, **tables)
    series = history([(88.0, 100.0), (92.0, 100.0)] * 55, now, now, now, now)
    series[-56:-52] = [before] * 4
    return made.load({LATE: series})


def test_a_share_below_last_years(tmp_path: Path) -> None:
    """70% of 400 against 88%: z of two shares, Student's t with 13 blocks of four weeks less one."""
    flag = shares(tmp_path, (70, 100), rules=only("year_on_year")).flag("year_on_year")
    assert (flag.value, flag.comparator) == (70, 88)
    assert flag.excess == pytest.approx(-72)
    pooled = 632 / 800
    z = (0.70 - 0.88) / sqrt(flag.inputs["dispersion"] * pooled * (1 - pooled) * 2 / 400)
    assert flag.inputs["degrees_of_freedom"] == 12
    assert flag.p_value == pytest.approx(2 * stats.t(12).cdf(z), rel=1e-9)


def test_a_share_above_last_years_is_no_concern_where_higher_is_better(tmp_path: Path) -> None:
    assert shares(tmp_path, (100, 100), rules=only("year_on_year")).flags("year_on_year") == []


def test_a_year_with_nothing_to_divide_by_is_not_compared(tmp_path: Path) -> None:
    made = shares(tmp_path, (70, 100), before=(0, 0))
    assert made.untested("year_on_year") == {LATE: "too few weeks in both years"}


def test_monthly_indicators_compare_three_months(tmp_path: Path) -> None:
    force = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure,cadence\nburglary,lower,count,monthly\n",
        rules=only("year_on_year"),
    )
    flag = force.load({CELL: history([40.0] * 30, 80, 80, 80)}, last=date(2026, 10, 1)).flag("year_on_year")
    assert (flag.value, flag.comparator) == (240, 120)
    assert (flag.inputs["first"], flag.inputs["year_ago_first"]) == ("2026-08-01", "2025-08-01")
    assert "240 over three months" in flag.sentence


def test_the_rise_itself_does_not_widen_what_it_is_measured_with(tmp_path: Path) -> None:
    """Three of the four weeks at 40 would make a variance of 50 round a mean of 12."""
    force = Force(tmp_path, rules=only("year_on_year")).load({CELL: history(STEADY, 40, 40, 40, 40)})
    assert force.flag("year_on_year").inputs["dispersion"] == 1
