"""An action: what somebody agreed to do about a flag, and where it stands. Derived from its events alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ActionState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    DROPPED = "dropped"


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
    """One action as its events make it. Field names are a public contract (docs/cli.md)."""

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
