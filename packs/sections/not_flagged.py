"""Not flagged, and why: what was held back, how close every other cell came, and what was not tested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compstat.meeting.briefing import Briefing, NotFlagged
from compstat.packs import type as t
from compstat.packs.sections.how_close import how_close
from compstat.packs.sections.names import decimals_for, indicators_of, name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import Column, Row, Table
from compstat.packs.words import DASH, counted, number, probability

PART: Final = "Not flagged, and why"
NAME_WIDTH: Final = 116.0  # a longer name is cut in a list of many
CLOSEST: Final = 12


def not_flagged(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the part."""
    held, cells = briefing.held_back, briefing.not_flagged
    line = f"{counted(len(held), 'flag')} held back · {counted(len(cells), 'cell')} without a flag"
    sheet.part(PART, line, keep=200.0 if held or cells else 30.0)
    if not held and not cells:
        sheet.text("Every cell that was tested is flagged or has no return.")
        return
    sheet.text(_sentence(briefing), t.SENTENCE, after=8)
    if held:
        _held_back(sheet, briefing)
    tested = [cell for cell in cells if cell.p_value is not None]
    if tested:
        _closest(sheet, briefing, tested)
        how_close(sheet, briefing, tested)
    _reasons(sheet, briefing, [cell for cell in cells if cell.p_value is None])


def _sentence(briefing: Briefing) -> str:
    flagged = {flag.unit for flag in briefing.flags if flag.shown}
    quiet = sum(report.unit.unit not in flagged for report in briefing.units)
    units = counted(len(briefing.units), "unit")
    return f"{quiet} of {units} {'has' if quiet == 1 else 'have'} no flag shown; here is how close each came."


def _held_back(sheet: Sheet, briefing: Briefing) -> None:
    sheet.heading("Flags held back")
    names = (name_of(briefing, flag.unit) for flag in briefing.held_back)
    unit = min(max(t.width_of(name, t.CELL_BOLD) for name in names) + 10, 100.0)
    columns = (
        Column("code", 50, style=t.CELL_BOLD),
        Column("unit", unit, style=t.CELL_BOLD),
        Column("indicator", 102),
        Column("now", 32, "right", t.CELL_BOLD),
        Column("against", 38, "right", colour=t.GREY),
        Column("p", 38, "right"),
        Column("", 12),
        Column("why it is not shown", sheet.paper.measure - unit - 272, lines=3),
    )
    indicators = indicators_of(briefing)
    rows = []
    for flag in briefing.held_back:
        decimals = decimals_for(indicators, flag.indicator)
        figures = (number(flag.value, decimals), number(flag.comparator, decimals), probability(flag.p_value))
        words = (flag.flag, name_of(briefing, flag.unit), name_of(briefing, flag.indicator))
        rows.append(Row([*words, *figures, "", flag.held_back or DASH], outcome=flag.outcome.value))
    Table(columns).draw(sheet, rows)
    sheet.advance(14)


def _closest(sheet: Sheet, briefing: Briefing, tested: Sequence[NotFlagged]) -> None:
    """The cells nearest to a flag, with what was missing in words."""
    nearest = sorted(tested, key=lambda cell: (cell.p_value or 0.0, cell.unit, cell.indicator))[:CLOSEST]
    sheet.heading("Closest to a flag")
    columns = (
        Column("unit", 110, style=t.CELL_BOLD),
        Column("indicator", 124),
        Column("p", 44, "right"),
        Column("", 14),
        Column("what was missing", sheet.paper.measure - 292, lines=2),
    )
    rows = [
        Row(
            [
                name_of(briefing, cell.unit),
                name_of(briefing, cell.indicator),
                probability(cell.p_value),
                "",
                cell.reason,
            ]
        )
        for cell in nearest
    ]
    Table(columns).draw(sheet, rows)
    sheet.advance(14)


def _reasons(sheet: Sheet, briefing: Briefing, cells: Sequence[NotFlagged]) -> None:
    """Cells without a test, by reason: how many, and which."""
    if not cells:
        return
    reasons: dict[str, dict[str, list[str]]] = {}
    for cell in cells:
        names = reasons.setdefault(cell.reason, {}).setdefault(name_of(briefing, cell.indicator), [])
        names.append(t.fit(name_of(briefing, cell.unit), t.CELL, NAME_WIDTH))
    sheet.heading("Not tested")
    units = len(briefing.units)
    for reason, where in sorted(reasons.items(), key=lambda item: -sum(map(len, item[1].values()))):
        count = sum(map(len, where.values()))
        places = "; ".join(
            f"{indicator} in {'every unit' if len(names) == units and units > 1 else ', '.join(names)}"
            for indicator, names in where.items()
        )
        sheet.text(f"{reason[:1].upper()}{reason[1:]}: {counted(count, 'cell')}", t.TEXT_BOLD, after=0, lines=3)
        sheet.text(places, t.CELL, t.GREY, after=5)
