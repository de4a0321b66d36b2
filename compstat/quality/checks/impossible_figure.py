"""`impossible-figure`: validity. A figure that its indicator, as it is defined now, cannot have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.rules.evaluation import Evaluation
from compstat.rules.wording import figure
from compstat.store import Store
from compstat.windows.panel import Bools, Panel

FIX = "Mend the return, or the definition in indicators.csv."


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """Every period of the year up to now: what is compared and added up. The newest is named, the others counted."""
    for history in evaluation.histories.values():
        panel = history.panel
        year = slice(-panel.cadence.year, None)
        x, n = panel.amount[:, year], panel.volume[:, year]
        percent = panel.of_indicator(lambda row: row.is_ratio and row.unit_of_measure == "percent").astype(bool)
        signed = panel.of_indicator(lambda row: not row.non_negative).astype(bool)
        with np.errstate(invalid="ignore"):
            yield from _each(panel, (x > n) & percent[:, np.newaxis], _above_whole)
            yield from _each(panel, ((x < 0) | (n < 0)) & ~signed[:, np.newaxis], _below_nothing)


def _each(panel: Panel, wrong: Bools, say: Callable[[Panel, int, int], str]) -> Iterator[Found]:
    for row in np.flatnonzero(wrong.any(axis=1)).tolist():
        column = panel.amount.shape[1] - wrong.shape[1] + int(np.flatnonzero(wrong[row])[-1])
        others = int(wrong[row].sum()) - 1
        more = f"; so in {others} earlier periods of the year" if others else ""
        unit, indicator = panel.units[row], panel.indicators[row].indicator
        where = f"{unit}:{indicator}, {panel.cadence.label(panel.starts[column])}"
        yield Found(Finding("impossible-figure", where, say(panel, row, column) + more, FIX), unit, indicator)


def _above_whole(panel: Panel, row: int, column: int) -> str:
    part, whole = panel.amount[row, column], panel.volume[row, column]
    return f"{part:,g} of {whole:,g}: the part is larger than the whole"


def _below_nothing(panel: Panel, row: int, column: int) -> str:
    return f"{figure(float(panel.value[row, column]), panel.indicators[row])} is below 0, which non_negative forbids"


CHECK = Check(
    code="impossible-figure",
    severity=Severity.ERROR,
    means="A percentage's numerator is larger than its denominator, or a figure is below 0 where that cannot be.",
    false_alarms=NEVER,
    find=_find,
)
