"""Which flag leads for its unit and indicator, in what order they come, and which get a seat in the meeting."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from compstat.rules.flag import Flag, Outcome
from compstat.rules.flagging import Key, Raised
from compstat.workspace.settings import Cycle

# own history first, targets second, peers last (box 4.1 of the sources)
TURN = {
    "floor": 0,
    "spike": 0,
    "commend": 0,
    "year_on_year": 1,
    "improving": 1,
    "target": 2,
    "trajectory": 3,
    "no_return": 3,
    "own": 4,
    "leak": 4,
    "special_cause": 4,
    "drift": 5,
    "coasting": 6,
    "peer": 7,
}
OUTCOME_TURN = {Outcome.CONCERN: 0, Outcome.COMMEND: 1, Outcome.DATA: 2, Outcome.WATCH: 3}
LARGEST_SHARE = 2 / 3  # a cell above this point of the sizes belongs to the largest third


def ranked(raised: Sequence[Raised], cycle: Cycle, small_unit_share: float, sizes: Sequence[float]) -> list[Flag]:
    """The flags, best first, each shown or held back with the reason. `sizes`: of every tested cell."""
    ordered = sorted(raised, key=_place)
    leads = _leads(ordered)
    standing = [one for one in ordered if leads[one.flag.unit, one.flag.indicator] is one]
    others = [one for one in ordered if leads[one.flag.unit, one.flag.indicator] is not one]
    silent = _silence(standing)
    seated = [one for one in standing if one.key not in silent]
    together = {key: f"one item with the unit's other missing returns, {lead.flag}" for key, lead in silent.items()}
    shown = {**_seats(seated, cycle, small_unit_share, sizes), **together}
    flags: list[Flag] = []
    for rank, one in enumerate(standing + others, start=1):
        lead = leads[one.flag.unit, one.flag.indicator]
        reason = None if lead is one else f"listed under {lead.flag.flag}"
        reason = reason or shown.get(one.key)
        flags.append(
            replace(
                one.flag,
                sentence=one.flag.sentence + _beside(one.key, silent),
                rank=rank,
                shown=reason is None,
                held_back=reason,
                supports=None if lead is one else lead.flag.flag,
            )
        )
    return flags


def _place(one: Raised) -> tuple[int, int, int, float, str, str, str]:
    flag = one.flag
    return (
        OUTCOME_TURN[flag.outcome],
        -flag.severity,
        TURN[flag.family],
        -one.order,
        flag.unit,
        flag.indicator,
        flag.rule,
    )


def _leads(ordered: Sequence[Raised]) -> dict[tuple[str, str], Raised]:
    """The first flag of each unit and indicator; the others add their weight to it."""
    leads: dict[tuple[str, str], Raised] = {}
    for one in ordered:
        leads.setdefault((one.flag.unit, one.flag.indicator), one)
    return leads


def _silence(standing: Sequence[Raised]) -> dict[Key, Flag]:
    """The missing returns without a seat of their own, and the flag that stands for them: a silent unit is one item."""
    first: dict[str, Raised] = {}
    missing = [one for one in standing if one.flag.outcome is Outcome.DATA]
    leads = {one.key: first.setdefault(one.flag.unit, one) for one in missing}
    return {one.key: leads[one.key].flag for one in missing if leads[one.key] is not one}


def _beside(key: Key, silent: Mapping[Key, Flag]) -> str:
    """What the sentence of a missing return adds of the unit's others."""
    number = sum((flag.unit, flag.indicator, flag.rule) == key for flag in silent.values())
    return f" {number} more of its returns {'is' if number == 1 else 'are'} missing." if number else ""


def _seats(
    standing: Sequence[Raised], cycle: Cycle, small_unit_share: float, sizes: Sequence[float]
) -> dict[Key, str | None]:
    """Why each standing flag is not shown; None where it is. Commendations have seats of their own."""
    reasons: dict[Key, str | None] = {}
    for outcomes in ({Outcome.CONCERN, Outcome.DATA}, {Outcome.COMMEND}):
        group = [one for one in standing if one.flag.outcome in outcomes]
        reasons.update(_group_seats(group, cycle, small_unit_share, sizes))
    for one in standing:
        if one.flag.outcome is Outcome.WATCH:
            reasons[one.key] = "on the watch list: listed, not discussed"
    return reasons


def _group_seats(
    group: Sequence[Raised], cycle: Cycle, small_unit_share: float, sizes: Sequence[float]
) -> dict[Key, str | None]:
    most, per_unit = cycle.items_per_meeting, cycle.items_per_unit
    reasons: dict[Key, str | None] = {}
    taken: Counter[str] = Counter()
    waiting: list[Raised] = []
    for one in group:
        if taken[one.flag.unit] >= per_unit:
            reasons[one.key] = f"more than {per_unit} items for this unit"
        else:
            taken[one.flag.unit] += 1
            waiting.append(one)
    seated = {one.key for one in _with_smaller_units(waiting, most, small_unit_share, sizes)}
    for one in waiting:
        reasons[one.key] = None if one.key in seated else f"more than {most} items for this meeting"
    return reasons


def _with_smaller_units(waiting: Sequence[Raised], most: int, share: float, sizes: Sequence[float]) -> list[Raised]:
    """The first `most`, of which a share from outside the largest third as far as there are such."""
    if len(waiting) <= most or not sizes:
        return list(waiting[:most])
    large_from = float(np.quantile(np.asarray(sizes), LARGEST_SHARE))
    small = [one for one in waiting if one.size < large_from]
    kept = {one.key for one in small[: math.ceil(share * most)]}
    others = [one.key for one in waiting if one.key not in kept][: most - len(kept)]
    return [one for one in waiting if one.key in kept or one.key in others]
