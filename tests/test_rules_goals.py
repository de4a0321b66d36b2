"""`floor` and `target`: a certain figure below its floor, a level that misses its target beyond chance."""

from __future__ import annotations

from datetime import date
from math import sqrt
from pathlib import Path

import pytest
from rules_example import SHARES, STEADY, Figure, Force, history, only
from scipy import stats

RESPONSE = "indicator,better,unit_of_measure\nresponse,higher,percent\n"
CELL = ("north", "response")
HEADING = "indicator,unit,kind,start,end,value\n"


def force(root: Path, *newest: Figure, targets: str, family: str, **settings: object) -> Force:
    made = Force(root, indicators=RESPONSE, targets=HEADING + targets, rules=only(family, **settings))
    return made.load({CELL: history(list(SHARES), *newest)})


# Floor


def test_below_the_floor_is_the_gravest_flag_and_needs_no_test(tmp_path: Path) -> None:
    flag = force(tmp_path, (84, 100), targets="response,*,floor,,,85\n", family="floor").flag("floor")
    assert (flag.outcome, flag.severity, flag.value, flag.comparator) == ("concern", 3, 84, 85)
    assert flag.excess == pytest.approx(-1)
    assert flag.p_value is None
    assert flag.threshold == 85
    assert "84.0% this week, below its floor of 85.0%." in flag.sentence


def test_on_the_floor_is_not_below_it(tmp_path: Path) -> None:
    assert force(tmp_path, (85, 100), targets="response,*,floor,,,85\n", family="floor").flags("floor") == []


def test_where_less_is_better_the_floor_is_a_ceiling(tmp_path: Path) -> None:
    made = Force(tmp_path, targets=HEADING + "burglary,*,floor,,,12\n", rules=only("floor"))
    assert (
        "13 this week, above its floor of 12"
        in made.load({("north", "burglary"): history(STEADY, 13)}).flag("floor").sentence
    )


@pytest.mark.parametrize(
    ("newest", "flagged"),
    [
        (((84, 100), (90, 100), (84, 100)), True),  # two of the last three, the newest one of them
        (((84, 100), (84, 100), (90, 100)), False),  # not now
        (((90, 100), (90, 100), (84, 100)), False),  # once
        (((84, 100), (84, 100), None), False),  # no return now: no_return says so
        (((84, 100), None, (84, 100)), True),
        (((84, 100), (84, 100), (84, 100)), True),
        (((84, 100), (90, 100), (90, 100), (84, 100)), False),  # the other one is too old
    ],
)
def test_breached_now_and_in_so_many_of_the_last(tmp_path: Path, newest: tuple[Figure, ...], flagged: bool) -> None:
    made = force(tmp_path, *newest, targets="response,*,floor,,,85\n", family="floor", periods=2, of=3)
    assert bool(made.flags("floor")) is flagged


def test_how_long_it_has_been_so_is_said(tmp_path: Path) -> None:
    made = force(tmp_path, *[(80, 100)] * 20, targets="response,*,floor,,,85\n", family="floor")
    assert made.flag("floor").inputs["running"] == 20
    assert made.flag("floor").sentence.endswith("below its floor of 85.0%, 20 weeks running.")


def test_a_floor_agreed_last_week_was_not_breached_before(tmp_path: Path) -> None:
    targets = "response,*,floor,,2026-11-01,70\nresponse,*,floor,2026-11-02,,85\n"
    newest = [(80, 100)] * 4
    once = force(tmp_path / "1", *newest, targets=targets, family="floor", periods=2, of=3)
    assert once.flag("floor").inputs["breached_periods"] == 2
    thrice = force(tmp_path / "3", *newest, targets=targets, family="floor", periods=3, of=3)
    assert thrice.flags("floor") == []


def test_a_floor_that_has_ended_is_none(tmp_path: Path) -> None:
    made = force(tmp_path, (10, 100), targets="response,*,floor,,2026-11-14,85\n", family="floor")
    assert made.flags("floor") == [], "it ended on the Saturday of the week"
    still = force(tmp_path / "still", (10, 100), targets="response,*,floor,,2026-11-15,85\n", family="floor")
    assert len(still.flags("floor")) == 1


def test_gap_and_threshold_hold_for_a_floor_too(tmp_path: Path) -> None:
    targets = "response,*,floor,,,85\n"
    for gap, flagged in ((5, True), (5.1, False)):
        made = force(tmp_path / f"{gap}", (80, 100), targets=targets, family="floor", minimum_gap=gap)
        assert bool(made.flags("floor")) is flagged


def test_a_neutral_indicator_has_no_wrong_side(tmp_path: Path) -> None:
    made = Force(
        tmp_path,
        indicators=RESPONSE.replace("higher", "neutral"),
        targets=HEADING + "response,*,floor,,,85\nresponse,*,target,,,95\n",
    ).load({CELL: history(list(SHARES), (10, 100))})
    assert made.flags("floor") + made.flags("target") == []


def test_the_units_own_goes_before_its_levels_and_that_before_everybodys(tmp_path: Path) -> None:
    made = Force(
        tmp_path,
        indicators=RESPONSE,
        units="unit,level\nnorth,district\nsouth,district\nwest,ward\n",
        targets=HEADING + "response,north,floor,,,70\nresponse,*,floor,,,95\nresponse,district,floor,,,85\n",
        rules=only("floor"),
    )
    made.load({(unit, "response"): [(60.0, 100.0)] * 110 for unit in ("north", "south", "west")})
    assert {flag.unit: flag.comparator for flag in made.flags("floor")} == {"north": 70, "south": 85, "west": 95}


def test_goals_are_those_that_the_workspace_names_one_by_one(tmp_path: Path) -> None:
    """Cell by cell and week by week, against Workspace.target."""
    from compstat.rules.history.goals import goals_in_force

    made = Force(
        tmp_path,
        indicators=RESPONSE + "absence,lower,percent\n",
        units="unit,level\nnorth,district\nsouth,district\nwest,ward\n",
        targets=HEADING
        + "response,north,target,2026-01-01,2026-10-31,70\nresponse,*,target,,,95\n"
        + "response,district,target,2026-09-01,,85\nabsence,ward,target,2026-11-10,,6\nabsence,west,floor,,,9\n",
        rules=only("target"),
    )
    made.load({(unit, name): SHARES for unit in ("north", "south", "west") for name in ("response", "absence")})
    evaluation = made.judged()
    panel = evaluation.histories["weekly"].panel
    goals = goals_in_force(panel, made.workspace.rules.rule[0], "target", 12)
    for place in range(panel.size):
        unit, indicator = panel.units[place], panel.indicators[place].indicator
        wanted = [made.workspace.target(indicator, unit, "target", start) for start in panel.starts[-12:]]
        if wanted[-1] is None:
            assert place not in goals.row
            continue
        found = goals.value[list(goals.row).index(place)]
        assert list(found) == pytest.approx([row.value if row else float("nan") for row in wanted], nan_ok=True)


# Target


def test_a_level_below_its_target_beyond_chance(tmp_path: Path) -> None:
    made = force(tmp_path, *[(80, 100)] * 8, targets="response,*,target,,,90\n", family="target")
    flag = made.flag("target")
    assert (flag.outcome, flag.severity, flag.value, flag.comparator) == ("concern", 2, 80, 90)
    assert flag.excess == pytest.approx(-40)
    assert flag.inputs["degrees_of_freedom"] == 12
    t = -0.10 / sqrt(flag.inputs["spread"] * 0.9 * 0.1 / 400)
    assert flag.p_value == pytest.approx(stats.t(12).cdf(t), rel=1e-9)
    assert flag.sentence.endswith("80.0% over four weeks, missing its target of 90.0% beyond chance.")


def test_missed_within_chance_is_no_flag(tmp_path: Path) -> None:
    made = force(tmp_path, *[(88, 100)] * 4, targets="response,*,target,,,90\n", family="target")
    assert 0.05 < made.cell("target")["p_value"] < 0.3
    assert made.flags("target") == []


def test_a_target_that_is_met_is_no_flag(tmp_path: Path) -> None:
    assert force(tmp_path, *[(80, 100)] * 8, targets="response,*,target,,,75\n", family="target").flags("target") == []


@pytest.mark.parametrize(("weeks", "flagged"), [(8, True), (7, False)])
def test_missed_for_long_enough(tmp_path: Path, weeks: int, flagged: bool) -> None:
    """Eight of the last twelve; the weeks before lie above the target."""
    newest = [(100.0, 100.0)] * (12 - weeks) + [(80.0, 100.0)] * weeks
    made = force(tmp_path, *newest, targets="response,*,target,,,90\n", family="target", periods=8, of=12)
    assert bool(made.flags("target")) is flagged


def test_a_count_misses_its_target_by_the_negative_binomial(tmp_path: Path) -> None:
    made = Force(tmp_path, targets=HEADING + "burglary,*,target,,,10\n", rules=only("target"))
    flag = made.load({("north", "burglary"): history(STEADY, 15, 15, 15, 15)}).flag("target")
    assert (flag.value, flag.comparator, flag.excess) == (15, 10, 20)
    assert flag.p_value == pytest.approx(stats.poisson(40).sf(59), rel=1e-6)  # dispersion 1
    assert "15 on average over four weeks" in flag.sentence


def test_a_measurement_misses_its_target_by_students_t(tmp_path: Path) -> None:
    """1, 3, 1, 3: moving range 2; the limits are 2.66 x 2 from the mean, a sigma is a third of that."""
    made = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure\nwait,lower,days\n",
        targets=HEADING + "wait,*,target,,,0\n",
        rules=only("target"),
    )
    flag = made.load({("north", "wait"): [1.0, 3.0] * 55}).flag("target")
    sigma = 2.66 * 2 / 3
    assert flag.inputs["spread"] == pytest.approx(sigma)
    assert flag.inputs["degrees_of_freedom"] == 103
    assert flag.p_value == pytest.approx(stats.t(103).sf(2 / (sigma / 2)), rel=1e-9)


def test_a_measurement_that_never_moves_has_no_spread_to_test_with(tmp_path: Path) -> None:
    made = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure\nwait,lower,days\n",
        targets=HEADING + "wait,*,target,,,1\n",
        rules=only("target"),
    )
    assert made.load({("north", "wait"): [2.0] * 110}).judged().decisions.tests == 0


def test_a_share_with_too_little_history_for_its_spread_is_not_tested(tmp_path: Path) -> None:
    """A binomial spread would call any large department certain."""
    made = Force(tmp_path, indicators=RESPONSE, targets=HEADING + "response,*,target,,,95\n", rules=only("target"))
    assert made.load({CELL: [(800, 1000)] * 8}).judged().decisions.tests == 0


def test_the_window_without_returns_is_not_tested(tmp_path: Path) -> None:
    made = force(tmp_path, None, None, None, None, targets="response,*,target,,,95\n", family="target")
    assert made.judged().decisions.tests == 0
    two = force(tmp_path / "two", None, (80, 100), None, (80, 100), targets="response,*,target,,,95\n", family="target")
    assert two.cell("target")["value"] == 80


def test_a_week_with_nothing_to_divide_by_counts_for_nothing(tmp_path: Path) -> None:
    made = force(tmp_path, (80, 100), (80, 100), (80, 100), (0, 0), targets="response,*,target,,,95\n", family="target")
    assert made.cell("target")["value"] == 80
    assert made.flags("floor") == []


def test_a_monthly_target_is_looked_up_on_the_last_day_of_the_month(tmp_path: Path) -> None:
    made = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure,cadence\nresponse,higher,percent,monthly\n",
        targets=HEADING + "response,*,floor,2026-10-15,,85\n",
        rules=only("floor"),
    ).load({CELL: history(list(SHARES[:30]), (80, 100))}, last=date(2026, 10, 1))
    assert made.flag("floor").comparator == 85
