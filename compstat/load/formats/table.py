"""What every format is read as: numbered rows of text cells, headings first."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.returns_file import ReturnsFile

Lines = Iterator[tuple[int, list[str]]]
Refused = list[tuple[int, Finding]]
IsHeading = Callable[[list[str]], bool]  # whether a row holds the headings looked for: those of returns, or of a feed
DAY = re.compile(r"\d{4}-(\d{1,2}-\d{1,2}|W\d{2}|\d{2})|\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})", re.ASCII)
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?", re.ASCII)
ROWS_AT_ONCE = 100_000
MOST_RAGGED = 100_000  # rows; as many as are ever set aside
CELL = "cell_"  # columns go by their place: what they are called is data, and must not meet our own names


class Table(ABC):
    """One file of returns, opened: its headings, and below them its rows.

    `heading_line` and every row's line are what people count by: lines of a text, rows of a sheet or of Parquet.
    `notes`: what was passed over to get here, to be told. `fast`: whether DuckDB reads it as it is.
    """

    notes: tuple[str, ...] = ()
    fast = False

    def __init__(self, file: ReturnsFile, headings: Sequence[str], heading_line: int = 1) -> None:
        self.file = file
        self.headings = list(headings)
        self.heading_line = heading_line

    @property
    def source(self) -> str:
        return self.file.source

    @abstractmethod
    def rows(self) -> Lines:
        """Line and cells of every row below the headings, untouched."""

    def place(self, line: int, heading: str | None = None) -> str:
        """Where a row is, or its cell under a heading where a format has names for cells."""
        return f"{self.source}:{line}"

    def frame(self, refused: Refused) -> pl.DataFrame:
        """The rows as text columns `cell_0`, `cell_1`... and `line`; those of too many or too few cells go to refused.

        Raises DataError when the file turns out to be damaged.
        """
        width = len(self.headings)
        schema = {f"{CELL}{n}": pl.String for n in range(width)}
        frames = [_frame([], [], schema)]
        lines: list[int] = []
        rows: list[list[str]] = []
        for line, row in self.rows():
            if len(row) == width or (len(row) > width and not says_something(row[width:])):
                lines.append(line)
                rows.append(row[:width])
            elif says_something(row):
                refused.append((line, self._ragged(line, row)))
                if len(refused) > MOST_RAGGED:
                    message = f"has more than {MOST_RAGGED:,} rows of too many or too few cells; wanted {width} in each"
                    raise DataError(Finding("too-many-refused", self.source, message, "Is it the right file?"))
            if len(rows) == ROWS_AT_ONCE:
                frames.append(_frame(rows, lines, schema))
                lines, rows = [], []
        return pl.concat([*frames, _frame(rows, lines, schema)])

    def _ragged(self, line: int, row: Sequence[str]) -> Finding:
        message = f"has {len(row)} cells; wanted {len(self.headings)}"
        fix = "Count the commas; put quotes around a text that holds one. Or the file is cut off here."
        return Finding("ragged-row", self.place(line), message, fix)


def refuse_rows_above(rows: Iterable[tuple[int, list[str]]], headings: int, place: Callable[[int], str]) -> None:
    """Raises DataError where a row above the line of headings has a day, a number and a word: titles have not.

    It would be passed over like a title; two files put together, or sorted with their headings, look so.
    """
    for line, cells in rows:
        if line < headings and {"day", "number", "word"} <= {_kind(cell.strip()) for cell in cells}:
            message = f"is a row of figures above the headings, which stand in row {headings}"
            fix = "Put it below the headings; a title with a date is kept in one cell."
            raise DataError(Finding("row-above-headings", place(line), message, fix))


def _kind(cell: str) -> str:
    if DAY.fullmatch(cell):
        return "day"
    return "number" if NUMBER.fullmatch(cell) else "word" if cell else ""


def says_something(cells: Sequence[str]) -> bool:
    """Whether any of these cells holds more than blanks."""
    return any(cell.strip() for cell in cells)


def _frame(rows: list[list[str]], lines: list[int], schema: dict[str, type[pl.String]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(line=pl.Series(lines, dtype=pl.Int64))
