"""An extract through its feed into the staging table, checked; a problem names the row of the extract."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

import polars as pl

from compstat.findings import DataError, Finding
from compstat.load.batch import Extracted, Loading
from compstat.load.checks import Problems, problems_of
from compstat.load.columns import Columns
from compstat.load.feeds.absent import refuse_absent
from compstat.load.feeds.counting import count
from compstat.load.feeds.database import file_name
from compstat.load.feeds.extract import Extract, read_extract, used_columns
from compstat.load.formats.opening import open_table
from compstat.load.formats.table import Refused, Table
from compstat.load.grouping import grouped
from compstat.load.our_words import FIGURES
from compstat.load.quoted import plain
from compstat.load.returns_file import ReturnsFile
from compstat.load.staging import Staged
from compstat.store import Store
from compstat.workspace.feeds import Feed
from compstat.workspace.settings import ReturnsSettings
from compstat.workspace.workspace import Workspace

COLUMNS = Columns(("unit", "indicator", "period_start", *FIGURES), "period_start", ())
MOST_SHOWN = 100  # findings
MOST_REFUSED = 100_000  # rows; an extract with more is the wrong one


@dataclass(frozen=True)
class Fed:
    """An extract in the staging table: the rows that were set aside, and what else was done with its rows."""

    problems: Problems
    extracted: Extracted
    columns: Columns = COLUMNS


def open_extract(feed: Feed, file: ReturnsFile, settings: ReturnsSettings) -> Table:
    """The extract as a table of text cells, found by the columns that the feed names. Raises DataError for no table."""
    wanted = set(used_columns(feed))
    return open_table(file, settings, lambda cells: wanted <= {cell.strip().lstrip("\ufeff") for cell in cells})


def check_feed(store: Store, workspace: Workspace, feed: Feed, table: Table, loading: Loading) -> Fed:
    """Count an extract's rows into the staging table. Raises DataError where any cannot be taken or set aside."""
    extract = read_extract(feed, table, workspace.settings.returns)
    read = extract.rows.height + len(extract.refused)
    frame, covered = count(extract, workspace, loading)
    if frame.is_empty() and not extract.refused:
        raise _nothing(extract)
    refused = extract.refused + _check_figures(store, workspace, extract, frame, loading)
    if refused and not loading.set_aside:
        raise _refusal(extract, refused)
    refuse_absent(store, extract, extract.absent)
    aside = sorted(dict.fromkeys([*refused, *extract.aside]), key=lambda row: row[0])
    lines = {line for line, _ in aside}
    if len(lines) > MOST_REFUSED:
        message = f"has more than {MOST_REFUSED:,} faults; wanted a file of which most is good"
        raise DataError(Finding("too-many-refused", table.source, message, "Is it the right file?"))
    if not feed.is_events and lines:
        store.put("refused_line", {"line": sorted(lines)})
        store.run("load/set_aside")
    counted = read - len(lines) - sum(extract.left_out.values())
    first, last = (covered.first, covered.last) if covered else (None, None)
    left_out, absent = dict(extract.left_out), tuple(extract.absent)
    return Fed(Problems(aside), Extracted(feed.feed, read, counted, left_out, first, last, absent))


def _check_figures(
    store: Store, workspace: Workspace, extract: Extract, frame: pl.DataFrame, loading: Loading
) -> Refused:
    """Stage the figures and check them like any return's; what is wrong with a sum cannot be set aside."""
    summed = extract.feed.is_events
    staged = frame.with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)) if summed else frame
    store.put_frame("feed_row", staged)
    store.run("load/stage")
    store.run("feeds/stage_rows")
    found = problems_of(
        store, workspace, Staged(extract.table.file.path, COLUMNS, table=extract.table), loading, MOST_REFUSED + 1
    )
    if not summed:
        return found.refusals
    if found.refusals:
        cells = {line: _cell(frame, line) for line, _ in found.refusals[:MOST_SHOWN]}
        findings = [
            replace(finding, where=extract.table.source, message=f"{cells[line]}: {finding.message}")
            for line, finding in found.refusals[:MOST_SHOWN]
        ]
        summary = (
            f"{extract.table.source} was not loaded: what its rows add up to is not sound. The store is as it was."
        )
        raise DataError(findings, summary=summary)
    return []


def _cell(frame: pl.DataFrame, number: int) -> str:
    unit, indicator, given = frame.select("unit", "indicator", "given").row(number - 1)
    return f"{plain(unit)}, {plain(indicator)}, {given}"


def _nothing(extract: Extract) -> DataError:
    why = "; ".join(f"{rows:,} {reason}" for reason, rows in extract.left_out.items())
    message = f"holds nothing that feed {extract.feed.feed} counts"
    message += " and covers no whole period" if extract.feed.is_events else ""
    message += f": {why}" if why else ""
    fix = "Look at coverage and where in feeds.toml. Is it the right file?"
    return DataError(Finding("nothing-covered", extract.table.source, message, fix))


def _refusal(extract: Extract, refused: Refused) -> DataError:
    findings = grouped(sorted(refused, key=lambda row: row[0]))
    rows = len({line for line, _ in refused})
    more = f" (the first {MOST_SHOWN} are shown)" if len(findings) > MOST_SHOWN else ""
    summary = (
        f"{extract.table.source} was not loaded: {len(findings):,} {_plural('problem', len(findings))} "
        f"in {rows:,} {_plural('row', rows)}{more}. The store is as it was."
    )
    feed, path = extract.feed, str(extract.table.file.named)
    asked = feed.query is not None and extract.table.source == file_name(feed)
    if path.isprintable():
        named = "" if asked else f" {shlex.quote(path)}"  # what the database gave is gone by then
        command = f"compstat load --feed {shlex.quote(feed.feed)}{named} --set-aside"
        summary += f"\n  To count the good rows and keep the others in a file: {command}"
    return DataError(findings[:MOST_SHOWN], summary=summary)


def _plural(thing: str, number: int) -> str:
    return thing if number == 1 else f"{thing}s"
