"""Text for a terminal or a pipe: control characters made harmless, simple tables, numbers as people write them."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compstat.cli.table import Droppable

MINUS = "\N{MINUS SIGN}"


def printable(text: str) -> str:
    """The text with terminal control and direction-changing characters shown as `\\x1b`, not obeyed."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    return character.encode("unicode_escape").decode("ascii")


def number(value: float | None, decimals: int = 0) -> str:
    """`1,204`, `86.9`, a real minus sign; a dash where there is no figure."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def signed(value: float | None, decimals: int = 0) -> str:
    """`+18`, `−7`, `0`."""
    words = number(value, decimals)
    return f"+{words}" if value is not None and value > 0 and words.strip("0.,") else words


def print_json(value: Any) -> None:
    """Print a value for programs: dates as ISO text, unrounded numbers, no NaN."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, allow_nan=False, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "item"):  # a numpy number
        return value.item()
    return str(value)


def print_sentence(words: str) -> None:
    """A sentence, broken between words where a terminal ends; as one line in a pipe."""
    clean = printable(words)
    if sys.stdout.isatty():
        from shutil import get_terminal_size
        from textwrap import fill

        clean = "\n".join(fill(line, get_terminal_size().columns) for line in clean.split("\n"))
    print(clean)


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = (), drop: Droppable = ()
) -> None:
    """Rows under headings: plain aligned text in a pipe, as wide as it is; on a terminal as wide as that is.

    `right` lists right-aligned columns, `drop` what a narrow terminal may leave out, least important first.
    """
    clean = [[printable(cell).replace("\n", " ") for cell in row] for row in rows]
    if sys.stdout.isatty():
        from compstat.cli.table import print_on_terminal

        print_on_terminal(headings, clean, right, drop)
        return
    widths = [max(len(row[n]) for row in [list(headings), *clean]) for n in range(len(headings))]
    for row in [list(headings), *clean]:
        cells = (
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
