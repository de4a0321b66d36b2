"""An action: what somebody agreed to do about a flag, and where it stands. Derived from its events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ActionState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    DROPPED = "dropped"


# The ladder of the meeting's own challenge; what lies above support is for a named person to sign.
STEPS = ("challenge", "increased challenge", "support")

OPEN_STATES = frozenset({ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.CLAIMED})


@dataclass(frozen=True, slots=True)
class Promise:
    """A measurable promise: this indicator moves by `size` (events or points) in this direction by a week.

    Without a measure, `reason` says why there is none and the rest is None.
    """

    indicator: str | None = None
    direction: str | None = None  # "down" or "up"
    size: float | None = None
    review_week: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One action as its events make it. Field names are a public contract (docs/cli.md).

    times_slipped counts moves of `due` to a later day. step: one of STEPS. score: how the promise came out
    (`met`, `within_chance`, `missed`, `not_testable`), None until its review week is scored. owner_noted: whether its
    owner put a word of progress on record.
    """

    action: str
    cycle: str
    unit: str
    owner: str
    what: str
    state: ActionState
    due: date
    original_due: date
    times_carried: int
    times_slipped: int
    raised_week: str
    raised_at: datetime
    flag: str | None
    promise: Promise
    last_note: str = ""
    last_note_by: str = ""
    last_note_at: datetime | None = None
    step: str = "challenge"
    score: str | None = None
    owner_noted: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.due < on


def step_after(times_carried: int, carries_before_step: int) -> str:
    """The ladder step of an action carried so often: one step up at every `carries_before_step` carries."""
    return STEPS[min(times_carried // carries_before_step, len(STEPS) - 1)]


def most_carried_first(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The order of a meeting: most carried, then oldest, then by code."""
    return tuple(sorted(actions, key=lambda row: (-row.times_carried, row.raised_at, row.action)))
