"""SQL by name: one statement a file, with a header that says what it takes and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Query:
    """One statement: its name, what it returns in words, its declared parameters and columns, its text."""

    name: str
    what: str
    params: tuple[str, ...]
    returns: str
    sql: str


@cache
def read(path: str) -> Query:
    """The query in `queries/PATH.sql`, for example `windows/window_totals`.

    Raises FileNotFoundError for a name that is not there; the names are ours, so that is a bug.
    """
    text = files(__name__).joinpath(f"{path}.sql").read_text("utf-8")
    header = _header(text)
    params = tuple(part.split()[0] for part in header.get("params", "").split(",") if part.strip())
    return Query(header["name"], header["what"], params, header.get("returns", ""), text)


def _header(text: str) -> dict[str, str]:
    """The `-- key: words` lines at the top; a line without a key goes on with the one above."""
    return header_of(text, ("name", "what", "params", "returns"))


def header_of(text: str, known: Sequence[str]) -> dict[str, str]:
    """The same for other keys; words before the first key say nothing."""
    fields: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        word, colon, rest = line.removeprefix("--").strip().partition(":")
        if colon and word in known:
            key, fields[word] = word, rest.strip()
        elif key:
            fields[key] += " " + line.removeprefix("--").strip()
    return fields
