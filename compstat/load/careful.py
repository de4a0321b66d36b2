"""The careful way to read a table: every row with its line, every cell as text.

It reads what the fast way refuses, so that each problem can be named with its place, and every format but
long CSV.
"""

from __future__ import annotations

import polars as pl

from compstat.load.columns import FIGURES, Columns
from compstat.load.formats.table import CELL, Refused, Table
from compstat.load.written_figures import in_plain_digits
from compstat.workspace.settings import ReturnsSettings

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
