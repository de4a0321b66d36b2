"""What a check is, what it finds, and how improbable a figure must be before a check says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from compstat.findings import Finding
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.workspace import Workspace

# The share of weeks in which one check says anything at all of one cadence's figures when nothing is wrong with them:
# one in twenty, divided among the cells it looks at. Dunn (1961), JASA 56, 52-64 (Bonferroni)
FALSE_ALARM_WEEKS = 0.05
SMALLEST_P_SAID = 0.0001  # nobody knows the tails of real figures better than that


class Severity(StrEnum):
    """error: a figure is wrong, the week is not signed off without a waiver. information: nothing is wrong at all."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding and the cell it is about; None: about no one unit, or indicator. inputs: what it was judged by."""

    finding: Finding
    unit: str | None = None
    indicator: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """What a waiver may call it: its code, with its unit, with its indicator; the unit is left empty if none."""
        code = self.finding.code
        known = [code, f"{code}:{self.unit or ''}", f"{code}:{self.unit or ''}:{self.indicator or ''}"]
        return tuple(name.rstrip(":") for name in known)


@dataclass(frozen=True, slots=True)
class Check:
    """One check. means: in a line, what is wrong where it speaks. false_alarms: how often it speaks without cause."""

    code: str
    severity: Severity
    means: str
    false_alarms: str
    find: Callable[[Store, Evaluation], Iterator[Found]]


NEVER = "none: it compares, it does not test"
BY_CHANCE = f"at most {FALSE_ALARM_WEEKS:.0%} of weeks in a force where nothing is wrong"


def improbable(p: Floats) -> Integers:
    """Places whose p is below what one week in twenty would show by chance, shared among all that were tested."""
    tested = int(np.sum(~np.isnan(p)))
    return np.flatnonzero(p <= FALSE_ALARM_WEEKS / max(tested, 1))


def chance(p: float) -> str:
    """`p 0.0021`, `p below 0.0001`: how often chance alone does this or more."""
    return f"p {p:.4f}" if p >= SMALLEST_P_SAID else f"p below {SMALLEST_P_SAID}"


def place_of(panel: Panel, row: int) -> str:
    """`north:burglary, 2026-W46`: where to look, and how a waiver calls it."""
    return f"{panel.units[row]}:{panel.indicators[row].indicator}, {panel.cadence.label(panel.current)}"


def whose(workspace: Workspace, unit: str) -> str:
    """What a row of a table is about: `every unit` for `*`, `every precinct` for a level, else the unit's name."""
    if unit == "*":
        return "every unit"
    known = {row.unit for row in workspace.units}
    return workspace.unit(unit).title if unit in known else f"every {unit}"
