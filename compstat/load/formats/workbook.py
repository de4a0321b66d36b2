"""One sheet of a workbook (XLSX, XLSM) as a table: every cell by the value that was saved, no formula or macro run."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compstat.findings import DataError, Finding
from compstat.load.formats.cells import cell_text
from compstat.load.formats.kind import damaged
from compstat.load.formats.limits import MOST_SHEET_ROWS
from compstat.load.formats.merged import MergedCells
from compstat.load.formats.table import Lines, Table, says_something
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import ReturnsFile

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Sheets:
    """A workbook opened twice where it has formulas: for the results as they were saved, and for the formulas."""

    results: Workbook
    formulas: Workbook | None

    def part(self, title: str) -> str:
        """Where a sheet lies in the archive."""
        sheet: Any = self.results[title]
        return str(sheet._worksheet_path).lstrip("/")

    def values(self, title: str) -> Iterator[Sequence[Any]]:
        """The rows of a sheet from row 1 on. A formula that was saved without its result is given as the formula."""
        sheet: Any = self.results[title]
        sheet.reset_dimensions()  # what a sheet says of its size is often wrong, and rows would be left out
        if self.formulas is None:
            yield from sheet.iter_rows(values_only=True)
            return
        beside: Any = self.formulas[title]
        beside.reset_dimensions()
        for cells, formulas in zip(sheet.iter_rows(), beside.iter_rows(values_only=True), strict=True):
            yield [_result(cell, formula) for cell, formula in zip(cells, formulas, strict=True)]


class WorkbookTable(Table):
    """A sheet from its row of headings on. Lines are the sheet's row numbers."""

    def __init__(
        self,
        file: ReturnsFile,
        sheets: Sheets,
        title: str,
        line: int,
        cells: Sequence[str],
        decimal: str,
        merged: Sequence[str] = (),
    ) -> None:
        said = [n for n, cell in enumerate(cells) if cell.strip()] or [0]
        self._first = said[0]
        self._sheets = sheets
        self._title = title
        self._decimal = decimal
        super().__init__(file, cells[said[0] : said[-1] + 1], line)
        self._merged = merged

    def place(self, line: int, heading: str | None = None) -> str:
        from openpyxl.utils import get_column_letter

        names = [name.strip() for name in self.headings]
        column = get_column_letter(self._first + names.index(heading) + 1) if heading in names else ""
        return f"{self.source}:{plain(self._title)}!{column}{line}"

    def rows(self) -> Lines:
        first, width = self._first, len(self.headings)
        with readable(self.file):
            merged = MergedCells(self._merged, self.headings, first)
            for line, row in merged.filled(enumerate(self._sheets.values(self._title), 1)):
                if line > MOST_SHEET_ROWS:
                    raise ValueError(f"a row above {MOST_SHEET_ROWS:,}")
                if line > self.heading_line:
                    texts = [cell_text(cell, self._decimal) for cell in row]
                    texts += [""] * (first + width - len(texts))
                    # what stands beside the table, left or right, comes last: such a row is refused, not cut
                    yield line, texts[first : first + width] + texts[:first] + texts[first + width :]

    def _ragged(self, line: int, row: Sequence[str]) -> Finding:
        stray = next(cell for cell in row[len(self.headings) :] if cell.strip())
        message = f"{quoted(stray)} stands beside the table, under no heading"
        fix = "Take it out, or give its column a heading."
        return Finding("ragged-row", self.place(line), message, fix)


@contextmanager
def readable(file: ReturnsFile) -> Iterator[None]:
    """Whatever stops openpyxl is a damaged workbook, in words; what it only warns of is no concern of a return."""
    from defusedxml.common import DefusedXmlException

    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except DataError:
        raise
    except Exception as error:  # it checks little, so a damaged part can end in any error
        if any(isinstance(one, DefusedXmlException) for one in (error, error.__cause__, error.__context__)):
            message = "defines entities, as no workbook does: an XML bomb"
            raise DataError(Finding("damaged-file", file.source, message, "Ask who sent it; do not open it.")) from None
        raise damaged(file, "workbook", error) from None


def open_sheets(file: ReturnsFile, *, formulas: bool) -> Sheets:
    """The workbook, held in memory as it is packed: nothing stays open, and it cannot change while it is read."""
    from openpyxl import load_workbook

    data = file.path.read_bytes()
    results = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    beside = load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if formulas else None
    return Sheets(results, beside)


def first_row(rows: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]] | None:
    """The first of these rows that holds anything, with its number."""
    return next(((line, row) for line, row in enumerate(rows, 1) if says_something(row)), None)


def _result(cell: Any, formula: object) -> Any:
    """A cell's value; of a formula without a result the formula, so that it is never taken for an empty cell.

    A result that is an empty text has the type `str`: that one is empty indeed.
    """
    if cell.value is not None or formula is None or getattr(cell, "data_type", "n") == "str":
        return cell.value
    return str(getattr(formula, "text", formula))
