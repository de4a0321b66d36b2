"""Cells that a sheet shows as one: of what a row is for, each row is told; a figure stays where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from compstat.load.our_words import WHEN

SHARED = ("unit", "indicator", *WHEN)  # headings whose cell may stand for several rows


@dataclass
class _Column:
    """A column with merged cells: the last row of each range by its first one, and what is held down now."""

    ends: dict[int, int] = field(default_factory=dict)
    until: int = 0
    value: Any = None


class MergedCells:
    """Fills the rows below the first of a range of merged cells, in the columns under these headings.

    A merged figure is not repeated: whether it is each row's or their sum nobody can know.
    """

    def __init__(self, ranges: Sequence[str], headings: Sequence[str], first_column: int) -> None:
        from openpyxl.utils import range_boundaries

        self._columns: dict[int, _Column] = {}
        for text in ranges:
            left, top, right, bottom = range_boundaries(text)
            place = left - 1 - first_column
            if left == right and 0 <= place < len(headings) and headings[place].strip() in SHARED:
                self._columns.setdefault(left - 1, _Column()).ends[top] = bottom

    def filled(self, rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[tuple[int, Sequence[Any]]]:
        """The rows, numbered as in the sheet, each with what its merged cells show."""
        return map(self._fill, rows) if self._columns else rows

    def _fill(self, numbered: tuple[int, Sequence[Any]]) -> tuple[int, Sequence[Any]]:
        line, row = numbered
        cells = list(row)
        says = any(cell is not None for cell in cells)
        for place, column in self._columns.items():
            own = cells[place] if place < len(cells) else None
            if line in column.ends:
                column.until, column.value = column.ends[line], own
            elif line <= column.until and own is None and says and place < len(cells):
                cells[place] = column.value
        return line, cells
