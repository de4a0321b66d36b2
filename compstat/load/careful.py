"""The careful way to read a table: every row with its line, every cell as text.

It reads what the fast way refuses, so that each problem can be named with its place, and every format but
long CSV.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from compstat.load.columns import Columns
from compstat.load.formats.table import CELL, Refused, Table
from compstat.load.our_words import FIGURES
from compstat.load.quoted import quoted
from compstat.load.written_figures import in_plain_digits
from compstat.workspace.settings import ReturnsSettings

MOST_REMARKS = 5  # rows that are told one by one
TEXT_COLUMNS = ("unit", "indicator", "given", *FIGURES)


def read_rows(table: Table, columns: Columns, settings: ReturnsSettings) -> tuple[pl.DataFrame, Refused]:
    """The table as long text rows (`line`, unit, indicator, given, value, numerator, denominator; null: empty cell).

    Figures are in plain digits with a point, however they are written here. With it the rows of too many or too
    few cells and the figures written in another way, and why. Raises DataError when the file is damaged.
    """
    refused: Refused = []
    frame = table.frame(refused)
    frame = frame.with_columns(pl.col(f"^{CELL}[0-9]+$").str.strip_chars().replace("", None))
    place = {heading: f"{CELL}{n}" for n, heading in enumerate(columns.headings)}
    frame = frame.filter(pl.any_horizontal(pl.col(place[heading]).is_not_null() for heading in columns.said))
    if settings.remark_rows == "pass-over":
        frame = _without_remarks(table, frame, columns, place)
    figures = {heading: place[heading] for heading in (columns.indicators or FIGURES) if heading in place}
    frame = in_plain_digits(frame, figures, settings, table.place, refused)
    found = {name: pl.col(place[name]) if name in place else pl.lit(None, pl.String) for name in ("unit", *FIGURES)}
    found["given"] = pl.col(place[columns.when])
    if columns.is_long:
        found["indicator"] = pl.col(place["indicator"])
        return frame.select("line", **found).select("line", *TEXT_COLUMNS), refused
    cells = [
        frame.select("line", **{**found, "value": pl.col(place[name])}, indicator=pl.lit(name))
        for name in columns.indicators
    ]
    return pl.concat(cells).select("line", *TEXT_COLUMNS).sort("line", maintain_order=True), refused


def _without_remarks(table: Table, frame: pl.DataFrame, columns: Columns, place: Mapping[str, str]) -> pl.DataFrame:
    """The rows but those that say one thing and no date or figure, such as a source below a table: a note tells them.

    A row that breaks off is not among them: it lacks cells, and is refused.
    """
    of_a_return = [columns.when, *(columns.indicators or ("indicator", *FIGURES))]
    nothing = pl.all_horizontal(pl.col(place[heading]).is_null() for heading in of_a_return if heading in place)
    remarks = frame.filter(nothing)
    if remarks.is_empty():
        return frame
    for line, unit in remarks.select("line", place["unit"]).head(MOST_REMARKS).rows():
        table.notes += (f"{table.place(line)} was passed over: it says only {quoted(unit or 'a remark')}",)
    if (more := remarks.height - MOST_REMARKS) > 0:
        table.notes += (f"{more:,} more rows without a date and a figure were passed over",)
    return frame.filter(~nothing)
