"""The windows of the sample week against plain sums of the CSV files; and the same rows by way of Spark SQL."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
import sqlglot
from rules_example import W46, sample_force

from compstat import queries
from compstat.rules.evaluation import evaluate
from compstat.store import Store
from compstat.windows.scope import Scope, open_scope, put_scope

KNOWN = datetime(2026, 11, 16, 18)
BEFORE_W46 = datetime(2026, 11, 9, 18)
# First and last day of each window of the week of 9 November 2026, by the calendar on the wall. The year to date
# starts with the week that holds 1 January; last year's is the same weekdays, 364 days before.
WINDOWS = {
    "week": (date(2026, 11, 9), date(2026, 11, 15)),
    "week_year_ago": (date(2025, 11, 10), date(2025, 11, 16)),
    "four_weeks": (date(2026, 10, 19), date(2026, 11, 15)),
    "four_weeks_year_ago": (date(2025, 10, 20), date(2025, 11, 16)),
    "year_to_date": (date(2025, 12, 29), date(2026, 11, 15)),
    "year_to_date_year_ago": (date(2024, 12, 30), date(2025, 11, 16)),
    "rolling_year": (date(2025, 11, 17), date(2026, 11, 15)),
    "rolling_year_year_ago": (date(2024, 11, 18), date(2025, 11, 16)),
}
FOLDER = Path(__file__).parent.parent / "queries"
# What makes a temporary table of what the program put there: on a cluster the program's own tables take their place.
NOT_COVERED = {"windows/scope", "windows/span"}
READS = [*sorted({f"windows/{path.stem}" for path in (FOLDER / "windows").glob("*.sql")} - NOT_COVERED), "own/figures"]


@dataclass
class Loaded:
    """The sample force in a store of its own, its week in the tables `scope` and `span`."""

    connection: duckdb.DuckDBPyConnection
    store: Store
    scope: Scope

    def rows(self, sql: str, **params: object) -> list[tuple[object, ...]]:
        return self.connection.execute(sql, params).fetchall()


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    sample = sample_force()
    evaluate(sample.store, sample.workspace, sample.workspace.cycle(), W46, KNOWN)  # puts the tables of the season
    scope = open_scope(sample.store, sample.workspace, sample.workspace.cycle(), W46, KNOWN)
    put_scope(sample.store, scope)
    return Loaded(sample.connection, sample.store, scope)


def returns(force: Path, until: datetime) -> pl.DataFrame:
    """Figures as known at a moment, straight from the files: the newest recorded of each."""
    known: dict[tuple[str, str, date], tuple[float, float]] = {}
    for load in read(force / "loads.csv"):
        if datetime.fromisoformat(load["recorded_at"]) > until:
            continue
        for row in read(force / load["file"]):
            start = date.fromisoformat(row.pop("week_ending")) - timedelta(days=6)
            unit = row.pop("unit")
            if "indicator" in row:
                known[unit, row["indicator"], start] = (float(row["numerator"]), float(row["denominator"]))
                continue
            known |= {(unit, name, start): (float(figure), 1.0) for name, figure in row.items() if figure}
    rows = [(*key, *figure) for key, figure in known.items()]
    return pl.DataFrame(rows, schema=["unit", "indicator", "start", "amount", "volume"], orient="row")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sums(figures: pl.DataFrame) -> dict[tuple[str, str], dict[str, float | None]]:
    """Amount, volume and number of returns of each window, by unit and indicator."""
    columns = []
    for name, (first, last) in WINDOWS.items():
        inside = pl.col("start").is_between(first, last)
        present = inside.sum()
        for part in ("amount", "volume"):
            total = pl.col(part).filter(inside).sum()
            columns.append(pl.when(present > 0).then(total).otherwise(None).alias(f"{name}_{part}"))
        columns.append(present.alias(f"{name}_present"))
    found = figures.group_by("unit", "indicator").agg(columns).to_dicts()
    return {(row.pop("unit"), row.pop("indicator")): row for row in found}


@pytest.mark.parametrize("moment", [KNOWN, BEFORE_W46])
def test_window_totals_are_the_sums_of_the_files(loaded: Loaded, moment: datetime) -> None:
    """As known on the evening of the last load, and a week before it: the restated August differs."""
    first = min(day for day, _ in WINDOWS.values())
    rows = loaded.store.records("windows/window_totals", known_at=moment, first=first, last=date(2026, 11, 15))
    wanted = sums(returns(loaded.scope.workspace.root, moment).filter(pl.col("start") >= first))
    assert len(rows) == len(loaded.scope.cells) == 12 * 16
    for row in rows:
        cell = wanted[row.pop("unit"), row.pop("indicator")]
        assert row == cell, "whole numbers: equal to the last digit"


def test_the_moments_differ_where_a_month_was_restated(loaded: Loaded) -> None:
    now, before = (sums(returns(loaded.scope.workspace.root, moment)) for moment in (KNOWN, BEFORE_W46))
    cell = ("southbank", "burglary")
    differ = (now[cell]["rolling_year_amount"] or 0) - (before[cell]["rolling_year_amount"] or 0)
    this_week = now[cell]["week_amount"] or 0
    assert differ - this_week == 6
    assert before[cell]["week_amount"] is None


def params_of(loaded: Loaded, name: str) -> dict[str, object]:
    every = {
        "as_of": KNOWN, "known_at": KNOWN, "week_start": W46, "cadence": "weekly", "unit": "harbour",
        "indicator": "burglary", "first": date(2024, 10, 7), "last": date(2026, 11, 15),
    }  # fmt: skip
    return {param: every[param] for param in queries.read(name).params}


@pytest.mark.parametrize("name", READS)
def test_by_way_of_spark_a_query_gives_the_same_rows(loaded: Loaded, name: str) -> None:
    """DuckDB to Spark SQL and back, and both run here: what a translation changes would show in the rows."""
    sql, params = queries.read(name).sql, params_of(loaded, name)
    (spark,) = sqlglot.transpile(sql, read="duckdb", write="spark")
    (again,) = sqlglot.transpile(spark, read="spark", write="duckdb")
    rows, translated = loaded.rows(sql, **params), loaded.rows(again, **params)
    assert rows, name
    if "order by" in sql.lower():
        assert translated == rows
    assert sorted(translated, key=repr) == sorted(rows, key=repr)


def test_what_is_not_covered_only_makes_a_table() -> None:
    for name in NOT_COVERED:
        assert duckdb.extract_statements(queries.read(name).sql)[0].type is duckdb.StatementType.CREATE


def test_a_window_whose_meaning_a_translation_changes_would_be_seen(loaded: Loaded) -> None:
    """Integer division: Spark's `/` is of doubles, and a comparison of rows alone would show it."""
    (spark,) = sqlglot.transpile("select 7 // 2 as half", read="duckdb", write="spark")
    (again,) = sqlglot.transpile(spark, read="spark", write="duckdb")
    assert loaded.rows(again) == [(3,)]


def test_a_figure_without_a_value_is_missing_and_never_0(loaded: Loaded) -> None:
    """A null that comes out of the store is masked, not the 0 that lies under the mask."""
    loaded.connection.begin()
    loaded.connection.execute(
        "update observation set value = null where unit = 'harbour' and indicator = 'burglary' and period_start = ?",
        [W46],
    )
    found = loaded.store.arrays("windows/recent_figures", **params_of(loaded, "windows/recent_figures"))
    loaded.connection.rollback()
    assert found["amount"].mask.sum() == 1  # type: ignore[attr-defined]
