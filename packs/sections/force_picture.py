"""The force-wide picture: windows of the total, and every unit's standing on every indicator at a glance."""

from __future__ import annotations

from collections import Counter
from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.sections.counts import shown_sentence, tested_nothing, units_sentence
from compstat.packs.sections.every_unit import every_unit, every_unit_height
from compstat.packs.sections.names import indicators_of
from compstat.packs.sections.unit_page import CHART_LINE, CHART_MOST, CHARTS_A_ROW, chart_rows
from compstat.packs.sections.window_table import window_table, window_table_height
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted

PART: Final = "Force-wide picture"
WINDOWS: Final = ("week", "four_weeks", "year_to_date", "rolling_year")
CHART_LEAST: Final = 74.0
BESIDE_CHARTS: Final = 52.0  # the charts' heading and the line that explains them
PADDING: Final = 1.7  # sixteen indicators in two tables, with a row of charts on the same page


def force_picture(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part."""
    measure = sheet.paper.measure
    height = window_table_height(briefing, briefing.totals, WINDOWS, measure, PADDING) if briefing.totals else 20.0
    units = counted(len(briefing.units), "unit")
    indicators = counted(len(indicators_of(briefing)), "indicator")
    sheet.part(PART, f"{briefing.total_name} · {units} · {indicators}", note, keep=min(height + 60, 430.0))
    nothing = tested_nothing(briefing)
    sheet.text(nothing or units_sentence(briefing), t.SENTENCE, after=8 if nothing else 1)
    if not nothing:
        sheet.text(shown_sentence(briefing), t.LEAD, after=8)
    if briefing.totals:
        window_table(sheet, briefing, briefing.totals, WINDOWS, heading=briefing.total_name, padding=PADDING)
        sheet.advance(8)
    else:
        sheet.text("No total is rolled up here: compstat.toml declares no level for it.", colour=t.GREY)
    height, drawn = every_unit_height(sheet, briefing), False
    if height > sheet.room or sheet.room - height >= BESIDE_CHARTS + CHART_LEAST:
        drawn = _charts(sheet, briefing, sheet.room - (height if height <= sheet.room else 0.0))
    every_unit(sheet, briefing)
    if not drawn:
        _charts(sheet, briefing, sheet.room)


def _charts(sheet: Sheet, briefing: Briefing, room: float) -> bool:
    """Two years of the total in so much height, most flagged first; whether there was room for a row."""
    lines = min(3, int((room - BESIDE_CHARTS) / CHART_LEAST))
    if lines < 1 or not briefing.totals:
        return False
    flags = Counter(flag.indicator for flag in briefing.flags if flag.shown)
    rows = sorted(briefing.totals, key=lambda row: (-flags[row.indicator.indicator], -row.indicator.weight))
    rows = rows[: lines * CHARTS_A_ROW]
    lines = 1 + (len(rows) - 1) // CHARTS_A_ROW
    sheet.heading(f"{briefing.total_name}, two years", "most flagged first", keep=CHART_LEAST)
    chart_rows(sheet, rows, min(CHART_MOST, (room - BESIDE_CHARTS) / lines))
    sheet.text(CHART_LINE, t.CELL, t.GREY)
    return True
