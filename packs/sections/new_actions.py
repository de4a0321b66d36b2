"""New actions: a ruled sheet to write on in the room, one line an action with all that an action needs."""

from __future__ import annotations

from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.canvas.marks import tick_box
from compstat.packs.sheet import Sheet

PART: Final = "New actions"
ROW: Final = 44.0
FEWEST: Final = 6
# heading, share of the measure
_COLUMNS: Final = (
    ("unit", 0.13),
    ("what, by whom (a named person)", 0.39),
    ("due", 0.10),
    ("promise: indicator, how much, by which week", 0.30),
    ("read back", 0.08),
)


def new_actions(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the sheet over what is left of this page when that is enough, else over a whole one."""
    line = "No goal without a named person, a date and a measure; read back before the meeting ends"
    sheet.part(PART, line, note, keep=FEWEST * ROW + 40)
    canvas, x = sheet.canvas, sheet.paper.left
    edges = []
    for title, share in _COLUMNS:
        width = sheet.paper.measure * share
        t.left(canvas, x, sheet.y - 9, title, t.COLUMN, t.GREY, width=width - 4)
        edges.append((x, x + width))
        x += width
    sheet.rule(sheet.y - 14, 0.7, t.INK)
    sheet.advance(14)
    while sheet.room >= ROW:
        for left, right in edges[:-1]:
            sheet.rule(sheet.y - ROW / 2, 0.3, t.HAIRLINE, left, right - 8)
            sheet.rule(sheet.y - ROW, 0.5, t.STEEL, left, right - 8)
        tick_box(canvas, edges[-1][0] + 6, sheet.y - ROW + 4, 10)
        sheet.advance(ROW)
