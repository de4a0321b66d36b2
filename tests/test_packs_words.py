"""Figures, dates and states in words."""

from __future__ import annotations

from datetime import date

import pytest

from compstat.calendar import Span
from compstat.packs import words as w


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
