"""How often figures come: weeks, months, and periods that a table declares (half-terms).

A period is known by its first day, never by its number: 2026 has a week 53, and joining on numbers
pairs the wrong weeks. Every cadence answers the same questions, so that nothing above this file assumes a week.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

DAY = timedelta(days=1)
CUSTOM = "custom:"  # before the name of a cadence that periods.csv declares
PERIODS_FILE = "periods.csv"
DAYS_OF_A_YEAR = 365.25
MOST_RECENT = 4  # periods of the recent window: of declared ones a quarter of the year, as with months, but no more


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
        """First day of the period that holds this day; in a gap between periods, of the one before."""

    def end_of(self, start: date) -> date:
        """Last day of the period that starts on this day."""

    def shift(self, start: date, periods: int) -> date:
        """First day of the period so many periods later (earlier when negative)."""

    def year_ago(self, start: date) -> date:
        """First day of the period a year before, by the workspace's rule."""

    def label(self, start: date) -> str:
        """What people call the period: `2026-W46`, `2026-11`."""


def end_of(cadence: Cadence, start: date) -> date:
    """Last day of the period."""
    return cadence.end_of(start)


def periods_between(cadence: Cadence, first: date, last: date) -> Iterator[date]:
    """First days of every period from the one that starts at `first` to the one that starts at `last`."""
    start = first
    while start <= last:
        yield start
        start = cadence.shift(start, 1)


@dataclass(frozen=True, slots=True)
class DaysCadence:
    """Periods of a fixed number of days: 7 (weekly) or 14 (fortnightly), counted from `anchor`.

    year_ago_starts: what year_ago.csv says of a period; any other is compared with the one 364 days before.
    """

    name: str
    days: int
    anchor: date
    recent: int
    year: int
    year_ago_starts: Mapping[date, date] = field(default_factory=dict, hash=False)

    def start_of(self, day: date) -> date:
        return day - timedelta(days=(day - self.anchor).days % self.days)

    def end_of(self, start: date) -> date:
        return start + timedelta(days=self.days - 1)

    def shift(self, start: date, periods: int) -> date:
        return start + timedelta(days=self.days * periods)

    def year_ago(self, start: date) -> date:
        # 364 days: the same weekdays, so a week is compared with a week, and never by its number
        return self.year_ago_starts.get(start) or start - timedelta(days=364)

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

    def end_of(self, start: date) -> date:
        return _add_months(start, self.months) - DAY

    def shift(self, start: date, periods: int) -> date:
        return _add_months(start, self.months * periods)

    def year_ago(self, start: date) -> date:
        return _add_months(start, -12)

    def label(self, start: date) -> str:
        return f"{start:%Y-%m}"


@dataclass(frozen=True, slots=True)
class DeclaredPeriod:
    """One period of a declared cadence. year_ago_start None: it is compared with the one a year's periods before."""

    first: date
    last: date
    label: str = ""
    year_ago_start: date | None = None


@dataclass(frozen=True)
class DeclaredCadence:
    """Periods that periods.csv declares, oldest first; days between them belong to none (holidays between terms).

    Windows reach back beyond the table, where it begins: there periods of the usual spacing are reckoned with,
    for which nothing can have been returned, so that a short table gives short histories and no error.
    """

    name: str
    periods: tuple[DeclaredPeriod, ...]

    @cached_property
    def starts(self) -> tuple[date, ...]:
        return tuple(period.first for period in self.periods)

    @cached_property
    def _place(self) -> dict[date, int]:
        return {start: place for place, start in enumerate(self.starts)}

    @cached_property
    def _spacing(self) -> timedelta:
        """Days from one start to the next, on the average; of a single period: its own length."""
        gaps = len(self.periods) - 1
        days = (self.starts[-1] - self.starts[0]).days / gaps if gaps else self._days(self.periods[0])
        return timedelta(days=max(1, round(days)))

    @staticmethod
    def _days(period: DeclaredPeriod) -> int:
        return (period.last - period.first).days + 1

    @cached_property
    def year(self) -> int:
        return max(1, round(DAYS_OF_A_YEAR / self._spacing.days))

    @cached_property
    def recent(self) -> int:
        return max(1, min(MOST_RECENT, self.year // 4))

    def declares(self, start: date) -> bool:
        """Whether a period of the table starts on this day."""
        return start in self._place

    def start_of(self, day: date) -> date:
        return self._start(self._at(day))

    def end_of(self, start: date) -> date:
        place = self._place.get(start)
        return self.shift(start, 1) - DAY if place is None else self.periods[place].last

    def shift(self, start: date, periods: int) -> date:
        return self._start(self._at(start) + periods)

    def year_ago(self, start: date) -> date:
        place = self._place.get(start)
        declared = None if place is None else self.periods[place].year_ago_start
        return declared or self.shift(start, -self.year)

    def label(self, start: date) -> str:
        place = self._place.get(start)
        return (self.periods[place].label if place is not None else "") or start.isoformat()

    def _at(self, day: date) -> int:
        """The place of the newest period that had started by this day; below 0 and beyond the end outside the table."""
        if day < self.starts[0]:
            return (day - self.starts[0]) // self._spacing
        beyond = self.periods[-1].last + DAY
        if day >= beyond:
            return len(self.starts) + (day - beyond) // self._spacing
        return bisect_right(self.starts, day) - 1

    def _start(self, place: int) -> date:
        if place < 0:
            return self.starts[0] + place * self._spacing
        over = place - len(self.starts)
        return self.starts[place] if over < 0 else self.periods[-1].last + DAY + over * self._spacing


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
