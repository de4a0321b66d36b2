"""Take a whole batch back: its figures are closed, never deleted, and what they had replaced stands again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compstat.findings import DataError, Finding
from compstat.store import Store


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What taking a batch back did: figures closed, and of those the ones whose earlier figure stands again."""

    batch: str
    source: str
    closed: int
    restored: int
    recorded_as: str


def withdraw_batch(store: Store, batch: str, at: datetime, by: str) -> Withdrawn:
    """Withdraw a batch as of a moment. Raises DataError for a batch that is not there or withdrawn before."""
    found = store.rows("load/batch", batch_id=batch)
    if not found:
        raise DataError(Finding("unknown-batch", batch, "is no batch of this store", "See: compstat status"))
    _, recorded_at, source, _, withdrawn_at = found[0]
    if withdrawn_at is not None:
        raise DataError(Finding("batch-withdrawn", batch, f"was withdrawn on {withdrawn_at:%Y-%m-%d %H:%M}"))
    if at <= recorded_at:
        message = f"was recorded at {recorded_at}; it cannot be withdrawn at {at}"
        raise DataError(Finding("recorded-before", batch, message, "Check --recorded-at."))
    with store.transaction():
        store.run("load/withdrawal", batch_id=batch)
        _, restored, closed_only, _ = store.rows("load/count_changed")[0]
        ((number,),) = store.rows("load/next_batch")
        record = f"B-{number:04d}"
        store.run("load/close_changed", recorded_at=at)
        store.run("load/insert_changed", batch_id=record, recorded_at=at)
        store.run(
            "load/insert_batch",
            batch_id=record,
            recorded_at=at,
            source=f"withdrawal of {batch}",
            sha256="",
            rows=restored + closed_only,
            loaded_by=by,
        )
        store.run("load/mark_withdrawn", batch_id=batch, withdrawn_at=at)
    return Withdrawn(batch, source, restored + closed_only, restored, record)
