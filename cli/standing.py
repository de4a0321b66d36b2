"""Where a cycle's newest week stands: signed off, opened again, what is missing, whether its meeting was held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compstat.cli.session import Session

if TYPE_CHECKING:
    from datetime import date, datetime

    from compstat.quality.sign_off import SignOff
    from compstat.store import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """A week, the figures known, and the sign-off that stands. fallen: the one that a later figure undid."""

    cycle: str
    first_cycle: bool  # commands need not name it
    week: str
    start: date
    known: datetime
    signed: SignOff | None
    fallen: SignOff | None

    @property
    def sentence(self) -> str:
        """`Newest week 2026-W46, signed off; figures as known 2026-11-16 18:00`."""
        state = "signed off" if self.signed else "not signed off"
        if self.fallen:
            state = f"open again: figures came after {self.fallen.signed_by} signed it off {_minute(self.fallen)}"
        return f"Newest week {self.week}, {state}; figures as known {self.known:%Y-%m-%d %H:%M}"


def standing(session: Session, cycle: str | None, as_of: datetime | None) -> Standing | None:
    """How the newest week of a cycle stands as known at a moment; None while there is no return."""
    from compstat.store import open_store

    with open_store(session.workspace.store_path, read_only=True) as store:
        return standing_in(store, session, cycle, as_of)


def standing_in(store: Store, session: Session, cycle: str | None, as_of: datetime | None) -> Standing | None:
    """The same from a store that is open."""
    from compstat.cli.moments import week_start
    from compstat.quality.sign_off import last_sign_off, standing_sign_off
    from compstat.windows.scope import END_OF_TIME, known_at

    workspace, at = session.workspace, as_of or END_OF_TIME
    chosen, known = workspace.cycle(cycle), known_at(store, as_of)
    if known is None:
        return None
    start = week_start(workspace, "latest", store, cycle, as_of)
    signed = standing_sign_off(store, chosen, start, at)
    fallen = None if signed else last_sign_off(store, chosen, start, at)
    label, first = workspace.calendar.cadence("weekly").label(start), chosen.cycle == workspace.cycles[0].cycle
    return Standing(chosen.cycle, first, label, start, known, signed, fallen)


def _minute(signed: SignOff) -> str:
    return f"{signed.signed_at:%Y-%m-%d %H:%M}"
