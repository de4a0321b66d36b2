"""The flags of a week in outline: whose they are and what orders them, without sentences and receipts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.rules.decision import Decided
from compstat.rules.evaluation import Evaluation, Raised
from compstat.rules.flag import Flag, Outcome, flag_code
from compstat.windows.scope import Scope


def outlines(evaluation: Evaluation) -> list[Raised]:
    """What `Evaluation.raised` holds, in its order; of a flag only what a list of weeks shows is filled in."""
    ours = [one for decided in evaluation.decisions.decided for one in _outlines(decided, evaluation.scope)]
    return ours + [Raised(one.flag, one.order, abs(one.flag.comparator or 0.0)) for one in evaluation.own]


def _outlines(decided: Decided, scope: Scope) -> Iterator[Raised]:
    judgement, places = decided.judgement, np.flatnonzero(decided.raised | decided.watch)
    if not places.size:
        return
    order = judgement.details(places).order
    rule, panel = judgement.rule, judgement.panel
    for number, at in enumerate(places.tolist()):
        row, watch = int(judgement.row[at]), bool(decided.watch[at])
        unit, indicator = panel.units[row], panel.indicators[row].indicator
        flag = Flag(
            flag=flag_code(unit, indicator, rule.rule),
            week=scope.label,
            cycle=scope.cycle.cycle,
            unit=unit,
            indicator=indicator,
            rule=rule.rule,
            family=rule.family,
            outcome=Outcome.WATCH if watch else judgement.outcome,
            severity=1 if watch else judgement.severity,
            known_at=scope.known_at,
        )
        yield Raised(flag, float(order[number]), float(judgement.expected[at]))
