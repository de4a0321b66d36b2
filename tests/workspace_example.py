"""A small workspace for the tests of loading, written as real files: two units that return, one that was closed.

The store of most tests is DuckDB's in memory, one for all of them and emptied for each: a file of its own
takes longer to make than the test. `on_disk=True` gives a workspace the store it has in life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from compstat.load.batch import Loaded, Loading
from compstat.load.load import load_files
from compstat.load.withdraw import Withdrawn, withdraw_batch
from compstat.store import Store, open_store
from compstat.workspace.workspace import Workspace, load_workspace

FILES = {
    "compstat.toml": "",
    "units.csv": "unit,level,valid_from,valid_to\nNorth,precinct,,\nSouth,precinct,,\nOld Town,precinct,,2026-11-04\n",
    "indicators.csv": "indicator,unit_of_measure,cadence,non_negative\n"
    "burglary,count,,\nbalance,money,,no\ndetected,percent,,\nabsence,days,monthly,\n",
}
EVENING = datetime(2026, 11, 16, 18)  # the Monday after the week of 2026-W46 (9 to 15 November)
WEEK = date(2026, 11, 9)
Cell = tuple[str, str, date]
Figure = tuple[float | None, float | None, float | None]  # value, numerator, denominator


TABLES = ("batch", "observation", "emptied")
_on_disk: set[Path] = set()


def make_workspace(root: Path, *, on_disk: bool = False, **changed: str) -> Workspace:
    """The workspace, its store empty, with the text of some files changed: `units="unit\\nNorth\\n"`."""
    root.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (root / name).write_text(changed.get(name.split(".")[0], text), "utf-8")
    if on_disk:
        _on_disk.add(root)
    else:
        forget()
    return load_workspace(root)


def forget() -> None:
    """Empty the store in memory."""
    for table in TABLES:
        _memory().execute(f"delete from {table}").fetchall()


def remember(unit: str, start: date, value: float, at: datetime) -> None:
    """Put a figure for burglary into the store in memory without loading it."""
    _memory().execute("insert into batch values ('B-0001', $1, 'first.csv', 'x', 1, 'avery', null, 0)", [at])
    row = [unit, start, value, at]
    _memory().execute("insert into observation values ($1, 'burglary', $2, $3, null, null, 'B-0001', $4, null)", row)


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    folder = files("compstat.queries").joinpath("schema")
    for step in sorted(folder.iterdir(), key=lambda entry: entry.name):
        connection.execute(step.read_text("utf-8")).fetchall()
    return connection


@contextmanager
def in_store(workspace: Workspace) -> Iterator[Store]:
    if workspace.root not in _on_disk:
        yield Store(_memory())
        return
    with open_store(workspace.store_path) as store:
        yield store


def returns(workspace: Workspace, text: str | bytes, name: str = "returns.csv") -> Path:
    """A file of returns beside the workspace's tables."""
    path = workspace.root / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def load(workspace: Workspace, *paths: Path, at: datetime = EVENING, **options: bool) -> list[Loaded]:
    with in_store(workspace) as store:
        return load_files(store, workspace, paths, Loading(at, "avery", **options))


def load_text(workspace: Workspace, text: str, *, at: datetime = EVENING, **options: bool) -> Loaded:
    """Load one file that holds this text."""
    (loaded,) = load(workspace, returns(workspace, text), at=at, **options)
    return loaded


def withdraw(workspace: Workspace, batch: str, at: datetime) -> Withdrawn:
    with in_store(workspace) as store:
        return withdraw_batch(store, batch, at, "avery")


def select(workspace: Workspace, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query on the store as another program would ask it; none where there is no store."""
    if workspace.root not in _on_disk:
        return _memory().execute(sql, params or None).fetchall()
    if not workspace.store_path.exists():
        return []
    with duckdb.connect(str(workspace.store_path), read_only=True) as connection:
        return connection.execute(sql, params or None).fetchall()


def contents(workspace: Workspace) -> list[tuple[Any, ...]]:
    """Everything that the store's tables hold."""
    tables = (f"select '{table}' as held, {table}::varchar as row from {table}" for table in TABLES)
    return select(workspace, f"{' union all '.join(tables)} order by all")


def known(workspace: Workspace, at: datetime = datetime(9999, 1, 1)) -> dict[Cell, Figure]:
    """What the store says was known at a moment; fails where it says two things of one cell."""
    rows = select(
        workspace,
        "select unit, indicator, period_start, value, numerator, denominator from observation "
        "where recorded_at <= $1 and (superseded_at is null or superseded_at > $1)",
        [at],
    )
    figures = {row[:3]: row[3:] for row in rows}
    assert len(figures) == len(rows), "a cell has two figures at one moment"
    return figures


def burglaries(workspace: Workspace, at: datetime = datetime(9999, 1, 1)) -> dict[str, float | None]:
    """The value of each unit for burglary in the week of 2026-W46."""
    return {cell[0]: figure[0] for cell, figure in known(workspace, at).items() if cell[1:] == ("burglary", WEEK)}
