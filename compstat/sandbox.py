"""A store for a team's own SQL: in memory, filled with copies, then cut off from files, network and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any

import duckdb

from compstat.interruptible import interruptible
from compstat.store import Store

MEMORY = "1GB"
# in this order: the last one lets none of them be changed again
CUT_OFF = {
    "memory_limit": MEMORY,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # else a table's name could be a variable of this program
    "enable_external_access": False,
    "lock_configuration": True,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement returned: columns with DuckDB's name of their type, and the rows."""

    columns: Mapping[str, str]
    rows: list[tuple[Any, ...]]


class RefusedSqlError(Exception):
    """Why a statement was not run to its end, and its line in the text (None: not known)."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.words, self.line = words, line


class Sandbox(Store):
    """A store that is filled like any other, and after `cut_off` only asked."""

    def cut_off(self) -> None:
        """From here on: no files, no network, no extensions, no variables of ours, no more than `MEMORY`."""
        for name, value in CUT_OFF.items():
            words = f"'{value}'" if isinstance(value, str) else str(value).lower()
            self._connection.execute(f"set {name} = {words}").fetchall()

    def ask(self, text: str, wanted: Mapping[str, str], *, seconds: float, most: int) -> Answer:
        """The answer to one `select`, checked to have the `wanted` columns before it runs.

        At most `most` + 1 rows are fetched. Raises RefusedSqlError: no select, other columns, out of memory, not done
        after so many seconds. One single call of a function on one value is not stopped on its way.
        """
        timed_out = Event()

        def stop() -> None:
            timed_out.set()
            self._connection.interrupt()

        timer = Timer(seconds, stop)
        timer.start()
        try:
            return interruptible(self._connection, lambda: self._answer(text, wanted, most))
        except (duckdb.Error, RuntimeError) as error:
            if timed_out.is_set():
                raise RefusedSqlError(f"was not done after {seconds:g} seconds") from None
            raise _refused(error) from None
        finally:
            timer.cancel()

    def _answer(self, text: str, wanted: Mapping[str, str], most: int) -> Answer:
        _check_one_select(text)
        described = self._connection.execute(f"describe {text}").fetchall()  # its errors name the line
        columns = {name: kind for name, kind, *_ in described}
        _check_columns(columns, wanted)
        return Answer(columns, self._connection.sql(text).limit(most + 1).fetchall())


@contextmanager
def open_sandbox() -> Iterator[Sandbox]:
    """A sandbox with nothing in it; gone at the end."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        yield Sandbox(connection)
    finally:
        connection.close()


def _check_one_select(text: str) -> None:
    statements = duckdb.extract_statements(text)
    if len(statements) != 1:
        raise RefusedSqlError(f"holds {len(statements)} statements; wanted one select")
    (statement,) = statements
    if statement.type is not duckdb.StatementType.SELECT:
        raise RefusedSqlError(f"is a {statement.type.name.lower()}; wanted one select, which can only read")
    if statement.named_parameters:
        raise RefusedSqlError(f"asks for parameters: {', '.join(sorted(statement.named_parameters))}")


def _check_columns(found: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    missing = [name for name in wanted if name not in found]
    odd = [name for name in found if name not in wanted]
    if missing or odd:
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        parts += [f"has {', '.join(odd)} too"] if odd else []
        raise RefusedSqlError(f"{' and '.join(parts)}; wanted {', '.join(wanted)}")
    for name, kinds in wanted.items():
        if found[name].split("(")[0] not in kinds.split():
            raise RefusedSqlError(f"the column {name} is {found[name]}; wanted {kinds.split()[0]}")


def _refused(error: BaseException) -> RefusedSqlError:
    """DuckDB's words without their drawing, and the line that they name."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    place = re.search(r"^LINE (\d+):", str(error), re.M)
    words = lines[0].partition("Error: ")[2] or lines[0] if lines else "cannot be run"
    return RefusedSqlError(words, int(place[1]) if place else None)
