"""The day of each row, the days that an extract covers, and the periods that lie wholly within them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import polars as pl

from compstat.calendar import EARLIEST, LATEST, Cadence, DeclaredCadence, Span, end_of, periods_between
from compstat.findings import DataError, Finding
from compstat.load.feeds.extract import Extract, said
from compstat.load.quoted import plain, quoted
from compstat.workspace.feeds import Coverage

OLDEST = date(1900, 1, 1)  # what systems write where they do not know the day; no year of two digits comes near


def put_days(extract: Extract, recorded_on: date) -> None:
    """Give each row its `day`. A row without a readable one, or with one after `recorded_on`, is refused."""
    feed = extract.feed
    cell = extract.text(feed.date.column)
    days = read_days(extract.rows.select(text=cell).unique().get_column("text"), feed.date.format)
    rows = extract.rows.join(days, left_on=cell, right_on="text", how="left")
    found = said(feed.date.column, cell)
    wanted = f"wanted a date like {_example(feed.date.format)}"
    unread = rows.filter(pl.col("day").is_null() & ~pl.col("ambiguous").fill_null(value=False))
    extract.refuse(unread.with_columns(found=found), "bad-date", wanted, "Mend the row, or format in feeds.toml.")
    unclear = rows.filter(pl.col("ambiguous"))
    wanted = "two of the feed's formats read it, as different days"
    extract.refuse(unclear.with_columns(found=found), "bad-date", wanted, "Leave one format in feeds.toml.")
    future = rows.filter(pl.col("day") > recorded_on)
    wanted = f"wanted a day by {recorded_on}, when this was recorded"
    fix = "Fix the date, or say when it was recorded with --recorded-at."
    extract.refuse(future.with_columns(found=found), "future-period", wanted, fix)
    extract.rows = rows.filter(pl.col("day") <= recorded_on).drop("ambiguous")


def read_days(texts: pl.Series, formats: Collection[str]) -> pl.DataFrame:
    """`text`, its `day` (null: none of the formats fits) and whether two formats read it as different days."""
    read = [_read(pl.col("text"), text).alias(f"day_{n}") for n, text in enumerate(formats)]
    days = pl.DataFrame({"text": texts.drop_nulls()}, schema={"text": pl.String}).with_columns(read)
    first, last = pl.min_horizontal("^day_.*$"), pl.max_horizontal("^day_.*$")
    day = pl.when((first == last) & first.is_between(OLDEST, LATEST)).then(first)
    return days.select("text", day=day, ambiguous=first != last)


def _read(text: pl.Expr, written: str) -> pl.Expr:
    return text.str.strptime(pl.Date, written, strict=False)


def covered_days(extract: Extract, last_day_over: date) -> Span:
    """The days of which the extract tells everything; none that was not over. Raises DataError for none."""
    coverage = extract.feed.coverage or Coverage()
    first, last = coverage.from_, coverage.to
    if first is None or last is None:
        found_first, found_last = _found_days(extract, coverage)
        first, last = first or found_first, last or found_last
    if first is None or last is None or min(last, last_day_over) < first:
        message = "covers no day: no row has a date within the coverage that the feed declares"
        raise DataError(Finding("nothing-covered", extract.table.source, message, "Mend coverage in feeds.toml."))
    return Span(first, min(last, last_day_over))


def _found_days(extract: Extract, coverage: Coverage) -> tuple[date | None, date | None]:
    """First and last day of the column that tells the coverage; of one that holds months, those months' days."""
    if coverage.column is None:
        known = extract.rows.filter(pl.col("day") >= EARLIEST).get_column("day")
        return known.min(), known.max()  # type: ignore[return-value]
    cell = extract.text(coverage.column)
    texts = extract.rows.select(text=cell).get_column("text").drop_nulls().unique().sort()
    by_month = not any(part in text for text in coverage.format for part in ("%d", "%j", "%F"))
    if by_month:
        days = read_days(texts + "-01", [f"{text}-%d" for text in coverage.format])
    else:
        days = read_days(texts, coverage.format)
    unread = days.filter(pl.col("day").is_null()).get_column("text")
    if len(unread):
        message = f"{plain(coverage.column)} is {quoted(unread[0].removesuffix('-01') if by_month else unread[0])}"
        wanted = f"wanted a date like {_example(coverage.format)}: it tells which days are covered"
        raise DataError(
            Finding("bad-date", extract.table.source, f"{message}; {wanted}", "Mend coverage in feeds.toml.")
        )
    last = pl.col("day").max().dt.month_end() if by_month else pl.col("day").max()
    return days.select(pl.col("day").min().alias("first"), last.alias("last")).row(0)


def put_starts(extract: Extract, cadence: Cadence, name: str) -> None:
    """Give each row the first day of its period under this name; null for a day between declared periods."""
    days: Sequence[date] = extract.rows.get_column("day").unique().to_list()
    starts = [_start(cadence, day) for day in days]
    known = pl.DataFrame({"day": days, name: starts}, schema={"day": pl.Date, name: pl.Date})
    extract.rows = extract.rows.join(known, on="day", how="left")


def _start(cadence: Cadence, day: date) -> date | None:
    start = cadence.start_of(day)
    return start if day <= end_of(cadence, start) and _is_declared(cadence, start) else None


def _is_declared(cadence: Cadence, start: date) -> bool:
    return not isinstance(cadence, DeclaredCadence) or cadence.declares(start)


def whole_periods(cadence: Cadence, covered: Span) -> pl.DataFrame:
    """First and last day (`start`, `end`) of every period that lies wholly within the covered days, oldest first."""
    spans = list(_whole(cadence, covered))
    schema = {"start": pl.Date, "end": pl.Date}
    return pl.DataFrame({"start": [one.first for one in spans], "end": [one.last for one in spans]}, schema=schema)


def _whole(cadence: Cadence, covered: Span) -> Iterator[Span]:
    for start in periods_between(cadence, cadence.start_of(covered.first), covered.last):
        end = end_of(cadence, start)
        if start >= covered.first and end <= covered.last and _is_declared(cadence, start):
            yield Span(start, end)


def _example(formats: Collection[str]) -> str:
    """The formats as a day looks in them: `15/11/2026 18:05`."""
    from datetime import datetime

    day = datetime(2026, 11, 15, 18, 5)
    return " or ".join(dict.fromkeys(day.strftime(text) for text in formats))
