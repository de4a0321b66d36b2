"""Five years of returns into a new store, checked, against a bare COPY of the same file into a fresh DuckDB file."""

from __future__ import annotations

from large_case import LAST_WEEK, Case, copy_bare
from timing import Measured, in_turns, settled

GOAL = 2.0


def measure(case: Case, runs: int) -> list[Measured]:
    """Opening and closing the file are timed on both sides: only then do the rows lie on the disk."""
    history, store, bare = case.history, case.workspace.store_path, case.bare_path

    def ours(_run: int) -> None:
        store.unlink(missing_ok=True)
        case.load(history, LAST_WEEK)

    def theirs(_run: int) -> None:
        bare.unlink(missing_ok=True)
        copy_bare(bare, history, "history")

    note = f"{case.rows:,} rows: read, checked and stored, against COPY"
    taken = in_turns(ours, theirs, runs, before=settled, warm_up=False)  # seconds long: nothing to warm up
    return [taken.measured("full load", GOAL, note)]
