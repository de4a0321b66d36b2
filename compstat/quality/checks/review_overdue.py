"""`review-overdue`: a definition is past the day by which it was to be looked at again."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.quality.checks.no_owner import indicators_of
from compstat.rules.evaluation import Evaluation
from compstat.store import Store


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for row in indicators_of(evaluation):
        if row.review_by and row.review_by < evaluation.scope.last:
            message = f"the definition of {row.title} was to be reviewed by {row.review_by}"
            fix = "Review it with its owner, then set reviewed and review_by."
            yield Found(Finding("review-overdue", f"indicators.csv:{row.line}", message, fix), None, row.indicator)


CHECK = Check(
    code="review-overdue",
    severity=Severity.WARNING,
    means="An indicator's definition is past its review_by of indicators.csv.",
    false_alarms=NEVER,
    find=_find,
)
