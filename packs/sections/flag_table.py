"""A unit's flags with their receipts: the figures, the rule and what supports it, how likely chance alone would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.sections.names import decimals_for, indicators_of, name_of
from compstat.packs.sheet import Sheet
from compstat.packs.table import Column, Row, Table
from compstat.packs.words import DASH, number, probability, rule_words, signed, state_words
from compstat.rules.flag import Flag
from compstat.workspace.tables import Indicator


def flag_table(
    sheet: Sheet, briefing: Briefing, flags: Sequence[Flag], supporting: Mapping[str, Sequence[Flag]], *, with_unit: bool = False
) -> None:
    """A row a flag, each with its receipt in grey below."""
    table = _table(sheet, with_unit=with_unit)
    indicators = indicators_of(briefing)
    table.draw(sheet, [_row(briefing, indicators, flag, supporting.get(flag.flag, ()), with_unit=with_unit) for flag in flags])


def flag_table_height(flags: Sequence[Flag], rows: float = 14.2) -> float:
    """Its height on one page, receipts not counted."""
    return 14 + rows * len(flags)


def _table(sheet: Sheet, *, with_unit: bool) -> Table:
    unit = 92.0 if with_unit else 0.0
    indicator = 118.0
    rest = sheet.paper.measure - 54 - unit - indicator - 3 * 42 - 40 - 92
    columns = [
        Column("code", 54, style=t.CELL_BOLD),
        *([Column("unit", unit, style=t.CELL_BOLD)] if with_unit else []),
        Column("indicator", indicator),
        Column("now", 42, "right", t.CELL_BOLD),
        Column("against", 42, "right", colour=t.GREY),
        Column("change", 42, "right"),
        Column("p", 40, "right"),
        Column("   state", 92),
        Column("rule", rest, "right", colour=t.GREY),
    ]
    return Table(columns)


def _row(briefing: Briefing, indicators: dict[str, Indicator], flag: Flag, supporting: Sequence[Flag], *, with_unit: bool) -> Row:
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
        f"   {state_words(flag)}",
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
