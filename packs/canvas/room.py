"""The plan of the room: screen, seats, names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from compstat.meeting.briefing import SeatedPerson
from compstat.packs import type as t

_SEAT = 8.0
_LINE = 8.5


def room_plan(
    canvas: Any, x: float, y: float, width: float, height: float, seats: Sequence[SeatedPerson], strong: Collection[str]
) -> None:
    """Draw the room with its lower left corner at (x, y); the seats of those in `strong` are filled."""
    canvas.setStrokeColor(t.HAIRLINE)
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, width, height, stroke=1, fill=0)
    canvas.setFillColor(t.INK)
    canvas.rect(x + width * 0.23, y + height - 5, width * 0.54, 2.4, stroke=0, fill=1)
    t.centre(canvas, x + width / 2, y + height - 13, "screen", t.LABEL, t.GREY)
    places = [_place(seat, x, y, width, height) for seat in seats]
    drops = _drops(seats, places)
    for n, (seat, (sx, sy)) in enumerate(zip(seats, places, strict=True)):
        filled = seat.name in strong
        canvas.setStrokeColor(t.INK if filled else t.GREY)
        canvas.setFillColor(t.INK if filled else t.WHITE)
        canvas.setLineWidth(0.8)
        canvas.roundRect(sx - _SEAT / 2, sy, _SEAT, _SEAT, 2, stroke=1, fill=1)
        beside = [place for place, drop in zip(places, drops, strict=True) if drop == drops[n]]
        room = _label_room((sx, sy), beside, x, x + width)
        style = t.COLUMN_BOLD if filled else t.COLUMN
        t.centre(canvas, sx, sy - 8 - drops[n], seat.name, style, t.INK if filled else t.GREY, width=room)


def _place(seat: SeatedPerson, x: float, y: float, width: float, height: float) -> tuple[float, float]:
    across, deep = min(max(seat.x, 0.0), 10.0) / 10, min(max(seat.y, 0.0), 10.0) / 10
    return x + 26 + (width - 52) * across, y + 22 + (height - 54) * (1 - deep)


def _drops(seats: Sequence[SeatedPerson], places: Sequence[tuple[float, float]]) -> list[float]:
    """How far each name stands below its line: every second one of neighbours whose names would touch."""
    drops = [0.0] * len(seats)
    order = sorted(range(len(seats)), key=lambda n: (round(places[n][1]), places[n][0]))
    for before, here in pairwise(order):
        apart = abs(places[here][0] - places[before][0])
        names = (t.width_of(seats[n].name, t.COLUMN_BOLD) for n in (before, here))
        if abs(places[here][1] - places[before][1]) < _LINE and apart < sum(names) / 2 + 4:
            drops[here] = 0.0 if drops[before] else _LINE
    return drops


def _label_room(place: tuple[float, float], places: Sequence[tuple[float, float]], left: float, right: float) -> float:
    """How wide a name may be: to the middle of the way to each neighbour whose name stands on the same line."""
    sx, sy = place
    room = 2 * min(sx - left, right - sx) - 4
    for ox, oy in places:
        if ox != sx and abs(oy - sy) < _LINE:
            room = min(room, abs(ox - sx) - 4)
    return max(room, 12.0)
