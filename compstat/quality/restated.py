"""What was changed after it had been published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from compstat.store import Store


@dataclass(frozen=True, slots=True)
class Restated:
    """One figure that replaced another; `now` is None where it was taken back."""

    unit: str
    indicator: str
    period_start: date
    was: float | None
    now: float | None
    recorded_at: datetime
    source: str


def restated_since(store: Store, since: datetime, known_at: datetime) -> list[Restated]:
    """Every change recorded after one moment and by the other, by unit, indicator and period."""
    return [Restated(*row) for row in store.rows("quality/restated", since=since, known_at=known_at)]
