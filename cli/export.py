"""`compstat export`: figures, flags, windows or actions as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.flags import AsOfOption, CycleOption
from compstat.cli.session import Session, session_of
from compstat.export.kinds import Format, What

if TYPE_CHECKING:
    from datetime import date, datetime

    import polars as pl

    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat export --what flags --week 2026-W46 --output flags.xlsx")
def export(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file.", show_default=False)],
    what: Annotated[What, typer.Option("--what", help="What to take out.")] = What.OBSERVATIONS,
    kind: Annotated[
        Format | None, typer.Option("--format", help="Else as the file's name ends.", show_default=False)
    ] = None,
    week: Annotated[str | None, typer.Option("--week", metavar="WEEK", help="Of this week alone.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="WEEK", help="From this week on: 2026-W01.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="WEEK", help="Up to this week.")] = None,
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write figures, flags, windows or actions to a file, with their types; all of it or nothing.

    Without --week, --from and --to: all figures and actions, flags and windows of the latest week. In CSV a text that
    begins with = + - @ or a tab gets an apostrophe in front, so that no spreadsheet runs it as a formula; numbers
    never do.
    """
    from compstat.cli.moments import moment
    from compstat.cli.text import printable
    from compstat.export.writing import write
    from compstat.findings import Finding, UsageError

    session = session_of(context)
    kind = kind or _kind(output)
    if week and (first or last):
        message = "--week is one week, --from and --to are several."
        raise UsageError(Finding("which-weeks", "", message, "Say one or the other."))
    frame = _frame(session, what, (week or first, week or last), cycle, moment(as_of))
    write(frame, output, kind, force=force)
    print(printable(f"{frame.height:,} rows of {what} written to {output}"))


def _kind(path: Path) -> Format:
    from compstat.findings import Finding, UsageError

    ending = path.suffix.lower().removeprefix(".")
    if ending not in list(Format):
        message = f'"{path.name}" does not say in which format; wanted {", ".join(Format)}'
        raise UsageError(Finding("which-format", "", message, "Name the file like that, or say it with --format."))
    return Format(ending)


def _frame(
    session: Session, what: What, between: tuple[str | None, str | None], cycle: str | None, as_of: datetime | None
) -> pl.DataFrame:
    from datetime import timedelta

    from compstat.cli.moments import week_start
    from compstat.cli.progress import steps
    from compstat.export import tables
    from compstat.store import open_store

    workspace = session.workspace
    if what is What.ACTIONS:
        _refuse_weeks(between)
        return tables.actions(workspace, cycle and workspace.cycle(cycle).cycle, as_of)
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        progress("reading")
        first, last = (
            None if words is None else week_start(workspace, words, store, cycle, as_of) for words in between
        )
        _refuse_turned_round(workspace, first, last)
        if what is What.OBSERVATIONS:
            return tables.observations(store, as_of, first, last and last + timedelta(days=6))
        last = last or week_start(workspace, "latest", store, cycle, as_of)
        _refuse_turned_round(workspace, first, last)
        weeks = tables.weeks_between(first or last, last)
        if what is What.FLAGS:
            return tables.flags(store, workspace, cycle, weeks, as_of, progress)
        return tables.windows(store, workspace, cycle, weeks, as_of)


def _refuse_weeks(between: tuple[str | None, str | None]) -> None:
    from compstat.findings import Finding, UsageError

    if any(between):
        message = "Actions are of no week: --week, --from and --to do not go with them."
        raise UsageError(Finding("no-weeks-of-actions", "", message, "Say --as-of for those of an earlier moment."))


def _refuse_turned_round(workspace: Workspace, first: date | None, last: date | None) -> None:
    """Raise UsageError where the first week comes after the last."""
    from compstat.findings import Finding, UsageError

    if first and last and first > last:
        label = workspace.calendar.cadence("weekly").label
        message = f"--from {label(first)} is after {label(last)}, the last week."
        raise UsageError(Finding("bad-value", "", message, "Give the earlier week first."))
