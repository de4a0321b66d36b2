"""Good practice and awards: chosen by the same tests, in the good direction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.lib.colors import Color

from compstat.meeting.briefing import Briefing, IndicatorRow, UnitReport
from compstat.meeting.share_bases import told
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.canvas.small_chart import Box, small_chart
from compstat.packs.sections.counts import tested_nothing
from compstat.packs.sections.names import indicators_of, name_of, outcome_of
from compstat.packs.sheet import Sheet
from compstat.packs.words import DASH, counted, flag_figures, measure, over_words, probability, state_words
from compstat.rules.flag import Flag, Outcome

PART: Final = "Good practice and awards"
CHART: Final = 84.0
ONE: Final = frozenset({"week", "fortnight", "month", "quarter", "year"})


def good_practice(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part: a block a commended unit."""
    units = briefing.commended
    sheet.part(
        PART, "Chosen by the same tests as the flags, in the good direction", note, keep=130.0 if units else 40.0
    )
    if not units:
        sheet.text(tested_nothing(briefing) or "No unit stands outside chance in the good direction this week.")
        return
    sheet.text(f"{counted(len(units), 'unit')} did better than chance explains.", t.SENTENCE, after=8)
    for report in units:
        _unit(sheet, briefing, report)


def _unit(sheet: Sheet, briefing: Briefing, report: UnitReport) -> None:
    """What the unit did, then what must be known before it is praised, beside the chart."""
    flags = [flag for flag in report.flags if flag.outcome is Outcome.COMMEND] or list(report.flags)
    chart_width = sheet.paper.measure * 0.36
    room = sheet.paper.measure - chart_width - 24
    lines = t.wrap(_words(briefing, flags, report), t.TEXT, room, 4)
    marked = _marked(briefing, report, flags[:4], room)
    height = max(CHART + 12, 34 + 12.2 * (len(lines) + len(marked)) + 24)
    sheet.ensure(height)
    canvas, x, y = sheet.canvas, sheet.paper.left, sheet.y - 12
    t.left(canvas, x, y, report.unit.title, t.HEADING, width=room * 0.6)
    t.right(canvas, x + room, y, report.commander, t.CELL, t.GREY, width=room * 0.38)
    y -= 15
    for line in lines:
        t.left(canvas, x, y, line, t.TEXT)
        y -= 12.2
    for outcome, words, colour in marked:
        if outcome:
            mark(canvas, outcome, x + 4, y + 3, 3.0)
        t.left(canvas, x + 12, y, words, t.CELL, colour)
        y -= 12.2
    t.left(canvas, x, y - 8, "Award or letter, and who signs:", t.CELL, t.GREY)
    sheet.rule(y - 10, 0.4, t.STEEL, x + 124, x + room)
    row = _row_of(report, flags)
    if row is not None:
        box = Box(sheet.paper.right - chart_width, sheet.y - CHART - 4, chart_width, CHART)
        small_chart(canvas, box, row.indicator.title, measure(row.indicator), row.chart, outcome_of(row))
    sheet.advance(height)
    sheet.rule(sheet.y + 3, 0.4)
    sheet.advance(6)


def _words(briefing: Briefing, flags: list[Flag], report: UnitReport) -> str:
    return next((_told(briefing, flag) for flag in flags if flag.sentence), "") or report.sentence


def _told(briefing: Briefing, flag: Flag) -> str:
    indicator = indicators_of(briefing).get(flag.indicator)
    return told(flag, indicator, briefing.bases) if indicator else flag.sentence


def _marked(briefing: Briefing, report: UnitReport, flags: Sequence[Flag], room: float) -> list[tuple[str, str, Color]]:
    """Lines with the mark they begin with: what is praised, what the data checks say of it, and the unit's concerns.

    A concern stands here whether it is shown or held back: nobody is praised in ignorance of it.
    """
    said = [(flag.outcome.value, _flag_words(briefing, flag), t.GREY) for flag in flags]
    said += [("data", f"Check first. {words}", t.INK) for words in report.cautions]
    for flag in (flag for flag in report.flags if flag.outcome is Outcome.CONCERN):
        held = f", held back ({flag.held_back})" if flag.held_back else ""
        said.append((flag.outcome.value, f"Also a concern, {flag.flag}{held}. {_told(briefing, flag)}", t.INK))
    return [
        (outcome if n == 0 else "", line, colour)
        for outcome, words, colour in said
        for n, line in enumerate(t.wrap(words, t.CELL, room - 12, 4))
    ]


def _flag_words(briefing: Briefing, flag: Flag) -> str:
    indicator = indicators_of(briefing).get(flag.indicator)
    now, against, _ = flag_figures(flag, indicator)
    over = over_words(flag, indicator)
    window = f", {over}" if over.startswith("mean") else f" over one {over}" if over in ONE else f" over {over}"
    p = f"p {probability(flag.p_value)}, " if flag.p_value is not None else ""
    state = state_words(flag)
    flagged = state if flag.weeks_open <= 1 else f"listed {state}"
    name = name_of(briefing, flag.indicator)
    if base := briefing.bases.get(flag.flag):
        now += f" ({base})"
    return f"{flag.flag}  {name}: {now} against {against}{'' if over == DASH else window}, {p}{flagged}"


def _row_of(report: UnitReport, flags: list[Flag]) -> IndicatorRow | None:
    wanted = flags[0].indicator if flags else None
    return next((row for row in report.rows if row.indicator.indicator == wanted), None)
