"""Method in plain words: what makes a flag, what chance does, how to read the pages."""

from __future__ import annotations

from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, number, probability, span

PART: Final = "Method"


def method(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the part."""
    sheet.part(PART, f"Rules {briefing.rules_version} · every flag has a receipt: compstat explain CODE", keep=150.0)
    for heading, words in _paragraphs(briefing):
        sheet.heading(heading, keep=34)
        sheet.text(words, t.TEXT, after=7)


def _paragraphs(briefing: Briefing) -> tuple[tuple[str, str], ...]:
    q = round(100 * briefing.q)
    return (
        (
            "What is compared",
            "Each unit is held against its own history first, then against its targets. The year that a window is "
            "compared with ends the day before that window starts. A year ago means the same weekdays, and both ranges "
            f"of dates stand under each heading.{_dates(briefing)}",
        ),
        (
            "What makes a flag",
            "Three things must hold together: the difference passes the threshold of its rule, it is more than chance "
            "explains, and it is large enough to matter in events. A breached floor needs no test. Signs on a chart "
            "without a probability, such as runs and trends, support a flag or put a cell on watch; alone they raise "
            "no concern.",
        ),
        (
            "What p means",
            "p is how often chance alone would give a figure at least this far from what was expected, had nothing "
            "changed. Counts are tested with a predictive distribution that allows for the spread beyond chance that "
            "this indicator usually shows; years are compared by days of exposure.",
        ),
        (
            "Many tests at once",
            f"{counted(briefing.tests, 'test')} {'was' if briefing.tests == 1 else 'were'} made. Among so many, some "
            f"look unusual by luck. The shown concerns are chosen so that at most about {q} in 100 of them are "
            "expected to be noise (Benjamini and Hochberg 1995). If nothing had changed anywhere, "
            f"{number(briefing.expected_by_chance, 1)} flags would still be shown. Cells with p at or below "
            f"{probability(briefing.watch_p)} that miss this are on watch: listed, not discussed.",
        ),
        (
            "The order and the seats",
            "Flags are ordered by severity, then by the excess that is sure over the root of what was expected, so "
            f"that large units do not fill the list. At most {counted(briefing.cycle.items_per_unit, 'flag')} a unit "
            f"and {briefing.cycle.items_per_meeting} a meeting are shown; the rest are in "
            "the part “Not flagged, and why”.",
        ),
        (
            "What the limits mean",
            "The grey band on a chart holds what this unit's own last year would do by chance: mean plus or minus 2.66 "
            "times the mean moving range (Wheeler 1993). Outside it, something other than chance is likely at work. "
            "Where most figures are 0 such limits mean nothing: there the chart shows columns and the predictive "
            "limit instead.",
        ),
        (
            "If nothing is done",
            "A high figure tends to be followed by a lower one whatever is done. Where a range is printed, it is what "
            "the next window would hold without action; an action is credited only beyond it.",
        ),
        (
            "Percentages and blanks",
            f"Counts come first. A percentage is printed only where the prior figure is {briefing.pack.percent_from} "
            "or more. A dash is a figure that cannot be given, never 0; the reason stands below the table.",
        ),
    )


def _dates(briefing: Briefing) -> str:
    both = briefing.window_dates.get("four_weeks")
    return f" Here the recent window is {span(both[0])} against {span(both[1])}." if both else ""
