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

WANTED = {
    "iso-week": "a week such as 2026-W46",
    "month": "a month such as 2026-11",
    "start": "a date such as 2026-11-09",
    "end": "a date such as 2026-11-15",
}


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

    Where another order is declared, 15/11/2026 too. Raises ValueError for anything else, and for years outside the
    calendar: what `3/4/26` means is never guessed.
    """
    if kind == "iso-week":
        if not re.fullmatch(r"\d{4}-?[Ww]\d{1,2}", text, re.ASCII):
            raise ValueError(text)
        return calendar.week_of(text)
    if kind == "month" and re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        text = f"{text}-01"
    if parts := YEAR_FIRST.fullmatch(text):
        day = date(int(parts[1]), int(parts[2]), int(parts[3]))
    elif order is not DateOrder.YEAR_FIRST and (parts := YEAR_LAST.fullmatch(text)):
        first, second = int(parts[1]), int(parts[2])
        day_of_month, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
        day = date(int(parts[3]), month, day_of_month)
    else:
        raise ValueError(text)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(text)
    return day


def known_periods(
    pairs: Iterable[tuple[date, str]], columns: Columns, calendar: Calendar, recorded_on: date
) -> list[KnownPeriod]:
    """Every date given and cadence it was given for. A period that ends after `recorded_on` is in the future."""
    return [_period(given, calendar.cadence(name), columns, calendar, recorded_on) for given, name in pairs]


def _period(given: date, cadence: Cadence, columns: Columns, calendar: Calendar, recorded_on: date) -> KnownPeriod:
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
    if last > recorded_on:
        return found("future-period", f"a period that ended by {recorded_on}, when this was recorded")
    return found()


def _wanted(cadence: Cadence, calendar: Calendar, expected: date) -> str:
    if isinstance(cadence, DaysCadence) and cadence.name == "weekly":
        return f"{expected}: weeks here end on {calendar.week_ends_on.title()}"
    if isinstance(cadence, DeclaredCadence):
        first, last = cadence.starts[0], cadence.periods[-1].last
        return f"a date of {PERIODS_FILE}, which declares {cadence.name} from {first} to {last}"
    return f"{expected}: the indicator is {cadence.name}"
