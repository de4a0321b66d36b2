"""Workbooks that people fill: text stays text, only the input cells are unlocked, and the page is ready to print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from compstat.new_file import new_file

# Characters that XML 1.0 (section 2.2) cannot hold: a name with one in it must not make the whole file unreadable
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_767  # characters in a cell: Excel specifications and limits
DATE_FORMAT = "yyyy-mm-dd"  # the one way that nobody reads as another day
MOMENT_FORMAT = "yyyy-mm-dd hh:mm:ss"
LINE_POINTS = 15.0  # height of a line of 11 pt: programs do not fit rows to wrapped text by themselves
WIDE = 1.15  # bold letters and words that do not break evenly take more room than their number says
GREY, HAIRLINE = "FF6A737D", "FFC3C9CF"
INPUT = PatternFill("solid", fgColor="FFFFF8E1")
LINE = Side(style="thin", color=HAIRLINE)

TITLE = Font(name="Calibri", size=18, bold=True)
PLAIN = Font(name="Calibri", size=11)
STRONG = Font(name="Calibri", size=11, bold=True)
SMALL = Font(name="Calibri", size=9, color=GREY)


def new_workbook(title: str) -> tuple[Workbook, Worksheet]:
    """A workbook of one sheet. The sheet's name is ours: what stands in data could break it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet), "a new workbook has a sheet"
    sheet.title = title
    sheet.sheet_view.showGridLines = False
    return book, sheet


def put(sheet: Worksheet, row: int, column: int, value: object, font: Font = PLAIN, *, wrap: bool = False) -> Cell:
    """Write a cell. Text is never a formula, whatever it begins with; None leaves the cell empty."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "we merge no cells"
    fill_cell(cell, value)
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return cell


def fill_cell(cell: Any, value: object) -> None:
    """Give a cell its value with the type that it has here: text as text, dates as dates, numbers as numbers."""
    if isinstance(value, str):
        cell.value = NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value)[:LONGEST_TEXT]
        cell.data_type = "s"  # else openpyxl makes a formula of what begins with =
        cell.quotePrefix = value.startswith("=")
        return
    cell.value = value
    if isinstance(value, datetime):
        cell.number_format = MOMENT_FORMAT
    elif isinstance(value, date):
        cell.number_format = DATE_FORMAT


def unlock(cell: Cell) -> None:
    """Make it a cell to fill: unlocked, tinted and framed, so that it shows on a grey printer too."""
    cell.protection = Protection(locked=False)
    cell.fill = INPUT
    cell.border = Border(LINE, LINE, LINE, LINE)


def validate(sheet: Worksheet, cell: Cell, rule: DataValidation, title: str, words: str) -> None:
    """Refuse what does not fit while it is typed. The words are ours: at most 32 and 225 characters fit."""
    rule.errorTitle, rule.error, rule.showErrorMessage = title, words, True
    rule.promptTitle, rule.prompt, rule.showInputMessage = title, words, True
    rule.add(cell)
    sheet.add_data_validation(rule)


def set_widths(sheet: Worksheet, characters: Sequence[float]) -> None:
    """Column widths in characters, from the first column on."""
    for column, width in enumerate(characters, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def height_for(sheet: Worksheet, row: int, *texts: tuple[str, float]) -> None:
    """Make a row high enough for its wrapped texts, each given with the width of its column in characters."""
    lines = max(sum(ceil(max(1, len(line)) / width) for line in text.split("\n")) for text, width in texts)
    sheet.row_dimensions[row].height = LINE_POINTS * lines + 4


def ready_to_print(sheet: Worksheet, paper: str, heading_row: int, *, landscape: bool, one_page: bool) -> None:
    """One page wide, and one high where wanted; else the headings are repeated on every page."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 1 if paper == "Letter" else 9  # ECMA-376 part 1, 18.3.1.63: 1 Letter, 9 A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.oddFooter.right.text = "&P / &N"
    sheet.freeze_panes = f"A{heading_row + 1}"


def save(book: Workbook, path: Path, *, force: bool = False) -> None:
    """Lock all that is not to be filled (without a password: it guards against slips, not against people), and write.

    Raises UsageError where the file is there already or cannot be written.
    """
    for sheet in book.worksheets:
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False  # False allows it
    with new_file(path, force=force) as part:
        book.save(part)
