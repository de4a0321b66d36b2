"""Checks of the workspace's tables against each other: who is named, which rows contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from compstat.findings import Finding, nearest

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace


def cross_checks(workspace: Workspace) -> Iterator[Finding]:
    """Every contradiction between the tables, in the order of the files."""
    yield from _cycles(workspace)
    yield from _units(workspace)
    yield from _unique(
        "indicators.csv", "indicator", ((row.indicator, row.line) for row in workspace.indicators)
    )
    yield from _unique("people.csv", "person", ((row.person, row.line) for row in workspace.people))
    yield from _references(workspace)
    yield from _targets_overlap(workspace)
    yield from _rebases_on_grid(workspace)


def _cycles(workspace: Workspace) -> Iterator[Finding]:
    yield from _unique("compstat.toml", "cycle", ((row.cycle, 0) for row in workspace.cycles))
    yield from _unique("rules.toml", "rule", ((row.rule, 0) for row in workspace.rules.rule))
    levels = {row.level for row in workspace.units}
    people = {row.person for row in workspace.people}
    for cycle in workspace.cycles:
        where = f"compstat.toml [[cycle]] {cycle.cycle}"
        for level in cycle.levels:
            yield from _known(where, "level", level, levels, "units.csv")
        for who in filter(None, (cycle.chair, cycle.challenger)):
            yield from _known(where, "person", who, people, "people.csv")
    total = workspace.settings.totals.level
    if total is not None:
        yield from _known("compstat.toml [totals]", "level", total, levels, "units.csv")
    cycles = {cycle.cycle for cycle in workspace.cycles}
    for agenda in workspace.agenda.agenda:
        yield from _known("agenda.toml", "cycle", agenda.cycle, cycles, "compstat.toml")


def _units(workspace: Workspace) -> Iterator[Finding]:
    codes = {row.unit for row in workspace.units}
    people = {row.person for row in workspace.people}
    parents = {row.unit: row.parent for row in workspace.units}
    rows: dict[str, list[tuple[date, date, int]]] = {}
    for row in workspace.units:
        where = f"units.csv:{row.line}"
        rows.setdefault(row.unit, []).append((row.valid_from or date.min, row.valid_to or date.max, row.line))
        if row.parent:
            yield from _known(where, "unit", row.parent, codes, "units.csv")
            if _in_circle(row.unit, parents):
                yield Finding(
                    "unit-circle", where, f'"{row.unit}" is above itself', "Mend the column parent."
                )
        if row.commander:
            yield from _known(where, "person", row.commander, people, "people.csv")
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            yield Finding("bad-cell", where, "valid_to is before valid_from", "Mend the dates.")
    for code, spans in rows.items():
        for (_, ends, _), (starts, _, line) in pairwise(sorted(spans)):
            if starts <= ends:
                message = f'unit "{code}" has two rows for the same days'
                yield Finding(
                    "double-row",
                    f"units.csv:{line}",
                    message,
                    "End one with valid_to before the next valid_from.",
                )


def _in_circle(unit: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents.get(unit)
    while above and above not in seen:
        if above == unit:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _references(workspace: Workspace) -> Iterator[Finding]:
    units = {row.unit for row in workspace.units}
    scopes = units | {row.level for row in workspace.units} | {"*"}
    indicators = {row.indicator for row in workspace.indicators}
    people = {row.person for row in workspace.people}
    for row in workspace.indicators:
        if row.owner:
            yield from _known(f"indicators.csv:{row.line}", "person", row.owner, people, "people.csv")
    for person in workspace.people:
        if person.unit:
            yield from _known(f"people.csv:{person.line}", "unit", person.unit, units, "units.csv")
    for target in workspace.targets:
        yield from _known(
            f"targets.csv:{target.line}", "indicator", target.indicator, indicators, "indicators.csv"
        )
        yield from _known(f"targets.csv:{target.line}", "unit", target.unit, scopes, "units.csv")
    for rebase in workspace.rebases:
        yield from _known(
            f"rebases.csv:{rebase.line}", "indicator", rebase.indicator, indicators, "indicators.csv"
        )
        yield from _known(f"rebases.csv:{rebase.line}", "unit", rebase.unit, units, "units.csv")
    for brk in workspace.breaks:
        yield from _known(f"breaks.csv:{brk.line}", "indicator", brk.indicator, indicators, "indicators.csv")
        yield from _known(f"breaks.csv:{brk.line}", "unit", brk.unit, scopes, "units.csv")
    for rule in workspace.rules.rule:
        where = f"rules.toml [[rule]] {rule.rule}"
        for code in rule.indicators:
            yield from _known(where, "indicator", code, indicators | {"*"}, "indicators.csv")
        for code in rule.units:
            yield from _known(where, "unit", code, scopes, "units.csv")


def _targets_overlap(workspace: Workspace) -> Iterator[Finding]:
    spans: dict[tuple[str, str, str], list[tuple[date, date, int]]] = {}
    for row in workspace.targets:
        if row.start and row.end and row.end < row.start:
            yield Finding("bad-cell", f"targets.csv:{row.line}", "end is before start", "Mend the dates.")
        if row.kind != "trajectory":  # a planned path is a series of points, held one by one
            key = (row.indicator, row.unit, row.kind)
            spans.setdefault(key, []).append((row.start or date.min, row.end or date.max, row.line))
    for (indicator, unit, kind), rows in spans.items():
        for (_, ends, earlier), (starts, _, line) in pairwise(sorted(rows)):
            if starts <= ends:
                message = f"a second {kind} for {indicator} and {unit} is in force with line {earlier}"
                yield Finding(
                    "double-target", f"targets.csv:{line}", message, "End the first before the second starts."
                )


def _rebases_on_grid(workspace: Workspace) -> Iterator[Finding]:
    cadences = {row.indicator: workspace.calendar.cadence(row.cadence) for row in workspace.indicators}
    for row in workspace.rebases:
        cadence = cadences.get(row.indicator)
        if cadence and cadence.start_of(row.week_start) != row.week_start:
            message = f"{row.week_start} is not the first day of a period; wanted {cadence.start_of(row.week_start)}"
            yield Finding(
                "rebase-off-grid", f"rebases.csv:{row.line}", message, "Use the period's first day."
            )


def _unique(file: str, what: str, rows: Iterable[tuple[str, int]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for code, line in rows:
        if code in seen:
            yield Finding(
                "double-row",
                f"{file}:{line}" if line else file,
                f'{what} "{code}" is there twice',
                "Keep one.",
            )
        seen.add(code)


def _known(where: str, what: str, word: str, known: set[str], table: str) -> Iterator[Finding]:
    if word not in known:
        message = f'{what} "{word}" is not in {table}.{nearest(word, sorted(known))}'
        yield Finding(f"unknown-{what}", where, message, f"Fix the row, or add the {what}.")
