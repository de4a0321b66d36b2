"""The first page: one minute, six figures, the running order, flags by excess, seats, what to read with care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from compstat.meeting.briefing import AgendaItem, Briefing
from compstat.packs import type as t
from compstat.packs.canvas.intervals import interval, scale_of, zero_line
from compstat.packs.canvas.room import room_plan
from compstat.packs.canvas.timeline import timeline
from compstat.packs.furniture import Places
from compstat.packs.sections.names import decimals_for, indicators_of, name_of, shown_flags
from compstat.packs.sheet import Sheet
from compstat.packs.words import DASH, counted, long_day, number, signed, span, state_words, week_title
from compstat.rules.flag import Flag
from compstat.tracker.action import OPEN_STATES

PART: Final = "Running order"
ITEM_ROW: Final = 17.4
FLAG_ROW: Final = 15.2
SEATS_HEIGHT: Final = 122.0
FEWEST_FLAGS: Final = 4


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
    sheet.heading(PART, f"{minutes} minutes" if minutes else "")
    sheet.canvas.bookmark(PART, 0)
    _agenda(sheet, briefing)
    below = (SEATS_HEIGHT + 26) if briefing.seats or briefing.read_with_care else 0
    _flags(sheet, briefing, below)
    _seats_and_care(sheet, briefing)


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
        (number(briefing.expected_by_chance, 1), "expected", "by chance alone"),
        (number(len(opened)), "actions open", f"{overdue} overdue" if overdue else "none overdue"),
        (
            number(quality.returns_present),
            f"returns of {number(quality.returns_expected)}",
            f"{number(missing)} missing" if missing else "none missing",
        ),
        _meetings(briefing),
    ]


def _meetings(briefing: Briefing) -> tuple[str, str, str]:
    if not briefing.meetings_planned:
        return (DASH, "meetings held", "none planned yet")
    return (number(briefing.meetings_held), f"meetings of {number(briefing.meetings_planned)}", "held this year")


def _agenda(sheet: Sheet, briefing: Briefing) -> None:
    paper, canvas = sheet.paper, sheet.canvas
    if not briefing.agenda:
        sheet.text("No agenda is set for this meeting.", colour=t.GREY)
        return
    timeline(canvas, paper.left, sheet.y - 12, paper.measure, 12, briefing.agenda)
    sheet.advance(17)
    longest = max(t.width_of(item.title, t.LEAD_BOLD) for item in briefing.agenda)
    speaker_x = paper.left + 98 + min(longest + 14, paper.measure * 0.36)
    widest = max(t.width_of(item.speaker, t.TEXT) for item in briefing.agenda)
    note_x = speaker_x + min(widest + 12, paper.measure * 0.24)
    for item in briefing.agenda:
        sheet.ensure(ITEM_ROW)
        _item(sheet, item, speaker_x, note_x)
    sheet.advance(8)


def _item(sheet: Sheet, item: AgendaItem, speaker_x: float, note_x: float) -> None:
    paper, canvas, y = sheet.paper, sheet.canvas, sheet.y - 12
    t.left(canvas, paper.left, y, f"{item.starts:%H:%M}", t.TEXT_BOLD)
    t.left(canvas, paper.left + 42, y, f"{item.minutes} min", t.TEXT, t.GREY)
    t.right(canvas, paper.left + 90, y, str(item.number), t.TEXT_BOLD)
    style = t.LEAD_BOLD if item.unit else t.LEAD
    t.left(canvas, paper.left + 98, y, item.title, style, width=speaker_x - paper.left - 106)
    t.left(canvas, speaker_x, y, item.speaker, t.TEXT, t.GREY, width=note_x - speaker_x - 8)
    t.right(canvas, paper.right, y, item.note, t.TEXT, width=paper.right - note_x)
    sheet.rule(sheet.y - ITEM_ROW, 0.4)
    sheet.advance(ITEM_ROW)


def _flags(sheet: Sheet, briefing: Briefing, below: float) -> None:
    """The flags that fit above the seats; the rest are on the pages of the challenge."""
    flags = shown_flags(briefing)
    if not flags:
        sheet.heading("Flags, by excess over what was expected", keep=16)
        words = "No flag is shown this week. The part “Not flagged, and why” says how close each unit came."
        sheet.text(words, after=14)
        return
    sheet.heading("Flags, by excess over what was expected", _interval_words(briefing, flags))
    most = max(FEWEST_FLAGS, int((sheet.room - below - 26) / FLAG_ROW))
    listed = flags if len(flags) <= most else flags[: most - 1]
    _flag_rows(sheet, briefing, listed)
    more = len(flags) - len(listed)
    if more:
        y = sheet.y - 9

        def refer(canvas: Any, places: Places) -> None:
            words = f"and {counted(more, 'more flag')}, page {places.get('Challenge', 1)}"
            t.left(canvas, sheet.paper.left, y, words, t.CELL, t.GREY)

        sheet.canvas.later(refer)
        sheet.advance(FLAG_ROW - 4)
    sheet.advance(8)


def _interval_words(briefing: Briefing, flags: Sequence[Flag]) -> str:
    banded = any(flag.flag in briefing.excess_intervals for flag in flags)
    return "observed less expected" + (", with 90% interval" if banded else "")


def _flag_rows(sheet: Sheet, briefing: Briefing, flags: Sequence[Flag]) -> None:
    paper, canvas = sheet.paper, sheet.canvas
    unit_x = paper.left + 48
    units = max(t.width_of(name_of(briefing, flag.unit), t.TEXT_BOLD) for flag in flags)
    indicator_x = unit_x + min(units + 10, paper.measure * 0.2)
    names = max(t.width_of(name_of(briefing, flag.indicator), t.TEXT) for flag in flags)
    chart_x = indicator_x + min(names + 16, paper.measure * 0.24)
    state_room = max(t.width_of(state_words(flag), t.CELL) for flag in flags) + 12
    excess_x, state_x = paper.right - max(state_room, 70.0), paper.right
    values = [flag.excess for flag in flags if flag.excess is not None]
    bands = [end for flag in flags if (band := briefing.excess_intervals.get(flag.flag)) for end in band]
    scale = scale_of([*values, *bands], chart_x, excess_x - 40)
    indicators = indicators_of(briefing)
    top = sheet.y
    if values:
        zero_line(canvas, scale, top + 1, top - FLAG_ROW * len(flags) - 1)
    for flag in flags:
        y = sheet.y - 10
        t.left(canvas, paper.left, y, flag.flag, t.CELL_BOLD, t.GREY, width=46)
        t.left(canvas, unit_x, y, name_of(briefing, flag.unit), t.TEXT_BOLD, width=indicator_x - unit_x - 6)
        t.left(canvas, indicator_x, y, name_of(briefing, flag.indicator), t.TEXT, width=chart_x - indicator_x - 8)
        if flag.excess is not None:
            interval(canvas, scale, y + 3, flag.outcome.value, flag.excess, briefing.excess_intervals.get(flag.flag))
            decimals = decimals_for(indicators, flag.indicator)
            t.right(canvas, excess_x, y, signed(flag.excess, decimals), t.CELL_BOLD)
        else:
            t.right(canvas, excess_x, y, "no figure", t.CELL, t.GREY)
        t.right(canvas, state_x, y, state_words(flag), t.CELL, t.GREY, width=state_x - excess_x - 8)
        sheet.advance(FLAG_ROW)
    sheet.advance(8)


def _seats_and_care(sheet: Sheet, briefing: Briefing) -> None:
    if not briefing.seats and not briefing.read_with_care:
        return
    paper = sheet.paper
    sheet.ensure(SEATS_HEIGHT + 20)
    split = paper.left + (paper.measure * 0.54 if briefing.seats else -24)
    top, plan = sheet.y, 0.0
    if briefing.seats:
        t.left(sheet.canvas, paper.left, top - 11, "Seats", t.HEADING)
        plan = min(SEATS_HEIGHT + 30, max(SEATS_HEIGHT, sheet.room - 22)) - 4
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
