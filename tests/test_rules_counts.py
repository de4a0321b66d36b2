"""`spike` and `commend` on counts: one visible series a case. Ten a week for two years, unless the case says else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rules_example import STEADY, Figure, Force, history, only
from scipy import stats

CELL = ("north", "burglary")


def p_of(count: float, baseline: float, periods: int, length: int, rise: bool = True) -> float:
    """The gamma-Poisson tail written out: Jeffreys' half event, no extra variance."""
    chance = stats.nbinom(baseline + 0.5, periods / (periods + length))
    return float(chance.sf(count - 1) if rise else chance.cdf(count))


def test_a_week_far_above_its_own_year_is_a_concern(tmp_path: Path) -> None:
    flag = Force(tmp_path).load({CELL: history(STEADY, 30)}).flag("spike")
    assert (flag.outcome, flag.severity, flag.value) == ("concern", 2, 30)
    assert flag.comparator == pytest.approx(520.5 / 52)
    assert flag.p_value == pytest.approx(2 * p_of(30, 520, 52, 1), rel=1e-9)
    assert flag.q_value == pytest.approx(flag.p_value)
    assert flag.inputs["leading_window"] == "week"
    assert "30 this week, where its own last year led us to expect 10" in flag.sentence


def test_four_weeks_a_little_above_it_are_a_concern_though_no_week_is(tmp_path: Path) -> None:
    flag = Force(tmp_path).load({CELL: history(STEADY, 17, 16, 17, 16)}).flag("spike")
    assert flag.inputs["leading_window"] == "four_weeks"
    assert flag.value == 66
    assert flag.p_value == pytest.approx(2 * p_of(66, 520, 52, 4), rel=1e-9)


def test_a_fall_to_nothing_is_commended_and_no_concern(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: history(STEADY, 0, 0, 0, 0)})
    flag = force.flag("commend")
    assert (flag.outcome, flag.severity, flag.value) == ("commend", 1, 0)
    assert flag.p_value == pytest.approx(2 * p_of(0, 520, 52, 4, rise=False), rel=1e-9)
    assert force.flags("spike") == []


@pytest.mark.parametrize(("better", "falls", "rises"), [("lower", "commend", "spike"), ("higher", "spike", "commend")])
def test_what_is_worse_is_what_the_indicator_says(tmp_path: Path, better: str, falls: str, rises: str) -> None:
    force = Force(tmp_path, indicators=f"indicator,better,unit_of_measure\narrests,{better},count\n")
    force.load({("north", "arrests"): history(STEADY, 0, 0, 0, 0)})
    assert force.flag(falls).excess == pytest.approx(-520.5 * 4 / 52)
    other = Force(tmp_path / "rise", indicators=force.indicators).load({("north", "arrests"): history(STEADY, 30)})
    assert other.flag(rises).excess == pytest.approx(30 - 520.5 / 52)


def test_a_neutral_indicator_is_neither_worse_nor_better(tmp_path: Path) -> None:
    force = Force(tmp_path, indicators="indicator,better,unit_of_measure\ncalls,neutral,count\n")
    force.load({("north", "calls"): history(STEADY, 60)})
    assert force.flags("spike") + force.flags("commend") + force.flags("year_on_year") == []
    assert force.untested("spike") == {("north", "calls"): "neither more nor less is better"}


# Threshold, gap and signal, each alone missing. 30 in a week passes all three.


def test_without_the_signal_there_is_no_flag(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: history(STEADY, 14)})
    assert force.flags("spike") == []
    assert force.cell("spike")["p_value"] == pytest.approx(2 * p_of(14, 520, 52, 1))


def test_a_gap_of_exactly_the_threshold_passes_and_one_event_less_does_not(tmp_path: Path) -> None:
    """200 a week: 20.5 ahead is 10.0%, with a signal of one in a hundred or so."""
    steady = [100.0] * 110
    rules = only("spike", threshold_percent=25)  # of 5200.5 / 52 = 100.0096: 125.012
    below = Force(tmp_path / "below", rules=rules).load({CELL: history(steady, 125)})
    at = Force(tmp_path / "at", rules=rules).load({CELL: history(steady, 126)})
    assert below.cell("spike")["q_value"] < 0.2
    assert below.flags("spike") == []
    assert at.flag("spike").value == 126


def test_a_gap_below_the_smallest_gap_is_no_flag(tmp_path: Path) -> None:
    series = history([2.0] * 110, 8)
    passed = Force(tmp_path / "passed", rules=only("spike", minimum_gap=5.9)).load({CELL: series})
    missed = Force(tmp_path / "missed", rules=only("spike", minimum_gap=6)).load({CELL: series})
    assert passed.flag("spike").excess == pytest.approx(8 - 104.5 / 52)  # 5.990
    assert missed.cell("spike")["q_value"] < 0.2
    assert missed.flags("spike") == []


def test_a_signal_too_weak_among_many_is_listed_and_not_discussed(tmp_path: Path) -> None:
    """p is 0.007: q is 1 among 300 quiet units, so it is on the watch list."""
    units = [f"u{n:03d}" for n in range(300)]
    force = Force(tmp_path, units="unit\n" + "\n".join(units) + "\n", rules=only("spike"))
    force.load({(unit, "burglary"): history(STEADY, 21 if unit == "u007" else 10) for unit in units})
    flag = force.flag("spike")
    assert (flag.unit, flag.outcome, flag.severity) == ("u007", "watch", 1)
    assert 0.001 < (flag.p_value or 0) < 0.01
    assert flag.q_value == 1.0
    assert force.week().flags[0].held_back == "on the watch list: listed, not discussed"


# Histories of every shape


def test_a_constant_series_says_nothing(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: STEADY})
    assert force.judged().raised == ()
    assert force.cell("spike")["p_value"] == 1.0


def test_a_series_of_nothing_is_not_tested_and_raises_nothing(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: [0.0] * 110})
    assert force.judged().raised == ()
    assert force.untested("spike")[CELL].startswith("expects fewer than 5 events in 4 periods")


def test_a_rise_from_nothing_is_too_rare_to_be_told_from_chance(tmp_path: Path) -> None:
    assert Force(tmp_path).load({CELL: history([0.0] * 110, 4)}).flags("spike") == []


def test_five_expected_in_four_weeks_are_enough_and_fewer_are_not(tmp_path: Path) -> None:
    """65 in 52 weeks: 65.5 x 4/52 = 5.04; 64: 4.96."""
    for events, tested in ((65, True), (64, False)):
        year = [1.0] * 52 + [2.0] * (events - 52) + [1.0] * (104 - events)
        series = [1.0] * 54 + year[-52:] + [1.0] * 4
        assert sum(series[-56:-4]) == events
        force = Force(tmp_path / f"{events}").load({CELL: series})
        assert (force.untested("spike") == {}) is tested


def test_one_return_alone_is_not_tested(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: [99]})
    assert force.judged().raised == ()
    assert force.untested("spike")[CELL] == "fewer than 26 periods of history"


@pytest.mark.parametrize(("weeks", "tested"), [(30, True), (29, False)])
def test_half_a_year_before_the_four_weeks_is_needed(tmp_path: Path, weeks: int, tested: bool) -> None:
    force = Force(tmp_path).load({CELL: history([10.0] * weeks, 30)})
    assert bool(force.flags("spike")) is tested
    assert (force.untested("spike") == {}) is tested


def test_the_expected_goes_by_the_weeks_present(tmp_path: Path) -> None:
    """Every other week of the year is missing: 26 weeks of 10, not 52 of 5."""
    series: list[float | None] = [None, 10.0] * 55
    flag = Force(tmp_path).load({CELL: history(series, 10, 10, 10, 30)}).flag("spike")
    assert flag.inputs["week"]["baseline_periods"] == 28
    assert flag.comparator == pytest.approx(280.5 / 28)
    assert flag.p_value == pytest.approx(2 * p_of(30, 280, 28, 1), rel=1e-9)


def test_without_this_weeks_return_the_weeks_before_it_are_judged_as_three(tmp_path: Path) -> None:
    flag = Force(tmp_path).load({CELL: history(STEADY, 22, 22, 22, None)}).flag("spike")
    assert flag.inputs["week"]["count"] is None
    assert flag.inputs["four_weeks"]["periods"] == 3
    assert flag.value == 66
    assert flag.comparator == pytest.approx(520.5 * 3 / 52)
    assert flag.p_value == pytest.approx(p_of(66, 520, 52, 3), rel=1e-9)  # one window is known: nothing to double


def test_without_any_return_in_four_weeks_nothing_is_judged(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: history(STEADY, None, None, None, None)})
    assert force.flags("spike") == []
    assert force.untested("spike")[CELL] == "no return in the window"


def test_nothing_is_compared_across_a_declared_break(tmp_path: Path) -> None:
    breaks = "indicator,unit,start,kind,note\nburglary,{},{},definition,\n"
    series = {CELL: history(STEADY, 30)}
    for unit in ("north", "district", "*"):
        force = Force(tmp_path / unit.replace("*", "all"), breaks=breaks.format(unit, "2026-09-07")).load(series)
        assert force.flags("spike") == []
        words = "the definition or boundary changed on 2026-09-07: nothing before compares"
        assert force.untested("spike") == {CELL: words}
    old = Force(tmp_path / "old", breaks=breaks.format("*", "2026-03-02")).load(series)
    assert old.flag("spike").inputs["week"]["baseline_periods"] == 36
    later = Force(tmp_path / "later", breaks=breaks.format("*", "2026-11-16")).load(series)
    assert later.flag("spike").inputs["week"]["baseline_periods"] == 52
    other = Force(tmp_path / "other", units="unit\nnorth\nsouth\n", breaks=breaks.format("south", "2026-09-07"))
    assert other.load(series).flag("spike").unit == "north"


def test_a_series_that_varies_more_needs_more_to_be_flagged(tmp_path: Path) -> None:
    wild = [5.0, 15.0] * 55
    flag = Force(tmp_path).load({CELL: history(wild, 40)}).cell("spike")["inputs"]
    assert flag["dispersion_own"] == pytest.approx(26 * 2 * 25 / 51 / 10)  # variance over mean: 2.549
    assert flag["week"]["dispersion"] > 1.5
    assert flag["week"]["p"] > p_of(40, 520, 52, 1) * 10


def test_a_rule_about_some_indicators_and_units_leaves_the_others_alone(tmp_path: Path) -> None:
    force = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure\nburglary,lower,count\nrobbery,lower,count\n",
        units="unit,level\nnorth,district\nsouth,district\nwest,ward\n",
        rules=only("spike", indicators='["burglary"]', units='["north", "ward"]'),
    )
    spike = history(STEADY, 40)
    force.load({(unit, name): spike for unit in ("north", "south", "west") for name in ("burglary", "robbery")})
    assert {(flag.unit, flag.indicator) for flag in force.flags("spike")} == {
        ("north", "burglary"),
        ("west", "burglary"),
    }


def test_week_53_is_a_week_like_any_other(tmp_path: Path) -> None:
    """2026 has a week 53, 28 December to 3 January; a year before it is 29 December 2025."""
    force = Force(tmp_path).load({CELL: history(STEADY, 30)}, last=date(2026, 12, 28))
    flag = force.flag("spike", week=date(2026, 12, 28))
    assert flag.week == "2026-W53"
    assert flag.inputs["week"]["baseline_first"] == "2025-12-29"
    next_week = Force(tmp_path / "next").load({CELL: history(STEADY, 30)}, last=date(2027, 1, 4))
    assert next_week.cell("year_on_year", week=date(2027, 1, 4))["inputs"]["year_ago_last"] == "2026-01-11"


def test_a_unit_alone_is_its_own_group_and_300_share_one(tmp_path: Path) -> None:
    alone = Force(tmp_path / "one").load({CELL: history(STEADY, 30)})
    units = [f"u{n:03d}" for n in range(300)]
    many = Force(tmp_path / "many", units="unit\n" + "\n".join(units) + "\n")
    many.load({(unit, "burglary"): history(STEADY, 30 if unit == "u299" else 10) for unit in units})
    assert alone.judged().decisions.tests == 3  # worse, better, a year ago
    assert many.judged().decisions.tests == 1500  # and both directions of travel, against the peers' median
    assert many.flag("spike").unit == "u299"
    assert many.flag("spike").p_value == pytest.approx(alone.flag("spike").p_value)


def test_the_threshold_printed_is_the_count_from_which_the_cell_would_be_listed(tmp_path: Path) -> None:
    def many(count: int) -> Force:
        units = [f"u{n:03d}" for n in range(300)]
        force = Force(tmp_path / f"{count}", units="unit\n" + "\n".join(units) + "\n", rules=only("spike"))
        return force.load({(unit, "burglary"): history(STEADY, count if unit == "u000" else 10) for unit in units})

    wanted = int(many(30).flag("spike").threshold or 0)
    assert [bool(many(count).flags("spike")) for count in (wanted, wanted - 1)] == [True, False]


def test_where_the_pool_accepts_more_than_the_watch_level_the_threshold_is_the_break_even(tmp_path: Path) -> None:
    """One cell alone is flagged up to p = 0.05: its threshold is never beyond the count that was flagged."""
    flag = Force(tmp_path, rules=only("spike")).load({CELL: history(STEADY, 18)}).flag("spike")
    assert 0.01 < (flag.p_value or 0) < 0.05
    assert flag.threshold == flag.inputs["breakeven"] <= (flag.value or 0)


def test_nothing_is_praised_that_was_better_still_a_year_ago(tmp_path: Path) -> None:
    """Four weeks of 3 are few for a year of 10; the same weeks of last year saw 4, 3, or 2."""

    def praised(a_year_ago: float) -> bool:
        series = history(STEADY, 3, 3, 3, 3)
        series[-56:-52] = [a_year_ago] * 4
        return bool(Force(tmp_path / f"{a_year_ago}", rules=only("commend")).load({CELL: series}).flags("commend"))

    assert [praised(4.0), praised(3.0), praised(2.0)] == [True, True, False]


def test_where_last_year_is_not_known_the_fall_is_praised_on_its_own(tmp_path: Path) -> None:
    series: list[Figure] = [*history(STEADY, 0, 0, 0, 0)]
    series[-60:-50] = [None] * 10
    assert Force(tmp_path, rules=only("commend")).load({CELL: series}).flag("commend").value == 0


def test_a_window_with_a_missing_week_is_not_called_four_weeks(tmp_path: Path) -> None:
    flag = Force(tmp_path).load({CELL: history(STEADY, 18, None, 18, 18)}).flag("spike")
    assert flag.sentence == "burglary: 54 over 3 of the last 4 weeks, where its own last year led us to expect 30."
    against = Force(tmp_path / "year").load({CELL: history(STEADY, 18, None, 18, 18)}).flag("year_on_year")
    assert against.sentence == "burglary: 54 over 3 of the last 4 weeks, against 30 in the same weeks a year ago."
