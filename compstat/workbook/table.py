"""A long table as a workbook: a row at a time, so that a million of them need little memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from compstat.workbook.sheet import STRONG, fill_cell


def write_table(headings: Sequence[str], rows: Iterable[Sequence[object]], path: Path) -> None:
    """Write headings and rows: text as text, dates as dates, numbers as numbers, None as an empty cell."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    sheet.freeze_panes = "A2"
    for column, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(column)].width = max(10, min(40, len(heading) + 4))
    sheet.append([_cell(sheet, heading, strong=True) for heading in headings])
    for row in rows:
        # a plain number needs no cell of its own, which is what takes the time
        sheet.append([value if value is None or type(value) in {int, float} else _cell(sheet, value) for value in row])
    book.save(path)


def _cell(sheet: WriteOnlyWorksheet, value: object, *, strong: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    fill_cell(cell, value)
    if strong:
        cell.font = STRONG
    return cell
