"""Which unit each row belongs to, by each column that the feed reads units from, and when a unit is one."""

from __future__ import annotations

from datetime import date

import polars as pl

from compstat.load.feeds.extract import Extract, said
from compstat.load.quoted import plain
from compstat.workspace.feeds import FeedUnit
from compstat.workspace.tables import Unit
from compstat.workspace.workspace import Workspace


def put_units(extract: Extract, workspace: Workspace) -> None:
    """Give each row `unit_0`, `unit_1`...: its unit by each column, null where it has none there.

    A code that the feed ignores is left out and counted; one that stands for no unit is dealt with as
    `unknown_units` says.
    """
    for place, unit in enumerate(extract.feed.unit):
        known = {row.unit for row in _declared(workspace, unit)}
        cell = extract.text(unit.column)
        texts = extract.rows.select(text=cell).get_column("text").drop_nulls().unique().to_list()
        codes = {text: unit.unit_of(text) for text in texts if text not in unit.ignore}
        found = {text: code for text, code in codes.items() if code in known}
        column = pl.lit(None, pl.String) if not found else cell.replace_strict(found, default=None)
        extract.rows = extract.rows.with_columns(column.alias(f"unit_{place}"))
        ignored = extract.rows.filter(cell.is_in(unit.ignore))
        extract.leave_out(f"with a {plain(unit.column)} that the feed ignores", ignored.height)
        _unknown(extract, unit, extract.rows.filter(pl.col(f"unit_{place}").is_null(), ~_ignored(cell, unit)))


def units_valid(
    extract: Extract, workspace: Workspace, start: str, periods: pl.DataFrame, taken: pl.Expr
) -> list[pl.DataFrame]:
    """For each column of units: `unit`, `start` of every period in which a unit of it is valid on some day.

    Rows of a unit for any other period are dealt with like those of an unknown one. `start` is the column with
    the first day of a row's period, `taken` says which rows count in periods of this cadence.
    """
    valid = []
    for place, unit in enumerate(extract.feed.unit):
        rows = _declared(workspace, unit)
        spans = pl.DataFrame(
            {
                "unit": [row.unit for row in rows],
                "valid_from": [row.valid_from or date.min for row in rows],
                "valid_to": [row.valid_to or date.max for row in rows],
            },
            schema={"unit": pl.String, "valid_from": pl.Date, "valid_to": pl.Date},
        )
        cells = spans.join(periods, how="cross").filter(
            pl.col("valid_from") <= pl.col("end"), pl.col("valid_to") >= pl.col("start")
        )
        valid.append(cells.select("unit", "start").unique(maintain_order=True))
        _not_valid(extract, unit, place, start, extract.rows.filter(taken), valid[-1])
    return valid


def _declared(workspace: Workspace, unit: FeedUnit) -> list[Unit]:
    return [row for row in workspace.units if unit.level in {None, row.level}]


def _ignored(cell: pl.Expr, unit: FeedUnit) -> pl.Expr:
    return cell.is_in(unit.ignore).fill_null(value=False)


def _unknown(extract: Extract, unit: FeedUnit, rows: pl.DataFrame) -> None:
    level = f" of level {unit.level}" if unit.level else ""
    wanted = f"it stands for no unit{level} in units.csv"
    fix = "Fix the row, add the unit or its code, or name it in ignore in feeds.toml."
    found = rows.with_columns(found=said(unit.column, extract.text(unit.column)))
    _deal_with(extract, unit, found, "unknown-unit", wanted, fix)


def _not_valid(
    extract: Extract, unit: FeedUnit, place: int, start: str, rows: pl.DataFrame, valid: pl.DataFrame
) -> None:
    rows = rows.filter(pl.col(f"unit_{place}").is_not_null()).join(
        valid, left_on=[f"unit_{place}", start], right_on=["unit", "start"], how="anti"
    )
    if rows.is_empty():
        return
    words = said(unit.column, extract.text(unit.column)) + pl.lit(" for a period of ") + pl.col(start).cast(pl.String)
    wanted = "units.csv does not hold that unit valid then"
    fix = "Mend its valid_from and valid_to in units.csv, or the row."
    _deal_with(extract, unit, rows.with_columns(found=words), "unit-not-valid", wanted, fix)


def _deal_with(extract: Extract, unit: FeedUnit, rows: pl.DataFrame, code: str, wanted: str, fix: str) -> None:
    if extract.feed.unknown_units == "drop":
        extract.leave_out(f"with a {plain(unit.column)} that is no unit", rows.height)
    else:
        extract.refuse(rows, code, wanted, fix, aside=extract.feed.unknown_units == "set-aside")
