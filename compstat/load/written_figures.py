"""Figures as people write them here, with the signs that compstat.toml declares. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from compstat.findings import Finding
from compstat.load.formats.table import Refused
from compstat.load.quoted import plain, quoted
from compstat.workspace.settings import ReturnsSettings

BLANKS = " \u00a0\u202f"  # typing a space between thousands gives one of these, by program and language
GROUPED = re.compile(r"[+-]?\d{1,3}([.,' \u00a0\u202f]\d{3})*([.,]\d+)?", re.ASCII)
PLAIN_FIX = "Write the figure in plain digits with a point, or leave the cell empty."
MOST_NAMED = 1_000  # figures in another writing; a file with more is in another writing throughout


def in_plain_digits(
    frame: pl.DataFrame,
    figures: Mapping[str, str],
    settings: ReturnsSettings,
    place: Callable[[int, str], str],
    refused: Refused,
) -> pl.DataFrame:
    """The columns of figures (heading -> column) with a point and no thousands signs.

    A figure written in another way than compstat.toml declares goes to `refused` and is null.
    """
    if settings.decimal == "." and not settings.thousands:
        return frame
    written = _pattern(settings)
    for heading, column in figures.items():
        cell = pl.col(column)
        # words are left for the check of numbers; a cell with both signs astray must not become a number by chance
        odd = cell.str.contains("[0-9]") & ~cell.str.contains(written)
        for line, found in frame.filter(odd).select("line", column).head(MOST_NAMED).rows():
            message = f"{plain(heading)} is {quoted(found)}; wanted a number such as {_example(settings)}"
            fix = "Write it so, or mend decimal and thousands under [returns] in compstat.toml."
            refused.append((line, Finding("not-a-number", place(line, heading), message, fix)))
        plainly = cell.str.replace_all(f"[{_signs(settings)}]", "") if settings.thousands else cell
        plainly = plainly.str.replace(settings.decimal, ".", literal=True)
        read = pl.when(odd).then(None).when(cell.str.contains(written)).then(plainly).otherwise(cell)
        frame = frame.with_columns(read.alias(column))
    return frame


def fix_of(found: str) -> str:
    """What to do about a figure that is no number: one with commas may be written as it is done elsewhere."""
    if found.startswith("="):
        return "It is a formula without its result: open the file in a spreadsheet program and save it."
    if GROUPED.fullmatch(found):
        return f"{PLAIN_FIX} If all are written so: decimal and thousands under [returns] in compstat.toml."
    return PLAIN_FIX


def _pattern(settings: ReturnsSettings) -> str:
    decimal, signs = re.escape(settings.decimal), _signs(settings)
    grouped = rf"[0-9]{{1,3}}([{signs}][0-9]{{3}})+|" if signs else ""
    return rf"^[+-]?({grouped}[0-9]+|)({decimal}[0-9]*)?([eE][+-]?[0-9]+)?$"


def _signs(settings: ReturnsSettings) -> str:
    """The thousands signs, for a set of characters in a regular expression."""
    return BLANKS if settings.thousands == " " else re.escape(settings.thousands)


def _example(settings: ReturnsSettings) -> str:
    return f"1{settings.thousands}204{settings.decimal}5"
