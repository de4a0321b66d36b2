"""Who was not flagged, and why not: silence made visible."""

from __future__ import annotations

from collections.abc import Sequence

from compstat.meeting.briefing import HeatCell, NotFlagged
from compstat.meeting.indicator_rows import lead_flags
from compstat.meeting.statement import Statement
from compstat.rules.decision import Decided
from compstat.rules.flag import Flag
from compstat.rules.weeks import WeekFlags

Cell = tuple[str, str]
OWN_HISTORY = "spike"


def not_flagged(week: WeekFlags) -> tuple[NotFlagged, ...]:
    """Every cell without a flag: how far its own history was from one, or why it was not tested; nearest first."""
    flagged = set(lead_flags(week.flags))
    rows: dict[Cell, NotFlagged] = {}
    for decided in week.evaluation.decisions.decided:
        if decided.judgement.rule.family == OWN_HISTORY:
            for row in _rows(decided):
                rows.setdefault((row.unit, row.indicator), row)
    for unit, indicator in week.evaluation.scope.cells:
        reason = "a measurement: judged by special cause and targets"
        rows.setdefault((unit, indicator), NotFlagged(unit, indicator, reason, None))
    kept = [row for cell, row in rows.items() if cell not in flagged]
    return tuple(sorted(kept, key=lambda row: (row.p_value is None, row.p_value or 0.0, row.unit, row.indicator)))


def _rows(decided: Decided) -> list[NotFlagged]:
    judgement = decided.judgement
    panel = judgement.panel
    rows = [
        NotFlagged(panel.units[row], panel.indicators[row].indicator, reason, None)
        for row, reason in judgement.untested.items()
    ]
    for at, row in enumerate(judgement.row):
        p = float(judgement.p[at])
        past = "" if judgement.gates[at] else "; below the threshold or the smallest gap"
        rows.append(NotFlagged(panel.units[row], panel.indicators[row].indicator, f"within chance{past}", p))
    return rows


def heat_cells(week: WeekFlags, statement: Statement) -> tuple[HeatCell, ...]:
    """One square a cell: its flag's outcome, else missing, not tested or none."""
    leads = lead_flags(week.flags)
    missing = set(statement.missing) | set(statement.silent)
    untested = {(row.unit, row.indicator) for row in not_flagged(week) if row.p_value is None}
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
