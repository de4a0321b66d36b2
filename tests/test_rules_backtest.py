"""A rehearsal says of every week what the week alone says, and sums it up rightly."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Figure, Force, history, only, sample_force

from compstat.calendar import Cadence
from compstat.findings import UsageError
from compstat.rules.evaluation import evaluate
from compstat.rules.flag import State
from compstat.rules.rehearsal.backtest import Rehearsal, RehearsedWeek, evaluations, rehearse
from compstat.rules.rehearsal.backtest_summary import as_public, spells, warnings
from compstat.rules.tested_cells import cell_rows
from compstat.rules.weeks import flags_of_week
from compstat.store import Store
from compstat.workspace.workspace import Workspace

WEEK = timedelta(weeks=1)
CELL = ("north", "burglary")
INDICATORS = (
    "indicator,better,unit_of_measure,cadence\nburglary,lower,count,weekly\ndetected,higher,percent,weekly\n"
    "absence,lower,days,weekly\ncost,lower,count,monthly\n"
)
UNITS = "unit,level,valid_from,valid_to\n" + "".join(f"unit-{n},district,,\n" for n in range(5))
UNITS += "closed,district,,2026-10-25\n"
RISEN = {("unit-1", "burglary"): 2.0, ("unit-2", "burglary"): 0.5, ("unit-3", "detected"): 0.6}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Force:
    """Five units and one that closes, with a break, a rebase, gaps; eight weeks came one by one, each mends the last.

    Three cells change for good six weeks before the end.
    """
    dice = random.Random(4)
    force = Force(
        tmp_path_factory.mktemp("made"),
        indicators=INDICATORS,
        units=UNITS,
        targets="indicator,unit,kind,value\ndetected,*,target,40\nabsence,*,floor,12\n",
        breaks="indicator,unit,start,kind,note\nabsence,unit-4,2026-10-26,definition,new form\n",
        rebases="indicator,unit,week_start,reason,signed_by\nabsence,unit-0,2026-05-04,new roster,a.quill\n",
    )
    units = [f"unit-{n}" for n in range(5)]
    weekly = {
        (unit, name): [_drawn(dice, unit, name, back) for back in range(139, -1, -1)]
        for unit in [*units, "closed"]
        for name in ("burglary", "detected", "absence")
    }
    monthly = {(unit, "cost"): [float(dice.randint(80, 120)) for _ in range(30)] for unit in units}
    force.load({key: series[:-8] for key, series in weekly.items()}, last=W46 - 8 * WEEK)
    force.load(monthly, last=date(2026, 9, 1))
    for back in range(7, -1, -1):
        came = {key: series[-2 - back : 140 - back] for key, series in weekly.items()}
        mended = {key: [_mended(before), now] for key, (before, now) in came.items() if key[0] != "closed" or back > 3}
        force.load(mended, last=W46 - back * WEEK)
    return force


def _drawn(dice: random.Random, unit: str, name: str, back: int) -> float | tuple[float, float] | None:
    if dice.random() < 0.03:
        return None
    factor = RISEN.get((unit, name), 1.0) if back < 6 else 1.0
    if name == "burglary":
        return float(round(dice.gauss(30, 5.5) * factor))
    if name == "absence":
        return round(dice.gauss(10, 0.8), 1)
    return float(sum(dice.random() < 0.45 * factor for _ in range(120))), 120.0


def _mended(figure: float | tuple[float, float] | None) -> float | tuple[float, float] | None:
    """One burglary in ten was reported late."""
    return float(round(figure * 1.1)) if isinstance(figure, float) and figure > 15 else figure


def rehearsed(store: Store, workspace: Workspace, weeks: int, *, as_known: bool, compare: bool = False) -> Rehearsal:
    first = W46 - (weeks - 1) * WEEK
    return rehearse(store, workspace, workspace.cycle(), first, W46, as_known=as_known, compare=compare)


@pytest.fixture(scope="module")
def then(made: Force) -> Rehearsal:
    return rehearsed(made.store, made.workspace, 8, as_known=True)


@pytest.fixture(scope="module")
def now(made: Force) -> Rehearsal:
    return rehearsed(made.store, made.workspace, 8, as_known=False)


# Equal, cell by cell, to each week alone


@pytest.mark.parametrize("as_known", [False, True])
def test_on_a_made_force_every_test_is_that_of_the_week_alone(made: Force, as_known: bool) -> None:
    """Restated, gaps, a break, a rebase, a unit that closes, months among the weeks."""
    assert weeks_told_otherwise(made.store, made.workspace, 3, as_known) == [[]] * 3


def test_on_the_sample_force_every_test_is_that_of_the_week_alone() -> None:
    sample = sample_force()
    assert weeks_told_otherwise(sample.store, sample.workspace, 2, True) == [[]] * 2


def weeks_told_otherwise(store: Store, workspace: Workspace, weeks: int, as_known: bool) -> list[list[str]]:
    """Of each rehearsed week, in which of its results it differs from the week judged alone."""
    cycle, moments, found = workspace.cycle(), set(), []
    for week, one in evaluations(store, workspace, cycle, W46 - (weeks - 1) * WEEK, W46, as_known=as_known):
        alone = evaluate(store, workspace, cycle, week, one.scope.known_at)
        both = {
            "cells": (cell_rows(one.decisions), cell_rows(alone.decisions)),
            "flags": (one.raised, alone.raised),
            "expected by chance": (one.decisions.expected_by_chance, alone.decisions.expected_by_chance),
            "expected on watch": (one.decisions.expected_watch, alone.decisions.expected_watch),
        }
        found.append([name for name, (rehearsed_so, alone_so) in both.items() if rehearsed_so != alone_so])
        moments.add(one.scope.known_at)
    assert not as_known or len(moments) == weeks, "each week has a moment of its own"
    return found


def test_a_rule_of_the_teams_own_is_rehearsed_too(tmp_path: Path) -> None:
    force = Force(tmp_path).load({("north", "burglary"): [*[10.0] * 108, 30.0, 31.0]})
    (force.root / "queries").mkdir()
    (force.root / "queries" / "many.sql").write_text(
        "-- what: Above thirty.\n"
        "select unit, indicator, 'watch' as outcome, 1 as severity, value, 30.0 as comparator, 'Many.' as sentence\n"
        "from reporting.observation cross join reporting.week\n"
        "where period_start = week.first_day and value > 30\n"
    )
    found = rehearsed(force.store, force.workspace, 3, as_known=False)
    assert [[one.rule for one in week.flags if one.family == "own"] for week in found.weeks] == [[], [], ["many"]]


OWN = "select unit, indicator, 'watch' as outcome, 1 as severity, value, 30.0 as comparator, 'Many.' as sentence\n"
OWN += "from reporting.observation cross join reporting.week where period_start = week.first_day and "


@pytest.mark.parametrize(
    ("where", "tested", "raised"),
    [
        ("true", 16, 16),  # two units, two indicators, four weeks
        ("indicator = 'theft'", 8, 8),
        ("indicator = 'theft' and unit = 'north'", 8, 4),  # half of what it looked at is no more than half
        ("value > 99", 0, 0),
    ],
)
def test_a_rule_of_the_teams_own_that_flags_most_is_warned_about(
    tmp_path: Path, where: str, tested: int, raised: int
) -> None:
    indicators = "indicator,better,unit_of_measure\nburglary,lower,count\ntheft,lower,count\n"
    force = Force(
        tmp_path, indicators=indicators, units="unit,level\nnorth,district\nsouth,district\n", rules=only("spike")
    )
    force.load({(unit, name): STEADY for unit in ("north", "south") for name in ("burglary", "theft")})
    (force.root / "queries").mkdir()
    (force.root / "queries" / "many.sql").write_text(OWN + where, "utf-8")
    found = rehearsed(force.store, force.workspace, 4, as_known=False)
    (row,) = [row for row in as_public(found)["rules"] if row["rule"] == "many"]
    assert (row["family"], row["tested"], row["raised"]) == ("own", tested, raised)
    assert row["share_flagged"] == (raised / tested if tested else None)
    told = [(one.where, one.message.split(":")[0]) for one in warnings(found)]
    many = [("queries/many.sql", f"flags {raised} of {tested} cells it looked at (100%)")]
    assert told == (many if raised > tested / 2 else [])


@pytest.mark.parametrize("as_known", [False, True])
def test_the_flags_have_the_ranks_and_the_seats_of_the_week_alone(
    made: Force, then: Rehearsal, now: Rehearsal, as_known: bool
) -> None:
    week = (then if as_known else now).weeks[-1]
    _same_flags(made.store, made.workspace, week, week.known_at if as_known else None)
    assert any(one.shown for one in week.flags), "else the test says little"


def test_a_unit_on_the_ladder_has_the_severity_that_the_week_alone_gives_it() -> None:
    """The sample force declares a ladder; what it reads lies before the rehearsed week."""
    sample = sample_force()
    assert sample.workspace.rules.ladder
    (week,) = rehearsed(sample.store, sample.workspace, 1, as_known=False).weeks
    _same_flags(sample.store, sample.workspace, week, None)
    assert any(one.severity == 3 and one.family != "floor" for one in week.flags), "else the test says little"


def _same_flags(store: Store, workspace: Workspace, week: RehearsedWeek, as_of: datetime | None) -> None:
    alone = flags_of_week(store, workspace, workspace.cycle(), week.week, as_of)
    standing = [flag for flag in alone.flags if flag.state is not State.CLEARED]
    assert [(*one.key, one.outcome, one.severity, one.shown, one.rank) for one in week.flags] == [
        (flag.unit, flag.indicator, flag.rule, flag.outcome, flag.severity, flag.shown, flag.rank) for flag in standing
    ]


def test_as_known_a_spell_lasts_as_long_as_its_flag_says(made: Force, then: Rehearsal) -> None:
    open_now = {spell.key: spell for spell in spells(then) if spell.still_open and not spell.begun_before}
    flags = flags_of_week(made.store, made.workspace, made.workspace.cycle(), W46).flags
    counted = {(flag.unit, flag.indicator, flag.rule): flag.weeks_open for flag in flags if flag.weeks_open}
    assert {key: counted[key] for key in open_now} == {key: spell.periods for key, spell in open_now.items()}
    assert max(spell.periods for spell in open_now.values()) >= 3


def test_what_is_known_then_and_what_is_known_now_differ(then: Rehearsal, now: Rehearsal) -> None:
    """Burglaries that came late make a week look worse than it did."""
    assert [week.label for week in then.weeks] == [week.label for week in now.weeks]
    assert [week.known_at for week in then.weeks] == sorted({week.known_at for week in then.weeks})
    assert {week.known_at for week in now.weeks} == {datetime(2026, 11, 16, 18)}
    assert then.flags != now.flags


# What it comes to


def quiet_then(root: Path, *newest: float | None, rules: str = "", cycle: str = 'cycle = "main"\n') -> Force:
    rules = rules or only("spike", threshold_percent=20, minimum_gap=3)
    return Force(root, rules=rules, cycle=cycle).load({CELL: history(STEADY, *newest)})


def test_persistence_is_counted_in_weeks_and_a_gap_begins_a_new_flag(tmp_path: Path) -> None:
    """A jump of 30 over 10 stays in the recent window for four weeks."""
    force = quiet_then(tmp_path, 30, 10, 10, 10, 10, 10, 10, 30)
    found = rehearsed(force.store, force.workspace, 10, as_known=False)
    assert [bool(week.flags) for week in found.weeks] == [False] * 2 + [True] * 4 + [False] * 3 + [True]
    first, second = spells(found)
    assert (first.periods, first.begun_before, first.still_open) == (4, False, False)
    assert (second.periods, second.begun_before, second.still_open) == (1, False, True)
    (rule,) = as_public(found)["rules"]
    assert rule["raised"] == 5 and rule["spells"] == 2 and rule["cut_off"] == 1 and rule["one_period"] == 1
    assert rule["median_periods"] == 2.5 and rule["longest"] == 4


def test_the_sums_are_those_of_the_weeks(then: Rehearsal) -> None:
    page = as_public(then)
    assert page["expected_by_chance"] == pytest.approx(sum(week["expected_by_chance"] for week in page["weeks"]))
    for name in ("raised", "shown"):
        total = sum(week[name] for week in page["weeks"])
        assert total == sum(row[name] for row in page["rules"]) == sum(row[name] for row in page["units"]) > 0
        assert page[f"{name}_per_week"] == pytest.approx(total / 8)
    for week in page["weeks"]:
        assert week["raised"] == week["concern"] + week["commend"] + week["data"] + week["watch"]


def test_a_rule_that_flags_more_than_half_of_its_cells_is_warned_about(tmp_path: Path) -> None:
    every_week = only("target")
    force = Force(tmp_path / "all", rules=every_week, targets="indicator,unit,kind,value\nburglary,*,target,5\n")
    force.load({CELL: STEADY})
    (warning,) = warnings(rehearsed(force.store, force.workspace, 4, as_known=False))
    assert warning.code == "rule-flags-most" and warning.severity == "warning"
    assert warning.where == "rules.toml [[rule]] target"
    assert "flags 4 of 4 cells it looked at (100%)" in warning.message
    half = quiet_then(tmp_path / "half", 30, 10, 10, 10)
    found = rehearsed(half.store, half.workspace, 8, as_known=False)
    assert len(found.flags) == 4 and warnings(found) == []


def test_weeks_without_a_return_are_named_and_break_nothing(tmp_path: Path) -> None:
    force = quiet_then(tmp_path, 30, None, 30)
    found = rehearsed(force.store, force.workspace, 3, as_known=False)
    assert [week.label for week in found.weeks] == ["2026-W44", "2026-W46"]
    assert found.silent == (W46 - WEEK,)
    assert as_public(found)["weeks_without_returns"] == ["2026-11-02"]


def test_a_span_of_which_nothing_is_known_is_refused(tmp_path: Path) -> None:
    force = quiet_then(tmp_path)
    with pytest.raises(UsageError, match=r"No return from 2001-W01 to 2001-W03 is known"):
        rehearse(force.store, force.workspace, force.workspace.cycle(), date(2001, 1, 1), date(2001, 1, 15))
    empty = Force(tmp_path / "empty")
    with pytest.raises(UsageError, match="No return"):
        rehearse(empty.store, empty.workspace, empty.workspace.cycle(), W46 - WEEK, W46)


def test_a_monthly_cycle_is_rehearsed_month_by_month(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure,cadence\ncost,lower,count,monthly\n"
    force = Force(tmp_path, indicators=indicators, cycle='cycle = "board"\ncadence = "monthly"\n')
    force.load({("north", "cost"): history([100.0] * 40, 200)}, last=date(2026, 10, 1))
    found = rehearse(force.store, force.workspace, force.workspace.cycle(), date(2026, 8, 3), date(2026, 11, 2))
    weekly: Cadence = force.workspace.calendar.cadence("weekly")
    assert [weekly.start_of(week.week) for week in found.weeks] == [week.week for week in found.weeks]
    assert len(found.weeks) == 3  # August, September and October end in the span; July ends before it
    assert [len(week.flags) for week in found.weeks][:2] == [0, 0] and found.weeks[2].flags


def test_one_point_constants_and_zeros_pass_without_a_flag(tmp_path: Path) -> None:
    force = Force(tmp_path, units="unit,level\nnorth,district\nsouth,district\neast,district\n")
    force.load({CELL: STEADY, ("south", "burglary"): [0.0] * 110, ("east", "burglary"): [7.0]})
    page = as_public(rehearsed(force.store, force.workspace, 4, as_known=False, compare=True))
    assert [week["raised"] for week in page["weeks"]] == [0] * 4
    assert all(row["listed"] == 0 for row in page["usual_methods"])


# The usual methods


def test_the_usual_methods_list_what_their_arithmetic_says(tmp_path: Path) -> None:
    """Worse side only; the mean of the year is 10. 2(sqrt 17 - sqrt 10) = 1.92, 2(sqrt 19 - sqrt 10) = 2.39; of
    four weeks 48 and 50 against 40. Moving ranges are 2, so the limits lie 5.3 from the mean."""
    swinging = [11.0, 9.0] * 55
    newest: dict[str, list[Figure]] = {"a": [11.9], "b": [12], "c": [17], "d": [19], "e": [4, 4, 4, 4]}
    force = Force(tmp_path, units="unit,level\n" + "".join(f"{unit},district\n" for unit in newest)).load(
        {(unit, "burglary"): history(swinging, *last) for unit, last in newest.items()}
    )
    listed = {row["method"]: row for row in as_public(_one_week(force))["usual_methods"]}
    assert {name: row["listed"] for name, row in listed.items()} == {
        "percent_week": 3,
        "percent_year_on_year": 2,
        "nhs": 2,
        "root_week": 1,
        "root_year_on_year": 0,
    }
    assert {row["tested"] for row in listed.values()} == {5}


def test_higher_is_better_turns_the_usual_methods_round(tmp_path: Path) -> None:
    indicators = (
        "indicator,better,unit_of_measure\nburglary,higher,count\ndetected,higher,percent\nsize,neutral,count\n"
    )
    force = Force(tmp_path, indicators=indicators).load(
        {
            CELL: history(STEADY, 3),
            ("north", "detected"): history([(90.0, 100.0)] * 110, (60.0, 100.0)),
            ("north", "size"): history(STEADY, 100),
        }
    )
    listed = {row["method"]: row["listed"] for row in as_public(_one_week(force))["usual_methods"]}
    assert listed["percent_week"] == 2 and listed["root_week"] == 1


def _one_week(force: Force) -> Rehearsal:
    return rehearsed(force.store, force.workspace, 1, as_known=False, compare=True)
