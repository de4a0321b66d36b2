"""Over which time a flag's figure was taken, and which points of its chart it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from briefing_example import example
from test_meeting_gather import sample

from compstat.meeting.flag_windows import marked_periods, outlook_window
from compstat.rules.figure_window import FigureWindow, window_of
from compstat.rules.flag import Flag

FLAG = replace(example(units=2, flagged=1).flags[0], inputs={})


def of(family: str, **inputs: Any) -> Flag:
    return replace(FLAG, family=family, inputs=inputs)


@pytest.mark.parametrize(
    ("flag", "window", "marked"),
    [
        (of("floor"), FigureWindow("period"), 1),
        (of("spike", leading_window="week"), FigureWindow("period"), 1),
        (of("spike", leading_window="four_weeks"), FigureWindow("recent"), 4),
        (of("commend"), FigureWindow("period"), 1),
        (of("year_on_year"), FigureWindow("recent"), 4),
        (of("drift"), FigureWindow("mean", 13, is_mean=True), 0),
        (of("improving"), FigureWindow("year", is_mean=True), 0),
        (of("coasting"), FigureWindow("year", is_mean=True), 0),
        (of("leak", periods=8), FigureWindow("periods", 8), 0),
        (of("own"), FigureWindow(""), 1),
    ],
)
def test_each_family_has_its_window(flag: Flag, window: FigureWindow, marked: int) -> None:
    assert window_of(flag.family, flag.inputs) == window
    assert marked_periods(flag, recent=4) == marked


def test_every_family_of_the_sample_has_a_window() -> None:
    assert all(window_of(flag.family, flag.inputs).length for flag in sample().flags)


def test_what_nothing_done_leads_to_is_told_only_where_it_was_learnt() -> None:
    def rests(basis: str, window: str) -> dict[str, Any]:
        return {"if_nothing_is_done": {"basis": basis, "window": window, "earlier_flags": 40}}

    assert outlook_window(of("spike", **rests("learnt", "four_weeks"))) == "four_weeks"
    assert outlook_window(of("spike", **rests("learnt", "week"))) == "week"
    assert outlook_window(of("floor", **rests("not yet learnt here", "four_weeks"))) is None
    assert outlook_window(of("improving")) is None
    assert outlook_window(replace(of("spike", **rests("learnt", "week")), expected_low=None)) is None


def test_a_year_s_improvement_marks_no_single_week_and_shows_its_plan() -> None:
    """Thornley's detections: a rise over a year, whose newest week happens to be low; the plan says 21 now."""
    thornley = next(report for report in sample().units if report.unit.unit == "thornley")
    row = next(row for row in thornley.rows if row.indicator.indicator == "detections")
    assert [flag.family for flag in row.flags][:1] == ["improving"]
    assert not any(row.chart.marks)
    assert (row.chart.target, row.chart.plan) == (21, True)
    assert row.target is None  # its standing is against targets and floors alone


def test_a_watched_week_is_marked_on_its_chart() -> None:
    seamoor = next(report for report in sample().units if report.unit.unit == "seamoor")
    row = next(row for row in seamoor.rows if row.indicator.indicator == "overtime")
    assert row.chart.marks[-1] == "watch"


def test_a_total_says_what_is_outside_its_limits_and_what_came_in() -> None:
    totals = {row.indicator.indicator: row.chart for row in sample().totals}
    burglary, absence = totals["burglary"], totals["absence"]
    assert (burglary.marks[-1], burglary.remark) == ("watch", "newest above the limits")
    assert (absence.values[-1], absence.missing) == (None, "11 of 12 in")


def test_an_improvement_beyond_belief_is_named_beside_its_praise() -> None:
    northgate = next(report for report in sample().units if report.unit.unit == "northgate")
    (caution,) = northgate.cautions
    assert caution.startswith("Vehicle crime: ") and "see how it was recorded before it is praised" in caution
