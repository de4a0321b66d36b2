"""Which flag leads, in what order they come, who gets a seat: on flags made up for it, and on a small force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rules_example import STEADY, Force, history

from compstat.rules.flag import Flag, Outcome, flag_code
from compstat.rules.flagging import Raised
from compstat.rules.ranking import ranked
from compstat.workspace.settings import Cycle

CYCLE = Cycle(cycle="main", items_per_unit=3, items_per_meeting=12)


def raised(
    unit: str = "north",
    indicator: str = "burglary",
    family: str = "spike",
    outcome: Outcome = Outcome.CONCERN,
    severity: int = 2,
    order: float = 1.0,
    size: float = 10.0,
) -> Raised:
    flag = Flag(
        flag=flag_code(unit, indicator, family),
        week="2026-W46",
        cycle="main",
        unit=unit,
        indicator=indicator,
        rule=family,
        family=family,
        outcome=outcome,
        severity=severity,
        known_at=datetime(2026, 11, 16),
    )
    return Raised(flag, order, size)


def seats(*every: Raised, cycle: Cycle = CYCLE, share: float = 0.0, sizes: tuple[float, ...] = ()) -> list[Flag]:
    return ranked(every, cycle, share, sizes)


def test_the_gravest_come_first_then_own_history_then_the_surest() -> None:
    flags = seats(
        raised("a", family="special_cause", outcome=Outcome.WATCH, severity=1),
        raised("b", family="no_return", outcome=Outcome.DATA, severity=1),
        raised("c", family="commend", outcome=Outcome.COMMEND, severity=1, order=9),
        raised("d", family="target", order=9),
        raised("e", order=1),
        raised("f", order=2),
        raised("g", family="year_on_year", order=9),
        raised("h", family="floor", severity=3, order=0.1),
    )
    assert [flag.unit for flag in flags] == list("hfegdcba")
    assert [flag.rank for flag in flags] == list(range(1, 9))


def test_of_two_alike_the_order_is_that_of_the_names_whatever_came_first() -> None:
    two = raised("a"), raised("b")
    assert [flag.unit for flag in seats(*two)] == [flag.unit for flag in seats(*reversed(two))] == ["a", "b"]


def test_one_flag_leads_for_a_cell_and_the_others_support_it() -> None:
    flags = seats(raised(family="year_on_year", order=9), raised(family="floor", severity=3), raised("south"))
    lead, south, support = flags
    assert (lead.family, lead.shown, lead.supports) == ("floor", True, None)
    assert (south.unit, south.rank) == ("south", 2)
    assert (support.family, support.shown, support.supports) == ("year_on_year", False, lead.flag)
    assert support.held_back == f"listed under {lead.flag}"


def test_a_watched_cell_is_listed_and_takes_no_seat() -> None:
    (flag,) = seats(raised(outcome=Outcome.WATCH, severity=1))
    assert (flag.shown, flag.held_back) == (False, "on the watch list: listed, not discussed")


def test_a_unit_has_so_many_items_and_the_meeting_so_many() -> None:
    cycle = Cycle(cycle="main", items_per_unit=2, items_per_meeting=3)
    many = [raised(unit, f"i{n}", order=10 - n) for unit in ("a", "b") for n in range(3)]
    flags = seats(*many, cycle=cycle)
    assert [(flag.unit, flag.indicator) for flag in flags if flag.shown] == [("a", "i0"), ("b", "i0"), ("a", "i1")]
    reasons = {(flag.unit, flag.indicator): flag.held_back for flag in flags if not flag.shown}
    assert reasons == {
        ("b", "i1"): "more than 3 items for this meeting",
        ("a", "i2"): "more than 2 items for this unit",
        ("b", "i2"): "more than 2 items for this unit",
    }


def test_commendations_have_seats_of_their_own() -> None:
    cycle = Cycle(cycle="main", items_per_unit=1, items_per_meeting=1)
    flags = seats(raised("a"), raised("a", "robbery", outcome=Outcome.COMMEND, family="commend"), cycle=cycle)
    assert all(flag.shown for flag in flags)


def test_a_share_of_the_seats_is_kept_for_units_outside_the_largest_third() -> None:
    """Six large and three small wait for three seats: one is kept for the best of the small."""
    cycle = Cycle(cycle="main", items_per_unit=1, items_per_meeting=3)
    sizes = (10.0,) * 6 + (100.0,) * 4
    large = [raised(f"large{n}", order=20 - n, size=100) for n in range(6)]
    small = [raised(f"small{n}", order=5 - n, size=10) for n in range(3)]
    shown = [flag.unit for flag in seats(*large, *small, cycle=cycle, share=1 / 3, sizes=sizes) if flag.shown]
    assert shown == ["large0", "large1", "small0"]
    none_kept = [flag.unit for flag in seats(*large, *small, cycle=cycle, share=0.0, sizes=sizes) if flag.shown]
    assert none_kept == ["large0", "large1", "large2"]
    only_large = [flag.unit for flag in seats(*large, cycle=cycle, share=1 / 3, sizes=sizes) if flag.shown]
    assert only_large == ["large0", "large1", "large2"], "a seat that no small unit wants is not left empty"
    all_small = [flag.unit for flag in seats(*small, *large[:1], cycle=cycle, share=1 / 3, sizes=sizes) if flag.shown]
    assert all_small == ["large0", "small0", "small1"]


def test_nothing_to_rank_is_nothing() -> None:
    assert seats() == []


# On a force


def test_what_costs_more_comes_first(tmp_path: Path) -> None:
    """The same rise; a robbery is declared to cost three times a burglary, an arson weighs twice."""
    force = Force(
        tmp_path,
        indicators="indicator,better,unit_of_measure,weight,unit_cost\n"
        "burglary,lower,count,1,\nrobbery,lower,count,1,3\narson,lower,count,2,\n",
    )
    force.load({("north", name): history(STEADY, 30) for name in ("burglary", "robbery", "arson")})
    assert [flag.indicator for flag in force.week().flags if flag.shown] == ["robbery", "arson", "burglary"]


def test_the_surer_excess_comes_first_and_not_the_larger_percentage(tmp_path: Path) -> None:
    """From 20 to 45 is surer than from 2 to 9, though that is four times as many."""
    force = Force(tmp_path, units="unit\nlarge\nsmall\n")
    force.load({("large", "burglary"): history([20.0] * 110, 45), ("small", "burglary"): history([2.0] * 110, 9)})
    assert [flag.unit for flag in force.week().flags if flag.family == "spike"] == ["large", "small"]


def test_a_silent_unit_is_one_item_whatever_it_owes() -> None:
    def missing(unit: str, indicator: str) -> Raised:
        return raised(unit, indicator, family="no_return", outcome=Outcome.DATA, severity=1)

    flags = seats(missing("a", "burglary"), missing("a", "robbery"), missing("a", "theft"), missing("b", "burglary"))
    first, second = [flag for flag in flags if flag.shown]
    assert (first.unit, first.sentence.strip()) == ("a", "2 more of its returns are missing.")
    assert (second.unit, second.sentence) == ("b", "")
    held = {flag.held_back for flag in flags if not flag.shown}
    assert held == {f"one item with the unit's other missing returns, {first.flag}"}
