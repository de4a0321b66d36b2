"""`leak`: what one indicator loses, another one gains. Declared in rules.toml by `[[leak]] from = ... to = ...`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import BY_CHANCE, Check, Found, Severity, chance, improbable
from compstat.rules.evaluation import Evaluation
from compstat.rules.history.leak_pairs import Pair, pairs_of
from compstat.rules.wording import periods_name
from compstat.store import Store


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    for history in evaluation.histories.values():
        pairs = pairs_of(history.panel, evaluation.scope.workspace.rules.leak)
        every = [(pair, at) for pair in pairs for at in range(len(pair.source))]
        p = np.concatenate([pair.p for pair in pairs]) if pairs else np.zeros(0)
        yield from (_found(*every[number]) for number in improbable(p).tolist())


def _found(pair: Pair, at: int) -> Found:
    panel, tested, unit = pair.panel, pair.tested, pair.panel.units[int(pair.source[at])]
    (now, _), (other, _) = pair.sums(pair.source), pair.sums(pair.target)
    fell, rose = (float(move[at]) for move in pair.moves())
    source, target = (panel.indicators[int(row[at])].title for row in (pair.source, pair.target))
    message = (
        f"{now[at]:,g} over {pair.periods} {periods_name(panel)}, {fell:,.0f} fewer than usual, while {target} is "
        f"{other[at]:,g}, {rose:,.0f} more; {tested.share[at]:.0%} of the two where {tested.lower[at]:.0%} to "
        f"{tested.upper[at]:.0%} is usual, {chance(pair.p[at])}"
    )
    where = f"{unit}:{pair.declared.source}, {panel.cadence.label(panel.current)}"
    fix = f"Draw records of {target} and see whether they are {source}."
    figures = {"share": tested.share, "usual": tested.usual, "lower": tested.lower, "upper": tested.upper}
    inputs = {"to": pair.declared.to, "p_value": float(pair.p[at])} | {
        name: float(of[at]) for name, of in figures.items()
    }
    return Found(Finding("leak", where, message, fix), unit, pair.declared.source, inputs)


CHECK = Check(
    code="leak",
    severity=Severity.WARNING,
    means="One count fell while the one it can be recorded as instead rose, more than chance moves between the two.",
    false_alarms=BY_CHANCE,
    find=_find,
)
