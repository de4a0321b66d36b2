"""How close each cell came to a flag: its p, units down and indicators across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compstat.meeting.briefing import Briefing, NotFlagged
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.sections.names import indicators_of
from compstat.packs.sheet import Sheet
from compstat.rules.flag import Outcome

NAME_WIDTH: Final = 116.0
CELL_LEAST: Final = 23.0
CELL_MOST: Final = 40.0
GUTTER: Final = 22.0
ROW: Final = 13.0
HEADING_LONGEST: Final = 88.0
FEWEST_ROWS_ABREAST: Final = 14
FLAGGED: Final = frozenset(Outcome)
Name = tuple[str, str]  # code and name; also unit and indicator


@dataclass(frozen=True, slots=True)
class _Block:
    """Some indicators' columns, and what stands in their cells."""

    columns: Sequence[Name]
    cell: float
    values: Mapping[Name, float | None]
    flagged: Mapping[Name, str]

    @property
    def width(self) -> float:
        return NAME_WIDTH + self.cell * len(self.columns)

    @property
    def heading(self) -> float:
        widest = max((t.width_of(name, t.COLUMN) for _, name in self.columns), default=0.0)
        return min(widest, HEADING_LONGEST) + 8


def how_close(sheet: Sheet, briefing: Briefing, tested: Sequence[NotFlagged]) -> None:
    """Draw p of every tested cell, in as many blocks as the width of the paper asks for."""
    indicators = [(code, row.title) for code, row in indicators_of(briefing).items()]
    values = {(cell.unit, cell.indicator): cell.p_value for cell in tested}
    # from the heat map's cells: the flag that leads its cell, cleared ones left out, so that both say the same
    flagged = {(cell.unit, cell.indicator): cell.outcome for cell in briefing.heat if cell.outcome in FLAGGED}
    units = [(report.unit.unit, report.unit.title) for report in briefing.units]
    room = sheet.paper.measure - NAME_WIDTH
    blocks = max(1, -(-len(indicators) // int(room / CELL_LEAST)))
    size = max(1, -(-len(indicators) // blocks))
    for start in range(0, len(indicators), size):
        columns = indicators[start : start + size]
        cell = min(room / len(columns), CELL_MOST)
        _draw(sheet, units, _Block(columns, cell, values, flagged))


def _draw(sheet: Sheet, units: Sequence[Name], block: _Block) -> None:
    """The rows below each other, and beside each other where few indicators leave the width for it."""
    words, note = "How close each came: p of every tested cell", "bold below 0.05 · mark: flagged"
    sheet.heading(words, note, keep=block.heading + 3 * ROW)
    abreast = max(1, int((sheet.paper.measure + GUTTER) / (block.width + GUTTER)))
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
    sheet.advance(12)


def _column(sheet: Sheet, block: _Block, units: Sequence[Name], place: tuple[float, float]) -> None:
    """Headings upright over their columns, then a row a unit."""
    canvas: Any = sheet.canvas
    x, y = place[0], place[1] - block.heading
    for n, (_, name) in enumerate(block.columns):
        canvas.saveState()
        canvas.translate(x + NAME_WIDTH + (n + 1) * block.cell - 4, y + 4)
        canvas.rotate(90)
        t.left(canvas, 0, 0, name, t.COLUMN, t.GREY, width=block.heading - 6)
        canvas.restoreState()
    sheet.rule(y, 0.7, t.INK, x, x + block.width)
    for unit, title in units:
        t.left(canvas, x, y - 9.4, title, t.CELL, width=NAME_WIDTH - 6)
        for n, (indicator, _) in enumerate(block.columns):
            _cell(canvas, block, (unit, indicator), (x + NAME_WIDTH + (n + 1) * block.cell, y - 9.4))
        y -= ROW
        sheet.rule(y, 0.3, t.HAIRLINE, x, x + block.width)


def _cell(canvas: Any, block: _Block, cell: Name, place: tuple[float, float]) -> None:
    x, y = place
    p = block.values.get(cell)
    if cell in block.flagged:
        mark(canvas, block.flagged[cell], x - 7, y + 3, 2.8)
    elif p is None:
        t.right(canvas, x - 5, y, "·", t.CELL, t.GREY)
    else:
        words = "<.01" if p < 0.005 else f"{p:.2f}"
        t.right(canvas, x, y, words, t.CELL_BOLD if p < 0.05 else t.CELL, t.INK if p < 0.05 else t.GREY)
