"""A frame as a file, with its types: CSV, Parquet or XLSX; whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from compstat.export.kinds import Format
from compstat.findings import DataError, Finding, UsageError
from compstat.load.set_aside import FORMULA_STARTS
from compstat.new_file import new_file

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS = 1_048_575  # Excel specifications and limits: 1,048,576 rows, one of them the headings


def write(frame: pl.DataFrame, path: Path, kind: Format, *, force: bool = False) -> None:
    """Write the frame beside the path and give it its name at the end.

    Raises UsageError where the file is there already or cannot be written, DataError where it does not fit the format.
    """
    if kind is Format.XLSX and frame.height > MOST_ROWS:
        message = f"{frame.height:,} rows; a sheet holds {MOST_ROWS:,}"
        fix = "Take fewer weeks with --from and --to, or another format: csv or parquet."
        raise DataError(Finding("too-many-rows", str(path), message, fix))
    if not path.parent.is_dir():
        message = f"cannot be written: the folder {path.parent} is not there"
        raise UsageError(Finding("cannot-write", str(path), message, "Make the folder, or name a file in another."))
    with new_file(path, force=force) as part:
        part.touch()  # where nobody may write, this says so in plainer words than what writes below
        if kind is Format.CSV:
            # a mark, or Excel takes it for Windows-1252
            guarded(frame).write_csv(part, include_bom=True, datetime_format="%Y-%m-%dT%H:%M:%S%.f")
        elif kind is Format.PARQUET:
            frame.write_parquet(part)
        else:
            _write_xlsx(frame, part)


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet would run as a formula with an apostrophe before it; numbers in text stay as they are.

    Only columns of text: in a column of numbers a minus is a minus.
    """
    import polars as pl

    text = pl.col(pl.String)
    starts = "^[" + "".join(f"\\x{{{ord(start):x}}}" for start in FORMULA_STARTS) + "]"
    is_number = text.cast(pl.Float64, strict=False).is_not_null()
    return frame.with_columns(
        pl.when(text.str.contains(starts) & ~is_number).then(pl.lit("'") + text).otherwise(text).name.keep()
    )


def _write_xlsx(frame: pl.DataFrame, part: Path) -> None:
    from compstat.workbook.table import write_table

    write_table(frame.columns, frame.iter_rows(), part)
