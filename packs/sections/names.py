"""Names for codes, and orders that every part shares."""

from __future__ import annotations

from collections.abc import Iterable

from compstat.meeting.briefing import Briefing, IndicatorRow, UnitReport
from compstat.rules.flag import Flag, Outcome
from compstat.tracker.action import Action
from compstat.workspace.tables import Indicator


def name_of(briefing: Briefing, code: str) -> str:
    """The name people use for a unit, indicator or person; the code where none is known."""
    return briefing.names.get(code) or code


def indicator_words(briefing: Briefing, flag: Flag) -> str:
    """`Burglary`; of a percentage with what it is of: `Response within 15 minutes: 269 of 335`."""
    name, base = name_of(briefing, flag.indicator), briefing.bases.get(flag.flag)
    return f"{name}: {base}" if base else name


def in_order_of_challenge(actions: Iterable[Action]) -> list[Action]:
    """Most carried first, then the oldest promise."""
    return sorted(actions, key=lambda action: (-action.times_carried, action.original_due, action.action))


def shown_flags(briefing: Briefing) -> list[Flag]:
    """Flags that take the room's time, best rank first."""
    return sorted((flag for flag in briefing.flags if flag.shown), key=_rank)


def _rank(flag: Flag) -> tuple[float, str]:
    return (flag.rank if flag.rank is not None else float("inf"), flag.flag)


def indicators_of(briefing: Briefing) -> dict[str, Indicator]:
    """Every indicator of the pack by its code, in the order of the catalogue."""
    rows = [*briefing.totals, *(row for report in briefing.units for row in report.rows)]
    found: dict[str, Indicator] = {}
    for row in rows:
        found.setdefault(row.indicator.indicator, row.indicator)
    return found


def outcome_of(row: IndicatorRow) -> str | None:
    """The outcome of a row's lead flag, for its mark; None without one."""
    return row.flags[0].outcome.value if row.flags else None


def rows_to_chart(report: UnitReport, most: int) -> list[IndicatorRow]:
    """Rows worth a chart: those flagged in the order of their flags, then the heaviest outcomes."""
    order = {flag.indicator: n for n, flag in reversed([*enumerate(report.flags)])}
    tiers = {"outcome": 0, "output": 1, "process": 2, "input": 3}

    def key(item: tuple[int, IndicatorRow]) -> tuple[float, ...]:
        place, row = item
        code = row.indicator.indicator
        flagged = order.get(code, len(order) + (0 if row.flags else 1))
        return flagged, tiers[row.indicator.tier], -row.indicator.weight, place

    return [row for _, row in sorted(enumerate(report.rows), key=key)][:most]


def is_concern(flag: Flag) -> bool:
    """Whether a flag asks for an answer rather than thanks."""
    return flag.outcome is not Outcome.COMMEND
