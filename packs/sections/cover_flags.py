"""The flags on the first page: most serious first, each in its own unit of measure; intervals for counts only."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from typing import Any, Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.canvas.intervals import interval, scale_of, ticks, zero_line
from compstat.packs.canvas.marks import mark
from compstat.packs.furniture import Places
from compstat.packs.sections.names import indicators_of, name_of, shown_flags
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, flag_figures, over_words, signed, state_words
from compstat.rules.flag import Flag
from compstat.workspace.tables import Indicator

HEADING: Final = "Flags, most serious first"
ROW: Final = 15.2
TIGHT_ROW: Final = 12.4  # 9 pt on 12.4: still legal, still a line apart
TITLES: Final = 12.0


def cover_flags_height(briefing: Briefing, row: float) -> float:
    """Height of the whole list with rows of this height."""
    flags = len(shown_flags(briefing))
    return 22 + TITLES + row * flags + 12 if flags else 50.0


def cover_flags(sheet: Sheet, briefing: Briefing, times: dict[str, str], room: float) -> None:
    """Draw the list in at most `room` points; what does not fit is counted with its page.

    times: when each unit is called, for a running order that does not list the units itself.
    """
    flags = shown_flags(briefing)
    if not flags:
        sheet.heading(HEADING, keep=16)
        words = "No flag is shown this week. The part “Not flagged, and why” says how close each unit came."
        sheet.text(words, after=14)
        return
    row = ROW if cover_flags_height(briefing, ROW) <= room else TIGHT_ROW
    banded = any(flag.flag in briefing.excess_intervals for flag in flags)
    sheet.heading(HEADING, "lines: events above or below what was expected, 90% interval" if banded else "")
    most = max(1, int((room - 34 - TITLES) / row))
    listed = flags if len(flags) <= most else flags[: most - 1]
    _Rows(sheet, briefing, listed, times, row).draw()
    if len(listed) < len(flags):
        _refer(sheet, len(flags) - len(listed))
    sheet.advance(8)


def _refer(sheet: Sheet, more: int) -> None:
    y = sheet.y - 9

    def refer(canvas: Any, places: Places) -> None:
        words = f"and {counted(more, 'more flag')}, page {places.get('Challenge', 1)}"
        t.left(canvas, sheet.paper.left, y, words, t.CELL, t.GREY)

    sheet.canvas.later(refer)
    sheet.advance(ROW - 4)


class _Rows:
    """The list's columns, as wide as their words: code, time, unit, indicator, difference, interval, state."""

    def __init__(
        self, sheet: Sheet, briefing: Briefing, flags: Sequence[Flag], times: dict[str, str], row: float
    ) -> None:
        self.sheet, self.briefing, self.flags, self.times, self.row = sheet, briefing, flags, times, row
        self.indicators = indicators_of(briefing)
        paper = sheet.paper
        self.unit_x = paper.left + (84 if times else 50)
        units = max(t.width_of(name_of(briefing, flag.unit), t.CELL_BOLD) for flag in flags)
        self.indicator_x = self.unit_x + min(units + 10, paper.measure * 0.2)
        names = max(t.width_of(name_of(briefing, flag.indicator), t.CELL) for flag in flags)
        self.over_x = self.indicator_x + min(names + 12, paper.measure * 0.25)
        overs = [t.width_of(over_words(flag, self._indicator(flag)), t.CELL) for flag in flags]
        self.apart_x = self.over_x + max(*overs, t.width_of("over", t.COLUMN)) + 8
        widest = max(t.width_of(self._apart(flag), t.CELL_BOLD) for flag in flags)
        self.chart_x = self.apart_x + max(widest, t.width_of("difference", t.COLUMN)) + 14
        self.state_room = max(t.width_of(state_words(flag), t.CELL) for flag in flags) + 4
        bands = [end for flag in flags if (band := self._band(flag)) for end in band]
        self.scale = scale_of(bands, self.chart_x, max(paper.right - self.state_room - 12, self.chart_x + 40))
        self.banded = bool(bands)

    def _indicator(self, flag: Flag) -> Indicator | None:
        return self.indicators.get(flag.indicator)

    def _apart(self, flag: Flag) -> str:
        """Counts in events over what was expected; all else, and what is the same, as the flag's own page has it."""
        indicator = self._indicator(flag)
        if indicator and indicator.is_count and flag.excess is not None and not _is_apart(flag):
            return signed(flag.excess)
        if flag.value is None:
            return "no figure"
        return flag_figures(flag, indicator)[2]

    def _band(self, flag: Flag) -> tuple[float, float] | None:
        indicator = self._indicator(flag)
        return self.briefing.excess_intervals.get(flag.flag) if indicator and indicator.is_count else None

    def draw(self) -> None:
        sheet, right = self.sheet, self.sheet.paper.right
        heads = [(sheet.paper.left, "code"), (self.unit_x, "unit"), (self.indicator_x, "indicator")]
        heads.append((self.over_x, "over"))
        if self.times:
            heads.append((sheet.paper.left + 50, "called"))
        for x, words in heads:
            t.left(sheet.canvas, x, sheet.y - 7, words, t.COLUMN, t.GREY)
        t.right(sheet.canvas, self.chart_x - 14, sheet.y - 7, "difference", t.COLUMN, t.GREY)
        if self.banded:
            ticks(sheet.canvas, self.scale, sheet.y - 7)
        t.right(sheet.canvas, right, sheet.y - 7, "listed", t.COLUMN, t.GREY)
        sheet.advance(TITLES)
        for flag in self.flags:
            self._row(flag)
        sheet.advance(6)

    def _row(self, flag: Flag) -> None:
        sheet, canvas, y = self.sheet, self.sheet.canvas, self.sheet.y - 9
        unit, indicator = name_of(self.briefing, flag.unit), name_of(self.briefing, flag.indicator)
        mark(canvas, flag.outcome.value, sheet.paper.left - 7, y + 3, 3.0)
        t.left(canvas, sheet.paper.left, y, flag.flag, t.CELL_BOLD, t.GREY, width=48)
        if self.times:
            t.left(canvas, sheet.paper.left + 50, y, self.times.get(flag.unit, ""), t.CELL)
        t.left(canvas, self.unit_x, y, unit, t.CELL_BOLD, width=self.indicator_x - self.unit_x - 6)
        t.left(canvas, self.indicator_x, y, indicator, t.CELL, width=self.over_x - self.indicator_x - 4)
        t.left(canvas, self.over_x, y, over_words(flag, self._indicator(flag)), t.CELL, t.GREY)
        t.right(canvas, self.chart_x - 14, y, self._apart(flag), t.CELL_BOLD)
        band = self._band(flag)
        if band and flag.excess is not None:
            zero_line(canvas, self.scale, sheet.y, sheet.y - self.row)
            interval(canvas, self.scale, y + 3, flag.outcome.value, flag.excess, band)
        else:
            t.centre(canvas, (self.scale.left + self.scale.right) / 2, y, "no interval", t.CELL, t.GREY)
        t.right(canvas, sheet.paper.right, y, state_words(flag), t.CELL, t.GREY, width=self.state_room)
        sheet.advance(self.row)


def _is_apart(flag: Flag) -> bool:
    """Whether the excess is what the two figures of the flag are apart: then it is printed as they subtract."""
    if flag.value is None or flag.comparator is None or flag.excess is None:
        return False
    return isclose(flag.value - flag.comparator, flag.excess, abs_tol=1e-6)
