"""Not flagged, and why: what was held back or cleared, how close every other cell came, what was not tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from compstat.meeting.briefing import Briefing, NotFlagged
from compstat.meeting.days import with_plain_days
from compstat.packs import type as t
from compstat.packs.sections.counts import tested_nothing, units_by_flags
from compstat.packs.sections.how_close import how_close
from compstat.packs.sections.names import indicator_words, indicators_of, name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import ROW, Column, Row, Table
from compstat.packs.words import DASH, counted, flag_figures, over_words, probability, rule_words, with_unit
from compstat.rules.flag import Flag, Outcome, State
from compstat.workspace.tables import Indicator

PART: Final = "Not flagged, and why"
CLOSEST: Final = 6
BETWEEN: Final = 8.0  # under a table: no more, so that the last of them stands whole on the page
YEAR_ALONE: Final = "Tested over a year alone: this year against the last"
NAMED_AT_MOST: Final = 4  # units named where an indicator is not tested; of more their number, the table shows which


def not_flagged(sheet: Sheet, briefing: Briefing) -> None:
    """Draw the part."""
    held, cells = briefing.held_back, briefing.not_flagged
    counts = [counted(len(held), "flag") + " held back"]
    counts += [f"{len(briefing.cleared)} cleared since the last period"] if briefing.cleared else []
    counts.append(f"{counted(len(cells), 'cell')} without a flag")
    sheet.part(PART, " · ".join(counts), keep=200.0 if held or cells else 30.0)
    if not held and not cells:
        sheet.text("Every cell that was tested is flagged or has no return.")
        return
    sheet.text(_sentence(briefing), t.SENTENCE, after=5)
    _flags(sheet, briefing, "Flags held back", held)
    _flags(sheet, briefing, "Cleared", briefing.cleared)
    tested = [cell for cell in cells if cell.tested]
    if tested:
        _closest(sheet, briefing, [cell for cell in tested if cell.p_value is not None])
        how_close(sheet, briefing)
    _reasons(sheet, briefing, YEAR_ALONE, {cell: cell.untested for cell in tested if cell.untested})
    _reasons(sheet, briefing, "Not tested", {cell: cell.reason for cell in cells if not cell.tested})


def _sentence(briefing: Briefing) -> str:
    """How many units have no flag shown, and of which kinds they are: the count of the other pages."""
    if nothing := tested_nothing(briefing):
        return nothing
    _, listed, none = units_by_flags(briefing)
    units = counted(len(briefing.units), "unit")
    kinds = [f"{listed} with flags held back or on watch"] if listed else []
    kinds += [f"{none} without a flag of any kind"] if none else []
    words = f": {', '.join(kinds)}" if listed else ""
    have = "has" if listed + none == 1 else "have"
    return f"{listed + none} of {units} {have} no flag shown{words}; here is how close each came."


def _flags(sheet: Sheet, briefing: Briefing, heading: str, flags: Sequence[Flag]) -> None:
    if not flags:
        return
    sheet.heading(heading, counted(len(flags), "flag"))
    indicators = indicators_of(briefing)
    rows = []
    for flag in flags:
        indicator = indicators.get(flag.indicator)
        figures = (*flag_figures(flag, indicator)[:2], probability(flag.p_value))
        names = (flag.flag, name_of(briefing, flag.unit), indicator_words(briefing, flag))
        words = (*names, over_words(flag, indicator))
        rows.append(Row([*words, *figures, "", _why_held(flag, indicator)], outcome=flag.outcome.value))
    widest = max(t.width_of(f"{name_of(briefing, flag.indicator)}:", t.CELL) for flag in flags)  # its numbers wrap
    widths = [_widest(rows, 1, t.CELL_BOLD, 110.0), min(widest + 10, 140.0)]
    widths += [_widest(rows, 3, t.CELL, 70.0)]
    widths += [max(_widest(rows, n, t.CELL_BOLD, 70.0) + 5, 38.0) for n in (4, 5)]
    columns = (
        Column("code", 50, style=t.CELL_BOLD),
        Column("unit", widths[0], style=t.CELL_BOLD, lines=3),
        Column("indicator", widths[1], lines=3),
        Column("over", widths[2], colour=t.GREY),
        Column("now", widths[3], "right", t.CELL_BOLD),
        Column("against", widths[4], "right", colour=t.GREY),
        Column("p", 42, "right"),
        Column("", 12),
        Column("why it is not shown", sheet.paper.measure - sum(widths) - 104, lines=4),
    )
    Table(columns).draw(sheet, rows)
    sheet.advance(BETWEEN)


def _why_held(flag: Flag, indicator: Indicator | None) -> str:
    """What keeps it from the room; the watch list in fewer words than its receipt has."""
    watched = flag.outcome is Outcome.WATCH and flag.supports is None and flag.state is not State.CLEARED
    words = "on the watch list" if watched else flag.held_back or DASH
    return f"{words}{_ahead(flag, indicator)}"


def _ahead(flag: Flag, indicator: Indicator | None) -> str:
    """`: 5.4% on 31 Dec 2026, plan 3.5%`: a planned path is listed for its end, not for the week's figure."""
    if flag.family != "trajectory" or not {"forecast", "goal", "due"} <= flag.inputs.keys():
        return ""
    ahead, goal = (with_unit(float(flag.inputs[name]), indicator) for name in ("forecast", "goal"))
    return f": {ahead} on {with_plain_days(str(flag.inputs['due']))}, plan {goal}"


def _widest(rows: Sequence[Row], at: int, style: t.Style, most: float) -> float:
    return min(max(t.width_of(str(row.cells[at]), style) for row in rows) + 10, most)


def _closest(sheet: Sheet, briefing: Briefing, tested: Sequence[NotFlagged]) -> None:
    """The cells nearest to a flag, with the test that came closest and what was missing in words."""
    nearest = sorted(tested, key=lambda cell: (cell.p_value or 0.0, cell.unit, cell.indicator))[:CLOSEST]
    if not nearest:
        return
    rows = [
        Row(
            [
                name_of(briefing, cell.unit),
                name_of(briefing, cell.indicator),
                rule_words(cell.test),
                probability(cell.p_value),
                "",
                cell.reason,
            ]
        )
        for cell in nearest
    ]
    sheet.heading("Closest to a flag", keep=20 + ROW * len(rows))
    widths = [_widest(rows, 0, t.CELL_BOLD, 130.0), _widest(rows, 1, t.CELL, 160.0)]
    columns = (
        Column("unit", widths[0], style=t.CELL_BOLD, lines=3),
        Column("indicator", widths[1], lines=3),
        Column("test", 64),
        Column("p", 40, "right"),
        Column("", 14),
        Column("what was missing", sheet.paper.measure - sum(widths) - 118, lines=3),
    )
    Table(columns).draw(sheet, rows)
    sheet.advance(BETWEEN)


def _reasons(sheet: Sheet, briefing: Briefing, heading: str, reasons: Mapping[NotFlagged, str]) -> None:
    """Cells by the reason why they were not tested, at all or of late: how many, and where in few words."""
    if not reasons:
        return
    sheet.heading(heading, counted(len(reasons), "cell"))
    for reason, count in Counter(reasons.values()).most_common():
        places = _places(briefing, [cell for cell, its in reasons.items() if its == reason])
        sheet.text(f"{reason[:1].upper()}{reason[1:]}: {counted(count, 'cell')}", t.TEXT_BOLD, after=0)
        sheet.text(places, t.CELL, t.GREY, after=5)


def _places(briefing: Briefing, cells: Sequence[NotFlagged]) -> str:
    """`Arson, Rape in every unit; Robbery in 70 units; Complaints in Seamoor, Brackendale`."""
    units: dict[str, list[str]] = {}
    for cell in cells:
        units.setdefault(name_of(briefing, cell.indicator), []).append(name_of(briefing, cell.unit))
    where: dict[str, list[str]] = {}
    for indicator, names in units.items():
        where.setdefault(_how_many(names, len(briefing.units)), []).append(indicator)
    return "; ".join(f"{', '.join(indicators)} in {words}" for words, indicators in where.items())


def _how_many(names: Sequence[str], units: int) -> str:
    if len(names) == units and units > 1:
        return "every unit"
    return ", ".join(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} units"
