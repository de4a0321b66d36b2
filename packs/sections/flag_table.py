"""A unit's flags with their receipts: the figures, the rule and what supports it, how likely chance alone would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.sections.names import decimals_for, indicators_of, name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import Column, Row, Table
from compstat.packs.words import DASH, number, probability, rule_words, signed, state_words
from compstat.rules.flag import Flag
from compstat.workspace.tables import Indicator

RULE_LEAST: Final = 68.0


def flag_table(
    sheet: Sheet,
    briefing: Briefing,
    flags: Sequence[Flag],
    supporting: Mapping[str, Sequence[Flag]],
    *,
    with_unit: bool = False,
) -> None:
    """A row a flag: its figures, how likely chance alone is, its state, the rule and what supports it."""
    indicators = indicators_of(briefing)
    rows = [_row(briefing, indicators, flag, supporting.get(flag.flag, ()), with_unit=with_unit) for flag in flags]
    _table(sheet, rows, with_unit=with_unit).draw(sheet, rows)


def _table(sheet: Sheet, rows: Sequence[Row], *, with_unit: bool) -> Table:
    """Columns as wide as their words; names give way when less than RULE_LEAST is left for the rule, in two lines."""
    titles = ["code", *(["unit"] if with_unit else []), "indicator", "now", "against", "change", "p", "", "state"]
    columns = []
    for n, title in enumerate(titles):
        figures = title in {"now", "against", "change", "p"}
        style = t.CELL_BOLD if title in {"code", "unit", "now"} else t.CELL
        widest = max(t.width_of(title, t.COLUMN), *(t.width_of(str(row.cells[n]), style) for row in rows))
        width = 12.0 if not title else widest + (12 if figures else 10)
        colour = t.GREY if title == "against" else t.INK
        lines = 2 if title == "indicator" else 1
        columns.append(Column(title, width, "right" if figures else "left", style, colour, lines))
    measure = sheet.paper.measure
    rest = measure - sum(column.width for column in columns)
    names = [n for n, title in enumerate(titles) if title in {"unit", "indicator"}]
    for n in sorted(names, key=lambda n: -columns[n].width):
        width = columns[n].width
        if rest < RULE_LEAST:
            width = max(min(width, measure / 8), width - (RULE_LEAST - rest))
        elif rest > 0.4 * measure:  # few words: names take the white
            width = max(width, measure / 4)
        rest -= width - columns[n].width
        columns[n] = replace(columns[n], width=width)
    return Table([*columns, Column("rule", max(rest, 40.0), colour=t.GREY, lines=2)])


def _row(
    briefing: Briefing, indicators: dict[str, Indicator], flag: Flag, supporting: Sequence[Flag], *, with_unit: bool
) -> Row:
    decimals = decimals_for(indicators, flag.indicator)
    rules = [rule_words(flag.family), *(rule_words(other.family) for other in supporting)]
    cells = [
        flag.flag,
        *([name_of(briefing, flag.unit)] if with_unit else []),
        name_of(briefing, flag.indicator),
        number(flag.value, decimals),
        number(flag.comparator, max(decimals, 0 if _whole(flag.comparator) else 1)),
        signed(flag.difference, max(decimals, 0 if _whole(flag.difference) else 1)),
        probability(flag.p_value),
        "",
        state_words(flag),
        " · ".join(dict.fromkeys(rules)),
    ]
    return Row(cells, outcome=flag.outcome.value)


def _whole(value: float | None) -> bool:
    return value is None or value == round(value)


def receipt(flag: Flag, decimals: int) -> str:
    """One line of what stands behind a flag; what does not apply is left out."""
    parts = [f"{flag.flag}:", flag.test.rstrip(".") or rule_words(flag.family)]
    if flag.lower_limit is not None or flag.upper_limit is not None:
        parts.append(f"· limits {_range(flag.lower_limit, flag.upper_limit, decimals)}")
    if flag.threshold is not None:
        parts.append(f"· threshold {number(flag.threshold, 0 if _whole(flag.threshold) else 1)}")
    if flag.q_value is not None:
        parts.append(f"· q {probability(flag.q_value)}")
    if flag.expected_low is not None and flag.expected_high is not None:
        parts.append(f"· if nothing is done, expect {_range(flag.expected_low, flag.expected_high, decimals)}")
    if flag.fragile:
        parts.append("· fragile: a usual restatement would undo it")
    return " ".join(parts)


def _range(low: float | None, high: float | None, decimals: int) -> str:
    if low is None:
        return f"up to {number(high, decimals)}"
    if high is None:
        return f"from {number(low, decimals)}"
    return f"{number(low, decimals)}{DASH}{number(high, decimals)}"
