"""The end of a meeting: it is put on record once, and every open action is carried to the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from compstat.cadences import DeclaredCadence
from compstat.findings import Finding, TrackerError, UsageError
from compstat.tracker.action import Action, most_carried_first, step_after
from compstat.tracker.event import Entry, Event, EventKind, EventLog, moment
from compstat.tracker.states import actions_from

if TYPE_CHECKING:
    from compstat.workspace.settings import Cycle
    from compstat.workspace.workspace import Workspace


CLOSED_ALREADY = "Nothing was changed. Name the week of another meeting, or see: compstat meeting list"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that was held. carried: the codes of the actions that went on to the next one."""

    cycle: str
    week: str
    at: datetime
    by: str
    carried: tuple[str, ...]


def period_of(workspace: Workspace, cycle: Cycle, words: str) -> date:
    """First day of a meeting's period, in the cadence of its cycle.

    `words` is a week, a date in the period, a month, or what periods.csv calls it. Raises UsageError for anything else.
    """
    cadence = workspace.calendar.cadence(cycle.cadence)
    declared = cadence.periods if isinstance(cadence, DeclaredCadence) else ()
    named = {cadence.label(period.first): period.first for period in declared}
    if words.strip() in named:
        return named[words.strip()]
    try:
        if re.fullmatch(r"\d{4}-\d{2}", words.strip()):
            return cadence.start_of(date.fromisoformat(f"{words.strip()}-01"))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words.strip()):
            return cadence.start_of(date.fromisoformat(words.strip()))
        return cadence.start_of(workspace.calendar.week_of(words))
    except (ValueError, OverflowError) as error:
        message = f'"{words}" is not a week: write 2026-W46, or a date such as 2026-11-15'
        raise UsageError(Finding("bad-week", "", message)) from error


def period_label(workspace: Workspace, cycle: Cycle, words: str) -> str:
    """What that period is called: `2026-W46`, `2026-11` for a monthly cycle. Raises UsageError."""
    cadence = workspace.calendar.cadence(cycle.cadence)
    return cadence.label(period_of(workspace, cycle, words))


def last_period(workspace: Workspace, cycle: Cycle, day: date) -> str:
    """The label of the newest period of the cycle ended by that day: what its meeting is about."""
    cadence = workspace.calendar.cadence(cycle.cadence)
    return cadence.label(workspace.calendar.windows(cadence, day).week.first)


def check_turn(workspace: Workspace, cycle: Cycle, words: str, events: Sequence[Event], at: datetime) -> None:
    """Raise TrackerError for a meeting that was held, or about a week before the last one held.

    A week whose carries are on record was held, whether a closing or a file brought them.
    """
    start, label = period_of(workspace, cycle, words), period_label(workspace, cycle, words)
    closed = next((row for row in meetings_from(events) if (row.cycle, row.week) == (cycle.cycle, label)), None)
    if closed:
        raise _already(closed)
    held = {str(event.payload.get("week", "")) for event in events if _is_of_meeting(event, cycle, at)}
    last = max(held, key=lambda week: period_of(workspace, cycle, week), default=label)
    if label in held and label == last:
        message = f"the meeting of {label} was held: its actions were carried by an import"
        raise TrackerError(Finding("meeting-closed", f"cycle {cycle.cycle}", message, CLOSED_ALREADY))
    if start < period_of(workspace, cycle, last):
        message = f"the meeting of {last} is on record already; {label} lies before it"
        fix = "Meetings are closed in their order. See: compstat meeting list"
        raise TrackerError(Finding("meeting-past", f"cycle {cycle.cycle}", message, fix))


def _is_of_meeting(event: Event, cycle: Cycle, at: datetime) -> bool:
    """Whether the event shows that a meeting of the cycle was held: its closing, or an earlier carry from a file."""
    shows = event.kind is EventKind.MEETING_HELD or (event.kind is EventKind.CARRIED and event.at <= at)
    return shows and event.payload.get("cycle") == cycle.cycle


def close_meeting(log: EventLog, cycle: Cycle, week: str, by: str, at: datetime | None = None) -> Meeting:
    """Put a meeting on record and carry every open action of its cycle, all in one.

    `week` is the label of the period. Raises TrackerError when it is closed already; nothing changes.
    """
    when = moment(at or datetime.now(UTC))

    def decision(events: tuple[Event, ...]) -> Sequence[Entry]:
        held = next((row for row in meetings_from(events) if (row.cycle, row.week) == (cycle.cycle, week)), None)
        if held:
            raise _already(held)
        rows = actions_from(events).values()
        open_actions = most_carried_first(row for row in rows if row.is_open and row.cycle == cycle.cycle)
        codes = [row.action for row in open_actions]
        payload = {"cycle": cycle.cycle, "week": week, "carried": codes}
        carries = [_carried(row, events, cycle, week, by, when) for row in open_actions]
        return [Entry(EventKind.MEETING_HELD, when, by, payload=payload), *carries]

    return meetings_from(log.decide(decision))[0]


def meetings_from(events: Sequence[Event]) -> tuple[Meeting, ...]:
    """The meetings held, in the order of their closing."""
    return tuple(
        Meeting(
            str(event.payload.get("cycle", "")),
            str(event.payload.get("week", "")),
            event.at,
            event.by,
            tuple(event.payload.get("carried", ())),
        )
        for event in events
        if event.kind is EventKind.MEETING_HELD
    )


def carried(action: str, times_carried: int, cycle: Cycle, week: str, by: str, at: datetime) -> Entry:
    """The entry of an action's n-th carry, with its ladder step: later settings do not rewrite history."""
    step = step_after(times_carried, cycle.carries_before_step)
    return Entry(EventKind.CARRIED, at, by, action, {"cycle": cycle.cycle, "week": week, "step": step})


def _carried(action: Action, events: Sequence[Event], cycle: Cycle, week: str, by: str, when: datetime) -> Entry:
    last = max(event.at for event in events if event.action == action.action)
    # an action raised or noted a moment after the meeting's recorded end is carried all the same: never lost
    return carried(action.action, action.times_carried + 1, cycle, week, by, max(when, last))


def _already(held: Meeting) -> TrackerError:
    message = f"the meeting of {held.week} was closed at {held.at:%Y-%m-%d %H:%M} UTC by {held.by}"
    return TrackerError(Finding("meeting-closed", f"cycle {held.cycle}", message, CLOSED_ALREADY))
