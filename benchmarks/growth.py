"""Twice the units: how much more time, and how much more memory, a week's windows and rules take."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from large_case import LAST_WEEK, Case
from timing import Measured, in_turns

from compstat.rules.evaluation import evaluate
from compstat.store import open_store
from compstat.windows.scope import known_at
from compstat.workspace.workspace import load_workspace

GOAL = 2.2
STATUS = Path("/proc/self/status")


def measure(case: Case, runs: int) -> list[Measured]:
    """Ours is the whole case, theirs half of it. Memory is the peak of a process that does this alone."""
    half = case.half()
    whole_root, half_root = case.store.parent, half.store.parent
    words = f"{case.units:,} units against {half.units:,}, each a store of its own"
    taken = in_turns(_judging(whole_root), _judging(half_root), runs)
    peaks = [(_peak_in_child(whole_root), _peak_in_child(half_root)) for _ in range(max(1, runs // 2))]
    ours, theirs = zip(*peaks, strict=True)
    return [
        taken.measured("growth in time", GOAL, words),
        Measured("growth in memory", GOAL, ours, theirs, f"{words}; peak of the whole process", unit="MB"),
    ]


def _judging(root: Path) -> Callable[[int], None]:
    workspace = load_workspace(root)

    def judge(_run: int) -> None:
        with open_store(workspace.store_path, read_only=True) as store:
            known = known_at(store, None)
            assert known is not None, "the store is loaded"
            evaluate(store, workspace, workspace.cycle(), LAST_WEEK, known)

    return judge


def _peak_in_child(root: Path) -> float:
    """Megabytes."""
    child = subprocess.run([sys.executable, __file__, str(root)], check=True, capture_output=True, text=True)
    return float(child.stdout)


def _peak() -> float:
    """This process's highest memory in megabytes. Linux counts the parent's into ru_maxrss, so not from there."""
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    counted_in = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * counted_in / 1024**2


if __name__ == "__main__":
    _judging(Path(sys.argv[1]))(1)
    print(_peak())
