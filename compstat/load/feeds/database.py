"""The result of a feed's query as a file, which is then counted like any extract. Nothing is ever written there."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from compstat.findings import DataError, Finding
from compstat.load.quoted import plain
from compstat.workspace.feeds import FEEDS_FILE, Feed

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

VARIABLE = "env:"
ROWS_AT_ONCE = 10_000
SECONDS_TO_CONNECT = 15
# What makes a session one that can only read. Of other databases an account that may only read is wanted
READ_ONLY = {
    "postgresql": "set session characteristics as transaction read only",
    "mysql": "set session transaction read only",
    "mariadb": "set session transaction read only",
    "sqlite": "pragma query_only = on",
}
INSTALL = "Install it: pip install 'compstat[database]', and for other databases than PostgreSQL their driver."


@contextmanager
def query_result(root: Path, feed: Feed) -> Iterator[Path]:
    """What the feed's query gives, as a CSV file that is gone after the block: line 1 the columns, then the rows.

    Raises DataError when the database cannot be reached or refuses the query. A password is in no message.
    """
    url = _url(feed)
    with TemporaryDirectory(prefix="compstat-") as folder:
        path = Path(folder) / file_name(feed)
        _write(path, (root / str(feed.query)).read_text("utf-8-sig"), url, feed)
        yield path


def file_name(feed: Feed) -> str:
    """What the result is called in messages and in the store: `incidents.sql.csv`."""
    return f"{Path(str(feed.query)).name}.csv"


def _url(feed: Feed) -> URL:
    """Where the database is. What stands in the variable is secret: no message repeats it."""
    text = str(feed.database)
    if text.startswith(VARIABLE):
        name = text.removeprefix(VARIABLE)
        text = os.environ.get(name, "")
        if not text:
            fix = f"Set {name} to the database's URL: postgresql://user:password@host/name"
            raise _failed(feed, "no-database", f"the environment variable {plain(name)} is not set", fix)
    try:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ModuleNotFoundError:
        raise _failed(feed, "no-database", "reading databases is not installed", INSTALL) from None
    try:
        url = make_url(text)
    except ArgumentError:
        fix = "Write it as postgresql://user@host/name"
        raise _failed(feed, "no-database", "the database is not given as a URL", fix) from None
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgres", "postgresql"} else url


def _write(path: Path, query: str, url: URL, feed: Feed) -> None:
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    engine = _engine(url, feed)
    place = url.render_as_string(hide_password=True)
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        fix = "Is the server there, and may this account log in?"
        raise _failed(feed, "database-unreachable", f"{place} cannot be reached: {_words(error, url)}", fix) from None
    try:
        with connection, path.open("w", encoding="utf-8", newline="") as file:
            if read_only := READ_ONLY.get(url.get_backend_name()):
                connection.exec_driver_sql(read_only)
                connection.commit()
            # no parameters: a % or : in the query means what it means in SQL
            options = {"no_parameters": True, "stream_results": True, "yield_per": ROWS_AT_ONCE}
            rows = connection.execution_options(**options).exec_driver_sql(query)
            writer = csv.writer(file)
            writer.writerow(rows.keys())
            writer.writerows([_text(value) for value in row] for row in rows)
            connection.rollback()
    except DBAPIError as error:
        raise _failed(
            feed, "query-failed", f"{feed.query} was refused: {_words(error, url)}", "Mend the query."
        ) from None
    except SQLAlchemyError:
        message = f"{feed.query} gives no rows; wanted one select"
        raise _failed(feed, "query-failed", message, "Mend the query.") from None
    finally:
        engine.dispose()


def _engine(url: URL, feed: Feed) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import NoSuchModuleError

    patience = {"connect_timeout": SECONDS_TO_CONNECT} if url.get_backend_name() == "postgresql" else {}
    if "connect_timeout" in url.query:
        patience = {}
    try:
        return create_engine(url, connect_args=patience)
    except (ModuleNotFoundError, NoSuchModuleError):
        message = f"there is no driver for {plain(url.drivername)}"
        raise _failed(feed, "no-database", message, INSTALL) from None


def _words(error: Exception, url: URL) -> str:
    """What the database said, on one line, the password taken out should it be there."""
    words = plain(str(getattr(error, "orig", None) or error).strip().splitlines()[0], 300)
    return words.replace(url.password, "***") if url.password else words


def _failed(feed: Feed, code: str, message: str, fix: str) -> DataError:
    return DataError(Finding(code, f"{FEEDS_FILE} [[feed]] {feed.feed}", message, fix))


def _text(value: object) -> str:
    """A value as a cell: days and moments in ISO form (a moment in the time zone of the session), null as empty."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
