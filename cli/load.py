"""`compstat load`: take returns into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import session_of
from compstat.findings import Finding, UsageError

if TYPE_CHECKING:
    from compstat.workspace.feeds import Feed
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat load returns/2026-W46-counts.csv --dry-run")
def load(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Returns: XLSX, CSV, gz, Parquet; folders, zip and e-mail (EML) that hold some."),
    ] = None,
    feed: Annotated[
        str | None,
        typer.Option(help="Count extracts through this feed of feeds.toml; without a file, ask its database."),
    ] = None,
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
    again: Annotated[
        bool, typer.Option("--again", help="Take a file that was loaded before once more, over what replaced it.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what happened for programs.")] = False,
) -> None:
    """Load returns, all of them or none: every problem is named with its place, and the store stays as it was.

    `compstat load inbox` takes what waits in the workspace's inbox, each file by itself: what is taken moves to
    inbox/taken, what is refused stays with its reasons beside it.
    """
    from compstat.cli.inbox import asks_for_inbox, take_and_tell
    from compstat.cli.load_text import print_loaded, refuse_sent_again
    from compstat.cli.moments import moment, now
    from compstat.cli.progress import steps
    from compstat.cli.text import print_json
    from compstat.load.batch import Loading
    from compstat.load.load import load_files
    from compstat.store import open_store

    session = session_of(context)
    workspace = session.workspace
    through = workspace.sound_feeds.named(feed) if feed else None
    by = who_withdraws(workspace, "a figure") if withdraw and not dry_run else who_loads()
    at = moment(recorded_at)
    local_day = None if at else date.today()  # where it is loaded the week is over, whatever UTC says

    def loading() -> Loading:
        """As of the moment at which the store is open: of two loads at once the second waits for the first."""
        return Loading(at or now(), by, set_aside, withdraw, dry_run, through, again, local_day)

    if asks_for_inbox(files, workspace.root):
        take_and_tell(session, loading, dry_run=dry_run, as_json=as_json)
        return
    to_be_made = not workspace.store_path.exists()  # a dry run leaves no store behind
    with (
        steps(session) as progress,
        _extracts(workspace, files, through, progress) as paths,
        open_store(workspace.store_path, read_only=dry_run and to_be_made) as store,
    ):
        loaded = load_files(store, workspace, paths, loading(), progress)
    if as_json:
        print_json([asdict(result) for result in loaded])
    else:
        print_loaded(session, loaded, dry_run=dry_run)
    refuse_sent_again(loaded)


@contextmanager
def _extracts(
    workspace: Workspace, files: list[Path] | None, feed: Feed | None, progress: Callable[[str], None]
) -> Iterator[list[Path]]:
    """The files that were named, or what the feed's query gives."""
    if files:
        yield files
    elif feed and feed.database:
        from compstat.load.feeds.database import query_result

        progress(f"asking the database of {feed.feed}")
        with query_result(workspace.root, feed) as path:
            yield [path]
    else:
        raise UsageError(Finding("nothing-to-load", "", "No file is named.", "For example: compstat load returns.csv"))


def who_withdraws(workspace: Workspace, what: str) -> str:
    """Whoever takes something back. Raises PermissionRefusedError for anybody but an analyst.

    Where people.csv names nobody there are no roles yet: then whoever it is.
    """
    from compstat.findings import PermissionRefusedError
    from compstat.tracker.identity import who_acts
    from compstat.workspace.tables import Role

    if not workspace.people:
        return who_loads()
    by = who_acts(workspace)
    if by.role is not Role.ANALYST:
        message = f"{by.title} is {by.role}; {what} is taken back by an analyst"
        raise PermissionRefusedError(Finding("not-an-analyst", "", message, "Ask an analyst of people.csv."))
    return by.person


def who_loads() -> str:
    """The name that a batch is recorded under; loading needs no identity."""
    import getpass
    import os

    try:
        return os.environ.get("COMPSTAT_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return "unknown"
