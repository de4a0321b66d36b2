"""A load as a batch: how it was asked for, what it brought, and its row in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from compstat.store import Store


@dataclass(frozen=True, slots=True)
class Loading:
    """How to load: when it was recorded, by whom, and what to allow."""

    recorded_at: datetime
    loaded_by: str
    set_aside: bool = False
    withdraw: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file brought. `batch` is None when nothing changed; `already` is the batch that held this very file."""

    source: str
    batch: str | None
    recorded_at: datetime
    added: int = 0
    restated: int = 0
    withdrawn: int = 0
    set_aside: int = 0
    refused_file: Path | None = None
    already: str | None = None


def put_batch(
    store: Store, batch: str, source: str, sha256: str, loading: Loading, *, rows: int, set_aside: int = 0
) -> None:
    """Record that a load was taken. Inside the transaction that stores its rows."""
    store.run(
        "load/insert_batch",
        batch_id=batch,
        recorded_at=loading.recorded_at,
        source=source,
        sha256=sha256,
        rows=rows,
        loaded_by=loading.loaded_by,
        set_aside=set_aside,
    )
