"""`trajectory`: a planned path that the newest half year, carried on, does not keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_example import Force, history, only
from scipy import stats

HEADING = "indicator,unit,kind,start,end,value\n"
PATH = "burglary,*,trajectory,2026-07-01,2026-09-30,9\nburglary,*,trajectory,2026-10-01,2026-12-31,8\n"
WOBBLE = [9.0, 11.0] * 55  # ten, give or take one, going nowhere


def force(root: Path, path: str = PATH, series: list[float] | None = None, **more: str) -> Force:
    made = Force(root, targets=HEADING + path, rules=only("trajectory"), **more)
    return made.load({("north", "burglary"): series or WOBBLE})


def test_a_path_that_will_not_be_kept_is_on_watch_with_its_due_day(tmp_path: Path) -> None:
    flag = force(tmp_path).flag("trajectory")
    assert (flag.outcome, flag.severity, flag.p_value) == ("watch", 1, None)
    assert (flag.comparator, flag.threshold, flag.inputs["due"]) == (8, 8, "2026-12-31")
    assert flag.expected_low is not None and flag.expected_high is not None
    assert 8 < flag.expected_low < flag.inputs["forecast"] < flag.expected_high


def test_the_forecast_is_the_line_through_the_newest_half_year(tmp_path: Path) -> None:
    """Least squares of scipy, to the week that holds 31 December: seven weeks on."""
    flag = force(tmp_path).flag("trajectory")
    values = flag.inputs["values"]
    line = stats.linregress(range(26), values)
    assert len(values) == 26
    assert flag.inputs["forecast"] == pytest.approx(line.intercept + line.slope * (25 + 7))
    t = (8 - flag.inputs["forecast"]) / flag.inputs["standard_error"]
    assert flag.inputs["chance_of_keeping"] == pytest.approx(stats.t(flag.inputs["degrees_of_freedom"]).cdf(t))


def test_one_that_may_be_kept_is_not(tmp_path: Path) -> None:
    """A goal of 9.5 lies inside the 80% interval; 8 does not."""
    assert force(tmp_path, PATH.replace(",8\n", ",9.5\n")).flags("trajectory") == []


def test_where_more_is_better_too_little_is_the_wrong_side(tmp_path: Path) -> None:
    higher = "indicator,better,unit_of_measure\nburglary,higher,count\n"
    assert force(tmp_path / "a", PATH.replace(",8\n", ",15\n"), indicators=higher).flags("trajectory")
    assert force(tmp_path / "b", indicators=higher).flags("trajectory") == []


def test_in_a_gap_of_the_path_nothing_is_asked(tmp_path: Path) -> None:
    """It ended in September and goes on in December: in November there is no plan to be held to."""
    gap = PATH.replace("2026-10-01", "2026-12-01")
    assert force(tmp_path, gap).flags("trajectory") == []


def test_a_path_that_has_ended_or_not_begun_is_none(tmp_path: Path) -> None:
    assert force(tmp_path / "a", "burglary,*,trajectory,2026-01-01,2026-06-30,8\n").flags("trajectory") == []
    assert force(tmp_path / "b", "burglary,*,trajectory,2027-01-01,2027-06-30,8\n").flags("trajectory") == []


def test_a_path_without_an_end_is_held_against_this_week(tmp_path: Path) -> None:
    flag = force(tmp_path, "burglary,*,trajectory,2026-07-01,,8\n").flag("trajectory")
    assert flag.inputs["due"] == "2026-11-15"


def test_a_units_own_path_goes_before_everybodys(tmp_path: Path) -> None:
    assert force(tmp_path, PATH + "burglary,north,trajectory,2026-01-01,2026-12-31,20\n").flags("trajectory") == []


def test_a_neutral_indicator_has_no_wrong_side(tmp_path: Path) -> None:
    neutral = "indicator,better,unit_of_measure\nburglary,neutral,count\n"
    assert force(tmp_path, indicators=neutral).flags("trajectory") == []


def test_weeks_without_a_return_are_left_out_and_a_few_figures_make_no_line(tmp_path: Path) -> None:
    holes = Force(tmp_path / "a", targets=HEADING + PATH, rules=only("trajectory"))
    holes.load({("north", "burglary"): history(WOBBLE, 9, None, 9, None, 11)})
    assert holes.flag("trajectory").inputs["values"][-4:] == [None, 9, None, 11]
    few = Force(tmp_path / "b", targets=HEADING + PATH, rules=only("trajectory"))
    few.load({("north", "burglary"): WOBBLE[:12]})
    assert few.flags("trajectory") == []


@pytest.mark.parametrize(("value", "flagged"), [(0.0, False), (8.0, False), (10.0, True)])
def test_what_never_changes_goes_on_as_it_is(tmp_path: Path, value: float, flagged: bool) -> None:
    """On the goal is kept; off it, and without any spread, it is sure to be missed. No NaN."""
    made = force(tmp_path, series=[value] * 110)
    assert bool(made.flags("trajectory")) is flagged
    for flag in made.flags("trajectory"):
        assert (flag.expected_low, flag.expected_high, flag.inputs["chance_of_keeping"]) == (10, 10, 0)
