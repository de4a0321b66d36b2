"""Tables and series that no rule was made for: each has an outcome that is written down here, none a crash or a NaN."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from rules_example import SHARES, STEADY, W46, Figure, Force, history, only

from compstat.findings import WorkspaceError
from compstat.rules.receipts.why_not import why_not
from compstat.rules.weeks import WeekFlags

TARGETS = "indicator,unit,kind,start,end,value\n"
EVERY_KIND = (
    "indicator,better,unit_of_measure\nburglary,lower,count\nlost,neutral,count\nresponse,higher,percent\n"
    "wait,lower,days\novertime,lower,money\n"
)
GOALS = TARGETS + (
    "burglary,*,floor,,,30\nburglary,*,target,,,9\nburglary,*,trajectory,,2026-12-31,8\nresponse,*,target,,,90\n"
    "response,*,floor,,,50\nwait,*,target,,,2\nwait,*,trajectory,,2026-12-31,1\n"
)
LEAK = '[[leak]]\nfrom = "burglary"\nto = "lost"\n'


def refused(root: Path, **tables: str) -> list[str]:
    made = Force(root, **tables)
    with pytest.raises(WorkspaceError) as caught:
        _ = made.workspace
    return [f"{finding.where} {finding.message}" for finding in caught.value.findings]


def odd(made: Force) -> list[str]:
    """Of every flag, every cell and every word on silence: what is NaN, infinite or without a reason."""
    week = WeekFlags(made.judged(), tuple(one.flag for one in made.judged().raised))
    cells = week.evaluation.scope.cells
    silences = [row for unit, indicator in cells for row in why_not(week, unit, indicator)]
    found = [f"no figure: {row}" for row in (*made.cells(), *map(asdict, (*week.flags, *silences))) if not plain(row)]
    found += [f"no reason: {row}" for row in silences if not row.reason]
    found += [f"in words: {flag.sentence}" for flag in week.flags if "nan" in flag.sentence.lower()]
    decisions = week.evaluation.decisions
    by_chance = decisions.expected_by_chance, decisions.expected_watch
    return found + [f"by chance: {one}" for one in by_chance if not math.isfinite(one)]


def plain(row: dict[str, object]) -> bool:
    """Whether a program can read it: JSON knows neither NaN nor infinity."""
    try:
        json.dumps(row, default=str, allow_nan=False)
    except ValueError:
        return False
    return True


# rules.toml and targets.csv


def test_unknown_names_in_rules_are_errors_with_the_rule(tmp_path: Path) -> None:
    rules = only("spike", indicators=["burglry"], units=["nroth"]) + '[[leak]]\nfrom = "burglary"\nto = "lsot"\n'
    said = "\n".join(refused(tmp_path, rules=rules))
    assert 'rules.toml:1 [[rule]] spike indicator "burglry" is not in indicators.csv. Did you mean "burglary"?' in said
    assert 'rules.toml:1 [[rule]] spike unit "nroth" is not in units.csv. Did you mean "north"?' in said
    assert 'rules.toml:6 [[leak]] burglary indicator "lsot"' in said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"threshold_percent": 1e308}, "less than or equal to 10000"),
        ({"minimum_gap": 1e300}, "less than or equal to 1000000000000"),
        ({"periods": 4, "of": 3}, "wanted at least periods, which is 4"),
        ({"periods": 300, "of": 400}, "less than or equal to 104"),
    ],
)
def test_settings_that_no_cell_could_ever_meet(tmp_path: Path, settings: dict[str, object], words: str) -> None:
    said = refused(tmp_path, rules=only("floor", **settings))
    assert said[0].startswith("rules.toml:") and any(words in line for line in said)


def test_periods_alone_are_so_many_in_a_row(tmp_path: Path) -> None:
    made = Force(tmp_path, rules=only("floor", periods=3))
    assert made.workspace.rules.rule[0].periods == 3


def test_a_family_or_setting_that_there_is_not(tmp_path: Path) -> None:
    assert "rules.toml:3" in refused(tmp_path / "a", rules=only("spkie"))[0]
    assert 'setting "rule.0.treshold" is not known' in refused(tmp_path / "b", rules=only("spike", treshold=3))[0]


@pytest.mark.parametrize(
    "settings",
    [
        {"threshold_percent": -1},
        {"minimum_gap": -0.5},
        {"minimum_gap": "inf"},
        {"minimum_gap": "nan"},
        {"periods": 0},
        {"of": 0},
        {"threshold_percent": '"many"'},
    ],
)
def test_impossible_thresholds_are_errors_with_the_line(tmp_path: Path, settings: dict[str, object]) -> None:
    (said,) = refused(tmp_path, rules=only("spike", **settings))
    assert said.startswith("rules.toml:4 rule.0.")


@pytest.mark.parametrize(
    "setting", ["q = 0", "q = 1.5", "watch_p = 2", "minimum_baseline = 0", "small_unit_share = -1"]
)
def test_impossible_decisions_are_errors_with_the_line(tmp_path: Path, setting: str) -> None:
    (said,) = refused(tmp_path, rules=f"[decision]\n{setting}\n")
    assert said.startswith("rules.toml:2 decision.")


def test_overlapping_targets_are_an_error_with_both_lines(tmp_path: Path) -> None:
    rows = "burglary,*,target,2026-01-01,2026-12-31,9\nburglary,*,target,2026-06-01,,8\n"
    (said,) = refused(tmp_path, targets=TARGETS + rows)
    assert said.startswith("targets.csv:3 a second target for burglary and * is in force with line 2")


def test_more_periods_than_are_looked_at_means_all_of_them(tmp_path: Path) -> None:
    """`periods = 3` alone: three of the last three."""
    floor = TARGETS + "burglary,*,floor,,,12\n"
    twice = Force(tmp_path / "2", targets=floor, rules=only("floor", periods=3))
    assert twice.load({("north", "burglary"): history(STEADY, 13, 13)}).flags("floor") == []
    thrice = Force(tmp_path / "3", targets=floor, rules=only("floor", periods=3))
    assert thrice.load({("north", "burglary"): history(STEADY, 13, 13, 13)}).flags("floor")


def test_a_target_for_a_unit_that_closed_is_kept_and_asks_nothing(tmp_path: Path) -> None:
    units = "unit,level,valid_to\nnorth,district,\nold,district,2026-06-30\n"
    made = Force(tmp_path, units=units, targets=TARGETS + "burglary,old,floor,,,1\n")
    made.load({("north", "burglary"): STEADY})
    made.load({("old", "burglary"): STEADY}, last=date(2026, 6, 22))
    assert [flag.unit for flag in made.week().flags] == []
    assert odd(made) == []


def test_a_target_of_an_indicator_that_never_came(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators=EVERY_KIND, targets=TARGETS + "wait,*,target,,,2\n")
    assert odd(made.load({("north", "burglary"): STEADY})) == []


def test_a_share_with_a_target_of_more_than_everything_is_not_tested(tmp_path: Path) -> None:
    """101% cannot be met nor tested; a ratio above 1 has no binomial spread."""
    indicators = "indicator,better,unit_of_measure,per\nresponse,higher,percent,\ncomplaints,lower,rate,1\n"
    targets = TARGETS + "response,*,target,,,101\ncomplaints,*,target,,,2\n"
    made = Force(tmp_path, indicators=indicators, targets=targets, rules=only("target"))
    made.load({("north", "response"): SHARES, ("north", "complaints"): [(150.0, 50.0), (140.0, 50.0)] * 55})
    assert made.cells() == [] and made.flags("target") == []
    assert odd(made) == []


def test_a_trajectory_with_a_gap_asks_nothing_in_the_gap(tmp_path: Path) -> None:
    path = "burglary,*,trajectory,,2026-09-30,9\nburglary,*,trajectory,2026-12-01,2026-12-31,8\n"
    made = Force(tmp_path, targets=TARGETS + path).load({("north", "burglary"): STEADY})
    assert made.flags("trajectory") == []
    assert odd(made) == []


def test_a_rule_that_flags_everything_fills_no_more_seats_than_there_are(tmp_path: Path) -> None:
    """A floor that nobody keeps: every cell raised, the meeting's seats hold, the rest says why."""
    units = "unit\n" + "".join(f"u{n}\n" for n in range(20))
    made = Force(tmp_path, units=units, targets=TARGETS + "burglary,*,floor,,,20\n", rules=only("floor"))
    made.load({(f"u{n}", "burglary"): history(STEADY, 30) for n in range(20)})
    week = made.week()
    assert len(week.flags) == 20
    assert len(week.shown) == made.workspace.cycle().items_per_meeting == 12
    assert {flag.held_back for flag in week.flags if not flag.shown} == {"more than 12 items for this meeting"}


# Series


def every_kind(root: Path, series: dict[str, list[Figure]]) -> Force:
    """All families on counts, shares, days and money at once, with goals of every kind."""
    rules = "".join(
        only(family)
        for family in (
            "floor", "target", "trajectory", "spike", "year_on_year", "drift", "special_cause", "coasting",
            "improving", "peer", "leak", "no_return", "commend",
        )
    )  # fmt: skip
    units = "unit,level,population\n" + "".join(f"u{n},district,1000\n" for n in range(6))
    made = Force(root, indicators=EVERY_KIND, units=units, targets=GOALS, rules=rules + LEAK)
    return made.load({(f"u{n}", indicator): values for n in range(6) for indicator, values in series.items()})


def alike(value: float, length: int) -> dict[str, list[Figure]]:
    """The same figure every week in every indicator; shares of ten."""
    plain: list[Figure] = [value] * length
    share: list[Figure] = [(min(value, 10.0), 10.0)] * length
    return {"burglary": plain, "lost": plain, "response": share, "wait": plain, "overtime": plain}


@pytest.mark.parametrize("value", [0.0, 0.1, 7.0, 1e9])
def test_series_that_never_change(tmp_path: Path, value: float) -> None:
    """Constant and all zero: nobody is special, drifts, travels or leaks; only goals can be missed."""
    made = every_kind(tmp_path, alike(value, 110))
    assert odd(made) == []
    raised = {one.flag.family for one in made.judged().raised}
    assert raised <= {"floor", "target", "trajectory"}


@pytest.mark.parametrize("length", [1, 2, 12, 27])
def test_series_of_few_points(tmp_path: Path, length: int) -> None:
    made = every_kind(tmp_path, alike(7.0, length))
    assert odd(made) == []
    assert {one.flag.family for one in made.judged().raised} <= {"floor", "target", "trajectory"}


def test_shares_of_nothing(tmp_path: Path) -> None:
    """No calls at all, week after week: 0 of 0 is a return, and nothing is divided by it."""
    made = every_kind(tmp_path, {"response": [(0.0, 0.0)] * 110, "burglary": list(STEADY)})
    assert odd(made) == []
    assert not [one for one in made.judged().raised if one.flag.indicator == "response"]


def test_one_return_after_a_year_of_silence(tmp_path: Path) -> None:
    gaps: list[Figure] = [7.0] * 50 + [None] * 59 + [30.0]
    assert odd(every_kind(tmp_path, {"burglary": gaps, "wait": gaps, "overtime": gaps})) == []


def test_a_break_in_the_window_withholds_every_comparison_across_it(tmp_path: Path) -> None:
    """A new definition two weeks ago: a tenfold count is no news, and each family says why or has nothing to say."""
    breaks = "indicator,unit,start,kind,note\nburglary,*,2026-11-02,definition,counted anew\n"
    made = Force(tmp_path, breaks=breaks).load({("north", "burglary"): history(STEADY, 100, 100)})
    assert made.week().flags == ()
    assert made.untested("spike") == {
        ("north", "burglary"): "the definition or boundary changed on 2026-11-02: nothing before compares"
    }
    assert odd(made) == []


def test_one_shocked_year_in_the_seasons_history_changes_no_flag(tmp_path: Path) -> None:
    """Five years of a steady force; in the second, three quarters of the events stayed away for half a year.

    The factor stays within a tenth of 1, and what is flagged is what is flagged without that year.
    """
    units = "unit\n" + "".join(f"u{n}\n" for n in range(8))
    steady = np.random.default_rng(2020).poisson(20, (8, 52 * 5))
    shocked = steady.copy()
    shocked[:, 60:86] //= 4
    flagged = []
    for name, figures in (("steady", steady), ("shocked", shocked)):
        made = Force(tmp_path / name, units=units, rules=only("spike"))
        assert odd(made.load({(f"u{n}", "burglary"): [float(x) for x in row] for n, row in enumerate(figures)})) == []
        flagged.append([(flag.unit, flag.outcome) for flag in made.flags("spike")])
        for cell in made.cells():
            seasons = [cell["inputs"][window]["season"] for window in ("week", "four_weeks")]
            assert all(0.9 < season < 1.1 for season in seasons), seasons
    assert flagged[0] == flagged[1]


def test_figures_of_any_size_come_out_as_numbers(tmp_path: Path) -> None:
    huge: list[Figure] = [1e15, 1.1e15] * 55
    tiny: list[Figure] = [1e-12, 3e-12] * 55
    assert odd(every_kind(tmp_path, {"burglary": huge, "lost": huge, "wait": tiny, "overtime": huge})) == []


def test_weeks_that_are_not_there_yet_are_no_zeros(tmp_path: Path) -> None:
    """Judged a week too early there is no flag to be had, and that is said."""
    from compstat.findings import UsageError

    made = Force(tmp_path).load({("north", "burglary"): STEADY})
    with pytest.raises(UsageError, match="No return for 2026-W47"):
        made.week(W46 + timedelta(weeks=1))
