"""The recent series of every cell of one cadence as matrices, cells by periods: what the tests compute on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from compstat.calendar import Cadence, Windows, end_of, periods_between
from compstat.store import Store
from compstat.windows.matrix import Floats, Integers, figures_as_known
from compstat.windows.scope import Scope, look_back
from compstat.windows.succession import Inherited
from compstat.workspace.tables import Better, Indicator

__all__ = ["NO_CELLS", "Bools", "Floats", "Integers", "Panel", "SameAge", "named_cells", "read_panel"]

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class SameAge:
    """The year-ago window as it was known when its figures were as old as this year's now: `days` after its end.

    amount, volume: cells by periods of the recent window; NaN: not known then.
    """

    days: int
    amount: Floats
    volume: Floats


NO_CELLS = np.zeros(0, dtype=np.int64)
ADVERSE = {Better.LOWER: 1.0, Better.HIGHER: -1.0, Better.NEUTRAL: 0.0}


@dataclass(frozen=True)
class Panel:
    """Cells by periods, oldest first; the last column is the current period. NaN: no return.

    amount and volume: numerator and denominator of a ratio, else the value and 1. cell: numbers in the scope.
    Periods before a declared break (breaks.csv) are NaN, for nothing is compared across one; `breaks` has the
    place and day of each, `returned` whether a return came all the same. `inherited`: whose history it is.
    """

    scope: Scope
    cadence: Cadence
    starts: tuple[date, ...]
    cell: Integers
    amount: Floats
    volume: Floats
    returned: Bools
    breaks: dict[int, date]
    inherited: dict[int, Inherited]
    same_age: SameAge | None

    @property
    def windows(self) -> Windows:
        return self.scope.windows[self.cadence.name]

    @property
    def current(self) -> date:
        return self.starts[-1]

    @cached_property
    def days(self) -> Floats:
        """How many days each period has: months and half-terms are not alike."""
        return np.array([(end_of(self.cadence, start) - start).days + 1.0 for start in self.starts])

    @cached_property
    def relative_days(self) -> Floats | None:
        """The same over their mean; None where all periods are alike, as weeks are."""
        return None if self.days.min() == self.days.max() else self.days / self.days.mean()

    def in_even_periods(self, row: Integers, columns: slice) -> Floats:
        """Amounts of these cells and periods as if all had as many days."""
        amount: Floats = self.amount[row, columns]
        return amount if self.relative_days is None else amount / self.relative_days[columns]

    @property
    def size(self) -> int:
        return len(self.cell)

    @cached_property
    def units(self) -> list[str]:
        return [self.scope.cells[number][0] for number in self.cell.tolist()]

    @cached_property
    def indicators(self) -> list[Indicator]:
        rows = self.scope.workspace.indicators
        return [rows[number] for number in self._indicator_number.tolist()]

    @cached_property
    def group(self) -> Integers:
        """A number a cell, the same for cells of one indicator and level: those that share a dispersion."""
        return self._indicator_number * len(self._level_numbers) + self._level_number

    @cached_property
    def is_count(self) -> Bools:
        return self.of_indicator(lambda row: row.is_count).astype(bool)

    @cached_property
    def is_ratio(self) -> Bools:
        return self.of_indicator(lambda row: row.is_ratio).astype(bool)

    @cached_property
    def adverse(self) -> Integers:
        """1 where more is worse, -1 where less is worse, 0 for a neutral indicator."""
        return self.of_indicator(lambda row: ADVERSE[row.better]).astype(np.int64)

    @cached_property
    def scale(self) -> Floats:
        """What numerator / denominator is multiplied by; 1 for what is no ratio."""
        return self.of_indicator(lambda row: row.scale if row.is_ratio else 1.0)

    @cached_property
    def value(self) -> Floats:
        """The figure as people read it: a share times its scale, else the amount."""
        value, rows = self.amount.copy(), np.flatnonzero(self.is_ratio)
        below = np.where(self.volume[rows] > 0, self.volume[rows], np.nan)
        value[rows] = self.amount[rows] / below * self.scale[rows, np.newaxis]
        return value

    @cached_property
    def newest_volume(self) -> Floats:
        """What a difference in the figure is multiplied by to become events: the denominator, else 1."""
        return np.where(self.is_ratio, self.volume[:, -1], 1.0)

    def before(self, periods: int) -> tuple[slice, slice]:
        """Columns of the window of the newest so many periods, and of the year that ends before it starts."""
        end = len(self.starts)
        return slice(end - periods, end), slice(end - periods - self.cadence.year, end - periods)

    @cached_property
    def year_ago_columns(self) -> Integers:
        """For each of the recent window's columns, the column a year before."""
        last = self.starts.index(self.windows.week_year_ago.first)
        return np.arange(last + 1 - self.cadence.recent, last + 1, dtype=np.int64)

    def of_indicator(self, say: Callable[[Indicator], float]) -> Floats:
        """A number a cell, asked once an indicator."""
        every = [float(say(row)) for row in self.scope.workspace.indicators]
        return np.array(every, dtype=np.float64)[self._indicator_number]

    def everywhere(self, indicator: str) -> Integers:
        """Places of an indicator's cells."""
        return self._places.get(indicator, NO_CELLS)

    def at_level(self, indicator: str, level: str) -> Integers:
        """Places of an indicator's cells at a level."""
        every = self.everywhere(indicator)
        here: Integers = every[self._level_number[every] == self._level_numbers.get(level, -1)]
        return here

    def at_unit(self, indicator: str, unit: str) -> Integers:
        """The place of one cell, or none."""
        place = self._place_of_cell.get((unit, indicator))
        return NO_CELLS if place is None else np.array([place], dtype=np.int64)

    @cached_property
    def _indicator_number(self) -> Integers:
        number = {row.indicator: at for at, row in enumerate(self.scope.workspace.indicators)}
        return np.array([number[self.scope.cells[at][1]] for at in self.cell.tolist()], dtype=np.int64)

    @cached_property
    def _level_numbers(self) -> dict[str, int]:
        return {level: at for at, level in enumerate(sorted(set(self.scope.levels.values())))}

    @cached_property
    def _level_number(self) -> Integers:
        number = {unit: self._level_numbers[level] for unit, level in self.scope.levels.items()}
        return np.array([number[unit] for unit in self.units], dtype=np.int64)

    @cached_property
    def _places(self) -> dict[str, Integers]:
        order = np.argsort(self._indicator_number, kind="stable")
        numbers, firsts = np.unique(self._indicator_number[order], return_index=True)
        rows = self.scope.workspace.indicators
        parts = np.split(order, firsts[1:])
        return {rows[at].indicator: part for at, part in zip(numbers.tolist(), parts, strict=False)}

    @cached_property
    def _place_of_cell(self) -> dict[tuple[str, str], int]:
        return {self.scope.cells[number]: place for place, number in enumerate(self.cell.tolist())}


def named_cells(panel: Panel, indicator: str, name: str) -> Integers:
    """Places of the cells that a table's row is about: a unit, a level, or `*` for every unit."""
    if name == "*":
        return panel.everywhere(indicator)
    return np.union1d(panel.at_unit(indicator, name), panel.at_level(indicator, name))


def read_panel(store: Store, scope: Scope, cadence: Cadence, first: date | None = None) -> Panel:
    """The panel of one cadence, as known at the scope's moment; `put_cells` has put this scope into the store.

    `first`: its oldest period; None: as far as charts and tests look back.
    """
    current = scope.windows[cadence.name].week.first
    starts = tuple(periods_between(cadence, first or look_back(cadence, current), current))
    cell = np.array(scope.cells_of(cadence.name), dtype=np.int64)
    every = np.array(scope.cells_of(cadence.name, with_ancestors=True), dtype=np.int64)  # the ancestors at the end
    amount, volume = figures_as_known(store, cadence.name, every, starts, scope.known_at)
    returned = ~np.isnan(amount[: len(cell)])
    inherited = scope.inherit(every, starts, (amount, volume))
    panel = Panel(
        scope,
        cadence,
        starts,
        cell,
        amount[: len(cell)],
        volume[: len(cell)],
        returned,
        {},
        {row: words for row, words in inherited.items() if row < len(cell)},
        _same_age(store, scope, cadence, every, starts),
    )
    panel.breaks.update(_breaks(panel))
    for place, day in panel.breaks.items():
        before = sum(start < day for start in starts)
        panel.amount[place, :before] = panel.volume[place, :before] = np.nan
    return panel


def _same_age(store: Store, scope: Scope, cadence: Cadence, cell: Integers, starts: Sequence[date]) -> SameAge | None:
    """The year-ago window as known when it was as old; None where nothing was known by then."""
    spans = scope.windows[cadence.name]
    shift = spans.week.first - spans.week_year_ago.first
    moment = datetime.combine((scope.known_at - shift).date(), time.max)
    if store.rows("windows/known_at", as_of=moment)[0][0] is None:
        return None
    window = [start for start in starts if spans.four_weeks_year_ago.first <= start <= spans.week_year_ago.first]
    amount, volume = figures_as_known(store, cadence.name, cell, window, moment)
    scope.inherit(cell, window, (amount, volume))
    wanted = len(scope.cells_of(cadence.name))
    return SameAge((scope.known_at.date() - spans.week.last).days, amount[:wanted], volume[:wanted])


def _breaks(panel: Panel) -> dict[int, date]:
    """Place of each cell with a declared break in or before the current period, and the newest such day."""
    found: dict[int, date] = {}
    for row in panel.scope.workspace.breaks:
        if row.start <= panel.current:
            for place in named_cells(panel, row.indicator, row.unit).tolist():
                found[place] = max(row.start, found.get(place, row.start))
    return found
