"""A store that has read a span of periods once and answers from memory what the evaluation of each week asks.

So a rehearsal runs the very code that judges a week alone: only where the figures come from differs. A question
that it does not know goes to the store itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compstat.rules.history.force_season import LOOK_BACK_YEARS
from compstat.store import ArrowStream, Store
from compstat.windows.matrix import Floats, Integers
from compstat.windows.scope import look_back
from compstat.workspace.workspace import Workspace

Cell = tuple[str, str]  # unit and indicator
STANDS = np.iinfo(np.int64).max  # superseded never


@dataclass(frozen=True)
class Versions:
    """Every figure of some periods and the time it was known for, oldest period first. Moments in microseconds.

    cell: places among `cells`, which are sorted. day: first day of the period, in days since 1970.
    """

    cells: tuple[Cell, ...]
    cell: Integers
    day: Integers
    amount: Floats
    volume: Floats
    recorded: Integers
    superseded: Integers

    def known(self, first: date, last: date, known_at: datetime) -> slice | Integers:
        """Places of the figures of the periods between two days that were known at a moment."""
        low, high = np.searchsorted(self.day, [_day(first), _day(last) + 1])
        moment = _moment(known_at)
        valid = (self.recorded[low:high] <= moment) & (self.superseded[low:high] > moment)
        return slice(low, high) if valid.all() else low + np.flatnonzero(valid)


def read_span(store: Store, workspace: Workspace, first_week: date, last_week: date) -> SpanStore:
    """The store for every evaluation of the weeks that start on these days and between them."""
    return SpanStore(store, workspace, _oldest(workspace, first_week), last_week + timedelta(days=6))


def _oldest(workspace: Workspace, week: date) -> date:
    """First day that any window of this week looks at."""
    calendar, end = workspace.calendar, week + timedelta(days=6)
    cadences = [calendar.cadence(name) for name in {row.cadence for row in workspace.indicators}]
    seasons = [one.shift(one.start_of(end), -LOOK_BACK_YEARS * one.year - one.recent) for one in cadences]
    return min(*seasons, *(look_back(one, one.shift(one.start_of(end), -1)) for one in cadences))


class SpanStore(Store):
    """The store as an evaluation sees it, for weeks whose figures start between two days."""

    def __init__(self, store: Store, workspace: Workspace, first: date, last: date) -> None:
        self._store = store
        self._moments: list[datetime] = [row[0] for row in store.rows("windows/moments")]
        self._first_recorded: dict[date, datetime] = dict(store.rows("windows/first_recorded", first=first, last=last))
        self._versions = _read(store, workspace, first, last)
        self._first = first
        self._season_cell: Mapping[str, NDArray[Any]] = {}
        self._scope: Mapping[str, Sequence[Any]] = {}
        self._scope_is_there = False
        self._numbers: dict[str, Integers] = {}
        self._number_of = {cell: number for number, cell in enumerate(self._versions.cells)}

    def rows(self, name: str, **params: object) -> list[tuple[Any, ...]]:
        """The rows of a query, from memory where it is about the figures of the span."""
        if self._reaches_beyond(params):
            return self._real.rows(name, **params)
        match name:
            case "windows/known_at":
                return [(self._known_at(params["as_of"]),)]
            case "windows/first_known":
                return [(self._first_known(params["week_start"], params["known_at"]),)]
            case "windows/returned":
                return self._returned(**params)  # type: ignore[arg-type]
            case "windows/scope":
                return []  # put where it is only when a query of the store itself needs it
        return self._real.rows(name, **params)

    def arrays(self, name: str, **params: object) -> dict[str, NDArray[Any]]:
        if self._reaches_beyond(params):
            return self._real.arrays(name, **params)
        if name == "windows/recent_figures":
            return self._recent_figures(**params)  # type: ignore[arg-type]
        if name == "windows/force_totals":
            return self._force_totals(**params)  # type: ignore[arg-type]
        return self._real.arrays(name, **params)

    def records(self, name: str, **params: object) -> list[dict[str, Any]]:
        return self._real.records(name, **params)

    def try_run(self, name: str, **params: object) -> bool:
        return self._real.try_run(name, **params)

    def put(self, table: str, columns: Mapping[str, object]) -> None:
        if table == "season_cell":
            self._season_cell = columns  # type: ignore[assignment]
        elif table != "scope_text":
            self._real.put(table, columns)
        elif columns != self._scope:
            self._scope = columns  # type: ignore[assignment]
            self._scope_is_there, self._numbers = False, {}

    def put_frame(self, table: str, frame: ArrowStream) -> None:
        self._real.put_frame(table, frame)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        with self._real.transaction(keep=keep):
            yield

    @property
    def _real(self) -> Store:
        """The store itself, with the scope of the week in it."""
        if self._scope and not self._scope_is_there:
            self._store.put("scope_text", self._scope)
            self._store.run("windows/scope")
            self._scope_is_there = True
        return self._store

    def _reaches_beyond(self, params: Mapping[str, Any]) -> bool:
        """Whether older figures are wanted than were read."""
        wanted: date = params.get("first", params.get("week_start", self._first))
        return wanted < self._first

    def _known_at(self, as_of: Any) -> datetime | None:
        place = np.searchsorted(np.array(self._moments, dtype="datetime64[us]"), np.datetime64(as_of, "us"), "right")
        return self._moments[int(place) - 1] if place else None

    def _first_known(self, week_start: Any, known_at: Any) -> datetime | None:
        came = self._first_recorded.get(week_start)
        return came if came is not None and came <= known_at else None

    def _returned(self, known_at: datetime, first: date, last: date) -> list[tuple[str, str, date]]:
        versions = self._versions
        at = versions.known(first, last, known_at)
        newest_first = versions.cell[at][::-1]
        oldest = np.full(len(versions.cells), -1, dtype=np.int64)
        oldest[newest_first] = versions.day[at][::-1]  # of several the last one stays: the oldest
        found = np.flatnonzero(oldest >= 0)
        days: list[date] = oldest[found].astype("datetime64[D]").tolist()
        return [(*versions.cells[cell], day) for cell, day in zip(found.tolist(), days, strict=True)]

    def _recent_figures(self, cadence: str, known_at: datetime, first: date, last: date) -> dict[str, NDArray[Any]]:
        versions = self._versions
        at = versions.known(first, last, known_at)
        number = self._numbered(cadence)[versions.cell[at]]
        here = number >= 0
        figures = {
            "cell": number,
            "period_start": versions.day[at].astype("datetime64[D]"),
            "amount": versions.amount[at],
            "volume": versions.volume[at],
        }
        return figures if here.all() else {name: column[here] for name, column in figures.items()}

    def _force_totals(self, known_at: datetime, last: date) -> dict[str, NDArray[Any]]:
        """As the query: what the units of each team returned together, over what those usually have."""
        versions, wanted = self._versions, self._season_cell
        at = versions.known(self._first, last, known_at)
        number = {cell: number for number, cell in enumerate(zip(wanted["unit"], wanted["indicator"], strict=True))}
        table = np.array([number.get(cell, -1) for cell in versions.cells], dtype=np.int64)
        row = table[versions.cell[at]]
        day, amount = versions.day[at], versions.amount[at]
        since = np.append(wanted["since"].astype("datetime64[D]").astype(np.int64), 0)
        kept = (row >= 0) & (day >= since[row]) & ~np.isnan(amount)
        row, day, amount = row[kept], day[kept], amount[kept]
        offset = _day(self._first)
        days = _day(last) - offset + 1
        place = wanted["team"][row] * days + day - offset
        returned = np.flatnonzero(np.bincount(place))
        total, usual = (np.bincount(place, weights)[returned] for weights in (amount, wanted["usual"][row]))
        return {
            "team": returned // days,
            "period_start": (returned % days + offset).astype("datetime64[D]"),
            "relative": total / usual,
        }

    def _numbered(self, cadence: str) -> Integers:
        """The number in the week's scope of each cell that returns at a cadence, -1 for any other."""
        if cadence not in self._numbers:
            scope = self._scope
            table = np.full(len(self._number_of), -1, dtype=np.int64)
            for number, unit, indicator, name in zip(
                scope["cell"], scope["unit"], scope["indicator"], scope["cadence"], strict=True
            ):
                place = self._number_of.get((unit, indicator))
                if name == cadence and place is not None:
                    table[place] = number
            self._numbers[cadence] = table
        return self._numbers[cadence]


def _read(store: Store, workspace: Workspace, first: date, last: date) -> Versions:
    """The one reading: every cell of the workspace's indicators, every version of its figures."""
    indicators = {row.indicator: row for row in workspace.indicators}
    found = store.rows("windows/cells_between", first=first, last=last)
    cells = tuple((unit, code) for unit, code in sorted(found) if code in indicators)
    columns = {
        "cell": list(range(len(cells))),
        "unit": [unit for unit, _ in cells],
        "indicator": [code for _, code in cells],
        "cadence": [indicators[code].cadence for _, code in cells],
        "is_ratio": [indicators[code].is_ratio for _, code in cells],
    }
    store.put("scope_text", columns)
    store.run("windows/scope")
    rows = store.arrays("windows/figures_ever_known", first=first, last=last)
    return Versions(
        cells,
        _filled(rows["cell"].astype(np.int64), -1),
        _filled(rows["period_start"].astype("datetime64[D]").astype(np.int64), 0),
        _filled(rows["amount"].astype(np.float64), np.nan),
        _filled(rows["volume"].astype(np.float64), np.nan),
        _filled(rows["recorded_at"].astype("datetime64[us]").astype(np.int64), 0),
        _filled(rows["superseded_at"].astype("datetime64[us]").astype(np.int64), STANDS),
    )


def _filled(column: NDArray[Any], nothing: float) -> NDArray[Any]:
    """The column with what is null as the value given."""
    return np.ma.filled(np.ma.asarray(column), nothing)


def _day(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _moment(moment: datetime) -> int:
    return int(np.datetime64(moment, "us").astype(np.int64))
