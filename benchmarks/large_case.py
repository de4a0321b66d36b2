"""The large case: a workspace and five years of weekly returns, invented on the fly, the same at every run.

Two thirds of the indicators are counts with means from 0.5 to 50, the others shares (with floors and targets)
and measurements in days. Nothing changes in them, so few flags are raised: what is timed is the judging.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from compstat.load.batch import Loading
from compstat.load.load import load_files
from compstat.store import open_store
from compstat.workspace.workspace import Workspace, load_workspace

LAST_WEEK = date(2026, 11, 9)
HEADINGS = "unit,indicator,week_start,value,numerator,denominator"
BARE_TABLE = "(unit varchar, indicator varchar, week_start date, value double, numerator double, denominator double)"


@dataclass(frozen=True)
class Case:
    """So many units x indicators x weeks in a folder. What it needs is made when first asked for."""

    folder: Path
    units: int = 1_000
    indicators: int = 60
    weeks: int = 260

    @property
    def rows(self) -> int:
        return self.units * self.indicators * self.weeks

    @cached_property
    def workspace(self) -> Workspace:
        root = self.folder / f"workspace-{self.units}"
        _write_workspace(root, self.units, self.indicators)
        return load_workspace(root)

    @cached_property
    def history(self) -> Path:
        """The CSV file of all weeks, oldest first."""
        path = self.folder / f"history-{self.units}.csv"
        self.write_returns(path, LAST_WEEK - timedelta(weeks=self.weeks - 1), self.weeks)
        return path

    @property
    def bare_path(self) -> Path:
        return self.folder / f"bare-{self.units}.duckdb"

    @cached_property
    def bare(self) -> Path:
        """A DuckDB file with the history in one table, put there by COPY."""
        if not self.bare_path.exists():
            copy_bare(self.bare_path, self.history, "history")
        return self.bare_path

    @cached_property
    def store(self) -> Path:
        """The workspace's store with the history loaded."""
        path = self.workspace.store_path
        if not path.exists():
            self.load(self.history, LAST_WEEK)
        return path

    def load(self, returns: Path, week: date) -> None:
        """Load a file in process, as recorded on the evening after the week."""
        with open_store(self.workspace.store_path) as store:
            load_files(store, self.workspace, [returns], Loading(recorded_at(week), "benchmark"))

    def half(self) -> Case:
        """The first half of the units, with everything of theirs."""
        return Case(self.folder, self.units // 2, self.indicators, self.weeks)

    def write_returns(
        self,
        path: Path,
        first: date,
        weeks: int,
        *,
        units_from: int = 0,
        units: int | None = None,
        salt: int = 0,
    ) -> None:
        """A long CSV file of every indicator and so many units from one on. Another salt gives other figures."""
        units = units or self.units - units_from
        select = _RETURNS.format(
            rows=units * self.indicators * weeks,
            units=units,
            units_from=units_from,
            indicators=self.indicators,
            first=first,
            salt=salt,
        )
        with duckdb.connect() as connection:
            connection.execute(f"copy ({select}) to '{path}' (format csv, header)").fetchall()


def recorded_at(week: date) -> datetime:
    return datetime.combine(week + timedelta(days=7), time(18))


def copy_bare(database: Path, returns: Path, table: str) -> None:
    """The yardstick of every load: COPY of a file into a fresh table, nothing checked."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create table {table} {BARE_TABLE}").fetchall()
        connection.execute(f"copy {table} from '{returns}' (format csv, header)").fetchall()


# a hash stands for the dice: the same figures whatever the number of threads
_RETURNS = """
    with place as (
        select
            i,
            i // ({units} * {indicators}) as week,
            i // {indicators} % {units} + {units_from} + 1 as unit,
            i % {indicators} + 1 as indicator
        from range({rows}) as cell (i)
    ),
    drawn as (
        select
            *,
            100 ** (hash(unit, indicator) % 1000 / 1000.0) / 2 as mean,
            sqrt(-2 * ln((hash(week, unit, indicator, {salt}) % 999983 + 1) / 999984.0))
                * cos(2 * pi() * (hash(indicator, unit, week, {salt} + 1) % 999983) / 999983.0) as normal
        from place
    )
    select
        printf('unit-%04d', unit) as unit,
        printf('indicator-%02d', indicator) as indicator,
        date '{first}' + (week * 7)::integer as week_start,
        case indicator % 6
            when 0 then null
            when 1 then round(10 + normal, 1)
            else greatest(0, round(mean + sqrt(mean) * normal))
        end as value,
        case when indicator % 6 = 0 then round(40 + mean) - greatest(0, round(5 + 2 * normal)) end as numerator,
        case when indicator % 6 = 0 then round(40 + mean) end as denominator
    from drawn
"""


def _write_workspace(root: Path, units: int, indicators: int) -> None:
    root.mkdir()
    (root / "compstat.toml").write_text('[organisation]\nname = "Benchmark"\n\n[[cycle]]\ncycle = "main"\n')
    _write(root / "units.csv", ["unit", "level"], [[f"unit-{n:04}", "unit"] for n in range(1, units + 1)])
    measures = {0: "percent", 1: "days"}
    _write(
        root / "indicators.csv",
        ["indicator", "better", "unit_of_measure"],
        [
            [f"indicator-{n:02}", "higher" if n % 6 == 0 else "lower", measures.get(n % 6, "count")]
            for n in range(1, indicators + 1)
        ],
    )
    shares = [f"indicator-{n:02}" for n in range(6, indicators + 1, 6)]
    _write(
        root / "targets.csv",
        ["indicator", "unit", "kind", "value"],
        [[name, "*", kind, value] for name in shares for kind, value in (("floor", 75), ("target", 80))],
    )


def _write(path: Path, headings: list[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
