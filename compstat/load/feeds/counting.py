"""From the rows of an extract to one row a unit, indicator and period: summed (events) or as they stand (periods)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce

import polars as pl

from compstat.calendar import EARLIEST, Cadence, Span, end_of
from compstat.load.batch import Loading
from compstat.load.feeds.absent import absent_units, names_in
from compstat.load.feeds.days import covered_days, put_days, put_starts, whole_periods
from compstat.load.feeds.extract import Extract, said
from compstat.load.feeds.units import put_units, units_valid
from compstat.load.our_words import FIGURES
from compstat.workspace.feeds import ROWS, FeedIndicator, Where
from compstat.workspace.workspace import Workspace

SCHEMA = {
    "line": pl.Int64,
    "unit": pl.String,
    "indicator": pl.String,
    "given": pl.Date,
    **dict.fromkeys(FIGURES, pl.Float64),
}


@dataclass(frozen=True)
class _Counted:
    """One indicator of the feed: the column that says which rows count, and its period's first day."""

    declared: FeedIndicator
    number: int
    cadence: Cadence

    @property
    def taken(self) -> str:
        return f"taken_{self.number}"

    @property
    def start(self) -> str:
        return f"start_{self.cadence.name}"

    def figure(self, name: str) -> str:
        return f"{name}_{self.number}"


def count(extract: Extract, workspace: Workspace, loading: Loading) -> tuple[pl.DataFrame, Span | None]:
    """The figures in the staging table's columns, and the days covered (of `periods` only where the feed says).

    `line` is that of the extract's row; of a sum it is null. Rows that cannot be counted are left with the
    extract, as is how many were rightly not counted. Raises DataError when nothing is covered.
    """
    feed = extract.feed
    named = [names_in(extract, unit.column) for unit in feed.unit]
    put_days(extract, loading.day)
    covered = covered_days(extract, loading.last_day_over) if feed.coverage else None
    cadences = {one.indicator: workspace.cadence_of(one.indicator) for one in feed.indicator}
    counted = [_Counted(one, n, cadences[one.indicator]) for n, one in enumerate(feed.indicator)]
    periods: dict[str, pl.DataFrame] = {}
    for cadence in cadences.values():
        if cadence.name not in periods:
            put_starts(extract, cadence, f"start_{cadence.name}")
            periods[cadence.name] = _periods(extract, cadence, covered)
    _put_taken(extract, counted, periods)
    for one in counted:
        _put_figures(extract, one)
    put_units(extract, workspace)
    _refuse_off_grid(extract, counted)
    valid = {
        name: units_valid(extract, workspace, f"start_{name}", spans, _any_taken(counted, name))
        for name, spans in periods.items()
    }
    if feed.is_events:
        absent = set(absent_units(extract, named, [pl.concat(frames) for frames in zip(*valid.values(), strict=True)]))
        if feed.absent_units == "leave":
            valid = {name: [_without(frame, absent) for frame in frames] for name, frames in valid.items()}
        else:
            extract.absent = sorted(absent)
    bad = {line for line, _ in (*extract.refused, *extract.aside)}
    rows = extract.rows.filter(~pl.col("line").is_in(list(bad)))
    frames = [
        _figures(rows, one, place, valid[one.cadence.name][place], summed=feed.is_events)
        for one in counted
        for place in range(len(feed.unit))
    ]
    return pl.concat(frames).sort("line", "unit", "indicator", "given", nulls_last=True), covered


def _without(cells: pl.DataFrame, units: Collection[str]) -> pl.DataFrame:
    return cells.filter(~pl.col("unit").is_in(list(units)))


def _any_taken(counted: list[_Counted], cadence: str) -> pl.Expr:
    """Whether an indicator of this cadence counts a row."""
    return pl.any_horizontal(one.taken for one in counted if one.cadence.name == cadence)


def _periods(extract: Extract, cadence: Cadence, covered: Span | None) -> pl.DataFrame:
    """The periods to be told: those wholly covered; of a feed of `periods`, those that its rows are for."""
    if extract.feed.is_events and covered:
        return whole_periods(cadence, covered)
    starts = extract.rows.get_column(f"start_{cadence.name}").drop_nulls().unique().sort()
    ends = [end_of(cadence, start) for start in starts]
    return pl.DataFrame({"start": starts, "end": ends}, schema={"start": pl.Date, "end": pl.Date})


def _put_taken(extract: Extract, counted: list[_Counted], periods: dict[str, pl.DataFrame]) -> None:
    """Say of each row which indicators count it, and of the others why none does."""
    inside = {}
    for one in counted:
        starts = periods[one.cadence.name].get_column("start")
        within = pl.col(one.start).is_in(starts.implode()) & (pl.col("day") >= EARLIEST)
        inside[one.cadence.name] = within.fill_null(value=False)
    meant = [fits(extract, one.declared.where) for one in counted]
    taken = [(inside[one.cadence.name] & fit).alias(one.taken) for one, fit in zip(counted, meant, strict=True)]
    rows = extract.rows.with_columns(*taken, covered=pl.any_horizontal(inside.values()), meant=pl.any_horizontal(meant))
    extract.rows = rows.filter("covered")
    _refuse_unread_ranges(extract, [one.declared.where for one in counted])
    counts = pl.any_horizontal(one.taken for one in counted)
    extract.rows = rows.filter(counts)
    silent = rows.filter(pl.col("covered") & ~pl.col("meant")).height
    extract.leave_out("outside the coverage", rows.height - extract.rows.height - silent)
    extract.leave_out("of no indicator", silent)


def fits(extract: Extract, where: Where) -> pl.Expr:
    """Whether a row is meant; an empty cell never fits a condition but that it is none of some words."""
    conditions = [pl.lit(value=True)]
    for column, match in where.items():
        text = extract.text(column)
        if match.one_of:
            conditions.append(text.is_in(match.one_of))
        if match.other_than:
            conditions.append(~text.is_in(match.other_than).fill_null(value=False))
        if match.starts_with:
            conditions.append(pl.any_horizontal(text.str.starts_with(start) for start in match.starts_with))
        if match.from_ is not None:
            conditions.append(number(text) >= match.from_)
        if match.to is not None:
            conditions.append(number(text) <= match.to)
    return reduce(pl.Expr.and_, (condition.fill_null(value=False) for condition in conditions))


def number(text: pl.Expr) -> pl.Expr:
    """A cell as a finite number in plain digits with a point, else null."""
    figure = text.cast(pl.Float64, strict=False)
    return pl.when(figure.is_finite()).then(figure)


def _refuse_unread_ranges(extract: Extract, conditions: list[Where]) -> None:
    """A condition that compares numbers has nothing to say of text; an empty cell is in no range."""
    columns = {column for where in conditions for column, match in where.items() if match.is_range}
    for column in sorted(columns):
        cell = extract.text(column)
        unread = extract.rows.filter(cell.is_not_null() & number(cell).is_null())
        fix = "Mend the row; the feed compares it with numbers."
        found = unread.with_columns(found=said(column, cell))
        extract.refuse(found, "not-a-number", "wanted a number", fix)


def _put_figures(extract: Extract, one: _Counted) -> None:
    """Give the rows that an indicator counts its figures. Text is refused; so is an empty cell in a sum."""
    figures = []
    for name, column in one.declared.figures.items():
        figure = pl.lit(1.0)
        if column != ROWS:
            cell = extract.text(column)
            figure = number(cell)
            unread = pl.col(one.taken) & figure.is_null()
            if not extract.feed.is_events:  # there an empty cell is a missing return
                unread &= cell.is_not_null()
            fix = "Write the figure in plain digits with a point."
            found = extract.rows.filter(unread).with_columns(found=said(column, cell))
            extract.refuse(found, "not-a-number", "wanted a number", fix)
        if name == "numerator" and one.declared.numerator_where:
            figure = pl.when(fits(extract, one.declared.numerator_where)).then(figure).otherwise(0.0)
        figures.append(figure.alias(one.figure(name)))
    extract.rows = extract.rows.with_columns(figures)


def _refuse_off_grid(extract: Extract, counted: list[_Counted]) -> None:
    """Where the date is a period's first or last day, one that is neither is an error, not a silent shift."""
    if extract.feed.date_is == "within":
        return
    column, is_start = extract.feed.date.column, extract.feed.date_is == "start"
    fix = "Fix the date; or date_is in feeds.toml, or week_ends_on in compstat.toml."
    for one in {one.cadence.name: one for one in counted}.values():
        rows = extract.rows.filter(_any_taken(counted, one.cadence.name))
        for day, start in rows.select("day", start=one.start).unique().sort("day").iter_rows():
            expected = start if is_start else end_of(one.cadence, start)
            if day != expected:
                found = rows.filter(pl.col("day") == day).with_columns(found=said(column, extract.text(column)))
                extract.refuse(found, "off-grid-date", f"wanted {expected}: these figures are {one.cadence.name}", fix)


def _figures(rows: pl.DataFrame, one: _Counted, place: int, valid: pl.DataFrame, *, summed: bool) -> pl.DataFrame:
    """One indicator's figures for the units of one column. Of sums, a valid unit's silent period is 0."""
    names = list(one.declared.figures)
    columns = {name: pl.col(one.figure(name)) for name in names}
    found = rows.filter(one.taken, pl.col(f"unit_{place}").is_not_null())
    cells = found.select("line", unit=f"unit_{place}", given=one.start, **columns)
    grid = valid.select("unit", given="start")
    if not summed:
        cells = cells.join(grid, on=["unit", "given"], how="semi")
    else:
        sums = cells.group_by("unit", "given").agg(pl.col(names).sum())
        cells = grid.join(sums, on=["unit", "given"], how="left").with_columns(pl.col(names).fill_null(0.0))
        cells = cells.with_columns(line=pl.lit(None, pl.Int64))
    missing = [pl.lit(None, pl.Float64).alias(name) for name in FIGURES if name not in names]
    return cells.with_columns(*missing, indicator=pl.lit(one.declared.indicator)).select(
        pl.col(column).cast(kind) for column, kind in SCHEMA.items()
    )
