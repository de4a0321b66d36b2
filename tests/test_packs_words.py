"""Figures, dates and states in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from briefing_example import example

from compstat.calendar import Span
from compstat.packs import words as w
from compstat.packs.sections.flag_table import receipt
from compstat.rules.flag import State
from compstat.workspace.tables import Indicator


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (1204, 0, "1,204"),
        (-7, 0, "−7"),
        (86.94, 1, "86.9"),
        (None, 0, "–"),
        (float("nan"), 0, "–"),
        (-0.2, 0, "0"),
        (0.0, 1, "0.0"),
    ],
)
def test_numbers(value: float | None, decimals: int, said: str) -> None:
    assert w.number(value, decimals) == said


@pytest.mark.parametrize(("value", "said"), [(18, "+18"), (-7, "−7"), (0, "0"), (0.3, "0"), (None, "–")])
def test_signed(value: float | None, said: str) -> None:
    assert w.signed(value) == said


@pytest.mark.parametrize(
    ("p", "said"), [(0.5, "0.50"), (0.031, "0.031"), (0.0004, "0.0004"), (0.00001, "<0.0001"), (None, "–")]
)
def test_probabilities(p: float | None, said: str) -> None:
    assert w.probability(p) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 9), date(2026, 11, 15), "9–15 Nov 2026"),
        (date(2026, 10, 19), date(2026, 11, 15), "19 Oct – 15 Nov 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 Dec 2025 – 4 Jan 2026"),
        (date(2026, 1, 4), date(2026, 1, 4), "4 Jan 2026"),
    ],
)
def test_spans(first: date, last: date, said: str) -> None:
    assert w.span(Span(first, last)) == said


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 11, 19), "due at this meeting"),
        (date(2026, 11, 22), "due in 3 days"),
        (date(2026, 11, 18), "1 day overdue"),
        (date(2026, 10, 29), "21 days overdue"),
        (date(2026, 12, 17), "due in 4 weeks"),
    ],
)
def test_due_is_counted_from_the_meeting(due: date, said: str) -> None:
    assert w.due_words(due, date(2026, 11, 19)) == said


def test_counted() -> None:
    assert [w.counted(n, "flag") for n in (0, 1, 2, 1200)] == ["no flags", "1 flag", "2 flags", "1,200 flags"]
    assert w.counted(2, "batch", "batches") == "2 batches"


FLAG = replace(example(units=2, flagged=1).flags[0], inputs={}, family="spike")
COUNT = Indicator(indicator="burglary", name="Burglary")
SHARE = Indicator(indicator="absence", name="Absence", unit_of_measure="percent")


@pytest.mark.parametrize(
    ("state", "weeks", "said"),
    [
        (State.NEW, 1, "new"),
        (State.CONTINUING, 2, "2 weeks running"),
        (State.CONTINUING, 27, "over 26 weeks"),
        (State.RETURNING, 1, "returning"),
    ],
)
def test_how_long_a_flag_stands_is_not_how_long_its_figure_was_bad(state: State, weeks: int, said: str) -> None:
    assert w.state_words(replace(FLAG, state=state, weeks_open=weeks)) == said


@pytest.mark.parametrize(
    ("family", "inputs", "cadence", "said"),
    [
        ("spike", {"leading_window": "four_weeks"}, "weekly", "4 weeks"),
        ("spike", {"leading_window": "week"}, "weekly", "week"),
        ("spike", {"leading_window": "four_weeks"}, "monthly", "3 months"),
        ("floor", {}, "monthly", "month"),
        ("improving", {}, "weekly", "mean, year"),
        ("target", {}, "monthly", "mean, 3 months"),
        ("drift", {}, "weekly", "mean of 13"),
        ("leak", {"periods": 8}, "weekly", "8 weeks"),
        ("own", {}, "weekly", "–"),
    ],
)
def test_over_which_time_a_flag_is(family: str, inputs: dict[str, object], cadence: str, said: str) -> None:
    indicator = COUNT.model_copy(update={"cadence": cadence})
    assert w.over_words(replace(FLAG, family=family, inputs=inputs), indicator) == said


def test_of_a_share_the_year_is_the_year() -> None:
    share = COUNT.model_copy(update={"unit_of_measure": "percent", "aggregate": "ratio"})
    assert w.over_words(replace(FLAG, family="coasting", inputs={}), share) == "year"
    assert w.over_words(replace(FLAG, family="target", inputs={}), share) == "4 weeks"


@pytest.mark.parametrize(
    ("family", "value", "comparator", "said"),
    [
        ("spike", 178.0, 92.65, ("178", "93", "+85")),
        ("drift", 0.2, 0.0, ("0.2", "0.0", "+0.2")),
        ("improving", 4.17, 1.48, ("4.2", "1.5", "+2.7")),
        ("target", 4.0, 3.5, ("4.0", "3.5", "+0.5")),
        ("drift", 13.31, 9.21, ("13.3", "9.2", "+4.1")),
        ("spike", 3.0, 0.4, ("3", "0.4", "+2.6")),
    ],
)
def test_a_mean_keeps_its_decimal(family: str, value: float, comparator: float, said: tuple[str, str, str]) -> None:
    assert w.flag_figures(replace(FLAG, family=family, value=value, comparator=comparator), COUNT)[:2] == said[:2]
    assert w.flag_figures(replace(FLAG, family=family, value=value, comparator=comparator), COUNT)[2] == said[2]


def test_a_difference_is_that_of_the_figures_as_they_are_printed() -> None:
    """3.8 and 3.8 are 0 apart, 31.5 and 28.6 are 2.9: what is printed subtracts."""
    assert w.apart(3.849, 3.751, SHARE) == "0.0 points"
    assert w.apart(31.54, 28.56, SHARE) == "+2.9 points"
    assert w.apart(29.449, 24.549, SHARE) == "+4.9 points"


def test_a_planned_path_tells_its_forecast_and_its_plan_in_its_receipt() -> None:
    sentence = "Absence: as it goes, 5.4% on 2026-12-31, where the plan says 3.5%."
    words = receipt(replace(FLAG, family="trajectory", sentence=sentence, test="straight-line forecast"), SHARE)
    assert "as it goes, 5.4% on 31 Dec 2026, where the plan says 3.5%" in words


def outlook(basis: str) -> dict[str, object]:
    return {"if_nothing_is_done": {"basis": basis, "window": "four_weeks", "earlier_flags": 40}}


def test_a_receipt_says_over_which_time_it_expects_and_has_no_negative_limit() -> None:
    flag = replace(FLAG, lower_limit=-6.0, upper_limit=30.0, expected_low=26.0, expected_high=60.0)
    learnt = receipt(replace(flag, inputs=outlook("learnt")), COUNT)
    assert "limits 0–30" in learnt
    assert "if nothing is done, expect 26–60 over the next four weeks" in learnt
    assert "expect" not in receipt(replace(flag, inputs=outlook("not yet learnt here")), COUNT)
    below = COUNT.model_copy(update={"non_negative": False})
    assert "limits −6–30" in receipt(flag, below)
