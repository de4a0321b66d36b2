"""The careful way to read a returns file: every row with its line, every cell as text.

It reads what the fast way refuses, so that each problem can be named with its place, and all files that
are not long CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.columns import FIGURES, Columns
from compstat.load.quoted import source_of
from compstat.load.returns_file import first_text, is_parquet, text_of

CELL_LIMIT = 100_000  # characters; a longer cell is no figure and no name
csv.field_size_limit(CELL_LIMIT)

TEXT_COLUMNS = ("unit", "indicator", "given", *FIGURES)
ROWS_AT_ONCE = 100_000
PLACE = "cell_"
Lines = Iterator[tuple[int, list[str]]]


def headings_of(path: Path) -> list[str]:
    """The first row that holds anything, or a Parquet file's column names. Raises DataError when it is neither."""
    if is_parquet(path):
        return list(_parquet(path).columns)
    rows = _numbered(io.StringIO(first_text(path), newline=""), source_of(path), strict=False)
    return next((row for _, row in rows if any(cell.strip() for cell in row)), [])


def read_rows(path: Path, columns: Columns) -> tuple[pl.DataFrame, list[tuple[int, Finding]]]:
    """The file as long text rows (`line`, unit, indicator, given, value, numerator, denominator; null: empty cell).

    Lines count from 1 with the headings, a row that goes over several is known by its first; for Parquet they
    count rows. With it the rows of too many or too few cells, and why. Raises DataError when the file is
    damaged or not what its name says.
    """
    refused: list[tuple[int, Finding]] = []
    # columns go by their place: what they are called is data, and must not meet our own names
    table = _parquet_text(path) if is_parquet(path) else _csv_text(path, columns, refused)
    table = table.with_columns(pl.col(f"^{PLACE}[0-9]+$").str.strip_chars().replace("", None))
    place = {heading: f"{PLACE}{n}" for n, heading in enumerate(columns.headings)}
    table = table.filter(pl.any_horizontal(pl.col(place[heading]).is_not_null() for heading in columns.said))
    found = {name: pl.col(place[name]) if name in place else pl.lit(None, pl.String) for name in ("unit", *FIGURES)}
    found["given"] = pl.col(place[columns.when])
    if columns.is_long:
        found["indicator"] = pl.col(place["indicator"])
        return table.select("line", **found).select("line", *TEXT_COLUMNS), refused
    cells = [
        table.select("line", **{**found, "value": pl.col(place[name])}, indicator=pl.lit(name))
        for name in columns.indicators
    ]
    return pl.concat(cells).select("line", *TEXT_COLUMNS).sort("line", maintain_order=True), refused


def rows_as_they_are(path: Path) -> Lines:
    """Line and cells of every row below the headings, untouched: what goes into a file of refused rows."""
    if is_parquet(path):
        for *cells, line in _parquet_text(path).iter_rows():
            yield line, ["" if cell is None else cell for cell in cells]
    else:
        yield from _body(path)


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"is a damaged Parquet file: {str(error).splitlines()[0]}"
        raise DataError(Finding("damaged-file", source_of(path), message, "Ask for it again.")) from None


def _parquet_text(path: Path) -> pl.DataFrame:
    frame = _parquet(path)
    try:
        text = frame.cast(pl.String)
    except pl.exceptions.PolarsError as error:
        message = f"has a column of a kind that holds no figures: {str(error).splitlines()[0]}"
        raise DataError(Finding("damaged-file", source_of(path), message, "Write plain columns.")) from None
    text.columns = [f"{PLACE}{n}" for n in range(text.width)]
    return text.with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _csv_text(path: Path, columns: Columns, refused: list[tuple[int, Finding]]) -> pl.DataFrame:
    frames: list[pl.DataFrame] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    wanted = len(columns.headings)
    schema = {f"{PLACE}{n}": pl.String for n in range(wanted)}
    source = source_of(path)

    def keep() -> None:
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        frames.append(frame.with_columns(line=pl.Series(lines, dtype=pl.Int64)))
        lines.clear()
        rows.clear()

    for line, row in _body(path):
        if len(row) == wanted or (len(row) > wanted and not _says_something(row[wanted:])):
            lines.append(line)
            rows.append(row[:wanted])
        elif _says_something(row):
            message = f"has {len(row)} cells; wanted {wanted}"
            fix = "Count the commas; put quotes around a text that holds one. Or the file is cut off here."
            refused.append((line, Finding("ragged-row", f"{source}:{line}", message, fix)))
        if len(rows) == ROWS_AT_ONCE:
            keep()
    keep()
    return pl.concat(frames)


def _body(path: Path) -> Lines:
    with text_of(path) as file:
        rows = _numbered(file, source_of(path), strict=True)
        for _, row in rows:
            if _says_something(row):
                break  # the headings
        yield from rows


def _says_something(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _numbered(file: io.TextIOBase, source: str, *, strict: bool) -> Lines:
    """Each row of a CSV file with the line on which it begins."""
    before = 0
    reader = csv.reader(file, strict=strict)
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        message = f"is not CSV: {error}"
        fix = "Look for a quote that is opened here and not closed. Or the file is cut off, or not what its name says."
        raise DataError(Finding("not-csv", f"{source}:{before + 1}", message, fix)) from None
