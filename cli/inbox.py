"""The inbox as the terminal tells of it: what was taken, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from compstat.cli.session import Session

if TYPE_CHECKING:
    from compstat.load.batch import Loading
    from compstat.load.inbox import Taken

NAME = "inbox"


def take(session: Session, loading: Loading) -> list[Taken]:
    """Load what waits in the workspace's inbox."""
    from compstat.cli.progress import steps
    from compstat.load.inbox import take_inbox
    from compstat.store import open_store

    workspace = session.workspace
    to_be_made = not workspace.store_path.exists()  # a dry run leaves no store behind
    with (
        steps(session) as progress,
        open_store(workspace.store_path, read_only=loading.dry_run and to_be_made) as store,
    ):
        return take_inbox(store, workspace, loading, progress)


def print_taken(taken: Sequence[Taken], *, dry_run: bool = False) -> None:
    """A line a return that was taken; of one that was refused, where the reasons are and the first of them."""
    from compstat.cli.load import outcome
    from compstat.cli.text import printable

    for file in taken:
        for result in file.loaded:
            print(printable(f"{result.source}: {outcome(result, dry_run)}"))
        if file.refused:
            told = f"all reasons in {NAME}/{file.reasons.name}" if file.reasons else "nothing was written"
            problems = len(file.refused.findings)
            print(printable(f"{file.file}: refused, {problems} problem{'s' if problems > 1 else ''}; {told}"))
            print(printable(f"  {file.refused.findings[0]}"))


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
