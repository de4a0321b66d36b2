"""Good practice and awards: chosen by the same tests, in the good direction."""

from __future__ import annotations

from typing import Final

from compstat.meeting.briefing import Briefing, IndicatorRow, UnitReport
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.canvas.small_chart import Box, small_chart
from compstat.packs.sections.names import decimals_for, indicators_of, name_of
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, measure, number, probability, state_words
from compstat.rules.flag import Flag, Outcome

PART: Final = "Good practice and awards"
CHART: Final = 84.0


def good_practice(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part: a block a commended unit."""
    units = briefing.commended
    sheet.part(
        PART, "Chosen by the same tests as the flags, in the good direction", note, keep=130.0 if units else 40.0
    )
    if not units:
        sheet.text("No unit stands outside chance in the good direction this week.")
        return
    sheet.text(f"{counted(len(units), 'unit')} did better than chance explains.", t.SENTENCE, after=8)
    for report in units:
        _unit(sheet, briefing, report)


def _unit(sheet: Sheet, briefing: Briefing, report: UnitReport) -> None:
    flags = [flag for flag in report.flags if flag.outcome is Outcome.COMMEND] or list(report.flags)
    chart_width = sheet.paper.measure * 0.36
    room = sheet.paper.measure - chart_width - 24
    lines = t.wrap(_words(briefing, flags, report), t.TEXT, room, 4)
    height = max(CHART + 12, 34 + 12.2 * len(lines) + 13 * min(len(flags), 4) + 24)
    sheet.ensure(height)
    canvas, x, y = sheet.canvas, sheet.paper.left, sheet.y - 12
    t.left(canvas, x, y, report.unit.title, t.HEADING, width=room * 0.6)
    t.right(canvas, x + room, y, report.commander, t.CELL, t.GREY, width=room * 0.38)
    y -= 15
    for line in lines:
        t.left(canvas, x, y, line, t.TEXT)
        y -= 12.2
    for flag in flags[:4]:
        mark(canvas, flag.outcome.value, x + 4, y + 3, 3.0)
        t.left(canvas, x + 12, y, _flag_words(briefing, flag), t.CELL, t.GREY, width=room - 12)
        y -= 13
    t.left(canvas, x, y - 8, "Award or letter, and who signs:", t.CELL, t.GREY)
    sheet.rule(y - 10, 0.4, t.STEEL, x + 124, x + room)
    row = _row_of(report, flags)
    if row is not None:
        box = Box(sheet.paper.right - chart_width, sheet.y - CHART - 4, chart_width, CHART)
        small_chart(canvas, box, row.indicator.title, measure(row.indicator), row.chart)
    sheet.advance(height)
    sheet.rule(sheet.y + 3, 0.4)
    sheet.advance(6)


def _words(briefing: Briefing, flags: list[Flag], report: UnitReport) -> str:
    return next((flag.sentence for flag in flags if flag.sentence), "") or report.sentence


def _flag_words(briefing: Briefing, flag: Flag) -> str:
    decimals = decimals_for(indicators_of(briefing), flag.indicator)
    against = number(flag.comparator, decimals)
    p = f"p {probability(flag.p_value)}, " if flag.p_value is not None else ""
    name = name_of(briefing, flag.indicator)
    return f"{flag.flag}  {name}: {number(flag.value, decimals)} against {against}, {p}{state_words(flag)}"


def _row_of(report: UnitReport, flags: list[Flag]) -> IndicatorRow | None:
    wanted = flags[0].indicator if flags else None
    return next((row for row in report.rows if row.indicator.indicator == wanted), None)
