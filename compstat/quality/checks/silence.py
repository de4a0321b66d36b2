"""`silent-unit`: completeness. A unit has sent nothing at all for several periods."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import Integers, Panel

SILENT_FROM_PERIODS = 2  # one missed return may be late; from the second on the unit is asked, not the return
STILL_EXPECTED_PERIODS = 8  # as the rules: silent for longer, an indicator is no longer expected every period


def silent_periods(panel: Panel) -> Integers:
    """Periods since the newest return of each cell, 0 where the newest period has one."""
    newest_first = panel.returned[:, ::-1]
    silent = np.where(newest_first.any(axis=1), newest_first.argmax(axis=1), panel.returned.shape[1])
    return np.asarray(silent, dtype=np.int64)


def silent_units(panel: Panel) -> dict[str, int]:
    """Units none of whose indicators was returned for at least two periods, and for how many."""
    shortest: dict[str, int] = {}
    for unit, count in zip(panel.units, silent_periods(panel).tolist(), strict=True):
        shortest[unit] = min(count, shortest.get(unit, count))
    return {unit: count for unit, count in shortest.items() if count >= SILENT_FROM_PERIODS}


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for name, history in evaluation.histories.items():
        panel = history.panel
        for unit, count in silent_units(panel).items():
            where = f"{unit}, {panel.cadence.label(panel.current)}"
            message = f"no {name} return of any kind for {count} periods"
            fix = "Ask who sends them; if the unit is closed, end its row of units.csv with valid_to."
            yield Found(Finding("silent-unit", where, message, fix), unit, inputs={"periods": count})


CHECK = Check(
    code="silent-unit",
    severity=Severity.WARNING,
    means="A unit that is still in units.csv has returned nothing at all for two periods or more.",
    false_alarms=NEVER,
    find=_find,
)
