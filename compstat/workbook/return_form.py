"""The sheet on which a unit returns its figures. Filled, it loads as it is: its table is a long file of returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl.styles import PatternFill
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from compstat.workbook.sheet import (
    SMALL,
    STRONG,
    TITLE,
    height_for,
    new_workbook,
    put,
    ready_to_print,
    save,
    set_widths,
    unlock,
    validate,
)

# What loading reads, and above it the same in words. The first three are for people: loading passes over them.
HEADINGS = {
    "name": "Asked for",
    "definition": "What is counted",
    "last_value": "Last period",
    "value": "Figure",
    "numerator": "Part",
    "denominator": "Out of",
    "unit": "Codes, to be left as they are",
    "indicator": "",
    "period_start": "",
}
WIDTHS = (26, 46, 18, 12, 12, 12, 14, 18, 12)
VALUE, NUMERATOR, DENOMINATOR = 4, 5, 6
MARK = "compstat_return"  # a name in the workbook for the whole table, by which a program can find it
NOT_ASKED = PatternFill("solid", fgColor="FFE3E6E9")
FILL_IN = (
    "Fill the tinted cells. An empty cell is a missing return, never 0. "
    "For a ratio give the part and what it is out of; it is worked out from them."
)


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """One row: one indicator in one period. `last`: the figure of the period before, in words.

    part_of_whole: the numerator cannot be above the denominator.
    """

    indicator: str
    name: str
    definition: str
    period_start: date
    last: str
    is_ratio: bool
    non_negative: bool
    part_of_whole: bool


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """Everything that is asked of one unit for the periods that end in one week; what is not asked, and why."""

    organisation: str
    unit: str
    title: str
    periods: tuple[str, ...]
    asked: tuple[AskedFigure, ...]
    not_asked: tuple[str, ...]
    paper: str = "A4"


def write_return_form(form: ReturnForm, path: Path, *, force: bool = False) -> None:
    """Write the form as XLSX. Raises UsageError where the file is there already or cannot be written."""
    book, sheet = new_workbook("Return")
    row = _write_head(sheet, form)
    _write_headings(sheet, row)
    for number, asked in enumerate(form.asked, row + 2):
        _write_row(sheet, number, form.unit, asked)
    set_widths(sheet, WIDTHS)
    ready_to_print(sheet, form.paper, row + 1, landscape=True, one_page=True)
    table = f"{quote_sheetname(sheet.title)}!$A${row + 1}:$I${row + 1 + len(form.asked)}"
    book.defined_names[MARK] = DefinedName(MARK, attr_text=table)
    save(book, path, force=force)


def _write_head(sheet: Worksheet, form: ReturnForm) -> int:
    """Who, for which periods, and how to fill it; the row after a gap."""
    put(sheet, 1, 1, f"Return of {form.title}", TITLE)
    sheet.row_dimensions[1].height = 28
    put(sheet, 2, 1, f"{form.organisation}. {'; '.join(form.periods)}", STRONG)
    put(sheet, 3, 1, FILL_IN)
    if form.not_asked:
        put(sheet, 4, 1, f"Not asked: {', '.join(form.not_asked)}.")
    return 6


def _write_headings(sheet: Worksheet, row: int) -> None:
    for column, (heading, words) in enumerate(HEADINGS.items(), 1):
        put(sheet, row, column, words or None, STRONG)
        put(sheet, row + 1, column, heading, SMALL)


def _write_row(sheet: Worksheet, row: int, unit: str, asked: AskedFigure) -> None:
    put(sheet, row, 1, asked.name, STRONG, wrap=True)
    put(sheet, row, 2, asked.definition or None, wrap=True)
    put(sheet, row, 3, asked.last)
    height_for(sheet, row, (asked.name, WIDTHS[0]), (asked.definition, WIDTHS[1]))
    for column, value in enumerate((unit, asked.indicator, asked.period_start), DENOMINATOR + 1):
        put(sheet, row, column, value, SMALL)
    inputs = (NUMERATOR, DENOMINATOR) if asked.is_ratio else (VALUE,)
    for column in (VALUE, NUMERATOR, DENOMINATOR):
        cell = put(sheet, row, column, None)
        if column in inputs:
            unlock(cell)
            validate(sheet, cell, *_rule(column, row, asked))
        else:
            cell.fill = NOT_ASKED


def _rule(column: int, row: int, asked: AskedFigure) -> tuple[DataValidation, str, str]:
    """What the cell takes, and the words that say so. Only places stand in the formulas, never text from data."""
    if column == VALUE and not asked.non_negative:
        rule = DataValidation("decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True)
        return rule, "A number", "A number, in digits. Leave the cell empty when the figure is not known."
    if column == VALUE or not asked.part_of_whole:
        least = "0" if asked.non_negative or column == DENOMINATOR else "-1E+15"
        rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1=least, allow_blank=True)
        wanted = "A number, 0 or more" if least == "0" else "A number"
        return rule, wanted, f"{wanted}. Leave the cell empty when the figure is not known."
    own, part, whole = ("E" if column == NUMERATOR else "F") + str(row), f"E{row}", f"F{row}"
    fits = f"AND(ISNUMBER({own}),{own}>=0,OR(ISBLANK({part}),ISBLANK({whole}),{part}<={whole}))"
    rule = DataValidation("custom", formula1=fits, allow_blank=True)
    return rule, "A part of a whole", "A number, 0 or more; the part is not above what it is out of."
