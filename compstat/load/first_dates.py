"""The dates of a file for which there is no workspace yet: their days, and in which order they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from compstat.calendar import Calendar
from compstat.findings import DataError, Finding
from compstat.load.periods import YEAR_FIRST, YEAR_LAST, parse_date
from compstat.load.quoted import quoted
from compstat.workspace.date_order import DateOrder

MOST_BAD_DATES = 0.5  # share of rows; above it the dates are in another style, not mistyped
LAST_MONTH = 12
ASK_FOR_ORDER = "Say which number is the day, it is not guessed: compstat init --dates day-first or --dates month-first"
PLACES = {DateOrder.DAY_FIRST: "first", DateOrder.MONTH_FIRST: "second"}


@dataclass(frozen=True)
class Dates:
    """The day of every text that is one. `remark`: what settled the order, where something had to."""

    days: dict[str, date]
    order: DateOrder
    remark: str = ""


def read_dates(texts: Counter[str], heading: str, kind: str, asked: DateOrder | None, source: str) -> Dates:
    """The dates under a heading, each text with how many rows hold it; `asked`: the order that somebody declared.

    Raises DataError where most are no dates, or day and month in an order that no day above 12 settles.
    """
    settled = _settled(texts) if asked is None else None
    order = asked or (settled[0] if settled else DateOrder.YEAR_FIRST)
    days: dict[str, date] = {}
    for text in texts:
        try:
            days[text] = parse_date(text, kind, Calendar(), order)
        except ValueError:
            continue
    bad = [text for text in texts if text not in days]
    against = [text for text in bad if asked and YEAR_LAST.fullmatch(text)]
    if against:
        message = f"{quoted(heading)} holds {quoted(against[0])}, which is no date in the order {asked}"
        raise DataError(Finding("bad-date", source, message, "Mend that date, or say another order with --dates."))
    if sum(texts[text] for text in bad) > MOST_BAD_DATES * texts.total():
        raise _unread(heading, bad, source)
    remark = ""
    if settled:
        remark = f"{quoted(heading)} is read {order.replace('-', ' ')}: {quoted(settled[1])} has its day in the "
        remark += f"{PLACES[order]} place. compstat.toml says so from here on."
    return Dates(days, order, remark)


def _settled(texts: Collection[str]) -> tuple[DateOrder, str] | None:
    """The one order in which every date is a date, and the text that settles it; None where nothing does."""
    if any(YEAR_FIRST.fullmatch(text) for text in texts):
        return None  # two styles in one file: a spreadsheet may have turned day and month round
    found: dict[DateOrder, str] = {}
    for text in texts:
        if parts := YEAR_LAST.fullmatch(text):
            if int(parts[1]) > LAST_MONTH:
                found.setdefault(DateOrder.DAY_FIRST, text)
            if int(parts[2]) > LAST_MONTH:
                found.setdefault(DateOrder.MONTH_FIRST, text)
    return next(iter(found.items())) if len(found) == 1 else None


def _unread(heading: str, bad: Collection[str], source: str) -> DataError:
    example = next((text for text in bad if text), "")
    if not example:
        message = f"{quoted(heading)} is empty in most rows; wanted a date in each, such as 2026-11-15"
        return DataError(Finding("bad-date", source, message, "Write the date into every row."))
    message = f"{quoted(heading)} holds dates such as {quoted(example)}; wanted 2026-11-15"
    fix = ASK_FOR_ORDER if YEAR_LAST.fullmatch(example) else "Write them as year-month-day."
    return DataError(Finding("bad-date", source, message, fix))
