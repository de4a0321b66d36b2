"""A place for a team's own SQL: copies of a week's tables in a process of its own, cut off from files and network.

DuckDB's own limits do not cover one call of a function on one enormous value: neither its memory nor its time. So the
process may only grow so far (on Linux; elsewhere DuckDB's own limit has to do), and is killed when its time is up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any

from compstat import queries
from compstat.sandbox.process import LONGEST_REPLY, EndedError, Process, process

MEMORY = 1_000_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement returned: columns with DuckDB's name of their type, and the rows. A DECIMAL is a float."""

    columns: Mapping[str, str]
    rows: list[tuple[Any, ...]]


class RefusedSqlError(Exception):
    """Why a statement was not run to its end, and its line in the text (None: not known)."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.words, self.line = words, line


class Sandbox:
    """The tables of one week, gathered with `put` and `run` as in a store; then only asked."""

    def __init__(self) -> None:
        self._tables: dict[str, Mapping[str, object]] = {}
        self._statements: list[str] = []
        process()  # begins while the tables are gathered

    def put(self, table: str, columns: Mapping[str, object]) -> None:
        """A table for the statements of `run`, of numpy arrays or lists of scalars. The names are ours, never data."""
        self._tables[table] = columns

    def run(self, name: str) -> None:
        """A query of ours to be run before the first question."""
        self._statements.append(queries.read(name).sql)

    def ask(self, text: str, wanted: Mapping[str, str], *, seconds: float, most: int) -> Answer:
        """The answer to one `select`, checked to have the `wanted` columns before it runs.

        At most `most` + 1 rows are fetched. Raises RefusedSqlError: no select, other columns, out of memory, not done
        after so many seconds, an answer longer than anybody would read.
        """
        inside = process()
        if inside.holds is not self:
            _tell(inside, "week", self._tables, self._statements, MEMORY)
            inside.holds = self
        with _time_limit(inside, seconds):
            columns = _tell(inside, "describe", text)["columns"]
            _check_columns(columns, wanted)
            rows = _tell(inside, "fetch", text, most + 1)["rows"]
        return Answer(columns, [tuple(row) for row in rows])


def _tell(inside: Process, *message: object) -> dict[str, Any]:
    """What the process replies. Raises RefusedSqlError; after a want of memory another one goes on."""
    try:
        reply = inside.tell(*message)
    except EndedError as error:
        much = f"more than {LONGEST_REPLY / 1e6:g} MB of text"
        words = f"returns {much}" if error.too_long else f"broke off, as for want of more than {_memory()}"
        raise RefusedSqlError(words) from None
    if reply.get("out_of_memory"):
        inside.end()
        raise RefusedSqlError(f"wants more than {_memory()}")
    if "refused" in reply:
        raise RefusedSqlError(reply["refused"], reply["line"])
    return reply


def _memory() -> str:
    return f"{MEMORY / 1e9:g} GB of memory"


@contextmanager
def _time_limit(inside: Process, seconds: float) -> Iterator[None]:
    """Kill the process after so many seconds. Raises RefusedSqlError that says so, whatever it came to."""
    late = Event()

    def stop() -> None:
        late.set()
        inside.interrupt()

    timer = Timer(seconds, stop)
    timer.start()
    try:
        yield
    except RefusedSqlError as error:
        raise RefusedSqlError(f"was not done after {seconds:g} seconds") if late.is_set() else error from None
    finally:
        timer.cancel()
        timer.join()  # so that it ends nothing that comes after


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
