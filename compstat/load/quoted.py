"""Text from a file inside a message: short, on one line, and never more than text."""

from __future__ import annotations

import json
from pathlib import Path

MOST_CHARACTERS = 80


def plain(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text on one line: what cannot be seen is written as `\\n` or `\\x1b`, and a long text ends in dots."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(_seen(character) for character in short)


def quoted(text: str) -> str:
    """The text in double quotes."""
    return f'"{plain(text)}"'


def toml_text(text: str) -> str:
    """The text as TOML writes it: in quotes, with nothing in it that ends them."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def source_of(path: Path) -> str:
    """A file's name for messages and for the store: one line, and letters that any program can read."""
    return plain(path.name, most=200)


def number(value: float) -> str:
    """A figure as a file would give it: `1204`, `86.9`."""
    return f"{value:.12g}"


def _seen(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
