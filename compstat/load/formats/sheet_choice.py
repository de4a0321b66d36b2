"""Which sheet of a workbook holds the returns, and from which row on: by its headings, never by its place."""

from __future__ import annotations

import io
import zipfile
from itertools import islice
from typing import Any

from compstat.findings import DataError, Finding
from compstat.load.formats.cells import cell_text
from compstat.load.formats.delimited import looks_like_returns
from compstat.load.formats.limits import LOOKED_THROUGH, check_archive
from compstat.load.formats.sheet_xml import Look, look_through
from compstat.load.formats.table import IsHeading, refuse_rows_above
from compstat.load.formats.workbook import Sheets, WorkbookTable, first_row, open_sheets, readable
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import ReturnsFile

FORM = "compstat_return"  # the name that a form of ours gives its table: compstat.workbook.return_form


def open_workbook(file: ReturnsFile, decimal: str, is_heading: IsHeading | None = None) -> WorkbookTable:
    """The sheet that is a form of ours, else the one visible sheet with the headings of returns.

    Where only one sheet holds anything its first row is taken for the headings, so that what they lack is told.
    Raises DataError where there is none, or more than one.
    """
    is_heading = is_heading or looks_like_returns
    with readable(file):
        look = _looked_through(file)
        sheets = open_sheets(file, formulas=look.formulas)
        tops = {sheet.title: _top(sheets, sheet.title) for sheet in _visible(sheets)}
        forms = _forms(sheets, tops)
        title = _chosen(file, tops, forms, is_heading)
        rows = tops[title]
        found = next(((line, row) for line, row in enumerate(rows, 1) if is_heading(row)), None)
        line, cells = found or first_row(rows) or (1, [])
        if found:
            refuse_rows_above(enumerate(rows, 1), line, lambda row: f"{file.source}:{plain(title)}!{row}")
        table = WorkbookTable(file, sheets, title, line, cells, decimal, look.merged.get(sheets.part(title), ()))
        hidden = [sheet.title for sheet in sheets.results.worksheets if sheet.title not in tops]
        table.notes = tuple(f"hidden sheet {quoted(name)} was passed over" for name in hidden)
        why = f"beside the form on sheet {quoted(title)}" if title in forms else "no returns"
        table.notes += tuple(f"sheet {quoted(name)} was passed over: {why}" for name in tops if name != title)
        return table


def top_rows(file: ReturnsFile) -> list[list[str]]:
    """The first rows of every visible sheet. Raises DataError when the workbook is damaged."""
    with readable(file):
        sheets = open_sheets(file, formulas=_looked_through(file).formulas)
        return [row for sheet in _visible(sheets) for row in _top(sheets, sheet.title)]


def _looked_through(file: ReturnsFile) -> Look:
    with zipfile.ZipFile(io.BytesIO(file.path.read_bytes())) as archive:
        check_archive(file.source, [(one.file_size, one.compress_size) for one in archive.infolist()])
        look = look_through(archive)
    if look.disordered is not None:
        raise ValueError(f"row {look.disordered} comes after a later one")
    return look


def _visible(sheets: Sheets) -> list[Any]:
    return [sheet for sheet in sheets.results.worksheets if sheet.sheet_state == "visible"]


def _top(sheets: Sheets, title: str) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in islice(sheets.values(title), LOOKED_THROUGH)]


def _forms(sheets: Sheets, tops: dict[str, list[list[str]]]) -> list[str]:
    """The visible sheets that carry the mark of our form; a copy of such a sheet carries one of its own."""
    own = [sheet.title for sheet in sheets.results.worksheets if FORM in getattr(sheet, "defined_names", ())]
    if FORM in sheets.results.defined_names:
        own += [title for title, _ in sheets.results.defined_names[FORM].destinations]
    return [title for title in tops if title in own]


def _chosen(file: ReturnsFile, tops: dict[str, list[list[str]]], forms: list[str], is_heading: IsHeading) -> str:
    like = [title for title, rows in tops.items() if any(is_heading(row) for row in rows)]
    like = [title for title in like if title in forms] or like
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
