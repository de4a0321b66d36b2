"""Every unit and indicator by outcome at a glance: the heat map, cut into as many plates as the paper needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.sections.names import indicators_of
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted

COLUMNS_A_PLATE: Final = 24
FEWEST_ROWS_ABREAST: Final = 8
MOST_WHOLE: Final = 40  # units whose rows are all drawn; of more, only rows with a mark
MARKED: Final = frozenset({"concern", "watch", "commend", "data", "missing"})
GUTTER: Final = 22.0
HEADING: Final = 22.0
KEY: Final = 16.0  # the line that says what the shapes mean
Name = tuple[str, str]  # code and name; also unit and indicator
# what the shapes of the heat map stand for, in the order of the line below it
_MEANINGS: Final = (
    ("concern", "concern"),
    ("watch", "watch"),
    ("commend", "improvement"),
    ("data", "no return or data problem"),
    ("none", "tested, no flag"),
)


def every_unit(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the heat map: rows by the paper's height, columns by its width."""
    indicators, units = _names(briefing)
    outcomes = {(cell.unit, cell.indicator): cell.outcome for cell in briefing.heat}
    for start in range(0, len(indicators) if units else 0, COLUMNS_A_PLATE):
        _plates(sheet, units, indicators[start : start + COLUMNS_A_PLATE], outcomes)
    if len(units) < len(briefing.units):
        rest = counted(len(briefing.units) - len(units), "unit has", "units have")
        sheet.text(f"{rest} no mark: no flag, nothing on the watch list, no return missing.", t.CELL, t.GREY)


def every_unit_height(sheet: Sheet, briefing: Briefing) -> float:
    """How high it would be on one page."""
    from compstat.packs.plates.heat_map import heat_map_height

    indicators, units = _names(briefing)
    height = 20.0 if len(units) < len(briefing.units) else 0.0
    for start in range(0, len(indicators) if units else 0, COLUMNS_A_PLATE):
        columns = indicators[start : start + COLUMNS_A_PLATE]
        _, abreast = _across(sheet, units, columns)
        height += HEADING + heat_map_height([name for _, name in columns], _deep(len(units), abreast)) + KEY
    return height


def _names(briefing: Briefing) -> tuple[list[Name], list[Name]]:
    """Indicators, and the units whose rows are drawn."""
    indicators = [(code, indicator.title) for code, indicator in indicators_of(briefing).items()]
    units = [(report.unit.unit, report.unit.title) for report in briefing.units]
    if len(units) > MOST_WHOLE:
        marked = {cell.unit for cell in briefing.heat if cell.outcome in MARKED}
        units = [name for name in units if name[0] in marked]
    return indicators, units


def _across(sheet: Sheet, units: Sequence[Name], indicators: Sequence[Name]) -> tuple[float, int]:
    """Width of a plate, and how many stand beside each other."""
    from compstat.packs.plates.heat_map import heat_map_width

    measure = sheet.paper.measure
    width = heat_map_width([name for _, name in indicators], [name for _, name in units], measure)
    return width, max(1, int((measure + GUTTER) / (width + GUTTER)))


def _deep(rows: int, abreast: int) -> int:
    return min(rows, max(-(-rows // abreast), FEWEST_ROWS_ABREAST))


def _plates(sheet: Sheet, units: Sequence[Name], indicators: Sequence[Name], outcomes: Mapping[Name, str]) -> None:
    """Plates below each other, and beside each other where few indicators leave the width for it."""
    from compstat.packs.plates.heat_map import ROW_HEIGHT, draw_heat_map, heat_map_height

    names = [name for _, name in indicators]
    heading = heat_map_height(names, 0) + KEY
    width, abreast = _across(sheet, units, indicators)
    note = "at the right: how many indicators have a concern, shown or held back"
    sheet.heading("Every unit and indicator", note, keep=heading + ROW_HEIGHT * min(_deep(len(units), abreast), 12))
    rest = list(units)
    while rest:
        sheet.ensure(heading + ROW_HEIGHT * min(len(rest), 4))
        most = max(1, int((sheet.room - heading) / ROW_HEIGHT))
        deep = min(most, _deep(len(rest), abreast))
        top, tallest = sheet.y, min(deep, len(rest))
        for n in range(abreast):
            now, rest = rest[:deep], rest[deep:]
            if now:
                x = sheet.paper.left + n * (width + GUTTER)
                draw_heat_map(sheet.canvas, (x, top, width), now, indicators, outcomes)
        sheet.advance(heat_map_height(names, tallest))
        _meanings(sheet)


def _meanings(sheet: Sheet) -> None:
    canvas: Any = sheet.canvas
    x, y = sheet.paper.left, sheet.y - 10
    for outcome, words in _MEANINGS:
        mark(canvas, outcome, x + 4, y + 3, 3.0)
        t.left(canvas, x + 11, y, words, t.CELL, t.GREY)
        x += 11 + t.width_of(words, t.CELL) + 12
    t.left(canvas, x, y, "empty: not tested", t.CELL, t.GREY, width=sheet.paper.right - x)
    sheet.advance(16)
