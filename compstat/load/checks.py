"""What is wrong with the staged rows, asked of the staging table and told with line, finding and fix."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding, nearest
from compstat.load.staging import Staged
from compstat.store import Store
from compstat.workspace.workspace import Workspace

Refusal = tuple[int, Finding]  # line (0 when not known) and why


def refusals(store: Store, workspace: Workspace, staged: Staged, *, withdraw: bool) -> list[Refusal]:
    """Every row that cannot be taken, in the file's order; a row can be there for several reasons."""
    found = [
        *staged.refused,
        *_unknown_units(store, workspace, staged.path.name),
        *_unknown_indicators(store, workspace, staged.path.name),
        *_periods(store, staged),
        *_unit_dates(store, workspace, staged.path.name),
        *_values(store, staged.path.name),
        *_duplicates(store, staged.path.name),
    ]
    if not withdraw:
        found += _missing_over_held(store, staged.path.name)
    return sorted(found, key=lambda refusal: refusal[0])


def _place(source: str, line: int | None) -> str:
    return f"{source}:{line}" if line else source


def _unknown_units(store: Store, workspace: Workspace, source: str) -> Iterator[Refusal]:
    known = sorted({row.unit for row in workspace.units})
    hints: dict[str, str] = {}
    for line, found in store.rows("load/problem_unknown_unit"):
        hint = hints.setdefault(found, nearest(found, known))
        message = f'unit "{found[:80]}" is not in units.csv.{hint}'
        yield line or 0, Finding("unknown-unit", _place(source, line), message, "Fix the row, or add the unit.")


def _unknown_indicators(store: Store, workspace: Workspace, source: str) -> Iterator[Refusal]:
    known = [row.indicator for row in workspace.indicators]
    hints: dict[str, str] = {}
    for line, found in store.rows("load/problem_unknown_indicator"):
        hint = hints.setdefault(found, nearest(found, known))
        message = f'indicator "{found[:80]}" is not in indicators.csv.{hint}'
        fix = "Fix the row, or add the indicator."
        yield line or 0, Finding("unknown-indicator", _place(source, line), message, fix)


def _periods(store: Store, staged: Staged) -> Iterator[Refusal]:
    fixes = {
        "off-grid-date": "Fix the date, or week_ends_on in compstat.toml.",
        "future-period": "Fix the date, or say when it was recorded with --recorded-at.",
        "wrong-cadence": "Fix the heading, or the indicator's cadence.",
    }
    for line, code, found, wanted in store.rows("load/problem_period"):
        message = f"{staged.columns.when} is {found}; wanted {wanted}"
        yield line or 0, Finding(code, _place(staged.path.name, line), message, fixes[code])


def _unit_dates(store: Store, workspace: Workspace, source: str) -> Iterator[Refusal]:
    if not any(row.valid_from or row.valid_to for row in workspace.units):
        return
    for line, unit, found in store.rows("load/problem_unit_dates"):
        message = f'unit "{unit}" is not valid on {found}'
        yield line or 0, Finding("unit-not-valid", _place(source, line), message, "Mend its dates in units.csv.")


def _values(store: Store, source: str) -> Iterator[Refusal]:
    words = {
        "negative-value": ("is negative; wanted 0 or more", "Fix the figure, or set non_negative to no."),
        "not-a-number": ("is no finite number", "Fix the figure, or leave the cell empty."),
        "ratio-without-parts": (
            "lacks a numerator or denominator; wanted both, a ratio is worked out again from its parts",
            "Give both, or set aggregate to mean in indicators.csv.",
        ),
    }
    for line, code, indicator, found in store.rows("load/problem_value"):
        message, fix = words[code]
        yield line or 0, Finding(code, _place(source, line), f"{indicator} ({found}) {message}", fix)


def _duplicates(store: Store, source: str) -> Iterator[Refusal]:
    ((rows, keys),) = store.rows("load/key_counts")
    if rows == keys:
        return
    for line, unit, indicator, found, equal, place, first in store.rows("load/problem_duplicate"):
        if equal and place == 1:
            continue  # of rows that agree the first may stay
        figures = "the same figures" if equal else "other figures"
        message = f"{unit}, {indicator}, {found} is there twice, with {figures}" + (f" (line {first})" if first else "")
        yield line or 0, Finding("duplicate-key", _place(source, line), message, "Keep the right one.")


def _missing_over_held(store: Store, source: str) -> Iterator[Refusal]:
    ((empty,),) = store.rows("load/empty_rows")
    if not empty:
        return
    for line, unit, indicator, found, held in store.rows("load/problem_missing"):
        message = f"the cell is empty, but the store holds {held:g} for {unit}, {indicator}, {found}"
        fix = "Give the figure, or take the held one back with --withdraw."
        yield line or 0, Finding("empty-over-held", _place(source, line), message, fix)
