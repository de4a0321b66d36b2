"""One file into the staging table: the fast way when every cell fits, else the careful way that names each fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from compstat.calendar import EARLIEST, LATEST
from compstat.findings import DataError, Finding
from compstat.load.careful import read_rows
from compstat.load.columns import Columns, read_columns
from compstat.load.describe import put_descriptions
from compstat.load.formats.opening import open_table
from compstat.load.formats.table import Table
from compstat.load.headings import in_our_words, is_passed_over
from compstat.load.our_words import FIGURES
from compstat.load.periods import known_periods, parse_date
from compstat.load.quoted import quoted, source_of
from compstat.load.returns_file import returns_file
from compstat.store import Store
from compstat.workspace.workspace import Workspace

Refusal = tuple[int, Finding]  # line (0 when not known) and why
OTHER_DATE = "^[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{2}|[0-9]{4})$"  # day and month in one order or the other
FAST_TYPES = {"unit": "VARCHAR", "indicator": "VARCHAR", **dict.fromkeys(FIGURES, "DOUBLE")}


@dataclass
class Staged:
    """A file in the staging table. `rows`: its text by line, None after the fast way; `ragged`: rows not in there.

    `worked_out`: the values of ratios were held against their parts on the way in.
    """

    path: Path
    columns: Columns
    rows: pl.DataFrame | None = None
    ragged: list[Refusal] = field(default_factory=list)
    table: Table | None = None
    worked_out: bool = False

    @property
    def source(self) -> str:
        return self.table.source if self.table else source_of(self.path)

    def place(self, line: int | None, heading: str | None = None) -> str:
        """Where a row stands, or its cell under a heading; the file where lines are not known."""
        if not line:
            return self.source
        return self.table.place(line, heading) if self.table else f"{self.source}:{line}"

    def dates_as_written(self, lines: Iterable[int]) -> dict[int, str]:
        """What stands in the date's cell on these lines; empty where lines are not known."""
        if self.rows is None:
            return {}
        wanted = pl.Series(sorted(set(lines)), dtype=pl.Int64)
        found = self.rows.select("line", "given").unique().filter(pl.col("line").is_in(wanted.implode())).rows()
        return {line: text or "" for line, text in found}


def put_workspace(store: Store, workspace: Workspace) -> None:
    """The units and indicators of the workspace as temporary tables for the checks to join."""
    put_descriptions(store, workspace)
    units, indicators = workspace.units, workspace.indicators
    store.put(
        "known_unit_text",
        {
            "unit": [row.unit for row in units],
            "valid_from": [_iso(row.valid_from) for row in units],
            "valid_to": [_iso(row.valid_to) for row in units],
        },
    )
    store.run("load/known_unit")
    store.put(
        "known_indicator_text",
        {
            "indicator": [row.indicator for row in indicators],
            "cadence": [row.cadence for row in indicators],
            "is_ratio": [row.is_ratio for row in indicators],
            "non_negative": [row.non_negative for row in indicators],
            "scale": [float(row.scale) for row in indicators],
        },
    )
    store.run("load/known_indicator")


def opened(workspace: Workspace, path: Path) -> Table:
    """A file of returns as a table. Raises DataError when it cannot be read at all."""
    return open_table(returns_file(path), workspace.settings.returns)


def stage_fast(store: Store, workspace: Workspace, returns: Path | Table) -> Staged | None:
    """The whole file typed and without line numbers, or None when anything in it does not fit the types.

    Long CSV only. Raises DataError when the file cannot be read at all or its headings do not fit.
    """
    table = returns if isinstance(returns, Table) else opened(workspace, returns)
    columns = read_headings(workspace, table)
    store.run("load/stage")
    types = fast_types(workspace, table, columns)
    if types is None:
        return None
    path = table.file.path
    fits = _stage_as_written if columns.when_is_text else _stage_dates
    if fits(store, workspace, columns, {"path": str(path.absolute()), "types": types}):
        ((rows,),) = store.rows("load/staged_rows")
        return Staged(path, columns, table=table) if rows else None
    store.run("load/stage")
    return None


def fast_types(workspace: Workspace, table: Table, columns: Columns) -> dict[str, str] | None:
    """The columns of a long CSV file as DuckDB may read it by itself; None for any other file."""
    if not columns.is_long or not table.fast or not _readable_by_name(table.file.path):
        return None
    if workspace.settings.returns.decimal != ".":
        return None
    types = {"given" if name == columns.when else name: FAST_TYPES.get(name) for name in columns.headings}
    types["given"] = "VARCHAR" if columns.when_is_text else "DATE"
    known = {name: kind for name, kind in types.items() if kind}
    return known if len(known) == len(types) else None


def stage_carefully(store: Store, workspace: Workspace, returns: Path | Table) -> Staged:
    """The file with line numbers; what does not fit the types is null in the staging table, and named by the checks.

    Raises DataError when the file cannot be read at all or its headings do not fit.
    """
    table = returns if isinstance(returns, Table) else opened(workspace, returns)
    columns = read_headings(workspace, table)
    rows, ragged = read_rows(table, columns, workspace.settings.returns)
    if rows.is_empty() and not ragged:
        raise DataError(Finding("empty-file", table.source, "has headings and no rows; wanted rows"))
    _refuse_two_styles(table, columns, rows)
    _put_dates(store, workspace, columns, rows.get_column("given").drop_nulls().unique().to_list())
    store.put_frame("careful_row", rows)
    store.run("load/stage")
    store.run("load/stage_rows")
    return Staged(table.file.path, columns, rows, ragged, table)


def _refuse_two_styles(table: Table, columns: Columns, rows: pl.DataFrame) -> None:
    """Raises DataError where some dates are ours and others day and month in an order that nobody can know.

    A spreadsheet that takes 3/4/26 for the fourth of March leaves 25/4/26 as text: then the dates that can be
    read are the wrong ones.
    """
    given = rows.select("line", "given").drop_nulls().with_columns(odd=pl.col("given").str.contains(OTHER_DATE))
    kinds = given.group_by("odd").agg(pl.all().sort_by("line").first()).sort("odd").rows()
    if len(kinds) == 2:
        (_, ours, our_date), (_, other, other_date) = kinds
        message = f"{columns.when} is written in two styles: {quoted(our_date)} ({table.place(ours)}) and here "
        message += f"{quoted(other_date)}; wanted one, year first"
        fix = "Ask which days are meant, of the first ones too: a spreadsheet may have turned day and month round."
        raise DataError(Finding("two-date-styles", table.place(other, columns.when), message, fix))


def put_periods(store: Store, workspace: Workspace, columns: Columns, last_day_over: date) -> None:
    """The staged rows by cell and their dates as periods, for the checks and the insert to join."""
    ((first, last, _),) = store.rows("load/date_range")
    first = first or EARLIEST
    store.run("load/cell", first=first, days=(last - first).days if last else 0)
    pairs = [
        (first + timedelta(days=n), cadence)
        for cadence, days in store.rows("load/staged_dates")
        for n, given in enumerate(days)
        if given == "1"
    ]
    periods = known_periods(pairs, columns, workspace.calendar, last_day_over)
    store.put(
        "known_period_text",
        {
            "cadence": [row.cadence for row in periods],
            "given": [_iso(row.given) for row in periods],
            "period_start": [_iso(row.period_start) for row in periods],
            "period_end": [_iso(row.period_end) for row in periods],
            "code": [row.code for row in periods],
            "wanted": [row.wanted for row in periods],
        },
    )
    store.run("load/known_period")
    # in a wide file the empty cells of another cadence stay, so that only a join tells what is a period
    store.run("load/ready_by_start" if columns.is_long and columns.when_kind != "end" else "load/ready")


def read_headings(workspace: Workspace, table: Table) -> Columns:
    """The headings of a table understood, and from here on in our words. Raises DataError when they do not fit."""
    indicators = [row.indicator for row in workspace.indicators]
    settings = workspace.settings.returns
    table.headings, notes = in_our_words(table.headings, indicators, settings)
    table.notes += notes
    passed = [heading for heading in table.headings if is_passed_over(heading, settings)]
    place = table.place(table.heading_line)
    return read_columns(table.headings, indicators, table.source, place, passed, _empty_columns(table))


def _empty_columns(table: Table) -> set[int]:
    """The places of the columns without a heading that hold nothing: a spreadsheet writes them."""
    unnamed = {place for place, heading in enumerate(table.headings) if not heading.strip()}
    if not unnamed or len(unnamed) == len(table.headings):
        return set()
    for _, row in table.rows():
        unnamed -= {place for place in unnamed if place < len(row) and row[place].strip()}
        if not unnamed:
            break
    return unnamed


def _readable_by_name(path: Path) -> bool:
    """Whether DuckDB takes the name as it is: a star or bracket in it would stand for several files."""
    name = str(path.absolute())
    return name.isprintable() and not any(character in name for character in "*?[]{}")


def _stage_dates(store: Store, _workspace: Workspace, _columns: Columns, file: dict[str, object]) -> bool:
    return store.try_run("load/stage_csv", **file) and dates_fit(store)


def dates_fit(store: Store) -> bool:
    """Whether every staged row has a day, and one of our calendar. A day after the year 9999 comes as text."""
    ((first, last, without),) = store.rows("load/date_range")
    return not without and isinstance(first, date) and isinstance(last, date) and EARLIEST <= first <= last <= LATEST


def _stage_as_written(store: Store, workspace: Workspace, columns: Columns, file: dict[str, object]) -> bool:
    if not store.try_run("load/read_csv", **file):
        return False
    texts = [text for (text,) in store.rows("load/said_dates")]
    if None in texts or not _put_dates(store, workspace, columns, texts):
        return False
    store.run("load/stage_said")
    return True


def _put_dates(store: Store, workspace: Workspace, columns: Columns, texts: list[str]) -> bool:
    """What is written for each date, and the date, as a table to join; whether all could be read."""
    known: dict[str, str] = {}
    order = workspace.settings.returns.dates
    for text in texts:
        try:
            known[text] = parse_date(text, columns.when_kind, workspace.calendar, order).isoformat()
        except ValueError:
            continue
    store.put("known_date_text", {"said": list(known), "day": list(known.values())})
    store.run("load/known_date")
    return len(known) == len(texts)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
