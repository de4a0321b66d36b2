"""A whole briefing: counts that add up everywhere, and who was not flagged by any test, not by one family alone."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
from packs_example import texts_of
from rules_example import STEADY, W46, Force, history, sample_force

from compstat.meeting.briefing import Briefing
from compstat.meeting.days import with_plain_days
from compstat.meeting.figures import decimals_of, printed_change
from compstat.meeting.gather import gather
from compstat.meeting.indicator_rows import lead_flags
from compstat.meeting.not_flagged import not_flagged
from compstat.packs.briefing_pdf import write_briefing
from compstat.packs.furniture import acted_words
from compstat.rules.flag import State
from compstat.tracker.action import Promise
from compstat.tracker.agreement import NewAction
from compstat.tracker.tracker import open_tracker


@cache
def sample() -> Briefing:
    force = sample_force()
    tracker = open_tracker(force.workspace)
    return gather(force.store, tracker, force.workspace, force.workspace.cycles[0], W46)


def test_every_flag_is_shown_held_back_or_cleared_and_counted_once() -> None:
    briefing = sample()
    shown = {flag.flag for flag in briefing.flags if flag.shown}
    held, cleared = ({flag.flag for flag in group} for group in (briefing.held_back, briefing.cleared))
    assert len(shown) == briefing.shown
    assert briefing.raised == len(shown) + len(held)
    assert shown | held | cleared == {flag.flag for flag in briefing.flags}
    assert not shown & held and not (shown | held) & cleared
    assert all(flag.state is not State.CLEARED for flag in briefing.held_back)


def test_every_cell_is_flagged_or_not_flagged() -> None:
    briefing = sample()
    quiet = {(row.unit, row.indicator) for row in briefing.not_flagged}
    flagged = set(lead_flags(briefing.flags))
    assert len(quiet) == len(briefing.not_flagged)
    assert not quiet & flagged
    assert quiet | flagged == {(cell.unit, cell.indicator) for cell in briefing.heat}
    untested = {(cell.unit, cell.indicator) for cell in briefing.heat if cell.outcome == "not tested"}
    assert untested <= {(row.unit, row.indicator) for row in briefing.not_flagged if not row.tested}


def test_a_cleared_flag_is_neither_raised_nor_held_back(tmp_path: Path) -> None:
    force = Force(tmp_path).load({("north", "burglary"): history(STEADY, 40.0, *[10.0] * 4)})
    briefing = gather(force.store, open_tracker(force.workspace), force.workspace, force.workspace.cycles[0], W46)
    assert len(briefing.cleared) == 1
    assert briefing.raised == briefing.shown + len(briefing.held_back)


RARE = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0] * 16  # expects about two in four weeks: too few for the spike test


def test_a_cell_that_only_a_year_on_year_test_could_judge_counts_as_tested(tmp_path: Path) -> None:
    series = history(RARE, 2.0, 1.0, 2.0, 2.0)
    force = Force(tmp_path).load({("north", "burglary"): [*series[:-56], 2.0, 2.0, 1.0, 2.0, *series[-52:]]})
    assert force.untested("spike")
    (row,) = not_flagged(force.week())
    assert row.test == "year_on_year" and row.tested


def test_a_cell_that_only_a_target_judges_counts_as_tested(tmp_path: Path) -> None:
    targets = "indicator,unit,kind,value\nburglary,*,target,3\n"
    rules = (
        '[[rule]]\nrule = "target"\nfamily = "target"\nperiods = 8\nof = 12\n\n[[rule]]\nrule = "s"\nfamily = "spike"\n'
    )
    force = Force(tmp_path, targets=targets, rules=rules).load({("north", "burglary"): RARE})
    (row,) = not_flagged(force.week())
    assert row.test == "target" and row.p_value is not None


def test_a_cell_that_nothing_could_judge_says_why(tmp_path: Path) -> None:
    force = Force(tmp_path).load({("north", "burglary"): [0.0] * 110})
    (row,) = not_flagged(force.week())
    assert not row.tested and "expects fewer than 5 events" in row.reason


def test_days_in_reasons_are_in_the_pages_style() -> None:
    assert with_plain_days("changed on 2026-08-31: no") == "changed on 31 Aug 2026: no"


def test_a_unit_page_says_the_step_in_force_what_is_to_be_signed_and_the_tier() -> None:
    """Minster's absence has missed its target for months; Kingsmead has had nothing in twenty weeks."""
    reports = {report.unit.unit: report for report in sample().units}
    assert (reports["minster"].ladder, reports["minster"].tier) == ("support; contestability to be signed", "")
    assert (reports["kingsmead"].ladder, reports["kingsmead"].tier) == ("", "earned autonomy")
    assert (reports["harbour"].ladder, reports["harbour"].tier) == ("", "")


def test_a_band_that_was_not_learnt_here_is_no_excuse_on_a_page() -> None:
    reports = {report.unit.unit: report for report in sample().units}
    assert "over the next four weeks (learnt from " in reports["harbour"].supporting_sentence
    for unit in ("minster", "millfield"):  # one breaches its floor: its own past year is no forecast to hide behind
        assert "expect" not in reports[unit].supporting_sentence


def test_the_briefing_dates_a_step_names_its_flags_and_says_what_would_change_a_tier() -> None:
    briefing = sample()
    reports = {report.unit.unit: report for report in briefing.units}
    (place,) = reports["minster"].places
    assert place in briefing.places and len(briefing.places) == 12
    assert (place.step, place.since, place.or_earlier) == ("support", date(2026, 7, 19), True)
    assert place.receipts[0][1] == 16
    earned = reports["kingsmead"].earned
    assert earned is not None and earned.change == "earned autonomy is lost by a concern in the next week"


def test_a_cell_that_only_a_year_s_travel_could_judge_counts_as_tested(tmp_path: Path) -> None:
    """Too few for a test of counts; two years of it tell whether it gets worse: no page may call that not tested."""
    targets = "indicator,unit,kind,value\nburglary,*,target,9\n"
    rules = '[[rule]]\nrule = "s"\nfamily = "spike"\n\n[[rule]]\nrule = "c"\nfamily = "coasting"\n'
    force = Force(tmp_path, targets=targets, rules=rules).load({("north", "burglary"): RARE})
    (row,) = not_flagged(force.week())
    assert row.tested and row.test == "coasting" and row.p_value is not None
    assert row.untested == "expects fewer than 5 events in 4 periods: too few for a test of counts"
    briefing = gather(force.store, open_tracker(force.workspace), force.workspace, force.workspace.cycles[0], W46)
    assert briefing.tests == 1 and [cell.outcome for cell in briefing.heat] == ["none"]
    write_briefing(briefing, tmp_path / "b.pdf")
    text = " ".join(" ".join(texts_of(tmp_path / "b.pdf")).split())
    assert "Tested over a year alone: this year against the last 1 cell" in text
    assert "Not tested" not in text and "no cell that could be tested" not in text


def test_a_cell_tested_for_an_improvement_alone_is_tested_and_has_no_p_of_a_concern(tmp_path: Path) -> None:
    targets = "indicator,unit,kind,value\nburglary,*,target,9\n"
    rules = '[[rule]]\nrule = "i"\nfamily = "improving"\n'
    force = Force(tmp_path, targets=targets, rules=rules).load({("north", "burglary"): RARE})
    (row,) = not_flagged(force.week())
    assert (row.tested, row.test, row.p_value) == (True, "improving", None)


def test_the_newest_entry_of_the_tracker_is_told_where_the_figures_are_older(tmp_path: Path) -> None:
    """An analyst prepares on Thursday what was loaded on Monday: the stamp says both, and Thursday gives it again."""
    (tmp_path / "people.csv").write_text("person,name,role\navery,Avery Quill,analyst\n", "utf-8")
    force = Force(tmp_path).load({("north", "burglary"): history(STEADY, 40.0)})
    tracker, cycle = open_tracker(force.workspace), force.workspace.cycles[0]
    before = gather(force.store, tracker, force.workspace, cycle, W46)
    assert before.acted_at is None and acted_words(before) == ""
    avery, thursday = force.workspace.person("avery"), datetime(2026, 11, 19, 12, 10)
    assert avery is not None
    new = NewAction(cycle.cycle, "north", "avery", "Lights", date(2026, 12, 3), "2026-W46", Promise(reason="x"))
    tracker.add(new, avery, thursday)
    after = gather(force.store, tracker, force.workspace, cycle, W46)
    assert after.acted_at == thursday and after.known_at < thursday
    assert acted_words(after) == "actions as known Thu 19 Nov 2026 12:10"
    assert gather(force.store, tracker, force.workspace, cycle, W46, thursday) == after
    write_briefing(after, tmp_path / "b.pdf")
    assert all("actions as known Thu 19 Nov 2026 12:10" in text for text in texts_of(tmp_path / "b.pdf"))


def test_the_demo_s_trajectory_is_told_with_forecast_and_plan_and_its_chart_draws_the_plan() -> None:
    briefing = sample()
    southbank = next(report for report in briefing.units if report.unit.unit == "southbank")
    row = next(row for row in southbank.rows if row.indicator.indicator == "absence")
    assert row.chart.plan and row.chart.target == 3.5 and row.target == 6


def test_what_the_pages_print_subtracts() -> None:
    """Of every unit, indicator and window of the demo."""
    told = 0
    for report in sample().units:
        for row in report.rows:
            decimals = decimals_of(row.indicator)
            for figures in row.windows.values():
                change = printed_change(figures.current, figures.year_ago, decimals)
                if change is None:
                    continue
                printed = [float(f"{value:.{decimals}f}") for value in (figures.current, figures.year_ago, change)]
                assert printed[0] - printed[1] == pytest.approx(printed[2])
                told += 1
    assert told > 500
