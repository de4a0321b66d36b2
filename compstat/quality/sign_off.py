"""Sign-off of a week's data: who found them fit, when, in spite of what; a later restatement reopens the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from compstat.findings import DataError, Finding, PermissionRefusedError
from compstat.quality.checks.check import Found, Severity
from compstat.quality.waiver import Waived, Waiver, matched
from compstat.store import Store
from compstat.workspace.settings import Cycle
from compstat.workspace.tables import Person, Role


@dataclass(frozen=True, slots=True)
class SignOff:
    """One sign-off that stands. known_at: the newest figures the signer had seen. waivers: given with it."""

    signed_by: str
    signed_at: datetime
    known_at: datetime
    note: str
    waivers: tuple[Waiver, ...] = ()


def standing_sign_off(store: Store, cycle: Cycle, week: date, as_of: datetime) -> SignOff | None:
    """The sign-off of a week as it stood at a moment; None when there is none or the week was reopened."""
    rows = store.rows("quality/sign_off", cycle=cycle.cycle, week_start=week, as_of=as_of)
    if not rows:
        return None
    signed_by, signed_at, known_at, note = rows[0]
    found = store.rows("quality/waivers", cycle=cycle.cycle, week_start=week, signed_at=signed_at)
    return SignOff(signed_by, signed_at, known_at, note, tuple(Waiver(*row) for row in found))


def last_sign_off(store: Store, cycle: Cycle, week: date, as_of: datetime) -> SignOff | None:
    """The newest sign-off of a week by a moment, even where a later figure has opened the week again."""
    rows = store.rows("quality/last_sign_off", cycle=cycle.cycle, week_start=week, as_of=as_of)
    return SignOff(*rows[0]) if rows else None


def refuse_others(by: Person) -> None:
    """Raise PermissionRefusedError for anybody but an analyst."""
    if by.role is not Role.ANALYST:
        message = f"{by.title} is {by.role}; the data are signed off by an analyst"
        raise PermissionRefusedError(Finding("not-an-analyst", "", message, "Ask an analyst of people.csv."))


def sign_off(
    store: Store,
    cycle: Cycle,
    week: date,
    by: Person,
    at: datetime,
    known_at: datetime,
    note: str = "",
    found: Sequence[Found] = (),
    waived: Sequence[Waived] = (),
    which: str = "",
) -> tuple[Waiver, ...]:
    """Record that a week's data were found fit, as known at a moment, with what was waived; all of it or nothing.

    `found`: what the checks say of them. `which`: the options that name this week, for the hint. Raises
    PermissionRefusedError for anybody but an analyst, DataError while an error among the findings is not waived,
    UsageError for a waiver of what was not found.
    """
    refuse_others(by)
    excused = [(one, matched(one, found)) for one in waived]
    _refuse_errors(found, [each for _, its_own in excused for each in its_own], which)
    waivers = tuple(Waiver(one.finding, len(own), one.reason, by.person, at) for one, own in excused)
    place = {"cycle": cycle.cycle, "week_start": week}
    with store.transaction():
        store.run("quality/insert_sign_off", **place, signed_by=by.person, signed_at=at, known_at=known_at, note=note)
        for waiver in waivers:
            store.run(
                "quality/insert_waiver",
                **place,
                finding=waiver.finding,
                findings=waiver.findings,
                reason=waiver.reason,
                waived_by=by.person,
                waived_at=at,
            )
    return waivers


def _refuse_errors(found: Sequence[Found], excused: Sequence[Found], which: str) -> None:
    errors = [one for one in found if one.finding.severity == Severity.ERROR and one not in excused]
    if errors:
        count = f"{len(errors)} error{'' if len(errors) == 1 else 's'}"
        example = errors[0].names[-1]
        summary = (
            f"Not signed off: {count}. Mend the figures and load them again, or take it upon yourself:\n"
            f'  compstat sign-off{which} --waive "{example}" --reason "..."'
        )
        raise DataError([one.finding for one in errors], summary=summary)
