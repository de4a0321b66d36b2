"""Take a whole batch back: its figures are closed, never deleted, and what they had replaced stands again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compstat.findings import DataError, Finding
from compstat.load.order import in_order
from compstat.load.quoted import plain
from compstat.store import Store


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What taking a batch back did: figures closed, and earlier ones that stand again; `recorded_as` is its record."""

    batch: str
    source: str
    closed: int
    restored: int
    recorded_as: str


def withdraw_batch(store: Store, batch: str, at: datetime, by: str) -> Withdrawn:
    """Withdraw a batch as of a moment.

    An earlier figure that stands again is once more one of the batch it came from, and not of one that was
    itself withdrawn. Raises DataError for a batch that is not there, is no load, or was withdrawn before.
    """
    source = _source_of(store, batch, at)
    with store.transaction():
        store.run("load/withdrawal", batch_id=batch)
        in_order(store, batch, at)
        put_back, replaced, gone = store.rows("load/count_changed")[0]
        ((number,),) = store.rows("load/next_batch")
        record = f"B-{number:04d}"
        store.run("load/close_changed", recorded_at=at)
        store.run("load/insert_restored", recorded_at=at)
        store.run(
            "load/insert_batch",
            batch_id=record,
            recorded_at=at,
            source=f"withdrawal of {batch}",
            sha256="",
            rows=put_back + replaced + gone,
            loaded_by=by,
            set_aside=0,
        )
        store.run("load/mark_withdrawn", batch_id=batch, withdrawn_at=at)
    return Withdrawn(batch, source, replaced + gone, put_back + replaced, record)


def _source_of(store: Store, batch: str, at: datetime) -> str:
    """The file of a batch that may be withdrawn at this moment. Raises DataError."""
    found = store.rows("load/batch", batch_id=batch)
    if not found:
        raise DataError(Finding("unknown-batch", plain(batch), "is no batch of this store", "See: compstat status"))
    source, recorded_at, withdrawn_at, of_file = found[0]
    if not of_file:
        message = f"is itself the record of a {plain(source)}"
        raise DataError(Finding("batch-of-no-file", batch, message, "To undo it, load that batch's file again."))
    if withdrawn_at is not None:
        raise DataError(Finding("batch-withdrawn", batch, f"was withdrawn on {withdrawn_at:%Y-%m-%d %H:%M}"))
    if at <= recorded_at:
        message = f"was recorded at {recorded_at}; it cannot be withdrawn at {at}"
        raise DataError(Finding("recorded-before", batch, message, "Check --recorded-at."))
    return str(source)
