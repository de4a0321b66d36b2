"""The only door to DuckDB: opens the store, brings its schema up to date, runs named queries."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from compstat import queries
from compstat.findings import Finding, StoreBusyError, StoreError

PATIENCE_SECONDS = 5.0  # how long to wait for a program that holds the store


class Store:
    """An open store. Read queries by name, write inside `transaction`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def records(self, name: str, **params: object) -> list[dict[str, Any]]:
        """The rows of `queries/NAME.sql` with these parameters, one mapping a row."""
        result = self._connection.execute(queries.read(name).sql, params or None)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def arrays(self, name: str, **params: object) -> dict[str, NDArray[Any]]:
        """The columns of a query as numpy arrays (masked where a value is null), for results too large to want names."""
        relation = self._connection.sql(queries.read(name).sql, params=params or None)
        return {column: np.asanyarray(values) for column, values in relation.fetchnumpy().items()}

    def rows(self, name: str, **params: object) -> list[tuple[Any, ...]]:
        """The rows of a small query as tuples."""
        return self._connection.execute(queries.read(name).sql, params or None).fetchall()

    def run(self, name: str, **params: object) -> None:
        """Run a statement for its effect."""
        self._connection.execute(queries.read(name).sql, params or None).fetchall()

    def try_run(self, name: str, **params: object) -> bool:
        """Run a statement that may not fit its input; whether it did. Not for use inside a transaction."""
        try:
            self.run(name, **params)
        except duckdb.Error:
            return False
        return True

    def put(self, table: str, columns: Mapping[str, object]) -> None:
        """A temporary table from columns (numpy arrays or lists; None and NaN become null), for queries to join.

        `table` and the column names are ours, never data.
        """
        held = {name: _column(values) for name, values in columns.items()}
        self._connection.register("incoming", held)
        self._connection.execute(f"create or replace temp table {table} as select * from incoming").fetchall()
        self._connection.unregister("incoming")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing: rolled back on any exception, Ctrl-C included."""
        self._connection.begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


def _column(values: object) -> NDArray[Any]:
    if isinstance(values, np.ndarray):
        return values
    listed: list[Any] = list(values)  # type: ignore[call-overload]
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


@contextmanager
def open_store(path: Path, *, read_only: bool = False) -> Iterator[Store]:
    """The store at this path, made when it is not there. A reader of a store that is not there gets an empty one.

    Raises StoreBusyError when another program holds it for longer than a few seconds, StoreError when the
    file is no store or was made by a newer version.
    """
    if read_only and not path.exists():
        connection = duckdb.connect(":memory:")
        read_only = False
    else:
        connection = _connect(path, read_only)
    try:
        if not read_only:
            _migrate(connection, path)
        yield Store(connection)
    except duckdb.IOException as error:
        raise StoreError(Finding("store-unwritable", path.name, str(error), "Is the disk full?")) from None
    finally:
        connection.close()


def _connect(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.Error as error:
            words = str(error)
            if "lock" not in words.lower():
                message = f"cannot be opened as a store: {words.splitlines()[0]}"
                fix = "Restore it from a copy, or load the returns again into a new one."
                raise StoreError(Finding("store-unreadable", path.name, message, fix)) from None
            if time.monotonic() > deadline:
                fix = "Close the program that uses it (a load, Power BI, DBeaver), then try again."
                raise StoreBusyError(Finding("store-busy", path.name, "is in use", fix)) from None
            time.sleep(0.1)


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Run the schema statements that this store has not seen, in one transaction."""
    steps = sorted(
        entry.name.removesuffix(".sql")
        for entry in files("compstat.queries").joinpath("schema").iterdir()
        if entry.name.endswith(".sql")
    )
    connection.execute("create table if not exists schema_step (step varchar primary key)").fetchall()
    done = {row[0] for row in connection.execute("select step from schema_step").fetchall()}
    if unknown := done - set(steps):
        message = f"was made by a newer compstat (it knows {min(unknown)})"
        raise StoreError(Finding("store-newer", path.name, message, "Install the newer version."))
    if done == set(steps):
        return
    connection.begin()
    for step in steps:
        if step not in done:
            connection.execute(queries.read(f"schema/{step}").sql).fetchall()
            connection.execute("insert into schema_step values (?)", [step]).fetchall()
    connection.commit()
