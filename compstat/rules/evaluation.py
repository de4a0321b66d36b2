"""One week judged: windows read, every family asked, every flag raised; before states, ranks and seats."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

import numpy as np

from compstat.rules.decision import Decided, Decisions, decide
from compstat.rules.families import FAMILIES
from compstat.rules.flag import Flag, Outcome, flag_code
from compstat.rules.history.force_season import read_totals
from compstat.rules.history.panel_history import History
from compstat.rules.history.persistence import read_earlier
from compstat.rules.history.restatement import learn
from compstat.rules.judgement import Details, Fragility, Judgement
from compstat.rules.nothing_done import Outlook, if_nothing_is_done
from compstat.rules.own.own_rules import OWN, OwnFlag, own_flags
from compstat.store import Store
from compstat.windows.panel import Floats, Integers, read_panel
from compstat.windows.scope import Scope, open_scope, put_cells
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
    """All that the rules say of one week as known at a moment. histories: by cadence, for charts and receipts.

    own: what the team's own rules raise.
    """

    scope: Scope
    decisions: Decisions
    histories: dict[str, History]
    own: tuple[OwnFlag, ...] = ()

    @cached_property
    def raised(self) -> tuple[Raised, ...]:
        """Every flag of the week, the watch list included; in the order of the rules."""
        ours = (one for decided in self.decisions.decided for one in _raised(decided, self.scope, self.histories))
        return (*ours, *(Raised(one.flag, one.order, abs(one.flag.comparator or 0.0)) for one in self.own))

    @cached_property
    def keys(self) -> frozenset[Key]:
        """Whose flags they are, without the work of writing them out."""
        own = ((one.flag.unit, one.flag.indicator, one.flag.rule) for one in self.own)
        return frozenset((*(key for decided in self.decisions.decided for key in _keys(decided)), *own))


def evaluate(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    week: date,
    known_at: datetime,
    families: Collection[str] = (*FAMILIES, OWN),
) -> Evaluation:
    """Judge the week that starts on this day, as known at this moment (of a batch), by the rules of these families."""
    scope = open_scope(store, workspace, cycle, week, known_at)
    put_cells(store, scope)
    panels = [
        read_panel(store, scope, workspace.calendar.cadence(name)) for name in scope.windows if scope.cells_of(name)
    ]
    histories = {
        panel.cadence.name: History(
            panel,
            workspace.rules.decision,
            partial(learn, store, panel.cadence, panel.starts, known_at),
            partial(read_totals, store, panel),
            partial(read_earlier, store, scope, panel.cadence),
        )
        for panel in panels
    }
    judgements = [
        judgement
        for rule in workspace.rules.rule
        if rule.family in families
        for history in histories.values()
        for judgement in FAMILIES[rule.family](rule, history)
    ]
    own = own_flags(store, scope) if OWN in families else ()
    return Evaluation(scope, decide(judgements, workspace.rules.decision), histories, own)


def _places(decided: Decided) -> Integers:
    return np.flatnonzero(decided.raised | decided.watch)


def _keys(decided: Decided) -> Iterator[Key]:
    judgement = decided.judgement
    for row in judgement.row[_places(decided)].tolist():
        yield judgement.panel.units[row], judgement.panel.indicators[row].indicator, judgement.rule.rule


def _raised(decided: Decided, scope: Scope, histories: Mapping[str, History]) -> Iterator[Raised]:
    judgement, places = decided.judgement, _places(decided)
    if not places.size:
        return
    details, limits = judgement.details(places), decided.limits(places)
    fragility = judgement.fragility(places, limits) if judgement.fragility else None
    outlook = _outlook(judgement, places, histories)
    for number, at in enumerate(places.tolist()):
        flag = replace(
            _flag(judgement, scope, at, bool(decided.watch[at])),
            q_value=_number(decided.q, at),
            evidence=_number(details.evidence, number),
            threshold=_number(details.threshold, number),
            lower_limit=_number(details.lower, number),
            upper_limit=_number(details.upper, number),
            expected_low=_number(details.expected_low, number),
            expected_high=_number(details.expected_high, number),
        )
        if fragility is not None:
            flag = _with_fragility(flag, fragility, number, float(limits[number]))
        if details.expected_low is None:
            flag = _with_outlook(flag, outlook, number)
        yield Raised(flag, float(details.order[number]), float(judgement.expected[at]))


def _outlook(judgement: Judgement, places: Integers, histories: Mapping[str, History]) -> Outlook:
    """The band of each flagged cell's next window; a forecast of the family's own goes before it."""
    by_one = np.zeros(len(places), dtype=bool) if judgement.by_one is None else judgement.by_one[places]
    return if_nothing_is_done(histories[judgement.panel.cadence.name], judgement.row[places], by_one)


def _with_outlook(flag: Flag, outlook: Outlook, number: int) -> Flag:
    """The flag with what to expect next if nothing is done, and in the receipt what that rests on."""
    low, high = _number(outlook.low, number), _number(outlook.high, number)
    receipt = {} if low is None else {"if_nothing_is_done": _plain(outlook.receipts[number])}
    return replace(flag, expected_low=low, expected_high=high, inputs={**flag.inputs, **receipt})


def _with_fragility(flag: Flag, found: Fragility, number: int, limit: float) -> Flag:
    """The flag with its break-even count in the receipt, and whether the usual restatement would undo it."""
    receipt: dict[str, Any] = {
        "p_limit": limit,
        "breakeven": _number(found.breakeven, number),
        "settles_low": _number(found.low, number),
        "settles_high": _number(found.high, number),
        "restatement": found.words(number, flag.value or 0.0),
    }
    threshold = _listed_from(flag, receipt["breakeven"], falls=bool(found.falls[number]))
    return replace(flag, fragile=found.at(number), threshold=threshold, inputs={**flag.inputs, **receipt})


def _listed_from(flag: Flag, breakeven: float | None, *, falls: bool) -> float | None:
    """The figure from which the cell is listed: at the watch level, or before it where the pool accepts more."""
    if breakeven is None or flag.threshold is None or flag.outcome is Outcome.COMMEND:
        return flag.threshold if breakeven is None else breakeven
    return max(flag.threshold, breakeven) if falls else min(flag.threshold, breakeven)


def _flag(judgement: Judgement, scope: Scope, at: int, watch: bool) -> Flag:
    rule, panel, row = judgement.rule, judgement.panel, int(judgement.row[at])
    unit, indicator = panel.units[row], panel.indicators[row].indicator
    value, comparator = _number(judgement.value, at), _number(judgement.comparator, at)
    difference = None if value is None or comparator is None else value - comparator
    inherited = panel.inherited.get(row)
    receipt = {"rule_version": rule.version, **_plain(judgement.inputs(at))}
    return Flag(
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
        value=value,
        comparator=comparator,
        difference=difference,
        excess=_number(judgement.excess, at),
        percent_change=None if difference is None or not comparator else 100 * difference / comparator,
        p_value=_number(judgement.p, at),
        test=judgement.test,
        inputs=receipt | ({"inherited": inherited.words} if inherited else {}),
        sentence=judgement.sentence(at)
        + (f" Compared with inherited figures: {inherited.words}." if inherited else ""),
        question=rule.question,
        support=rule.support,
    )


def cell_rows(decisions: Decisions) -> list[dict[str, object]]:
    """Every test with a p value, one dict a cell and rule: what `flags --all-cells` prints."""
    rows: list[dict[str, object]] = []
    for decided in decisions.decided:
        if decided.judgement.has_p:
            every = np.arange(len(decided.judgement.p))
            details = decided.judgement.details(every)
            rows += [_cell(decided, details, at) for at in every.tolist()]
    return rows


def _cell(decided: Decided, details: Details, at: int) -> dict[str, object]:
    judgement = decided.judgement
    row = int(judgement.row[at])
    return {
        "unit": judgement.panel.units[row],
        "indicator": judgement.panel.indicators[row].indicator,
        "rule": judgement.rule.rule,
        "family": judgement.rule.family,
        "value": _number(judgement.value, at),
        "comparator": _number(judgement.comparator, at),
        "excess": _number(judgement.excess, at),
        "p_value": _number(judgement.p, at),
        "q_value": _number(decided.q, at),
        "evidence": _number(details.evidence, at),
        "inputs": _plain(judgement.inputs(at)),
    }


def _number(values: Floats | None, at: int) -> float | None:
    """The figure at this place; None where there is none or it is no finite number."""
    if values is None or not np.isfinite(values[at]):
        return None
    return float(values[at])


def _plain(value: Any) -> Any:
    """A receipt that any program can read: plain numbers, None for what is missing or infinite."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
