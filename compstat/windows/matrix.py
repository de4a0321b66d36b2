"""Figures of the store as matrices, cells by periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compstat.store import Store

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def figures_as_known(
    store: Store, cadence: str, cell: Integers, starts: Sequence[date], known_at: datetime
) -> tuple[Floats, Floats]:
    """Amount and volume of these cells in the periods that start on these days, as known at a moment. NaN: no return.

    `cell` holds numbers of the store's table `scope`; `starts` are neighbours, oldest first.
    """
    found = store.arrays("windows/recent_figures", cadence=cadence, known_at=known_at, first=starts[0], last=starts[-1])
    shape = len(cell), len(starts)
    if not len(found["cell"]):
        return np.full(shape, np.nan), np.full(shape, np.nan)
    row = _numbered(cell, int(max(cell.max(initial=0), found["cell"].max())) + 1)[found["cell"]]
    column = _columns(found["period_start"], starts)
    # off the grid, or a cell that is not asked for: at the end
    at = np.where((column >= 0) & (row >= 0), row * len(starts) + column, shape[0] * shape[1])
    return _matrix(found["amount"], at, shape), _matrix(found["volume"], at, shape)


def _numbered(numbers: Integers, size: int) -> Integers:
    """A table of the place of each number below `size`: looking up in it is faster than searching."""
    table = np.full(size, -1, dtype=np.int64)
    table[numbers] = np.arange(len(numbers))
    return table


def _matrix(figures: NDArray[Any], place: Integers, shape: tuple[int, int]) -> Floats:
    """The figures at their places in a matrix, what is null or not there as NaN; one place beyond it is thrown away."""
    flat = np.full(shape[0] * shape[1] + 1, np.nan)
    flat[place] = np.ma.filled(np.ma.asarray(figures, dtype=np.float64), np.nan)
    return flat[:-1].reshape(shape)


def _columns(days: NDArray[Any], starts: Sequence[date]) -> Integers:
    """The column of each day; -1 for a day on which no period starts."""
    first = np.array(starts, dtype="datetime64[D]")
    since = (first - first[0]).astype(np.int64)
    table = _numbered(since, int(since[-1]) + 1)
    columns: Integers = table[(days.astype("datetime64[D]") - first[0]).astype(np.int64)]
    return columns
