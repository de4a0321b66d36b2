"""`target-not-agreed`: a target or floor in force that nobody agreed. HM Treasury (2004), A.5: signed off by those
who answer for it."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity, whose
from compstat.quality.checks.no_owner import indicators_of
from compstat.rules.evaluation import Evaluation
from compstat.store import Store


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    scope = evaluation.scope
    codes = {row.indicator for row in indicators_of(evaluation)}
    for row in scope.workspace.targets:
        if row.indicator in codes and row.in_force(scope.last) and not row.agreed_by:
            name = scope.workspace.indicator(row.indicator).title
            about = f"{name}, {whose(scope.workspace, row.unit)}"
            message = f"nobody is named who agreed the {row.kind} of {row.value:g} for {about}"
            fix = "Write down who agreed it, and when: agreed_by and agreed_on."
            unit = row.unit if any(row.unit == one.unit for one in scope.workspace.units) else None
            yield Found(Finding("target-not-agreed", f"targets.csv:{row.line}", message, fix), unit, row.indicator)


CHECK = Check(
    code="target-not-agreed",
    severity=Severity.WARNING,
    means="A target, floor or planned path is in force that nobody put their name to.",
    false_alarms=NEVER,
    find=_find,
)
