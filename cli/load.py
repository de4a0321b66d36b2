"""`compstat load`: take returns into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from compstat.load.batch import Loaded

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat load returns/2026-W46.csv --dry-run")
def load(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Returns: CSV (plain or gz) or Parquet, long or wide.")],
    recorded_at: Annotated[
        str | None,
        typer.Option(help="When the figures were recorded, for historical loads: 2026-11-16T18:00 (UTC)."),
    ] = None,
    set_aside: Annotated[
        bool,
        typer.Option("--set-aside", help="Load the good rows; write the refused ones to a file with reasons."),
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Let an empty cell take back the figure that the store holds.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what happened for programs.")] = False,
) -> None:
    """Load returns, all of them or none: every problem is named with its place, and the store stays as it was."""
    from compstat.cli.moments import moment, now
    from compstat.cli.progress import steps
    from compstat.load.batch import Loading
    from compstat.load.load import load_files
    from compstat.store import open_store

    session = session_of(context)
    loading = Loading(moment(recorded_at) or now(), who_loads(), set_aside, withdraw, dry_run)
    workspace = session.workspace
    to_be_made = not workspace.store_path.exists()  # a dry run leaves no store behind
    with (
        steps(session) as progress,
        open_store(workspace.store_path, read_only=dry_run and to_be_made) as store,
    ):
        loaded = load_files(store, workspace, files, loading, progress)
    if as_json:
        _print_for_programs(loaded)
    else:
        _print(session, loaded, dry_run)


def who_loads() -> str:
    """The name that a batch is recorded under; loading needs no identity."""
    import getpass
    import os

    try:
        return os.environ.get("COMPSTAT_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return "unknown"


def _print_for_programs(loaded: list[Loaded]) -> None:
    from dataclasses import asdict

    from compstat.cli.text import print_json

    print_json([asdict(result) for result in loaded])


def _print(session: Session, loaded: list[Loaded], dry_run: bool) -> None:
    from compstat.cli.text import printable

    for result in loaded:
        print(printable(f"{result.source}: {_outcome(result, dry_run)}"))
        if result.refused_file:
            print(printable(f"  {_rows(result.set_aside)} set aside, with reasons, in {result.refused_file}"))
        elif result.set_aside:
            print(f"  {_rows(result.set_aside)} would be set aside")
    if any(result.batch for result in loaded) and not dry_run:
        session.say("Next: compstat flags --week latest")


def _outcome(result: Loaded, dry_run: bool) -> str:
    if result.already:
        return f"this very file was loaded before ({result.already}); nothing changed"
    if result.batch is None:
        what = "no other row holds anything" if result.set_aside else "holds nothing"
        return f"{what} that the store does not know; nothing changed"
    new = "new figure" if result.added == 1 else "new figures"
    counts = {new: result.added, "restated": result.restated, "withdrawn": result.withdrawn}
    parts = [f"{count:,} {what}" for what, count in counts.items() if count]
    verb = "would become" if dry_run else "is"
    return f"{', '.join(parts)}; {verb} batch {result.batch}"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
