"""An extract as text: the columns that its feed names, and every row that cannot be counted, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from compstat.findings import DataError, Finding, nearest
from compstat.load.formats.table import CELL, Refused, Table
from compstat.load.our_words import REFUSED
from compstat.load.quoted import plain, quoted
from compstat.load.written_figures import in_plain_digits
from compstat.workspace.feeds import ROWS, Feed
from compstat.workspace.settings import ReturnsSettings


@dataclass
class Extract:
    """One file under its feed. `rows`: `line` and the cells as text (null: empty), found through `text`.

    `refused`: rows that cannot be counted. `aside`: rows of no unit that the feed says to set aside.
    `left_out`: how many rows are rightly not counted, by reason. `absent`: the units that no row names, taken as 0.
    """

    feed: Feed
    table: Table
    rows: pl.DataFrame
    refused: Refused = field(default_factory=list)
    aside: Refused = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)

    def text(self, column: str) -> pl.Expr:
        """The cells under a heading. Columns go by their place: what they are called is data."""
        return pl.col(f"{CELL}{self._headings.index(column)}")

    @property
    def _headings(self) -> list[str]:
        return _stripped(self.table)

    def refuse(self, rows: pl.DataFrame, code: str, wanted: str, fix: str, *, aside: bool = False) -> None:
        """Rows of `line` and `found` (what their cell says, in words) that cannot be counted."""
        told = {line for line, finding in self.refused if finding.code == code}
        for line, found in rows.select("line", "found").unique().sort("line").iter_rows():
            if line in told:  # its cell is empty here because it could not be read
                continue
            finding = Finding(code, self.table.place(line), f"{found}; {wanted}", fix)
            (self.aside if aside else self.refused).append((line, finding))

    def leave_out(self, reason: str, rows: int) -> None:
        if rows:
            self.left_out[reason] = self.left_out.get(reason, 0) + rows


def read_extract(feed: Feed, table: Table, settings: ReturnsSettings) -> Extract:
    """The rows of an extract, what is summed in plain digits however figures are written in this workspace.

    Raises DataError when a column that the feed names is not there, or is there twice.
    """
    if problems := list(_problems(feed, table)):
        raise DataError(problems)
    ragged: Refused = []
    rows = table.frame(ragged)
    if rows.is_empty() and not ragged:
        raise DataError(Finding("empty-file", table.source, "has headings and no rows; wanted rows"))
    places = [f"{CELL}{n}" for n, heading in enumerate(_stripped(table)) if heading in used_columns(feed)]
    texts = [pl.col(place).str.strip_chars().replace("", None) for place in places]
    rows = rows.select("line", *texts)
    summed = {column: f"{CELL}{_stripped(table).index(column)}" for column in _summed(feed)}
    return Extract(feed, table, in_plain_digits(rows, summed, settings, table.place, ragged), refused=ragged)


def used_columns(feed: Feed) -> list[str]:
    """Every column of an extract that its feed names."""
    columns = [feed.date.column, *(unit.column for unit in feed.unit)]
    if feed.coverage and feed.coverage.column:
        columns.append(feed.coverage.column)
    for indicator in feed.indicator:
        columns += [*indicator.where, *indicator.numerator_where]
    return list(dict.fromkeys([*columns, *_summed(feed)]))


def _summed(feed: Feed) -> list[str]:
    """The columns that hold figures."""
    return [column for one in feed.indicator for column in one.figures.values() if column != ROWS]


def said(column: str, text: pl.Expr) -> pl.Expr:
    """What a cell says, for a message: `District is "31"`, `District is empty`."""
    name = plain(column)
    words = text.map_elements(quoted, return_dtype=pl.String, skip_nulls=True)
    return pl.when(text.is_null()).then(pl.lit(f"{name} is empty")).otherwise(pl.lit(f"{name} is ") + words)


def _stripped(table: Table) -> list[str]:
    return [heading.strip() for heading in table.headings]


def _problems(feed: Feed, table: Table) -> Iterator[Finding]:
    headings = _stripped(table)
    where = f"{table.source}:{table.heading_line}"
    if not any(headings):
        yield Finding("empty-file", table.source, "is empty; wanted headings and rows", "Ask for it again.")
        return
    if feed.is_events and set(headings) & set(REFUSED):
        message = "holds rows that were set aside: alone they would be counted as everything there was"
        fix = "Mend them in the extract itself, then load that."
        yield Finding("rows-set-aside", where, message, fix)
    for column in used_columns(feed):
        if column not in headings:
            message = f"column {quoted(column)} of feed {feed.feed} is not there.{nearest(column, headings)}"
            fix = f"Mend feeds.toml, or ask for the extract as it was. Columns: {plain(', '.join(headings), 200)}"
            yield Finding("missing-heading", where, message, fix)
        elif headings.count(column) > 1:
            yield Finding("double-heading", where, f"column {quoted(column)} is there twice", "Keep one of them.")
