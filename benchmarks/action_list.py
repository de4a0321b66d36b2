"""`compstat action list` of the sample force, as a whole process in a pipe, against an empty typer command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from large_case import Case
from timing import Measured, in_turns

from compstat.tracker.history import replay
from compstat.tracker.tracker import open_tracker
from compstat.workspace.create import sample_force_into
from compstat.workspace.workspace import load_workspace

GOAL = 1.6
EMPTY = """
import typer

app = typer.Typer()


@app.command()
def empty(name: str = "") -> None:
    pass


if __name__ == "__main__":
    app()
"""


def measure(case: Case, runs: int) -> list[Measured]:
    """The force's tables and actions are enough: the list reads no returns."""
    root = case.folder / "sample"
    force = sample_force_into(root)
    replay(open_tracker(load_workspace(root)), force.actions)
    empty = case.folder / "empty.py"
    empty.write_text(EMPTY)
    taken = in_turns(
        lambda _run: whole_process(program(), "-w", str(root), "action", "list"),
        lambda _run: whole_process(sys.executable, str(empty), "--name", "nobody"),
        runs,
    )
    note = "whole process in a pipe, against an empty typer command"
    return [taken.measured("action list", GOAL, note)]


def program() -> str:
    """The installed `compstat` of this Python."""
    beside = Path(sys.executable).with_name("compstat")
    found = str(beside) if beside.exists() else shutil.which("compstat")
    assert found, "compstat is installed"
    return found


def whole_process(*words: str) -> str:
    """What it printed. Nothing of the caller's settings that changes how Python starts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(words, check=True, capture_output=True, text=True, env=kept).stdout
