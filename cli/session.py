"""What every command is given: the workspace it works in, who acts, and how much it says."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace


@dataclass(frozen=True)
class Session:
    """One run of the program."""

    chosen: Path | None
    quiet: bool

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace asked for, read and checked. Raises WorkspaceError."""
        from compstat.workspace.workspace import find_root, load_workspace

        return load_workspace(find_root(self.chosen))

    def say(self, words: str) -> None:
        """A word on how the work goes: to stderr, so that results alone reach a pipe; silent with --quiet."""
        from compstat.cli.text import printable

        if not self.quiet:
            print(printable(words), file=sys.stderr)


def session_of(context: typer.Context) -> Session:
    """The session that the entrance made."""
    session = context.find_object(Session)
    assert session is not None, "the entrance makes it"
    return session
