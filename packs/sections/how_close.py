"""How close each cell came to a flag: its p, units down and indicators across; what says nothing is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.sections.names import indicators_of
from compstat.packs.sheet import Sheet
from compstat.packs.words import counted
from compstat.rules.flag import Outcome

NAME_MOST: Final = 150.0
CELL_LEAST: Final = 20.5
CELL_MOST: Final = 40.0
GUTTER: Final = 22.0
ROW: Final = 13.0
HEADING_LONGEST: Final = 150.0
FEWEST_ROWS_ABREAST: Final = 8
FLAGGED: Final = frozenset(Outcome)
FAR: Final = "–"  # tested, and nowhere near: a p that says nothing, or no signal of a family without p
SAYS_NOTHING: Final = 0.5  # a p above it
Name = tuple[str, str]  # code and name; also unit and indicator


@dataclass(frozen=True, slots=True)
class _Block:
    """Some indicators' columns, and what stands in their cells: p, a dot for a test without p, or a mark."""

    columns: Sequence[Name]
    name: float
    cell: float
    values: Mapping[Name, float | None]
    flagged: Mapping[Name, str]

    @property
    def width(self) -> float:
        return self.name + self.cell * len(self.columns)

    @property
    def heading(self) -> float:
        widest = max((t.width_of(name, t.COLUMN) for _, name in self.columns), default=0.0)
        return min(widest, HEADING_LONGEST) + 8


def how_close(sheet: Sheet, briefing: Briefing) -> None:
    """Draw p of every tested cell, in as many blocks as the width of the paper asks for."""
    values = {(cell.unit, cell.indicator): cell.p_value for cell in briefing.not_flagged if cell.tested}
    # from the heat map's cells: the flag that leads its cell, cleared ones left out, so that both say the same
    flagged = {(cell.unit, cell.indicator): cell.outcome for cell in briefing.heat if cell.outcome in FLAGGED}
    seen = {*values, *flagged}
    indicators = _with_cells([(code, row.title) for code, row in indicators_of(briefing).items()], seen, 1)
    units = _with_cells([(report.unit.unit, report.unit.title) for report in briefing.units], seen, 0)
    name = min(max((t.width_of(title, t.CELL) for _, title in units), default=0.0) + 8, NAME_MOST)
    room = sheet.paper.measure - name
    blocks = max(1, -(-len(indicators) // int(room / CELL_LEAST)))
    size = max(1, -(-len(indicators) // blocks))
    for start in range(0, len(indicators), size):
        columns = indicators[start : start + size]
        _draw(sheet, units, _Block(columns, name, _cell_width(room, name, columns, len(units)), values, flagged))
    _left_out(sheet, len(briefing.units) - len(units))


def _with_cells(names: Sequence[Name], seen: set[Name], part: int) -> list[Name]:
    """The names that have a cell to show."""
    codes = {cell[part] for cell in seen}
    return [name for name in names if name[0] in codes]


def _cell_width(room: float, name: float, columns: Sequence[Name], rows: int) -> float:
    """As wide as the paper allows; narrow where many rows can stand side by side for it."""
    abreast = int((room + name + GUTTER) / (name + CELL_LEAST * len(columns) + GUTTER))
    if rows <= 2 * FEWEST_ROWS_ABREAST or abreast < 2:
        return min(room / len(columns), CELL_MOST)
    return min(((room + name + GUTTER) / abreast - GUTTER - name) / len(columns), CELL_MOST)


def _left_out(sheet: Sheet, units: int) -> None:
    if units > 0:
        words = f"{counted(units, 'unit has', 'units have')} no cell that could be tested, and no row here."
        sheet.text(words, t.CELL, t.GREY, after=8)


def _draw(sheet: Sheet, units: Sequence[Name], block: _Block) -> None:
    """The rows below each other, and beside each other where few indicators leave the width for it."""
    note = f"p of its closest test · {FAR} above {SAYS_NOTHING} or no signal · mark: flag · blank: not tested"
    sheet.heading("How close each came", note, keep=block.heading + 3 * ROW)
    abreast = max(1, int((sheet.paper.measure + GUTTER + 0.01) / (block.width + GUTTER)))
    rest = list(units)
    while rest:
        sheet.ensure(block.heading + ROW * min(3, len(rest)))
        most = max(1, int((sheet.room - block.heading) / ROW))
        deep = min(most, max(-(-len(rest) // abreast), FEWEST_ROWS_ABREAST))
        top, tallest = sheet.y, min(deep, len(rest))
        for n in range(abreast):
            now, rest = rest[:deep], rest[deep:]
            if now:
                _column(sheet, block, now, (sheet.paper.left + n * (block.width + GUTTER), top))
        sheet.advance(block.heading + ROW * tallest)
    sheet.advance(8)


def _column(sheet: Sheet, block: _Block, units: Sequence[Name], place: tuple[float, float]) -> None:
    """Headings upright over their columns, then a row a unit."""
    canvas: Any = sheet.canvas
    x, y = place[0], place[1] - block.heading
    for n, (_, name) in enumerate(block.columns):
        canvas.saveState()
        canvas.translate(x + block.name + (n + 1) * block.cell - 4, y + 4)
        canvas.rotate(90)
        t.left(canvas, 0, 0, name, t.COLUMN, t.GREY, width=block.heading - 6)
        canvas.restoreState()
    sheet.rule(y, 0.7, t.INK, x, x + block.width)
    for unit, title in units:
        t.left(canvas, x, y - 9.4, title, t.CELL, width=block.name - 6)
        for n, (indicator, _) in enumerate(block.columns):
            _cell(canvas, block, (unit, indicator), (x + block.name + (n + 1) * block.cell, y - 9.4))
        y -= ROW
        sheet.rule(y, 0.3, t.HAIRLINE, x, x + block.width)


def _cell(canvas: Any, block: _Block, cell: Name, place: tuple[float, float]) -> None:
    x, y = place
    if cell in block.flagged:
        mark(canvas, block.flagged[cell], x - 7, y + 3, 2.8)
    elif cell in block.values:
        p = block.values[cell]
        if p is None or p > SAYS_NOTHING:
            t.right(canvas, x - 5, y, FAR, t.CELL, t.GREY)
        else:
            words = "<.01" if p < 0.005 else f"{p:.2f}"
            t.right(canvas, x, y, words, t.CELL_BOLD if p < 0.05 else t.CELL, t.INK if p < 0.05 else t.GREY)
