"""Sign-off of a week's data: who found them fit, when; a later restatement reopens the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from compstat.findings import Finding, PermissionRefusedError
from compstat.store import Store
from compstat.workspace.settings import Cycle
from compstat.workspace.tables import Person, Role


@dataclass(frozen=True, slots=True)
class SignOff:
    """One sign-off that stands. known_at: the newest figures the signer had seen."""

    signed_by: str
    signed_at: datetime
    known_at: datetime


def standing_sign_off(store: Store, cycle: Cycle, week: date, as_of: datetime) -> SignOff | None:
    """The sign-off of a week as it stood at a moment; None when there is none or the week was reopened."""
    rows = store.rows("quality/sign_off", cycle=cycle.cycle, week_start=week, as_of=as_of)
    return SignOff(*rows[0]) if rows else None


def sign_off(store: Store, cycle: Cycle, week: date, by: Person, at: datetime, known_at: datetime, note: str) -> None:
    """Record that a week's data were found fit. Raises PermissionRefusedError for anybody but an analyst."""
    if by.role is not Role.ANALYST:
        message = f"{by.title} is {by.role}; the data are signed off by an analyst"
        raise PermissionRefusedError(Finding("not-an-analyst", "", message, "Ask an analyst of people.csv."))
    with store.transaction():
        store.run(
            "quality/insert_sign_off",
            cycle=cycle.cycle,
            week_start=week,
            signed_by=by.person,
            signed_at=at,
            known_at=known_at,
            note=note,
        )
