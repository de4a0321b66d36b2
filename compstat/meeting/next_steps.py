"""What to do next in a week's round, in the order in which it has to be done."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Round:
    """Where a week's round stands. `cycle` is empty for the first one: commands need not name it."""

    week: str
    cycle: str = ""
    refused: tuple[str, ...] = ()  # files of the inbox
    missing: tuple[str, ...] = ()  # units with a return that did not come
    errors: int = 0
    signed_off: bool = False
    printed: bool = True  # no pack, or a DRAFT, is False: what was signed off is to be printed still
    closed: bool = False  # the meeting about this week was held
    analyst: bool = True  # there is somebody who may sign off


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: why, and the command that does it or shows more."""

    why: str
    command: str


def next_steps(stands: Round) -> list[Step]:
    """The steps still open; the first one is what to do now."""
    return list(_steps(stands))


def _steps(stands: Round) -> Iterator[Step]:
    which = f" --week {stands.week}" + (f" --cycle {stands.cycle}" if stands.cycle else "")
    if stands.refused:
        round_ = "compstat week" + (f" --cycle {stands.cycle}" if stands.cycle else "")
        yield Step(f"Mend what was refused in inbox/ ({_some(stands.refused)})", round_)
    if stands.closed:
        yield Step("The meeting is over; when the next returns have come", "compstat week")
        return
    if stands.missing:
        who = f"--unit {shlex.quote(stands.missing[0])}" if len(stands.missing) == 1 else "--all"
        template = f"compstat template {who} --week {stands.week}"
        yield Step(f"Ask for the missing returns ({_some(stands.missing)})", template)
    if stands.errors:
        yield Step(f"Mend or waive {_count(stands.errors, 'error')} of the checks", f"compstat check{which}")
    if not stands.signed_off and not stands.analyst:
        why = "Add an analyst to people.csv, who alone may sign off; then see that the tables hold"
        yield Step(why, "compstat doctor")
    if not stands.signed_off:
        yield Step("Find the data fit; until then every page says DRAFT", f"compstat sign-off{which}")
    if not (stands.signed_off and stands.printed):
        yield Step("Print the final pack", f"compstat prepare{which}")
    yield Step("After the meeting carry the open actions on", f"compstat meeting close{which}")


def _some(names: tuple[str, ...], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")
