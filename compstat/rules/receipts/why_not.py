"""How far a cell was from a flag: every rule that is about it, what it found or why it could not test."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from compstat.calendar import Cadence
from compstat.rules.decision import Decided
from compstat.rules.families.special_cause import FEWEST_POINTS
from compstat.rules.figure_window import window_of
from compstat.rules.flag import Flag, Outcome
from compstat.rules.judgement import Judgement, chosen, past_gates
from compstat.rules.own.own_rules import OWN, own_rules
from compstat.rules.weeks import WeekFlags
from compstat.rules.wording import window_words
from compstat.statistics.year_on_year import quasi_z

# why a rule that can say nothing of a cell says nothing, where the family itself does not tell
NOTHING_TO_TEST = {
    "floor": "no floor is in force for it, or no return this period",
    "target": "no target is in force for it, no return in the window, or no spread to test with",
    "trajectory": "no planned path is in force for it",
    "year_on_year": "no return in both years",
    "special_cause": "no return this period",
    "drift": "it has no level that could drift: a ratio, few events or periods, or periods that resemble each other",
    "coasting": "not two years of whole windows, or neither target nor peers to hold its level against",
    "improving": "not two years of whole windows, or neither target nor peers to hold its level against",
    "leak": "no declared pair loses from it",
    "spike": "a measurement: judged by special cause",
    "commend": "a measurement: judged by special cause",
    "peer": "no peers",
}


ABOUT_WORSE = frozenset({"spike", "commend", "year_on_year", "drift", "coasting", "improving", "peer", "trajectory"})
# how far back a family compares, so that a break since then leaves it nothing
PERIODS_NEEDED: Mapping[str, Callable[[Cadence], int]] = {
    "year_on_year": lambda cadence: cadence.year + cadence.recent,
    "drift": lambda cadence: cadence.year,
    "coasting": lambda cadence: 2 * cadence.year,
    "improving": lambda cadence: 2 * cadence.year,
    "special_cause": lambda _cadence: FEWEST_POINTS,
    "leak": lambda cadence: cadence.year,
}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One rule on one cell. Figures are None where they do not apply; `reason` says in words what was missing.

    window: over which time value and comparator are, in words. p_needed: the p at or below which it would have been
    raised; p_watch: listed on watch. count_needed: the figure from which it would have been listed. gates: threshold
    and gap were passed.
    """

    rule: str
    family: str
    tested: bool
    reason: str
    value: float | None = None
    comparator: float | None = None
    window: str | None = None
    p_value: float | None = None
    q_value: float | None = None
    p_needed: float | None = None
    p_watch: float | None = None
    count_needed: float | None = None
    gates: bool | None = None
    signal: bool | None = None
    flag: str | None = None
    held_back: str | None = None


def why_not(week: WeekFlags, unit: str, indicator: str) -> list[WhyNot]:
    """One row a rule that is about this cell, in the order of the rules; empty where none is."""
    rows: dict[str, WhyNot] = {}
    flags = {flag.rule: flag for flag in week.flags if (flag.unit, flag.indicator) == (unit, indicator)}
    for decided in week.evaluation.decisions.decided:
        row = _row(decided, unit, indicator, flags.get(decided.judgement.rule.rule))
        before = rows.get(decided.judgement.rule.rule)
        if row and (before is None or row.tested or not before.reason):
            rows[row.rule] = row
    order = [rule.rule for rule in week.evaluation.scope.workspace.rules.rule]
    found = sorted(rows.values(), key=lambda row: order.index(row.rule))
    told = [replace(row, reason=row.reason or NOTHING_TO_TEST.get(row.family, "nothing to test")) for row in found]
    return told + (_own(week, flags) if found else [])


def _own(week: WeekFlags, flags: Mapping[str, Flag]) -> list[WhyNot]:
    """The team's own rules: they say what they list, not how far the others were."""
    rows = []
    for rule in own_rules(week.evaluation.scope.workspace):
        flag = flags.get(rule.rule)
        reason = _flagged(flag) if flag else "the rule returned no row about it"
        told = (flag.value, flag.comparator, flag.flag, flag.held_back) if flag else (None,) * 4
        value, comparator, code, held = told
        rows.append(WhyNot(rule.rule, OWN, True, reason, value, comparator, flag=code, held_back=held))
    return rows


def _row(decided: Decided, unit: str, indicator: str, flag: Flag | None) -> WhyNot | None:
    """None: the rule is not about the cell."""
    judgement, rule = decided.judgement, decided.judgement.rule
    places = judgement.panel.at_unit(indicator, unit)
    if not places.size or not chosen(judgement.panel, rule)[places[0]]:
        return None
    at = np.flatnonzero(judgement.row == places[0])
    if not at.size:
        return WhyNot(rule.rule, rule.family, False, _why_untested(judgement, int(places[0])))
    return _tested(decided, int(at[0]), flag)


def _why_untested(judgement: Judgement, row: int) -> str:
    """A break comes before what the family says, a neutral indicator after it; "" where there is nothing to say."""
    panel, family = judgement.panel, judgement.rule.family
    needed, day = PERIODS_NEEDED.get(family), panel.breaks.get(row)
    if needed is not None and day is not None and day > panel.starts[-min(needed(panel.cadence), len(panel.starts))]:
        return f"the definition or boundary changed on {day}: nothing before compares"
    neutral = "neither more nor less is better" if panel.adverse[row] == 0 and family in ABOUT_WORSE else ""
    return judgement.untested.get(row, neutral)


def _tested(decided: Decided, at: int, flag: Flag | None) -> WhyNot:
    judgement, rule = decided.judgement, decided.judgement.rule
    has_p = judgement.has_p
    needed = _finite(decided.limit[at]) if has_p else None
    return WhyNot(
        rule=rule.rule,
        family=rule.family,
        tested=True,
        reason=_missing(decided, at, flag),
        value=_finite(judgement.value[at]),
        comparator=_finite(judgement.comparator[at]),
        window=_window(judgement, at),
        p_value=_finite(judgement.p[at]),
        q_value=_finite(decided.q[at]),
        count_needed=_finite(_count_needed(decided, at)),
        p_needed=needed,
        p_watch=decided.watch_p if has_p and judgement.outcome in {Outcome.CONCERN, Outcome.WATCH} else None,
        gates=bool(judgement.gates[at]),
        signal=None if judgement.signal is None else bool(judgement.signal[at]),
        flag=flag.flag if flag else None,
        held_back=flag.held_back if flag else None,
    )


def _window(judgement: Judgement, at: int) -> str | None:
    """Over which time the cell's figures are; None where a rule does not say."""
    panel, row, inputs = judgement.panel, int(judgement.row[at]), judgement.inputs(at)
    present = inputs.get("periods_in_both", np.sum(panel.returned[row, -panel.cadence.recent :]))
    return window_words(panel, row, window_of(judgement.rule.family, inputs), float(present)) or None


def _finite(figure: float | None) -> float | None:
    return float(figure) if figure is not None and math.isfinite(figure) else None


def _count_needed(decided: Decided, at: int) -> float | None:
    """The count nearest to its comparator that would be listed; the floor itself; None where no count decides."""
    judgement = decided.judgement
    family, inputs = judgement.rule.family, judgement.inputs(at)
    limit = _listed_up_to(decided, at)
    if family == "floor":
        return float(judgement.comparator[at])
    if family == "year_on_year" and "count" in inputs:
        return _count_of_two_years(judgement, at, limit)
    if judgement.fragility and "direction" in inputs:
        count = float(judgement.fragility(np.array([at]), np.array([limit])).breakeven[0])
        return count if count >= 0 else None  # not even 0 would be improbably few
    return None


def _listed_up_to(decided: Decided, at: int) -> float:
    """The largest p at which the cell would be raised, or listed on watch where its rule lists the near ones."""
    raised = float(decided.limit[at])
    return raised if decided.judgement.outcome is Outcome.COMMEND else max(raised, decided.watch_p)


def _count_of_two_years(judgement: Judgement, at: int, limit: float) -> float | None:
    """By halving this year's counts beyond last year's; each as recorded, and as it usually settles."""
    inputs = judgement.inputs(at)
    then, growth = inputs["count_year_ago"], inputs.get("growth", 1.0)
    sign, q = judgement.panel.adverse[judgement.row[at]], inputs["share_of_exposure"]
    usual = then * q / (1 - q)  # in as many days

    def passes(count: float) -> bool:
        both = np.array([count, np.rint(count * growth)])
        found = quasi_z(both, then, q, inputs["dispersion"])
        apart = past_gates(judgement.rule, (both - usual) * sign, np.asarray(usual))
        return bool(((found.p <= limit) & (found.z * sign > 0) & apart).all())

    near, far = np.floor(usual), 10 * usual + 100 if sign > 0 else 0.0
    if not passes(far):
        return None
    while abs(far - near) > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if passes(middle) else (middle, far)
    return float(far)


def _missing(decided: Decided, at: int, flag: Flag | None) -> str:
    """What was missing for a flag, in words."""
    judgement = decided.judgement
    if decided.raised[at] or decided.watch[at]:
        return _flagged(flag)
    if judgement.signal is not None and not judgement.signal[at]:
        return "no signal"
    if judgement.has_p and judgement.p[at] > _listed_up_to(decided, at):
        return "within chance"
    if not judgement.gates[at]:
        worse = ", or worse than in the same weeks a year ago" if judgement.rule.family == "commend" else ""
        return f"below the rule's threshold, its smallest gap or its number of periods{worse}"
    return "unusual alone, but not among so many tests"


def _flagged(flag: Flag | None) -> str:
    return f"flagged, not shown: {flag.held_back}" if flag and flag.held_back else "flagged"
