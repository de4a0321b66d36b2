"""Tried, asked, support: what was begun apart from what was only promised, and whose question is whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from briefing_example import example

from compstat.meeting.answers import AS_MOST, NOT_BEGUN, asked_of_most, asked_words, tried_words, with_support
from compstat.meeting.briefing import UnitReport
from compstat.rules.flag import Flag, Outcome
from compstat.tracker.action import Action, ActionState, Promise
from compstat.workspace.rulebook import Rulebook
from compstat.workspace.settings import Agenda, Compstat
from compstat.workspace.tables import Indicator, Unit
from compstat.workspace.workspace import Workspace

LAST, MEETS = date(2026, 11, 15), date(2026, 11, 19)
CONCERN = example(units=2, flagged=1).flags[0]
INDICATORS = tuple(Indicator(indicator=name.lower(), name=name) for name in ("Burglary", "Robbery", "Arson"))
WORKSPACE = Workspace(Path(), Compstat(), (), INDICATORS, (), (), (), (), Rulebook(), Agenda())


def action(
    code: str, state: ActionState, due: date = date(2026, 12, 3), raised: int = 2026, noted: bool = False
) -> Action:
    return Action(
        action=code, cycle="main", unit="north", owner="o", what="Lights", state=state, due=due, original_due=due,
        times_carried=0, times_slipped=0, raised_week="2026-W40", raised_at=datetime(raised, 10, 1, tzinfo=UTC),
        flag=None, promise=Promise(reason="x"), owner_noted=noted,
    )  # fmt: skip


def test_what_was_only_promised_is_not_tried() -> None:
    actions = [
        action("A-1", ActionState.OPEN, date(2026, 11, 12)),
        action("A-2", ActionState.IN_PROGRESS),
        action("A-3", ActionState.CLAIMED, date(2026, 11, 18)),
        action("A-4", ActionState.VERIFIED),
        action("A-5", ActionState.VERIFIED, raised=2024),
        action("A-6", ActionState.DROPPED),
        action("A-7", ActionState.OPEN),
    ]
    assert tried_words(actions, LAST, MEETS).split("\n") == [
        "A-2 Lights (in progress)",
        "A-3 Lights (claimed, 1 day overdue)",
        "A-4 Lights (verified)",
        NOT_BEGUN,
        "A-1 Lights (7 days overdue)",
        "A-7 Lights (due 3 Dec 2026)",
    ]
    assert tried_words([], LAST, MEETS) == ""


def test_a_question_stands_on_its_line_under_its_indicators() -> None:
    flags = [
        replace(CONCERN, indicator="burglary", question="Where?"),
        replace(CONCERN, indicator="robbery", question="Where?"),
        replace(CONCERN, indicator="arson", question="Since when?"),
    ]
    assert asked_words(WORKSPACE, flags) == "Burglary, Robbery: Where?\nArson: Since when?"


def report(name: str, *flags: Flag) -> UnitReport:
    return UnitReport(Unit(unit=name.lower(), name=name), "", None, "", "", flags, {}, (), ())


def test_the_same_support_for_two_units_says_so_and_praise_offers_none() -> None:
    offer, praise = (
        replace(CONCERN, support="Two officers."),
        replace(CONCERN, outcome=Outcome.COMMEND, support="Praise."),
    )
    found = with_support([report("Harbour", offer, praise), report("Eastgate", offer), report("Quay", praise)])
    assert [one.support for one in found] == [
        "Two officers. (Also offered to Eastgate.)",
        "Two officers. (Also offered to Harbour.)",
        "",
    ]
    (alone,) = with_support([report("Harbour", offer)])
    assert alone.support == "Two officers."


def test_an_open_action_on_which_its_owner_wrote_progress_is_begun() -> None:
    """Nobody set its state; "Nine of 31 homes visited" is no promise that waits."""
    actions = [action("A-1", ActionState.OPEN, date(2026, 11, 12), noted=True), action("A-2", ActionState.OPEN)]
    assert tried_words(actions, LAST, MEETS).split("\n") == [
        "A-1 Lights (begun, 7 days overdue)",
        NOT_BEGUN,
        "A-2 Lights (due 3 Dec 2026)",
    ]


def test_what_most_units_are_asked_is_taken_off_their_pages() -> None:
    reports = [
        replace(report, asked=f"Burglary: {question}", support=support)
        for report, question, support in zip(
            example(units=4, flagged=4).units,
            ("What is in the way?", "What is in the way?", "What is in the way?", "Where?"),
            ("Analysis. (Also offered to B and C.)", "Analysis. (Also offered to A and C.)", "Analysis.", "A car."),
            strict=True,
        )
    ]
    together = asked_of_most(reports)
    assert together.asked == (("What is in the way?", 3),)
    assert together.offered == (("Analysis.", 3),)
    assert [report.asked for report in together.reports] == [AS_MOST] * 3 + ["Burglary: Where?"]
    assert [report.support for report in together.reports] == [AS_MOST] * 3 + ["A car."]


def test_what_a_few_are_asked_stays_on_their_pages() -> None:
    reports = [replace(report, asked="Burglary: Where?") for report in example(units=2, flagged=2).units]
    assert asked_of_most(reports).asked == () and asked_of_most(reports).reports == tuple(reports)
