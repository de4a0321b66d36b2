"""Periods and windows: which days a return covers, what a year ago means, which days each window holds.

A period is known by its first day, never by its number: 2026 has a week 53, and joining on numbers
pairs the wrong weeks. Every cadence (weekly, fortnightly, monthly, quarterly, yearly) answers the same four
questions, so that nothing above this file assumes a week.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = timedelta(days=1)
# The days reckoned with: whatever lies outside is a typing error, and windows around these stay dates
EARLIEST, LATEST = date(1901, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Cadence(Protocol):
    """How often an indicator returns. `recent` and `year` count periods: 4 and 52 for weeks, 3 and 12 for months."""

    @property
    def name(self) -> str: ...
    @property
    def recent(self) -> int: ...
    @property
    def year(self) -> int: ...

    def start_of(self, day: date) -> date:
        """First day of the period that holds this day."""

    def shift(self, start: date, periods: int) -> date:
        """First day of the period so many periods later (earlier when negative)."""

    def year_ago(self, start: date) -> date:
        """First day of the period a year before, by the workspace's rule."""

    def label(self, start: date) -> str:
        """What people call the period: `2026-W46`, `2026-11`."""


def end_of(cadence: Cadence, start: date) -> date:
    """Last day of the period."""
    return cadence.shift(start, 1) - DAY


def periods_between(cadence: Cadence, first: date, last: date) -> Iterator[date]:
    """First days of every period from the one that starts at `first` to the one that starts at `last`."""
    start = first
    while start <= last:
        yield start
        start = cadence.shift(start, 1)


@dataclass(frozen=True, slots=True)
class DaysCadence:
    """Periods of a fixed number of days: 7 (weekly) or 14 (fortnightly), counted from `anchor`."""

    name: str
    days: int
    anchor: date
    recent: int
    year: int

    def start_of(self, day: date) -> date:
        return day - timedelta(days=(day - self.anchor).days % self.days)

    def shift(self, start: date, periods: int) -> date:
        return start + timedelta(days=self.days * periods)

    def year_ago(self, start: date) -> date:
        # 364 days: the same weekdays, so a week is compared with a week, and never by its number
        return start - timedelta(days=364)

    def label(self, start: date) -> str:
        thursday = next(start + timedelta(days=n) for n in range(7) if (start + timedelta(days=n)).weekday() == 3)
        year, week, _ = thursday.isocalendar()
        return f"{year}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class MonthsCadence:
    """Periods of whole months: 1 (monthly), 3 (quarterly) or 12 (yearly), counted from `first_month`."""

    name: str
    months: int
    recent: int
    year: int
    first_month: int = 1

    def start_of(self, day: date) -> date:
        back = (day.month - self.first_month) % self.months
        return _add_months(day.replace(day=1), -back)

    def shift(self, start: date, periods: int) -> date:
        return _add_months(start, self.months * periods)

    def year_ago(self, start: date) -> date:
        return _add_months(start, -12)

    def label(self, start: date) -> str:
        return f"{start:%Y-%m}"


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
    """A workspace's way to count time: the weekday its weeks end on and the day its year starts."""

    week_ends_on: str = "sunday"
    year_starts: tuple[int, int] = (1, 1)  # month, day

    def cadence(self, name: str) -> Cadence:
        """The cadence of that name; KeyError for an unknown one (the workspace tables are checked before)."""
        # 2001-01-01 was a Monday; the anchor is the first day of some week of this workspace
        anchor = date(2001, 1, 1) + timedelta(days=(WEEKDAYS.index(self.week_ends_on) + 1) % 7)
        known: dict[str, Cadence] = {
            "weekly": DaysCadence("weekly", 7, anchor, recent=4, year=52),
            "fortnightly": DaysCadence("fortnightly", 14, anchor, recent=2, year=26),
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
        to_date, to_date_before = self._year_to_date(cadence, current)
        return Windows(
            cadence=cadence.name,
            week=_span(cadence, current, current),
            week_year_ago=_span(cadence, cadence.year_ago(current), cadence.year_ago(current)),
            four_weeks=_span(cadence, recent, current),
            four_weeks_year_ago=_span(cadence, cadence.year_ago(recent), cadence.year_ago(current)),
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
        first, first_before = cadence.start_of(year_start), cadence.start_of(year_start_before)
        return _span(cadence, first, current), _span(cadence, first_before, last_before)

    def _year_start(self, day: date) -> date:
        month, first_day = self.year_starts
        start = date(day.year, month, first_day)
        return start if start <= day else date(day.year - 1, month, first_day)


def _span(cadence: Cadence, first: date, last: date) -> Span:
    return Span(first, end_of(cadence, last))


def _before(cadence: Cadence, start: date) -> Span:
    return Span(cadence.shift(start, -cadence.year), start - DAY)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
