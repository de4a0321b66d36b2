"""One unit's page: what stands out, its flags with receipts, its charts, every indicator, what is known and asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compstat.meeting.briefing import AgendaItem, Briefing, IndicatorRow, UnitReport
from compstat.meeting.days import day
from compstat.packs import type as t
from compstat.packs.canvas.small_chart import Box, small_chart
from compstat.packs.sections.flag_table import flag_table, receipt
from compstat.packs.sections.names import indicators_of, outcome_of, rows_to_chart
from compstat.packs.sections.standing import draw_standing
from compstat.packs.sections.window_table import window_table, window_table_height
from compstat.packs.sheet import Sheet
from compstat.packs.words import measure, number
from compstat.rules.flag import Flag

WINDOWS: Final = ("week", "four_weeks", "year_to_date")
CHARTS_A_ROW: Final = 3
GUTTER: Final = 16.0
CHART_LEAST: Final = 72.0
CHART_MOST: Final = 122.0
LONE_ROW_MOST: Final = 190.0  # few indicators: their charts take the white
CHART_LINE_HEIGHT: Final = 34.0
BLOCK_LINES: Final = 40
CHART_LINE: Final = (
    "Grey band: limits of its own last two years, from the newest break or rebase on; line: mean. Filled triangle: "
    "concern; open: on watch; circle: improvement; cross: no return. Dotted: target. Long dashes: floor. Short dashes: "
    "limit of low counts."
)


def unit_header(sheet: Sheet, briefing: Briefing, report: UnitReport, item: AgendaItem | None) -> None:
    """Title, commander, place on the agenda and on the ladder."""
    note = f"{item.number} · {item.starts:%H:%M}, {item.minutes} min" if item else ""
    standing = f"tier: {report.tier}" if report.tier else ""
    if report.ladder:
        standing = f"ladder: {report.ladder}"
    colour = t.CONCERN if report.ladder else t.GREY
    sheet.header(report.unit.title, _who(briefing, report), note, standing, note_line_colour=colour)


def _who(briefing: Briefing, report: UnitReport) -> str:
    parts = []
    if report.commander:
        post = ""
        if report.in_post_since:
            weeks = max(0, (briefing.period.last - report.in_post_since).days // 7)
            post = f", in post since {day(report.in_post_since)} ({weeks} weeks)"
        parts.append(f"{report.commander}{post}")
    if report.unit.population is not None:
        parts.append(f"population {number(report.unit.population)}")
    if report.unit.family:
        parts.append(f"family: {report.unit.family}")
    return " · ".join(parts)


def unit_body(sheet: Sheet, briefing: Briefing, report: UnitReport, blocks: Sequence[tuple[str, str]]) -> None:
    """All but the header: standing, sentence, flags, charts, table, and the blocks (heading, words) at the end."""
    draw_standing(sheet, briefing, report)
    _sentence(sheet, report)
    _flags(sheet, briefing, report)
    below = window_table_height(briefing, report.rows, WINDOWS, sheet.paper.measure) + 10
    below += blocks_height(sheet, blocks)
    _charts(sheet, report, below)
    if report.rows:
        window_table(sheet, briefing, report.rows, WINDOWS, heading="All indicators")
        sheet.advance(10)
    draw_blocks(sheet, blocks)


def _sentence(sheet: Sheet, report: UnitReport) -> None:
    if report.sentence:
        sheet.text(report.sentence, t.SENTENCE, after=1, lines=3)
    if report.supporting_sentence:
        sheet.text(report.supporting_sentence, t.LEAD, after=2, lines=3)
    sheet.advance(6)


def _flags(sheet: Sheet, briefing: Briefing, report: UnitReport) -> None:
    """The flags for the room, then what is on record and not for the meeting: the watch list, items over the limit."""
    shown = [flag for flag in report.flags if flag.shown]
    listed = [flag for flag in report.flags if not flag.shown]
    if not listed or shown:
        sheet.heading("Flags", keep=40)
    if not report.flags:
        nothing = all(row.indicator.better == "neutral" for row in report.rows)
        words = "nothing was tested" if nothing else "nothing that could be tested is outside what chance would do"
        sheet.text(f"No flag: {words}, and no floor is breached often enough for one.", after=8)
    for heading, flags in (("", shown), ("On watch or over the limit: listed, not for the meeting", listed)):
        if flags:
            if heading:
                sheet.heading(heading, keep=40)
            _with_receipts(sheet, briefing, flags, report)


def _with_receipts(sheet: Sheet, briefing: Briefing, flags: Sequence[Flag], report: UnitReport) -> None:
    flag_table(sheet, briefing, flags, report.supporting)
    sheet.advance(2)
    indicators = indicators_of(briefing)
    for flag in flags:
        words = receipt(flag, indicators.get(flag.indicator))
        sheet.text(words, t.CELL, t.GREY, after=0, lines=3)
    sheet.advance(8)


def _charts(sheet: Sheet, report: UnitReport, below: float) -> None:
    """Two rows of charts where the page holds them with what follows, else one; they take the height that is left."""
    rows = rows_to_chart(report, 2 * CHARTS_A_ROW)
    if not rows:
        return
    lines = 1 + (len(rows) - 1) // CHARTS_A_ROW
    left = sheet.room - below - CHART_LINE_HEIGHT
    if left < lines * CHART_LEAST and left >= CHART_LEAST:
        lines = 1
    fits = left >= lines * CHART_LEAST
    most = LONE_ROW_MOST if len(rows) <= CHARTS_A_ROW else CHART_MOST
    height = min(most, left / lines) if fits else 104.0
    chart_rows(sheet, rows[: lines * CHARTS_A_ROW], height)
    sheet.text(CHART_LINE, t.CELL, t.GREY, after=8)


def chart_rows(sheet: Sheet, rows: Sequence[IndicatorRow], height: float) -> None:
    """Charts in rows of three (fewer are wider), each row of the same height."""
    across = max(1, min(CHARTS_A_ROW, len(rows)))
    width = (sheet.paper.measure - GUTTER * (across - 1)) / across
    for start in range(0, len(rows), across):
        sheet.ensure(height)
        for n, row in enumerate(rows[start : start + across]):
            box = Box(sheet.paper.left + n * (width + GUTTER), sheet.y - height + 4, width, height - 4)
            small_chart(sheet.canvas, box, row.indicator.title, measure(row.indicator), row.chart, outcome_of(row))
        sheet.advance(height)


def _block_lines(sheet: Sheet, blocks: Sequence[tuple[str, str]]) -> tuple[float, list[list[str]]]:
    width = (sheet.paper.measure - 12 * (len(blocks) - 1)) / max(len(blocks), 1)
    return width, [_lines(words, width) for _, words in blocks]


def _lines(words: str, width: float) -> list[str]:
    """The words wrapped, each of their own lines from a new line on."""
    return [line for own in words.split("\n") if own for line in t.wrap(own, t.TEXT, width)][:BLOCK_LINES]


def blocks_height(sheet: Sheet, blocks: Sequence[tuple[str, str]]) -> float:
    """Height of the blocks side by side; an empty one has three lines to write on."""
    _, lines = _block_lines(sheet, blocks)
    return 22 + max((len(block) * 12.0 if block else 3 * 17.0 for block in lines), default=0.0)


def draw_blocks(sheet: Sheet, blocks: Sequence[tuple[str, str]]) -> None:
    """Blocks of text side by side under short rules; lines to write on where there are no words."""
    if not blocks:
        return
    height = blocks_height(sheet, blocks)
    sheet.ensure(height)
    width, lines = _block_lines(sheet, blocks)
    for n, ((heading, _), words) in enumerate(zip(blocks, lines, strict=True)):
        x = sheet.paper.left + n * (width + 12)
        sheet.rule(sheet.y, 0.7, t.INK, x, x + width)
        t.left(sheet.canvas, x, sheet.y - 13, heading, t.HEADING)
        for i, line in enumerate(words):
            t.left(sheet.canvas, x, sheet.y - 27 - 12 * i, line, t.TEXT)
        for i in range(0 if words else 3):
            sheet.rule(sheet.y - 35 - 17 * i, 0.4, t.HAIRLINE, x, x + width)
    sheet.advance(height)
