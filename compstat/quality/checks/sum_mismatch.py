"""`sum-mismatch`: validity across indicators. A declared total is not the sum of its parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import Bools, Floats, Panel
from compstat.workspace.rulebook import Sum

ROUNDING = 1e-9  # of the total: what binary fractions make of decimal ones


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """Every `[[sum]]` of rules.toml, in every period of the recent window; of ratios the numerators are added."""
    for history in evaluation.histories.values():
        for declared in evaluation.scope.workspace.rules.sum:
            for row in history.panel.everywhere(declared.total).tolist():
                yield from _of_unit(history.panel, declared, row)


def _of_unit(panel: Panel, declared: Sum, row: int) -> Iterator[Found]:
    """The newest period in which total and parts are all there and differ."""
    unit = panel.units[row]
    places = np.concatenate([panel.at_unit(part, unit) for part in declared.parts])
    if len(places) < len(declared.parts):
        return
    recent = slice(-panel.cadence.recent, None)
    total, parts = panel.amount[row, recent], panel.amount[places, recent]
    wrong = np.flatnonzero(differ(total, parts.sum(axis=0), declared.tolerance))
    if not wrong.size:
        return
    column = int(wrong[-1])
    label = panel.cadence.label(panel.starts[recent][column])
    names = (panel.indicators[int(place)].title for place in places)
    added = " + ".join(f"{name} {value:,g}" for name, value in zip(names, parts[:, column], strict=True))
    more = f"; so in {len(wrong) - 1} earlier periods" if len(wrong) > 1 else ""
    message = f"{total[column]:,g} is not {added} = {parts[:, column].sum():,g}{more}"
    where = f"{unit}:{declared.total}, {label}"
    fix = "Mend the total or a part, or the [[sum]] in rules.toml."
    yield Found(Finding("sum-mismatch", where, message, fix), unit, declared.total, {"total": float(total[column])})


def differ(total: Floats, parts: Floats, tolerance: float) -> Bools:
    """Where they lie further apart than the tolerance, and than binary fractions make them; missing is not judged."""
    with np.errstate(invalid="ignore"):
        apart = np.abs(total - parts) > tolerance + ROUNDING * np.maximum(np.abs(total), 1.0)
    return np.asarray(apart, dtype=np.bool_)


CHECK = Check(
    code="sum-mismatch",
    severity=Severity.ERROR,
    means="A total is not the sum of its parts, as the rules declare them.",
    false_alarms=NEVER,
    find=_find,
)
