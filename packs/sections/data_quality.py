"""Data quality statement: which returns are in, what is missing, where the figures came from, who signed."""

from __future__ import annotations

from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.furniture import acted_words
from compstat.packs.sections.names import name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import ROW, Column, Row, Table
from compstat.packs.words import counted, moment, number

PART: Final = "Data quality statement"
BATCHES_LISTED: Final = 20  # the newest; a year of weekly loads would fill pages that nobody reads
FEWEST_BATCHES: Final = 4  # on what is left of the page; more only as far as it reaches


def data_quality(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the part."""
    quality = briefing.quality
    known = [f"Figures as known {moment(briefing.known_at)}", acted_words(briefing)]
    sheet.part(PART, " · ".join(filter(None, known)), keep=220.0)
    sheet.text(_sentence(briefing), t.SENTENCE, after=4)
    sheet.text(_signature(briefing), t.LEAD, after=8)
    notes = list(dict.fromkeys((*quality.notes, *briefing.read_with_care)))
    if notes:
        sheet.heading("Read with care", keep=30)
        for note in notes:
            sheet.bullet(note)
        sheet.advance(8)
    _checks(sheet, briefing)
    _waivers(sheet, briefing)
    _audits(sheet, briefing)
    _missing(sheet, briefing)
    _batches(sheet, briefing)


def _sentence(briefing: Briefing) -> str:
    quality = briefing.quality
    missing = quality.returns_expected - quality.returns_present
    end = f"{number(missing)} missing" if missing else "none missing"
    present, expected = number(quality.returns_present), number(quality.returns_expected)
    return f"{present} of {expected} returns are in, {end}; a missing return is never 0."


def _signature(briefing: Briefing) -> str:
    quality = briefing.quality
    if quality.signed_by is None:
        return "The data of this week are not signed off: every page is a draft."
    when = f", {moment(quality.signed_at)}" if quality.signed_at else ""
    return f"Signed off by {name_of(briefing, quality.signed_by)}{when}."


def _checks(sheet: Sheet, briefing: Briefing) -> None:
    """What each check found: what that means, how often, the first findings; or that there was nothing."""
    notes = briefing.quality.checks
    total = sum(note.count for note in notes)
    sheet.heading("What the checks found", counted(total, "finding"), keep=30)
    if not notes:
        sheet.text("Nothing to say of this week.", after=8)
        return
    for note in notes:
        mark = "" if note.severity == "information" else f"{note.severity.capitalize()}. "
        sheet.ensure(40)
        sheet.text(f"{mark}{note.means}", t.TEXT_BOLD, after=1)
        for sentence in note.sentences:
            sheet.bullet(sentence)
        if note.count > len(note.sentences):
            sheet.bullet(f"and {number(note.count - len(note.sentences))} more: compstat check lists them.")
    sheet.advance(8)


def _waivers(sheet: Sheet, briefing: Briefing) -> None:
    """What was signed off in spite of a finding, and why."""
    waivers = briefing.quality.waivers
    if not waivers:
        return
    sheet.heading("Waived at sign-off", counted(len(waivers), "waiver"), keep=30)
    for words in waivers:
        sheet.bullet(words)
    sheet.advance(8)


def _audits(sheet: Sheet, briefing: Briefing) -> None:
    """Records looked at: the rate of error with its exact interval, and the headline corrected by it."""
    audits = briefing.quality.audits
    if not audits:
        return
    sheet.heading("Records audited", counted(len(audits), "audit"), keep=30)
    for words in audits:
        sheet.bullet(words)
    sheet.advance(8)


def _missing(sheet: Sheet, briefing: Briefing) -> None:
    """Missing returns, a row a unit."""
    by_unit: dict[str, list[str]] = {}
    for unit, indicator in briefing.quality.missing:
        by_unit.setdefault(unit, []).append(name_of(briefing, indicator))
    if not by_unit:
        return
    sheet.heading("Missing returns")
    columns = (Column("unit", 130, style=t.CELL_BOLD), Column("indicators", sheet.paper.measure - 130, lines=40))
    Table(columns).draw(sheet, [Row([name_of(briefing, unit), ", ".join(what)]) for unit, what in by_unit.items()])
    sheet.advance(14)


def _batches(sheet: Sheet, briefing: Briefing) -> None:
    """The batches the figures came from."""
    batches = briefing.quality.batches
    if not batches:
        return
    sheet.heading("Where the figures came from", counted(len(batches), "batch", "batches"))
    columns = (
        Column("batch", 90, style=t.CELL_BOLD),
        Column("recorded", 130),
        Column("source", sheet.paper.measure - 280),
        Column("rows", 60, "right"),
    )
    rows = [
        Row([batch, moment(recorded), source, number(count)])
        for batch, recorded, source, count in batches[: _most(sheet, len(batches))]
    ]
    Table(columns).draw(sheet, rows)
    if earlier := batches[len(rows) :]:
        sheet.advance(4)
        figures = number(sum(count for *_, count in earlier))
        sheet.text(f"and {counted(len(earlier), 'earlier batch', 'earlier batches')} of {figures} rows.", t.TEXT)
    sheet.advance(14)


def _most(sheet: Sheet, batches: int) -> int:
    """How many of the newest batches this page holds with the line that counts the others."""
    room = int((sheet.room - 40) / ROW)
    most = max(room if batches <= room else room - 1, FEWEST_BATCHES)
    return min(most, BATCHES_LISTED)
