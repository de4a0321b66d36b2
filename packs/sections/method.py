"""Method in plain words: what makes a flag, what chance does, how to read the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted, number, probability, span

PART: Final = "Method"
GUTTER: Final = 22.0
LEADING: Final = 12.0
HEAD: Final = 15.0
AFTER: Final = 8.0


def method(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the part in two columns, whole: on the page before it where that has the room."""
    width = (sheet.paper.measure - GUTTER) / 2
    blocks = [(heading, t.wrap(words, t.TEXT, width)) for heading, words in _paragraphs(briefing)]
    split, height = _halves(blocks)
    keep = min(height, sheet.paper.top - sheet.paper.bottom - 90)
    sheet.part(PART, f"Rules {briefing.rules_version} · every flag has a receipt: compstat explain CODE", keep=keep)
    for n, column in enumerate((blocks[:split], blocks[split:])):
        x, y = sheet.paper.left + n * (width + GUTTER), sheet.y
        for heading, lines in column:
            t.left(sheet.canvas, x, y - 10, heading, t.LEAD_BOLD)
            for i, line in enumerate(lines):
                t.left(sheet.canvas, x, y - HEAD - 9 - LEADING * i, line, t.TEXT)
            y -= _height(lines)
    sheet.advance(height)


def _height(lines: Sequence[str]) -> float:
    return HEAD + LEADING * len(lines) + AFTER


def _halves(blocks: Sequence[tuple[str, Sequence[str]]]) -> tuple[int, float]:
    """Where the second column starts, so that the longer one is as short as can be; and its height."""
    heights = [_height(lines) for _, lines in blocks]
    tallest = {split: max(sum(heights[:split]), sum(heights[split:])) for split in range(len(heights) + 1)}
    split = min(tallest, key=lambda at: tallest[at])
    return split, tallest[split]


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
            "that large units do not fill the list. At most "
            f"{counted(briefing.cycle.items_per_unit, 'challenge item')} a unit and "
            f"{briefing.cycle.items_per_meeting} a meeting are shown; missing returns count among them, "
            "commendations have as many seats of their own. The rest are in the part “Not flagged, and why”. How long "
            f"a flag is listed counts the periods on watch too{_apart_from_ladder(briefing)}.",
        ),
        (
            "What the limits mean",
            "The grey band on a chart holds what this unit's own last two years, or the time since a break or rebase, "
            "would do by chance: mean plus or minus 2.66 times the mean moving range (Wheeler 1993). Outside it, "
            "something other than chance is likely at work. "
            "Where most figures are 0 such limits mean nothing: there the chart shows columns and the predictive "
            "limit instead.",
        ),
        (
            "If nothing is done",
            "A high figure tends to be followed by a lower one whatever is done. Where a range is printed, nine in ten "
            "next windows would lie in it without action, as earlier flags here have taught. Until there are enough of "
            "them none is printed; the receipt of compstat explain has what the unit's own year says. "
            "A promise is met when it is reached and lies beyond that range, within chance when the range reaches as "
            "far, missed when it is not reached.",
        ),
        (
            "Percentages and blanks",
            f"Counts come first. A percentage is printed only where the prior figure is {briefing.pack.percent_from} "
            "or more, and no change where the days of the two windows differ. A dash is a figure that cannot be given, "
            "never 0; its mark leads to the reason below the table.",
        ),
        *_ladder(briefing),
    )


def _apart_from_ladder(briefing: Briefing) -> str:
    """Why the weeks of a flag and those of the ladder may differ; nothing where none is declared."""
    return "; the ladder counts concerns alone, several flags of one period as one" if briefing.places else ""


def _ladder(briefing: Briefing) -> tuple[tuple[str, str], ...]:
    """Nothing where neither a ladder nor a tier is declared."""
    if not briefing.places and all(report.earned is None for report in briefing.units):
        return ()
    words = (
        "Challenge: questions in the meeting. Support: help as well. Contestability: others may offer to do it. "
        "Removal: others do it. Declared trigger points move a unit up to support and back; above it a challenger "
        "signs with a reason. A good record earns a tier until it slips (HM Treasury 2004, 4.11, 3.11–3.13)."
    )
    return (("The ladder and the tiers", words),)


def _dates(briefing: Briefing) -> str:
    both = briefing.window_dates.get("four_weeks")
    return f" Here the recent window is {span(both[0])} against {span(both[1])}." if both else ""
