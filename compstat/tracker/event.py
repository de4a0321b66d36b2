"""Events of the tracker: what was done, when, by whom and why, each chained to the one before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from compstat.findings import Finding

FIRST_PREVIOUS = "0" * 64  # what stands in for a hash before the first event


class EventKind(StrEnum):
    RAISED = "raised"
    NOTED = "noted"
    STARTED = "started"
    DUE_CHANGED = "due_changed"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    DROPPED = "dropped"
    REASSIGNED = "reassigned"
    CARRIED = "carried"
    SCORED = "scored"
    REOPENED = "reopened"
    MEETING_HELD = "meeting_held"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event before it has its place in the log.

    action: the code; empty for a meeting, and for a raised action that shall get the next free code.
    """

    kind: EventKind
    at: datetime
    by: str
    action: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. `sequence` counts from 1, `at` is UTC, `hash` covers all else."""

    sequence: int
    action: str
    kind: EventKind
    at: datetime
    by: str
    payload: Mapping[str, Any]
    note: str
    previous: str
    hash: str


Decision = Callable[[tuple[Event, ...]], Sequence[Entry]]


class EventLog(Protocol):
    """Where events are kept: append-only, in one order, safe with several writers at once."""

    def events(self) -> tuple[Event, ...]:
        """Every event in its order. Raises TrackerError when the log cannot be read."""

    def append(self, *entries: Entry) -> tuple[Event, ...]:
        """The entries as events at the end of the log: all of them or none."""

    def decide(self, decision: Decision) -> tuple[Event, ...]:
        """Append what `decision` makes of the log as it stands; no other writer comes between.

        What the decision raises leaves the log as it was.
        """


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def moment(at: datetime) -> datetime:
    """The moment in UTC; one without a zone is taken as UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def chained(entry: Entry, action: str, last: Event | None) -> Event:
    """The entry as the event that follows `last`."""
    sequence = last.sequence + 1 if last else 1
    previous = last.hash if last else FIRST_PREVIOUS
    payload = json.loads(canonical(dict(entry.payload)))
    at = moment(entry.at)
    digest = _digest(sequence, action, entry.kind, at, entry.by, payload, entry.note, previous)
    return Event(sequence, action, entry.kind, at, entry.by, payload, entry.note, previous, digest)


def code_of(number: int) -> str:
    """`A-0001` for 1."""
    return f"A-{number:04d}"


def number_of(code: str) -> int:
    """1 for `A-0001`; 0 for what is no code."""
    return int(code[2:]) if re.fullmatch(r"A-[0-9]{4,9}", code) else 0


def verify_chain(events: Iterable[Event]) -> list[Finding]:
    """Every place where the log is not what was written: a gap, a broken link, an altered event.

    The chain cannot show that its last events were cut off; compare the last hash with one on paper.
    """
    findings, sequence, previous = [], 0, FIRST_PREVIOUS
    for event in events:
        sequence += 1
        if event.sequence != sequence:
            findings.append(_broken(event, f"follows number {sequence - 1}: events are missing or added"))
            sequence = event.sequence
        if event.previous != previous:
            findings.append(_broken(event, "is not linked to the event before it"))
        if event.hash != _digest_of(event):
            findings.append(_broken(event, "does not match its hash: it was altered after it was written"))
        previous = event.hash
    return findings


def _digest_of(event: Event) -> str:
    return _digest(
        event.sequence,
        event.action,
        event.kind,
        event.at,
        event.by,
        event.payload,
        event.note,
        event.previous,
    )


def _digest(
    sequence: int,
    action: str,
    kind: EventKind,
    at: datetime,
    by: str,
    payload: Mapping[str, Any],
    note: str,
    previous: str,
) -> str:
    text = canonical([sequence, action, kind.value, at.isoformat(), by, dict(payload), note, previous])
    return hashlib.sha256(text.encode()).hexdigest()


def _broken(event: Event, words: str) -> Finding:
    return Finding(
        "tracker-damaged",
        f"event {event.sequence}",
        f"{event.kind} {event.action}".strip() + f" {words}",
        "Restore the tracker from a copy, and ask who had access to the file.",
    )
