"""What was recorded later is never replaced by what was recorded earlier, or the history would not be what it was."""

from __future__ import annotations

from datetime import datetime

from compstat.findings import DataError, Finding
from compstat.load.quoted import plain
from compstat.store import Store


def in_order(store: Store, where: str, recorded_at: datetime) -> None:
    """Raises DataError where a changed row would replace what was recorded at the same moment or later."""
    for unit, indicator, period_start, last_moment in store.rows("load/out_of_order", recorded_at=recorded_at):
        cell = f"{plain(unit)}, {plain(indicator)}, {period_start}"
        message = f"is recorded at {recorded_at}, but would change {cell}, recorded at {last_moment}"
        fix = "Load in the order of recording; files that differ on a figure need moments that differ: --recorded-at."
        raise DataError(Finding("recorded-before", where, message, fix))
