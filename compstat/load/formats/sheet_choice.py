"""Which sheet of a workbook holds the returns, and from which row on: by its headings, never by its place."""

from __future__ import annotations

import io
import zipfile
from itertools import islice
from typing import Any

from compstat.findings import DataError, Finding
from compstat.load.formats.cells import cell_text
from compstat.load.formats.delimited import looks_like_returns
from compstat.load.formats.limits import check_archive
from compstat.load.formats.sheet_xml import look_through
from compstat.load.formats.table import IsHeading
from compstat.load.formats.workbook import Sheets, WorkbookTable, first_row, open_sheets, readable
from compstat.load.quoted import quoted
from compstat.load.returns_file import ReturnsFile

LOOKED_THROUGH = 100  # rows from the top in which the headings are looked for; titles take a handful


def open_workbook(file: ReturnsFile, decimal: str, is_heading: IsHeading | None = None) -> WorkbookTable:
    """The one visible sheet with the headings of returns. Raises DataError where there is none, or more than one.

    Where only one sheet holds anything its first row is taken for the headings, so that what they lack is told.
    """
    is_heading = is_heading or looks_like_returns
    with readable(file):
        with zipfile.ZipFile(io.BytesIO(file.path.read_bytes())) as archive:
            check_archive(file.source, [(one.file_size, one.compress_size) for one in archive.infolist()])
            formulas, disordered = look_through(archive)
        if disordered is not None:
            raise ValueError(f"row {disordered} comes after a later one")
        sheets = open_sheets(file, formulas=formulas)
        tops = {sheet.title: _top(sheets, sheet.title) for sheet in _visible(sheets)}
        title = _chosen(file, tops, is_heading)
        rows = tops[title]
        found = ((line, row) for line, row in enumerate(rows, 1) if is_heading(row))
        line, cells = next(found, None) or first_row(rows) or (1, [])
        table = WorkbookTable(file, sheets, title, line, cells, decimal)
        hidden = [sheet.title for sheet in sheets.results.worksheets if sheet.title not in tops]
        table.notes = tuple(f"hidden sheet {quoted(name)} was passed over" for name in hidden)
        table.notes += tuple(f"sheet {quoted(name)} was passed over: no returns" for name in tops if name != title)
        return table


def _visible(sheets: Sheets) -> list[Any]:
    return [sheet for sheet in sheets.results.worksheets if sheet.sheet_state == "visible"]


def _top(sheets: Sheets, title: str) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in islice(sheets.values(title), LOOKED_THROUGH)]


def _chosen(file: ReturnsFile, tops: dict[str, list[list[str]]], is_heading: IsHeading) -> str:
    like = [title for title, rows in tops.items() if any(is_heading(row) for row in rows)]
    if len(like) > 1:
        names = " and ".join(quoted(title) for title in like)
        message = f"sheets {names} all look like returns; wanted one"
        fix = "Save each as a workbook of its own, or hide those that are not to be loaded."
        raise DataError(Finding("unclear-sheet", file.source, message, fix))
    filled = [title for title, rows in tops.items() if first_row(rows)]
    if not like and len(filled) > 1:
        names = ", ".join(quoted(title) for title in filled)
        message = f"no visible sheet has the headings of returns in its first {LOOKED_THROUGH} rows; found {names}"
        fix = "Wanted a row with unit and a date heading such as week_ending."
        raise DataError(Finding("unclear-sheet", file.source, message, fix))
    if not filled:
        message = "is empty; wanted headings and rows in a visible sheet"
        raise DataError(Finding("empty-file", file.source, message, "Ask for it again."))
    return (like or filled)[0]
