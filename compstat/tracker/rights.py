"""Who may do what to an action: commanders work, challengers and analysts decide, everybody reads."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from compstat.findings import Finding, PermissionRefusedError, UsageError
from compstat.tracker.event import EventKind

if TYPE_CHECKING:
    from compstat.workspace.tables import Person
    from compstat.workspace.workspace import Workspace

DECIDERS = frozenset({"challenger", "analyst"})
WORK = frozenset(
    {
        EventKind.NOTED,
        EventKind.STARTED,
        EventKind.DUE_CHANGED,
        EventKind.CLAIMED,
        EventKind.REOPENED,
    }
)
TO_DO = {
    EventKind.RAISED: "raise an action",
    EventKind.NOTED: "note on it",
    EventKind.STARTED: "start it",
    EventKind.DUE_CHANGED: "change its date",
    EventKind.CLAIMED: "claim it",
    EventKind.REOPENED: "send it back",
    EventKind.VERIFIED: "verify it",
    EventKind.DROPPED: "drop it",
    EventKind.REASSIGNED: "reassign it",
    EventKind.SCORED: "score its promise",
    EventKind.MEETING_HELD: "close a meeting",
}


def commands(workspace: Workspace, person: Person, unit: str, on: date) -> bool:
    """Whether units.csv, which is the authority, names this person as the unit's commander on that day."""
    return _commander(workspace, unit, on) == person.person


def units_commanded(workspace: Workspace, person: Person, on: date | None = None) -> frozenset[str]:
    """The units whose row valid on the day (the newest row without one) names this person as commander."""
    codes = {row.unit for row in workspace.units}
    return frozenset(code for code in codes if workspace.unit(code, on).commander == person.person)


def check_right(
    workspace: Workspace,
    person: Person,
    kind: EventKind,
    *,
    on: date,
    unit: str = "",
    owner: str = "",
    action: str = "",
) -> None:
    """Raise PermissionRefusedError, with what is allowed, when this person may not do this on that day.

    A commander works on the actions of the unit they command, and everybody on those they own; only a specialist
    also raises one for themselves.
    """
    if person.role in DECIDERS:
        return
    if kind in WORK or kind is EventKind.RAISED:
        if unit and commands(workspace, person, unit, on):
            return
        if owner == person.person and (kind in WORK or person.role == "specialist"):
            return
        message = f"{person.person} ({person.role}) may not {TO_DO[kind]}{_whose(workspace, unit, owner, on)}"
        its_owner = "the action's owner" if kind in WORK else "a specialist who owns the action"
        fix = f"Allowed: the unit's commander, {its_owner}, an analyst or a challenger."
        raise PermissionRefusedError(Finding("not-allowed", action, message, fix))
    check_decides(person, TO_DO[kind], action)


def check_decides(person: Person, doing: str, action: str = "") -> None:
    """Raise PermissionRefusedError for anybody but a challenger or an analyst."""
    if person.role in DECIDERS:
        return
    message = f"{person.person} ({person.role}) may not {doing}: only a challenger or an analyst may"
    fix = f"Claim it with: compstat action claim {action} --note WORDS" if action else "Ask one of them."
    raise PermissionRefusedError(Finding("not-allowed", action, message, fix))


def _whose(workspace: Workspace, unit: str, owner: str, on: date) -> str:
    commander = _commander(workspace, unit, on) or "nobody in units.csv"
    return f": unit {unit} is commanded by {commander} and the owner is {owner}"


def _commander(workspace: Workspace, unit: str, on: date) -> str | None:
    """None as well for a unit that units.csv no longer holds: its old actions stay readable."""
    try:
        return workspace.unit(unit, on).commander
    except UsageError:
        return None
