"""A glance at a file that came with returns: is it one that may have gone wrong, or something else altogether?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from compstat.findings import DataError
from compstat.load.formats.delimited import DelimitedTable
from compstat.load.formats.kind import Kind, kind_of
from compstat.load.formats.limits import LOOKED_THROUGH
from compstat.load.formats.sheet_choice import top_rows
from compstat.load.other_words import speaks_of_returns
from compstat.load.returns_file import ReturnsFile


def may_be_returns(file: ReturnsFile, names: Collection[str]) -> bool:
    """Whether a row near the top of any of its sheets could be meant as the headings of returns.

    A file that cannot be read may be: reading it will say what it is.
    """
    try:
        return any(speaks_of_returns(row, names) for row in _tops(file))
    except DataError:
        return True


def _tops(file: ReturnsFile) -> Iterator[list[str]]:
    kind = kind_of(file)
    if kind is Kind.WORKBOOK:
        yield from top_rows(file)
    elif kind is Kind.PARQUET:
        from compstat.load.formats.parquet import ParquetTable

        yield ParquetTable(file).headings
    else:
        table = DelimitedTable(file)
        yield table.headings
        yield from (cells for _, cells in islice(table.rows(), LOOKED_THROUGH))
