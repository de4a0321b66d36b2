"""Checks of what a workspace declares about time: periods of its own, what a week is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from compstat.calendar import CUSTOM, PERIODS_FILE
from compstat.findings import Finding, nearest

if TYPE_CHECKING:
    from compstat.workspace.tables import Period
    from compstat.workspace.workspace import Workspace

YEAR_AGO_FILE, SUCCESSIONS_FILE = "year_ago.csv", "successions.csv"
YEAR_AGO = timedelta(days=364)
FURTHEST = timedelta(weeks=6)  # from a year: Easter moves by five weeks at most


def period_checks(workspace: Workspace) -> Iterator[Finding]:
    """Rows of periods.csv that contradict each other, and cadences that it does not declare."""
    rows: dict[str, list[Period]] = {}
    for row in workspace.periods:
        rows.setdefault(row.cadence, []).append(row)
    for several in rows.values():
        yield from _of_one_cadence(sorted(several, key=lambda row: row.period_start))
    used = [(f"indicators.csv:{row.line}", row.cadence) for row in workspace.indicators]
    used += [(f"compstat.toml [[cycle]] {row.cycle}", row.cadence) for row in workspace.cycles]
    for where, cadence in used:
        name = cadence.removeprefix(CUSTOM)
        if name != cadence and name not in rows:
            message = f'cadence "{cadence}": there is no "{name}" in {PERIODS_FILE}.{nearest(name, sorted(rows))}'
            fix = f"Add its periods to {PERIODS_FILE}, one row each."
            yield Finding("unknown-cadence", where, message, fix)


def _of_one_cadence(rows: list[Period]) -> Iterator[Finding]:
    starts = {row.period_start for row in rows}
    last: date | None = None
    for row in rows:
        where = f"{PERIODS_FILE}:{row.line}"
        if row.period_end < row.period_start:
            yield Finding("bad-cell", where, "period_end is before period_start", "Mend the dates.")
        elif last is not None and row.period_start <= last:
            message = f'cadence "{row.cadence}" has two periods for {row.period_start}'
            yield Finding("double-row", where, message, "A period starts after the one before has ended.")
        before = row.year_ago_start
        if before is not None and not (before in starts and _is_a_year(before, row.period_start)):
            message = f"year_ago_start {before} is no period of this cadence within six weeks of a year before"
            yield Finding("year-ago-off-grid", where, message, "Use the first day of a period of this table.")
        last = max(last or row.period_end, row.period_end)


def _is_a_year(before: date, start: date) -> bool:
    return abs(start - before - YEAR_AGO) <= FURTHEST


def year_ago_checks(workspace: Workspace) -> Iterator[Finding]:
    """Rows of year_ago.csv that no week could be compared by."""
    calendar = workspace.calendar
    for row in workspace.year_ago:
        where = f"{YEAR_AGO_FILE}:{row.line}"
        fix = f"Weeks here end on {calendar.week_ends_on.title()}: use their first days."
        for day in (row.period_start, row.year_ago_start):
            wanted = calendar.cadence("weekly").start_of(day)
            if day != wanted:
                message = f"{day} is not the first day of a week; wanted {wanted}"
                yield Finding("year-ago-off-grid", where, message, fix)
        if not _is_a_year(row.year_ago_start, row.period_start):
            message = f"{row.year_ago_start} is not a year before {row.period_start}; wanted a week within six of it"
            yield Finding("year-ago-off-grid", where, message, "Mend the dates.")
    seen: set[date] = set()
    for row in workspace.year_ago:
        if row.period_start in seen:
            message = f'period_start "{row.period_start}" is there twice'
            yield Finding("double-row", f"{YEAR_AGO_FILE}:{row.line}", message, "Keep one.")
        seen.add(row.period_start)
