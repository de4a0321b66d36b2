"""A feed that asks a database: a real PostgreSQL server, and SQLite by the same form of URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from feeds_example import feeds_workspace, values
from postgres_example import PASSWORD, Server, postgres
from workspace_example import contents, load, select

from compstat.findings import DataError
from compstat.load.batch import Loaded
from compstat.load.feeds.database import query_result
from compstat.workspace.workspace import Workspace

pytest.importorskip("sqlalchemy", reason="the extra `database` is not installed")

FEED = """
[[feed]]
feed = "crime"
date = { column = "occurred" }
coverage = { from = 2026-11-02, to = 2026-11-15 }
unit = { column = "beat", map = { "N" = "North", "S" = "South" } }
database = "env:RECORDS_URL"
query = "crime.sql"
[[feed.indicator]]
indicator = "burglary"
value = "weight"
"""
QUERY = """
-- 100 % of it, with : and %s as they are in SQL
select occurred, beat, weight, 'a:b %s' as note
from incident
where offence like 'burg%' and occurred::text <> ':x'
order by occurred
"""
MADE = """
create table incident (occurred timestamptz, offence text, beat text, weight numeric(10, 2));
insert into incident values
    ('2026-11-10 23:59:59.5+00', 'burglary', 'N', 1.00),
    ('2026-11-11 00:00:00+00', 'burglary', 'N', -1.00),
    ('2026-11-12 08:00:00+00', 'burglary', 'N', 1.00),
    ('2026-11-12 08:00:00+00', 'theft', 'S', 1.00);
create role reader login password 's3cr:t p@ss/word';
grant all on incident to reader;
"""
WEEK = date(2026, 11, 9)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as server:
        server.sql(MADE)
        yield server


def url(server: Server, user: str = "reader", password: str = PASSWORD, scheme: str = "postgresql") -> str:
    return f"{scheme}://{user}:{quote(password, safe='')}@127.0.0.1:{server.port}/postgres"


def asking(root: Path, query: str = QUERY, feeds: str = FEED) -> Workspace:
    root.mkdir(exist_ok=True)
    (root / "crime.sql").write_text(query, "utf-8")
    return feeds_workspace(root, feeds)


def load_result(workspace: Workspace, **options: object) -> Loaded:
    feed = workspace.feeds.named("crime")
    with query_result(workspace.root, feed) as path:
        (loaded,) = load(workspace, path, feed=feed, **options)  # type: ignore[arg-type]
    assert not path.exists()
    return loaded


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_query_on_postgresql_is_counted(
    tmp_path: Path, server: Server, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDS_URL", url(server, scheme=scheme))
    workspace = asking(tmp_path)
    loaded = load_result(workspace)
    assert loaded.source == "crime.sql.csv" and loaded.extracted and loaded.extracted.rows == 3
    assert values(workspace)["North", "burglary", WEEK] == 1
    assert values(workspace)["South", "burglary", WEEK] == 0
    assert select(workspace, "select source, length(sha256) from batch") == [("crime.sql.csv", 64)]


def test_what_changes_in_the_database_is_a_restatement(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDS_URL", url(server))
    workspace = asking(tmp_path)
    load_result(workspace)
    assert load_result(workspace, at=datetime(2026, 11, 17)).batch is None
    server.sql("insert into incident values ('2026-11-13 08:00:00+00', 'burglary', 'S', 1)")
    try:
        assert load_result(workspace, at=datetime(2026, 11, 18)).restated == 1
    finally:
        server.sql("delete from incident where beat = 'S' and offence = 'burglary'")


@pytest.mark.parametrize(
    "query",
    [
        "delete from incident returning occurred, beat, weight",
        "with gone as (delete from incident returning *) select occurred, beat, weight from gone",
        "select 1 as occurred; commit; delete from incident",
        "select occurred, beat, weight from incidents",
        "selec",
        "",
    ],
)
def test_a_query_that_writes_or_is_none_is_refused_and_changes_nothing(
    tmp_path: Path, server: Server, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDS_URL", url(server))
    workspace = asking(tmp_path, query)
    with pytest.raises(DataError) as error:
        load_result(workspace)
    assert [finding.code for finding in error.value.findings] == ["query-failed"]
    assert contents(workspace) == []
    assert load_result(asking(tmp_path)).extracted.rows == 3  # type: ignore[union-attr]


@pytest.mark.parametrize("wrong", ["password", "host", "driver", "no url", "unset"])
def test_a_database_that_cannot_be_asked_is_named_without_its_password(
    tmp_path: Path, server: Server, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = {
        "password": url(server, password="wr0ng:s3cret"),
        "host": url(server, password="wr0ng:s3cret").replace(str(server.port), "1"),
        "driver": url(server, password="wr0ng:s3cret", scheme="nosuch"),
        "no url": "wr0ng:s3cret",
        "unset": "",
    }
    monkeypatch.setenv("RECORDS_URL", urls[wrong])
    with pytest.raises(DataError) as error:
        load_result(asking(tmp_path))
    (finding,) = error.value.findings
    assert finding.code == ("database-unreachable" if wrong in {"password", "host"} else "no-database")
    assert finding.where == "feeds.toml [[feed]] crime"
    assert "s3cret" not in str(finding) and "wr0ng" not in str(finding)


def test_no_password_is_kept(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORDS_URL", url(server))
    workspace = asking(tmp_path)
    load_result(workspace)
    kept = str(contents(workspace)) + "".join(path.read_text("utf-8") for path in tmp_path.iterdir() if path.is_file())
    assert PASSWORD not in kept and quote(PASSWORD, safe="") not in kept


def test_sqlite_is_read_by_the_same_form_of_url(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "records.sqlite") as records:
        records.execute("create table incident (occurred text, beat text, weight real)")
        records.execute("insert into incident values ('2026-11-10', 'N', 1.0), ('2026-11-10', 'N', null)")
    records.close()
    feeds = FEED.replace("env:RECORDS_URL", f"sqlite:///{tmp_path}/records.sqlite")
    workspace = asking(tmp_path, "select * from incident", feeds)
    with pytest.raises(DataError) as error:
        load_result(workspace)
    (finding,) = error.value.findings  # null is an empty cell, and the lines are those of the result
    assert (finding.where, finding.message) == ("crime.sql.csv:3", "weight is empty; wanted a number")
    assert error.value.summary.endswith("compstat load --feed crime --set-aside")
    loaded = load_result(workspace, set_aside=True)
    assert loaded.refused_file and "2026-11-10" in loaded.refused_file.read_text("utf-8-sig")
    with pytest.raises(DataError, match="query-failed"):
        load_result(asking(tmp_path, "delete from incident", feeds))
