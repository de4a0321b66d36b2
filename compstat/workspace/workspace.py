"""A workspace, read and checked as a whole: the one value the rest of the house is given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from compstat.calendar import PERIODS_FILE, Cadence, Calendar, DeclaredPeriod, end_of
from compstat.findings import Finding, UsageError, WorkspaceError, nearest
from compstat.workspace import tables
from compstat.workspace.checks import checks_of_feeds, cross_checks
from compstat.workspace.feeds import Feeds, read_feeds, unread_feeds
from compstat.workspace.periods import SUCCESSIONS_FILE, YEAR_AGO_FILE
from compstat.workspace.reading import read_table, read_toml
from compstat.workspace.root import ENVIRONMENT, SETTINGS_FILE, find_root
from compstat.workspace.rulebook import Rulebook
from compstat.workspace.settings import Agenda, Compstat, Cycle

__all__ = ["ENVIRONMENT", "SETTINGS_FILE", "Workspace", "find_root", "load_workspace"]


@dataclass(frozen=True)
class Workspace:
    """The tables and settings of one folder, already checked against each other."""

    root: Path
    settings: Compstat
    units: tuple[tables.Unit, ...]
    indicators: tuple[tables.Indicator, ...]
    targets: tuple[tables.Target, ...]
    people: tuple[tables.Person, ...]
    rebases: tuple[tables.Rebase, ...]
    breaks: tuple[tables.Break, ...]
    rules: Rulebook
    agenda: Agenda
    periods: tuple[tables.Period, ...] = ()
    year_ago: tuple[tables.YearAgo, ...] = ()
    successions: tuple[tables.Succession, ...] = ()
    feeds: Feeds = field(default_factory=Feeds)  # as far as they can be read
    feed_problems: tuple[Finding, ...] = ()

    @property
    def sound_feeds(self) -> Feeds:
        """The feeds, to be used. Raises WorkspaceError with every problem of feeds.toml: it stops nobody else."""
        if self.feed_problems:
            raise WorkspaceError(self.feed_problems)
        return self.feeds

    @cached_property
    def calendar(self) -> Calendar:
        declared: dict[str, tuple[DeclaredPeriod, ...]] = {}
        for row in sorted(self.periods, key=lambda row: row.period_start):
            period = DeclaredPeriod(row.period_start, row.period_end, row.label, row.year_ago_start)
            declared[row.cadence] = (*declared.get(row.cadence, ()), period)
        return self.settings.calendar.calendar(
            declared, {row.period_start: row.year_ago_start for row in self.year_ago}
        )

    @property
    def cycles(self) -> tuple[Cycle, ...]:
        return self.settings.cycle

    @property
    def store_path(self) -> Path:
        return self.root / self.settings.store.path

    def cycle(self, name: str | None = None) -> Cycle:
        """The cycle of that name, or the first one. UsageError for an unknown name."""
        if name is None:
            return self.cycles[0]
        for cycle in self.cycles:
            if cycle.cycle == name:
                return cycle
        known = [cycle.cycle for cycle in self.cycles]
        raise UsageError(Finding("unknown-cycle", "", f'There is no cycle "{name}".{nearest(name, known)}'))

    def unit(self, code: str, on: date | None = None) -> tables.Unit:
        """The row of a unit valid on a day (its newest row without one). UsageError for an unknown unit."""
        rows = self._units_by_code.get(code, ())
        if not rows:
            known = list(self._units_by_code)
            raise UsageError(Finding("unknown-unit", "", f'There is no unit "{code}".{nearest(code, known)}'))
        valid = [row for row in rows if on is None or row.valid_on(on)]
        return max(valid or rows, key=lambda row: row.valid_from or date.min)

    def commander_since(self, code: str, on: date | None = None) -> date | None:
        """First day on which whoever commands a unit has done so without a break; None where no row says."""
        row = self.unit(code, on)
        rows = sorted(self._units_by_code[code], key=lambda row: row.valid_from or date.min, reverse=True)
        since = row.valid_from
        for earlier in rows[rows.index(row) + 1 :]:
            if row.commander is None or earlier.commander != row.commander:
                break
            since = earlier.valid_from
        return since if row.commander is not None else None

    def indicator(self, code: str) -> tables.Indicator:
        """The indicator of that code. UsageError for an unknown one."""
        try:
            return self._indicators_by_code[code]
        except KeyError:
            known = list(self._indicators_by_code)
            message = f'There is no indicator "{code}".{nearest(code, known)}'
            raise UsageError(Finding("unknown-indicator", "", message)) from None

    def person(self, code: str) -> tables.Person | None:
        """The person of that id, or None."""
        return next((row for row in self.people if row.person == code), None)

    def cadence_of(self, indicator: str) -> Cadence:
        return self.calendar.cadence(self.indicator(indicator).cadence)

    def target(self, indicator: str, unit: str, kind: str, period_start: date) -> tables.Target | None:
        """The row in force for a period of this cell: the unit's own, else its level's, else everybody's."""
        day = end_of(self.cadence_of(indicator), period_start)
        rows = [row for row in self._targets_by_indicator.get(indicator, ()) if row.kind == kind and row.in_force(day)]
        for scope in (unit, self.unit(unit, day).level, "*"):
            for row in rows:
                if row.unit == scope:
                    return row
        return None

    @cached_property
    def _units_by_code(self) -> dict[str, list[tables.Unit]]:
        rows: dict[str, list[tables.Unit]] = {}
        for row in self.units:
            rows.setdefault(row.unit, []).append(row)
        return rows

    @cached_property
    def _indicators_by_code(self) -> dict[str, tables.Indicator]:
        return {row.indicator: row for row in self.indicators}

    @cached_property
    def _targets_by_indicator(self) -> dict[str, list[tables.Target]]:
        rows: dict[str, list[tables.Target]] = {}
        for row in self.targets:
            rows.setdefault(row.indicator, []).append(row)
        return rows


def load_workspace(root: Path) -> Workspace:
    """The workspace in this folder. Raises WorkspaceError with every problem of every table at once.

    Problems of feeds.toml alone are kept for who uses it.
    """
    found: list[Finding] = []
    of_feeds: list[Finding] = []
    main = read_toml(root / SETTINGS_FILE, Compstat, found, required=True)
    by_table = main is not None and main.calendar.year_ago == "table"
    rules = read_toml(root / "rules.toml", Rulebook, found, required=False)
    agenda = read_toml(root / "agenda.toml", Agenda, found, required=False)
    workspace = Workspace(
        root=root,
        settings=main or Compstat(),
        units=read_table(root / "units.csv", tables.Unit, found, required=True),
        indicators=read_table(root / "indicators.csv", tables.Indicator, found, required=True),
        targets=read_table(root / "targets.csv", tables.Target, found, required=False),
        people=read_table(root / "people.csv", tables.Person, found, required=False),
        rebases=read_table(root / "rebases.csv", tables.Rebase, found, required=False),
        breaks=read_table(root / "breaks.csv", tables.Break, found, required=False),
        rules=rules or Rulebook(),
        agenda=agenda or Agenda(),
        periods=read_table(root / PERIODS_FILE, tables.Period, found, required=False),
        year_ago=read_table(root / YEAR_AGO_FILE, tables.YearAgo, found, required=by_table) if by_table else (),
        successions=read_table(root / SUCCESSIONS_FILE, tables.Succession, found, required=False),
        feeds=read_feeds(root, of_feeds),
    )
    unread = {finding.where.partition(":")[0] for finding in found}
    found.extend(cross_checks(workspace, unread))
    of_feeds.extend(checks_of_feeds(workspace, unread))
    if any(finding.severity == "error" for finding in found):
        raise WorkspaceError([*found, *of_feeds])
    if not of_feeds:
        return workspace
    return replace(
        workspace, feeds=workspace.feeds if workspace.feeds.feed else unread_feeds(root), feed_problems=tuple(of_feeds)
    )
