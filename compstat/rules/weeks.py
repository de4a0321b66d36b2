"""The flags of a week with their states: new, continuing, returning or cleared, from earlier weeks as known then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from compstat.calendar import Cadence
from compstat.findings import Finding, UsageError
from compstat.rules.evaluation import Evaluation, Key, Raised, evaluate
from compstat.rules.flag import Flag, Outcome, State, flag_code
from compstat.rules.ranking import ranked
from compstat.rules.scope import known_at
from compstat.store import Store
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace

RETURNING_WITHIN = 4  # weeks without it after which a flag counts as new again
LONGEST_LOOK_BACK = 26  # weeks; a flag open for longer says so many


@dataclass(frozen=True)
class WeekFlags:
    """A week's flags, best first, the cleared ones last; and the evaluation that they come from."""

    evaluation: Evaluation
    flags: tuple[Flag, ...]

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
    progress("judging the week")
    evaluation = evaluate(store, workspace, cycle, week, known)
    earlier = _Earlier(store, workspace, cycle, week, known)
    weekly = workspace.calendar.cadence("weekly")
    with_state = [_with_state(one, earlier, weekly, week) for one in evaluation.raised]
    cleared = _cleared(evaluation, earlier)
    sizes = [
        float(size)
        for decided in evaluation.decisions.decided
        if decided.judgement.rule.family == "spike"
        for size in decided.judgement.expected
    ]
    flags = ranked(with_state, cycle, workspace.rules.decision.small_unit_share, sizes)
    return WeekFlags(evaluation, (*flags, *cleared))


class _Earlier:
    """What was raised in earlier weeks, judged when first asked for, each as it was known then."""

    def __init__(self, store: Store, workspace: Workspace, cycle: Cycle, week: date, known: datetime) -> None:
        self._ask = lambda day, moment: evaluate(store, workspace, cycle, day, moment).raised
        self._store, self._week, self._known = store, week, known
        self._weeks: dict[int, dict[Key, Raised]] = {}

    def raised(self, weeks_back: int) -> dict[Key, Raised]:
        """By key, the flags raised so many weeks before."""
        if weeks_back not in self._weeks:
            day = self._week - timedelta(days=7 * weeks_back)
            moment = self._known_then(day)
            found: Sequence[Raised] = self._ask(day, moment) if moment else ()
            self._weeks[weeks_back] = {one.key: one for one in found}
        return self._weeks[weeks_back]

    def _known_then(self, day: date) -> datetime | None:
        """The newest moment of a batch before the next week's returns; later only where this week's came later."""
        first: datetime | None = self._store.rows("windows/first_known", week_start=day, known_at=self._known)[0][0]
        if first is None:
            return None
        meeting = datetime.combine(day + timedelta(days=13), datetime.max.time())
        return known_at(self._store, min(self._known, max(first, meeting)))


def _with_state(one: Raised, earlier: _Earlier, weekly: Cadence, week: date) -> Raised:
    weeks = 1
    while weeks <= LONGEST_LOOK_BACK and one.key in earlier.raised(weeks):
        weeks += 1
    state = State.CONTINUING if weeks > 1 else State.NEW
    if weeks == 1 and any(one.key in earlier.raised(back) for back in range(2, RETURNING_WITHIN + 1)):
        state = State.RETURNING
    since = weekly.shift(week, 1 - weeks)
    code = flag_code(*one.key, since)
    return replace(one, flag=replace(one.flag, flag=code, state=state, weeks_open=weeks))


def _cleared(evaluation: Evaluation, earlier: _Earlier) -> list[Flag]:
    """Last week's concerns and commendations that are raised no longer; not on the watch list either."""
    now = {(one.flag.unit, one.flag.indicator) for one in evaluation.raised}
    cleared: dict[tuple[str, str], Flag] = {}
    for one in earlier.raised(1).values():
        cell = one.flag.unit, one.flag.indicator
        if one.flag.outcome in {Outcome.CONCERN, Outcome.COMMEND} and cell not in now and cell not in cleared:
            cleared[cell] = replace(
                one.flag,
                week=evaluation.scope.label,
                known_at=evaluation.scope.known_at,
                state=State.CLEARED,
                rank=None,
                shown=False,
                held_back="cleared: raised last week, not this week",
            )
    return [cleared[cell] for cell in sorted(cleared)]
