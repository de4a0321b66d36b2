"""Which records an audit looks at: drawn from the counts that were returned, the same for the same seed for ever."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compstat.findings import Finding, UsageError
from compstat.store import Store
from compstat.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the `record`-th of the `of_records` that a unit returned for a period."""

    unit: str
    period_start: date
    record: int
    of_records: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample without replacement of `population` records, every one as likely as any other.

    unit: whose records, None for all units of the level that totals are rolled up from.
    """

    indicator: str
    period_start: date
    unit: str | None
    seed: str
    known_at: datetime
    population: int
    records: tuple[Record, ...]


def draw(
    store: Store, workspace: Workspace, indicator: str, period_start: date, seed: str, known_at: datetime,
    *, number: int, unit: str | None = None,
) -> Draw:  # fmt: skip
    """Draw records of one indicator and period from the figures as known at a moment; all where there are no more.

    The seed orders the records by the SHA-256 of their names, and the first are taken: any program can draw them again,
    and a larger sample holds the smaller one. Raises UsageError where there is nothing to draw from.
    """
    if not workspace.indicator(indicator).is_count:
        message = f"{workspace.indicator(indicator).title} is not a count of records that could be looked at."
        raise UsageError(Finding("not-a-count", "", message, "Audit a count: aggregate sum, unit_of_measure count."))
    rows = store.rows("quality/counts_of_period", indicator=indicator, period_start=period_start, known_at=known_at)
    counts = _of_units(workspace, {code: int(value) for code, value in rows}, period_start, unit)
    population = sum(counts.values())
    if not population:
        message = f"No record of {workspace.indicator(indicator).title} was returned for {period_start}."
        raise UsageError(Finding("no-records", "", message, "Choose another week or unit: compstat show indicator I"))
    chosen = heapq.nsmallest(number, _records(counts, period_start), key=lambda record: _lot(seed, indicator, record))
    chosen.sort(key=lambda record: (record.unit, record.record))
    return Draw(indicator, period_start, unit, seed, known_at, population, tuple(chosen))


def _of_units(workspace: Workspace, counts: dict[str, int], period_start: date, unit: str | None) -> dict[str, int]:
    """The counts to draw from: of one unit, else of one level, for a record returned on two would count twice."""
    if unit is not None:
        return {code: count for code, count in counts.items() if code == unit}
    levels = {code: workspace.unit(code, period_start + timedelta(days=6)).level for code in counts}
    level = workspace.settings.totals.level
    if level is None and len(set(levels.values())) > 1:
        message = (
            f"Units of several levels return it ({', '.join(sorted(set(levels.values())))}): records would be twice."
        )
        fix = "Name a unit with --unit, or the level under [totals] in compstat.toml."
        raise UsageError(Finding("several-levels", "", message, fix))
    return {code: count for code, count in counts.items() if level in {None, levels[code]}}


def _records(counts: dict[str, int], period_start: date) -> Iterator[Record]:
    for unit, count in counts.items():
        for record in range(1, count + 1):
            yield Record(unit, period_start, record, count)


def _lot(seed: str, indicator: str, record: Record) -> bytes:
    name = "\x1f".join((seed, indicator, record.period_start.isoformat(), record.unit, str(record.record)))
    return hashlib.sha256(name.encode()).digest()
