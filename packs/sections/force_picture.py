"""The force-wide picture: windows of the total, and every unit's standing on every indicator at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.sections.names import indicators_of
from compstat.packs.sections.unit_page import CHART_LINE, CHART_MOST, CHARTS_A_ROW, chart_rows
from compstat.packs.sections.window_table import window_table, window_table_height
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, number

PART: Final = "Force-wide picture"
WINDOWS: Final = ("week", "four_weeks", "year_to_date", "rolling_year")
COLUMNS_A_PLATE: Final = 24
CHART_LEAST: Final = 96.0
FEWEST_ROWS_ABREAST: Final = 14
Name = tuple[str, str]  # code and name; also unit and indicator
# what the shapes of the heat map stand for, in the order of the line below it
_MEANINGS: Final = (
    ("concern", "concern"),
    ("watch", "watch"),
    ("commend", "improvement"),
    ("data", "no return or data problem"),
    ("none", "tested, within chance"),
)


def force_picture(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part."""
    measure = sheet.paper.measure
    height = window_table_height(briefing, briefing.totals, WINDOWS, measure) if briefing.totals else 20.0
    units = counted(len(briefing.units), "unit")
    indicators = counted(len(indicators_of(briefing)), "indicator")
    sheet.part(PART, f"{briefing.total_name} · {units} · {indicators}", note, keep=min(height + 60, 430.0))
    sheet.text(_sentence(briefing), t.SENTENCE, after=8)
    if briefing.totals:
        window_table(sheet, briefing, briefing.totals, WINDOWS, heading=briefing.total_name)
        sheet.advance(14)
    else:
        sheet.text("No total is rolled up here: compstat.toml declares no level for it.", colour=t.GREY)
    _heat_map(sheet, briefing)
    _charts(sheet, briefing)


def _charts(sheet: Sheet, briefing: Briefing) -> None:
    """Two years of the total on what is left of the page: the indicators with most flags first."""
    lines = min(3, int((sheet.room - 50) / CHART_LEAST))
    if lines < 1 or not briefing.totals:
        return
    flags = Counter(flag.indicator for flag in briefing.flags if flag.shown)
    rows = sorted(briefing.totals, key=lambda row: (-flags[row.indicator.indicator], -row.indicator.weight))
    rows = rows[: lines * CHARTS_A_ROW]
    lines = 1 + (len(rows) - 1) // CHARTS_A_ROW
    sheet.advance(12)
    sheet.heading(f"{briefing.total_name}, two years", "most flagged first", keep=CHART_LEAST)
    chart_rows(sheet, rows, min(CHART_MOST, (sheet.room - 16) / lines))
    sheet.text(CHART_LINE, t.COLUMN, t.GREY, lines=1)


def _sentence(briefing: Briefing) -> str:
    chance = number(briefing.expected_by_chance, 1)
    if not briefing.shown:
        return f"No flag is shown; with no real change anywhere, {chance} would be expected."
    flagged = len({flag.unit for flag in briefing.flags if flag.shown})
    return (
        f"{flagged} of {counted(len(briefing.units), 'unit')} {'has' if flagged == 1 else 'have'} a flag; of the "
        f"{counted(briefing.shown, 'flag')} shown, {chance} would be expected with no real change."
    )


def _heat_map(sheet: Sheet, briefing: Briefing) -> None:
    """The plate, cut into as many as the paper needs: rows by its height, columns by its width."""
    indicators = [(code, indicator.title) for code, indicator in indicators_of(briefing).items()]
    units = [(report.unit.unit, report.unit.title) for report in briefing.units]
    outcomes = {(cell.unit, cell.indicator): cell.outcome for cell in briefing.heat}
    for start in range(0, len(indicators) if units else 0, COLUMNS_A_PLATE):
        _plates(sheet, units, indicators[start : start + COLUMNS_A_PLATE], outcomes)


def _plates(sheet: Sheet, units: Sequence[Name], indicators: Sequence[Name], outcomes: Mapping[Name, str]) -> None:
    """Plates below each other, and beside each other where few indicators leave the width for it."""
    from compstat.packs.plates.heat_map import ROW_HEIGHT, draw_heat_map, heat_map_height, heat_map_width

    names = [name for _, name in indicators]
    measure, gutter, heading = sheet.paper.measure, 22.0, heat_map_height(names, 0) + 16
    width = heat_map_width(names, measure)
    abreast = max(1, int((measure + gutter) / (width + gutter)))
    note = "number of concerns at the right"
    sheet.heading("Every unit and indicator", note, keep=heading + ROW_HEIGHT * min(len(units), 12))
    rest = list(units)
    while rest:
        sheet.ensure(heading + ROW_HEIGHT * min(len(rest), 4))
        most = max(1, int((sheet.room - heading) / ROW_HEIGHT))
        deep = min(most, max(-(-len(rest) // abreast), FEWEST_ROWS_ABREAST))
        top, tallest = sheet.y, min(deep, len(rest))
        for n in range(abreast):
            now, rest = rest[:deep], rest[deep:]
            if now:
                x = sheet.paper.left + n * (width + gutter)
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
