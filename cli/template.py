"""`compstat template`: a workbook that a unit fills and sends back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from compstat.load.asked import Asking

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat template --unit harbour --week 2026-W47")
def template(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", help="2026-W47, or a date in the week.", show_default=False)],
    unit: Annotated[str | None, typer.Option("--unit", help="The unit's code or name.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="One workbook a unit, into a folder.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write; with --all the folder.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask for figures that are held already, too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write the workbook in which a unit returns its figures of the periods that end in a week.

    It asks for what the unit returns and has not given yet: an indicator with its definition, the figure of the period
    before, and cells to fill that refuse what cannot be. All else is locked, without a password. Filled, it loads as
    it is.
    """
    from compstat.cli.moments import week_start
    from compstat.cli.names import unit_code
    from compstat.findings import Finding, UsageError
    from compstat.load.asked import asking
    from compstat.store import open_store

    if everybody == (unit is not None):
        message = "Name one unit with --unit, or take all of them with --all."
        raise UsageError(Finding("which-units", "", message, "See: compstat template --help"))
    session = session_of(context)
    workspace = session.workspace
    start = week_start(workspace, week)
    with open_store(workspace.store_path, read_only=True) as store:
        found = asking(store, workspace, start)
    label = workspace.calendar.cadence("weekly").label(start)
    if unit is not None:
        paths = _write(found, [unit_code(workspace, unit)], output, label, again=again, force=force)
    else:
        folder = output or Path(f"templates-{label}")
        paths = _write(found, _not_done(found, again=again), folder, label, again=again, force=force, into=True)
    _say(session, paths)


def _not_done(found: Asking, *, again: bool) -> list[str]:
    """The units with something left to ask for. Raises UsageError when there is none."""
    from compstat.findings import Finding, UsageError

    units = []
    for unit in found.units():
        try:
            found.form(unit, again=again)
        except UsageError:
            continue
        units.append(unit)
    if not units:
        message = "No unit is left to ask for a period that ends in this week."
        raise UsageError(Finding("nothing-to-ask", "", message, "To ask once more, for corrections: --again"))
    return units


def _write(
    found: Asking, units: list[str], output: Path | None, label: str, *, again: bool, force: bool, into: bool = False
) -> list[Path]:
    from compstat.packs.manifest import file_names
    from compstat.workbook.return_form import write_return_form

    names = {unit: f"return-{label}-{name.removesuffix('.pdf')}.xlsx" for unit, name in file_names(units).items()}
    if into and output:
        output.mkdir(parents=True, exist_ok=True)
    paths = []
    for unit in units:
        path = output / names[unit] if into and output else output or Path(names[unit])
        write_return_form(found.form(unit, again=again), path, force=force)
        paths.append(path)
    return paths


def _say(session: Session, paths: list[Path]) -> None:
    import shlex

    from compstat.cli.text import printable

    for path in paths:
        print(printable(str(path)))
    if len(paths) == 1:
        session.say("When it comes back filled:")
        session.say(f"  compstat load {shlex.quote(str(paths[0]))}")
    else:
        session.say(f"As they come back filled, put them into {session.workspace.root / 'inbox'}; then:")
        session.say("  compstat week")
