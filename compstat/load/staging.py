"""One file into the staging table: the fast way when every cell fits, else the careful way that names each fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.careful import headings_of, is_parquet, numbers, read_rows
from compstat.load.columns import FIGURES, Columns, read_columns
from compstat.load.periods import KnownPeriod, known_periods, parse_date
from compstat.store import Store
from compstat.workspace.workspace import Workspace

FAST_TYPES = {"unit": "VARCHAR", "indicator": "VARCHAR", **dict.fromkeys(FIGURES, "DOUBLE")}


@dataclass
class Staged:
    """A file in the staging table. `refused`: findings by line; `rows`: the text of the careful way, None after the fast."""

    path: Path
    sha256: str
    columns: Columns
    rows: pl.DataFrame | None
    periods: list[KnownPeriod] = field(default_factory=list)
    refused: list[tuple[int, Finding]] = field(default_factory=list)

    @property
    def line_numbers_known(self) -> bool:
        return self.rows is not None


def put_workspace(store: Store, workspace: Workspace) -> None:
    """The units and indicators of the workspace as temporary tables for the checks to join."""
    store.put(
        "known_unit_text",
        {
            "unit": [row.unit for row in workspace.units],
            "valid_from": [_iso(row.valid_from) for row in workspace.units],
            "valid_to": [_iso(row.valid_to) for row in workspace.units],
        },
    )
    store.run("load/known_unit")
    store.put(
        "known_indicator",
        {
            "indicator": [row.indicator for row in workspace.indicators],
            "cadence": [row.cadence for row in workspace.indicators],
            "is_ratio": [row.is_ratio for row in workspace.indicators],
            "non_negative": [row.non_negative for row in workspace.indicators],
            "scale": [float(row.scale) for row in workspace.indicators],
        },
    )


def stage_file(store: Store, workspace: Workspace, path: Path, *, careful: bool = False) -> Staged:
    """Read a returns file into the staging table, unchecked beyond its shape.

    Raises DataError when the file cannot be read at all or its headings do not fit.
    """
    if not path.is_file():
        raise DataError(Finding("no-file", str(path), "is not there, or is no file", "Check the name."))
    if path.stat().st_size == 0:
        raise DataError(Finding("empty-file", path.name, "is empty; wanted headings and rows"))
    indicators = [row.indicator for row in workspace.indicators]
    columns = read_columns(headings_of(path), indicators, path.name)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    store.run("load/stage")
    if not careful and _stage_fast(store, path, columns):
        return Staged(path, sha256, columns, None)
    return _stage_carefully(store, workspace, path, columns, sha256)


def put_periods(store: Store, workspace: Workspace, staged: Staged, recorded_at: datetime) -> None:
    """The dates the file gives, as periods, for the checks and the insert to join."""
    pairs = store.rows("load/staged_dates")
    calendar = workspace.calendar
    staged.periods = known_periods(
        ((given, cadence) for given, cadence in pairs if given is not None),
        staged.columns,
        calendar,
        recorded_at.date(),
    )
    store.put(
        "known_period_text",
        {
            "cadence": [row.cadence for row in staged.periods],
            "given": [_iso(row.given) for row in staged.periods],
            "period_start": [_iso(row.period_start) for row in staged.periods],
            "code": [row.code for row in staged.periods],
            "wanted": [row.wanted for row in staged.periods],
        },
    )
    store.run("load/known_period")
    store.run("load/ready")


def _stage_fast(store: Store, path: Path, columns: Columns) -> bool:
    """Whether the whole file went in typed. Long CSV with plain dates only; any misfit sends us the careful way."""
    plain_dates = columns.is_long and columns.when_kind in {"start", "end"}
    globbed = any(character in str(path) for character in "*?[]{}")  # would stand for several files
    if not plain_dates or globbed or is_parquet(path):
        return False
    types = {
        "given" if name == columns.when else name: FAST_TYPES.get(name, "DATE") for name in columns.headings
    }
    if store.try_run("load/stage_csv", path=str(path), types=types):
        return True
    store.run("load/stage")
    return False


def _stage_carefully(store: Store, workspace: Workspace, path: Path, columns: Columns, sha256: str) -> Staged:
    rows, ragged = read_rows(path, columns)
    if rows.is_empty() and not ragged:
        raise DataError(Finding("empty-file", path.name, "has headings and no rows; wanted rows"))
    refused = [(int(finding.where.rpartition(":")[2]), finding) for finding in ragged]
    typed, no_numbers = numbers(rows, path.name)
    dates, no_dates = _dates(rows, columns, workspace, path.name)
    refused += no_numbers + no_dates
    typed = typed.with_columns(given=dates).filter(~pl.col("line").is_in([line for line, _ in refused]))
    store.put("careful_row", {name: typed.get_column(name).to_numpy() for name in typed.columns})
    store.run("load/stage_rows")
    return Staged(path, sha256, columns, rows, refused=refused)


def _dates(
    rows: pl.DataFrame, columns: Columns, workspace: Workspace, source: str
) -> tuple[pl.Series, list[tuple[int, Finding]]]:
    """The dates as ISO text (null where they are none) and a finding for each that is none."""
    known: dict[str, str] = {}
    for text in rows.get_column("given").drop_nulls().unique().to_list():
        try:
            known[text] = parse_date(text, columns.when_kind, workspace.calendar).isoformat()
        except ValueError:
            continue
    dates = rows.get_column("given").replace_strict(known, default=None, return_dtype=pl.String)
    bad = rows.filter(dates.is_null()).select("line", "given").rows()
    style = {"iso-week": "a week such as 2026-W46", "month": "a month such as 2026-11"}
    wanted = style.get(columns.when_kind, "a date such as 2026-11-15")
    return dates, [
        (line, Finding("bad-date", f"{source}:{line}", f'{columns.when} is "{(text or "")[:40]}"; wanted {wanted}'))
        for line, text in bad
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
