"""What a rehearsal comes to: flags by week, rule, unit and usual method, how long they last, rules that flag all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from compstat.findings import Finding
from compstat.rules.flag import Outcome
from compstat.rules.flagging import Key
from compstat.rules.own.own_rules import FOLDER, OWN
from compstat.rules.rehearsal.backtest import Fired, Rehearsal, RehearsedWeek
from compstat.rules.rehearsal.usual_methods import METHODS

TOO_OFTEN = 0.5  # of its tested cells: a rule that flags more than half of them tells nobody apart


@dataclass(frozen=True)
class Spell:
    """One flag from the period that it came to the one that it was last raised in, both places among the rehearsed.

    begun_before: it was there in the first one, so that it may be older. still_open: it is there in the last one.
    """

    key: Key
    family: str
    first: int
    last: int
    begun_before: bool
    still_open: bool

    @property
    def periods(self) -> int:
        return self.last - self.first + 1


def spells(rehearsal: Rehearsal) -> list[Spell]:
    """Every flag's unbroken runs, in the order in which they begin."""
    runs: dict[Key, list[list[Fired]]] = defaultdict(list)
    for fired in rehearsal.flags:
        of_key = runs[fired.key]
        if of_key and of_key[-1][-1].period == fired.period - 1:
            of_key[-1].append(fired)
        else:
            of_key.append([fired])
    end = len(rehearsal.weeks) - 1
    found = [
        Spell(key, run[0].family, run[0].period, run[-1].period, run[0].period == 0, run[-1].period == end)
        for key, of_key in runs.items()
        for run in of_key
    ]
    return sorted(found, key=lambda spell: (spell.first, spell.key))


def warnings(rehearsal: Rehearsal) -> list[Finding]:
    """Of every rule that flags more than half of the cells it looks at."""
    raised = Counter(fired.rule for fired in rehearsal.flags)
    return [
        _flags_most(rule, rule in rehearsal.own, raised[rule], cells)
        for rule, cells in _tested(rehearsal).items()
        if cells and raised[rule] > TOO_OFTEN * cells
    ]


def _flags_most(rule: str, own: bool, raised: int, cells: int) -> Finding:
    where = f"{FOLDER}/{rule}.sql" if own else f"rules.toml [[rule]] {rule}"
    message = f"flags {raised:,} of {cells:,} cells it looked at ({raised / cells:.0%}): it tells none apart"
    fix = "Raise its threshold_percent or minimum_gap, or name the indicators it is for."
    of_sql = "Let its statement ask for more: a larger difference, or fewer indicators."
    return Finding("rule-flags-most", where, message, of_sql if own else fix, "warning")


def as_public(rehearsal: Rehearsal) -> dict[str, Any]:
    """The object that `rules backtest --json` prints; docs/json.md."""
    weeks, flags = rehearsal.weeks, rehearsal.flags
    return {
        "from": weeks[0].label,
        "to": weeks[-1].label,
        "cycle": rehearsal.cycle,
        "rules_version": rehearsal.rules_version,
        "as_known": rehearsal.as_known,
        "weeks_without_returns": [week.isoformat() for week in rehearsal.silent],
        "raised_per_week": len(flags) / len(weeks),
        "concerns_per_week": _number(flags, Outcome.CONCERN) / len(weeks),
        "shown_per_week": sum(fired.shown for fired in flags) / len(weeks),
        "concern_cells_shown_per_week": _cells_per_week(rehearsal, {Outcome.CONCERN}, shown=True),
        "concern_cells_per_week": _cells_per_week(rehearsal, {Outcome.CONCERN}),
        "listed_cells_per_week": _cells_per_week(rehearsal, {Outcome.CONCERN, Outcome.WATCH}),
        "concern_cells": len({one.key[:2] for one in flags if one.outcome is Outcome.CONCERN}),
        "expected_by_chance": sum(week.expected_by_chance for week in weeks),
        "expected_by_chance_per_week": mean(week.expected_by_chance for week in weeks),
        "weeks": [_of_week(week) for week in weeks],
        "rules": list(_of_rules(rehearsal)),
        "units": list(_of_units(rehearsal)),
        "usual_methods": list(_of_methods(rehearsal)),
        "warnings": [
            {"code": one.code, "where": one.where, "message": one.message, "fix": one.fix}
            for one in warnings(rehearsal)
        ],
    }


def _number(flags: list[Fired] | tuple[Fired, ...], outcome: Outcome) -> int:
    return sum(fired.outcome is outcome for fired in flags)


def _cells_per_week(rehearsal: Rehearsal, outcomes: Collection[Outcome], *, shown: bool = False) -> float:
    """Cells with a flag of these outcomes, whichever rules raised it, in a week of the span on the average."""
    wanted = (one for one in rehearsal.flags if one.outcome in outcomes and (one.shown or not shown))
    return len({(one.period, one.unit, one.indicator) for one in wanted}) / len(rehearsal.weeks)


def _of_week(week: RehearsedWeek) -> dict[str, Any]:
    return {
        "week": week.label,
        "known_at": week.known_at,
        "tests": week.tests,
        "raised": len(week.flags),
        **{str(outcome): _number(week.flags, outcome) for outcome in Outcome},
        "shown": sum(fired.shown for fired in week.flags),
        "expected_by_chance": week.expected_by_chance,
        "usual_methods": dict(week.usual),
    }


def _tested(rehearsal: Rehearsal) -> Counter[str]:
    """Cells that each rule looked at, the team's own last: of those, every cell of the indicators that they flag.

    What else a statement looked at, it alone knows; one that flags nothing is not known to have looked at any.
    """
    tested: Counter[str] = Counter()
    for week in rehearsal.weeks:
        tested.update(week.tested)
    flagged = {(fired.rule, fired.indicator) for fired in rehearsal.flags if fired.rule in rehearsal.own}
    for own in rehearsal.own:
        indicators = [indicator for rule, indicator in flagged if rule == own]
        tested[own] = sum(week.looked_at.get(indicator, 0) for week in rehearsal.weeks for indicator in indicators)
    return tested


def _of_rules(rehearsal: Rehearsal) -> Iterator[dict[str, Any]]:
    """One row a rule; a team's own come last."""
    lasting: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells(rehearsal):
        lasting[spell.key[2]].append(spell)
    by_rule: dict[str, list[Fired]] = defaultdict(list)
    for fired in rehearsal.flags:
        by_rule[fired.rule].append(fired)
    tested, number = _tested(rehearsal), len(rehearsal.weeks)
    for rule in tested:
        flags = by_rule[rule]
        yield {
            "rule": rule,
            "family": flags[0].family if flags else OWN if rule in rehearsal.own else None,
            "tested": tested[rule],
            "raised": len(flags),
            "shown": sum(fired.shown for fired in flags),
            "raised_per_week": len(flags) / number,
            "shown_per_week": sum(fired.shown for fired in flags) / number,
            "share_flagged": len(flags) / tested[rule] if tested[rule] else None,
            **_lasting(lasting[rule]),
        }


def _lasting(found: list[Spell]) -> dict[str, Any]:
    """How long a rule's flags last. Those cut off by the span's ends count as long as they are seen."""
    periods = [spell.periods for spell in found]
    return {
        "spells": len(found),
        "cut_off": sum(spell.begun_before or spell.still_open for spell in found),
        "one_period": sum(length == 1 for length in periods),
        "median_periods": median(periods) if periods else None,
        "mean_periods": mean(periods) if periods else None,
        "longest": max(periods, default=None),
    }


def _of_units(rehearsal: Rehearsal) -> Iterator[dict[str, Any]]:
    """One row a unit with a flag, the most often shown first."""
    raised = Counter(fired.unit for fired in rehearsal.flags)
    shown = Counter(fired.unit for fired in rehearsal.flags if fired.shown)
    weeks = Counter(unit for unit, _ in {(fired.unit, fired.period) for fired in rehearsal.flags if fired.shown})
    for unit in sorted(raised, key=lambda unit: (-shown[unit], -raised[unit], unit)):
        yield {"unit": unit, "raised": raised[unit], "shown": shown[unit], "weeks_with_a_shown_flag": weeks[unit]}


def _of_methods(rehearsal: Rehearsal) -> Iterator[dict[str, Any]]:
    for method, words in METHODS.items():
        if method in rehearsal.usual_cells:
            listed = sum(week.usual.get(method, 0) for week in rehearsal.weeks)
            tested = rehearsal.usual_tested[method]
            yield {
                "method": method,
                "what": words,
                "tested": tested,
                "listed": listed,
                "listed_per_week": listed / len(rehearsal.weeks),
                "share_listed": listed / tested if tested else None,
                "cells": rehearsal.usual_cells[method],
            }
