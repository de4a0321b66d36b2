"""Checks of the workspace's tables against each other: who is named, which rows contradict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, KeysView
from datetime import date
from typing import TYPE_CHECKING

from compstat.calendar import PERIODS_FILE
from compstat.findings import Finding, nearest
from compstat.workspace.feed_checks import feed_checks
from compstat.workspace.ladder_checks import RULES, ladder_checks, twice
from compstat.workspace.periods import period_checks, year_ago_checks
from compstat.workspace.reading import table_place

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

SETTINGS = "compstat.toml"


def cross_checks(workspace: Workspace, unread: Collection[str] = ()) -> Iterator[Finding]:
    """Every contradiction between the tables, in the order of the files.

    `unread` names the files in which problems were found before: rows of theirs are missing here, so nobody
    is told that a name is not in them.
    """
    names = _Names(workspace, frozenset(unread))
    yield from _cycles(workspace, names)
    yield from _agendas(workspace, names)
    yield from _units(workspace, names)
    yield from _unique("indicators.csv", "indicator", ((row.indicator, row.line) for row in workspace.indicators))
    yield from _unique("people.csv", "person", ((row.person, row.line) for row in workspace.people))
    yield from _references(workspace, names)
    yield from _rules(workspace, names)
    yield from ladder_checks(workspace, names.scope, names.indicator)
    yield from _targets_overlap(workspace)
    declared = [] if PERIODS_FILE in unread else list(period_checks(workspace))
    yield from declared
    if SETTINGS not in unread:  # else the day on which weeks end is not known
        yield from year_ago_checks(workspace)
        if not declared and PERIODS_FILE not in unread:
            yield from _rebases_on_grid(workspace)


def checks_of_feeds(workspace: Workspace, unread: Collection[str] = ()) -> Iterator[Finding]:
    """Every contradiction between feeds.toml and the tables; `unread` as above."""
    return feed_checks(workspace, _Names(workspace, frozenset(unread)))


class _Names:
    """What the tables name, to look references up in. `scopes`: units, levels and `*`."""

    def __init__(self, workspace: Workspace, unread: frozenset[str]) -> None:
        self.unread = unread
        self.units = {row.unit for row in workspace.units}
        self.levels = {row.level for row in workspace.units}
        self.scopes = self.units | self.levels | {"*"}
        self.indicators = {row.indicator for row in workspace.indicators}
        self.people = {row.person for row in workspace.people}
        self.cycles = {row.cycle for row in workspace.cycles}

    def unit(self, where: str, word: str | None) -> Iterator[Finding]:
        return self._look_up(where, "unit", word, self.units, "units.csv")

    def scope(self, where: str, word: str | None) -> Iterator[Finding]:
        return self._look_up(where, "unit", word, self.scopes, "units.csv")

    def level(self, where: str, word: str | None) -> Iterator[Finding]:
        return self._look_up(where, "level", word, self.levels, "units.csv")

    def indicator(self, where: str, word: str | None) -> Iterator[Finding]:
        return self._look_up(where, "indicator", word, self.indicators, "indicators.csv")

    def person(self, where: str, word: str | None) -> Iterator[Finding]:
        return self._look_up(where, "person", word, self.people, "people.csv")

    def cycle(self, where: str, word: str | None) -> Iterator[Finding]:
        return self._look_up(where, "cycle", word, self.cycles, SETTINGS)

    def _look_up(self, where: str, what: str, word: str | None, known: set[str], table: str) -> Iterator[Finding]:
        if word is not None and word not in known and table not in self.unread:
            message = f'{what} "{word}" is not in {table}.{nearest(word, sorted(known))}'
            yield Finding(f"unknown-{what}", where, message, f"Fix the row, or add the {what}.")


def _cycles(workspace: Workspace, names: _Names) -> Iterator[Finding]:
    yield from twice(workspace.root, SETTINGS, "cycle", [row.cycle for row in workspace.cycles])
    for number, cycle in enumerate(workspace.cycles):
        where = table_place(workspace.root, SETTINGS, "cycle", number, cycle.cycle)
        for level in cycle.levels:
            yield from names.level(where, level)
        for unit in cycle.units:
            yield from names.unit(where, unit)
        for code in cycle.indicators:
            if code != "*":
                yield from names.indicator(where, code)
        yield from names.person(where, cycle.chair)
        yield from names.person(where, cycle.challenger)
    yield from names.level(f"{SETTINGS} [totals]", workspace.settings.totals.level)


def _agendas(workspace: Workspace, names: _Names) -> Iterator[Finding]:
    yield from twice(workspace.root, "agenda.toml", "agenda", [row.cycle for row in workspace.agenda.agenda])
    minutes = {cycle.cycle: cycle.minutes for cycle in workspace.cycles}
    for agenda in workspace.agenda.agenda:
        yield from names.cycle("agenda.toml", agenda.cycle)
        planned = sum(part.minutes for part in agenda.part)
        if SETTINGS not in names.unread and planned > minutes.get(agenda.cycle, planned):
            length = minutes[agenda.cycle]
            message = f'the parts of cycle "{agenda.cycle}" take {planned} minutes, the meeting {length}'
            yield Finding(
                "agenda-too-long", "agenda.toml", message, f"Shorten a part, or change minutes in {SETTINGS}."
            )


def _units(workspace: Workspace, names: _Names) -> Iterator[Finding]:
    parents = {row.unit: row.parent for row in workspace.units}
    named: set[str] = set()
    spans: dict[str, list[tuple[date, date, int]]] = {}
    for row in workspace.units:
        where = f"units.csv:{row.line}"
        spans.setdefault(row.unit, []).append((row.valid_from or date.min, row.valid_to or date.max, row.line))
        yield from names.unit(where, row.parent)
        circle = _circle(row.unit, parents)
        if circle and circle.isdisjoint(named):  # each circle once, at its first row
            named |= circle
            way = ", ".join((*circle, row.unit))
            message = f"{row.unit} is above itself: {way}"
            yield Finding("unit-circle", where, message, "Mend the column parent.")
        yield from names.person(where, row.commander)
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            yield Finding("bad-cell", where, "valid_to is before valid_from", "Mend the dates.")
    for code, rows in spans.items():
        for line, _ in _overlaps(rows):
            message = f'unit "{code}" has two rows for the same days'
            fix = "End one with valid_to before the next valid_from."
            yield Finding("double-row", f"units.csv:{line}", message, fix)


def _circle(unit: str, parents: dict[str, str | None]) -> KeysView[str]:
    """The units from this one up to itself again, in that order; empty when the way up ends."""
    way = {unit: None}
    above = parents.get(unit)
    while above and above not in way:
        way[above] = None
        above = parents.get(above)
    return way.keys() if above == unit else {}.keys()


def _overlaps(spans: Iterable[tuple[date, date, int]]) -> Iterator[tuple[int, int]]:
    """Lines whose days an earlier row covers, with the line of that row: the one that lasts longest."""
    last, last_line = None, 0
    for starts, ends, line in sorted(spans):
        if last is not None and starts <= last:
            yield line, last_line
        if last is None or ends > last:
            last, last_line = ends, line


def _references(workspace: Workspace, names: _Names) -> Iterator[Finding]:
    for row in workspace.indicators:
        yield from names.person(f"indicators.csv:{row.line}", row.owner)
    for person in workspace.people:
        yield from names.unit(f"people.csv:{person.line}", person.unit)
    for target in workspace.targets:
        where = f"targets.csv:{target.line}"
        yield from names.indicator(where, target.indicator)
        yield from names.scope(where, target.unit)
    for rebase in workspace.rebases:
        where = f"rebases.csv:{rebase.line}"
        yield from names.indicator(where, rebase.indicator)
        yield from names.unit(where, rebase.unit)
    for heir in workspace.successions:
        where = f"successions.csv:{heir.line}"
        yield from names.unit(where, heir.from_unit)
        yield from names.unit(where, heir.to_unit)
    for brk in workspace.breaks:
        where = f"breaks.csv:{brk.line}"
        yield from names.indicator(where, brk.indicator)
        yield from names.scope(where, brk.unit)


def _rules(workspace: Workspace, names: _Names) -> Iterator[Finding]:
    rules, root = workspace.rules, workspace.root
    yield from twice(root, RULES, "rule", [row.rule for row in rules.rule])
    for number, rule in enumerate(rules.rule):
        where = table_place(root, RULES, "rule", number, rule.rule)
        for code in rule.indicators:
            if code != "*":
                yield from names.indicator(where, code)
        for code in rule.units:
            yield from names.scope(where, code)
    for number, one in enumerate(rules.sum):
        where = table_place(root, RULES, "sum", number, one.total)
        yield from _alike(workspace, names, where, (one.total, *one.parts), counts=False)
    for number, pair in enumerate(rules.leak):
        where = table_place(root, RULES, "leak", number, pair.source)
        yield from _alike(workspace, names, where, (pair.source, pair.to), counts=True)


def _alike(
    workspace: Workspace, names: _Names, where: str, codes: tuple[str, ...], *, counts: bool
) -> Iterator[Finding]:
    """Indicators that are added up or held against each other: of one cadence, added up alike, counts if need be."""
    for code in codes:
        yield from names.indicator(where, code)
    rows = [row for row in workspace.indicators if row.indicator in codes]
    kinds = sorted({f"{row.cadence} {row.aggregate} of {row.unit_of_measure}" for row in rows})
    if len(kinds) > 1 or (counts and not all(row.is_count for row in rows)):
        wanted = "counts of one cadence" if counts else "figures of one kind and cadence"
        message = f"{', '.join(codes)} are {' and '.join(kinds)}; wanted {wanted}"
        yield Finding("unlike-indicators", where, message, "Take out the one that differs, or mend indicators.csv.")


def _targets_overlap(workspace: Workspace) -> Iterator[Finding]:
    spans: dict[tuple[str, str, str], list[tuple[date, date, int]]] = {}
    for row in workspace.targets:
        if row.start and row.end and row.end < row.start:
            yield Finding("bad-cell", f"targets.csv:{row.line}", "end is before start", "Mend the dates.")
        if row.kind != "trajectory":  # a planned path is a series of points, held one by one
            key = (row.indicator, row.unit, row.kind)
            spans.setdefault(key, []).append((row.start or date.min, row.end or date.max, row.line))
    for (indicator, unit, kind), rows in spans.items():
        for line, earlier in _overlaps(rows):
            message = f"a second {kind} for {indicator} and {unit} is in force with line {earlier}"
            fix = "End the first before the second starts."
            yield Finding("double-target", f"targets.csv:{line}", message, fix)


def _rebases_on_grid(workspace: Workspace) -> Iterator[Finding]:
    cadences = {row.indicator: workspace.calendar.cadence(row.cadence) for row in workspace.indicators}
    for row in workspace.rebases:
        cadence = cadences.get(row.indicator)
        if cadence and cadence.start_of(row.week_start) != row.week_start:
            wanted = cadence.start_of(row.week_start)
            message = f"{row.week_start} is not the first day of a period; wanted {wanted}"
            yield Finding("rebase-off-grid", f"rebases.csv:{row.line}", message, "Use the period's first day.")


def _unique(file: str, what: str, rows: Iterable[tuple[str, int]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for code, line in rows:
        if code in seen:
            yield Finding(
                "double-row",
                f"{file}:{line}",
                f'{what} "{code}" is there twice',
                "Keep one.",
            )
        seen.add(code)
