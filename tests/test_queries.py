"""Every statement under queries/: its header tells the truth, and the windows can move to Spark."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from compstat import queries

FOLDER = Path(__file__).parent.parent / "queries"
NAMES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.sql"))
WINDOWS = [name for name in NAMES if name.startswith("windows/") or name == "own/figures"]
MADE_UP = {"DATE": date(2026, 1, 5), "TIMESTAMP": datetime(2026, 1, 5), "VARCHAR": "x", "DOUBLE": 1.0}
# Tables that the program puts into the store for statements to join, as `Store.put` makes them.
PUT = (
    "create temp table known_unit_text (unit varchar, valid_from varchar, valid_to varchar)",
    "create temp table known_indicator_text (indicator varchar, cadence varchar, is_ratio boolean, "
    "non_negative boolean, scale double)",
    "create temp table known_period_text (cadence varchar, given varchar, period_start varchar, "
    "period_end varchar, code varchar, wanted varchar)",
    "create temp table known_date_text (said varchar, day varchar)",
    "create temp table careful_row (line bigint, unit varchar, indicator varchar, given varchar, "
    "value varchar, numerator varchar, denominator varchar)",
    "create temp table said_row (unit varchar, indicator varchar, given varchar, value double)",
    "create temp table refused_line (line bigint)",
    "create temp table named_file (sha256 varchar)",
    "create temp table audited_record (unit varchar, record bigint, of_records bigint, outcome varchar, "
    "comment varchar)",
    "create temp table described_unit_text (unit varchar, name varchar, level varchar, parent varchar, "
    "commander varchar, family varchar, population double, valid_from varchar, valid_to varchar)",
    "create temp table described_indicator_text (indicator varchar, name varchar, definition varchar, kind varchar, "
    "tier varchar, scope varchar, better varchar, unit_of_measure varchar, per double, cadence varchar, "
    "aggregate varchar, roll_up varchar, owner varchar, reviewed varchar, review_by varchar)",
    "create temp table figure_in (cell bigint, period_start date, value double, numerator double, denominator double, "
    "recorded_at timestamp)",
    "create temp table cell_text (cell bigint, unit varchar, indicator varchar)",
    "create temp table scope_text (cell bigint, unit varchar, indicator varchar, cadence varchar, is_ratio boolean)",
    "create temp table season_cell (unit varchar, indicator varchar, team bigint, usual double, since timestamp)",
    "create temp table span_text as select 'weekly' as cadence, "
    + ", ".join(
        f"'2026-01-05' as {window}{ago}_{end}"
        for window in ("week", "four_weeks", "year_to_date", "rolling_year")
        for ago in ("", "_year_ago")
        for end in ("first", "last")
    ),
)
# What DuckDB and Spark both have and mean alike. Before one is added: the same rows from both engines.
PORTABLE = {
    "ABS", "AND", "ANY_VALUE", "AVG", "CASE", "CAST", "COALESCE", "CONCAT", "COUNT", "COUNT_IF", "DATE_ADD",
    "DENSE_RANK", "FIRST_VALUE", "FLOOR", "GREATEST", "IF", "LAG", "LAST_VALUE", "LEAD", "LEAST", "LOWER",
    "MAX", "MEDIAN", "MIN", "NULLIF", "OR", "RANK", "ROUND", "ROW_NUMBER", "SIGN", "SQRT", "STDDEV_SAMP",
    "SUM", "UPPER", "VARIANCE", "XOR",
}  # fmt: skip


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text("utf-8")


@pytest.fixture(scope="module")
def store() -> duckdb.DuckDBPyConnection:
    """A store with its schema, and the temporary tables that statements of this folder make."""
    connection = duckdb.connect()
    for name in NAMES:
        if name.startswith("schema/"):
            connection.execute(text_of(name)).fetchall()
    for statement in PUT:
        connection.execute(statement).fetchall()
    making = [name for name in NAMES if re.search(r"^create ", text_of(name), re.M)]
    for _ in range(3):  # one may need what another makes
        for name in making:
            try:
                connection.execute(text_of(name), sample_of(name) or None).fetchall()
            except duckdb.Error:  # needs a table that the program puts there
                continue
    return connection


def declared(words: str) -> list[tuple[str, str]]:
    """`unit VARCHAR, value DOUBLE (null: no return)` as names and types, in order."""
    plain = re.sub(r"\([^)]*\)", "", words)
    return [(name, kind) for name, kind, *_ in (part.split() for part in plain.split(",") if part.strip())]


def sample_of(name: str) -> dict[str, object]:
    params = re.search(r"^-- params:(.*?)^-- returns:", text_of(name), re.M | re.S)
    assert params, f"{name} has no line params"
    return {word: MADE_UP.get(kind) for word, kind in declared(params[1].replace("--", ""))}


@pytest.mark.parametrize("name", NAMES)
def test_the_header_is_whole_and_names_the_file(name: str) -> None:
    keys = [
        line.split(":")[0].removeprefix("--").strip()
        for line in text_of(name).splitlines()[:12]
        if re.match(r"-- (name|what|params|returns):", line)
    ]
    assert keys == ["name", "what", "params", "returns"]
    query = queries.read(name)
    assert query.name == Path(name).name
    assert query.what.endswith(".")
    assert query.returns


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_one_statement_with_the_parameters_it_declares(name: str) -> None:
    statements = duckdb.extract_statements(text_of(name))
    assert len(statements) == 1
    assert set(queries.read(name).params) == set(statements[0].named_parameters)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_returns_the_columns_it_declares(name: str, store: duckdb.DuckDBPyConnection) -> None:
    if duckdb.extract_statements(text_of(name))[0].type is not duckdb.StatementType.SELECT:
        assert queries.read(name).returns == "nothing"
        return
    columns = declared(queries.read(name).returns)
    selected = sqlglot.parse_one(text_of(name), read="duckdb").named_selects
    assert "*" in selected or [column for column, _ in columns] == selected
    try:
        described = store.execute(f"describe {text_of(name)}", sample_of(name) or None).fetchall()
    except duckdb.CatalogException as error:
        pytest.skip(f"reads a table that the program puts there: {str(error).splitlines()[0]}")
    assert [(column, kind.split("(")[0]) for column, kind, *_ in described] == columns


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_can_be_turned_into_spark_sql(name: str) -> None:
    (spark,) = sqlglot.transpile(text_of(name), read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
    assert sqlglot.parse_one(spark, read="spark")
    assert functions_of(text_of(name)) <= PORTABLE


def functions_of(sql: str) -> set[str]:
    """Every function a statement calls by its SQL name, or as written where sqlglot does not know it."""
    found = sqlglot.parse_one(sql, read="duckdb").find_all(exp.Func)
    return {call.name.upper() if isinstance(call, exp.Anonymous) else call.sql_name() for call in found}


def test_a_function_that_sqlglot_does_not_know_is_seen() -> None:
    assert functions_of("select lgamma(a), sum(b), made_up(c) from t") - PORTABLE == {"LGAMMA", "MADE_UP"}


def test_a_header_goes_on_over_lines() -> None:
    words = "-- name:    a\n-- what:    One\n--          two.\n-- params:\n-- returns: nothing\nselect 1"
    assert queries._header(words) == {"name": "a", "what": "One two.", "params": "", "returns": "nothing"}
