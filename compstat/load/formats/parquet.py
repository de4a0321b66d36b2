"""Parquet: typed columns, made text the way this workspace writes figures."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.formats.kind import damaged
from compstat.load.formats.limits import check_ratio
from compstat.load.formats.table import CELL, Lines, Refused, Table
from compstat.load.returns_file import ReturnsFile

# what polars says of a file that is not as it should be; the reader stops in its own ways on some of them
FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, OverflowError)


class ParquetTable(Table):
    """A Parquet file of returns. Lines count its rows from 1."""

    def __init__(self, file: ReturnsFile, decimal: str = ".") -> None:
        self._decimal = decimal
        try:
            columns = pl.read_parquet_schema(file.path)
            # columns of one figure pack into nothing; what they unpack to is told without unpacking them
            rows: int = pl.scan_parquet(file.path, glob=False).select(pl.len()).collect().item()
        except FAULTS as error:
            raise damaged(file, "Parquet file", error) from None
        check_ratio(file.source, rows * len(columns), file.path.stat().st_size)
        super().__init__(file, list(columns))

    def rows(self) -> Lines:
        for *cells, line in self._text.iter_rows():
            yield line, ["" if cell is None else cell for cell in cells]

    def frame(self, refused: Refused) -> pl.DataFrame:
        return self._text

    @cached_property
    def _text(self) -> pl.DataFrame:
        try:
            frame = pl.read_parquet(self.file.path, glob=False)
        except FAULTS as error:
            raise damaged(self.file, "Parquet file", error) from None
        try:
            text = frame.cast(pl.String)
        except FAULTS as error:
            message = f"has a column of a kind that holds no figures: {str(error).splitlines()[0]}"
            raise DataError(Finding("damaged-file", self.source, message, "Write plain columns.")) from None
        if self._decimal != ".":
            numbers = [name for name, kind in frame.schema.items() if kind.is_float() or kind.is_decimal()]
            text = text.with_columns(pl.col(numbers).str.replace(".", self._decimal, literal=True))
        text.columns = [f"{CELL}{n}" for n in range(text.width)]
        return text.with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
