"""`most-returns-missing`: completeness. More returns are missing than came: no week to judge anybody by."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.quality.checks.silence import STILL_EXPECTED_PERIODS, silent_periods
from compstat.rules.evaluation import Evaluation
from compstat.store import Store


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """Of the cells of one cadence that returned in their last eight periods."""
    for name, history in evaluation.histories.items():
        silent = silent_periods(history.panel)
        expected = int((silent <= STILL_EXPECTED_PERIODS).sum())
        missing = expected - int((silent == 0).sum())
        if 2 * missing > expected:
            message = f"{missing} of {expected} {name} returns are missing"
            fix = "Ask for them and load them; sign the week off without them only with a reason: --waive."
            where = history.panel.cadence.label(history.panel.current)
            counts = {"missing": missing, "expected": expected}
            yield Found(Finding("most-returns-missing", where, message, fix), inputs=counts)


CHECK = Check(
    code="most-returns-missing",
    severity=Severity.ERROR,
    means="More of a cadence's expected returns are missing than came.",
    false_alarms=NEVER,
    find=_find,
)
