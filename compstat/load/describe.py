"""What the workspace says of its units and indicators, kept in the store for other programs: names beside codes."""

from __future__ import annotations

from datetime import date

from compstat.store import Store
from compstat.workspace.workspace import Workspace

UNIT = ("unit", "name", "level", "parent", "commander", "family", "population", "valid_from", "valid_to")
INDICATOR = (
    "indicator", "name", "definition", "kind", "tier", "scope", "better", "unit_of_measure", "per", "cadence",
    "aggregate", "roll_up", "owner", "reviewed", "review_by",
)  # fmt: skip


def put_descriptions(store: Store, workspace: Workspace) -> None:
    """The tables as they are now, as temporary tables: `describe` keeps them when a load is taken."""
    for table, columns, rows in (
        ("described_unit_text", UNIT, workspace.units),
        ("described_indicator_text", INDICATOR, workspace.indicators),
    ):
        store.put(table, {name: [_cell(getattr(row, name)) for row in rows] for name in columns})


def describe(store: Store) -> None:
    """Keep what `put_descriptions` put. Inside the transaction that stores a load."""
    store.run("reporting/describe_unit")
    store.run("reporting/describe_indicator")


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
