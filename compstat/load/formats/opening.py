"""A file of returns opened by what it holds."""

from __future__ import annotations

from functools import partial

from compstat.findings import DataError, Finding
from compstat.load.formats.delimited import DelimitedTable, looks_like_returns
from compstat.load.formats.kind import Kind, kind_of
from compstat.load.formats.table import IsHeading, Table
from compstat.load.returns_file import ReturnsFile
from compstat.workspace.settings import ReturnsSettings


def open_table(file: ReturnsFile, settings: ReturnsSettings, is_heading: IsHeading | None = None) -> Table:
    """The file as a table of text cells, its headings read: those of returns, or what else `is_heading` looks for.

    Raises DataError when it is damaged or no table.
    """
    is_heading = is_heading or partial(looks_like_returns, declared=settings.columns)
    kind = kind_of(file)
    if kind is Kind.PARQUET:
        from compstat.load.formats.parquet import ParquetTable

        return ParquetTable(file, settings.decimal)
    if kind is Kind.WORKBOOK:
        from compstat.load.formats.sheet_choice import open_workbook

        return open_workbook(file, settings.decimal, is_heading)
    if kind is not Kind.TEXT:  # those are unpacked before; what is in one comes to its own
        raise DataError(Finding("not-csv", file.source, "is an archive; wanted one table", "Unpack it."))
    return DelimitedTable(file, is_heading)
