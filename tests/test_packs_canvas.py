"""Labels that do not collide, and small charts of every kind of series."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs_example import words_of
from pypdf import PdfReader

from compstat.meeting.briefing import ChartSeries, SeatedPerson
from compstat.packs import type as t
from compstat.packs.canvas.intervals import round_value, scale_of
from compstat.packs.canvas.placing import rows_for, spread
from compstat.packs.canvas.room import room_plan
from compstat.packs.canvas.small_chart import LABELS_AT_RIGHT, Box, small_chart
from compstat.packs.furniture import Footer, PackCanvas

BOX = Box(60, 500, 160, 100)


@given(st.lists(st.floats(-50, 150), max_size=8), st.floats(1, 20))
def test_spread_keeps_the_gap_the_bounds_and_the_order(wanted: list[float], gap: float) -> None:
    places = spread(wanted, gap, 0, 100)
    kept = [(want, place) for want, place in zip(wanted, places, strict=True) if place is not None]
    assert all(-1e-6 <= place <= 100 + 1e-6 for _, place in kept)
    ordered = sorted(place for _, place in kept)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(ordered))
    for (want_a, place_a), (want_b, place_b) in pairwise(sorted(kept)):
        assert place_a <= place_b or want_a == want_b
    if places and wanted:
        assert places[0] is not None  # the most important one never gives way


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 40)), max_size=8), st.integers(1, 3))
def test_no_two_words_of_a_row_touch(spans: list[tuple[float, float]], rows: int) -> None:
    ends = [(left, left + width) for left, width in spans]
    placed = rows_for(ends, rows)
    for row in range(rows):
        here = sorted(end for end, at in zip(ends, placed, strict=True) if at == row)
        assert all(a[1] <= b[0] for a, b in pairwise(here))


def test_a_scale_always_holds_zero() -> None:
    scale = scale_of([5, 9], 100, 200)
    assert 100 <= scale.x(0) < scale.x(5) < scale.x(9) <= 200


def series(values: list[float | None], **other: object) -> ChartSeries:
    plain: dict[str, object] = {
        "starts": tuple(date(2024, 11, 18) + timedelta(days=7 * n) for n in range(len(values))),
        "values": tuple(values), "marks": (None,) * len(values), "mean": None, "lower": None, "upper": None,
        "predictive_upper": None, "target": None, "is_count": True, "decimals": 0,
    }  # fmt: skip
    return ChartSeries(**{**plain, **other})  # type: ignore[arg-type]


def draw(tmp_path: Path, one: ChartSeries) -> list[str]:
    canvas = PackCanvas(tmp_path / "c.pdf", t.PAPERS["A4"], Footer("x", "y", False), "c")
    small_chart(canvas, BOX, "Burglary", "number a week", one)
    canvas.showPage()
    canvas.save()
    words = [w for w in words_of(PdfReader(tmp_path / "c.pdf").pages[0]) if w.y > 60]
    for word in words:
        size = 9 if word.size > 7 else 6.8
        assert BOX.x - 1 <= word.x
        assert word.x + t.width_of(word.text, t.Style(t.SEMIBOLD, size)) <= BOX.x + BOX.width + 12, word
        assert BOX.y - 1 <= word.y <= BOX.y + BOX.height
    return [word.text for word in words]


@pytest.mark.parametrize(
    "values",
    [
        [None] * 104,
        [5.0],
        [0.0] * 104,
        [None, 3.0, None],
        [7.0] * 50 + [None] * 4,
        [float(n) for n in range(104)],
        [-3.0, 2.0],
    ],
)
def test_any_series_can_be_drawn(tmp_path: Path, values: list[float | None]) -> None:
    words = draw(tmp_path, series(values))
    assert "Burglary" in words
    assert ("no returns" in words) == all(value is None for value in values)


def test_the_last_value_and_the_target_are_labelled_apart(tmp_path: Path) -> None:
    canvas = PackCanvas(tmp_path / "c.pdf", t.PAPERS["A4"], Footer("x", "y", False), "c")
    small_chart(
        canvas,
        BOX,
        "Absence",
        "%",
        series([5.0, 6.1, 6.0], target=6.0, mean=5.5, lower=4, upper=7, decimals=1, is_count=False),
    )
    canvas.showPage()
    canvas.save()
    words = {word.text: word for word in words_of(PdfReader(tmp_path / "c.pdf").pages[0])}
    assert abs(words["6.0"].y - words["target 6"].y) >= 6.8
    assert t.width_of("target 6", t.LABEL) < LABELS_AT_RIGHT


def test_a_missing_last_return_is_said(tmp_path: Path) -> None:
    words = draw(tmp_path, series([4.0, 5.0, None]))
    assert "no return" in words and "5" not in words  # an older value never stands for the newest
    assert "no return" not in draw(tmp_path, series([4.0, None, 5.0]))


def test_a_missing_last_return_stands_at_half_height_never_where_nought_would(tmp_path: Path) -> None:
    canvas = PackCanvas(tmp_path / "c.pdf", t.PAPERS["A4"], Footer("x", "y", False), "c")
    small_chart(canvas, BOX, "Absence", "%", series([4.0, 5.0, None], missing="11 of 12 in"))
    canvas.showPage()
    canvas.save()
    (said,) = [w for w in words_of(PdfReader(tmp_path / "c.pdf").pages[0]) if w.text == "11 of 12 in"]
    assert BOX.y + 0.3 * BOX.height < said.y < BOX.y + 0.7 * BOX.height


def test_the_newest_point_of_a_total_is_remarked_on(tmp_path: Path) -> None:
    words = draw(tmp_path, series([4.0] * 20 + [9.0], mean=4.0, lower=3.0, upper=5.0, remark="newest above the limits"))
    assert "newest above the limits" in words


def test_a_plan_in_force_is_drawn_as_one(tmp_path: Path) -> None:
    words = draw(tmp_path, series([16.0, 18.0, 15.1], target=21.0, plan=True, is_count=False, decimals=1))
    assert "plan 21" in words and "target 21" not in words


def test_the_ticks_of_the_intervals_are_zero_and_a_round_value() -> None:
    assert round_value(scale_of([12.0, 131.0], 100, 200)) == 100
    assert round_value(scale_of([-240.0, 31.0], 100, 200)) == -200
    assert round_value(scale_of([0.4], 100, 200)) == pytest.approx(0.4, abs=0.21)


def test_low_counts_show_the_predictive_limit(tmp_path: Path) -> None:
    assert "limit 4" in draw(tmp_path, series([0.0, 1.0, 2.0, 0.0], predictive_upper=4.0))


def test_no_limit_says_why(tmp_path: Path) -> None:
    words = draw(tmp_path, series([0.0, 1.0, 0.0], no_limit="no limit: hardly any events a year"))
    assert "no limit: hardly any events a year" in words and "limit 0" not in words


def test_floor_and_target_are_both_drawn_and_labelled(tmp_path: Path) -> None:
    words = draw(tmp_path, series([86.0, 88.0, 91.0], target=90.0, floor=85.0, is_count=False, decimals=1))
    assert {"target 90", "floor 85"} <= set(words)


def test_the_band_starts_where_its_limits_do(tmp_path: Path) -> None:
    canvas = PackCanvas(tmp_path / "c.pdf", t.PAPERS["A4"], Footer("x", "y", False), "c")
    values: list[float | None] = [None] * 92 + [5.0] * 12
    small_chart(canvas, BOX, "Arson", "number a week", series(values, mean=5.0, lower=2.0, upper=8.0, limits_from=92))
    canvas.showPage()
    canvas.save()
    contents = PdfReader(tmp_path / "c.pdf").pages[0].get_contents()
    assert contents is not None
    (band,) = [line.split() for line in contents.get_data().decode("latin-1").splitlines() if " re f" in line]
    plot = BOX.width - LABELS_AT_RIGHT
    assert float(band[1 if band[0] == "n" else 0]) == pytest.approx(BOX.x + plot * 92 / 103, abs=0.1)


def test_notes_give_way_rather_than_collide(tmp_path: Path) -> None:
    notes = tuple((date(2025, 6, 2) + timedelta(days=7 * n), f"a dated remark no {n}") for n in range(5))
    words = draw(tmp_path, series([3.0] * 104, notes=notes))
    shown = [text for text in words if text.startswith("a dated remark")]
    assert shown[0] == "a dated remark no 4"  # the newest has its place first
    assert len(shown) == 2


def test_a_later_note_than_the_series_is_left_out(tmp_path: Path) -> None:
    words = draw(tmp_path, series([3.0] * 10, notes=((date(2030, 1, 1), "far away"),)))
    assert "far away" not in words


def test_names_of_close_seats_stand_on_two_lines(tmp_path: Path) -> None:
    seats = [SeatedPerson(name, x, 10) for name, x in (("Rosa Adeyemi", 3), ("Helen Lindqvist", 5), ("Peter Osei", 7))]
    canvas = PackCanvas(tmp_path / "c.pdf", t.PAPERS["A4"], Footer("x", "y", False), "c")
    room_plan(canvas, 60, 500, 200, 140, seats, set())
    canvas.showPage()
    canvas.save()
    words = {word.text: word for word in words_of(PdfReader(tmp_path / "c.pdf").pages[0])}
    assert {seat.name for seat in seats} <= set(words)  # none is cut
    assert words["Rosa Adeyemi"].y == words["Peter Osei"].y > words["Helen Lindqvist"].y > 500
