"""`indicator-without-owner`: nobody keeps it. No goal without a named person: HM Treasury (2004), box 5.3."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.workspace.tables import Indicator


def indicators_of(evaluation: Evaluation) -> list[Indicator]:
    """The indicators that the cycle looks at, in the order of indicators.csv."""
    wanted = evaluation.scope.cycle.indicators
    return [row for row in evaluation.scope.workspace.indicators if "*" in wanted or row.indicator in wanted]


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for row in indicators_of(evaluation):
        if not row.owner:
            message = f"{row.title} has no owner"
            fix = "Name the person who keeps its definition in the column owner."
            yield Found(
                Finding("indicator-without-owner", f"indicators.csv:{row.line}", message, fix), None, row.indicator
            )


CHECK = Check(
    code="indicator-without-owner",
    severity=Severity.WARNING,
    means="An indicator has no owner: nobody answers for what it means.",
    false_alarms=NEVER,
    find=_find,
)
