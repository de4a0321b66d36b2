"""The first page's sentences: an all clear only where something was tested, good news under its name, whole grammar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from briefing_example import example
from rules_example import STEADY, W46, Force, history

from compstat.meeting.gather import gather
from compstat.meeting.summary import one_minute
from compstat.rules.flag import Flag, Outcome
from compstat.tracker.action import Action, ActionState, Promise
from compstat.tracker.tracker import open_tracker
from compstat.workspace.rulebook import Rulebook
from compstat.workspace.settings import Agenda, Compstat
from compstat.workspace.tables import Indicator, Unit
from compstat.workspace.workspace import Workspace

MEETS = date(2026, 11, 19)
CRIME = Indicator(indicator="burglary", name="Burglary", better="lower")
NEUTRAL = Indicator(indicator="property", name="Lost property", better="neutral")
CONCERN = replace(example(units=2, flagged=1).flags[0], unit="north", indicator="burglary")


def workspace() -> Workspace:
    units = (Unit(unit="north", name="North"),)
    return Workspace(Path(), Compstat(), units, (CRIME, NEUTRAL), (), (), (), (), Rulebook(), Agenda())


def said(*flags: Flag, tests: int = 20, indicators: tuple[Indicator, ...] = (CRIME,)) -> tuple[str, ...]:
    return one_minute(workspace(), flags, (), MEETS, tests, indicators)


def watched(code: str) -> Flag:
    return replace(CONCERN, flag=code, outcome=Outcome.WATCH, shown=False, held_back="on the watch list")


def test_watched_cells_are_no_all_clear() -> None:
    assert said(watched("F-A"), watched("F-B"))[0] == "No flag is for the room this week; 2 are on the watch list."
    assert said(watched("F-A"))[0] == "No flag is for the room this week; 1 is on the watch list."
    commended = replace(CONCERN, outcome=Outcome.COMMEND)
    assert said(commended, watched("F-A"))[0].startswith("No concern is for the room this week; 1 is on")
    assert "chance" in said()[0]


def test_where_nothing_was_tested_no_all_clear_is_given() -> None:
    words = "Nothing was tested: no indicator says which way is better (indicators.csv, column better)."
    assert said(tests=0, indicators=(NEUTRAL,))[0] == words
    assert said(tests=0)[0].startswith("Nothing could be tested")


def test_a_workspace_of_neutral_indicators_says_so_on_its_cover_and_units(tmp_path: Path) -> None:
    table = "indicator,name,better\nburglary,Burglary,neutral\n"
    force = Force(tmp_path, indicators=table).load({("north", "burglary"): history(STEADY, *[10.0] * 4)})
    briefing = gather(force.store, open_tracker(force.workspace), force.workspace, force.workspace.cycles[0], W46)
    assert briefing.tests == 0
    assert briefing.one_minute[0].startswith("Nothing was tested: no indicator says which way is better")
    assert all(report.sentence.startswith("Nothing was tested") for report in briefing.units)


def test_good_news_is_not_in_the_words_of_a_concern() -> None:
    lines = said(CONCERN, replace(CONCERN, outcome=Outcome.COMMEND, sentence="Burglary: 12, where 30 were expected."))
    assert lines[0].startswith("North, burglary")
    assert lines[-1] == "Good news: North, burglary: 12, where 30 were expected."


def action(code: str, due: date, carried: int = 0) -> Action:
    return Action(
        action=code, cycle="main", unit="north", owner="o", what="w", state=ActionState.OPEN, due=due, original_due=due,
        times_carried=carried, times_slipped=0, raised_week="2026-W40", raised_at=datetime(2026, 10, 1, tzinfo=UTC),
        flag=None, promise=Promise(reason="x"),
    )  # fmt: skip


LATE, LATER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("dues", "wanted"),
    [
        ((LATER,), "The one open action is not overdue."),
        ((LATE,), "The one open action is overdue."),
        ((LATER, LATER, LATER), "None of the three open actions is overdue."),
        ((LATE, LATER, LATER), "One of three open actions is overdue."),
        ((LATE, LATE, LATER), "Two of three open actions are overdue."),
        ((LATE, LATE), "Both open actions are overdue."),
        ((LATE, LATE, LATE), "All three open actions are overdue."),
    ],
)
def test_open_actions_are_counted_in_whole_sentences(dues: tuple[date, ...], wanted: str) -> None:
    actions = [action(f"A-{n}", due) for n, due in enumerate(dues)]
    assert one_minute(workspace(), (), actions, MEETS, 20, (CRIME,))[1] == wanted


def test_the_most_carried_action_is_item_one_whatever_the_order() -> None:
    actions = [action("A-1", LATER, 2), action("A-2", LATER, 5)]
    assert "A-2 has been carried five times and is item 1" in one_minute(workspace(), (), actions, MEETS, 2, ())[1]
