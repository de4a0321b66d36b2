"""One week judged: windows read, every family asked, every flag raised; before states, ranks and seats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from compstat.rules.decision import Decided, Decisions, decide
from compstat.rules.families import FAMILIES
from compstat.rules.flag import Flag, Outcome, flag_code
from compstat.rules.history import History
from compstat.rules.judgement import Judgement
from compstat.rules.panel import read_panel
from compstat.rules.scope import Scope, open_scope, put_scope
from compstat.store import Store
from compstat.workspace.rulebook import Rule
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace

Key = tuple[str, str, str]  # unit, indicator, rule


@dataclass(frozen=True)
class Raised:
    """A flag as it was raised, with the scores that order it. `size`: events expected, for the seats."""

    flag: Flag
    order: float
    size: float

    @property
    def key(self) -> Key:
        return self.flag.unit, self.flag.indicator, self.flag.rule


@dataclass(frozen=True)
class Evaluation:
    """All that the rules say of one week as known at a moment. histories: by cadence, for charts and receipts."""

    scope: Scope
    decisions: Decisions
    raised: tuple[Raised, ...]
    histories: dict[str, History]


def evaluate(store: Store, workspace: Workspace, cycle: Cycle, week: date, known_at: datetime) -> Evaluation:
    """Judge the week that starts on this day, as known at this moment (of a batch)."""
    scope = open_scope(store, workspace, cycle, week, known_at)
    put_scope(store, scope)
    histories = {
        name: History(read_panel(store, scope, workspace.calendar.cadence(name)), workspace.rules.decision)
        for name in scope.windows
        if scope.cells_of(name)
    }
    judgements = [
        judgement
        for rule in workspace.rules.rule
        for history in histories.values()
        for judgement in FAMILIES[rule.family](rule, history)
    ]
    decisions = decide(judgements, workspace.rules.decision)
    raised = tuple(one for decided in decisions.decided for one in _raise(decided, scope))
    return Evaluation(scope, decisions, raised, histories)


def _raise(decided: Decided, scope: Scope) -> list[Raised]:
    places = np.flatnonzero(decided.raised | decided.watch)
    return [_one(decided, scope, int(at)) for at in places]


def _one(decided: Decided, scope: Scope, at: int) -> Raised:
    judgement = decided.judgement
    rule, panel, row = judgement.rule, judgement.panel, int(judgement.row[at])
    unit, indicator = panel.units[row], panel.indicators[row]
    watch = bool(decided.watch[at])
    value, comparator = _number(judgement.value, at), _number(judgement.comparator, at)
    difference = None if value is None or comparator is None else value - comparator
    flag = Flag(
        flag=flag_code(unit, indicator.indicator, rule.rule, panel.current),
        week=scope.label,
        cycle=scope.cycle.cycle,
        unit=unit,
        indicator=indicator.indicator,
        rule=rule.rule,
        family=rule.family,
        outcome=Outcome.WATCH if watch else judgement.outcome,
        severity=1 if watch else judgement.severity,
        known_at=scope.known_at,
        value=value,
        comparator=comparator,
        difference=difference,
        excess=_number(judgement.excess, at),
        percent_change=None if difference is None or not comparator else 100 * difference / comparator,
        p_value=_number(judgement.p, at),
        q_value=_number(decided.q, at),
        evidence=_number(judgement.evidence, at),
        threshold=_number(judgement.threshold, at),
        lower_limit=_number(judgement.lower, at),
        upper_limit=_number(judgement.upper, at),
        expected_low=_number(judgement.expected_low, at),
        expected_high=_number(judgement.expected_high, at),
        test=judgement.test,
        inputs={"rule_version": rule.version, **judgement.inputs(at)},
        sentence=judgement.sentence(at),
        question=rule.question,
        support=rule.support,
    )
    return Raised(flag, float(judgement.order[at]), float(judgement.expected[at]))


def _number(values: np.ndarray[tuple[int], np.dtype[np.float64]] | None, at: int) -> float | None:
    """The figure at this place; None where there is none or it is no finite number."""
    if values is None or not np.isfinite(values[at]):
        return None
    return float(values[at])


def cell_rows(decisions: Decisions) -> list[dict[str, object]]:
    """Every test with a p value, one dict a cell and rule: what `flags --all-cells` prints."""
    rows: list[dict[str, object]] = []
    for decided in decisions.decided:
        if decided.judgement.has_p:
            rows += [_cell(decided, at) for at in range(len(decided.judgement.p))]
    return rows


def _cell(decided: Decided, at: int) -> dict[str, object]:
    judgement: Judgement = decided.judgement
    row = int(judgement.row[at])
    rule: Rule = judgement.rule
    receipt: Callable[[int], object] = judgement.inputs
    return {
        "unit": judgement.panel.units[row],
        "indicator": judgement.panel.indicators[row].indicator,
        "rule": rule.rule,
        "family": rule.family,
        "value": _number(judgement.value, at),
        "comparator": _number(judgement.comparator, at),
        "excess": _number(judgement.excess, at),
        "p_value": _number(judgement.p, at),
        "q_value": _number(decided.q, at),
        "evidence": _number(judgement.evidence, at),
        "inputs": receipt(at),
    }
