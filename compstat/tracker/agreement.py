"""What is agreed when an action is raised, and whether it names only what the workspace holds."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from compstat.findings import Finding, TrackerError, nearest
from compstat.tracker.action import Promise
from compstat.tracker.event import Entry, EventKind

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

LONGEST_TEXT = 4000  # characters of a note or a task: about a page of print
MEASURE = "--indicator I --direction down --by-how-much N --review-week W"


@dataclass(frozen=True, slots=True)
class NewAction:
    """What is agreed when an action is raised. raised_week: the label of the meeting's period."""

    cycle: str
    unit: str
    owner: str
    what: str
    due: date
    raised_week: str
    promise: Promise
    flag: str | None = None


def raised(new: NewAction, by: str, at: datetime, action: str = "") -> Entry:
    """The entry that raises this action, under the next free code unless one is given."""
    payload = {**asdict(new), "due": new.due.isoformat(), "what": plain_text("what", new.what)}
    return Entry(EventKind.RAISED, at, by, action, payload)


def check_new(workspace: Workspace, new: NewAction) -> None:
    """Raise UsageError for an unknown unit, indicator or cycle, TrackerError for what is not agreed."""
    workspace.cycle(new.cycle)
    workspace.unit(new.unit)
    check_person(workspace, new.owner)
    if not plain_text("what", new.what):
        raise TrackerError(Finding("nothing-to-do", "", "an action without a task", "Say what is to be done."))
    if new.flag is not None and not re.fullmatch(r"F-[A-Za-z0-9]{1,20}", new.flag):
        fix = "Wanted the code printed beside the flag, such as F-7K2Q."
        raise TrackerError(Finding("bad-flag", "", f'"{new.flag}" is not the code of a flag', fix))
    _check_promise(workspace, new.promise)


def check_person(workspace: Workspace, person: str) -> None:
    """Raise TrackerError for an owner who is not in people.csv."""
    if workspace.person(person) is None:
        message = f'"{person}" is no person of people.csv.{nearest(person, [p.person for p in workspace.people])}'
        raise TrackerError(Finding("unknown-person", "", message, "An owner is a person id; add the person there."))


def plain_text(what: str, text: str) -> str:
    """The words as they can be kept: trimmed, half characters of a broken encoding replaced."""
    clean = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()
    if len(clean) > LONGEST_TEXT:
        message = f"the {what} has {len(clean):,} characters; wanted at most {LONGEST_TEXT:,}"
        raise TrackerError(Finding("too-long", "", message, "Say it shorter, and name the document instead."))
    return clean


def _check_promise(workspace: Workspace, promise: Promise) -> None:
    if promise.reason:
        plain_text("reason", promise.reason)
        if any(part is not None for part in (promise.indicator, promise.direction, promise.size)):
            message = "a measure and a reason why there is none"
            raise TrackerError(Finding("no-promise", "", message, "Give one of the two."))
        return
    missing = [
        option
        for option, part in (
            ("--indicator", promise.indicator),
            ("--direction", promise.direction),
            ("--by-how-much", promise.size),
            ("--review-week", promise.review_week),
        )
        if part is None
    ]
    if missing:
        message = f"a promise that cannot be measured: no {', '.join(missing)}"
        raise TrackerError(Finding("no-promise", "", message, f"Give {MEASURE}, or --no-measure with the reason."))
    workspace.indicator(promise.indicator or "")
    if promise.direction not in {"down", "up"}:
        message = f'"{promise.direction}" is no direction; wanted down or up'
        raise TrackerError(Finding("no-promise", "", message, f"Give {MEASURE}."))
    if promise.size is None or not (math.isfinite(promise.size) and promise.size > 0):
        message = f"{promise.size} is not how much an indicator can move; wanted a number above 0"
        raise TrackerError(Finding("no-promise", "", message, f"Give {MEASURE}."))
