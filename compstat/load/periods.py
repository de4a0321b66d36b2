"""From the dates a file gives to the periods they stand for, with what is wrong about each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from compstat.calendar import EARLIEST, LATEST, PERIODS_FILE, Cadence, Calendar, DaysCadence, DeclaredCadence, end_of
from compstat.load.columns import Columns
from compstat.workspace.date_order import DateOrder

MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){MIDNIGHT}", re.ASCII)
YEAR_LAST = re.compile(rf"(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}){MIDNIGHT}", re.ASCII)  # day or month first

OUT_OF_RANGE = f"days are read from {EARLIEST} to {LATEST}"
WANTED = {
    "iso-week": "a week such as 2026-W46",
    "month": "a month such as 2026-11",
    "start": "a date such as 2026-11-09",
    "end": "a date such as 2026-11-15",
}


class NoSuchDayError(ValueError):
    """Written as a date is, and yet none: says why."""


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    """A date as given, for one cadence: its period's first and last day, or a code and what was wanted instead."""

    cadence: str
    given: date
    period_start: date
    period_end: date
    code: str | None = None
    wanted: str | None = None


def parse_date(text: str, kind: str, calendar: Calendar, order: DateOrder = DateOrder.YEAR_FIRST) -> date:
    """A cell as a date: year, month, day; or `2026-W46` under `week` and `2026-11` under `month`.

    Where another order is declared, 15/11/2026 too. Raises ValueError for anything else: what `3/4/26` means
    is never guessed. NoSuchDayError, which is one, for a day that there is not, and for years outside the calendar.
    """
    if kind == "iso-week":
        if not re.fullmatch(r"\d{4}-?[Ww]\d{1,2}", text, re.ASCII):
            raise ValueError(text)
        return _week(text, calendar)
    if kind == "month" and re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        text = f"{text}-01"
    if parts := YEAR_FIRST.fullmatch(text):
        day = _day(int(parts[1]), int(parts[2]), int(parts[3]))
    elif order is not DateOrder.YEAR_FIRST and (parts := YEAR_LAST.fullmatch(text)):
        first, second = int(parts[1]), int(parts[2])
        day_of_month, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
        day = _day(int(parts[3]), month, day_of_month)
    else:
        raise ValueError(text)
    return day


def why_no_date(text: str, kind: str, calendar: Calendar, order: DateOrder) -> str:
    """Why a text that is written as a date is written is none; "" where it is not written so."""
    try:
        parse_date(text, kind, calendar, order)
    except NoSuchDayError as error:
        return str(error)
    except ValueError:
        pass
    return ""


def _week(text: str, calendar: Calendar) -> date:
    try:
        return calendar.week_of(text)
    except ValueError:
        year = int(text[:4])
        if not EARLIEST.year <= year <= LATEST.year:
            raise NoSuchDayError(OUT_OF_RANGE) from None
        weeks = date(year, 12, 28).isocalendar().week  # 28 December is in the last ISO week of its year
        raise NoSuchDayError(f"{year} has {weeks} weeks, 1 to {weeks}") from None


def _day(year: int, month: int, day_of_month: int) -> date:
    try:
        day = date(year, month, day_of_month)
    except ValueError:
        raise NoSuchDayError("there is no such day") from None
    if not EARLIEST <= day <= LATEST:
        raise NoSuchDayError(OUT_OF_RANGE)
    return day


def known_periods(
    pairs: Iterable[tuple[date, str]], columns: Columns, calendar: Calendar, last_day_over: date
) -> list[KnownPeriod]:
    """Every date given and cadence it was given for. A period that ends after `last_day_over` is in the future."""
    return [_period(given, calendar.cadence(name), columns, calendar, last_day_over) for given, name in pairs]


def _period(given: date, cadence: Cadence, columns: Columns, calendar: Calendar, last_day_over: date) -> KnownPeriod:
    start = cadence.start_of(given)
    last = end_of(cadence, start)

    def found(code: str | None = None, wanted: str | None = None) -> KnownPeriod:
        return KnownPeriod(cadence.name, given, start, last, code, wanted)

    fits_heading = not columns.when.startswith("week") or cadence.name == "weekly"
    if not fits_heading or (columns.when == "month" and cadence.name != "monthly"):
        heading = {"weekly": "week_ending", "monthly": "month"}.get(cadence.name, "period_start")
        return found("wrong-cadence", f"a file with the heading {heading}: the indicator is {cadence.name}")
    expected = last if columns.when_kind == "end" else start
    if given != expected or (isinstance(cadence, DeclaredCadence) and not cadence.declares(start)):
        return found("off-grid-date", _wanted(cadence, calendar, expected))
    if last > last_day_over:
        wanted = f"a period that was over by {last_day_over}, before this was recorded; this one ends with {last}"
        return found("future-period", wanted)
    return found()


def _wanted(cadence: Cadence, calendar: Calendar, expected: date) -> str:
    if isinstance(cadence, DaysCadence) and cadence.name == "weekly":
        return f"{expected}: weeks here end on {calendar.week_ends_on.title()}"
    if isinstance(cadence, DeclaredCadence):
        first, last = cadence.starts[0], cadence.periods[-1].last
        return f"a date of {PERIODS_FILE}, which declares {cadence.name} from {first} to {last}"
    return f"{expected}: the indicator is {cadence.name}"
