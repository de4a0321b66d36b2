"""Events to actions: a pure fold, and which step an action's state allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from compstat.findings import Finding, TrackerError
from compstat.tracker.action import OPEN_STATES, Action, ActionState, Promise
from compstat.tracker.event import Event, EventKind

# The state an event leads to; the kinds that are not here leave it as it is.
LEADS_TO = {
    EventKind.STARTED: ActionState.IN_PROGRESS,
    EventKind.REOPENED: ActionState.IN_PROGRESS,
    EventKind.CLAIMED: ActionState.CLAIMED,
    EventKind.VERIFIED: ActionState.VERIFIED,
    EventKind.DROPPED: ActionState.DROPPED,
}
# The states in which a step may be taken; the kinds that are not here may be taken while the action is open.
ALLOWED_IN = {
    EventKind.STARTED: frozenset({ActionState.OPEN}),
    EventKind.CLAIMED: frozenset({ActionState.OPEN, ActionState.IN_PROGRESS}),
    EventKind.REOPENED: frozenset({ActionState.CLAIMED}),
    EventKind.SCORED: frozenset(ActionState),  # the review week can come after the action was closed
}
DOING = {
    EventKind.NOTED: "noted on",
    EventKind.STARTED: "started",
    EventKind.DUE_CHANGED: "given another date",
    EventKind.CLAIMED: "claimed",
    EventKind.VERIFIED: "verified",
    EventKind.DROPPED: "dropped",
    EventKind.REASSIGNED: "reassigned",
    EventKind.SCORED: "scored",
    EventKind.REOPENED: "sent back",
}


def actions_from(events: Iterable[Event]) -> dict[str, Action]:
    """Every action by its code, as the events leave it. Raises TrackerError for one that does not fit."""
    actions: dict[str, Action] = {}
    for event in events:
        if event.kind is EventKind.MEETING_HELD:
            continue
        try:
            if event.kind is EventKind.RAISED:
                actions[event.action] = _raised(event)
            else:
                actions[event.action] = _after(actions[event.action], event)
        except (KeyError, TypeError, ValueError) as error:
            message = f"{event.kind} {event.action} does not fit the events before it"
            fix = "See what was altered with: compstat action log --verify"
            raise TrackerError(Finding("tracker-damaged", f"event {event.sequence}", message, fix)) from error
    return actions


def check_step(action: Action, kind: EventKind) -> None:
    """Raise TrackerError, with what can be done instead, when the action's state does not allow this step."""
    if action.state in ALLOWED_IN.get(kind, OPEN_STATES):
        return
    state = _words(action.state)
    there = LEADS_TO.get(kind) is action.state
    message = f"is {state} already" if there else f"is {state} and cannot be {DOING[kind]}"
    raise TrackerError(Finding("step-not-allowed", action.action, message, _instead(action, kind)))


def _instead(action: Action, kind: EventKind) -> str:
    code = action.action
    if not action.is_open:
        return "A closed action stays closed; raise a new one with: compstat action add"
    if kind is EventKind.REOPENED:
        return f"Only a claimed action is sent back. Note on it with: compstat action update {code} --note WORDS"
    if action.state is ActionState.CLAIMED:
        return (
            f"Verify it with: compstat action verify {code} --note WORDS, "
            f"or send it back with: compstat action update {code} --state in_progress --note WORDS"
        )
    return f"Note on it with: compstat action update {code} --note WORDS"


def _raised(event: Event) -> Action:
    payload = event.payload
    due = date.fromisoformat(payload["due"])
    return Action(
        action=event.action,
        cycle=payload["cycle"],
        unit=payload["unit"],
        owner=payload["owner"],
        what=payload["what"],
        state=ActionState.OPEN,
        due=due,
        original_due=due,
        times_carried=0,
        times_slipped=0,
        raised_week=payload["raised_week"],
        raised_at=event.at,
        flag=payload["flag"],
        promise=Promise(**payload["promise"]),
    )


def _after(action: Action, event: Event) -> Action:
    """The action after one more event; as one command is one event, a note can bring a date along."""
    payload, changes = event.payload, dict[str, Any]()
    if event.kind is EventKind.CARRIED:
        return replace(action, times_carried=action.times_carried + 1, step=payload["step"])
    if event.kind is EventKind.SCORED:
        return replace(action, score=payload["score"])
    if event.kind in LEADS_TO:
        changes["state"] = LEADS_TO[event.kind]
    elif payload.get("state"):
        changes["state"] = ActionState(payload["state"])
    if payload.get("due"):
        due = date.fromisoformat(payload["due"])
        changes |= {"due": due, "times_slipped": action.times_slipped + (due > action.due)}
    if payload.get("score"):  # a closing can say how the promise came out
        changes["score"] = payload["score"]
    if payload.get("owner"):
        changes["owner"] = payload["owner"]
    if event.kind is EventKind.NOTED and event.note and event.by == action.owner:
        changes["owner_noted"] = True
    if event.note:
        changes |= {"last_note": event.note, "last_note_by": event.by, "last_note_at": event.at}
    return replace(action, **changes)


def _words(state: ActionState) -> str:
    return state.value.replace("_", " ")
