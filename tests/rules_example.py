"""Small forces whose figures are visible in the test: tables and series in, the week's flags out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import finalize

import duckdb
import polars as pl

from compstat import queries
from compstat.load.batch import Loading
from compstat.load.load import load_files
from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.flag import Flag
from compstat.rules.tested_cells import cell_rows
from compstat.rules.weeks import WeekFlags, flags_of_week
from compstat.store import Store
from compstat.windows.scope import known_at
from compstat.workspace.create import sample_force_into
from compstat.workspace.workspace import Workspace, load_workspace

W46 = date(2026, 11, 9)  # a Monday
WEEK = timedelta(weeks=1)
STARTS = [W46 - back * WEEK for back in range(109, -1, -1)]
Figure = float | tuple[float, float] | None  # a tuple: numerator and denominator; None: no return
Series = Sequence[Figure]
COLUMNS = ("unit", "indicator", "period_start", "value", "numerator", "denominator")
SCHEMA = Path(__file__).parent.parent / "queries" / "schema"

STEADY = [10.0] * 110  # with these 52 weeks before it a week expects 10, four weeks 40, and nothing varies
SHARES = [(88.0, 100.0), (92.0, 100.0)] * 55  # 90% within target, give or take two


def history(before: Series, *newest: Figure) -> list[Figure]:
    """A long history with the newest figures in place of its last ones."""
    return [*before[: len(before) - len(newest)], *newest]


TABLES = ("observation", "batch", "sign_off", "waiver", "emptied", "ladder_step")
_FREE: list[duckdb.DuckDBPyConnection] = []


def empty_store() -> duckdb.DuckDBPyConnection:
    """A store in memory with its schema and nothing in it, one that was used before if there is any."""
    if _FREE:
        connection = _FREE.pop()
        connection.execute("drop view if exists temp.ready").fetchall()  # left there by a load
        for table in TABLES:
            connection.execute(f"delete from {table}").fetchall()
        return connection
    return new_store()


def new_store() -> duckdb.DuckDBPyConnection:
    """A store in memory that nobody has used."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    for step in sorted(path.stem for path in SCHEMA.glob("*.sql")):
        connection.execute(queries.read(f"schema/{step}").sql).fetchall()
    return connection


@dataclass(eq=False)
class Force:
    """A workspace in a folder. Tables are CSV text; `rule` is TOML for rules.toml (None: the default rules)."""

    root: Path
    indicators: str = "indicator,better,unit_of_measure\nburglary,lower,count\n"
    units: str = "unit,level\nnorth,district\n"
    targets: str = "indicator,unit,kind,value\n"
    rebases: str = "indicator,unit,week_start,reason,signed_by\n"
    breaks: str = "indicator,unit,start,kind,note\n"
    rules: str | None = None
    cycle: str = 'cycle = "main"\n'
    _judged: dict[date, Evaluation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self._connection = empty_store()
        self.store = Store(self._connection)
        finalize(self, _FREE.append, self._connection)  # for the next force: to connect takes longer than a test

    @cached_property
    def workspace(self) -> Workspace:
        (self.root / "compstat.toml").write_text(f"[[cycle]]\n{self.cycle}", "utf-8")
        for name in ("indicators", "units", "targets", "rebases", "breaks"):
            (self.root / f"{name}.csv").write_text(getattr(self, name), "utf-8")
        if self.rules is not None:
            (self.root / "rules.toml").write_text(self.rules, "utf-8")
        return load_workspace(self.root)

    def load(
        self,
        figures: Mapping[tuple[str, str], Series],
        last: date = W46,
        recorded_at: datetime | None = None,
        withdraw: bool = False,
    ) -> Force:
        """Load series by unit and indicator, each ending with the week that starts on `last`; months if it is a 1st.

        Recorded on the Monday after the week, or ten days after the month, at 18:00. The first load goes straight
        into the store, as the loader puts it there once it has checked the rows; it has tests of its own.
        """
        after = timedelta(days=40 if last.day == 1 else 7)
        recorded_at = recorded_at or datetime.combine(last + after, time(18))
        rows = [row for key, series in figures.items() for row in _rows(key, series, last)]
        self._judged.clear()
        if self.store.rows("windows/known_at", as_of=datetime.max)[0][0] is None:
            self._put(rows, recorded_at)
            return self
        path = self.root / f"returns-{recorded_at:%Y-%m-%dT%H%M}-{last}.csv"
        lines = [",".join("" if part is None else str(part) for part in row) for row in rows]
        path.write_text("\n".join([",".join(COLUMNS), *lines]), "utf-8")
        load_files(self.store, self.workspace, [path], Loading(recorded_at, "test", withdraw=withdraw))
        return self

    def _put(self, rows: list[tuple[Any, ...]], recorded_at: datetime) -> None:
        types = {name: pl.Date if name == "period_start" else None for name in COLUMNS}
        types |= dict.fromkeys(COLUMNS[3:], pl.Float64)
        self.store.put_frame("ready", pl.DataFrame(rows, schema=types, orient="row"))
        self.store.run("load/insert_ready", batch_id="B-0001", recorded_at=recorded_at)
        batch = {"batch_id": "B-0001", "source": "test", "sha256": "", "rows": len(rows), "loaded_by": "test"}
        self.store.run("load/insert_batch", **batch, recorded_at=recorded_at, set_aside=0)
        self._connection.execute("drop table temp.ready").fetchall()

    def judged(self, week: date = W46) -> Evaluation:
        """The week's evaluation alone, without a look at earlier weeks."""
        if week not in self._judged:
            known = known_at(self.store, None)
            assert known is not None
            self._judged[week] = evaluate(self.store, self.workspace, self.workspace.cycle(), week, known)
        return self._judged[week]

    def week(self, week: date = W46, as_of: datetime | None = None) -> WeekFlags:
        return flags_of_week(self.store, self.workspace, self.workspace.cycle(), week, as_of)

    def flags(self, family: str, week: date = W46) -> list[Flag]:
        """What a family raises in a week, the watch list included."""
        return [one.flag for one in self.judged(week).raised if one.flag.family == family]

    def flag(self, family: str, week: date = W46) -> Flag:
        """The one flag of a family."""
        (flag,) = self.flags(family, week)
        return flag

    def cells(self, week: date = W46) -> list[dict[str, Any]]:
        """Every test of a week, flagged or not."""
        return cell_rows(self.judged(week).decisions)

    def cell(self, family: str, week: date = W46) -> dict[str, Any]:
        """The one test of a family."""
        (found,) = [cell for cell in self.cells(week) if cell["family"] == family]
        return found

    def untested(self, family: str, week: date = W46) -> dict[tuple[str, str], str]:
        """Why cells were not tested by a family."""
        return {
            (judgement.panel.units[row], judgement.panel.indicators[row].indicator): reason
            for decided in self.judged(week).decisions.decided
            if (judgement := decided.judgement).rule.family == family
            for row, reason in judgement.untested.items()
        }


def _rows(key: tuple[str, str], series: Series, last: date) -> list[tuple[Any, ...]]:
    rows = []
    for back, figure in enumerate(reversed(series)):
        start = _months_before(last, back) if last.day == 1 else last - timedelta(weeks=back)
        parts = (None, *figure) if isinstance(figure, tuple) else (figure, None, None)
        rows.append((*key, start, *parts))
    return rows


def _months_before(last: date, months: int) -> date:
    year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
    return date(year, month + 1, 1)


def week_by_week(
    root: Path, first: Series, final: Series, rules: str, cell: tuple[str, str] = ("north", "burglary"), **tables: str
) -> Force:
    """Each week recorded on the Monday after it, and again a week later where it changed by then."""
    known = datetime.combine(W46 + WEEK, time(18))
    made = Force(root, rules=rules, **tables)
    rows: list[tuple[object, ...]] = []
    for start, one, two in zip(STARTS, first, final, strict=True):
        came = datetime.combine(start, datetime.min.time()) + WEEK + timedelta(hours=18)
        again = came + WEEK
        if one == two or again > known:
            rows.append((start, one, came, None))
        else:
            rows += [(start, one, came, again), (start, two, again, None)]
    sql = "insert into observation values ($1, $2, $3, $4, null, null, 'B', $5, $6)"
    made._connection.executemany(sql, [[*cell, *row] for row in rows])
    moments = sorted({row[2] for row in rows})
    sql = "insert into batch values ($1, $2, 'weekly.csv', '', 1, 'avery', null, 0)"
    made._connection.executemany(sql, [[f"B-{number:04}", moment] for number, moment in enumerate(moments, 1)])
    return made


def only(family: str, **settings: object) -> str:
    """rules.toml with one rule of this family and no gates but those given."""
    words = "".join(f"{name} = {value}\n" for name, value in settings.items())
    return f'[[rule]]\nrule = "{family}"\nfamily = "{family}"\n{words}'


class Sample:
    """The sample force loaded as `compstat demo` does, in a store in memory; made once, and only read."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self.root = Path(self._folder.name) / "force"
        laid_out = sample_force_into(self.root)
        self.workspace = load_workspace(self.root)
        self.connection = empty_store()
        self.store = Store(self.connection)
        for recorded_at, loads in groupby(laid_out.loads, key=lambda load: load.recorded_at):
            load_files(self.store, self.workspace, [load.file for load in loads], Loading(recorded_at, "test"))

    def week(self, week: date = W46) -> WeekFlags:
        return flags_of_week(self.store, self.workspace, self.workspace.cycle(), week)

    def page(self, week: date = W46) -> dict[str, Any]:
        """What `compstat flags --all-cells --json` prints, read back."""
        known = known_at(self.store, None)
        assert known is not None
        decisions = evaluate(self.store, self.workspace, self.workspace.cycle(), week, known).decisions
        cells = json.dumps(cell_rows(decisions), allow_nan=False)
        return {
            "cells": json.loads(cells),
            "expected_by_chance": decisions.expected_by_chance,
            "tests": decisions.tests,
        }


@cache
def sample_force() -> Sample:
    return Sample()
