"""Tables that flow over pages: header rows repeated, rows never split, text cut or wrapped to measured widths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.sheet import Sheet

ROW: Final = 14.2  # height of a row of one line
LEADING: Final = 11.6
GAP: Final = 7.0


class Drawing(NamedTuple):
    """A cell that draws itself: its height, and a call with the canvas, left edge, top and width."""

    height: float
    draw: Callable[[Any, float, float, float], None]


Cell = str | Drawing


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, width in points, side, ink, and how many lines a cell may take."""

    title: str
    width: float
    align: str = "left"  # left or right
    style: t.Style = t.CELL
    colour: Any = t.INK
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over several columns (from `first` to `last`) with lines of dates under it."""

    title: str
    first: int
    last: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells; `bold` for those that matter, with the mark of `outcome` in the left margin."""

    cells: Sequence[Cell]
    bold: bool = False
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and the groups over them. `padding` is the white above and below a row's text."""

    columns: Sequence[Column]
    groups: Sequence[Group] = ()
    padding: float = 2.6

    def edges(self, left: float) -> list[tuple[float, float]]:
        """Left and right edge of each column."""
        edges = []
        for column in self.columns:
            edges.append((left, left + column.width))
            left += column.width
        return edges

    @property
    def header_height(self) -> float:
        lines = max((len(group.lines) for group in self.groups), default=0)
        return 14 + (12 + 9 * lines if self.groups else 0)

    def row_height(self, row: Row) -> float:
        """Height of a row: that of its tallest cell."""
        return max(self._height(column, cell) for column, cell in zip(self.columns, row.cells, strict=True))

    def _height(self, column: Column, cell: Cell) -> float:
        if isinstance(cell, Drawing):
            return cell.height + 2 * self.padding
        lines = len(t.wrap(cell, column.style, column.width - GAP, column.lines)) if column.lines > 1 else 1
        return max(lines, 1) * LEADING + 2 * self.padding - 2.6 + 0.0

    def draw(self, sheet: Sheet, rows: Iterable[Row], *, left: float | None = None) -> None:
        """Draw header and rows from where the sheet stands, on as many pages as they take."""
        rows = list(rows)
        edges = self.edges(sheet.paper.left if left is None else left)
        if not rows:
            return
        sheet.ensure(self.header_height + self.row_height(rows[0]) + 8)
        self._header(sheet, edges)
        for row in rows:
            height = self.row_height(row)
            if sheet.ensure(height):
                self._header(sheet, edges)
            self._row(sheet, edges, row, height)

    def _header(self, sheet: Sheet, edges: list[tuple[float, float]]) -> None:
        canvas, top = sheet.canvas, sheet.y
        for group in self.groups:
            middle = (edges[group.first][0] + edges[group.last][1] + GAP) / 2
            width = edges[group.last][1] - edges[group.first][0]
            t.centre(canvas, middle, top - 8, group.title, t.CELL_BOLD, width=width)
            for n, line in enumerate(group.lines, 1):
                t.centre(canvas, middle, top - 8 - 9 * n, line, t.COLUMN, t.GREY, width=width)
        baseline = top - self.header_height + 5
        for column, (x0, x1) in zip(self.columns, edges, strict=True):
            draw = t.right if column.align == "right" else t.left
            room = column.width - (2 if column.align == "right" else GAP)
            draw(canvas, x1 if column.align == "right" else x0, baseline, column.title, t.COLUMN, t.GREY, width=room)
        sheet.rule(top - self.header_height, 0.7, t.INK, edges[0][0], edges[-1][1])
        sheet.advance(self.header_height)

    def _row(self, sheet: Sheet, edges: list[tuple[float, float]], row: Row, height: float) -> None:
        canvas, top = sheet.canvas, sheet.y
        baseline = top - self.padding - 8.1
        if row.outcome is not None:
            mark(canvas, row.outcome, edges[0][0] - 7, baseline + 3.1, 3.0)
        for column, cell, (x0, x1) in zip(self.columns, row.cells, edges, strict=True):
            if isinstance(cell, Drawing):
                cell.draw(canvas, x0, top - self.padding, column.width - GAP)
            else:
                self._words(canvas, column, cell, (x0, x1), baseline, bold=row.bold)
        sheet.rule(top - height, 0.4, t.HAIRLINE, edges[0][0], edges[-1][1])
        sheet.advance(height)

    @staticmethod
    def _words(
        canvas: Any, column: Column, words: str, edge: tuple[float, float], baseline: float, *, bold: bool
    ) -> None:
        strong = bold and column.colour is t.INK and column.style.font == t.REGULAR
        style = t.Style(t.SEMIBOLD, column.style.size) if strong else column.style
        if column.align == "right":
            t.right(canvas, edge[1], baseline, words, style, column.colour, width=column.width - 2)
        elif column.lines == 1:
            t.left(canvas, edge[0], baseline, words, style, column.colour, width=column.width - GAP)
        else:
            for n, line in enumerate(t.wrap(words, style, column.width - GAP, column.lines)):
                t.left(canvas, edge[0], baseline - n * LEADING, line, style, column.colour)
