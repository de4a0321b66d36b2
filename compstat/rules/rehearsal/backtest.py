"""A rehearsal: the rules over every period of a span, each judged as alone, from one reading of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from compstat.calendar import end_of
from compstat.findings import Finding, UsageError
from compstat.rules.earlier import known_then
from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.flag import Outcome
from compstat.rules.flagging import Key
from compstat.rules.ladder.ladder import longest_look_back, on_ladder, standings
from compstat.rules.ladder.signed_steps import SignedStep, signed_steps
from compstat.rules.ladder.track_record import Period, Record, period_of
from compstat.rules.own.own_rules import own_rules
from compstat.rules.ranking import ranked
from compstat.rules.rehearsal.usual_methods import METHODS, raised_by
from compstat.rules.span_store import read_span
from compstat.rules.weeks import sizes_of
from compstat.store import Store
from compstat.windows.scope import END_OF_TIME, known_at
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace

Progress = Callable[[str], None]


class Fired(NamedTuple):
    """One flag in one period. period: its place among the rehearsed ones."""

    period: int
    unit: str
    indicator: str
    rule: str
    family: str
    outcome: Outcome
    severity: int
    shown: bool
    rank: int | None

    @property
    def key(self) -> Key:
        return self.unit, self.indicator, self.rule


@dataclass(frozen=True)
class RehearsedWeek:
    """What a week would have brought. tested: cells by rule. usual: how many cells each usual method lists.

    looked_at: cells that the cycle looks at, by indicator.
    """

    week: date
    label: str
    known_at: datetime
    tests: int
    expected_by_chance: float
    flags: tuple[Fired, ...]
    tested: Mapping[str, int]
    usual: Mapping[str, int] = field(default_factory=dict)
    looked_at: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Rehearsal:
    """Every rehearsed week, oldest first. silent: weeks without any return. usual_cells: distinct cells by method.

    own: the names of the team's own rules.
    """

    cycle: str
    rules_version: str
    as_known: bool
    weeks: tuple[RehearsedWeek, ...]
    silent: tuple[date, ...]
    usual_cells: Mapping[str, int] = field(default_factory=dict)
    usual_tested: Mapping[str, int] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    @property
    def flags(self) -> list[Fired]:
        return [fired for week in self.weeks for fired in week.flags]


def rehearse(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    first: date,
    last: date,
    *,
    as_known: bool = False,
    compare: bool = False,
    progress: Progress = lambda _words: None,
) -> Rehearsal:
    """The rules of this workspace over the weeks from the one that starts on `first` to the one on `last`.

    as_known: of each week only what was recorded before the next one's returns, as the states of flags see it; else
    as known now. compare: also what the usual methods would have raised. Raises UsageError for a span without returns.
    """
    weeks: list[RehearsedWeek] = []
    judged: set[date] = set()
    cells: dict[str, set[tuple[str, str]]] = {method: set() for method in METHODS}
    tested: Counter[str] = Counter()
    back = longest_look_back(workspace.rules.ladder)
    for one in _judged(store, workspace, cycle, (first, last), as_known=as_known, back=back, progress=progress):
        usual: dict[str, int] = {}
        if compare:
            for method, listed in raised_by(one.evaluation.histories.values()).items():
                usual[method] = len(listed.cells)
                cells[method].update(listed.cells)
                tested[method] += listed.tested
        as_of = one.evaluation.scope.known_at if as_known else END_OF_TIME
        signed = signed_steps(store, cycle, one.week, as_of) if workspace.rules.ladder else {}
        weeks.append(_rehearsed(one, signed, len(weeks), usual))
        judged.add(one.week)
    silent = tuple(week for week, _ in periods_of(workspace, cycle, first, last) if week not in judged)
    usual_cells = {method: len(found) for method, found in cells.items()} if compare else {}
    own = tuple(rule.rule for rule in own_rules(workspace))
    return Rehearsal(cycle.cycle, workspace.rules.version, as_known, tuple(weeks), silent, usual_cells, tested, own)


def evaluations(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    first: date,
    last: date,
    *,
    as_known: bool = False,
    progress: Progress = lambda _words: None,
) -> Iterator[tuple[date, Evaluation]]:
    """First day and evaluation of every week with returns in the span, oldest first. Raises UsageError without one."""
    for one in _judged(store, workspace, cycle, (first, last), as_known=as_known, back=0, progress=progress):
        yield one.week, one.evaluation


class _Judged(NamedTuple):
    """A week, and what it and so many before it add to the record that the ladder reads."""

    week: date
    evaluation: Evaluation
    record: Record


def _judged(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    asked: tuple[date, date],
    *,
    as_known: bool,
    back: int,
    progress: Progress,
) -> Iterator[_Judged]:
    """Every week with returns of the span. back: earlier periods that the record reaches to, as known then."""
    newest, cadence = known_at(store, None), workspace.calendar.cadence(cycle.cadence)
    weeks = periods_of(workspace, cycle, cadence.shift(cadence.start_of(asked[0]), -back), asked[1])
    if newest is None or not periods_of(workspace, cycle, *asked):
        raise no_returns(workspace, *asked)
    progress("reading the figures of all weeks")
    span = read_span(store, workspace, weeks[0][0], weeks[-1][0])
    periods: list[Period | None] = []
    found = False
    for number, (week, next_ends) in enumerate(weeks, start=1):
        then = known_then(span, workspace, cycle, week, next_ends, newest)
        wanted = week >= asked[0]
        evaluation = None
        if then is not None and (back or (wanted and as_known)):
            progress(f"judging week {number} of {len(weeks)}")
            evaluation = evaluate(span, workspace, cycle, week, then)
        periods.append(period_of(evaluation) if evaluation and back else None)
        if then is None or not wanted:
            continue
        if evaluation is None or not (as_known or then == newest):
            progress(f"judging week {number} of {len(weeks)}")
            evaluation = evaluate(span, workspace, cycle, week, newest)
        earlier = [period for period in reversed(periods[-1 - back : -1]) if period is not None] if back else []
        found = True
        yield _Judged(week, evaluation, (period_of(evaluation), *earlier))
    if not found:
        raise no_returns(workspace, *asked)


def periods_of(workspace: Workspace, cycle: Cycle, first: date, last: date) -> list[tuple[date, date]]:
    """The weeks of a span in which a period of the cycle ends, and the last day of the period after."""
    weekly, cadence = workspace.calendar.cadence("weekly"), workspace.calendar.cadence(cycle.cadence)
    found, period = [], cadence.start_of(first)
    while end_of(cadence, period) <= end_of(weekly, last):
        after = cadence.shift(period, 1)
        if end_of(cadence, period) >= first:
            found.append((weekly.start_of(end_of(cadence, period)), end_of(cadence, after)))
        period = after
    return found


def no_returns(workspace: Workspace, first: date, last: date) -> UsageError:
    """What to say of a span of which nothing is known."""
    label = workspace.calendar.cadence("weekly").label
    message = f"No return from {label(first)} to {label(last)} is known."
    return UsageError(Finding("no-returns", "", message, "See which weeks there are: compstat status"))


def _rehearsed(
    judged: _Judged, signed: Mapping[tuple[str, str], SignedStep], period: int, usual: Mapping[str, int]
) -> RehearsedWeek:
    evaluation, week = judged.evaluation, judged.week
    decisions, scope = evaluation.decisions, evaluation.scope
    rules = scope.workspace.rules
    raised = on_ladder(evaluation.outlines, standings(scope, judged.record, signed), rules.ladder)
    flags = ranked(raised, scope.cycle, rules.decision.small_unit_share, sizes_of(evaluation))
    tested: Counter[str] = Counter()
    for decided in decisions.decided:
        tested[decided.judgement.rule.rule] += len(decided.judgement.row)
    return RehearsedWeek(
        week=week,
        label=scope.label,
        known_at=scope.known_at,
        tests=decisions.tests,
        expected_by_chance=decisions.expected_by_chance,
        flags=tuple(
            Fired(period, one.unit, one.indicator, one.rule, one.family, one.outcome, one.severity, one.shown, one.rank)
            for one in flags
        ),
        tested=tested,
        usual=usual,
        looked_at=Counter(indicator for _, indicator in scope.cells),
    )
