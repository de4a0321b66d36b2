"""Actions as tables and words on a terminal, and as the fields that programs are promised."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from compstat.cli.text import print_table, printable
from compstat.tracker.action import Action, Promise
from compstat.tracker.event import Event

if TYPE_CHECKING:
    from compstat.meeting.briefing import PromiseScore

LONGEST_CELL = 60  # characters of a task in a pipe's table: the rest is in `action show`; a terminal wraps it

# What a narrow terminal may leave out, least important first
DROP = (("slips", (7,)), ("steps", (8,)), ("carries", (6,)), ("states", (4,)), ("owners", (2,)))
DROP_OF_EVENTS = (("numbers", (0,)), ("times", (1,)))

CHANGED_BY = {
    "raised": ("what", "due", "owner"),
    "due_changed": ("due", "state"),
    "reassigned": ("owner",),
    "carried": ("week", "step"),
    "verified": ("score", "reason"),
    "scored": ("score",),
    "meeting_held": ("cycle", "week"),
}
IN_WORDS = {
    "what": "{}",
    "due": "due {}",
    "owner": "owner {}",
    "state": "{}",
    "week": "meeting of {}",
    "cycle": "{}",
    "step": "step: {}",
    "score": "{}",
    "reason": "because: {}",
}


def as_public(action: Action) -> dict[str, Any]:
    """The fields of `action list --json`, a public contract (docs/cli.md)."""
    return {
        "action": action.action,
        "cycle": action.cycle,
        "unit": action.unit,
        "owner": action.owner,
        "what": action.what,
        "state": action.state.value,
        "due": action.due,
        "original_due": action.original_due,
        "times_carried": action.times_carried,
        "times_slipped": action.times_slipped,
        "raised_week": action.raised_week,
        "flag": action.flag,
        "promise": asdict(action.promise),
        "score": action.score,
    }


def as_public_in_full(action: Action, scored: PromiseScore | None) -> dict[str, Any]:
    """The fields of `action show --json`: those of the list and what only one action's page has room for.

    `score` is what is on record, `scored` what the figures say.
    """
    return as_public(action) | {
        "raised_at": action.raised_at,
        "step": action.step,
        "last_note": action.last_note,
        "last_note_by": action.last_note_by,
        "last_note_at": action.last_note_at,
        "owner_noted": action.owner_noted,
        "scored": scored and asdict(scored),
    }


def event_as_public(event: Event) -> dict[str, Any]:
    """The fields of `action log --json`. `action` is null for a meeting."""
    return asdict(event) | {"action": event.action or None, "kind": event.kind.value}


def print_actions(actions: Sequence[Action], on: date | None) -> None:
    """One line an action. `on` is the day that due dates are counted from; None prints the date alone."""
    headings = ("action", "unit", "owner", "what", "state", "due", "carried", "slipped", "step")
    rows = [
        (
            row.action,
            row.unit,
            row.owner,
            row.what if sys.stdout.isatty() else shortened(row.what),
            row.state.replace("_", " "),
            _due_cell(row, on),
            str(row.times_carried),
            str(row.times_slipped),
            row.step,
        )
        for row in actions
    ]
    print_table(headings, rows, right=(6, 7), drop=DROP)


def _due_cell(action: Action, on: date | None) -> str:
    """Due in words; of a closed action its state too, for a narrow terminal leaves the column of states out."""
    if sys.stdout.isatty() and not action.is_open:
        return f"{action.due} ({action.state.value})"
    return due_in_words(action, on)


def print_action(action: Action, events: Sequence[Event], on: date | None, scored: PromiseScore | None) -> None:
    """One action, how its promise came out by the figures, and everything that was put on record about it."""
    from compstat.cli.action_scoring import score_in_words

    slips = f", first agreed for {action.original_due}" if action.due != action.original_due else ""
    slips += f", slipped {times(action.times_slipped)}" if action.times_slipped else ""
    print(printable(f"{action.action}  {action.what}".replace("\n", " ")))
    for label, words in (
        ("unit", action.unit),
        ("owner", action.owner),
        ("state", action.state.replace("_", " ")),
        ("due", due_in_words(action, on) + slips),
        ("carried", f"{times(action.times_carried)}; step: {action.step}"),
        (
            "raised",
            f"{action.raised_week}, {action.cycle}" + (f", from {action.flag}" if action.flag else ""),
        ),
        ("promise", promise_in_words(action.promise)),
        ("score", score_in_words(action, scored)),
    ):
        print(printable(f"  {label:<9}{words}".replace("\n", " ")))
    print()
    print_events(events)


def print_events(events: Sequence[Event]) -> None:
    """One line an event, oldest first."""
    rows = [
        (
            str(event.sequence),
            f"{event.at:%Y-%m-%d %H:%M}",
            event.action,
            event.kind.replace("_", " "),
            event.by,
            "; ".join(filter(None, (_detail(event), event.note))),
        )
        for event in events
    ]
    print_table(("no.", "when (UTC)", "action", "event", "by", "what and why"), rows, right=(0,), drop=DROP_OF_EVENTS)


def due_in_words(action: Action, on: date | None) -> str:
    """`2026-11-26 (in 7 days)`, `2026-11-12 (overdue by 7 days)`; the date alone for a closed action."""
    if on is None or not action.is_open:
        return f"{action.due}"
    days = (action.due - on).days
    words = f"in {counted(days, 'day')}" if days > 0 else f"overdue by {counted(-days, 'day')}"
    return f"{action.due} ({words if days else 'today'})"


def promise_in_words(promise: Promise) -> str:
    """`burglary down by 12 by 2026-W47`, or why there is no measure."""
    if promise.indicator is None:
        return f"no measure, because: {promise.reason}"
    return f"{promise.indicator} {promise.direction} by {promise.size:g} by {promise.review_week}"


def counted(number: int, what: str) -> str:
    """`1 day`, `6 days`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def times(number: int) -> str:
    """`never`, `once`, `twice`, `5 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1].rstrip()}…"


def _detail(event: Event) -> str:
    """What the event changed, in words."""
    keys = CHANGED_BY.get(event.kind.value, ())
    return ", ".join(IN_WORDS[key].format(event.payload[key]) for key in keys if event.payload.get(key))
