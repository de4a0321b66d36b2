"""Text with a separator: commas, semicolons, tabs or bars, told by the row of headings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import dropwhile, islice

from compstat.findings import DataError, Finding
from compstat.load.formats.fast_way import reads_alike
from compstat.load.formats.letters import BoundedLines, first_text, text_of
from compstat.load.formats.limits import LOOKED_THROUGH, MOST_CELL
from compstat.load.formats.table import IsHeading, Lines, Table, refuse_rows_above, says_something
from compstat.load.other_words import as_word, names_unit_and_when, periods_across
from compstat.load.our_words import WHEN
from compstat.load.returns_file import ReturnsFile

csv.field_size_limit(MOST_CELL)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
TOLD = re.compile(r"\ufeff?\"?sep=(.)\"?[\r\n]+", re.IGNORECASE)  # Excel's own first line, which is no row


class DelimitedTable(Table):
    """A text file of returns. Lines count from 1; a row that goes over several is known by its first."""

    def __init__(self, file: ReturnsFile, is_heading: IsHeading | None = None) -> None:
        alike = reads_alike(file)
        text = first_text(file)
        told = TOLD.match(text)
        self._told = told is not None
        if told:
            self.separator = told[1]
            rows = self._numbered(io.StringIO(text, newline=""), file.source, strict=False)
            line, headings = next(_said(rows), (1, []))
        else:
            self.separator, line, headings = _headings(text, file.source, is_heading or looks_like_returns)
        super().__init__(file, headings, line)
        self.fast = self.separator == "," and not told and alike and line == 1

    def rows(self) -> Lines:
        with text_of(self.file) as text:
            rows = self._numbered(text, self.source, strict=True)
            yield from dropwhile(lambda row: row[0] <= self.heading_line, rows)

    def _numbered(self, text: io.TextIOBase, source: str, *, strict: bool) -> Lines:
        lines = numbered(text, source, self.separator, strict=strict)
        if self._told:
            next(lines, None)
        return lines


def numbered(text: io.TextIOBase, source: str, separator: str, *, strict: bool) -> Lines:
    """Each row of a text with the line on which it begins."""
    before = 0
    lines = BoundedLines(text, source)
    reader = csv.reader(lines, delimiter=separator, strict=strict)
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
            lines.row_ends()
    except csv.Error as error:
        message = f"is not CSV: {error}"
        fix = "Look for a quote that is opened here and not closed. Or the file is cut off, or not what its name says."
        raise DataError(Finding("not-csv", f"{source}:{before + 1}", message, fix)) from None


def looks_like_returns(cells: list[str], declared: Mapping[str, str] | None = None) -> bool:
    """Whether a row holds the headings of returns, a unit and when: ours, or those declared to stand for them."""
    words = {as_word(cell) for cell in cells}
    words |= {ours for theirs, ours in (declared or {}).items() if as_word(theirs) in words}
    return "unit" in words and bool(words & set(WHEN))


def _said(rows: Lines) -> Iterator[tuple[int, list[str]]]:
    return ((line, row) for line, row in rows if says_something(row))


def _headings(text: str, source: str, is_heading: IsHeading) -> tuple[str, int, list[str]]:
    """The separator by which one of the first rows holds the headings looked for, and that row; titles may be above it.

    Where none does, the row that comes close, for the message: what a file lacks is told in its own headings, not in
    one long one. Else the first row by commas. Raises DataError where two separators fit: which of them splits `1,5;2`
    would be a guess.
    """
    tops = {separator: _top(text, source, separator) for separator in SEPARATORS}
    for wanted in (is_heading, _comes_close):
        fits = {separator: row for separator, rows in tops.items() if (row := _first(rows, wanted))}
        if fits:
            line = min(line for line, _ in fits.values())
            found = [separator for separator, row in fits.items() if row[0] == line]
            if wanted is is_heading:
                _refuse_two(found, f"{source}:{line}")
                refuse_rows_above(tops[found[0]], line, lambda line: f"{source}:{line}")
            return found[0], *fits[found[0]]
    return ",", *next(iter(tops[","]), (1, []))


def _top(text: str, source: str, separator: str) -> list[tuple[int, list[str]]]:
    rows = numbered(io.StringIO(text, newline=""), source, separator, strict=False)
    return list(islice(_said(rows), LOOKED_THROUGH))


def _first(rows: list[tuple[int, list[str]]], wanted: IsHeading) -> tuple[int, list[str]] | None:
    return next((row for row in rows if wanted(row[1])), None)


def _refuse_two(separators: list[str], place: str) -> None:
    if len(separators) > 1:
        found = " and by ".join(SEPARATORS[separator] for separator in separators)
        message = f"the headings can be separated by {found}; wanted one of them"
        fix = "Put quotes round the headings, or save it with commas."
        raise DataError(Finding("unclear-separator", place, message, fix))


def _comes_close(cells: list[str]) -> bool:
    return names_unit_and_when(cells) or bool(periods_across(cells))
