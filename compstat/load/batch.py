"""A load as a batch: how it was asked for, what it brought, and its row in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from compstat.load.describe import describe
from compstat.store import Store

if TYPE_CHECKING:
    from compstat.findings import Finding
    from compstat.workspace.feeds import Feed

LAST_SECOND = time(23, 59, 59)  # what --recorded-at 2026-11-15 stands for


@dataclass(frozen=True, slots=True)
class Loading:
    """How to load: when it was recorded, by whom, what to allow, and the feed through which extracts are counted.

    `again`: take a file that was loaded before once more, over what replaced it. `local_day`: the day where the figures
    are loaded, where the clock gave the moment: east of Greenwich a Monday morning is still a Sunday in UTC.
    """

    recorded_at: datetime
    loaded_by: str
    set_aside: bool = False
    withdraw: bool = False
    dry_run: bool = False
    feed: Feed | None = None
    again: bool = False
    local_day: date | None = None

    @property
    def day(self) -> date:
        """The day it is recorded on."""
        return max(self.recorded_at.date(), self.local_day or date.min)

    @property
    def last_day_over(self) -> date:
        """The newest day that was over: a period is returned after its last. A day's last second is its end."""
        ended = self.recorded_at.time() >= LAST_SECOND
        return self.day if ended else self.day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a feed did with the rows of an extract: how many it read and counted, and why others were left out.

    `absent_units`: those that no row names and that were taken as 0.
    """

    feed: str
    rows: int
    counted: int
    left_out: dict[str, int]
    covers_from: date | None = None
    covers_to: date | None = None
    absent_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopened:
    """A signed-off week that a load opened again."""

    cycle: str
    week_start: date


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file brought. `batch` is None when nothing changed; `already` is the batch that held this very file.

    `differs`: cells of such a file of which the store holds something else by now; `sent_again` says it, and what to
    do. `no_figure`: rows of a file that holds no figure at all.

    `notes`: which heading was read as which, and what was passed over beside it, a hidden sheet or a signature of the
    message that it came in. `reopened`: newest first.
    """

    source: str
    batch: str | None
    recorded_at: datetime
    added: int = 0
    restated: int = 0
    withdrawn: int = 0
    set_aside: int = 0
    refused_file: Path | None = None
    already: str | None = None
    differs: int = 0
    sent_again: Finding | None = None
    no_figure: int = 0
    notes: tuple[str, ...] = ()
    extracted: Extracted | None = None
    reopened: tuple[Reopened, ...] = ()


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
    describe(store)
