"""Receipts: what `explain` says of a flag, and of a cell that has none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rules_example import STEADY, Force, history, sample_force

from compstat.rules.receipts.receipt import receipt
from compstat.rules.receipts.why_not import WhyNot, why_not
from compstat.rules.receipts.worked import WORKED, worked
from compstat.rules.weeks import WeekFlags


@pytest.fixture(scope="module")
def week() -> WeekFlags:
    return sample_force().week()


def receipts(week: WeekFlags) -> dict[str, dict[str, Any]]:
    sample = sample_force()
    return {flag.flag: receipt(sample.store, sample.workspace, week, flag) for flag in week.flags}


# The receipt of a flag


def test_the_formula_holds_the_numbers_and_they_come_out(week: WeekFlags) -> None:
    """Harbour's burglaries: each line of the formula, worked out as it is printed."""
    (found,) = [one for one in receipts(week).values() if (one["unit"], one["rule"]) == ("harbour", "spike")]
    lines = "\n".join(found["worked"])
    for line in re.findall(r": E = (.*) = (\S+)$|: V = (.*) = (\S+)$", lines, re.M):
        sum_, result = [part for part in line if part]
        assert eval(sum_.replace(" x ", " * ")) == pytest.approx(float(result), rel=1e-4), sum_
    assert "four_weeks: E = (1204 + 1/2) x 4/52 = 92.6538" in lines
    assert f"p = {found['p_value']:.6g}" == found["worked"][-1]


def test_a_receipt_has_everything_that_is_asked_of_one(week: WeekFlags) -> None:
    (found,) = [one for one in receipts(week).values() if (one["unit"], one["rule"]) == ("harbour", "spike")]
    assert (found["rule_version"], found["rules_version"]) == (1, sample_force().workspace.rules.version)
    assert found["windows"] == [
        {"name": "week window", "first": "2026-11-09", "last": "2026-11-15"},
        {"name": "week baseline", "first": "2025-11-10", "last": "2026-11-08"},
        {"name": "four weeks window", "first": "2026-10-19", "last": "2026-11-15"},
        {"name": "four weeks baseline", "first": "2025-10-20", "last": "2026-10-18"},
    ]
    assert found["season"].startswith("season not handled")
    assert found["pool"]["tests"] == 129
    assert 0 < found["p_value"] <= found["q_value"] < found["pool"]["accepted_up_to_p"]
    assert found["evidence"] > 10
    assert found["breakeven"] < found["value"]
    assert found["batches"][0]["source"] == "2026-W46-counts.csv"
    assert "$known_at" in found["sql"]


def test_both_years_are_dated(week: WeekFlags) -> None:
    (found,) = [one for one in receipts(week).values() if (one["unit"], one["rule"]) == ("harbour", "year-on-year")]
    assert [(window["name"], window["first"]) for window in found["windows"]] == [
        ("window", "2026-10-19"),
        ("a year ago", "2025-10-20"),
    ]


def test_every_flag_of_the_sample_has_a_receipt_without_nan(week: WeekFlags) -> None:
    for found in receipts(week).values():
        text = json.dumps({**found, "batches": None}, default=str, allow_nan=False)
        assert "nan" not in " ".join(found["worked"])
        assert found["worked"] or found["family"] == "no_return", found["family"]
        assert found["sql"] and text


def test_every_tested_cell_can_be_worked(week: WeekFlags) -> None:
    """Not only what is flagged: each receipt of every family with an arithmetic of its own."""
    cells = sample_force().page()["cells"]
    for cell in cells:
        lines = worked(cell["family"], cell["inputs"], cell["p_value"])
        assert len(lines) > 1 and "nan" not in "".join(lines)
    assert {cell["family"] for cell in cells} <= set(WORKED)


def test_the_breakeven_is_the_last_count_that_is_flagged(tmp_path: Path) -> None:
    """With the count of the receipt there is a flag, with one less there is none."""
    first = Force(tmp_path / "a").load({("north", "burglary"): history(STEADY, 30)})
    breakeven = first.flag("spike").inputs["breakeven"]
    at = Force(tmp_path / "b").load({("north", "burglary"): history(STEADY, breakeven)})
    below = Force(tmp_path / "c").load({("north", "burglary"): history(STEADY, breakeven - 1)})
    assert [flag.value for flag in at.flags("spike")] == [breakeven]
    assert below.flags("spike") == []


def test_a_rule_of_the_teams_own_shows_its_statement(tmp_path: Path) -> None:
    made = Force(tmp_path).load({("north", "burglary"): STEADY})
    (tmp_path / "queries").mkdir()
    sql = (
        "-- version: 7\nselect unit, indicator, 'watch' as outcome, 1 as severity, value, null::double as comparator, "
        "'Look.' as sentence from reporting.observation where period_start = (select first_day from reporting.week)"
    )
    (tmp_path / "queries" / "look.sql").write_text(sql, "utf-8")
    week = made.week()
    (flag,) = week.flags
    found = receipt(made.store, made.workspace, week, flag)
    assert (found["sql"], found["rule_version"], found["minimum_gap"]) == (sql, "7", None)
    assert found["batches"][0]["figures"] == 110
    (row,) = [row for row in why_not(week, "north", "burglary") if row.family == "own"]
    assert (row.tested, row.flag, row.reason) == (
        True, flag.flag, "flagged, not shown: on the watch list: listed, not discussed"
    )  # fmt: skip


# Why a cell has no flag


OVER = "over four weeks"


def row_of(rows: list[WhyNot], rule: str) -> WhyNot:
    return next(row for row in rows if row.rule == rule)


def test_how_far_a_cell_was_and_what_it_needed(week: WeekFlags) -> None:
    rows = why_not(week, "harbour", "robbery")
    spike = row_of(rows, "spike")
    assert (spike.tested, spike.reason, spike.value, spike.gates) == (True, "within chance", 33, False)
    assert spike.p_value == pytest.approx(0.49, abs=0.01)
    assert spike.p_needed == pytest.approx(0.2 * 3 / 129, rel=1e-9), "two are accepted: it would be the third"
    assert (spike.p_watch, spike.count_needed, spike.flag) == (0.01, 46, None)
    windows = {row.family: row.window for row in rows if row.tested}
    assert (windows["spike"], windows["year_on_year"], windows["no_return"]) == (OVER, OVER, "this week")
    assert (windows["drift"], windows["coasting"]) == ("mean of 13 weeks", "a week, over the year")
    assert row_of(rows, "floor").reason == "no floor is in force for it, or no return this period"
    assert not row_of(rows, "floor").tested


def test_a_flagged_cell_says_which_and_why_it_is_not_shown(week: WeekFlags) -> None:
    row = row_of(why_not(week, "harbour", "burglary"), "year-on-year")
    assert row.flag and row.held_back and row.reason == f"flagged, not shown: {row.held_back}"
    assert row_of(why_not(week, "harbour", "burglary"), "spike").reason == "flagged"


def test_every_cell_of_the_sample_has_a_row_a_rule_about_it(week: WeekFlags) -> None:
    for unit, indicator in week.evaluation.scope.cells:
        rows = why_not(week, unit, indicator)
        assert len({row.rule for row in rows}) == len(rows) > 5
        assert all(row.reason for row in rows)
        flagged = {flag.flag for flag in week.flags if (flag.unit, flag.indicator) == (unit, indicator)}
        cleared = {flag.flag for flag in week.flags if flag.state == "cleared"}
        assert {row.flag for row in rows if row.flag} == flagged - cleared


def test_the_count_needed_is_the_count_that_is_flagged(tmp_path: Path) -> None:
    """For the newest week and for two years: what `--why-not` names is listed, one less is not."""
    quiet = Force(tmp_path / "a").load({("north", "burglary"): history(STEADY, 11)})
    rows = why_not(quiet.week(), "north", "burglary")
    for rule, family in (("spike", "spike"), ("year-on-year", "year_on_year")):
        needed = row_of(rows, rule).count_needed
        assert needed is not None
        four_weeks = [int(needed - 30), 10, 10, 10]
        over = Force(tmp_path / f"{rule}-1").load({("north", "burglary"): history(STEADY, *reversed(four_weeks))})
        short = Force(tmp_path / f"{rule}-2").load(
            {("north", "burglary"): history(STEADY, *reversed([four_weeks[0] - 1, 10, 10, 10]))}
        )
        if family == "spike":  # the count is of the window that tells more: the newest week
            over = Force(tmp_path / "x").load({("north", "burglary"): history(STEADY, needed)})
            short = Force(tmp_path / "y").load({("north", "burglary"): history(STEADY, needed - 1)})
        assert over.flags(family) and not short.flags(family)


def test_a_cell_that_cannot_be_tested_says_why(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators="indicator,better,unit_of_measure\nburglary,neutral,count\n")
    made.load({("north", "burglary"): STEADY[:20]})
    rows = why_not(made.week(), "north", "burglary")
    assert row_of(rows, "spike").reason.startswith("fewer than 26 periods of history")
    assert not any(row.flag for row in rows)


def test_a_cell_without_returns_has_no_rows(tmp_path: Path) -> None:
    made = Force(tmp_path, units="unit\nnorth\nsouth\n").load({("north", "burglary"): STEADY})
    assert why_not(made.week(), "south", "burglary") == []


# The command


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, str, int]]:
    """The command in a workspace with a flag: what it printed, what it said beside, its exit code."""
    import sys
    from datetime import datetime

    from compstat.cli.main import main
    from compstat.load.batch import Loading
    from compstat.load.load import load_files
    from compstat.store import open_store
    from compstat.workspace.workspace import load_workspace

    made = Force(tmp_path, indicators="indicator,name,better,unit_of_measure\nburglary,Burg\x1blary,lower,count\n")
    workspace = made.workspace
    lines = [f"north,burglary,{row[2]},{row[3]}" for row in _rows()]
    (tmp_path / "r.csv").write_text("unit,indicator,period_start,value\n" + "\n".join(lines), "utf-8")
    with open_store(load_workspace(tmp_path).store_path) as store:
        load_files(store, workspace, [tmp_path / "r.csv"], Loading(datetime(2026, 11, 16, 18), "test"))

    def run(*words: str) -> tuple[str, str, int]:
        monkeypatch.setattr(sys, "argv", ["compstat", "-q", "-w", str(tmp_path), *words])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return told.out, told.err, int(left.value.code or 0)

    return run


def _rows() -> list[tuple[Any, ...]]:
    from rules_example import W46
    from rules_example import _rows as rows_of

    return rows_of(("north", "burglary"), history(STEADY, 30), W46)


def test_the_command_prints_the_receipt_and_the_distance(said: Callable[..., tuple[str, str, int]]) -> None:
    code = json.loads(said("flags", "--json")[0])["flags"][0]["flag"]
    short, _, left = said("explain", code)
    assert left == 0 and "value     30" in short and "\x1b" not in short and "\\x1b" in short
    whole, _, _ = said("explain", code, "--all")
    assert "formula   week: E = (520 + 1/2) x 1/52 = 10.0096" in whole and "from observation" in whole
    assert json.loads(said("explain", code, "--json")[0])["breakeven"] < 30
    plain, _, left = said("explain", "--why-not", "North", "burglary")
    assert left == 0 and re.search(r"^spike +flagged: 30 this week, against 10", plain, re.M)
    found = json.loads(said("explain", "--why-not", "north", "burglary", "--json")[0])
    assert {row["rule"] for row in found["rules"]} > {"spike", "floor"}


@pytest.mark.parametrize("words", [(), ("F-22222", "--why-not", "north", "burglary")])
def test_the_command_wants_one_of_both(said: Callable[..., tuple[str, str, int]], words: tuple[str, ...]) -> None:
    out, err, left = said("explain", *words)
    assert (out, left) == ("", 2) and "--why-not" in err and "See: compstat explain --help" in err


def test_a_break_and_a_neutral_indicator_are_told_by_every_rule_that_they_stop(tmp_path: Path) -> None:
    tables = {
        "indicators": "indicator,better,unit_of_measure\nburglary,lower,count\nseen,neutral,count\n",
        "breaks": "indicator,unit,start,kind,note\nburglary,*,2026-10-19,definition,\n",
    }
    made = Force(tmp_path, **tables)
    made.load({("north", "burglary"): STEADY, ("north", "seen"): STEADY})
    broken = {row.family: row.reason for row in why_not(made.week(), "north", "burglary") if not row.tested}
    words = "the definition or boundary changed on 2026-10-19: nothing before compares"
    of_break = {family for family, reason in broken.items() if reason == words}
    assert of_break == {"spike", "commend", "year_on_year", "special_cause", "drift", "coasting", "improving"}
    neutral = {row.family: row.reason for row in why_not(made.week(), "north", "seen") if not row.tested}
    assert neutral["year_on_year"] == neutral["coasting"] == neutral["spike"] == "neither more nor less is better"


def test_the_window_says_how_many_weeks_it_holds(tmp_path: Path) -> None:
    made = Force(tmp_path).load({("north", "burglary"): history(STEADY, 11, None, 12, 12)})
    windows = {row.family: row.window for row in why_not(made.week(), "north", "burglary") if row.tested}
    assert windows["spike"] == windows["year_on_year"] == "over 3 of the last 4 weeks"
