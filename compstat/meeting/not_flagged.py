"""Who was not flagged, and why not: silence made visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from compstat.meeting.briefing import HeatCell, NotFlagged
from compstat.meeting.days import with_plain_days
from compstat.meeting.indicator_rows import lead_flags
from compstat.meeting.statement import Statement
from compstat.rules.decision import LARGEST_P, Decided
from compstat.rules.flag import Flag, Outcome
from compstat.rules.weeks import WeekFlags

Cell = tuple[str, str]
# families that look at the newest figures; when none of them could test a cell, the first of these says why
LOOKS_FOR_WORSE = ("spike", "year_on_year", "target", "special_cause", "floor", "trajectory", "peer", "drift", "leak")
OVER_A_YEAR = ("coasting",)  # may test what is too few for those
IN_THE_GOOD_DIRECTION = ("improving", "commend")  # a cell is tested by them too, but says nothing of a concern
FAMILIES = (*LOOKS_FOR_WORSE, *OVER_A_YEAR, *IN_THE_GOOD_DIRECTION)


def not_flagged(week: WeekFlags) -> tuple[NotFlagged, ...]:
    """Every cell without a flag: which test came closest and how close, or why none could be made; nearest first."""
    flagged = set(lead_flags(week.flags))
    closest = {cell: NotFlagged(*cell, "no rule is about it", None) for cell in week.evaluation.scope.cells}
    untested: dict[Cell, str] = {}
    recent: set[Cell] = set()
    for decided in _in_order(week):
        for row in _untested(decided):
            cell = row.unit, row.indicator
            if cell not in untested:  # the first of the families says why
                untested[cell] = row.reason
                closest[cell] = row if not closest[cell].tested else closest[cell]
        for row in _tested(decided):
            cell = row.unit, row.indicator
            if row.test in LOOKS_FOR_WORSE:
                recent.add(cell)
            if _distance(row) < _distance(closest[cell]):  # of equals the order of the families holds
                closest[cell] = row
    kept = [
        replace(row, untested=untested.get(cell, "")) if row.tested and cell not in recent else row
        for cell, row in closest.items()
        if cell not in flagged
    ]
    return tuple(sorted(kept, key=lambda row: (*_distance(row), row.unit, row.indicator)))


def _distance(row: NotFlagged) -> tuple[bool, bool, float]:
    return not row.tested, row.p_value is None, row.p_value or 0.0


def _in_order(week: WeekFlags) -> list[Decided]:
    wanted = [one for one in week.evaluation.decisions.decided if one.judgement.rule.family in FAMILIES]
    return sorted(wanted, key=lambda one: FAMILIES.index(one.judgement.rule.family))


def _untested(decided: Decided) -> Iterator[NotFlagged]:
    panel = decided.judgement.panel
    for row, reason in decided.judgement.untested.items():
        yield NotFlagged(panel.units[row], panel.indicators[row].indicator, with_plain_days(reason), None)


def _tested(decided: Decided) -> Iterator[NotFlagged]:
    """Tests made. The p of a change for the better says nothing of how close a concern came."""
    judgement, panel = decided.judgement, decided.judgement.panel
    family = judgement.rule.family
    for at, row in enumerate(judgement.row.tolist()):
        good = family in IN_THE_GOOD_DIRECTION
        worse = not good and (family != "year_on_year" or judgement.excess[at] * panel.adverse[row] > 0)
        p = float(judgement.p[at]) if judgement.has_p and worse else None
        reason = "tested for an improvement alone" if good else _what_was_missing(decided, at, p)
        yield NotFlagged(panel.units[row], panel.indicators[row].indicator, reason, p, family)


def _what_was_missing(decided: Decided, at: int, p: float | None) -> str:
    if p is None:
        return "no worse than a year ago" if decided.judgement.has_p else "no signal"
    if p > LARGEST_P:
        return "within chance"
    judgement = decided.judgement
    if not judgement.gates[at] and judgement.rule.family in OVER_A_YEAR:
        return "worse, but by too little or from a level that is not good"
    if not judgement.gates[at]:
        return "below the rule's threshold, its smallest gap or its number of periods"
    if judgement.outcome is Outcome.WATCH:
        return "unusual, but not enough for the watch list"
    return "unusual alone, but not among so many tests"


def heat_cells(week: WeekFlags, statement: Statement, quiet: Sequence[NotFlagged]) -> tuple[HeatCell, ...]:
    """One square a cell: its flag's outcome, else missing, not tested or none."""
    leads = lead_flags(week.flags)
    missing = set(statement.missing) | set(statement.silent)
    untested = {(row.unit, row.indicator) for row in quiet if not row.tested}
    return tuple(
        HeatCell(unit, indicator, _outcome((unit, indicator), leads.get((unit, indicator), ()), missing, untested))
        for unit, indicator in week.evaluation.scope.cells
    )


def _outcome(cell: Cell, flags: Sequence[Flag], missing: set[Cell], untested: set[Cell]) -> str:
    if flags:
        return str(flags[0].outcome)
    if cell in missing:
        return "missing"
    return "not tested" if cell in untested else "none"
