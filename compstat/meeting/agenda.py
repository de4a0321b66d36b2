"""The running order: parts with their minutes, the rest for the units to be challenged; it adds up.

Minutes follow what there is to discuss: a meeting with little on its list ends early rather than fill its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from compstat.meeting.briefing import AgendaItem, SeatedPerson, UnitReport
from compstat.rules.flag import Outcome
from compstat.workspace.settings import AgendaPart, Cycle
from compstat.workspace.tables import Role
from compstat.workspace.workspace import Workspace

USUAL_PARTS = (
    AgendaPart(part="actions", title="Follow-up on actions", minutes=15),
    AgendaPart(part="force", title="Force-wide picture", minutes=10, speaks="analyst"),
    AgendaPart(part="challenge", title="Challenge"),
    AgendaPart(part="good-practice", title="Good practice and awards", minutes=10, speaks="chair"),
    AgendaPart(part="new-actions", title="New actions read back", minutes=5, speaks="analyst"),
)
FIXED_AT_MOST = 0.6  # of the meeting; shorter meetings shorten their fixed parts
# what one item takes, and the least of its part: nobody to challenge needs no time, a count needs a word
MINUTES_EACH = {"actions": 3, "good-practice": 5}
LEAST_MINUTES = {"actions": 3, "good-practice": 1}
QUIET_MINUTES = {"force": 5}  # where no flag is shown
UNIT_MINUTES, FLAG_MINUTES = 5, 5  # a unit called: its turn, and each of its concerns
DATA_MINUTES = 2  # a unit of which no more than a return is missing

Line = tuple[str, str, int, str, str, str | None]  # part, title, minutes, speaker, note, unit


def running_order(
    workspace: Workspace,
    cycle: Cycle,
    challenged: Sequence[UnitReport],
    notes: Mapping[str, str],
    items: Mapping[str, int] | None = None,
) -> tuple[AgendaItem, ...]:
    """The agenda of one meeting, no longer than the cycle's minutes.

    `notes`: words beside a part. `items`: how many a part has to discuss (actions, good-practice, challenge); a part
    left out takes the minutes declared for it.
    """
    parts = _parts(workspace, cycle)
    fixed = _shortened([_wanted(part, items or {}) for part in parts], cycle.minutes)
    left = min(cycle.minutes - sum(fixed), sum(_unit_minutes(report) for report in challenged))
    lines: list[Line] = []
    for part, minutes in zip(parts, fixed, strict=True):
        if part.part == "challenge":
            lines += _challenges(part, left, challenged)
        else:
            speaker = _speaker(workspace, cycle, part.speaks)
            lines.append((part.part, part.title, minutes, speaker, notes.get(part.part, ""), None))
    return _timed(cycle, lines)


def _wanted(part: AgendaPart, items: Mapping[str, int]) -> int:
    """The minutes of a part: those declared, or fewer where there is less to discuss."""
    if part.part in MINUTES_EACH and part.part in items:
        return min(part.minutes, max(LEAST_MINUTES[part.part], MINUTES_EACH[part.part] * items[part.part]))
    if part.part in QUIET_MINUTES and items.get("challenge") == 0:
        return min(part.minutes, QUIET_MINUTES[part.part])
    return part.minutes


def _unit_minutes(report: UnitReport) -> int:
    """The minutes that a unit's turn would take with all the time in the world."""
    outcomes = [flag.outcome for flag in report.flags if flag.shown]
    concerns = sum(outcome not in {Outcome.COMMEND, Outcome.DATA} for outcome in outcomes)
    if Outcome.DATA in outcomes and not concerns:
        return DATA_MINUTES
    return UNIT_MINUTES + FLAG_MINUTES * max(1, concerns)


def _parts(workspace: Workspace, cycle: Cycle) -> Sequence[AgendaPart]:
    for agenda in workspace.agenda.agenda:
        if agenda.cycle == cycle.cycle and agenda.part:
            parts: Sequence[AgendaPart] = agenda.part
            return parts
    return USUAL_PARTS


def _shortened(minutes: Sequence[int], total: int) -> list[int]:
    """The fixed minutes, cut in proportion where they would leave too little for the challenge."""
    most = total * FIXED_AT_MOST
    if sum(minutes) <= most:
        return list(minutes)
    return [max(1, int(part * most / sum(minutes))) if part else 0 for part in minutes]


def _challenges(part: AgendaPart, left: int, challenged: Sequence[UnitReport]) -> list[Line]:
    if not challenged:
        return [("challenge", "No unit is challenged", 0, "", "no flag is for the room", None)]
    if left < len(challenged):
        return [("challenge", f"{part.title}: {len(challenged)} units", left, "", "", None)]
    shares = _whole(left, [_unit_minutes(report) for report in challenged])
    return [
        ("challenge", report.unit.title, minutes, report.commander, _flags_words(report), report.unit.unit)
        for report, minutes in zip(challenged, shares, strict=True)
    ]


def _flags_words(report: UnitReport) -> str:
    names = [row.indicator.title.lower() for row in report.rows if any(flag.shown for flag in row.flags)]
    words = ", ".join(names[:2])
    return words + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def _whole(total: int, wanted: Sequence[int]) -> list[int]:
    """The total in whole minutes, in proportion to those wanted, at least one each and none more than it wanted.

    What rounding leaves goes to the first of them. The total is neither above the sum wanted nor below one minute each.
    """
    spare, more = total - len(wanted), sum(wanted) - len(wanted)
    shares = [1 + spare * (minutes - 1) // max(more, 1) for minutes in wanted]
    while sum(shares) < total:
        for place, minutes in enumerate(wanted):
            shares[place] += shares[place] < minutes and sum(shares) < total
    return shares


def _speaker(workspace: Workspace, cycle: Cycle, who: str) -> str:
    """A person's name from an id, or from the role that speaks."""
    by_role: Mapping[str, Callable[[], str | None]] = {
        "challenger": lambda: cycle.challenger,
        "chair": lambda: cycle.chair,
        "analyst": lambda: next((row.person for row in workspace.people if row.role is Role.ANALYST), None),
    }
    code = by_role[who]() if who in by_role else who
    person = workspace.person(code) if code else None
    return person.title if person else (code or who.title())


def _timed(cycle: Cycle, lines: Sequence[Line]) -> tuple[AgendaItem, ...]:
    clock = datetime.combine(datetime.min, time.fromisoformat(cycle.starts_at))
    items: list[AgendaItem] = []
    for number, (part, title, minutes, speaker, note, unit) in enumerate(lines, start=1):
        items.append(AgendaItem(number, part, title, clock.time(), minutes, speaker, note, unit))
        clock += timedelta(minutes=minutes)
    return tuple(items)


def seating(workspace: Workspace, cycle: Cycle) -> tuple[SeatedPerson, ...]:
    """Who sits where, with names for person ids and unit codes."""
    units = {row.unit: row.title for row in workspace.units}
    people = {row.person: row.title for row in workspace.people}
    return tuple(
        SeatedPerson(people.get(seat.who, units.get(seat.who, seat.who)), seat.x, seat.y)
        for agenda in workspace.agenda.agenda
        if agenda.cycle == cycle.cycle
        for seat in agenda.seat
    )
