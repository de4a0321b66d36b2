"""The careful way to read a returns file: every row with its line, every cell as text first.

It reads what the fast way refuses, so that each problem can be named with its place, and all files that
are not long CSV.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.columns import FIGURES, Columns

CELL_LIMIT = 100_000  # characters; a longer cell is no figure and no name
csv.field_size_limit(CELL_LIMIT)

TEXT_COLUMNS = ("unit", "indicator", "given", *FIGURES)


def is_parquet(path: Path) -> bool:
    """Whether the file's first bytes are Parquet's, whatever its name says."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def headings_of(path: Path) -> list[str]:
    """The first row of a CSV file, or the column names of a Parquet file. Raises DataError when it is neither."""
    if is_parquet(path):
        return list(_parquet(path).columns)
    _, row = next(_csv_rows(path), (0, []))
    return row


def read_rows(path: Path, columns: Columns) -> tuple[pl.DataFrame, list[Finding]]:
    """The file as long text rows (`line`, unit, indicator, given, value, numerator, denominator; null: empty cell).

    Lines count from 1 with the headings; for Parquet they count rows. Rows with too many or too few cells
    are findings. Raises DataError when the file is damaged or not what its name says.
    """
    findings: list[Finding] = []
    wide = _parquet_text(path) if is_parquet(path) else _csv_text(path, columns, findings)
    empty_to_null = (pl.col(name).str.strip_chars().replace("", None) for name in columns.headings)
    wide = wide.with_columns(*empty_to_null).rename({columns.when: "given"})
    if columns.is_long:
        missing = [pl.lit(None, pl.String).alias(name) for name in FIGURES if name not in wide.columns]
        return wide.with_columns(missing).select("line", *TEXT_COLUMNS), findings
    long = wide.unpivot(on=list(columns.indicators), index=["line", "unit", "given"], variable_name="indicator")
    long = long.with_columns(numerator=pl.lit(None, pl.String), denominator=pl.lit(None, pl.String))
    return long.select("line", *TEXT_COLUMNS).sort("line", maintain_order=True), findings


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"is a damaged Parquet file: {str(error).splitlines()[0]}"
        raise DataError(Finding("damaged-file", path.name, message, "Ask for it again.")) from None


def _parquet_text(path: Path) -> pl.DataFrame:
    frame = _parquet(path)
    try:
        return frame.cast(pl.String).with_row_index("line", offset=1).cast({"line": pl.Int64})
    except pl.exceptions.PolarsError as error:
        message = f"has a column of a kind that holds no figures: {str(error).splitlines()[0]}"
        raise DataError(Finding("damaged-file", path.name, message, "Write plain columns.")) from None


def _csv_text(path: Path, columns: Columns, findings: list[Finding]) -> pl.DataFrame:
    frames: list[pl.DataFrame] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    schema = dict.fromkeys(columns.headings, pl.String)
    body = _csv_rows(path)
    next(body, None)

    def keep() -> None:
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        frames.append(frame.with_columns(line=pl.Series(lines, dtype=pl.Int64)))
        lines.clear()
        rows.clear()

    for line, row in body:
        if len(row) == len(columns.headings):
            lines.append(line)
            rows.append(row)
        elif any(cell.strip() for cell in row):
            message = f"has {len(row)} cells; wanted {len(columns.headings)}"
            findings.append(Finding("ragged-row", f"{path.name}:{line}", message, "Is the file cut off here?"))
        if len(rows) == 100_000:
            keep()
    keep()
    return pl.concat(frames)


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row, the headings first. A row's number is that of its last line."""
    line = 0
    try:
        with _text(path) as file:
            for row in (reader := csv.reader(file, strict=True)):
                line = reader.line_num
                yield line, row
    except csv.Error as error:
        message = f"is not CSV: {error}"
        fix = "Is the file cut off, or not what its name says?"
        raise DataError(Finding("not-csv", f"{path.name}:{line + 1}", message, fix)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"is a damaged gz file: {error}"
        raise DataError(Finding("damaged-file", path.name, message, "Ask for it again.")) from None


def _text(path: Path) -> io.TextIOWrapper:
    raw = _open(path)
    head = raw.read(4096)
    if b"\x00" in head:
        raw.close()
        message = "is not a text file, whatever its name says"
        raise DataError(Finding("not-csv", path.name, message, "Save it as CSV, or as Parquet."))
    raw.close()
    return io.TextIOWrapper(_open(path), encoding=_encoding(path), newline="")


def _open(path: Path) -> io.BufferedIOBase:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


def _encoding(path: Path) -> str:
    """UTF-8 (with or without a mark) when every byte fits, else Windows-1252, which Excel writes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _open(path) as file:
        try:
            for block in iter(lambda: file.read(1 << 20), b""):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def numbers(rows: pl.DataFrame, source: str) -> tuple[pl.DataFrame, list[tuple[int, Finding]]]:
    """The figures as numbers, and a finding for every cell that is none. Never a guess: `1,204` is refused."""
    refused: list[tuple[int, Finding]] = []
    for name in FIGURES:
        typed = rows.get_column(name).cast(pl.Float64, strict=False)
        bad = rows.filter(rows.get_column(name).is_not_null() & typed.is_null())
        refused += [(line, _no_number(source, line, name, text)) for line, text in _pairs(bad, name)]
        rows = rows.with_columns(typed.alias(name))
    return rows, refused


def _pairs(rows: pl.DataFrame, name: str) -> Sequence[tuple[int, str]]:
    return rows.select("line", name).rows()


def _no_number(source: str, line: int, name: str, text: str) -> Finding:
    fix = "Write the figure in plain digits with a point, or leave the cell empty."
    return Finding("not-a-number", f"{source}:{line}", f'{name} is "{text[:80]}"; wanted a number', fix)
