"""A file of returns whose headings are only close to ours: what each column is, and the file in our words."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.first_dates import MOST_BAD_DATES, read_dates
from compstat.load.first_layout import Layout, Rows, number, point_for_thousands
from compstat.load.formats.delimited import DelimitedTable
from compstat.load.formats.opening import open_table
from compstat.load.formats.table import Table, says_something
from compstat.load.headings import OURS
from compstat.load.other_words import as_word, names_unit_and_when, periods_across
from compstat.load.our_words import FIGURES, NOTES, WHEN
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import ReturnsFile, check_file, returns_file
from compstat.workspace.date_order import DateOrder
from compstat.workspace.propose import Seen
from compstat.workspace.settings import ReturnsSettings


@dataclass(frozen=True)
class FirstLook:
    """A file understood. `remarks`: what was read as what, in sentences.

    returns: the file in our words as long CSV, None where it loads as it is. settings: how such files are written,
    so that the next one loads too.
    """

    units: tuple[str, ...]
    indicators: dict[str, Seen]
    dates_are_ends: bool
    returns: str | None
    remarks: tuple[str, ...]
    settings: ReturnsSettings


def first_look(path: Path, order: DateOrder | None = None) -> FirstLook:
    """Read a file of returns, long or wide, before there is a workspace.

    `order`: of day, month and year, where somebody says it. Raises DataError where the file cannot be read, holds no
    unit or date column, or dates in a style that is not ours: what 3/4/26 means is never guessed.
    """
    check_file(path)
    file = returns_file(path)
    table = _opened(file)
    layout = Layout(table.headings, table.place(table.heading_line), lambda n, text: _place_of(table, n, text))
    # in our words, so that cells which a sheet merges are told for each row
    table.headings = [layout.renamed.get(heading, heading) for heading in layout.headings]
    rows, skipped = _dated([row for _, row in table.rows() if says_something(row)], layout)
    decimal = layout.decimal(rows) if _semicolons(table) else "."
    if decimal == ",":
        layout.remarks.append("A comma is read as the decimal sign. compstat.toml says so from here on.")
    layout.sort_out(rows, decimal)
    texts = Counter(row[2] for row in layout.long(rows))
    dates = read_dates(texts, layout.heading_of_when, WHEN.get(layout.when, "start"), order, file.source)
    layout.remarks += [dates.remark] if dates.remark else []
    if not layout.when:
        _name_date(layout, dates.days.values())
    long = layout.long(rows)
    _refuse_two_spellings(table, layout, long)
    layout.remarks += _thousands(long)
    returns = _rewritten(long, layout.when) if skipped or _needs_rewriting(layout) else None
    settings = _settings(layout, rows, decimal, dates.order, skipped)
    units, indicators = _seen(long, dates.days, decimal)
    ends = WHEN[layout.when] == "end"
    return FirstLook(tuple(units), indicators, ends, returns, tuple(layout.remarks), settings)


def _place_of(table: Table, column: int, text: str) -> str:
    """Where the first cell of a column stands that holds this text."""
    lines = (line for line, row in table.rows() if column < len(row) and row[column].strip() == text)
    line = next(lines, table.heading_line)
    return table.place(line, table.headings[column])


def _refuse_two_spellings(table: Table, layout: Layout, long: Sequence[Sequence[str]]) -> None:
    """Raises DataError where two units, or two indicators of a long file, differ in capitals or spaces alone."""
    found = []
    for what, cell, column in (("unit", 0, layout.unit), ("indicator", 1, layout.indicator)):
        spelt: dict[str, str] = {}
        for name in dict.fromkeys(row[cell] for row in long):
            first = spelt.setdefault(" ".join(name.casefold().split()), name)
            if first != name and column is not None:
                message = f"{what} {quoted(name)} is spelt {quoted(first)} in {_place_of(table, column, first)}"
                fix = "One or two? Write it in one way throughout, or name them apart; it is not guessed."
                found.append(Finding("two-spellings", _place_of(table, column, name), message, fix))
    if found:
        raise DataError(found)


def _thousands(long: Sequence[Sequence[str]]) -> list[str]:
    """What to say of indicators whose points may all stand for thousands: to a computer 1.000 is 1."""
    cells: dict[str, list[str]] = {}
    for _, indicator, _, value, *_ in long:
        if value:
            cells.setdefault(indicator, []).append(value)
    return [
        f"{quoted(indicator)}: {quoted(odd)} is read as {number(odd):g}. If its point stands for thousands, say "
        'decimal = "," and thousands = "." under [returns] in compstat.toml before you load, and that it is a count in '
        "indicators.csv."
        for indicator, found in cells.items()
        if (odd := point_for_thousands(found))
    ]


def _settings(layout: Layout, rows: Rows, decimal: str, order: DateOrder, skipped: int) -> ReturnsSettings:
    """What the workspace is to know for the next file of the same shape to load."""
    return ReturnsSettings.model_validate(
        {
            "decimal": decimal,
            "dates": order,
            "columns": {theirs: ours for theirs, ours in layout.renamed.items() if as_word(theirs) != ours},
            "pass_over": layout.passed_for_good(rows),
            "remark_rows": "pass-over" if skipped else "refuse",
        }
    )


def _opened(file: ReturnsFile) -> Table:
    """The file with the first row for headings that says which unit and when, in words close to ours."""
    table = open_table(file, ReturnsSettings(), names_unit_and_when)
    if names_unit_and_when(table.headings):
        return table
    across = open_table(file, ReturnsSettings(), lambda cells: len(periods_across(cells)) > 1)
    return across if periods_across(across.headings) else table


def _semicolons(table: Table) -> bool:
    return isinstance(table, DelimitedTable) and table.separator == ";"


def _dated(rows: Rows, layout: Layout) -> tuple[Rows, int]:
    """The rows with a date, and how many have none: a source, a total. Where most have none, that is what is wrong."""
    without = [row for row in rows if layout.date >= len(row) or not row[layout.date].strip()]
    if not without or len(without) > MOST_BAD_DATES * len(rows):
        return rows, 0
    said = plain(", ".join(cell.strip() for cell in without[0] if cell.strip()))
    count = "1 row" if len(without) == 1 else f"{len(without):,} rows"
    layout.remarks.append(f"{count} without a date passed over: {said}")
    return [row for row in rows if layout.date < len(row) and row[layout.date].strip()], len(without)


def _name_date(layout: Layout, days: Collection[date]) -> None:
    """Say what a date is of which nobody says it: months begin on the 1st, weeks mostly on a Monday."""
    firsts = sum(day.day == 1 or day.weekday() == 0 for day in days)
    layout.when = "period_start" if 2 * firsts >= len(days) else "period_end"
    meaning = "last" if layout.when == "period_end" else "first"
    layout.remarks.append(f"{quoted(layout.heading_of_when)} is read as a period's {meaning} day, by its weekdays.")


def _needs_rewriting(layout: Layout) -> bool:
    """Whether loading would not take the file as it is."""
    passed = [n for n in layout.passed if layout.indicator is None or layout.headings[n] not in NOTES]
    odd = {layout.headings[n] for n in layout.wide} & set(OURS)
    return bool(layout.renamed or passed or odd)


def _rewritten(long: Sequence[Sequence[str]], when: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("unit", "indicator", when, *FIGURES))
    writer.writerows(long)
    return text.getvalue()


def _seen(
    long: Sequence[Sequence[str]], days: dict[str, date], decimal: str
) -> tuple[dict[str, None], dict[str, Seen]]:
    """The units in the file's order, and what it says of each indicator."""
    units: dict[str, None] = {}
    indicators: dict[str, Seen] = {}
    for unit, indicator, when, *figures in long:
        units.setdefault(unit)
        _see(indicators.setdefault(indicator, Seen()), days.get(when), [number(cell, decimal) for cell in figures])
    return units, indicators


def _see(seen: Seen, day: date | None, figures: Sequence[float | None]) -> None:
    value, numerator, denominator = figures
    if day is not None and (value is not None or numerator is not None):
        seen.days.add(day)
    if value is not None:
        seen.values.append(value)
    if numerator is not None and denominator is not None:
        seen.parts.append((value, numerator, denominator))
        if value is None and denominator:
            seen.values.append(numerator / denominator)
