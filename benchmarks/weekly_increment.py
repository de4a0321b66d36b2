"""A new week's returns into the loaded store, against a bare COPY of the same file into a fresh table of its equal.

Twice: the new week alone, and with late corrections to the week before, which have to be found and closed.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from large_case import LAST_WEEK, Case, copy_bare
from timing import Measured, in_turns, settled

GOAL = 2.5


def measure(case: Case, runs: int) -> list[Measured]:
    """Every run takes a week of its own: the store grows by one week in 260."""
    assert case.store.exists()
    week = LAST_WEEK
    found = []
    for name, corrects in (("weekly increment", False), ("weekly increment with corrections", True)):
        files = [_returns(case, week + timedelta(weeks=run + 1), corrects) for run in range(runs + 1)]
        found.append(_measure(case, name, week, files))
        week += timedelta(weeks=runs + 1)
    return found


def _returns(case: Case, week: date, corrects: bool) -> Path:
    """A week's file: one row a cell; where it corrects, the last twentieth of the units give the week before anew."""
    path = case.folder / f"returns-{week}.csv"
    late = case.units // 20 if corrects else 0
    case.write_returns(path, week, 1, units=case.units - late)
    if late:
        again = case.folder / "corrections.csv"
        case.write_returns(again, week - timedelta(weeks=1), 1, units_from=case.units - late, salt=1)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(again.read_text("utf-8").splitlines(keepends=True)[1:])
    return path


def _measure(case: Case, name: str, before: date, files: list[Path]) -> Measured:
    def ours(run: int) -> None:
        case.load(files[run], before + timedelta(weeks=run + 1))

    def theirs(run: int) -> None:
        copy_bare(case.bare, files[run], files[run].stem.replace("-", "_"))

    rows = case.units * case.indicators
    note = f"{rows:,} rows into {case.rows:,}, the store opened and closed, against COPY"
    return in_turns(ours, theirs, len(files) - 1, before=settled).measured(name, GOAL, note)
