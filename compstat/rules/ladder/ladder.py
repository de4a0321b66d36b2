"""The escalation ladder: challenge, support, contestability, removal; proposed by declared triggers, receipts kept.

Up to support the rule moves a unit, above it a named person signs (signed_steps.py). Intervention is inversely
proportional to performance: HM Treasury and Cabinet Office, Devolving decision making: 1 (March 2004), 4.11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from compstat.rules.flag import Outcome, flag_code
from compstat.rules.flagging import Key, Raised
from compstat.rules.ladder.held_since import Since, held_since
from compstat.rules.ladder.signed_steps import SignedStep
from compstat.rules.ladder.track_record import Period, Record, cells_of
from compstat.rules.wording import period_name
from compstat.windows.scope import Scope
from compstat.workspace.ladders import Ladder, Step, Trigger
from compstat.workspace.workspace import Workspace

ABOVE_CHALLENGE = 3  # severity


@dataclass(frozen=True, slots=True)
class Counted:
    """One period of the receipt: its flags that count, and how many concerns (units x indicators) they are."""

    week: str
    concerns: int
    flags: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands on a ladder. step: in force. reached: what the triggers say. proposed: to be signed, or None.

    because: which trigger, in words. periods: what it counted, the newest first. leaves_in: periods until the reached
    step is left if no concern is added; None on the lowest. covers: units whose flags it stands over. since: from when
    on the rule alone has held it at support or above; None where it does not.
    """

    unit: str
    ladder: str
    step: Step
    reached: Step
    proposed: Step | None
    because: str
    periods: tuple[Counted, ...]
    leaves_in: int | None
    signed: SignedStep | None
    covers: frozenset[str]
    since: Since | None = None


def longest_look_back(ladders: Sequence[Ladder]) -> int:
    """Periods before the newest one that the ladders look at."""
    return max((trigger.of + row.down_after - 2 for row in ladders for trigger in row.trigger), default=0)


def standings(scope: Scope, record: Record, signed: Mapping[tuple[str, str], SignedStep]) -> tuple[Standing, ...]:
    """Every unit on every ladder, in the order of rules.toml and units.csv. `signed`: by ladder and unit."""
    workspace, name = scope.workspace, period_name(scope.cycle.cadence)
    found = []
    for ladder in workspace.rules.ladder:
        for unit in _units_on(ladder, scope):
            covers = _covered(workspace, ladder, unit, scope)
            counted = [one for period in record if (one := _counted(period, ladder, covers)) is not None]
            found.append(_standing(ladder, unit, covers, counted, signed.get((ladder.ladder, unit)), name))
    return tuple(found)


def _standing(
    ladder: Ladder, unit: str, covers: frozenset[str], counted: Sequence[Counted], signed: SignedStep | None, name: str
) -> Standing:
    reached, because, seen, leaves_in = _reached(ladder, counted, name)
    step = min(reached, Step.SUPPORT)
    if signed is not None and signed.step > Step.SUPPORT:
        step = signed.step
    proposed: Step | None = None
    if reached > max(step, Step.SUPPORT):
        proposed = Step(max(step, Step.SUPPORT) + 1)  # one step at a time
    elif reached < step:
        proposed = reached
    since = held_since(ladder, counted) if reached >= Step.SUPPORT else None
    return Standing(unit, ladder.ladder, step, reached, proposed, because, seen, leaves_in, signed, covers, since)


def _reached(
    ladder: Ladder, counted: Sequence[Counted], name: str
) -> tuple[Step, str, tuple[Counted, ...], int | None]:
    """The highest step whose trigger holds, or held within the last `down_after` periods; why, what was counted."""
    for trigger in reversed(ladder.trigger):
        for back in range(ladder.down_after):
            seen = counted[back : back + trigger.of]
            times = sum(one.concerns >= trigger.concerns for one in seen)
            if times >= trigger.periods:
                words = trigger_words(trigger, times, name)
                if back:
                    words += f", last in {counted[back].week}"
                return trigger.reaches, words, tuple(seen), _leaves_in(ladder, trigger, counted)
    first = ladder.trigger[0]
    times = sum(one.concerns >= first.concerns for one in counted[: first.of])
    return Step.CHALLENGE, trigger_words(first, times, name), tuple(counted[: first.of]), None


def _leaves_in(ladder: Ladder, trigger: Trigger, counted: Sequence[Counted]) -> int:
    """After how many periods without any concern the trigger has not held for `down_after` of them."""
    enough = [one.concerns >= trigger.concerns for one in counted]
    ahead = 0
    while any(
        sum(([False] * ahead + enough)[back : back + trigger.of]) >= trigger.periods
        for back in range(ladder.down_after)
    ):
        ahead += 1
    return ahead


def trigger_words(trigger: Trigger, times: int, name: str) -> str:
    """`a concern in 9 of the last 12 weeks; support takes 8`."""
    many = "a concern" if trigger.concerns == 1 else f"{trigger.concerns} or more concerns"
    return f"{many} in {times} of the last {trigger.of} {name}s; {trigger.step} takes {trigger.periods}"


def _counted(period: Period, ladder: Ladder, covers: frozenset[str]) -> Counted | None:
    """What a period adds. None: there is no concern, but a return is missing, so that it may not count as quiet."""
    keys = [key for unit in sorted(covers) for key in period.concerns.get(unit, ()) if _is_on(ladder, key[1])]
    cells = cells_of(keys)
    if not cells and any(unit in covers and _is_on(ladder, indicator) for unit, indicator in period.silent):
        return None
    codes = tuple(flag_code(*key) for key in keys)
    return Counted(period.label, len(cells), codes, tuple(sorted({indicator for _, indicator in cells})))


def _is_on(ladder: Ladder, indicator: str) -> bool:
    return "*" in ladder.indicators or indicator in ladder.indicators


def _units_on(ladder: Ladder, scope: Scope) -> list[str]:
    """The units of the cycle that the ladder is about, and with `below` those that answer for some of them."""
    rows = {row.unit: row for row in scope.workspace.units if row.valid_on(scope.last)}
    there = set(scope.levels)
    if ladder.below:
        there |= {above for unit in scope.levels for above in _above(scope.workspace, unit, scope)}
    return [
        unit
        for unit, row in rows.items()
        if unit in there and ("*" in ladder.units or unit in ladder.units or row.level in ladder.units)
    ]


def _covered(workspace: Workspace, ladder: Ladder, unit: str, scope: Scope) -> frozenset[str]:
    if not ladder.below:
        return frozenset({unit})
    return frozenset({unit, *(one for one in scope.levels if unit in _above(workspace, one, scope))})


def _above(workspace: Workspace, unit: str, scope: Scope) -> list[str]:
    """The units above one, the nearest first; units.csv has no circles."""
    above, parent = [], workspace.unit(unit, scope.last).parent
    while parent:
        above.append(parent)
        parent = workspace.unit(parent, scope.last).parent
    return above


def on_ladder(raised: Sequence[Raised], found: Sequence[Standing], ladders: Sequence[Ladder]) -> list[Raised]:
    """Concerns with the step in force of the highest ladder they are on; above challenge they are of severity 3."""
    by_name = {row.ladder: row for row in ladders}
    return [_stepped(one, [row for row in found if _covers(row, by_name[row.ladder], one.key)]) for one in raised]


def _covers(standing: Standing, ladder: Ladder, key: Key) -> bool:
    return key[0] in standing.covers and _is_on(ladder, key[1])


def _stepped(one: Raised, its: Sequence[Standing]) -> Raised:
    if one.flag.outcome is not Outcome.CONCERN or not its:
        return one
    step = max(row.step for row in its)
    severity = ABOVE_CHALLENGE if step > Step.CHALLENGE else one.flag.severity
    return replace(one, flag=replace(one.flag, step=step.word, severity=severity))
