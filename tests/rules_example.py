"""Small forces whose figures are visible in the test: tables and series in, the week's flags out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any
from weakref import finalize

import duckdb

from compstat import queries
from compstat.load.load import Loading, load_files
from compstat.rules.evaluation import Evaluation, cell_rows, evaluate
from compstat.rules.flag import Flag
from compstat.rules.scope import known_at
from compstat.rules.weeks import WeekFlags, flags_of_week
from compstat.store import Store, open_store
from compstat.workspace.create import sample_force_into
from compstat.workspace.workspace import Workspace, load_workspace

W46 = date(2026, 11, 9)  # a Monday
Figure = float | tuple[float, float] | None  # a tuple: numerator and denominator; None: no return
Series = Sequence[Figure]
SCHEMA = Path(__file__).parent.parent / "queries" / "schema"

STEADY = [10.0] * 110  # with these 52 weeks before it a week expects 10, four weeks 40, and nothing varies
SHARES = [(88.0, 100.0), (92.0, 100.0)] * 55  # 90% within target, give or take two


def history(before: Series, *newest: Figure) -> list[Figure]:
    """A long history with the newest figures in place of its last ones."""
    return [*before[: len(before) - len(newest)], *newest]


TABLES = ("observation", "batch", "sign_off", "emptied")
_FREE: list[duckdb.DuckDBPyConnection] = []


def _connected() -> duckdb.DuckDBPyConnection:
    """A store in memory with its schema."""
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
    _files: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        connection = _FREE.pop() if _FREE else _connected()
        for table in TABLES:
            connection.execute(f"delete from {table}").fetchall()
        finalize(self, _FREE.append, connection)  # for the next force: to connect takes longer than a test
        self.store = Store(connection)

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

        Recorded on the Monday after the week, or ten days after the month, at 18:00.
        """
        after = timedelta(days=40 if last.day == 1 else 7)
        recorded_at = recorded_at or datetime.combine(last + after, time(18))
        rows = [row for key, series in figures.items() for row in _rows(key, series, last)]
        heading = "month" if last.day == 1 else "week_start"
        path = self.root / f"returns-{len(self._files)}.csv"
        path.write_text(f"unit,indicator,{heading},value,numerator,denominator\n" + "".join(rows), "utf-8")
        self._files.append(path)
        load_files(self.store, self.workspace, [path], Loading(recorded_at, "test", withdraw=withdraw))
        return self

    def judged(self, week: date = W46) -> Evaluation:
        """The week's evaluation alone, without a look at earlier weeks."""
        known = known_at(self.store, None)
        assert known is not None
        return evaluate(self.store, self.workspace, self.workspace.cycle(), week, known)

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


def _rows(key: tuple[str, str], series: Series, last: date) -> list[str]:
    unit, indicator = key
    rows = []
    for back, figure in enumerate(reversed(series)):
        when = _months_before(last, back) if last.day == 1 else f"{last - timedelta(weeks=back)}"
        if isinstance(figure, tuple):
            rows.append(f"{unit},{indicator},{when},,{figure[0]:g},{figure[1]:g}\n")
        else:
            rows.append(f"{unit},{indicator},{when},{'' if figure is None else f'{figure:g}'},,\n")
    return rows


def _months_before(last: date, months: int) -> str:
    year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
    return f"{year}-{month + 1:02d}"


def only(family: str, **settings: object) -> str:
    """rules.toml with one rule of this family and no gates but those given."""
    words = "".join(f"{name} = {value}\n" for name, value in settings.items())
    return f'[[rule]]\nrule = "{family}"\nfamily = "{family}"\n{words}'


@dataclass
class Sample:
    """The sample force loaded as `compstat demo` does, in a store in memory."""

    root: Path

    def __post_init__(self) -> None:
        laid_out = sample_force_into(self.root)
        self.workspace = load_workspace(self.root)
        self._door = open_store(self.root / "nowhere.duckdb", read_only=True)
        self.store = self._door.__enter__()
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
