"""Periods and windows: which days a return covers, what a year ago means, which days each window holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from compstat.cadences import (
    CUSTOM,
    DAY,
    PERIODS_FILE,
    Cadence,
    DaysCadence,
    DeclaredCadence,
    DeclaredPeriod,
    MonthsCadence,
    Span,
    end_of,
    periods_between,
)

__all__ = [
    "CUSTOM",
    "DAY",
    "PERIODS_FILE",
    "Cadence",
    "Calendar",
    "DaysCadence",
    "DeclaredCadence",
    "DeclaredPeriod",
    "MonthsCadence",
    "Span",
    "Windows",
    "end_of",
    "periods_between",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The days reckoned with: whatever lies outside is a typing error, and windows around these stay dates
EARLIEST, LATEST = date(1901, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Windows:
    """The days of every window of one cadence, for the period that starts at `current.first`.

    `baseline_*` is the year that ends the day before its window starts, so the recent window has an
    earlier one. Year to date holds the periods whose end lies in the year; last year's is capped at its
    own year end, so the exposures of the two can differ.
    """

    cadence: str
    week: Span
    week_year_ago: Span
    four_weeks: Span
    four_weeks_year_ago: Span
    year_to_date: Span
    year_to_date_year_ago: Span
    rolling_year: Span
    rolling_year_year_ago: Span
    baseline_week: Span
    baseline_four_weeks: Span


@dataclass(frozen=True, slots=True)
class Calendar:
    """A workspace's way to count time: the weekday its weeks end on and the day its year starts.

    periods: what periods.csv declares, by the name of the cadence. year_ago_starts: what year_ago.csv says of
    weeks and fortnights, by their first day.
    """

    week_ends_on: str = "sunday"
    year_starts: tuple[int, int] = (1, 1)  # month, day
    periods: Mapping[str, tuple[DeclaredPeriod, ...]] = field(default_factory=dict, hash=False)
    year_ago_starts: Mapping[date, date] = field(default_factory=dict, hash=False)

    def cadence(self, name: str) -> Cadence:
        """The cadence of that name; KeyError for an unknown one (the workspace tables are checked before)."""
        if name.startswith(CUSTOM):
            return DeclaredCadence(name, self.periods[name.removeprefix(CUSTOM)])
        # 2001-01-01 was a Monday; the anchor is the first day of some week of this workspace
        anchor = date(2001, 1, 1) + timedelta(days=(WEEKDAYS.index(self.week_ends_on) + 1) % 7)
        known: dict[str, Cadence] = {
            "weekly": DaysCadence("weekly", 7, anchor, 4, 52, self.year_ago_starts),
            "fortnightly": DaysCadence("fortnightly", 14, anchor, 2, 26, self.year_ago_starts),
            "monthly": MonthsCadence("monthly", 1, recent=3, year=12),
            "quarterly": MonthsCadence("quarterly", 3, recent=1, year=4, first_month=self.year_starts[0]),
            "yearly": MonthsCadence("yearly", 12, recent=1, year=1, first_month=self.year_starts[0]),
        }
        return known[name]

    def week_of(self, words: str) -> date:
        """First day of the week named `2026-W46` (the week that holds that ISO week's Thursday) or by a date in it.

        Raises ValueError with plain words when it is neither.
        """
        words = words.strip()
        match = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", words, re.ASCII)
        try:
            day = date.fromisocalendar(int(match[1]), int(match[2]), 4) if match else date.fromisoformat(words)
        except ValueError:
            gone = f" ({match[1]} has no week 53)" if match and match[2] == "53" else ""
            fault = f'"{words}" is not a week{gone}: write 2026-W46, or a date such as 2026-11-15'
            raise ValueError(fault) from None
        if not EARLIEST <= day <= LATEST:
            raise ValueError(f'"{words}" is not a week between {EARLIEST.year} and {LATEST.year}')
        return self.cadence("weekly").start_of(day)

    def windows(self, cadence: Cadence, end: date) -> Windows:
        """The windows of the newest period of this cadence that has ended by the day `end`."""
        current = cadence.start_of(end)
        if end_of(cadence, current) > end:
            current = cadence.shift(current, -1)
        recent = cadence.shift(current, 1 - cadence.recent)
        year = cadence.shift(current, 1 - cadence.year)
        # that many periods, whatever a table pairs each of them with
        last_before = cadence.year_ago(current)
        first_before = cadence.shift(last_before, 1 - cadence.recent)
        to_date, to_date_before = self._year_to_date(cadence, current)
        return Windows(
            cadence=cadence.name,
            week=_span(cadence, current, current),
            week_year_ago=_span(cadence, last_before, last_before),
            four_weeks=_span(cadence, recent, current),
            four_weeks_year_ago=_span(cadence, first_before, last_before),
            year_to_date=to_date,
            year_to_date_year_ago=to_date_before,
            rolling_year=_span(cadence, year, current),
            rolling_year_year_ago=_span(
                cadence, cadence.shift(year, -cadence.year), cadence.shift(current, -cadence.year)
            ),
            baseline_week=_before(cadence, current),
            baseline_four_weeks=_before(cadence, recent),
        )

    def _year_to_date(self, cadence: Cadence, current: date) -> tuple[Span, Span]:
        year_start = self._year_start(end_of(cadence, current))
        year_start_before = self._year_start(year_start - DAY)
        last_before = cadence.year_ago(current)
        while end_of(cadence, last_before) >= year_start:  # capped at its own year end
            last_before = cadence.shift(last_before, -1)
        first, first_before = (_first_ending_from(cadence, day) for day in (year_start, year_start_before))
        return _span(cadence, first, current), _span(cadence, first_before, last_before)

    def _year_start(self, day: date) -> date:
        month, first_day = self.year_starts
        start = date(day.year, month, first_day)
        return start if start <= day else date(day.year - 1, month, first_day)


def _span(cadence: Cadence, first: date, last: date) -> Span:
    return Span(first, end_of(cadence, last))


def _first_ending_from(cadence: Cadence, day: date) -> date:
    """First day of the oldest period that ends on this day or later."""
    start = cadence.start_of(day)
    return start if end_of(cadence, start) >= day else cadence.shift(start, 1)


def _before(cadence: Cadence, start: date) -> Span:
    return Span(cadence.shift(start, -cadence.year), start - DAY)
