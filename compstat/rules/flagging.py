"""From what was decided of each cell to flags: figures, sentence, receipt, and the scores that order them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from compstat.rules.decision import Decided
from compstat.rules.figure_window import window_of
from compstat.rules.flag import Flag, Outcome, flag_code
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Fragility, Judgement
from compstat.rules.nothing_done import if_nothing_is_done
from compstat.windows.panel import Floats, Integers
from compstat.windows.scope import Scope

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


def keys_of(decided: Decided) -> Iterator[Key]:
    """Whose flags a judgement raised, without the work of writing them out."""
    judgement = decided.judgement
    for row in judgement.row[_places(decided)].tolist():
        yield judgement.panel.units[row], judgement.panel.indicators[row].indicator, judgement.rule.rule


def flags_of(decided: Decided, scope: Scope, histories: Mapping[str, History]) -> Iterator[Raised]:
    """The flags of one judgement, the watch list included; histories: by cadence, for what to expect next."""
    judgement, places = decided.judgement, _places(decided)
    if not places.size:
        return
    details, limits = judgement.details(places), decided.limits(places)
    fragility = judgement.fragility(places, limits) if judgement.fragility else None
    history = histories[judgement.panel.cadence.name]
    for number, at in enumerate(places.tolist()):
        flag = replace(
            _flag(judgement, scope, at, bool(decided.watch[at])),
            q_value=number_at(decided.q, at),
            evidence=number_at(details.evidence, number),
            threshold=number_at(details.threshold, number),
            lower_limit=number_at(details.lower, number),
            upper_limit=number_at(details.upper, number),
            expected_low=number_at(details.expected_low, number),
            expected_high=number_at(details.expected_high, number),
        )
        if fragility is not None:
            flag = _with_fragility(flag, fragility, number, float(limits[number]))
        if details.expected_low is None:
            flag = _with_outlook(flag, history, int(judgement.row[at]))
        yield Raised(flag, float(details.order[number]), float(judgement.expected[at]))


def _with_outlook(flag: Flag, history: History, row: int) -> Flag:
    """The flag with what to expect next if nothing is done, and in the receipt what that rests on.

    A forecast of the family's own goes before it.
    """
    found = if_nothing_is_done(history, row, window_of(flag.family, flag.inputs))
    receipt = {} if found.low is None else {"if_nothing_is_done": plain(found.receipt)}
    return replace(flag, expected_low=found.low, expected_high=found.high, inputs={**flag.inputs, **receipt})


def _with_fragility(flag: Flag, found: Fragility, number: int, limit: float) -> Flag:
    """The flag with its break-even count in the receipt, and whether the usual restatement would undo it."""
    receipt: dict[str, Any] = {
        "p_limit": limit,
        "breakeven": number_at(found.breakeven, number),
        "settles_low": number_at(found.low, number),
        "settles_high": number_at(found.high, number),
        "restatement": found.words(number, flag.value or 0.0),
    }
    threshold = _listed_from(flag, receipt["breakeven"], falls=bool(found.falls[number]))
    return replace(flag, fragile=found.at(number), threshold=threshold, inputs={**flag.inputs, **receipt})


def _listed_from(flag: Flag, breakeven: float | None, *, falls: bool) -> float | None:
    """The figure from which the cell is listed: at the watch level, or before it where the pool accepts more."""
    if breakeven is None or flag.threshold is None or flag.outcome is Outcome.COMMEND:
        return flag.threshold if breakeven is None else breakeven
    return max(flag.threshold, breakeven) if falls else min(flag.threshold, breakeven)


def outlines_of(decided: Decided, scope: Scope) -> Iterator[Raised]:
    """The same flags in outline: whose they are and what orders them, for a list of many weeks."""
    judgement, places = decided.judgement, _places(decided)
    if not places.size:
        return
    order = judgement.details(places).order
    for number, at in enumerate(places.tolist()):
        flag = outline_of(judgement, scope, at, bool(decided.watch[at]))
        yield Raised(flag, float(order[number]), float(judgement.expected[at]))


def _places(decided: Decided) -> Integers:
    return np.flatnonzero(decided.raised | decided.watch)


def outline_of(judgement: Judgement, scope: Scope, at: int, watch: bool) -> Flag:
    """The flag of one place with whose it is and what it counts for, without figures, sentence and receipt."""
    rule, panel, row = judgement.rule, judgement.panel, int(judgement.row[at])
    unit, indicator = panel.units[row], panel.indicators[row].indicator
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
    )


def _flag(judgement: Judgement, scope: Scope, at: int, watch: bool) -> Flag:
    rule = judgement.rule
    value, comparator = number_at(judgement.value, at), number_at(judgement.comparator, at)
    difference = None if value is None or comparator is None else value - comparator
    inherited = judgement.panel.inherited.get(int(judgement.row[at]))
    receipt = {"rule_version": rule.version, **plain(judgement.inputs(at))}
    return replace(
        outline_of(judgement, scope, at, watch),
        value=value,
        comparator=comparator,
        difference=difference,
        excess=number_at(judgement.excess, at),
        percent_change=None if difference is None or not comparator else 100 * difference / comparator,
        p_value=number_at(judgement.p, at),
        test=judgement.test,
        inputs=receipt | ({"inherited": inherited.words} if inherited else {}),
        sentence=judgement.sentence(at)
        + (f" Compared with inherited figures: {inherited.words}." if inherited else ""),
        question=rule.question,
        support=rule.support,
    )


def number_at(values: Floats | None, at: int) -> float | None:
    """The figure at this place; None where there is none or it is no finite number."""
    if values is None or not np.isfinite(values[at]):
        return None
    return float(values[at])


def plain(value: Any) -> Any:
    """A receipt that any program can read: plain numbers, None for what is missing or infinite."""
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
