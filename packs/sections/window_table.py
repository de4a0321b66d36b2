"""Tables of windows: now, year ago, change and per cent for each, as many as the paper's width holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from compstat.meeting.briefing import Briefing, IndicatorRow, WindowFigures
from compstat.meeting.figures import decimals_of, printed_change
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.sections.names import outcome_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import Cell, Column, Drawing, Group, Row, Table
from compstat.packs.words import (
    DASH,
    labelled,
    number,
    period_title,
    recent_title,
    signed,
    span,
)

GAP: Final = 7.5
NAME_AT_LEAST: Final = 92.0
STATUS: Final = 24.0
_RAISED: Final = "¹²³⁴⁵⁶⁷⁸⁹"  # marks of the reasons below a table; more than nine share the last


class _Block(NamedTuple):
    """One window's columns: its heading, its dates, and the cells of every row."""

    title: str
    dates: tuple[str, ...]
    columns: tuple[str, ...]
    cells: list[list[str]]
    widths: list[float]


def window_table(
    sheet: Sheet,
    briefing: Briefing,
    rows: Sequence[IndicatorRow],
    windows: Sequence[str],
    *,
    heading: str = "",
    padding: float = 2.2,
) -> None:
    """Draw the windows beside each other; those that do not fit go into a second table below."""
    flagged = any(row.flags for row in rows)
    for n, (blocks, name) in enumerate(_layout(sheet.paper.measure, briefing, rows, windows)):
        if n:
            sheet.advance(12)
        columns, groups = _columns(name, blocks, flagged=flagged)
        table = Table(columns, groups, padding)
        lines = [_row(row, [block.cells[i] for block in blocks], flagged=flagged) for i, row in enumerate(rows)]
        sheet.ensure(table.header_height + 3 * table.row_height(lines[0]) if lines else 0)
        if heading and n == 0:
            t.left(sheet.canvas, sheet.paper.left, sheet.y - 8, heading, t.HEADING, width=name - 6)
        table.draw(sheet, lines)
    for words in _notes(briefing, rows, windows):
        sheet.advance(2)
        sheet.text(words, t.CELL, t.GREY, after=0)


def window_table_height(
    briefing: Briefing, rows: Sequence[IndicatorRow], windows: Sequence[str], measure: float, padding: float = 2.2
) -> float:
    """How high the table will be on one page."""
    height = 0.0
    for blocks, name in _layout(measure, briefing, rows, windows):
        columns, groups = _columns(name, blocks, flagged=True)
        table = Table(columns, groups, padding)
        height += table.header_height + len(rows) * (9.0 + 2 * padding)
    notes = sum(len(t.wrap(words, t.CELL, measure)) * 12.1 + 2 for words in _notes(briefing, rows, windows))
    return height + notes


def _layout(
    measure: float, briefing: Briefing, rows: Sequence[IndicatorRow], windows: Sequence[str]
) -> list[tuple[list[_Block], float]]:
    """The blocks of each table and the width of its names: with per cent where that fits, else with fewer."""
    longest = max((t.width_of(labelled(row.indicator), t.CELL_BOLD) for row in rows), default=0.0) + 8
    wanted = min(max(longest, NAME_AT_LEAST), measure * 0.25)
    # a page of the total has room for a second table; a unit's page rather goes without per cent
    choices = (windows, windows[1:]) if len(windows) > 3 else (windows, windows[1:], ())
    for percent in choices:
        blocks = [_block(briefing, rows, window, percent=window in percent) for window in windows]
        if measure - STATUS - _width(blocks) >= wanted or len(windows) == 1:
            return [_spread_out(measure, wanted, blocks)]
    middle = (len(windows) + 1) // 2
    halves = [
        [_block(briefing, rows, window, percent=True) for window in half]
        for half in (windows[:middle], windows[middle:])
    ]
    if any(measure - STATUS - _width(blocks) < wanted for blocks in halves):
        halves = [[_block(briefing, rows, window, percent=True)] for window in windows]
    return [_spread_out(measure, wanted, blocks) for blocks in _same_columns(halves)]


def _width(blocks: Sequence[_Block]) -> float:
    return sum(sum(block.widths) for block in blocks)


def _same_columns(tables: list[list[_Block]]) -> list[list[_Block]]:
    """The tables with equal column widths, so that figures stand under each other, where they have equal columns."""
    if len({len(blocks) for blocks in tables}) > 1:
        return tables
    for nth in zip(*tables, strict=True):
        widest = [max(widths) for widths in zip(*(block.widths for block in nth), strict=True)]
        for block in nth:
            block.widths[:] = widest
    return tables


def _spread_out(measure: float, wanted: float, blocks: list[_Block]) -> tuple[list[_Block], float]:
    """White that the names do not need goes between the windows."""
    spare = max(0.0, measure - STATUS - _width(blocks) - wanted)
    for block in blocks:
        block.widths[0] += min(34.0, 0.8 * spare / len(blocks))
    return blocks, max(measure - STATUS - _width(blocks), 40.0)


def _block(briefing: Briefing, rows: Sequence[IndicatorRow], window: str, *, percent: bool) -> _Block:
    titles = ("now", "year ago", "change", "%")[: 4 if percent else 3]
    reasons = _reasons(briefing, rows)
    cells = [list(_figures(briefing, row, window, reasons)[: len(titles)]) for row in rows]
    widths = [
        max(t.width_of(title, t.COLUMN), *(t.width_of(line[n], t.CELL_BOLD) for line in cells), 0.0) + GAP
        if cells
        else 0.0
        for n, title in enumerate(titles)
    ]
    widths[0] += 5  # white between the groups
    dates = _dates(briefing, window)
    short = max((t.width_of(line, t.COLUMN) for line in dates), default=0.0) + 6 - sum(widths)
    if short > 0:
        widths = [width + short / len(widths) for width in widths]
    return _Block(window_title(briefing, window), dates, titles, cells, widths)


def window_title(briefing: Briefing, window: str) -> str:
    """What the window is called under the cadence of this meeting."""
    cadence = briefing.cycle.cadence
    names = {"week": period_title(cadence), "four_weeks": recent_title(cadence)}
    return names.get(window, window.replace("_", " "))


def _dates(briefing: Briefing, window: str) -> tuple[str, ...]:
    both = briefing.window_dates.get(window)
    return (span(both[0]), f"v {span(both[1])}") if both else ()


def _figures(briefing: Briefing, row: IndicatorRow, window: str, reasons: Sequence[str]) -> tuple[str, str, str, str]:
    """Now, year ago, change and per cent; what is withheld is a dash with the mark of its reason."""
    figures = row.windows.get(window)
    if figures is None:
        return (DASH, DASH, DASH, "")
    decimals = decimals_of(row.indicator)
    why = _why(figures)
    dash = DASH + _RAISED[min(reasons.index(why), len(_RAISED) - 1)] if why else DASH
    return (
        dash if figures.current is None else number(figures.current, decimals),
        dash if figures.year_ago is None else number(figures.year_ago, decimals),
        dash if figures.change is None else signed(_change(figures, decimals), decimals),
        "" if figures.unequal else percent_words(briefing, row, figures),
    )


def _change(figures: WindowFigures, decimals: int) -> float | None:
    return printed_change(figures.current, figures.year_ago, decimals)


def _why(figures: WindowFigures) -> str:
    """Why a figure of this window is withheld; empty where none is."""
    if figures.reason:
        return figures.reason.rstrip(".")
    if figures.current is None or figures.year_ago is None:
        return "no return to work it out from"
    return f"{figures.days} days against {figures.days_year_ago}: not compared" if figures.unequal else ""


def _reasons(briefing: Briefing, rows: Sequence[IndicatorRow]) -> list[str]:
    """The reasons of all four windows in the order of the rows: the same mark in every table of the same rows."""
    found = [_why(figures) for row in rows for figures in row.windows.values()]
    return [reason for reason in dict.fromkeys(found) if reason]


def percent_words(briefing: Briefing, row: IndicatorRow, figures: WindowFigures) -> str:
    """A signed percentage, or nothing: for a ratio (its change is in points), or a prior below the setting."""
    prior = figures.year_ago
    if row.indicator.is_ratio or figures.percent is None or prior is None or abs(prior) < briefing.pack.percent_from:
        return ""
    return f"{signed(figures.percent)}%"


def _columns(name: float, blocks: Sequence[_Block], *, flagged: bool) -> tuple[list[Column], list[Group]]:
    columns, groups = [Column("", name)], []
    for block in blocks:
        first = len(columns)
        for title, width in zip(block.columns, block.widths, strict=True):
            style = t.CELL_BOLD if title == "now" else t.CELL
            columns.append(Column(title, width, "right", style, t.GREY if title == "year ago" else t.INK))
        groups.append(Group(block.title, first, len(columns) - 1, block.dates))
    return [*columns, Column("flag" if flagged else "", STATUS, "right")], groups


def _row(row: IndicatorRow, cells: Sequence[Sequence[str]], *, flagged: bool) -> Row:
    outcome = outcome_of(row)

    def standing(canvas: Any, x: float, top: float, width: float) -> None:
        if flagged:
            mark(canvas, outcome or "none", x + STATUS - 5, top - 5, 3.0)

    values: list[Cell] = [labelled(row.indicator), *(cell for block in cells for cell in block)]
    return Row([*values, Drawing(9.0, standing)], bold=bool(row.flags))


def _notes(briefing: Briefing, rows: Sequence[IndicatorRow], windows: Sequence[str]) -> list[str]:
    """The key to the marks of these windows, in one paragraph."""
    used = {_why(figures) for row in rows for window in windows if (figures := row.windows.get(window))}
    reasons = [(n, reason) for n, reason in enumerate(_reasons(briefing, rows)) if reason in used]
    key = [f"{DASH}{_RAISED[min(n, len(_RAISED) - 1)]} {reason}" for n, reason in reasons]
    return ["; ".join(key) + "."] if key else []
