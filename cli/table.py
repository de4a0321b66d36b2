"""Tables on a terminal: every figure whole at any width. Long words wrap; what there is no room for is named."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from shutil import get_terminal_size

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = 2  # spaces between columns
NAME = 12  # characters: a column of words that is no wider is never wrapped, a wider one not below this
SENTENCE = 40  # a column with longer cells holds sentences,
SENTENCE_ROOM = 22  # and these want more room to be read

# What may be left out, least important first: how to call it, and its columns.
Droppable = Sequence[tuple[str, Sequence[int]]]


def print_on_terminal(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], drop: Droppable
) -> None:
    """Print rows as wide as the terminal is: whole, else without some columns, else one line a cell."""
    columns, lines = get_terminal_size()
    console = Console(width=columns, height=lines)  # both, or it takes 80 for a terminal that it does not know
    kept, dropped = columns_kept(headings, rows, right, drop, columns)
    if kept:
        console.print(_table(headings, rows, right, kept))
    else:
        _stack(console, headings, rows)
    if dropped and rows:
        left_out = Text(f"No room here for {', '.join(dropped)}: widen the window, or send it to a file.")
        Console(stderr=True, width=columns, height=lines).print(left_out, style="dim")


def columns_kept(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], drop: Droppable, width: int
) -> tuple[list[int], list[str]]:
    """The columns that fit into so many characters, and how those left out are called. No columns: none fits."""
    least = [_least([row[n] for row in (headings, *rows)], n in right) for n in range(len(headings))]
    kept, dropped = list(range(len(headings))), list[str]()
    for name, columns in (*drop, ("", ())):
        if sum(least[n] for n in kept) + GAP * (len(kept) - 1) <= width:
            return kept, dropped
        if name:
            kept = [n for n in kept if n not in columns]
            dropped.append(name)
    return [], []


def _least(cells: Sequence[str], is_figure: bool) -> int:
    """How narrow a column may become: not at all for figures and short words."""
    widest = max(cell_len(cell) for cell in cells)
    if is_figure or widest <= NAME:
        return widest
    return SENTENCE_ROOM if widest > SENTENCE else NAME


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], kept: Sequence[int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for n in kept:
        cells = [row[n] for row in (headings, *rows)]
        table.add_column(
            Text(headings[n]),
            justify="right" if n in right else "left",
            no_wrap=_least(cells, n in right) == max(cell_len(cell) for cell in cells),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(row[n]) for n in kept))  # Text, so that brackets in data are never markup
    return table


def _stack(console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                console.print(Text(f"{heading}: {cell}" if heading else cell), overflow="fold")
        sys.stdout.write("\n")
