"""The units that no row of an extract names: their silence is 0 only where nothing speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.feeds.extract import Extract
from compstat.load.quoted import number, plain
from compstat.store import Store

MOST_NAMED = 10  # units


def names_in(extract: Extract, column: str) -> list[str]:
    """What stands under a heading of the extract, each text once, whatever becomes of the row."""
    return extract.rows.select(text=extract.text(column)).get_column("text").drop_nulls().unique().to_list()


def absent_units(extract: Extract, named: Sequence[Sequence[str]], valid: Sequence[pl.DataFrame]) -> list[str]:
    """The units with a period to be told (`valid`, a frame for each column of units) that no row names.

    `named`: what stands in each of these columns.
    """
    absent: set[str] = set()
    for unit, texts, cells in zip(extract.feed.unit, named, valid, strict=True):
        absent |= set(cells.get_column("unit")) - {unit.unit_of(text) for text in texts if text not in unit.ignore}
    return sorted(absent)


def refuse_absent(store: Store, extract: Extract, absent: Sequence[str]) -> None:
    """Raise DataError where the store holds figures above 0 for what the staged rows of such units would set to 0."""
    if not absent or extract.feed.absent_units != "refuse":
        return
    store.put("absent_unit_text", {"unit": list(absent)})
    store.run("feeds/absent_unit")
    held = store.rows("feeds/held_above_zero")
    if not held:
        return
    unit, _, indicator, start, figure = held[0]
    cells = sum(row[1] for row in held)
    message = (
        f"feed {extract.feed.feed} takes {told(absent)} as 0, which no row of the extract names; the store holds "
        f"{cells:,} {'figure' if cells == 1 else 'figures'} above 0 there: {plain(unit)}, {plain(indicator)}, {start}: "
        f"{number(figure)}"
    )
    fix = (
        'Is it the whole extract? If their silence is meant: absent_units = "zero" in feeds.toml; '
        'if others tell of these units: absent_units = "leave".'
    )
    raise DataError(Finding("absent-units", extract.table.source, message, fix))


def told(units: Sequence[str]) -> str:
    """`2 units (ashworth, bree)`, of many the first ones."""
    names = ", ".join(plain(unit) for unit in units[:MOST_NAMED])
    more = f" and {len(units) - MOST_NAMED} more" if len(units) > MOST_NAMED else ""
    return f"{len(units)} {'unit' if len(units) == 1 else 'units'} ({names}{more})"
