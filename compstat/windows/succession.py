"""Units that carry on others' work: whose history is theirs too, by the shares that successions.csv declares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from compstat.windows.matrix import Floats
from compstat.workspace.tables import Indicator, Succession
from compstat.workspace.workspace import Workspace

Cell = tuple[str, str]  # unit and indicator


@dataclass(frozen=True, slots=True)
class Inherited:
    """That a cell's history before the day `on` is that of other units, each with its share (0-1)."""

    on: date
    shares: tuple[tuple[str, float], ...]

    @property
    def words(self) -> str:
        """`before 2026-05-04 the history of east (100%) and west (40%)`."""
        units = " and ".join(f"{unit} ({share:.0%})" for unit, share in self.shares)
        return f"before {self.on} the history of {units}"


def ancestors(workspace: Workspace, cells: Sequence[Cell], last: date) -> tuple[Cell, ...]:
    """The cells that these inherit from, and those that those do, without these themselves."""
    sources = defaultdict(set)
    for row in workspace.successions:
        if row.on <= last:
            sources[row.to_unit].add(row.from_unit)
    if not sources:
        return ()
    known, new = set(cells), set(cells)
    while new:
        new = {(source, indicator) for unit, indicator in new for source in sources.get(unit, ())} - known
        known |= new
    return tuple(sorted(known.difference(cells)))


def inherit(
    workspace: Workspace,
    cells: Mapping[Cell, int],
    starts: Sequence[date],
    matrices: tuple[Floats, Floats],
    last: date,
) -> dict[int, Inherited]:
    """Write into the matrices (amount, volume) what each cell inherits by the day `last`; which did, by row.

    The periods that start before the day are the sum of the predecessors' times their shares; where one of them
    lacks the period's return, so does the sum. A unit that was there before counts as its own predecessor, whole,
    unless a row from the unit to itself says otherwise. The oldest day first, so that who inherits passes it on.
    Figures that do not add up over units (means, last values) are not inherited.
    """
    indicators = {row.indicator: row for row in workspace.indicators}
    found: dict[int, Inherited] = {}
    for on, unit, shares in _successions(workspace, last):
        before = sum(start < on for start in starts)
        for (owner, code), row in cells.items():
            if owner != unit or not _adds_up(indicators[code]):
                continue
            rows = [(cells.get((source, code)), share) for source, share in shares.items()]
            for matrix in matrices:
                parts = [np.nan if at is None else matrix[at, :before] * share for at, share in rows]
                matrix[row, :before] = np.sum(np.broadcast_arrays(*parts, matrix[row, :before])[:-1], axis=0)
            _counted_once(matrices, row, before, indicators[code])
            found[row] = Inherited(on, tuple(shares.items()))
    return found


def _counted_once(matrices: tuple[Floats, Floats], row: int, before: int, indicator: Indicator) -> None:
    """The volume of what is no ratio is 1 wherever there is a figure, however many units it comes from."""
    if not indicator.is_ratio:
        amount, volume = matrices
        volume[row, :before] = np.where(np.isnan(amount[row, :before]), np.nan, 1.0)


def _adds_up(indicator: Indicator) -> bool:
    return indicator.roll_up in {"sum", "ratio"} and indicator.aggregate != "last"


def _successions(workspace: Workspace, newest: date) -> list[tuple[date, str, dict[str, float]]]:
    """Day, successor and its predecessors' shares, the oldest first."""
    rows: dict[tuple[date, str], list[Succession]] = defaultdict(list)
    for row in workspace.successions:
        if row.on <= newest:
            rows[row.on, row.to_unit].append(row)
    return [(on, unit, _shares(workspace, unit, on, several)) for (on, unit), several in sorted(rows.items())]


def _shares(workspace: Workspace, unit: str, on: date, rows: Sequence[Succession]) -> dict[str, float]:
    eve = on - timedelta(days=1)
    was_there = any(row.unit == unit and row.valid_on(eve) for row in workspace.units)
    own = {unit: 1.0} if was_there else {}
    return own | {row.from_unit: row.share for row in rows}


def starts_afresh(workspace: Workspace, unit: str, first: date, last: date) -> date | None:
    """The day in this time on which a unit began without a word on whose work it carries on; None for any other."""
    began = [row.valid_from for row in workspace.units if row.unit == unit]
    day = None if None in began else min((start for start in began if start is not None), default=None)
    if day is None or not first < day <= last or any(row.to_unit == unit for row in workspace.successions):
        return None
    return day
