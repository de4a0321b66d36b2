"""What was raised for each unit period by period: what the ladder and the autonomy tiers are reckoned from.

`read_record` is the one place that asks for earlier periods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from compstat.rules.evaluation import Evaluation
from compstat.rules.flag import Outcome
from compstat.rules.flagging import Key
from compstat.rules.own.own_rules import OWN


@dataclass(frozen=True)
class Period:
    """One period as it was judged then. concerns: the flags of each unit. floors, silent: whose floor was breached,
    whose return was missed (unit and indicator).
    """

    label: str
    concerns: Mapping[str, tuple[Key, ...]]
    floors: frozenset[tuple[str, str]]
    silent: frozenset[tuple[str, str]]


# the families that raise concerns or tell of silence; the others only watch or commend, and add nothing to a record
IN_THE_RECORD = frozenset({"floor", "target", "spike", "year_on_year", "no_return", OWN})

Record = tuple[Period, ...]  # the newest first; a period of which nothing was known is not among them


def read_record(now: Period, earlier: Callable[[int], Period | None], back: int) -> Record:
    """The record of the newest period and so many before it, each as it was judged then."""
    before = [earlier(periods) for periods in range(1, back + 1)]
    return (now, *(period for period in before if period is not None))


def period_of(evaluation: Evaluation) -> Period:
    """What one evaluation adds to the record."""
    concerns: dict[str, list[Key]] = defaultdict(list)
    floors, silent = set(), set()
    for decided in evaluation.decisions.decided:
        judgement = decided.judgement
        for row in judgement.row[np.flatnonzero(decided.raised)].tolist():
            cell = judgement.panel.units[row], judgement.panel.indicators[row].indicator
            if judgement.outcome is Outcome.CONCERN:
                concerns[cell[0]].append((*cell, judgement.rule.rule))
            if judgement.rule.family == "floor":
                floors.add(cell)
            if judgement.rule.family == "no_return":
                silent.add(cell)
    for own in evaluation.own:
        if own.flag.outcome is Outcome.CONCERN:
            concerns[own.flag.unit].append((own.flag.unit, own.flag.indicator, own.flag.rule))
    told = {unit: tuple(sorted(keys)) for unit, keys in sorted(concerns.items())}
    return Period(evaluation.scope.label, told, frozenset(floors), frozenset(silent))


def cells_of(keys: Collection[Key]) -> set[tuple[str, str]]:
    """Units and indicators of flags: several rules on one cell are one concern."""
    return {(unit, indicator) for unit, indicator, _ in keys}
