"""The first page: one minute, six figures, the running order, flags, seats, what to read with care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from compstat.meeting.briefing import AgendaItem, Briefing
from compstat.packs import type as t
from compstat.packs.canvas.room import room_plan
from compstat.packs.canvas.timeline import timeline
from compstat.packs.sections.counts import units_by_flags
from compstat.packs.sections.cover_flags import TIGHT_ROW, cover_flags, cover_flags_height
from compstat.packs.sections.names import name_of
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, long_day, number, span, week_title
from compstat.tracker.action import OPEN_STATES

PART: Final = "Running order"
ITEM_ROW: Final = 17.4
SEATS_HEIGHT: Final = 122.0
CARE_LINE: Final = 12.0


def running_order(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the page; a long agenda goes on to the next."""
    sheet.header(
        briefing.cycle.name,
        f"{briefing.organisation} · {_when_and_where(briefing)}",
        week_title(briefing.week),
        span(briefing.period),
        front=True,
    )
    _in_one_minute(sheet, briefing.one_minute)
    _figures(sheet, briefing)
    minutes = sum(item.minutes for item in briefing.agenda)
    sheet.heading(PART, _length(briefing, minutes) if minutes else "")
    sheet.canvas.bookmark(PART, 0)
    below = _below(sheet, briefing)
    called = [item for item in briefing.agenda if item.unit]
    # the units called stand in the list of flags where both lists are too long for one page
    needed = 17 + ITEM_ROW * len(briefing.agenda) + 8 + cover_flags_height(briefing, TIGHT_ROW) + below
    short = len(called) > 1 and needed > sheet.room
    _agenda(sheet, briefing, called if short else [])
    times = {item.unit or "": f"{item.starts:%H:%M}" for item in called} if short else {}
    cover_flags(sheet, briefing, times, sheet.room - below)
    _seats_and_care(sheet, briefing)


def _length(briefing: Briefing, minutes: int) -> str:
    booked = briefing.cycle.minutes
    return f"{minutes} minutes" if minutes >= booked else f"{minutes} minutes, of {booked} booked"


def _below(sheet: Sheet, briefing: Briefing) -> float:
    """Height that the seats and the notes to read with care take below the flags."""
    if not briefing.seats and not briefing.read_with_care:
        return 0.0
    width = sheet.paper.measure * (0.46 if briefing.seats else 1.0) - 36
    notes = sum(CARE_LINE * len(t.wrap(note, t.TEXT, width, 4)) + 3 for note in briefing.read_with_care)
    return 24 + max(SEATS_HEIGHT - 20 if briefing.seats else 0.0, notes)


def _when_and_where(briefing: Briefing) -> str:
    cycle = briefing.cycle
    start = datetime.combine(briefing.meets_on, datetime.strptime(cycle.starts_at, "%H:%M").time())
    minutes = sum(item.minutes for item in briefing.agenda) or cycle.minutes
    ends = start + timedelta(minutes=minutes)
    place = f" · {cycle.place}" if cycle.place else ""
    return f"{long_day(briefing.meets_on)}, {start:%H:%M}–{ends:%H:%M}{place}"


def _in_one_minute(sheet: Sheet, points: Sequence[str]) -> None:
    if not points:
        return
    sheet.heading("In one minute")
    for point in points:
        sheet.bullet(point, style=t.LEAD, lines=2)
    sheet.advance(10)


def _figures(sheet: Sheet, briefing: Briefing) -> None:
    """Six figures in a row, each under a short line."""
    figures = _six(briefing)
    gap = 10.0
    width = (sheet.paper.measure - gap * (len(figures) - 1)) / len(figures)
    sheet.ensure(66)
    for n, (figure, label, line) in enumerate(figures):
        x = sheet.paper.left + n * (width + gap)
        sheet.rule(sheet.y, 0.7, t.INK, x, x + width)
        t.left(sheet.canvas, x, sheet.y - 27, figure, t.FIGURE, width=width)
        t.left(sheet.canvas, x, sheet.y - 41, label, t.CELL_BOLD, width=width + gap - 2)
        t.left(sheet.canvas, x, sheet.y - 52, line, t.CELL, t.GREY, width=width + gap - 2)
    sheet.advance(66)


def _six(briefing: Briefing) -> list[tuple[str, str, str]]:
    opened = [action for action in briefing.actions if action.state in OPEN_STATES]
    overdue = sum(action.due < briefing.meets_on for action in opened)
    quality = briefing.quality
    missing = quality.returns_expected - quality.returns_present
    units = counted(len(briefing.units), "unit")
    return [
        (number(briefing.tests), "tests made", f"in {units}"),
        (number(briefing.shown), "flags shown", f"of {number(briefing.raised)} raised"),
        (number(briefing.expected_by_chance, 1), "expected by chance", "if nothing changed"),
        (number(len(opened)), "actions open", f"{overdue} overdue" if overdue else "none overdue"),
        (
            number(quality.returns_present),
            f"returns of {number(quality.returns_expected)}",
            f"{number(missing)} missing" if missing else "none missing",
        ),
        _meetings(briefing),
    ]


def _meetings(briefing: Briefing) -> tuple[str, str, str]:
    if not briefing.meetings_planned:  # no meeting is on record: nothing true can be said of them
        _, _, quiet = units_by_flags(briefing)
        return (number(quiet), f"{'unit' if quiet == 1 else 'units'} without", "a flag of any kind")
    return (number(briefing.meetings_held), f"meetings of {number(briefing.meetings_planned)}", "held this year")


def _agenda(sheet: Sheet, briefing: Briefing, together: Sequence[AgendaItem]) -> None:
    """The bar and the list; the items of `together` share one line."""
    paper, canvas = sheet.paper, sheet.canvas
    if not briefing.agenda:
        sheet.text("No agenda is set for this meeting.", colour=t.GREY)
        return
    timeline(canvas, paper.left, sheet.y - 12, paper.measure, 12, briefing.agenda)
    sheet.advance(17)
    items = _lines(briefing.agenda, together)
    longest = max(t.width_of(item.title, t.LEAD_BOLD) for item, _ in items)
    speaker_x = paper.left + 112 + min(longest + 14, paper.measure * 0.36)
    widest = max(t.width_of(item.speaker, t.TEXT) for item, _ in items)
    note_x = speaker_x + min(widest + 12, paper.measure * 0.24)
    for item, numbers in items:
        sheet.ensure(ITEM_ROW)
        _item(sheet, item, numbers, speaker_x, note_x)
    sheet.advance(8)


def _lines(agenda: Sequence[AgendaItem], together: Sequence[AgendaItem]) -> list[tuple[AgendaItem, str]]:
    """Each item with its number; those of `together` as one line where the first of them stands."""
    lines: list[tuple[AgendaItem, str]] = []
    for item in agenda:
        if item not in together:
            lines.append((item, str(item.number)))
        elif item is together[0]:
            minutes = sum(one.minutes for one in together)
            title = f"Challenge: {counted(len(together), 'unit')}"
            one = replace(item, title=title, minutes=minutes, speaker="", note="when each is called: below")
            lines.append((one, f"{item.number}–{together[-1].number}"))
    return lines


def _item(sheet: Sheet, item: AgendaItem, numbers: str, speaker_x: float, note_x: float) -> None:
    paper, canvas, y = sheet.paper, sheet.canvas, sheet.y - 12
    t.left(canvas, paper.left, y, f"{item.starts:%H:%M}", t.TEXT_BOLD)
    if item.minutes:
        t.left(canvas, paper.left + 42, y, f"{item.minutes} min", t.TEXT, t.GREY)
    t.right(canvas, paper.left + 104, y, numbers, t.TEXT_BOLD)
    style = t.LEAD_BOLD if item.unit else t.LEAD
    t.left(canvas, paper.left + 112, y, item.title, style, width=speaker_x - paper.left - 120)
    t.left(canvas, speaker_x, y, item.speaker, t.TEXT, t.GREY, width=note_x - speaker_x - 8)
    t.right(canvas, paper.right, y, item.note, t.TEXT, width=paper.right - note_x)
    sheet.rule(sheet.y - ITEM_ROW, 0.4)
    sheet.advance(ITEM_ROW)


def _seats_and_care(sheet: Sheet, briefing: Briefing) -> None:
    if not briefing.seats and not briefing.read_with_care:
        return
    paper = sheet.paper
    sheet.ensure(_below(sheet, briefing) - 6)
    split = paper.left + (paper.measure * 0.54 if briefing.seats else -24)
    top, plan = sheet.y, 0.0
    if briefing.seats:
        t.left(sheet.canvas, paper.left, top - 11, "Seats", t.HEADING)
        plan = min(SEATS_HEIGHT + 30, max(SEATS_HEIGHT - 20, sheet.room - 22)) - 4
        strong = {name_of(briefing, report.unit.unit) for report in briefing.challenged[:1]}
        room_plan(sheet.canvas, paper.left, top - 20 - plan, split - paper.left, plan, briefing.seats, strong)
    t.left(sheet.canvas, split + 24, top - 11, "Read with care", t.HEADING)
    _care(sheet, briefing.read_with_care, split + 24, top - 20)
    sheet.y = min(sheet.y, top - 20 - plan)
    sheet.advance(0)


def _care(sheet: Sheet, notes: Sequence[str], x: float, top: float) -> None:
    """As many notes as fit beside the seats; the data quality statement holds all of them."""
    sheet.y = top
    width = sheet.paper.right - x
    if not notes:
        sheet.text("Nothing out of the ordinary.", colour=t.GREY, width=width) if x == sheet.paper.left else t.left(
            sheet.canvas, x, top - 9, "Nothing out of the ordinary.", t.TEXT, t.GREY
        )
        return
    for n, note in enumerate(notes):
        lines = t.wrap(note, t.TEXT, width - 12, 4)
        rest = len(notes) - n
        if sheet.room < len(lines) * 12 + (14 if rest > 1 else 0):
            t.left(
                sheet.canvas,
                x + 11,
                sheet.y - 9,
                f"and {rest} more: see Data quality statement",
                t.CELL,
                t.GREY,
                width=width,
            )
            return
        sheet.bullet(note, left=x, width=width, lines=4)
