"""A commander's copy: their flags, charts, figures and actions; the briefing's figures without its script."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compstat.meeting.briefing import Briefing, UnitReport
from compstat.packs import type as t
from compstat.packs.sections.follow_up import action_table
from compstat.packs.sections.names import in_order_of_challenge, rows_to_chart
from compstat.packs.sections.unit_page import (
    CHART_LEAST,
    CHART_LINE,
    CHART_LINE_HEIGHT,
    CHARTS_A_ROW,
    chart_rows,
    unit_body,
    unit_header,
)
from compstat.packs.sheet import Sheet

CHART_HEIGHT: Final = 100.0


def write_unit_copy(briefing: Briefing, unit_report: UnitReport, path: Path) -> None:
    """Write the copy of one unit."""
    title = unit_report.unit.title
    sheet = Sheet(path, briefing, f"{title}, {briefing.week}")
    item = next((item for item in briefing.agenda if item.unit == unit_report.unit.unit), None)
    unit_header(sheet, briefing, unit_report, item)
    sheet.canvas.bookmark(title, 0)
    blocks = [("Known", unit_report.known), ("Tried", unit_report.tried), ("We ask for", "")]
    unit_body(sheet, briefing, unit_report, blocks)
    _actions(sheet, briefing, unit_report)
    _charts(sheet, unit_report)
    sheet.finish()


def _actions(sheet: Sheet, briefing: Briefing, report: UnitReport) -> None:
    if not sheet.ensure(140):
        sheet.advance(10)
    sheet.heading("Your actions", keep=50)
    sheet.canvas.bookmark("Your actions", 1)
    if not report.actions:
        sheet.text("No action is open.", after=10)
        return
    action_table(sheet, briefing, in_order_of_challenge(report.actions))
    sheet.advance(12)


def _charts(sheet: Sheet, report: UnitReport) -> None:
    """A chart of every indicator, in the order of the catalogue."""
    rows = rows_to_chart(report, len(report.rows))
    if not rows:
        return
    order = {row.indicator.indicator: n for n, row in enumerate(report.rows)}
    rows.sort(key=lambda row: order[row.indicator.indicator])
    sheet.heading("Every indicator", keep=CHART_HEIGHT)
    sheet.canvas.bookmark("Every indicator", 1)
    lines = -(-len(rows) // CHARTS_A_ROW)
    left = (sheet.room - CHART_LINE_HEIGHT) / lines  # a little lower where that saves a page
    chart_rows(sheet, rows, left if CHART_LEAST <= left < CHART_HEIGHT else CHART_HEIGHT)
    sheet.text(CHART_LINE, t.CELL, t.GREY)
