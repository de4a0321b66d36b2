"""The tables that a team's own rules read, copied from the store as known at the week's moment."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from compstat.calendar import Span, Windows
from compstat.sandbox.sandbox import Sandbox
from compstat.store import Store
from compstat.windows.scope import Scope, look_back, put_cells, put_scope

TABLES = ("observation", "unit", "indicator", "week", "window_total")
UNIT_COLUMNS = ("unit", "name", "level", "parent", "commander", "family", "population")
INDICATOR_COLUMNS = (
    "indicator", "name", "kind", "tier", "better", "unit_of_measure", "per", "cadence", "aggregate",
)  # fmt: skip
TOTAL_COLUMNS = ("unit", "indicator", "name", "first_day", "last_day", "amount", "volume", "present")


def fill(sandbox: Sandbox, store: Store, scope: Scope) -> None:
    """The figures of the scope's cells that the tests of this program read too, units, indicators and windows."""
    put_scope(store, scope)
    first = min(
        look_back(scope.workspace.calendar.cadence(name), spans.week.first) for name, spans in scope.windows.items()
    )
    days = {"known_at": scope.known_at, "first": first, "last": scope.last}
    sandbox.put("figure_in", store.arrays("own/figures", **days))
    numbered = list(enumerate(scope.cells))
    cells = {"cell": [at for at, _ in numbered], "unit": [cell[0] for _, cell in numbered]}
    sandbox.put("cell_text", {**cells, "indicator": [cell[1] for _, cell in numbered]})
    totals = [part for row in store.records("windows/window_totals", **days) for part in _totals(scope, row)]
    sandbox.put("window_total_text", _columns(TOTAL_COLUMNS, totals))
    _put_names(sandbox, scope)
    sandbox.run("own/schema")
    for name in TABLES:
        sandbox.run(f"own/{name}")
    put_cells(store, scope)  # with the cells that others inherit from, as the panels want them


def _put_names(sandbox: Sandbox, scope: Scope) -> None:
    units = [scope.workspace.unit(code, scope.last) for code in sorted({row.unit for row in scope.workspace.units})]
    valid = [row for row in units if row.valid_on(scope.last)]
    sandbox.put("unit_text", _columns(UNIT_COLUMNS, [[getattr(row, name) for name in UNIT_COLUMNS] for row in valid]))
    indicators = [[getattr(row, name) for name in INDICATOR_COLUMNS] for row in scope.workspace.indicators]
    sandbox.put("indicator_text", _columns(INDICATOR_COLUMNS, indicators))
    week = [scope.label, scope.week.isoformat(), scope.last.isoformat(), scope.known_at.isoformat()]
    sandbox.put("week_text", _columns(("week", "first_day", "last_day", "known_at"), [week]))


def _totals(scope: Scope, row: dict[str, Any]) -> list[list[object]]:
    """One row of the query as a row a window."""
    spans = scope.windows[scope.workspace.indicator(row["indicator"]).cadence]
    return [
        [
            row["unit"],
            row["indicator"],
            name,
            span.first.isoformat(),
            span.last.isoformat(),
            row[f"{name}_amount"],
            row[f"{name}_volume"],
            row[f"{name}_present"],
        ]
        for name, span in _spans(spans)
    ]


def _spans(windows: Windows) -> list[tuple[str, Span]]:
    every = ((field.name, getattr(windows, field.name)) for field in fields(windows))
    return [(name, span) for name, span in every if isinstance(span, Span) and not name.startswith("baseline")]


def _columns(names: tuple[str, ...], rows: list[list[Any]]) -> dict[str, list[Any]]:
    """Rows as columns of plain text and numbers."""
    plain = [[str(part) if hasattr(part, "value") else part for part in row] for row in rows]
    return {name: [row[at] for row in plain] for at, name in enumerate(names)}
