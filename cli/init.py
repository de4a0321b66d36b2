"""`compstat init`: a new workspace from a preset."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import Session, session_of
from compstat.cli.text import printable
from compstat.workspace.create import Preset
from compstat.workspace.date_order import DateOrder

if TYPE_CHECKING:
    from compstat.workspace.propose import Proposal

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
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Propose units.csv and indicators.csv from this file of returns."),
    ] = None,
    dates: Annotated[
        DateOrder | None,
        typer.Option("--dates", help="How that file writes dates, where no day above 12 tells: 3/4/2026."),
    ] = None,
) -> None:
    """Make a workspace: settings, tables and rules that a team keeps and edits. Overwrites nothing.

    With --from the units and indicators of a file of returns are proposed: what was guessed, and why, is listed in
    proposal.md, to be checked by hand.
    """
    from compstat.findings import Finding, UsageError
    from compstat.workspace.create import create_workspace

    if source is not None:
        _from_file(session_of(context), folder, preset, source, dates)
        return
    if dates is not None:
        message = "--dates says how the file of --from writes its dates; no file is named."
        raise UsageError(Finding("dates-without-file", "", message, "Name the file with --from, or leave --dates out."))
    for path in create_workspace(folder, preset):
        print(printable(str(path)))
    session = session_of(context)
    session.say(NEXT[preset])
    session.say(f"  compstat -w {shlex.quote(str(folder))} load returns.csv")


def _from_file(session: Session, folder: Path, preset: Preset, source: Path, dates: DateOrder | None) -> None:
    from compstat.findings import Finding, UsageError
    from compstat.load.first_workspace import PAGE, workspace_from

    if preset is not Preset.BLANK:
        message = "--from proposes tables of its own; it does not go with a preset."
        raise UsageError(Finding("preset-and-file", "", message, "Take one of the two."))
    made = workspace_from(folder, source, dates)
    for path in made.written:
        print(printable(str(path)))
    for words in (*made.remarks, *_guessed(made.proposal)):
        session.say(words)
    session.say(f"These are guesses: check them by hand with {folder / PAGE}, which says why each was made. Then:")
    session.say(f"  compstat -w {shlex.quote(str(folder))} load {shlex.quote(str(made.load))}")


def _guessed(proposal: Proposal) -> list[str]:
    """The guesses by file and column: `units.csv level: guessed district (6), neighborhood (79)`."""
    from collections import Counter

    found: dict[tuple[str, str], Counter[str]] = {}
    for guess in proposal.guesses:
        found.setdefault((guess.file, guess.column), Counter())[guess.value] += 1
    return [
        f"{file} {column}: guessed {', '.join(f'{value} ({count})' for value, count in values.most_common())}"
        for (file, column), values in found.items()
    ]
