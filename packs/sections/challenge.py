"""Challenge: who is asked about what, in order, and then a page a flagged unit."""

from __future__ import annotations

from typing import Final

from compstat.meeting.briefing import AgendaItem, Briefing, UnitReport
from compstat.packs import type as t
from compstat.packs.sections.flag_table import flag_table, flag_table_height
from compstat.packs.sections.names import shown_flags
from compstat.packs.sections.unit_page import unit_body, unit_header
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, number

PART: Final = "Challenge"
ABOVE_FLAGS: Final = 62.0  # the sentence, the heading, and white before the second


def challenge(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part: the flags by rank with what each unit is asked, then the units' pages."""
    items: dict[str | None, AgendaItem] = {item.unit: item for item in briefing.agenda if item.unit}
    flags = shown_flags(briefing)
    supporting = {code: some for report in briefing.units for code, some in report.supporting.items()}
    keep = sum((_order_height(sheet, report) for report in briefing.challenged), 20.0)
    if briefing.challenged and flags:
        keep += flag_table_height(sheet, briefing, flags, supporting) + ABOVE_FLAGS
    sheet.part(PART, _line(briefing), note, keep=keep)
    if not briefing.challenged:
        sheet.text("No unit is challenged this week.")
        return
    if flags:
        sheet.text(_sentence(briefing), t.SENTENCE, after=8)
        sheet.heading("Flags shown, best rank first")
        flag_table(sheet, briefing, flags, supporting, named=True)
        sheet.advance(16)
    _in_order(sheet, briefing, items)
    for report in briefing.challenged:
        unit_header(sheet, briefing, report, items.get(report.unit.unit))
        sheet.canvas.bookmark(report.unit.title, 1)
        sheet.running = report.unit.title
        unit_body(sheet, briefing, report, blocks_of(report))


def _line(briefing: Briefing) -> str:
    most, each = briefing.cycle.items_per_meeting, briefing.cycle.items_per_unit
    if not briefing.challenged:
        return f"At most {each} flags a unit and {most} a meeting"
    units = counted(len(briefing.challenged), "unit")
    return f"{units} · at most {each} flags a unit and {most} a meeting · a page a unit follows"


def _sentence(briefing: Briefing) -> str:
    chance = number(briefing.expected_by_chance, 1)
    return (
        f"{counted(briefing.shown, 'flag')} shown after {number(briefing.tests)} tests; "
        f"without any real change about {chance} would be."
    )


def _in_order(sheet: Sheet, briefing: Briefing, items: dict[str | None, AgendaItem]) -> None:
    """Each unit in the order of the agenda: its time, its sentence, who answers."""
    sheet.heading("In this order")
    for report in briefing.challenged:
        item = items.get(report.unit.unit)
        lines, height = _order_lines(sheet, report), _order_height(sheet, report)
        sheet.ensure(height)
        x, y = sheet.paper.left + 60, sheet.y - 10
        if item:
            t.left(sheet.canvas, sheet.paper.left, y, f"{item.starts:%H:%M}", t.TEXT_BOLD)
            t.left(sheet.canvas, sheet.paper.left, y - 12, f"{item.minutes} min", t.CELL, t.GREY)
        who = item.speaker if item else report.commander
        t.left(sheet.canvas, x, y, report.unit.title, t.LEAD_BOLD, width=sheet.paper.measure * 0.5)
        t.right(sheet.canvas, sheet.paper.right, y, who, t.CELL, t.GREY, width=sheet.paper.measure * 0.35)
        for n, line in enumerate(lines):
            t.left(sheet.canvas, x, y - 12 - 12.2 * n, line, t.TEXT)
        sheet.rule(sheet.y - height + 1, 0.4)
        sheet.advance(height)


def _order_lines(sheet: Sheet, report: UnitReport) -> list[str]:
    return t.wrap(report.sentence or "No sentence.", t.TEXT, sheet.paper.measure - 60, 3)


def _order_height(sheet: Sheet, report: UnitReport) -> float:
    return 17.0 + 12.2 * len(_order_lines(sheet, report))


def blocks_of(report: UnitReport) -> list[tuple[str, str]]:
    """Known, tried, asked, support; what the rules ask and offer where nobody wrote anything else."""
    asked = report.asked or " ".join(dict.fromkeys(flag.question for flag in report.flags if flag.question))
    support = report.support or " ".join(dict.fromkeys(flag.support for flag in report.flags if flag.support))
    return [("Known", report.known), ("Tried", report.tried), ("Asked", asked), ("Support", support)]


def order_words(briefing: Briefing, part: str) -> str:
    """`1 · 09:30, 15 min`: where a part of the agenda stands."""
    item = next((item for item in briefing.agenda if item.part == part), None)
    return f"{item.number} · {item.starts:%H:%M}, {item.minutes} min" if item else ""
