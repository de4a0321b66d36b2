"""Ladder and autonomy: a unit's step, since when, by which receipt, what is to be signed, what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compstat.meeting.briefing import Briefing, LadderPlace, UnitReport
from compstat.meeting.days import day
from compstat.packs import type as t
from compstat.packs.sections.names import name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import Column, Row, Table
from compstat.packs.words import counted, period_title
from compstat.rules.ladder.tier import EarnedTier
from compstat.workspace.ladders import Step

HEADING: Final = "Ladder and autonomy"
NOTE: Final = "of units, by their flags; an action has its own step"
# why the numbers of the receipts need not add up to the periods counted
BRACKETS: Final = "In brackets: flags, and in how many of those {}s each; several in one {} are one concern."
CODES: Final = 3  # of the flags counted, those named
UNITS_NAMED: Final = 12  # of those that hold one tier by one record; every unit's own page tells of its own
LINES: Final = 3  # at most of each on a unit's page; two as a rule
GAP: Final = 14.0
WHOLE: Final = 240.0  # a table no higher than this is not split


def draw_standing(sheet: Sheet, briefing: Briefing, report: UnitReport) -> None:
    """The lines under a unit's heading; nothing where no ladder and no tier is declared for it."""
    named = len(report.places) > 1 or any(place.unit != report.unit.unit for place in report.places)
    for place in report.places:
        words = ladder_words(place, _ladder_name(briefing, place) if named else "Ladder")
        if place.step != Step.CHALLENGE.word and report.earned is not None:
            words += " No tier."
        sheet.text(words, t.CELL, t.GREY if place.is_first else t.INK, after=0, lines=LINES)
    if report.earned is not None and not _holds_no_tier(report):
        sheet.text(tier_words(report.earned), t.CELL, t.GREY, after=0, lines=LINES)
    if report.places or report.earned is not None:
        sheet.advance(6)


def _holds_no_tier(report: UnitReport) -> bool:
    """Above challenge no tier is held: the line of the ladder says it all."""
    above = any(place.step != Step.CHALLENGE.word for place in report.places)
    return above and report.earned is not None and report.earned.tier is None


def _ladder_name(briefing: Briefing, place: LadderPlace) -> str:
    return f"Ladder {place.ladder}, {name_of(briefing, place.unit)}"


def ladder_words(place: LadderPlace, name: str = "Ladder") -> str:
    """`Ladder: support since 20 Sep 2026; to be signed by a challenger: contestability. A concern in 16 ...`."""
    head = f"{name}: {_step(place)}"
    if place.proposed:
        head += f"; to be signed by a challenger: {place.proposed}"
    return " ".join(
        [f"{head}.", f"{_sentence(_why(place))}.", *([f"{_sentence(place.leaves)}."] if place.leaves else [])]
    )


def tier_words(earned: EarnedTier) -> str:
    """`Tier: lighter touch, one meeting in 2. Of the last 20 weeks 2 with a concern (at most 2), ...`."""
    return f"Tier: {_tier(earned)}. {_sentence(earned.because)}. {_sentence(earned.change)}."


def _step(place: LadderPlace) -> str:
    """`support since 20 Sep 2026 or earlier`, `contestability since 19 Nov 2026, signed by H. Lindqvist`."""
    if place.since is None:
        return f"{place.step}, the first step" if place.step == Step.CHALLENGE.word else place.step
    earlier = " or earlier" if place.or_earlier else ""
    signed = f", signed by {place.signed_by}" if place.signed_by else ""
    return f"{place.step} since {day(place.since)}{earlier}{signed}"


def _why(place: LadderPlace) -> str:
    """The trigger with the flags it counted (in how many of the periods counted each), and what the signer wrote."""
    words = place.because
    if place.receipts:
        named = ", ".join(f"{code} in {times}" for code, times in place.receipts[:CODES])
        more = f" and {len(place.receipts) - CODES} more" if len(place.receipts) > CODES else ""
        of_them = " of them" if len(place.receipts) > 1 else ""  # several in one period are one concern
        words += f" ({named}{of_them}{more})"
    words += f". Signed because: {place.reason}" if place.reason else ""
    return words + (f". Refused: {place.refused}" if place.refused else "")


def _tier(earned: EarnedTier) -> str:
    if earned.tier is None:
        return "none"
    often = f", one meeting in {earned.review_every}" if earned.review_every > 1 else ""
    return f"{earned.tier}{often}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}"


def ladder_table(sheet: Sheet, briefing: Briefing) -> None:
    """Units above the first step or with a step to be signed, the highest first; then the tiers that are held."""
    rows = _rows(briefing)
    if not rows:
        return
    table = _table(sheet)
    sheet.advance(GAP)
    whole = table.header_height + sum(table.row_height(row) for row in rows)
    sheet.heading(HEADING, NOTE, keep=whole if whole <= WHOLE else table.header_height + table.row_height(rows[0]))
    table.draw(sheet, rows)
    if any(len(place.receipts) > 1 for place in briefing.places if not place.is_first):
        sheet.advance(4)
        name = period_title(briefing.cycle.cadence)
        sheet.text(BRACKETS.format(name, name), t.CELL, t.GREY, after=0)


def _table(sheet: Sheet) -> Table:
    rest = sheet.paper.measure - 88 - 96 - 62
    return Table(
        (
            Column("unit", 88, style=t.CELL_BOLD, lines=12),
            Column("step, since; tier", 96, lines=6),
            Column("why", rest * 0.57, lines=8),
            Column("to be signed", 62, style=t.CELL_BOLD),
            Column("what would change it", rest * 0.43, lines=6),
        )
    )


def _rows(briefing: Briefing) -> list[Row]:
    steps = sorted((place for place in briefing.places if not place.is_first), key=_height)
    return [*(_ladder_row(briefing, place) for place in steps), *_tier_rows(briefing.units)]


def _height(place: LadderPlace) -> int:
    return -Step[place.step.upper()]


def _ladder_row(briefing: Briefing, place: LadderPlace) -> Row:
    several = len({one.ladder for one in briefing.places}) > 1
    unit = name_of(briefing, place.unit) + (f", {place.ladder}" if several else "")
    return Row([unit, _step(place), _sentence(_why(place)), place.proposed, _sentence(place.leaves)])


def _tier_rows(reports: Sequence[UnitReport]) -> list[Row]:
    """A row for those that hold a tier by the same record."""
    held: dict[tuple[str, str, str], list[str]] = {}
    for report in reports:
        if report.earned is not None and report.earned.tier is not None:
            key = _tier(report.earned), _sentence(report.earned.because), _sentence(report.earned.change)
            held.setdefault(key, []).append(report.unit.title)
    return [
        Row([_units(titles), f"{Step.CHALLENGE.word}; {tier}", because, "", change])
        for (tier, because, change), titles in held.items()
    ]


def _units(titles: Sequence[str]) -> str:
    rest = len(titles) - UNITS_NAMED
    more = [f"and {counted(rest, 'more unit')}"] if rest > 0 else []
    return ", ".join([*titles[:UNITS_NAMED], *more])
