"""What runs in the process of a team's own SQL: tables come in by pickle, answers go out as lines of JSON.

Whatever a statement does to the memory or the processor ends with this process. It is run as a file, imports nothing
of ours to be there quickly, and ends by itself when the one that began it is gone.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

import duckdb
import numpy as np

with suppress(ImportError):  # Windows has none
    import resource

SIZE = Path("/proc/self/statm")  # Linux: this process's size in pages; macOS holds no process to a limit of memory
# in this order: the last one lets none of them be changed again
CUT_OFF = {
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # else a table's name could be a variable of this program
    "enable_external_access": False,
    "lock_configuration": True,
}
Reply = dict[str, Any]


class _RefusedError(Exception):
    """Why a statement is not run."""


class Week:
    """A database in memory with the tables of one week, cut off from files, network and settings."""

    def __init__(self) -> None:
        _limit(None)
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._connection.sql("select 1").limit(1).fetchall()  # what DuckDB sets aside at first is no rule's doing
        self._empty = _first_size()

    def close(self) -> None:
        self._connection.close()

    def fill(self, tables: Mapping[str, Mapping[str, Any]], statements: Sequence[str], memory: int) -> Reply:
        """Run our `statements` over the tables; from then on no more than `memory` bytes, what they take included."""
        for name, columns in tables.items():
            self._connection.register(name, {column: _array(values) for column, values in columns.items()})
        for statement in statements:
            self._connection.execute(statement).fetchall()
        for name in tables:
            self._connection.unregister(name)
        for name, value in {"memory_limit": f"{memory}B", **CUT_OFF}.items():
            words = f"'{value}'" if isinstance(value, str) else str(value).lower()
            self._connection.execute(f"set {name} = {words}").fetchall()
        _limit(self._empty and self._empty + memory)
        return {}

    def describe(self, text: str) -> Reply:
        """The columns of a text that is one select, with DuckDB's names of their types."""
        _check_one_select(self._connection.extract_statements(text))
        described = self._connection.execute(f"describe {text}").fetchall()  # its errors name the line
        return {"columns": {name: kind for name, kind, *_ in described}}

    def fetch(self, text: str, most: int) -> Reply:
        """At most so many rows of a select that was described."""
        return {"rows": self._connection.sql(text).limit(most).fetchall()}


def main() -> None:
    """Do what is asked, one after the other: `week` and what a Week is made of, or a method of it and its arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that began us, who ends us
    with suppress(NameError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # else a process out of memory may leave its figures in a file
    answers = _answers()
    asked: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    week = Week()
    while True:
        kind, *parts = asked.get()
        if kind == "week":
            week.close()
            week, kind = Week(), "fill"
        line = _line(getattr(week, kind), parts)
        del parts  # the tables, which DuckDB now has
        answers.write(line + b"\n")
        answers.flush()


def _line(work: Callable[..., Reply], parts: Sequence[Any]) -> bytes:
    """What it comes to as JSON without a line's end."""
    try:
        return json.dumps(work(*parts), default=float).encode()  # float: of a DECIMAL
    except (MemoryError, duckdb.OutOfMemoryException):
        return b'{"out_of_memory": true}'
    except (duckdb.Error, RuntimeError, _RefusedError) as error:
        return json.dumps(_refusal(error)).encode()


def _answers() -> BinaryIO:
    """What was the standard output, now ours alone: nothing that DuckDB may print can get among the answers."""
    sys.stdout.flush()
    ours = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return ours


def _listen(asked: SimpleQueue[tuple[Any, ...]]) -> None:
    """Hand on what is asked; once nobody can ask any more, end, in the middle of a statement too."""
    try:
        while True:
            asked.put(pickle.load(sys.stdin.buffer))
    finally:
        os._exit(0)


def _size() -> int | None:
    """How many bytes of addresses this process has; None where that cannot be limited."""
    return int(SIZE.read_text("ascii").split()[0]) * resource.getpagesize() if SIZE.exists() else None


@cache
def _first_size() -> int | None:
    """What it was when first asked: a later week counts against the same, or rules could grow from week to week."""
    return _size()


def _limit(size: int | None) -> None:
    """Let this process grow to so many bytes; None: as far as it was allowed to when it began."""
    if SIZE.exists():
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        with suppress(ValueError):  # whoever began us allowed less than that
            resource.setrlimit(resource.RLIMIT_AS, (hard if size is None else size, hard))


def _array(values: Any) -> Any:
    return values if isinstance(values, np.ndarray) else np.array(values, dtype=object)


def _check_one_select(statements: Sequence[duckdb.Statement]) -> None:
    if len(statements) != 1:
        raise _RefusedError(f"holds {len(statements)} statements; wanted one select")
    (statement,) = statements
    if statement.type is not duckdb.StatementType.SELECT:
        raise _RefusedError(f"is a {statement.type.name.lower()}; wanted one select, which can only read")
    if statement.named_parameters:
        raise _RefusedError(f"asks for parameters: {', '.join(sorted(statement.named_parameters))}")


def _refusal(error: BaseException) -> Reply:
    """DuckDB's words without their drawing, and the line that they name."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    place = re.search(r"^LINE (\d+):", str(error), re.M)
    words = lines[0].partition("Error: ")[2] or lines[0] if lines else "cannot be run"
    return {"refused": words, "line": int(place[1]) if place else None}


if __name__ == "__main__":
    main()
