"""`no-direction`: no indicator says which way is better, so no rule can call anything worse, and all seems well."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.quality.checks.no_owner import indicators_of
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.workspace.tables import Better


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    rows = indicators_of(evaluation)
    if rows and all(row.better is Better.NEUTRAL for row in rows):
        message = "no indicator says which way is better: nothing is tested for worse or better"
        fix = "Write lower or higher into the column better; neutral stays for what is neither."
        yield Found(Finding("no-direction", "indicators.csv", message, fix))


CHECK = Check(
    code="no-direction",
    severity=Severity.WARNING,
    means="No indicator says which way is better, so the rules test next to nothing: silence is no all-clear.",
    false_alarms=NEVER,
    find=_find,
)
