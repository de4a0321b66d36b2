"""`compstat audit`: draw records to look at, record what was found, list what is on record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, JsonOption, WeekOption
from compstat.cli.session import session_of

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Look at a random sample of the records behind a figure, and correct the headline by what is found.",
    epilog="Example: compstat audit draw --indicator burglary --week 2026-W46 --n 50 --seed 7",
)


@app.command("draw", epilog="Example: compstat audit draw --indicator burglary --week 2026-W46 --n 50 --seed 7")
def draw_records(
    context: typer.Context,
    indicator: Annotated[str, typer.Option("--indicator", help="A count: its code or name.", show_default=False)],
    seed: Annotated[str, typer.Option("--seed", help="Any word: the same one draws the same records.")],
    week: WeekOption = "latest",
    number: Annotated[int, typer.Option("--n", min=1, max=10_000, help="How many records.")] = 50,
    unit: Annotated[str | None, typer.Option("--unit", help="One unit's records only: its code or name.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The workbook.")] = None,
    as_of: AsOfOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Draw records at random from the counts returned for a week, and write the sheet on which they are looked at."""
    import shlex
    from datetime import timedelta

    from compstat.cli.moments import moment, no_returns, week_start
    from compstat.cli.names import indicator_code, unit_code
    from compstat.cli.text import printable
    from compstat.quality.audit_draw import draw
    from compstat.store import open_store
    from compstat.windows.scope import known_at

    session = session_of(context)
    workspace = session.workspace
    code = indicator_code(workspace, indicator)
    one = None if unit is None else unit_code(workspace, unit)
    with open_store(workspace.store_path, read_only=True) as store:
        known = known_at(store, moment(as_of))
        if known is None:
            raise no_returns()
        start = week_start(workspace, week, store, as_of=moment(as_of))
        period = workspace.calendar.windows(workspace.cadence_of(code), start + timedelta(days=6)).week.first
        drawn = draw(store, workspace, code, period, seed, known, number=number, unit=one)
    path = output or Path(f"audit-{workspace.calendar.cadence('weekly').label(start)}.xlsx")
    _write(workspace, drawn, path, force)
    print(printable(f"{len(drawn.records):,} of {drawn.population:,} records drawn: {path}"))
    session.say("When it is filled:")
    session.say(f"  compstat audit record {shlex.quote(str(path))}")


def _write(workspace: Workspace, drawn: Any, path: Path, force: bool) -> None:
    from compstat.workbook.audit_sheet import write_audit_sheet

    names = ("indicator", "period_start", "unit", "seed", "known_at", "population")
    facts = [(name, getattr(drawn, name)) for name in names]
    rows = [(row.unit, row.period_start, row.record, row.of_records) for row in drawn.records]
    title = f"Audit of {workspace.indicator(drawn.indicator).title}"
    write_audit_sheet(title, facts, rows, path, paper=workspace.settings.pack.paper, force=force)


@app.command("record", epilog="Example: compstat audit record audit-2026-W46.xlsx")
def record(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The filled sheet.", show_default=False)],
    recorded_at: Annotated[str | None, typer.Option(help="When, for historical entries: 2026-11-16T18:00.")] = None,
) -> None:
    """Put a filled sheet on record: the rate of error with its exact interval, and the headline corrected by it.

    The same file twice changes nothing. A sheet that was mended and recorded again takes the place of the first, which
    stays on record.
    """
    from compstat.cli.load import who_loads
    from compstat.cli.moments import moment, now
    from compstat.cli.text import printable
    from compstat.quality.audit_record import record_audit
    from compstat.store import open_store

    workspace = session_of(context).workspace
    with open_store(workspace.store_path) as store:
        audit, new = record_audit(store, workspace, file, moment(recorded_at) or now(), who_loads())
    known = "" if new else " (this very file was recorded before; nothing changed)"
    print(printable(f"{audit.audit}: {audit.sentence(workspace)}{known}"))


@app.command("list", epilog="Example: compstat audit list --json")
def list_audits(context: typer.Context, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """List the audits on record, newest first."""
    from compstat.cli.moments import moment
    from compstat.cli.text import print_json, printable
    from compstat.quality.audit import audits
    from compstat.store import open_store

    workspace = session_of(context).workspace
    with open_store(workspace.store_path, read_only=True) as store:
        found = audits(store, moment(as_of))
    if as_json:
        print_json([audit.as_fields() for audit in found])
        return
    for audit in found:
        print(printable(f"{audit.audit}  {audit.period_start}  {audit.sentence(workspace)}"))
    if not found:
        print("No audit is on record.")
