"""`coasting` and `improving`: a year against the year before it, and which side of the target or the peers it is on."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_example import SHARES, Figure, Force, only
from scipy import stats

TARGET = "indicator,unit,kind,value\nburglary,*,target,{}\n"
# thirteen differences with a standard deviation of 100 round their mean
SPREAD = [100, -100] * 6 + [0]


def two_years(apart: float, weekly: float = 1000) -> list[Figure]:
    """A year of `weekly`, then one whose four-week windows are higher by `apart`, give or take a hundred."""
    newest: list[Figure] = []
    for spread in SPREAD:
        newest += [weekly + apart + spread, weekly, weekly, weekly]
    return [*[weekly] * 52, *newest]


def force(root: Path, series: list[Figure], family: str, target: str = "2000", **more: str) -> Force:
    made = Force(root, targets=TARGET.format(target), rules=only(family), **more)
    return made.load({("north", "burglary"): series})


def test_a_good_level_that_gets_worse_is_coasting(tmp_path: Path) -> None:
    """t = 75 / (100 / sqrt 13) = 2.70 with 12 degrees of freedom: p = 0.0096."""
    flag = force(tmp_path, two_years(75), "coasting").flag("coasting")
    assert (flag.outcome, flag.severity) == ("watch", 1)
    assert flag.p_value == pytest.approx(stats.t(12).sf(75 / 100 * 13**0.5))
    assert (flag.comparator, round(flag.value or 0, 2)) == (1000, 1018.75)
    assert flag.sentence == (
        "burglary: 1,019 a week on average over the last 52 weeks, 1,000 over the 52 before; "
        "on the right side of the target of 2,000, but was better."
    )


def test_a_little_less_is_within_chance(tmp_path: Path) -> None:
    assert force(tmp_path, two_years(74), "coasting").flags("coasting") == []


def test_a_poor_level_that_gets_worse_is_not_coasting(tmp_path: Path) -> None:
    assert force(tmp_path, two_years(150), "coasting", target="900").flags("coasting") == []


def test_a_good_level_that_gets_better_is_neither(tmp_path: Path) -> None:
    made = force(tmp_path, two_years(-150), "improving")
    assert made.flags("improving") == []
    assert made.cell("improving")["p_value"] < 0.001


def test_a_poor_level_that_gets_better_is_improving(tmp_path: Path) -> None:
    flag = force(tmp_path, two_years(-150), "improving", target="900").flag("improving")
    assert (flag.outcome, flag.inputs["direction"], flag.threshold) == ("commend", "fall", 900)
    assert flag.sentence.endswith("still on the wrong side of the target of 900.")


def test_where_more_is_better_a_fall_is_coasting(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure\nburglary,higher,count\n"
    flag = force(tmp_path, two_years(-150), "coasting", target="900", indicators=indicators).flag("coasting")
    assert flag.inputs["direction"] == "fall"


def test_a_neutral_indicator_is_neither_good_nor_poor(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure\nburglary,neutral,count\n"
    assert force(tmp_path, two_years(150), "coasting", indicators=indicators).cells() == []


def test_without_a_target_the_peers_median_is_the_yardstick_from_three_on(tmp_path: Path) -> None:
    """Of three the middle one is the median; one alone, and two, have none."""
    series = {(f"u{n}", "burglary"): two_years(150, weekly) for n, weekly in enumerate((1000, 2000, 3000))}
    three = Force(tmp_path / "3", units="unit\nu0\nu1\nu2\n", rules=only("coasting")).load(series)
    assert [flag.unit for flag in three.flags("coasting")] == ["u0", "u1"], "on the median is not on its wrong side"
    assert three.flags("coasting")[0].inputs["yardstick_is"] == "median of peers"
    two = Force(tmp_path / "2", units="unit\nu0\nu1\n", rules=only("coasting"))
    two.load({cell: figures for cell, figures in series.items() if cell[0] != "u2"})
    assert two.cells() == []


def test_windows_with_a_missing_week_are_left_out_with_their_pair(tmp_path: Path) -> None:
    series = two_years(150)
    series[52 + 5] = None  # of the second window of the newest year
    flag = force(tmp_path, series, "coasting").flag("coasting")
    assert flag.inputs["windows"][1] is None
    assert flag.inputs["degrees_of_freedom"] == 11


def test_with_fewer_than_eight_pairs_there_is_no_test(tmp_path: Path) -> None:
    series = two_years(150)
    for window in range(6):
        series[52 + 4 * window] = None
    assert force(tmp_path / "7", series, "coasting").cells() == []
    series[52] = 1000.0
    assert len(force(tmp_path / "8", series, "coasting").cells()) == 1


def test_one_year_of_history_is_too_short(tmp_path: Path) -> None:
    assert force(tmp_path, two_years(150)[52:], "coasting").cells() == []


@pytest.mark.parametrize("value", [0.0, 0.1, 7.0])
def test_what_never_changes_travels_nowhere(tmp_path: Path, value: float) -> None:
    """All zero or constant, tenths too: no difference, p = 1/2 and no flag, no NaN."""
    made = force(tmp_path, [value] * 110, "coasting")
    cell = made.cell("coasting")
    assert (cell["p_value"], cell["inputs"]["t"]) == (0.5, 0)
    assert made.flags("coasting") == []


def test_a_change_without_any_spread_is_as_sure_as_can_be(tmp_path: Path) -> None:
    """p = 0, and no figure of the receipt is infinite."""
    flag = force(tmp_path, [10.0] * 52 + [12.0] * 52, "coasting").flag("coasting")
    assert (flag.p_value, flag.inputs["t"]) == (0, None)
    assert flag.evidence is None or flag.evidence > 0


def test_a_share_is_that_of_the_whole_year_not_the_mean_of_weeks(tmp_path: Path) -> None:
    """The second year: 85 of 100 in most weeks, but 10 of 1,000 in one."""
    newest: list[Figure] = [(85.0, 100.0)] * 51 + [(10.0, 1000.0)]
    made = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure\nresponse,higher,percent\n",
        targets="indicator,unit,kind,value\nresponse,*,target,50\n",
        rules=only("coasting"),
    )
    made.load({("north", "response"): [*SHARES[:52], *newest]})
    assert made.cell("coasting")["value"] == pytest.approx(100 * (51 * 85 + 10) / (5100 + 1000))


def test_a_small_change_is_no_news_however_sure(tmp_path: Path) -> None:
    """0 to 0.2 a week is ten events in a year: below the smallest gap of the default rules."""
    rules = only("coasting", threshold_percent=10, minimum_gap=0.5)
    for rise, flagged in ((0.2, False), (1.0, True)):
        newest: list[Figure] = [0.0, rise * 2] * 26
        made = Force(tmp_path / f"{rise}", targets=TARGET.format(2000), rules=rules)
        made.load({("north", "burglary"): [*[0.0] * 52, *newest]})
        assert made.cell("coasting")["p_value"] < 0.01
        assert bool(made.flags("coasting")) is flagged


def test_the_threshold_of_a_share_is_part_of_its_rarer_side(tmp_path: Path) -> None:
    """From 95 of 100 down to 94: a fifth more late calls, though only one part in a hundred of the share."""
    rules = only("coasting", threshold_percent=10, minimum_gap=0.5)
    made = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure\nresponse,higher,percent\n",
        targets="indicator,unit,kind,value\nresponse,*,target,50\n",
        rules=rules,
    )
    series: list[Figure] = [*[(95.0, 100.0)] * 52, *[(94.0, 100.0)] * 52]
    made.load({("north", "response"): series})
    assert made.flag("coasting").comparator == pytest.approx(95)
