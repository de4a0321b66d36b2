"""Who was not flagged, and why not: silence made visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compstat.meeting.briefing import HeatCell, NotFlagged
from compstat.meeting.days import with_plain_days
from compstat.meeting.indicator_rows import lead_flags
from compstat.meeting.statement import Statement
from compstat.rules.decision import LARGEST_P, Decided
from compstat.rules.flag import Flag, Outcome
from compstat.rules.weeks import WeekFlags

Cell = tuple[str, str]
# families that look for something wrong; when none of them could test a cell, the first of these says why
LOOKS_FOR_WORSE = ("spike", "year_on_year", "target", "special_cause", "floor")


def not_flagged(week: WeekFlags) -> tuple[NotFlagged, ...]:
    """Every cell without a flag: which test came closest and how close, or why none could be made; nearest first."""
    flagged = set(lead_flags(week.flags))
    closest: dict[Cell, NotFlagged] = {}
    found = [row for decided in _in_order(week) for row in (*_tested(decided), *_untested(decided))]
    for row in sorted(found, key=_distance):  # stable: of equals the order of the families holds
        closest.setdefault((row.unit, row.indicator), row)
    for unit, indicator in week.evaluation.scope.cells:
        closest.setdefault((unit, indicator), NotFlagged(unit, indicator, "no rule is about it", None))
    kept = [row for cell, row in closest.items() if cell not in flagged]
    return tuple(sorted(kept, key=lambda row: (*_distance(row), row.unit, row.indicator)))


def _distance(row: NotFlagged) -> tuple[bool, bool, float]:
    return not row.tested, row.p_value is None, row.p_value or 0.0


def _in_order(week: WeekFlags) -> list[Decided]:
    wanted = [one for one in week.evaluation.decisions.decided if one.judgement.rule.family in LOOKS_FOR_WORSE]
    return sorted(wanted, key=lambda one: LOOKS_FOR_WORSE.index(one.judgement.rule.family))


def _untested(decided: Decided) -> Iterator[NotFlagged]:
    panel = decided.judgement.panel
    for row, reason in decided.judgement.untested.items():
        yield NotFlagged(panel.units[row], panel.indicators[row].indicator, with_plain_days(reason), None)


def _tested(decided: Decided) -> Iterator[NotFlagged]:
    """Tests made. A two-sided p of a change for the better says nothing of how close a concern came."""
    judgement, panel = decided.judgement, decided.judgement.panel
    if judgement.outcome not in {Outcome.CONCERN, Outcome.WATCH}:
        return
    family = judgement.rule.family
    for at, row in enumerate(judgement.row.tolist()):
        worse = family != "year_on_year" or judgement.excess[at] * panel.adverse[row] > 0
        p = float(judgement.p[at]) if judgement.has_p and worse else None
        reason = _what_was_missing(decided, at, p)
        yield NotFlagged(panel.units[row], panel.indicators[row].indicator, reason, p, family)


def _what_was_missing(decided: Decided, at: int, p: float | None) -> str:
    if p is None:
        return "no worse than a year ago" if decided.judgement.has_p else "no signal"
    if p > LARGEST_P:
        return "within chance"
    if not decided.judgement.gates[at]:
        return "below the rule's threshold, its smallest gap or its number of periods"
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
