"""`heaping`: values piled up just on the good side of a target or a floor."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import BY_CHANCE, Check, Found, Severity, chance, improbable, place_of
from compstat.rules.evaluation import Evaluation
from compstat.rules.history.goals import goals_in_force
from compstat.rules.history.panel_history import CHART_YEARS, History
from compstat.rules.wording import figure
from compstat.statistics.heaping import heaping
from compstat.store import Store
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.rulebook import Rule

KINDS = ("target", "floor")
EVERY_CELL = Rule(rule="heaping", family="target")  # what a rule without indicators or units of its own is about


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for history in evaluation.histories.values():
        for kind in KINDS:
            yield from _at(history, kind)


def _at(history: History, kind: str) -> Iterator[Found]:
    """Two years of every cell against the limit that was in force in each period."""
    panel = history.panel
    goals = goals_in_force(panel, EVERY_CELL, kind, min(CHART_YEARS * panel.cadence.year, len(panel.starts)))
    values = panel.value[goals.row][:, -goals.value.shape[1] :]
    good_side = (goals.value - values) * panel.adverse[goals.row, np.newaxis]
    found = heaping(good_side, room_beyond(panel, goals.row, goals.now))
    p = np.where(panel.returned[goals.row, -1], found.p, np.nan)
    for at in improbable(p).tolist():
        row = int(goals.row[at])
        indicator = panel.indicators[row]
        limit, width = figure(float(goals.now[at]), indicator), figure(float(found.width[at]), indicator)
        message = (
            f"{found.piled[at]:.0f} of the {found.near[at]:.0f} values near the {kind} of {limit} lie on its good "
            f"side by less than {width}; a smooth spread puts {found.share[at]:.0%} there ({chance(p[at])})"
        )
        fix = f"Draw records on both sides of the {kind} and count them again."
        finding = Finding("heaping", place_of(panel, row), message, fix)
        inputs = {"piled": float(found.piled[at]), "near": float(found.near[at]), "p_value": float(p[at])}
        yield Found(finding, panel.units[row], indicator.indicator, inputs)


def room_beyond(panel: Panel, row: Integers, goal: Floats) -> Floats:
    """How far a figure can go beyond its limit on the good side: down to 0 where it cannot be negative, up to 100%."""
    lowest = panel.of_indicator(lambda one: 0.0 if one.non_negative else -np.inf)[row]
    percent = panel.of_indicator(lambda one: 100.0 if one.is_ratio and one.unit_of_measure == "percent" else np.inf)
    return np.asarray(np.where(panel.adverse[row] > 0, goal - lowest, percent[row] - goal), dtype=np.float64)


CHECK = Check(
    code="heaping",
    severity=Severity.WARNING,
    means="Values lie just on the good side of a target or floor more often than any smooth spread would put there.",
    false_alarms=BY_CHANCE,
    find=_find,
)
