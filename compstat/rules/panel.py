"""The recent series of every cell of one cadence as matrices, cells by periods: what the tests compute on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from compstat.calendar import Cadence, Windows, periods_between
from compstat.rules.scope import Scope, look_back
from compstat.store import Store
from compstat.workspace.tables import Better, Indicator

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Cells by periods, oldest first; the last column is the current period. NaN: no return.

    amount and volume: numerator and denominator of a ratio, else the value and 1. cell: numbers in the scope.
    Periods before a declared break (breaks.csv) are NaN: nothing is compared across one.
    """

    scope: Scope
    cadence: Cadence
    starts: tuple[date, ...]
    cell: Integers
    amount: Floats
    volume: Floats
    breaks: dict[int, date]

    @property
    def windows(self) -> Windows:
        return self.scope.windows[self.cadence.name]

    @property
    def current(self) -> date:
        return self.starts[-1]

    @cached_property
    def units(self) -> list[str]:
        return [self.scope.cells[number][0] for number in self.cell]

    @cached_property
    def indicators(self) -> list[Indicator]:
        of = {row.indicator: row for row in self.scope.workspace.indicators}
        return [of[self.scope.cells[number][1]] for number in self.cell]

    @cached_property
    def group(self) -> Integers:
        """A number a cell, the same for cells of one indicator and level: those that share a dispersion."""
        levels = self.scope.levels
        keys = [(row.indicator, levels[unit]) for row, unit in zip(self.indicators, self.units, strict=True)]
        numbers = {key: number for number, key in enumerate(sorted(set(keys)))}
        return np.array([numbers[key] for key in keys], dtype=np.int64)

    @cached_property
    def is_count(self) -> Bools:
        return np.array([row.is_count for row in self.indicators], dtype=bool)

    @cached_property
    def is_ratio(self) -> Bools:
        return np.array([row.is_ratio for row in self.indicators], dtype=bool)

    @cached_property
    def adverse(self) -> Integers:
        """1 where more is worse, -1 where less is worse, 0 for a neutral indicator."""
        sign = {Better.LOWER: 1, Better.HIGHER: -1, Better.NEUTRAL: 0}
        return np.array([sign[row.better] for row in self.indicators], dtype=np.int64)

    @cached_property
    def value(self) -> Floats:
        """The figure as people read it: a share times its scale, else the amount."""
        scale = np.array([row.scale if row.is_ratio else 1.0 for row in self.indicators])
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = self.amount / self.volume * scale[:, np.newaxis]
        return np.where(self.is_ratio[:, np.newaxis], np.where(self.volume > 0, shares, np.nan), self.amount)

    @property
    def size(self) -> int:
        return len(self.cell)

    def before(self, periods: int) -> tuple[slice, slice]:
        """Columns of the window of the newest so many periods, and of the year that ends before it starts."""
        end = len(self.starts)
        return slice(end - periods, end), slice(end - periods - self.cadence.year, end - periods)

    @cached_property
    def year_ago_columns(self) -> Integers:
        """For each of the recent window's columns, the column a year before."""
        place = {start: column for column, start in enumerate(self.starts)}
        recent = self.starts[-self.cadence.recent :]
        return np.array([place[self.cadence.year_ago(start)] for start in recent], dtype=np.int64)


def read_panel(store: Store, scope: Scope, cadence: Cadence) -> Panel:
    """The panel of one cadence, as known at the scope's moment."""
    current = scope.windows[cadence.name].week.first
    starts = tuple(periods_between(cadence, look_back(cadence, current), current))
    cell = np.array(scope.cells_of(cadence.name), dtype=np.int64)
    found = store.arrays(
        "windows/recent_figures", cadence=cadence.name, known_at=scope.known_at, first=starts[0], last=current
    )
    amount = np.full((len(cell), len(starts)), np.nan)
    volume = amount.copy()
    row = _places(np.asarray(found["cell"], dtype=np.int64), cell)
    column = np.searchsorted(
        np.array(starts, dtype="datetime64[D]"), found["period_start"].astype("datetime64[D]")
    )
    amount[row, column] = np.ma.filled(np.ma.asarray(found["amount"], dtype=np.float64), np.nan)
    volume[row, column] = np.ma.filled(np.ma.asarray(found["volume"], dtype=np.float64), np.nan)
    breaks = _breaks(scope, cell, current)
    for place, day in breaks.items():
        before = [start < day for start in starts]
        amount[place, before] = volume[place, before] = np.nan
    return Panel(scope, cadence, starts, cell, amount, volume, breaks)


def _places(numbers: Integers, cell: Integers) -> Integers:
    """The row of each cell number."""
    return np.searchsorted(cell, numbers)


def _breaks(scope: Scope, cell: Integers, current: date) -> dict[int, date]:
    """Row of each cell with a declared break in or before the current period, and the newest such day."""
    found: dict[int, date] = {}
    if not scope.workspace.breaks:
        return found
    for place, number in enumerate(cell):
        unit, indicator = scope.cells[number]
        names = {unit, scope.levels[unit], "*"}
        days = [
            row.start
            for row in scope.workspace.breaks
            if row.indicator == indicator and row.unit in names and row.start <= current
        ]
        if days:
            found[place] = max(days)
    return found
