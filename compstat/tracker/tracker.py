"""The tracker: actions of a workspace, read as known at a moment and changed one event at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from compstat.findings import Finding, TrackerError
from compstat.tracker.action import Action, ActionState
from compstat.tracker.agreement import NewAction, check_new, check_person, plain_text, raised
from compstat.tracker.carry import Meeting, check_turn, close_meeting, meetings_from, period_label, period_of
from compstat.tracker.event import Entry, Event, EventKind, EventLog, moment
from compstat.tracker.possible import PresentFigure, check_due, check_possible
from compstat.tracker.record import Record, find, log_at
from compstat.tracker.rights import check_right
from compstat.tracker.states import LEADS_TO, actions_from, check_step

if TYPE_CHECKING:
    from compstat.workspace.settings import Cycle
    from compstat.workspace.tables import Person
    from compstat.workspace.workspace import Workspace

NOT_TESTABLE = "not_testable"
SCORES = ("met", "within_chance", "missed", NOT_TESTABLE)
CLOSING = frozenset({EventKind.VERIFIED, EventKind.DROPPED})


@dataclass(frozen=True, slots=True)
class _Step:
    """What an event will be, and every step that must be allowed for it."""

    kind: EventKind
    note: str
    payload: dict[str, str] = field(default_factory=dict)
    checked: tuple[EventKind, ...] = ()


class Tracker(Record):
    """The record and the ways to add to it. `at` left out is now; a moment without a zone is UTC.

    Every change raises PermissionRefusedError or TrackerError and then leaves the log as it was.
    """

    def __init__(self, log: EventLog, workspace: Workspace) -> None:
        super().__init__(log)
        self.workspace = workspace

    def meetings(self, as_of: datetime | None = None) -> tuple[Meeting, ...]:
        """The meetings held, as known at a moment, in the order of their closing."""
        return meetings_from(self.events(as_of=as_of))

    def add(
        self, new: NewAction, by: Person, at: datetime | None = None, figure: PresentFigure | None = None
    ) -> Action:
        """Raise an action under the next free code. Raises UsageError for an unknown unit or indicator.

        `figure`: what the promise starts from, where it is known; a size beyond it is refused.
        """
        when = moment(at or datetime.now(UTC))
        check_new(self.workspace, new)
        check_right(self.workspace, by, EventKind.RAISED, on=when.date(), unit=new.unit, owner=new.owner)
        check_possible(self.workspace, new, when, figure)
        (event,) = self.log.append(raised(new, by.person, when))
        return actions_from([event])[event.action]

    def note(self, code: str, note: str, by: Person, at: datetime | None = None) -> Action:
        """Put a word on record."""
        return self.update(code, by, note=note, at=at)

    def update(
        self,
        code: str,
        by: Person,
        *,
        note: str = "",
        state: ActionState | None = None,
        due: date | None = None,
        at: datetime | None = None,
    ) -> Action:
        """Note, take a step and set another date, in one event. Another date wants a note; a later one is a slip."""
        note = plain_text("note", note)
        if not note and state is None and due is None:
            fix = "Give --note, --state or --due."
            raise TrackerError(Finding("nothing-to-do", code, "nothing to put on record", fix))

        def plan(action: Action) -> _Step:
            step = _updating(action, note, state, due)
            if due is not None:
                check_due(self.workspace, action, due)
            return step

        return self._record(code, by, at, plan)

    def claim(self, code: str, note: str, by: Person, at: datetime | None = None) -> Action:
        """Say that it is done, and what shows it."""
        return self._take(code, EventKind.CLAIMED, note, by, at)

    def verify(
        self,
        code: str,
        note: str,
        by: Person,
        at: datetime | None = None,
        *,
        reason: str = "",
        score: str | None = None,
    ) -> Action:
        """Close it: the change has been seen in the data. `score`: how its promise came out, which goes on record too.

        A promise that has no score, or is not testable, is verified only for a `reason` that stays on record.
        """
        known = score and _checked_score(code, score)
        said = {"score": known, "reason": plain_text("reason", reason)}
        return self._take(code, EventKind.VERIFIED, note, by, at, {key: words for key, words in said.items() if words})

    def drop(self, code: str, reason: str, by: Person, at: datetime | None = None) -> Action:
        """Close it without its end, for a reason that stays on record."""
        return self._take(code, EventKind.DROPPED, reason, by, at)

    def reassign(self, code: str, owner: str, reason: str, by: Person, at: datetime | None = None) -> Action:
        """Give it to another person, for a reason that stays on record."""
        check_person(self.workspace, owner)
        return self._take(code, EventKind.REASSIGNED, reason, by, at, {"owner": owner})

    def score(self, code: str, score: str, note: str, by: Person, at: datetime | None = None) -> Action:
        """Put on record how the promise came out: one of SCORES."""
        return self._take(code, EventKind.SCORED, note, by, at, {"score": _checked_score(code, score)})

    def close_meeting(
        self,
        cycle: Cycle,
        words: str,
        by: Person,
        at: datetime | None = None,
        check: Callable[[date], None] = lambda _start: None,
    ) -> Meeting:
        """Put the meeting of a week on record and carry every open action of its cycle to the next.

        `check` is given the first day of that week before anything is written; what it raises stops the closing.
        """
        when = moment(at or datetime.now(UTC))
        check_right(self.workspace, by, EventKind.MEETING_HELD, on=when.date())
        check_turn(self.workspace, cycle, words, self.events(), when)
        check(period_of(self.workspace, cycle, words))
        return close_meeting(self.log, cycle, period_label(self.workspace, cycle, words), by.person, when)

    def _take(
        self,
        code: str,
        kind: EventKind,
        note: str,
        by: Person,
        at: datetime | None,
        payload: dict[str, str] | None = None,
    ) -> Action:
        words = plain_text("note", note)
        return self._record(code, by, at, lambda _action: _Step(kind, words, payload or {}))

    def _record(self, code: str, by: Person, at: datetime | None, plan: Callable[[Action], _Step]) -> Action:
        """Check and write under one lock, so that of two people nobody acts on what is no longer so."""

        def decision(events: tuple[Event, ...]) -> Sequence[Entry]:
            action = find(actions_from(events), code)
            when = moment_after(events, action.action, at)
            step = plan(action)
            for kind in step.checked or (step.kind,):
                check_right(
                    self.workspace,
                    by,
                    kind,
                    on=when.date(),
                    unit=action.unit,
                    owner=action.owner,
                    action=action.action,
                )
                check_step(action, kind)
            _check_reason(action, step)
            return [Entry(step.kind, when, by.person, action.action, step.payload, step.note)]

        (event,) = self.log.decide(decision)
        return self.action(event.action)


def _checked_score(code: str, score: str) -> str:
    if score in SCORES:
        return score
    wanted = f"Wanted: {', '.join(SCORES)}."
    raise TrackerError(Finding("unknown-score", code, f'"{score}" is no score', wanted))


def _check_reason(action: Action, step: _Step) -> None:
    """Raise TrackerError for a step that says nothing though the meeting will ask about it."""
    if step.kind is EventKind.VERIFIED:
        _check_verified(action, step)
    if step.note:
        return
    if step.kind is EventKind.DUE_CHANGED:
        message = "cannot be given another date without a word on why"
        raise TrackerError(Finding("reason-wanted", action.action, message, "Give --note WORDS."))
    if step.kind in {EventKind.DROPPED, EventKind.REASSIGNED}:
        message = "cannot be dropped or reassigned without a reason"
        raise TrackerError(Finding("reason-wanted", action.action, message, "Give --reason WORDS."))
    if EventKind.CLAIMED in (step.checked or (step.kind,)):
        message = "cannot be claimed without a word on what shows that it worked"
        raise TrackerError(Finding("reason-wanted", action.action, message, "Give --note WORDS."))


def _check_verified(action: Action, step: _Step) -> None:
    """Raise TrackerError for a closing that rests on nothing: no word, or no score and no reason why none is needed."""
    code, promise = action.action, action.promise
    if not step.note:
        message = "cannot be verified without a word on what was seen in the figures"
        raise TrackerError(Finding("reason-wanted", code, message, "Give --note WORDS."))
    score = step.payload.get("score") or action.score
    if promise.indicator is None or score not in {None, NOT_TESTABLE} or step.payload.get("reason"):
        return
    found = "is not testable" if score else f"has no score yet (reviewed {promise.review_week})"
    wait = "Say why" if score else "Wait for its figures, or say why"
    message = f"its promise {found}, and no reason says why it is closed"
    fix = f"{wait}: compstat action verify {code} --note WORDS --reason WORDS"
    raise TrackerError(Finding("no-score", code, message, fix))


def open_tracker(workspace: Workspace) -> Tracker:
    """The tracker at `location` of [tracker], relative to the workspace.

    Raises TrackerError for a server's URL.
    """
    return Tracker(log_at(workspace.root, workspace.settings.tracker.location), workspace)


def moment_after(events: Sequence[Event], action: str, at: datetime | None) -> datetime:
    """When the next event of an action is: `at`, which must not lie before its last event, else now.

    A clock that runs behind a colleague's is moved up to the last event, so the order of time and of the
    log agree, and a reading as of any moment is a true one.
    """
    last = max((event.at for event in events if event.action == action), default=None)
    if at is None:
        now = datetime.now(UTC)
        return max(now, last) if last else now
    when = moment(at)
    if last and when < last:
        message = f"its last entry is of {last:%Y-%m-%d %H:%M} UTC; {when:%Y-%m-%d %H:%M} lies before it"
        raise TrackerError(Finding("earlier-moment", action, message, "Give a later --at, or leave it out."))
    return when


def _updating(action: Action, note: str, state: ActionState | None, due: date | None) -> _Step:
    """What `update` writes: the date if there is one, else the step, else the note."""
    step = None if state is None else _step_to(action, state)
    if due is None:
        return _Step(step or EventKind.NOTED, note)
    if step in CLOSING:
        raise TrackerError(
            Finding("step-not-allowed", action.action, "a closed action has no new date", "Leave --due out.")
        )
    if due == action.due:
        fix = "Give another date, or leave --due out."
        raise TrackerError(Finding("same-date", action.action, f"is already due on {due}", fix))
    payload = {"due": due.isoformat()}
    if step is None:
        return _Step(EventKind.DUE_CHANGED, note, payload)
    return _Step(
        EventKind.DUE_CHANGED,
        note,
        {**payload, "state": LEADS_TO[step].value},
        checked=(EventKind.DUE_CHANGED, step),
    )


def _step_to(action: Action, state: ActionState) -> EventKind:
    if state is ActionState.IN_PROGRESS:
        return EventKind.REOPENED if action.state is ActionState.CLAIMED else EventKind.STARTED
    for kind, reached in LEADS_TO.items():
        if reached is state:
            return kind
    message = "cannot be made untouched again; an action goes open, in_progress, claimed, verified"
    fix = f"Send it back with: compstat action update {action.action} --state in_progress --note WORDS"
    raise TrackerError(Finding("step-not-allowed", action.action, message, fix))
