"""The flags of a week with their states: new, continuing, returning or cleared, from earlier weeks as known then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from compstat.findings import Finding, UsageError
from compstat.rules.earlier import Earlier
from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.flag import LONGEST_LOOK_BACK, Flag, Outcome, State
from compstat.rules.flagging import Key, Raised
from compstat.rules.ladder import ladder, tier
from compstat.rules.ladder.ladder import Standing, on_ladder, standings
from compstat.rules.ladder.signed_steps import signed_steps
from compstat.rules.ladder.tier import EarnedTier, earned_tiers
from compstat.rules.ladder.track_record import period_of, read_record
from compstat.rules.ranking import ranked
from compstat.rules.wording import period_name
from compstat.store import Store
from compstat.windows.scope import END_OF_TIME, known_at, refuse_empty
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace

RETURNING_WITHIN = 4  # periods without it after which a flag counts as new again
SIZED_BY = "spike"  # the family whose cells' sizes say which units are large: it tests the most cells


@dataclass(frozen=True)
class WeekFlags:
    """A week's flags, best first, the cleared ones last; and the evaluation that they come from.

    standings: where units stand on the ladders. tiers: by unit; both empty where rules.toml declares none.
    """

    evaluation: Evaluation
    flags: tuple[Flag, ...]
    standings: tuple[Standing, ...] = ()
    tiers: Mapping[str, EarnedTier] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.shown)

    @property
    def known_at(self) -> datetime:
        return self.evaluation.scope.known_at

    def code(self, code: str) -> Flag:
        """The flag of that code. Raises UsageError."""
        for flag in self.flags:
            if flag.flag == code.upper():
                return flag
        message = f"There is no flag {code} in {self.evaluation.scope.label}."
        raise UsageError(Finding("unknown-flag", "", message, "See: compstat flags --week W"))


def flags_of_week(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    week: date,
    as_of: datetime | None = None,
    progress: Callable[[str], None] = lambda _words: None,
) -> WeekFlags:
    """Judge a week as known at a moment (None: now). Raises UsageError when nothing was known then."""
    known = known_at(store, as_of)
    if known is None:
        message = "The store held no returns" + (f" at {as_of}." if as_of else ".")
        raise UsageError(Finding("no-returns", "", message, "Load some with: compstat load FILE"))
    refuse_empty(store, workspace, cycle, week, known)
    progress("judging the week")
    evaluation = evaluate(store, workspace, cycle, week, known)
    earlier = Earlier(store, workspace, cycle, week, known)
    before = earlier.evaluation(1)
    gone = _gone(evaluation, before) if before else []
    progress("comparing with earlier weeks")
    standing, tiers = _records(store, evaluation, earlier, as_of)
    states = _states(evaluation.keys, {one.key for one in gone}, earlier)
    with_state = [replace(one, flag=_with_state(one.flag, states[one.key])) for one in evaluation.raised]
    with_step = on_ladder(with_state, standing, workspace.rules.ladder)
    flags = ranked(with_step, cycle, workspace.rules.decision.small_unit_share, sizes_of(evaluation))
    cleared = (_cleared(one.flag, evaluation, states[one.key]) for one in gone)
    return WeekFlags(evaluation, (*flags, *cleared), standing, tiers)


def _records(
    store: Store, evaluation: Evaluation, earlier: Earlier, as_of: datetime | None
) -> tuple[tuple[Standing, ...], dict[str, EarnedTier]]:
    """Where units stand by the record of their flags and the steps that were signed."""
    scope, rules = evaluation.scope, evaluation.scope.workspace.rules
    if not rules.ladder and not rules.tier:
        return (), {}
    back = max(ladder.longest_look_back(rules.ladder), tier.longest_look_back(rules.tier))
    earlier.read_at_once(back)
    record = read_record(period_of(evaluation), earlier.period, back)
    signed = signed_steps(store, scope.cycle, scope.week, as_of or END_OF_TIME)
    standing = standings(scope, record, signed)
    return standing, earned_tiers(scope, record, standing)


def sizes_of(evaluation: Evaluation) -> list[float]:
    """Events expected of every cell that says how large its unit is: what the seats for smaller units go by."""
    judgements = [decided.judgement for decided in evaluation.decisions.decided]
    return [size for one in judgements if one.rule.family == SIZED_BY for size in one.expected.tolist()]


def _states(now: Collection[Key], gone: Collection[Key], earlier: Earlier) -> dict[Key, tuple[State, int]]:
    """State and periods open of this week's flags and of those that are gone since the last one."""
    back, periods = 1, {**dict.fromkeys(now, 1), **dict.fromkeys(gone, 0)}
    still = set(periods)
    came_back: set[Key] = set()
    while back <= LONGEST_LOOK_BACK and (still or back <= RETURNING_WITHIN):
        wanted = still if back > RETURNING_WITHIN else set(periods)
        raised = earlier.keys(back, wanted) if wanted else set()
        still &= raised
        for key in still:
            periods[key] += 1
        came_back |= raised - still
        back += 1
    states: dict[Key, tuple[State, int]] = {}
    for key, count in periods.items():
        if key in gone:
            state = State.CLEARED
        elif count > 1:
            state = State.CONTINUING
        else:
            state = State.RETURNING if key in came_back else State.NEW
        states[key] = state, count
    return states


def _with_state(flag: Flag, state: tuple[State, int]) -> Flag:
    return replace(flag, state=state[0], weeks_open=state[1])


def _gone(evaluation: Evaluation, before: Evaluation) -> list[Raised]:
    """The last period's concerns and commendations of cells that are raised no longer, not even on the watch list.

    One a cell: the first in the order of the rules.
    """
    now = {(unit, indicator) for unit, indicator, _ in evaluation.keys}
    gone: dict[tuple[str, str], Raised] = {}
    for one in before.raised:
        cell = one.flag.unit, one.flag.indicator
        if one.flag.outcome in {Outcome.CONCERN, Outcome.COMMEND} and cell not in now:
            gone.setdefault(cell, one)
    return [gone[cell] for cell in sorted(gone)]


def _cleared(flag: Flag, evaluation: Evaluation, state: tuple[State, int]) -> Flag:
    period = period_name(evaluation.scope.cycle.cadence)
    return replace(
        _with_state(flag, state),
        week=evaluation.scope.label,
        known_at=evaluation.scope.known_at,
        rank=None,
        shown=False,
        held_back=f"cleared: raised last {period}, not this {period}",
    )
