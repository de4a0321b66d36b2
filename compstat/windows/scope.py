"""Which units and indicators a cycle looks at, and the windows of the week it looks back from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from compstat.calendar import Cadence, Span, Windows, end_of
from compstat.findings import Finding, UsageError
from compstat.store import Store
from compstat.windows.matrix import Floats, Integers
from compstat.windows.succession import Cell, Inherited, ancestors, inherit
from compstat.workspace.settings import Cycle
from compstat.workspace.tables import CADENCES, Indicator
from compstat.workspace.workspace import Workspace

LOOK_BACK_PERIODS = 6  # periods beyond two years that the panel reaches back: a four-week window and its baseline
END_OF_TIME = datetime(9999, 12, 31)


@dataclass(frozen=True)
class Scope:
    """A week seen by a cycle: the days of every cadence's windows and the cells (unit x indicator) that return.

    week: first day of the week. last: its last day. known_at: the moment of the newest batch known then.
    cells: unit and indicator codes, sorted; a cell's place is its number in the store's table `scope`.
    """

    workspace: Workspace
    cycle: Cycle
    week: date
    known_at: datetime
    windows: dict[str, Windows]
    cells: tuple[tuple[str, str], ...]
    first_returns: tuple[date, ...]

    @property
    def last(self) -> date:
        return self.week + timedelta(days=6)

    @property
    def label(self) -> str:
        return self.workspace.calendar.cadence("weekly").label(self.week)

    @cached_property
    def levels(self) -> dict[str, str]:
        """The level of each unit on the week's last day."""
        return {unit: self.workspace.unit(unit, self.last).level for unit in {unit for unit, _ in self.cells}}

    @cached_property
    def ancestors(self) -> tuple[Cell, ...]:
        """Cells whose history those of the scope inherit; their numbers follow on."""
        return ancestors(self.workspace, self.cells, self.last)

    def of_indicators(self, codes: Collection[str]) -> Scope:
        """The same week, with the cells of these indicators alone; their numbers are others."""
        kept = [at for at, (_, code) in enumerate(self.cells) if code in codes]
        first_returns = tuple(self.first_returns[at] for at in kept)
        return replace(self, cells=tuple(self.cells[at] for at in kept), first_returns=first_returns)

    def cells_of(self, cadence: str, *, with_ancestors: bool = False) -> list[int]:
        """Numbers of the cells whose indicator returns at this cadence."""
        of = {row.indicator: row.cadence for row in self.workspace.indicators}
        every = (*self.cells, *self.ancestors) if with_ancestors else self.cells
        return [number for number, (_, indicator) in enumerate(every) if of[indicator] == cadence]

    def inherit(self, cell: Integers, starts: Sequence[date], matrices: tuple[Floats, Floats]) -> dict[int, Inherited]:
        """Write into the matrices of these cells what their units inherit; whose history it is, by row."""
        if not self.workspace.successions:
            return {}
        every = (*self.cells, *self.ancestors)
        rows = {every[at]: row for row, at in enumerate(cell.tolist())}
        return inherit(self.workspace, rows, starts, matrices, self.last)


def known_at(store: Store, as_of: datetime | None) -> datetime | None:
    """The moment of the newest batch known at a moment (None: now); None when nothing was known."""
    found: datetime | None = store.rows("windows/known_at", as_of=as_of or END_OF_TIME)[0][0]
    return found


def first_known(store: Store, workspace: Workspace, cycle: Cycle, week: date, known: datetime) -> datetime | None:
    """When the first return of a week's newest period came; None when none had come by that moment.

    The period is of the cycle's cadence; of any other where none of its indicators returns at that one.
    """
    calendar, indicators = workspace.calendar, _indicators_of(workspace, cycle)
    used = {row.cadence for row in workspace.indicators if row.indicator in indicators}
    moments: list[datetime | None] = [
        store.rows("windows/first_known", week_start=spans.week.first, known_at=known)[0][0]
        for name in used & {cycle.cadence} or used
        for spans in [calendar.windows(calendar.cadence(name), week + timedelta(days=6))]
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def refuse_empty(store: Store, workspace: Workspace, cycle: Cycle, week: date, known: datetime) -> None:
    """Raise UsageError for a week without a single return: no flag of it would read like "all is well"."""
    if first_known(store, workspace, cycle, week, known) is not None:
        return
    label = workspace.calendar.cadence("weekly").label(week)
    message = f"No return for {label} was known at {known:%Y-%m-%d %H:%M}."
    raise UsageError(Finding("no-returns", "", message, "See which weeks there are: compstat status"))


def look_back(cadence: Cadence, current: date) -> date:
    """First day of the oldest period that any chart or test of this period reads."""
    return cadence.shift(current, 1 - 2 * cadence.year - LOOK_BACK_PERIODS)


def open_scope(store: Store, workspace: Workspace, cycle: Cycle, week: date, known: datetime) -> Scope:
    """The scope of a week: every cell of the cycle with a return in the time its windows look at."""
    last = week + timedelta(days=6)
    used = {row.cadence for row in workspace.indicators}
    windows: dict[str, Windows] = {
        name: workspace.calendar.windows(workspace.calendar.cadence(name), last)
        for name in (*CADENCES, *sorted(used.difference(CADENCES)))
        if name in used
    }
    units, indicators = _units_of(workspace, cycle, last), _indicators_of(workspace, cycle)
    found = [row for row in _returned(store, workspace, windows, known) if row[0] in units and row[1] in indicators]
    return Scope(
        workspace,
        cycle,
        week,
        known,
        windows,
        tuple((unit, indicator) for unit, indicator, _ in found),
        tuple(first for _, _, first in found),
    )


def put_scope(store: Store, scope: Scope) -> None:
    """Make the store's tables `scope` and `span` say this scope; whoever queries them calls this first."""
    _put_cells(store, scope.workspace, scope.cells)
    _put_spans(store, list(scope.windows.values()))


def _returned(
    store: Store, workspace: Workspace, windows: dict[str, Windows], known: datetime
) -> list[tuple[str, str, date]]:
    """Every cell with a return in the time its windows look at."""
    rows: list[tuple[str, str, date]] = []
    indicators = {row.indicator: row for row in workspace.indicators}
    for name, spans in windows.items():
        first = look_back(workspace.calendar.cadence(name), spans.week.first)
        found = store.rows("windows/returned", known_at=known, first=first, last=spans.week.first)
        rows += [row for row in found if row[1] in indicators and indicators[row[1]].cadence == name]
    return sorted(rows)


def _units_of(workspace: Workspace, cycle: Cycle, last: date) -> set[str]:
    """The units that the cycle challenges and that are valid on the week's last day."""
    return {
        row.unit
        for row in workspace.units
        if row.valid_on(last)
        and (not cycle.levels or row.level in cycle.levels)
        and (not cycle.units or row.unit in cycle.units)
    }


def _indicators_of(workspace: Workspace, cycle: Cycle) -> set[str]:
    every = {row.indicator for row in workspace.indicators}
    return every if "*" in cycle.indicators else every & set(cycle.indicators)


def put_cells(store: Store, scope: Scope) -> None:
    """Make the store's table `scope` say which cells are wanted, those they inherit from included."""
    _put_cells(store, scope.workspace, (*scope.cells, *scope.ancestors))


def _put_cells(store: Store, workspace: Workspace, cells: Sequence[Cell]) -> None:
    of: dict[str, Indicator] = {row.indicator: row for row in workspace.indicators}
    store.put(
        "scope_text",
        {
            "cell": list(range(len(cells))),
            "unit": [unit for unit, _ in cells],
            "indicator": [indicator for _, indicator in cells],
            "cadence": [of[indicator].cadence for _, indicator in cells],
            "is_ratio": [of[indicator].is_ratio for _, indicator in cells],
        },
    )
    store.run("windows/scope")


def _put_spans(store: Store, rows: Sequence[Windows]) -> None:
    columns: dict[str, list[str]] = {"cadence": [row.cadence for row in rows]}
    for field in fields(Windows):
        spans = [getattr(row, field.name) for row in rows]
        if all(isinstance(span, Span) for span in spans) and not field.name.startswith("baseline"):
            columns[f"{field.name}_first"] = [span.first.isoformat() for span in spans]
            columns[f"{field.name}_last"] = [span.last.isoformat() for span in spans]
    store.put("span_text", columns)
    store.run("windows/span")


def expected_periods(cadence: Cadence, span: Span) -> int:
    """How many periods a window holds."""
    count, start = 0, span.first
    while end_of(cadence, start) <= span.last:
        count, start = count + 1, cadence.shift(start, 1)
    return count
