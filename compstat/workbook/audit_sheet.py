"""The sheet on which an audit is filled: facts of the draw at the top, then one row a record to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl.worksheet.datavalidation import DataValidation

from compstat.workbook.sheet import (
    SMALL,
    STRONG,
    TITLE,
    new_workbook,
    put,
    ready_to_print,
    save,
    set_widths,
    unlock,
    validate,
)

SHEET = "Audit"
HEADINGS = ("unit", "period_start", "record", "of_records", "found", "right", "wrong", "comment")
WIDTHS = (26, 14, 10, 12, 9, 9, 9, 50)
FOUND, COMMENT = 5, 8
HOW = (
    "Record 3 of 12 is the third when the unit's records of the period are listed by their reference numbers.",
    "found: yes or no. Of a record found, x under right where it is counted where it belongs, else x under wrong.",
    "A row without any mark was not looked at.",
)


def write_audit_sheet(
    title: str,
    facts: Sequence[tuple[str, object]],
    rows: Sequence[tuple[str, date, int, int]],
    path: Path,
    *,
    paper: str,
    force: bool = False,
) -> None:
    """Write the sheet: `facts` are name and value, `rows` unit, period, record, of records.

    Raises UsageError where the file is there already or cannot be written.
    """
    book, sheet = new_workbook(SHEET)
    put(sheet, 1, 1, title, TITLE)
    sheet.row_dimensions[1].height = 28
    for number, words in enumerate(HOW, 2):
        put(sheet, number, 1, words)
    head = len(HOW) + 3
    for number, (name, value) in enumerate(facts, head):
        put(sheet, number, 1, name, SMALL)
        # as text: a spreadsheet keeps moments to the millisecond, and the draw is made again from this one
        said = value.isoformat() if isinstance(value, date) else value and str(value)
        put(sheet, number, 2, said, SMALL)
    table = head + len(facts) + 1
    for column, heading in enumerate(HEADINGS, 1):
        put(sheet, table, column, heading, STRONG)
    for number, row in enumerate(rows, table + 1):
        for column, value in enumerate(row, 1):
            put(sheet, number, column, value)
        for column in range(FOUND, COMMENT + 1):
            cell = put(sheet, number, column, None, wrap=column == COMMENT)
            unlock(cell)
            if column < COMMENT:
                choice = '"yes,no"' if column == FOUND else '"x"'
                words = "yes or no" if column == FOUND else "x, or nothing"
                validate(sheet, cell, DataValidation("list", formula1=choice, allow_blank=True), "A mark", words)
    set_widths(sheet, WIDTHS)
    ready_to_print(sheet, paper, table, landscape=True, one_page=False)
    save(book, path, force=force)
