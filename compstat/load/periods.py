"""From the dates a file gives to the periods they stand for, with what is wrong about each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from compstat.calendar import Cadence, Calendar, DaysCadence, end_of
from compstat.load.columns import Columns


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    """A date as given, for one cadence: its period's first day, or a code and what was wanted instead."""

    cadence: str
    given: date
    period_start: date
    code: str | None = None
    wanted: str | None = None


def parse_date(text: str, kind: str, calendar: Calendar) -> date:
    """A cell as a date: ISO dates, or `2026-W46` under `week` and `2026-11` under `month`.

    Raises ValueError for anything else; two styles in one column are never guessed at.
    """
    if kind == "iso-week":
        if not re.fullmatch(r"\d{4}-?W\d{1,2}", text):
            raise ValueError(text)
        return calendar.week_of(text)
    if kind == "month" and re.fullmatch(r"\d{4}-\d{2}", text):
        return date.fromisoformat(f"{text}-01")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?", text):
        raise ValueError(text)
    return date.fromisoformat(text[:10])


def known_periods(
    pairs: Iterable[tuple[date, str]], columns: Columns, calendar: Calendar, recorded_on: date
) -> list[KnownPeriod]:
    """Every date given and cadence it was given for. A period that ends after `recorded_on` is in the future."""
    return [_period(given, calendar.cadence(name), columns, calendar, recorded_on) for given, name in pairs]


def _period(
    given: date, cadence: Cadence, columns: Columns, calendar: Calendar, recorded_on: date
) -> KnownPeriod:
    start = cadence.start_of(given)
    last = end_of(cadence, start)
    fits_heading = not columns.when.startswith("week") or cadence.name == "weekly"
    if not fits_heading or (columns.when == "month" and cadence.name != "monthly"):
        wanted = f"the first day of a period under period_start: the indicator is {cadence.name}"
        return KnownPeriod(cadence.name, given, start, "wrong-cadence", wanted)
    expected = last if columns.when_kind == "end" else start
    if given != expected:
        return KnownPeriod(cadence.name, given, start, "off-grid-date", _wanted(cadence, calendar, expected))
    if last > recorded_on:
        wanted = f"a period that ended by {recorded_on}, when this was recorded"
        return KnownPeriod(cadence.name, given, start, "future-period", wanted)
    return KnownPeriod(cadence.name, given, start)


def _wanted(cadence: Cadence, calendar: Calendar, expected: date) -> str:
    if isinstance(cadence, DaysCadence):
        return f"{expected}: weeks here end on {calendar.week_ends_on.title()}"
    return f"{expected}: the indicator is {cadence.name}"
