"""A workbook of returns loaded into a store, against openpyxl alone going through its cells."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from large_case import LAST_WEEK, Case, recorded_at
from timing import Measured, in_turns

from compstat.load.batch import Loading
from compstat.load.load import load_files
from compstat.store import open_store

GOAL = 2.0
ROWS = 50_000
HEADINGS = ("unit", "indicator", "week_start", "value", "numerator", "denominator")


def measure(case: Case, runs: int) -> list[Measured]:
    """Every run loads into a new store, opened and closed in the time."""
    rows = min(ROWS, case.rows)
    path = case.folder / "returns.xlsx"
    _write(case, path, rows)
    workspace = case.workspace
    store_path = case.folder / "workbook.duckdb"

    def ours(_run: int) -> None:
        store_path.unlink(missing_ok=True)
        with open_store(store_path) as store:
            (loaded,) = load_files(store, workspace, [path], Loading(recorded_at(LAST_WEEK), "benchmark"))
        assert loaded.added == rows

    def theirs(_run: int) -> None:
        from openpyxl import load_workbook

        sheet = load_workbook(path, read_only=True, data_only=True)["Returns"]
        assert sum(1 for _ in sheet.iter_rows(values_only=True)) == rows + 1

    note = f"{rows:,} rows: read, checked and stored, against openpyxl reading them"
    return [in_turns(ours, theirs, runs).measured("workbook of returns", GOAL, note)]


def _write(case: Case, path: Path, rows: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Returns")
    sheet.append(HEADINGS)
    for n in range(rows):
        week, cell = divmod(n, case.units * case.indicators)
        unit, indicator = divmod(cell, case.indicators)
        sheet.append(_row(unit + 1, indicator + 1, LAST_WEEK - timedelta(weeks=week)))
    book.save(path)


def _row(unit: int, indicator: int, week: date) -> tuple[object, ...]:
    """As in the large case: every sixth indicator is a share, with its parts and no value."""
    share = indicator % 6 == 0
    parts = (None, unit % 40, 40) if share else (unit % 50 + indicator / 4, None, None)
    return f"unit-{unit:04}", f"indicator-{indicator:02}", week, *parts
