"""The running order adds up, never runs over, and takes no longer than there is to discuss."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compstat.meeting.agenda import running_order
from compstat.meeting.briefing import UnitReport
from compstat.rules.flag import Flag, Outcome
from compstat.workspace.rulebook import Rulebook
from compstat.workspace.settings import Agenda, Compstat, Cycle
from compstat.workspace.tables import Unit
from compstat.workspace.workspace import Workspace


def workspace() -> Workspace:
    return Workspace(Path(), Compstat(), (), (), (), (), (), (), Rulebook(), Agenda())


def report(name: str) -> UnitReport:
    return UnitReport(Unit(unit=name), "", None, "", "", (), {}, (), ())


@given(minutes=st.integers(10, 600), units=st.integers(0, 60))
def test_the_clock_runs_on_and_never_over(minutes: int, units: int) -> None:
    cycle = Cycle(cycle="c", minutes=minutes, starts_at="09:30")
    order = running_order(workspace(), cycle, [report(f"u{n}") for n in range(units)], {})
    assert sum(item.minutes for item in order) <= minutes
    assert all(item.minutes >= 0 for item in order)
    assert [item.number for item in order] == list(range(1, len(order) + 1))
    clock = 9 * 60 + 30
    for item in order:
        assert item.starts.hour * 60 + item.starts.minute == clock % (24 * 60)
        clock += item.minutes


def test_follow_up_on_actions_is_item_one() -> None:
    order = running_order(workspace(), Cycle(cycle="c"), [report("a")], {"actions": "3 open"})
    assert (order[0].part, order[0].title, order[0].note) == ("actions", "Follow-up on actions", "3 open")


@pytest.mark.parametrize(("units", "wanted"), [(0, "No unit is challenged"), (1, "u0"), (2, "u0")])
def test_each_unit_has_its_turn(units: int, wanted: str) -> None:
    order = running_order(workspace(), Cycle(cycle="c"), [report(f"u{n}") for n in range(units)], {})
    challenged = [item.title for item in order if item.part == "challenge"]
    assert challenged[0] == wanted and len(challenged) == max(units, 1)


def test_more_units_than_minutes_are_one_item() -> None:
    order = running_order(workspace(), Cycle(cycle="c", minutes=10), [report(f"u{n}") for n in range(60)], {})
    assert [item.title for item in order if item.part == "challenge"] == ["Challenge: 60 units"]


def test_a_meeting_with_nothing_on_its_list_is_short() -> None:
    nothing = {"actions": 0, "good-practice": 0, "challenge": 0}
    order = running_order(workspace(), Cycle(cycle="c"), [], {}, nothing)
    assert sum(item.minutes for item in order) <= 15
    assert next(item for item in order if item.title == "No unit is challenged").minutes == 0


def with_flags(name: str, *outcomes: Outcome) -> UnitReport:
    flags = tuple(
        Flag("F", "2026-W46", "c", name, "i", "r", "spike", outcome, 2, datetime(2026, 11, 16), shown=True)
        for outcome in outcomes
    )
    return replace(report(name), flags=flags)


def test_a_missing_return_takes_two_minutes() -> None:
    units = [
        with_flags("a", Outcome.CONCERN, Outcome.CONCERN),
        with_flags("b", Outcome.DATA, Outcome.COMMEND),
        with_flags("c", Outcome.CONCERN, Outcome.DATA),
    ]
    order = running_order(workspace(), Cycle(cycle="c"), units, {}, {"actions": 2})
    assert [item.minutes for item in order if item.part == "challenge"] == [15, 2, 10]


@given(minutes=st.integers(10, 120), kinds=st.lists(st.sampled_from([Outcome.CONCERN, Outcome.DATA]), max_size=20))
def test_short_meetings_add_up_and_give_no_missing_return_more_than_two_minutes(
    minutes: int, kinds: list[Outcome]
) -> None:
    units = [with_flags(f"u{n}", kind) for n, kind in enumerate(kinds)]
    order = running_order(workspace(), Cycle(cycle="c", minutes=minutes), units, {})
    assert sum(item.minutes for item in order) <= minutes
    for item in order:
        if item.unit and kinds[int(item.unit[1:])] is Outcome.DATA:
            assert item.minutes <= 2


def test_minutes_grow_with_what_there_is_to_discuss() -> None:
    lengths = [
        sum(item.minutes for item in running_order(workspace(), Cycle(cycle="c"), units, {}, {"actions": actions}))
        for actions, units in ((0, []), (2, [report("a")]), (5, [report("a"), report("b")]))
    ]
    assert lengths == sorted(set(lengths))


def test_a_full_list_takes_the_whole_meeting() -> None:
    order = running_order(workspace(), Cycle(cycle="c"), [report(f"u{n}") for n in range(12)], {}, {"actions": 9})
    assert sum(item.minutes for item in order) == 90
