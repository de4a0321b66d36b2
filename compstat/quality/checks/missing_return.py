"""`missing-return`: completeness. A return that was expected did not come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity, place_of
from compstat.quality.checks.silence import STILL_EXPECTED_PERIODS, silent_periods, silent_units
from compstat.rules.evaluation import Evaluation
from compstat.store import Store


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """A cell that returned in its last eight periods and not in the newest; not where the whole unit is silent."""
    for history in evaluation.histories.values():
        panel = history.panel
        silent, gone = silent_periods(panel), silent_units(panel)
        for row in np.flatnonzero((silent > 0) & (silent <= STILL_EXPECTED_PERIODS)).tolist():
            unit, indicator, count = panel.units[row], panel.indicators[row].indicator, int(silent[row])
            if unit in gone:
                continue
            since = "" if count == 1 else f", nor the {count - 1} before"
            message = f"no return for this period{since}; its totals are withheld, it is not taken for 0"
            fix = "Ask the unit for it, and load it."
            yield Found(Finding("missing-return", place_of(panel, row), message, fix), unit, indicator)


CHECK = Check(
    code="missing-return",
    severity=Severity.WARNING,
    means="A unit that returns an indicator did not return it for this period.",
    false_alarms=NEVER,
    find=_find,
)
