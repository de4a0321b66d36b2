"""The inbox as the terminal tells of it: what was taken, what was refused and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compstat.cli.session import Session

if TYPE_CHECKING:
    from compstat.load.batch import Loading
    from compstat.load.inbox import Taken

NAME = Path("inbox")


def asks_for_inbox(files: Sequence[Path] | None, root: Path) -> bool:
    """Whether the workspace's inbox is meant: by its folder, or by the word `inbox` where no file is called so."""
    if len(files or ()) != 1:
        return False
    (named,) = files or ()
    return (named == NAME and not named.is_file()) or named.resolve() == (root / NAME).resolve()


def take_and_tell(session: Session, loading: Callable[[], Loading], *, dry_run: bool = False, as_json: bool) -> None:
    """Take the inbox and print what came of it. Exits with the class of data when a file was refused."""
    from compstat.cli.text import print_json
    from compstat.findings import DataError

    taken = take(session, loading, dry_run=dry_run)
    if as_json:
        print_json(rows_for_programs(taken))
    else:
        print_taken(session, taken, dry_run=dry_run)
    if any(file.refused for file in taken):
        sys.exit(DataError.exit_code)


def take(session: Session, loading: Callable[[], Loading], *, dry_run: bool = False) -> list[Taken]:
    """Load what waits in the workspace's inbox. `loading` is asked once the store is open."""
    from compstat.cli.progress import steps
    from compstat.load.inbox import take_inbox
    from compstat.store import open_store

    workspace = session.workspace
    to_be_made = not workspace.store_path.exists()  # a dry run leaves no store behind
    with (
        steps(session) as progress,
        open_store(workspace.store_path, read_only=dry_run and to_be_made) as store,
    ):
        return take_inbox(store, workspace, loading(), progress)


def print_taken(session: Session, taken: Sequence[Taken], *, dry_run: bool = False) -> None:
    """A line a return that was taken; of one that was refused, where the reasons are and the first of them."""
    from compstat.cli.load_text import print_loaded
    from compstat.cli.text import printable

    for file in taken:
        print_loaded(session, file.loaded, dry_run=dry_run, then="")
        if file.refused:
            told = f"all reasons in {NAME}/{file.reasons.name}" if file.reasons else "nothing was written"
            problems = len(file.refused.findings)
            print(printable(f"{NAME}/{file.file}: refused, {problems} problem{'s' if problems > 1 else ''}; {told}"))
            print(printable(f"  {file.refused.findings[0]}"))
    if not taken:
        session.say(f"Nothing waits in {session.workspace.root / NAME}")


def rows_for_programs(taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """What `--json` prints: one object a file."""
    return [
        {
            "file": file.file,
            "loaded": [asdict(result) for result in file.loaded],
            "moved_to": file.moved_to,
            "refused": [asdict(finding) for finding in file.refused.findings] if file.refused else [],
            "reasons": file.reasons,
        }
        for file in taken
    ]
