"""Challenge: what is shown of whom, best rank first, and then a page a flagged unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compstat.meeting.briefing import AgendaItem, Briefing, UnitReport
from compstat.packs import type as t
from compstat.packs.sections.counts import shown_sentence
from compstat.packs.sections.flag_table import flag_table, flag_table_height
from compstat.packs.sections.names import shown_flags
from compstat.packs.sections.unit_page import unit_body, unit_header
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted
from compstat.rules.flag import Outcome

PART: Final = "Challenge"
ABOVE_FLAGS: Final = 62.0  # the sentence, the heading, and white before the second


def challenge(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part: the flags by rank, then the units' pages; the running order says when each is called."""
    items: dict[str | None, AgendaItem] = {item.unit: item for item in briefing.agenda if item.unit}
    flags = shown_flags(briefing)
    supporting = {code: some for report in briefing.units for code, some in report.supporting.items()}
    keep = 20.0
    if briefing.challenged and flags:
        keep += flag_table_height(sheet, briefing, flags, supporting) + ABOVE_FLAGS
    sheet.part(PART, _line(briefing), note, keep=keep)
    if not briefing.challenged:
        sheet.text("No unit is challenged this week.")
        return
    if flags:
        sheet.text(shown_sentence(briefing, counted(briefing.tests, "test")), t.SENTENCE, after=8)
        sheet.heading("Flags shown, best rank first")
        flag_table(sheet, briefing, flags, supporting, named=True)
        sheet.advance(8)
    _to_most(sheet, briefing, "Asked of most units", briefing.asked_of_most)
    _to_most(sheet, briefing, "Support offered to most units", briefing.offered_to_most)
    for report in briefing.challenged:
        unit_header(sheet, briefing, report, items.get(report.unit.unit))
        sheet.canvas.bookmark(report.unit.title, 1)
        sheet.running = report.unit.title
        unit_body(sheet, briefing, report, blocks_of(report))


def _to_most(sheet: Sheet, briefing: Briefing, heading: str, lines: Sequence[tuple[str, int]]) -> None:
    """What most units are asked or offered, said once where the part begins."""
    if not lines:
        return
    sheet.heading(heading, keep=30)
    for words, units in lines:
        sheet.bullet(f"{words} ({units} of {len(briefing.challenged)} units)")
    sheet.advance(6)


def _line(briefing: Briefing) -> str:
    most, each = briefing.cycle.items_per_meeting, briefing.cycle.items_per_unit
    if not briefing.challenged:
        return f"At most {counted(each, 'challenge item')} a unit and {most} a meeting"
    units = counted(len(briefing.challenged), "unit")
    return f"{units} · at most {counted(each, 'challenge item')} a unit and {most} a meeting · a page a unit follows"


def blocks_of(report: UnitReport) -> list[tuple[str, str]]:
    """Known, tried, asked, support; what the rules ask and offer where nobody wrote anything else."""
    concerns = [flag for flag in report.flags if flag.shown and flag.outcome is not Outcome.COMMEND]
    asked = report.asked or "\n".join(dict.fromkeys(flag.question for flag in concerns if flag.question))
    support = report.support or "\n".join(dict.fromkeys(flag.support for flag in concerns if flag.support))
    return [("Known", report.known), ("Tried", report.tried), ("Asked", asked), ("Support", support)]


def order_words(briefing: Briefing, part: str) -> str:
    """`1 · 09:30, 15 min`: where a part of the agenda stands."""
    item = next((item for item in briefing.agenda if item.part == part), None)
    return f"{item.number} · {item.starts:%H:%M}, {item.minutes} min" if item else ""
