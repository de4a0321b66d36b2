"""A file of returns whose headings are only close to ours: what each column is, and the file in our words."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from compstat.calendar import Calendar
from compstat.findings import DataError, Finding
from compstat.load.columns import FIGURES, NOTES, WHEN
from compstat.load.formats.opening import open_table
from compstat.load.other_words import INDICATOR, PARTS, UNIT, VALUE, WHEN_WORDS, as_word
from compstat.load.periods import parse_date
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import check_file, returns_file
from compstat.workspace.propose import Seen
from compstat.workspace.settings import ReturnsSettings

MOST_BAD_DATES = 0.5  # share of rows; above it the dates are in another style, not mistyped


@dataclass(frozen=True)
class FirstLook:
    """A file understood. `remarks`: what was read as what, in sentences.

    returns: the file in our words as long CSV, None where it loads as it is.
    """

    units: tuple[str, ...]
    indicators: dict[str, Seen]
    dates_are_ends: bool
    returns: str | None
    remarks: tuple[str, ...]


def first_look(path: Path) -> FirstLook:
    """Read a file of returns, long or wide, before there is a workspace.

    Raises DataError where it cannot be read, holds no unit or date column, or dates in a style that is not ours: what
    3/4/26 means is never guessed.
    """
    check_file(path)
    file = returns_file(path)
    table = open_table(file, ReturnsSettings())
    rows = [row for _, row in table.rows() if any(cell.strip() for cell in row)]
    layout = _Layout(table.headings, rows, file.source)
    kind, days = _days(layout, file.source)
    if not layout.when:
        layout.when = _first_or_last(days.values())
        kind = WHEN[layout.when]
        meaning = "last" if kind == "end" else "first"
        layout.remarks.append(f"{quoted(layout.heading_of_when)} is read as a period's {meaning} day, by its weekdays.")
    units: dict[str, None] = {}
    indicators: dict[str, Seen] = {}
    for unit, indicator, when, *figures in layout.long():
        units.setdefault(unit)
        _see(indicators.setdefault(indicator, Seen()), days.get(when), figures)
    return FirstLook(tuple(units), indicators, kind == "end", layout.rewritten(), tuple(layout.remarks))


class _Layout:
    """Which column holds what."""

    def __init__(self, headings: Sequence[str], rows: list[list[str]], source: str) -> None:
        self.headings = [heading.strip() for heading in headings]
        self.rows = rows
        self.remarks: list[str] = []
        words = [as_word(heading) for heading in self.headings]
        self.unit = self._one(words, {"unit"}, UNIT, source)
        self._when = self._one(words, set(WHEN), set(WHEN_WORDS), source)
        self.heading_of_when = self.headings[self._when]
        self.when = WHEN_WORDS[words[self._when]]
        used = {self.unit, self._when}
        self.indicator = next((n for n, word in enumerate(words) if word in INDICATOR and n not in used), None)
        figures = {PARTS.get(word, "value" if word in VALUE else word): n for n, word in enumerate(words)}
        self.figures = {name: figures[name] for name in FIGURES if name in figures}
        rest = [n for n in range(len(words)) if n not in used]
        if self.indicator is None or "value" not in self.figures:
            self.indicator, self.figures = None, {}
            self.wide = [n for n in rest if self._holds_numbers(n)]
            self.passed = [n for n in rest if n not in self.wide]
            if not self.wide:
                message = "no column holds figures; wanted indicator and value, or a column an indicator"
                raise DataError(Finding("missing-heading", f"{source}:1", message, "Is it the right file?"))
        else:
            self.wide = []
            self.passed = [n for n in rest if n not in (self.indicator, *self.figures.values())]
        ours = {self.unit: "unit", self._when: self.when}
        ours |= {} if self.indicator is None else {self.indicator: "indicator"}
        ours |= {n: name for name, n in self.figures.items()}
        self._renamed = {n: name for n, name in ours.items() if name and self.headings[n] != name}
        for n, name in self._renamed.items():
            self.remarks.append(f"{quoted(self.headings[n])} is read as {name}.")
        for n in self.passed:
            if self.headings[n] not in NOTES:
                self.remarks.append(
                    f"{quoted(self.headings[n])} is passed over: it is not known, or no column of figures."
                )

    def long(self) -> list[tuple[str, ...]]:
        """unit, indicator, when, value, numerator, denominator: the cells as they stand."""
        rows = [[*(cell.strip() for cell in row), *[""] * (len(self.headings) - len(row))] for row in self.rows]
        if self.indicator is None:
            return [
                (row[self.unit], self.headings[n], row[self._when], row[n], "", "") for row in rows for n in self.wide
            ]
        places = [self.figures.get(name) for name in FIGURES]
        return [
            (row[self.unit], row[self.indicator], row[self._when], *("" if n is None else row[n] for n in places))
            for row in rows
        ]

    def rewritten(self) -> str | None:
        """The file as long CSV in our headings; None where loading takes it as it is."""
        passed = [n for n in self.passed if self.indicator is None or self.headings[n] not in NOTES]
        odd = self.indicator is None and {self.headings[n] for n in self.wide} & {"value", "indicator"}
        if not self._renamed and not passed and not odd and self.heading_of_when == self.when:
            return None
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("unit", "indicator", self.when, *FIGURES))
        writer.writerows(self.long())
        return text.getvalue()

    def _one(self, words: Sequence[str], ours: set[str], known: set[str], source: str) -> int:
        """The column of that meaning: the one that has a name of ours, else the first that comes close."""
        exact = [n for n, word in enumerate(words) if word in ours]
        close = [n for n, word in enumerate(words) if word in known]
        if not close:
            what = "unit" if "unit" in ours else "period"
            message = f"no column says which {what}; found {plain(', '.join(self.headings), 200)}"
            fix = f"Name it {' or '.join(name for name in (*WHEN, 'unit') if name in ours)}."
            raise DataError(Finding("missing-heading", f"{source}:1", message, fix))
        return (exact or close)[0]

    def _holds_numbers(self, column: int) -> bool:
        cells = [row[column].strip() for row in self.rows if column < len(row) and row[column].strip()]
        return bool(cells) and all(_number(cell) is not None for cell in cells)


def _days(layout: _Layout, source: str) -> tuple[str, dict[str, date]]:
    """What a date here is, and the day of every text that is one. Raises DataError where most are not."""
    kind = WHEN.get(layout.when, "start")
    texts = Counter(row[2] for row in layout.long())
    days: dict[str, date] = {}
    for text in texts:
        try:
            days[text] = parse_date(text, kind, Calendar())
        except ValueError:
            continue
    bad = [text for text in texts if text not in days]
    if bad and sum(texts[text] for text in bad) > MOST_BAD_DATES * texts.total():
        message = f"{quoted(layout.heading_of_when)} holds dates such as {quoted(bad[0])}; wanted 2026-11-15"
        fix = (
            "Write them as year-month-day: which number is the day is not guessed. Or declare the style in feeds.toml."
        )
        raise DataError(Finding("bad-date", source, message, fix))
    return kind, days


def _first_or_last(days: object) -> str:
    """The heading for a date of which nobody says what it is: months begin on the 1st, weeks mostly on a Monday."""
    known: list[date] = list(days)  # type: ignore[call-overload]
    firsts = sum(day.day == 1 or day.weekday() == 0 for day in known)
    return "period_start" if 2 * firsts >= len(known) else "period_end"


def _see(seen: Seen, day: date | None, figures: Sequence[str]) -> None:
    value, numerator, denominator = (_number(cell) for cell in figures)
    if day is not None and (value is not None or numerator is not None):
        seen.days.add(day)
    if value is not None:
        seen.values.append(value)
    if numerator is not None and denominator is not None:
        seen.parts.append((value, numerator, denominator))
        if value is None and denominator:
            seen.values.append(numerator / denominator)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None  # neither infinite nor NaN
