"""`sub-total-mismatch`: validity over units. What a unit returned for itself is not what its own units returned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.quality.checks.sum_mismatch import differ
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import Panel
from compstat.windows.scope import Scope


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """Indicators that add up over units; of shares the cases. Only where every one of a unit's units returns it."""
    below = _units_below(evaluation.scope)
    for history in evaluation.histories.values():
        panel = history.panel
        for row, unit in enumerate(panel.units):
            indicator = panel.indicators[row]
            if unit in below and indicator.roll_up in {"sum", "ratio"}:
                places = [int(at) for part in below[unit] for at in panel.at_unit(indicator.indicator, part)]
                if len(places) == len(below[unit]):
                    yield from _compared(panel, row, places)


def _units_below(scope: Scope) -> dict[str, list[str]]:
    """The units directly below each unit, as of the week's end."""
    below: dict[str, list[str]] = {}
    for row in scope.workspace.units:
        if row.parent and row.valid_on(scope.last):
            below.setdefault(row.parent, []).append(row.unit)
    return below


def _compared(panel: Panel, row: int, places: list[int]) -> Iterator[Found]:
    """The newest period; a missing return on either side is not judged."""
    total, added = float(panel.amount[row, -1]), float(np.sum(panel.amount[places, -1]))
    if not differ(np.array([total]), np.array([added]), 0.0)[0]:
        return
    unit, indicator = panel.units[row], panel.indicators[row]
    what = "cases" if indicator.is_ratio else "returned for itself"
    message = f"{total:,g} {what}; the {len(places)} units below it come to {added:,g}"
    fix = "Ask what is counted above and not below, or twice; mend the returns, or say so in the definition."
    where = f"{unit}:{indicator.indicator}, {panel.cadence.label(panel.current)}"
    figures = {"total": total, "added": added}
    yield Found(Finding("sub-total-mismatch", where, message, fix), unit, indicator.indicator, figures)


CHECK = Check(
    code="sub-total-mismatch",
    severity=Severity.WARNING,
    means="A unit's own return is not the sum of the returns of the units below it.",
    false_alarms=NEVER,
    find=_find,
)
