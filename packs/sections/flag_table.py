"""A unit's flags with their receipts: the figures, the rule and what supports it, how likely chance alone would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.meeting.days import with_plain_days
from compstat.meeting.figures import decimals_of
from compstat.meeting.flag_windows import outlook_window
from compstat.packs import type as t
from compstat.packs.sections.names import indicator_words, indicators_of, name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import Column, Row, Table
from compstat.packs.words import (
    DASH,
    flag_figures,
    number,
    over_words,
    probability,
    rule_words,
    state_words,
    test_words,
)
from compstat.rules.flag import Flag
from compstat.rules.wording import ahead_words
from compstat.workspace.tables import Indicator

RULE_LEAST: Final = (40.0, 56.0, 72.0, 88.0)  # room for the rule: whichever gives the lowest table
STATE_LEAST: Final = 62.0
MAY_WRAP: Final = frozenset({"unit", "indicator", "listed"})


def flag_table(
    sheet: Sheet,
    briefing: Briefing,
    flags: Sequence[Flag],
    supporting: Mapping[str, Sequence[Flag]],
    *,
    named: bool = False,
) -> None:
    """A row a flag: its figures, how likely chance alone is, its state, the rule and what supports it."""
    table, rows = _laid_out(sheet, briefing, flags, supporting, named=named)
    table.draw(sheet, rows)


def flag_table_height(
    sheet: Sheet, briefing: Briefing, flags: Sequence[Flag], supporting: Mapping[str, Sequence[Flag]]
) -> float:
    """How high the table with the units' names will be."""
    table, rows = _laid_out(sheet, briefing, flags, supporting, named=True)
    return table.header_height + sum(table.row_height(row) for row in rows)


def _laid_out(
    sheet: Sheet,
    briefing: Briefing,
    flags: Sequence[Flag],
    supporting: Mapping[str, Sequence[Flag]],
    *,
    named: bool,
) -> tuple[Table, list[Row]]:
    indicators = indicators_of(briefing)
    rows = [_row(briefing, indicators, flag, supporting.get(flag.flag, ()), named=named) for flag in flags]
    tables = [_table(sheet, rows, named=named, rule_least=least) for least in RULE_LEAST]
    return min(tables, key=lambda table: sum(table.row_height(row) for row in rows)), rows


def _table(sheet: Sheet, rows: Sequence[Row], *, named: bool, rule_least: float) -> Table:
    """Columns as wide as their words; where less than `rule_least` is left for the rule, state and names wrap."""
    titles = ["code", *(["unit"] if named else []), "indicator", "over", "now", "against", "change", "p", "", "listed"]
    columns = []
    for n, title in enumerate(titles):
        figures = title in {"now", "against", "change", "p"}
        style = t.CELL_BOLD if title in {"code", "unit", "now"} else t.CELL
        cells = [str(row.cells[n]) for row in rows]
        if title == "indicator":  # the numbers that a percentage is of stand on a line below its name
            cells = [cell.rpartition(": ")[0] + ":" if ": " in cell else cell for cell in cells]
        widest = max(t.width_of(title, t.COLUMN), *(t.width_of(cell, style) for cell in cells))
        width = 10.0 if not title else widest + (10 if figures else 9)
        colour = t.GREY if title in {"over", "against"} else t.INK
        lines = 3 if title in MAY_WRAP else 1
        columns.append(Column(title, width, "right" if figures else "left", style, colour, lines))
    measure = sheet.paper.measure
    rest = measure - sum(column.width for column in columns)
    least = {"listed": STATE_LEAST, "unit": measure / 8, "indicator": measure / 8}
    for n in sorted(_places(titles), key=lambda n: (titles[n] != "listed", -columns[n].width)):
        width = columns[n].width
        if rest < rule_least:
            width = max(min(width, least[titles[n]]), width - (rule_least - rest))
        elif rest > 0.4 * measure and titles[n] != "listed":  # few words: names take the white
            width = max(width, measure / 4)
        rest -= width - columns[n].width
        columns[n] = replace(columns[n], width=width)
    return Table([*columns, Column("rule", max(rest, 40.0), colour=t.GREY, lines=5)])


def _places(titles: Sequence[str]) -> list[int]:
    return [n for n, title in enumerate(titles) if title in MAY_WRAP]


def _row(
    briefing: Briefing, indicators: dict[str, Indicator], flag: Flag, supporting: Sequence[Flag], *, named: bool
) -> Row:
    indicator = indicators.get(flag.indicator)
    rules = [rule_words(flag.family), *(rule_words(other.family) for other in supporting)]
    cells = [
        flag.flag,
        *([name_of(briefing, flag.unit)] if named else []),
        indicator_words(briefing, flag),
        over_words(flag, indicator),
        *flag_figures(flag, indicator),
        probability(flag.p_value),
        "",
        state_words(flag),
        " · ".join(dict.fromkeys(rules)),
    ]
    return Row(cells, outcome=flag.outcome.value)


def receipt(flag: Flag, indicator: Indicator | None) -> str:
    """One line of what stands behind a flag; what does not apply is left out."""
    held = f" {flag.held_back};" if flag.held_back else ""
    parts = [f"{flag.flag}:{held}", test_words(flag.test) or rule_words(flag.family)]
    if flag.lower_limit is not None or flag.upper_limit is not None:
        parts.append(f"· limits {_range(flag.lower_limit, flag.upper_limit, indicator)}")
    if flag.threshold is not None:
        parts.append(f"· threshold {number(flag.threshold, 0 if flag.threshold == round(flag.threshold) else 1)}")
    if flag.family == "trajectory" and flag.sentence:
        parts.append(f"· {forecast_words(flag)}")
    if flag.q_value is not None:
        parts.append(f"· q {probability(flag.q_value)}")
    if window := outlook_window(flag):
        cadence = indicator.cadence if indicator else "weekly"
        expected = _range(flag.expected_low, flag.expected_high, indicator)
        parts.append(f"· if nothing is done, expect {expected} {ahead_words(cadence, window)}")
    if flag.fragile:
        parts.append("· fragile: a usual restatement would undo it")
    return " ".join(parts)


def forecast_words(flag: Flag) -> str:
    """`as it goes, 5.4% on 31 Dec 2026, where the plan says 3.5%`: what a planned path is listed for."""
    return with_plain_days(flag.sentence).partition(": ")[2].rstrip(".")


def _range(low: float | None, high: float | None, indicator: Indicator | None) -> str:
    """Both ends, none below 0 for what cannot be."""
    decimals = decimals_of(indicator) if indicator else 1
    if low is not None and indicator is not None and indicator.non_negative:
        low = max(low, 0.0)
    if low is None:
        return f"up to {number(high, decimals)}"
    if high is None:
        return f"from {number(low, decimals)}"
    return f"{number(low, decimals)}{DASH}{number(high, decimals)}"
