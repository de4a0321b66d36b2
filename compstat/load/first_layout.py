"""Which column of a file holds what, before there is a workspace: by the headings, and by what stands below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from compstat.findings import DataError, Finding
from compstat.load.columns import weeks_across
from compstat.load.other_words import INDICATOR, PARTS, UNIT, VALUE, WHEN_WORDS, as_word, periods_across
from compstat.load.our_words import FIGURES, NOTES, WHEN
from compstat.load.quoted import plain, quoted, toml_text

Rows = list[list[str]]
THOUSANDS_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)  # 0.125 is none
SMALL_WHOLE = re.compile(r"[+-]?\d{1,3}", re.ASCII)
THOUSANDS_SIGN = re.compile(r"[+-]?\d{1,3}(?:([.,' \u00a0\u202f])\d{3})+(?:([.,])\d+)?", re.ASCII)
LIKE_A_FIGURE = re.compile(r"[+-]?[£€$]?\d[\d.,' \u00a0\u202f]*%?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,(\d{1,2}|\d{4,})")  # 1,204 may be thousands
WITH_COMMA = re.compile(r"[+-]?\d+,\d+")
WITH_POINT = re.compile(r"[+-]?\d+\.\d+")


class Layout:
    """The columns by what they hold. `when`: our heading of the date, "" where it does not say what a date is."""

    def __init__(self, headings: Sequence[str], place: str, place_of: Callable[[int, str], str] | None = None) -> None:
        """Look at the headings, which stand at `place`. Raises DataError where none says which unit, or when.

        `place_of`: where the first cell of a column stands that holds a text.
        """
        self.headings = [heading.strip() for heading in headings]
        self.remarks: list[str] = []
        self.wide: list[int] = []
        self.passed: list[int] = []
        self._place = place
        self._place_of = place_of or (lambda _column, _text: place)
        self._words = [as_word(heading) for heading in self.headings]
        self.unit = self._one({"unit"}, UNIT)
        self.date = self._one(set(WHEN), set(WHEN_WORDS))
        self.heading_of_when = self.headings[self.date]
        self.when = WHEN_WORDS[self._words[self.date]]
        used = {self.unit, self.date}
        self.indicator = next((n for n, word in enumerate(self._words) if word in INDICATOR and n not in used), None)
        figures = {PARTS.get(word, "value" if word in VALUE else word): n for n, word in enumerate(self._words)}
        self.figures = {name: figures[name] for name in FIGURES if name in figures}
        if self.indicator is None or "value" not in self.figures:
            self.indicator, self.figures = None, {}

    @property
    def renamed(self) -> dict[str, str]:
        """The headings that are not ours, each with ours."""
        ours = {self.unit: "unit", self.date: self.when, **{n: name for name, n in self.figures.items()}}
        ours |= {} if self.indicator is None else {self.indicator: "indicator"}
        return {self.headings[n]: name for n, name in ours.items() if name and self.headings[n] != name}

    def sort_out(self, rows: Rows, decimal: str) -> None:
        """Say of the other columns which are indicators and which are passed over. Raises DataError for none."""
        used = {self.unit, self.date, self.indicator, *self.figures.values()}
        rest = [n for n in range(len(self.headings)) if n not in used]
        if self.indicator is None:
            self.wide = [n for n in rest if _holds_numbers(self._cells(rows, n), decimal)]
        self.passed = [n for n in rest if n not in self.wide and (self.headings[n] or self._cells(rows, n))]
        if self.indicator is None and not self.wide:
            raise DataError(self._no_figures(rows, rest, decimal))
        self.remarks += [f"{quoted(theirs)} is read as {ours}." for theirs, ours in self.renamed.items()]
        for n in self.passed:
            if self.headings[n] not in NOTES:
                self.remarks.append(f"{quoted(self.headings[n])} is passed over: {self._why(rows, n, decimal)}")

    def passed_for_good(self, rows: Rows) -> list[str]:
        """Headings of columns without figures, to be passed over in every file to come."""
        kept = {self.headings[n] for n in range(len(self.headings)) if n not in self.passed}
        names = {self.headings[n]: n for n in self.passed if self.headings[n] and self.headings[n] not in NOTES}
        return [name for name, n in names.items() if name not in kept and not _like_figures(self._cells(rows, n))]

    def long(self, rows: Rows) -> list[tuple[str, ...]]:
        """unit, indicator, when, value, numerator, denominator: the cells as they stand."""
        padded = [[*(cell.strip() for cell in row), *[""] * (len(self.headings) - len(row))] for row in rows]
        if self.indicator is None:
            return [
                (row[self.unit], self.headings[n], row[self.date], row[n], "", "") for row in padded for n in self.wide
            ]
        places = [self.figures.get(name) for name in FIGURES]
        return [
            (row[self.unit], row[self.indicator], row[self.date], *("" if n is None else row[n] for n in places))
            for row in padded
        ]

    def decimal(self, rows: Rows) -> str:
        """The decimal sign of the columns of figures, where they settle that it is a comma; else a point."""
        used = {self.unit, self.date, self.indicator}
        cells = [cell for n in range(len(self.headings)) if n not in used for cell in self._cells(rows, n)]
        commas = [cell for cell in cells if WITH_COMMA.fullmatch(cell)]
        settled = any(DECIMAL_COMMA.fullmatch(cell) for cell in commas)
        return "," if settled and not any(WITH_POINT.fullmatch(cell) for cell in cells) else "."

    def _cells(self, rows: Rows, column: int) -> list[str]:
        return [row[column].strip() for row in rows if column < len(row) and row[column].strip()]

    def _one(self, ours: set[str], known: set[str]) -> int:
        """The column of that meaning: the one that has a name of ours, else the first that comes close."""
        exact = [n for n, word in enumerate(self._words) if word in ours]
        close = [n for n, word in enumerate(self._words) if word in known]
        if close:
            return (exact or close)[0]
        if across := periods_across(self.headings):
            raise DataError(weeks_across(self._place, across))
        what = "unit" if "unit" in ours else "period"
        message = f"no column says which {what}; found {plain(', '.join(self.headings), 200)}"
        fix = f"Name it {' or '.join(name for name in (*WHEN, 'unit') if name in ours)}."
        raise DataError(Finding("missing-heading", self._place, message, fix))

    def _no_figures(self, rows: Rows, rest: Sequence[int], decimal: str) -> Finding:
        """That no column can be read as figures, with the cell that stands in the way where one does."""
        for n in rest:
            cells = self._cells(rows, n)
            if _like_figures(cells):
                odd = next(cell for cell in cells if number(cell, decimal) is None)
                message = f"{quoted(self.headings[n])} would hold the figures, but {quoted(odd)} is none"
                return Finding("not-a-number", self._place_of(n, odd), message, how_to_declare(odd))
        message = "no column holds figures; wanted indicator and value, or a column an indicator"
        return Finding("missing-heading", self._place, message, "Is it the right file?")

    def _why(self, rows: Rows, column: int, decimal: str) -> str:
        cells = self._cells(rows, column)
        if not _like_figures(cells):
            return "it is not known, or no column of figures."
        odd = next((cell for cell in cells if number(cell, decimal) is None), cells[0])
        fix = f"Put {quoted(self.headings[column])} into indicators.csv, mend such cells"
        fix += " (or, if all are written so, say decimal and thousands under [returns] in compstat.toml)"
        return f"it held figures such as {quoted(odd)}; wanted 1204.5. {fix} and load the file again."


def how_to_declare(text: str) -> str:
    """What to do about a figure that is none as it stands: which signs to declare, or to write it plainly."""
    found = THOUSANDS_SIGN.fullmatch(text)
    if not found:
        return "Write figures in plain digits with a point, without a sign of money or per cent."
    thousands = " " if found[1] in " \u00a0\u202f" else found[1]
    decimal = found[2] or ("," if thousands == "." else ".")
    signs = f"thousands = {toml_text(thousands)}" + ("" if decimal == "." else f" and decimal = {toml_text(decimal)}")
    return f"Write it in plain digits; or make the workspace without --from, and say {signs} under [returns] there."


def point_for_thousands(cells: Sequence[str]) -> str:
    """A figure whose point may stand for thousands, as all of an indicator's that have one; "" where they cannot."""
    pointed = [cell for cell in cells if THOUSANDS_POINT.fullmatch(cell)]
    others = (cell for cell in cells if not THOUSANDS_POINT.fullmatch(cell))
    return pointed[0] if pointed and all(SMALL_WHOLE.fullmatch(cell) for cell in others) else ""


def number(text: str, decimal: str = ".") -> float | None:
    """A cell as a finite number, None for what is none."""
    if decimal == ",":
        text = "" if "." in text else text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    if "_" in text:  # 1_204 is a number to Python alone
        return None
    return value if abs(value) < 1e300 else None  # neither infinite nor NaN


def _holds_numbers(cells: Sequence[str], decimal: str) -> bool:
    return bool(cells) and all(number(cell, decimal) is not None for cell in cells)


def _like_figures(cells: Sequence[str]) -> bool:
    """Whether figures stand in a column, however they are written."""
    return any(LIKE_A_FIGURE.fullmatch(cell) for cell in cells)
