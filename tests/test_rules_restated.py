"""Figures that change: what they usually settle at, whether that would undo a flag, like age with like age."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from recomputed_example import check
from rules_example import STARTS, STEADY, W46, Force, Series, history, only, sample_force, week_by_week

from compstat.calendar import Calendar
from compstat.quality.restated import restated_since
from compstat.rules.flag import Flag
from compstat.rules.history.restatement import Change, Restatement, learn, settled_range
from compstat.rules.receipts.worked import worked
from compstat.windows.scope import END_OF_TIME

CELL = ("north", "burglary")
KNOWN = datetime(2026, 11, 16, 18)


def grown(series: Series, by: float) -> list[float]:
    return [float(figure) * by for figure in series if isinstance(figure, float)]


def learnt(made: Force) -> Restatement:
    return learn(made.store, Calendar().cadence("weekly"), STARTS, KNOWN)


def test_growth_is_learnt_by_age(tmp_path: Path) -> None:
    """Every week grows from 10 to 12 within its first week; then it stays."""
    found = learnt(week_by_week(tmp_path, STEADY, grown(STEADY, 1.2), only("spike")))
    assert found.learnt["burglary"][0] == Change(pytest.approx(1.2), pytest.approx(0, abs=1e-9))
    assert found.learnt["burglary"][1] == Change(pytest.approx(1.0), pytest.approx(0, abs=1e-9))


def test_spread_is_the_variance_of_what_settles_an_event_first_known(tmp_path: Path) -> None:
    """Half of the weeks grow from 10 to 14, half stay: growth 1.2, squares of 2 over 10 events."""
    found = learnt(week_by_week(tmp_path, STEADY, [10.0, 14.0] * 55, only("spike"))).learnt["burglary"][0]
    settled = np.array([10.0, 14.0] * 55)[-104:-8]  # two years without the last eight weeks
    growth = settled.mean() / 10
    assert found.growth == pytest.approx(growth)
    assert found.spread == pytest.approx(((settled - growth * 10) ** 2).mean() / 10)


def test_a_history_loaded_at_once_teaches_nothing(tmp_path: Path) -> None:
    made = Force(tmp_path, rules=only("spike")).load({CELL: history(STEADY, 40.0)})
    assert learnt(made).learnt == {}
    flag = made.flag("spike")
    assert flag.fragile is None
    assert flag.inputs["settles_low"] is None
    assert "has not been learnt yet" in flag.inputs["restatement"]


def test_with_few_events_at_an_age_nothing_is_learnt(tmp_path: Path) -> None:
    few = [0.0] * 80 + [3.0] * 4 + [0.0] * 26  # 12 events, at four ages
    assert learnt(week_by_week(tmp_path, few, few, only("spike"))).learnt == {}


def test_the_window_weighs_each_age_with_its_count() -> None:
    usual = Restatement({"burglary": {0: Change(1.2, 0.4), 1: Change(1.0, 0.0)}})
    growth, spread = usual.of_windows(["burglary", "theft"], np.array([[30.0, 10.0], [30.0, 10.0]]))
    assert (growth[0], spread[0]) == (pytest.approx(1.05), pytest.approx(0.1))
    assert np.isnan(growth[1])
    low, high = settled_range(np.array([40.0]), growth[:1], spread[:1])
    assert (low[0], high[0]) == (np.floor(42 - 1.28 * 2), np.ceil(42 + 1.28 * 2))


def spike(root: Path, count: float, growth: float) -> Flag:
    """A week of `count` where 10 are expected and first reports settle at `growth` times themselves."""
    return week_by_week(root, history([10 / growth] * 110, count), history(STEADY, count), only("spike")).flag("spike")


def breakeven(root: Path) -> int:
    return int(spike(root, 40.0, 1.0).inputs["breakeven"])


def test_breakeven_is_the_smallest_count_that_is_still_flagged(tmp_path: Path) -> None:
    """The count itself is flagged at the same p limit, one fewer is not."""
    flag = spike(tmp_path, 40.0, 1.0)
    least = flag.inputs["breakeven"]
    assert flag.inputs["restatement"].startswith(f"{40 - least + 1:g} fewer would undo it")
    at, below = (
        Force(tmp_path / str(count), rules=only("spike")).load({CELL: history(STEADY, count)})
        for count in (least, least - 1)
    )
    assert at.cell("spike")["p_value"] <= flag.inputs["p_limit"] < below.cell("spike")["p_value"]


def test_breakeven_is_of_the_flag_among_the_others_as_they_are(tmp_path: Path) -> None:
    """Of twelve units two are flagged: each has the second place's bar; one event less and it is gone."""
    units = [f"u{number}" for number in range(12)]

    def with_count(count: float) -> Force:
        made = Force(tmp_path / str(count), rules=only("spike"), units="unit\n" + "\n".join(units) + "\n")
        newest = {"u0": 40.0, "u1": count}
        return made.load({(unit, "burglary"): history(STEADY, newest.get(unit, 10.0)) for unit in units})

    (flag,) = [flag for flag in with_count(30.0).flags("spike") if flag.unit == "u1"]
    assert flag.inputs["p_limit"] == pytest.approx(0.20 * 2 / 12)
    least = flag.inputs["breakeven"]
    raised = [{one.unit: one.outcome for one in with_count(count).flags("spike")} for count in (least, least - 1)]
    assert raised[0] == {"u0": "concern", "u1": "concern"}
    assert raised[1].get("u1") != "concern"


def test_a_flag_at_its_breakeven_is_fragile_where_counts_usually_fall(tmp_path: Path) -> None:
    least = breakeven(tmp_path / "far")
    assert spike(tmp_path / "near", float(least), 0.9).fragile is True
    assert spike(tmp_path / "same", float(least), 1.0).fragile is False
    assert spike(tmp_path / "more", float(least), 1.1).fragile is False
    assert spike(tmp_path / "well", least * 2.0, 0.9).fragile is False


def test_the_gates_can_be_the_breakeven(tmp_path: Path) -> None:
    made = week_by_week(tmp_path, history(STEADY, 40.0), STEADY, only("spike", minimum_gap=28))
    assert made.flag("spike").inputs["breakeven"] == 39  # 10.1 expected and 28 more


def test_a_praised_fall_must_hold_for_the_count_as_it_settles(tmp_path: Path) -> None:
    """A week of 1 where 10 are usual is praised, unless first reports usually settle at four times themselves."""
    rules, now = only("commend"), history(STEADY, 1.0)
    assert week_by_week(tmp_path / "still", now, now, rules).flag("commend").fragile is False
    grows = week_by_week(tmp_path / "grows", history([2.5] * 110, 1.0), now, rules)
    assert grows.flags("commend") == []
    check(grows.cells())
    inputs = grows.cell("commend")["inputs"]
    assert inputs["week"]["growth"] > 3 > inputs["four_weeks"]["growth"] > 1, "the older weeks have settled"
    assert "as they usually settle" in worked("commend", inputs, None)[-1]


def two_years(root: Path, then: float, restated_to: float, now: float, last_known: date = date(2025, 11, 10)) -> Force:
    """The year-ago weeks as reported a week after, restated since; and this year's."""
    before = [*STEADY[:54], then, then, then, then]
    made = Force(root, rules=only("year_on_year")).load({CELL: before}, last_known)
    year = [restated_to] * 4 + [20.0] * 48 + [now] * 4
    return made.load({CELL: year}, W46)


def test_like_age_is_compared_with_like_age(tmp_path: Path) -> None:
    """160 now against 160 a year ago as known now; of which 80 were known when last year's was as old."""
    flag = two_years(tmp_path, 20.0, 40.0, 40.0).flag("year_on_year")
    assert (flag.value, flag.comparator) == (160, 80)
    assert flag.inputs["age"] == "as known 1 day after the period's end in both years"
    assert flag.inputs["count_year_ago_as_known_now"] == 160
    assert flag.sentence.endswith("a year ago, as known 1 day after the period's end in both years.")


def test_a_rise_that_is_only_last_years_growth_is_seen_through(tmp_path: Path) -> None:
    assert two_years(tmp_path, 40.0, 20.0, 40.0).flags("year_on_year") == []


def test_where_the_age_is_not_known_the_figures_of_now_are_compared(tmp_path: Path) -> None:
    """Last year's newest week came only with the next load: its age is not that of this year's."""
    made = Force(tmp_path, rules=only("year_on_year"))
    made.load({CELL: [*STEADY[:54], 20.0, 20.0, 20.0]}, date(2025, 11, 3))
    made.load({CELL: [40.0, *([20.0] * 48), *([80.0] * 4)]}, W46)
    flag = made.flag("year_on_year")
    assert (flag.value, flag.comparator) == (320, 100)
    assert flag.inputs["age"] == "figures of different age are compared"
    assert flag.sentence.endswith("in the same weeks a year ago.")


def test_of_different_age_the_settled_count_must_agree(tmp_path: Path) -> None:
    """Fewer are worse here. This year's weeks are a week old, last year's settled, and first reports treble."""
    tables = {"indicators": "indicator,better,unit_of_measure\nburglary,higher,count\n"}
    first, final = history([30.0] * 110, *[12.0] * 4), grown([30.0] * 110, 3.0)
    as_known = [*final[:52], *first[52:]]  # a year ago nothing was recorded week by week
    flat = week_by_week(tmp_path / "flat", first, first, only("year_on_year"), **tables)
    assert flat.flags("year_on_year")
    growing = week_by_week(tmp_path / "grows", first, [*as_known[:-60], *final[-60:]], only("year_on_year"), **tables)
    for flag in growing.flags("year_on_year"):
        assert flag.p_value == max(flag.inputs["p_as_recorded"], flag.inputs["p_settled"])


def test_the_sample_force_s_restated_month_is_seen() -> None:
    sample = sample_force()
    changes = restated_since(sample.store, datetime(2026, 11, 9, 18), END_OF_TIME)
    assert [(change.unit, change.indicator, change.period_start) for change in changes] == [
        ("southbank", "burglary", date(2026, 8, day)) for day in (3, 10, 17, 24)
    ]
    assert all(change.change == change.now - change.was for change in changes if change.now and change.was)
    assert {(change.source, change.loaded_by) for change in changes} == {("restated-2026-08.csv", "test")}
