"""`compstat init`: a new workspace from a preset."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from compstat.cli.session import session_of
from compstat.cli.text import printable
from compstat.workspace.create import Preset

app = typer.Typer(add_completion=False)

NEXT = {
    Preset.POLICE: "Put your own units and people into units.csv and people.csv (README.md says how), then:",
    Preset.BLANK: "Fill units.csv and indicators.csv (README.md says how), then:",
}


@app.command(epilog="Example: compstat init northshire --preset police")
def init(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder to make, or one without a workspace.", show_default=False),
    ],
    preset: Annotated[
        Preset, typer.Option("--preset", "-p", help="What to start from: a police force, or empty tables.")
    ] = Preset.BLANK,
) -> None:
    """Make a workspace: settings, tables and rules that a team keeps and edits. Overwrites nothing."""
    from compstat.workspace.create import create_workspace

    for path in create_workspace(folder, preset):
        print(printable(str(path)))
    session = session_of(context)
    session.say(NEXT[preset])
    session.say(f"  compstat -w {shlex.quote(str(folder))} load returns.csv")
