"""The only door to DuckDB: opens the store, brings its schema up to date, runs named queries."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
from numpy.typing import NDArray

from compstat import queries
from compstat.findings import Finding, StoreBusyError, StoreError
from compstat.interruptible import interruptible

PATIENCE_SECONDS = 5.0  # how long to wait for a program that holds the store
# words of DuckDB's error on Linux and macOS, and on Windows
SIGNS_OF_ANOTHER_PROGRAM = ("Could not set lock on file", "being used by another process")
SIGNS_OF_A_FULL_DISK = ("Could not write", "No space left")


class Store:
    """An open store. Read queries by name, write inside `transaction`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def records(self, name: str, **params: object) -> list[dict[str, Any]]:
        """The rows of `queries/NAME.sql` with these parameters, one mapping a row."""

        def work() -> list[dict[str, Any]]:
            result = self._connection.execute(queries.read(name).sql, params or None)
            columns = [column[0] for column in result.description]
            return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

        return interruptible(self._connection, work)

    def arrays(self, name: str, **params: object) -> dict[str, NDArray[Any]]:
        """The columns of a query as numpy arrays (masked where a value is null), for results too large for rows."""

        def work() -> dict[str, NDArray[Any]]:
            relation = self._connection.sql(queries.read(name).sql, params=params or None)
            return {column: np.asanyarray(values) for column, values in relation.fetchnumpy().items()}

        return interruptible(self._connection, work)

    def rows(self, name: str, **params: object) -> list[tuple[Any, ...]]:
        """The rows of a small query as tuples."""
        return self._fetch(queries.read(name).sql, params or None)

    def _fetch(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
        return interruptible(self._connection, lambda: self._connection.execute(sql, params).fetchall())

    def run(self, name: str, **params: object) -> None:
        """Run a statement for its effect."""
        self.rows(name, **params)

    def try_run(self, name: str, **params: object) -> bool:
        """Run a statement that may not fit its input; whether it did. Where not, a transaction around it is spoilt."""
        try:
            self.run(name, **params)
        except duckdb.Error:
            return False
        return True

    def put(self, table: str, columns: Mapping[str, object]) -> None:
        """A temporary table from columns (numpy arrays or lists; None and NaN become null), for queries to join.

        `table` and the column names are ours, never data.
        """
        self._take_in(table, {name: _column(values) for name, values in columns.items()})

    def put_frame(self, table: str, frame: ArrowStream) -> None:
        """A temporary table from a polars frame, of any size. Only null is null. The names are ours, as with `put`."""
        self._take_in(table, _Stream(frame))

    def _take_in(self, table: str, rows: object) -> None:
        self._connection.register("incoming", rows)
        self._fetch(f"create or replace temp table {table} as select * from incoming")
        self._connection.unregister("incoming")

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """All of it or nothing: rolled back on any exception, Ctrl-C included, and at the end if not to be kept."""
        self._connection.begin()
        try:
            yield
        except BaseException:
            with suppress(duckdb.Error):  # a store that broke cannot roll back, and what broke it is to be told
                self._connection.rollback()
            raise
        interruptible(self._connection, self._connection.commit if keep else self._connection.rollback)


class ArrowStream(Protocol):
    """A frame that can be handed over as it lies in memory: the Arrow C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class _Stream:
    """A frame of which DuckDB sees the Arrow stream alone; a polars frame it would hand to pyarrow, if there is one."""

    def __init__(self, frame: ArrowStream) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


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
    file is no store, is damaged or was made by a newer version, or the disk is full.
    """
    connection = _open(path, read_only)
    try:
        yield Store(connection)
    except duckdb.Error as error:
        raise _explained(path, error) from None
    finally:
        connection.close()


def _open(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    """A connection to a store with the newest schema."""
    missing = read_only and not path.exists()
    connection = duckdb.connect(":memory:") if missing else _connect(path, read_only)
    try:
        behind = _is_behind(connection, path)
        if behind and read_only and not missing:
            connection.close()
            connection = _connect(path, read_only=False)
        if behind:
            _migrate(connection)
        if behind and read_only and not missing:
            connection.close()
            connection = _connect(path, read_only=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _explained(path: Path, error: duckdb.Error) -> Exception:
    """A failure of the disk or the file in words; a fault of ours as it is."""
    words = str(error).splitlines()[0]
    if "corrupt" in words.lower() or "checksum" in words.lower():
        fix = "Restore it from a copy, or load the returns again into a new one."
        return StoreError(Finding("store-unreadable", path.name, f"is damaged: {words}", fix))
    unwritten = any(sign in words for sign in SIGNS_OF_A_FULL_DISK)  # a commit tells it as a fault of its own kind
    if unwritten or isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        return StoreError(Finding("store-unwritable", path.name, words, "Is the disk or the memory full?"))
    return error


def _connect(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    if not path.parent.is_dir():
        fix = "Make it, or mend [store] path in compstat.toml."
        raise StoreError(Finding("store-unwritable", path.name, f"the folder {path.parent} is not there", fix))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.Error as error:
            words = str(error).splitlines()[0]
            if not any(sign in words for sign in SIGNS_OF_ANOTHER_PROGRAM):
                raise _unopened(path, words) from None
            if time.monotonic() > deadline:
                holder = re.search(r"\(PID (\d+)\)", words)
                message = f"is in use by process {holder[1]}" if holder else "is in use"
                fix = "Close the program that uses it (a load, Power BI, DBeaver), then try again."
                raise StoreBusyError(Finding("store-busy", path.name, message, fix)) from None
            time.sleep(0.1)


def _unopened(path: Path, words: str) -> StoreError:
    if "Permission denied" in words or "Read-only file system" in words:
        fix = "Ask for the right to read and write it, and its folder."
        return StoreError(Finding("store-unwritable", path.name, "may not be opened: Permission denied", fix))
    fix = "Restore it from a copy, or move it away and load the returns again into a new one."
    return StoreError(Finding("store-unreadable", path.name, f"cannot be opened as a store: {words}", fix))


def _is_behind(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the store lacks a step of the schema. Raises StoreError when it knows one that we do not."""
    done, steps = _steps_done(connection), set(_steps())
    if unknown := done - steps:
        message = f"was made by a newer compstat (it knows {min(unknown)})"
        raise StoreError(Finding("store-newer", path.name, message, "Install the newer version."))
    return done != steps


def _steps() -> list[str]:
    folder = files("compstat.queries").joinpath("schema")
    return sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))


def _steps_done(connection: duckdb.DuckDBPyConnection) -> set[str]:
    try:
        return {row[0] for row in connection.execute("select step from schema_step").fetchall()}
    except duckdb.CatalogException:  # a new store
        return set()


def _migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Run the schema statements that this store has not seen, in one transaction."""
    connection.begin()
    connection.execute("create table if not exists schema_step (step varchar primary key)").fetchall()
    done = _steps_done(connection)
    missing = [step for step in _steps() if step not in done]
    connection.execute(";\n".join(queries.read(f"schema/{step}").sql for step in missing)).fetchall()
    connection.execute("insert into schema_step select unnest(?)", [missing]).fetchall()
    connection.commit()
