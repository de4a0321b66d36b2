"""What was restated, over all history, against a plain sum over the same table."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
from large_case import LAST_WEEK, Case
from timing import Measured, in_turns

from compstat.load.batch import Loading
from compstat.load.load import load_files
from compstat.quality.restated import restated_since
from compstat.store import open_store
from compstat.windows.scope import END_OF_TIME, known_at

GOAL = 10.0
WEEKS = 13
SUM = "select sum(value) from observation"


def with_restatements(case: Case) -> None:
    """Load the newest quarter of a tenth of the units with other figures, once."""
    path = case.folder / f"restated-{case.units}.csv"
    if path.exists():
        return
    first, late = LAST_WEEK - timedelta(weeks=WEEKS - 1), max(1, case.units // 10)
    case.write_returns(path, first, WEEKS, units_from=case.units - late, salt=7)
    with open_store(case.store) as store:
        newest = known_at(store, None)
        assert newest is not None, "the store is loaded"
        load_files(store, case.workspace, [path], Loading(newest + timedelta(days=1), "benchmark"))


def measure(case: Case, runs: int) -> list[Measured]:
    """Both on files that are open already and in memory; the report as values, one a changed figure."""
    with_restatements(case)
    with (
        duckdb.connect(str(case.store), read_only=True) as plain,
        open_store(case.store, read_only=True) as store,
    ):

        def ours(_run: int) -> None:
            assert restated_since(store, datetime.min, END_OF_TIME)

        def theirs(_run: int) -> None:
            plain.execute(SUM).fetchall()

        changed = len(restated_since(store, datetime.min, END_OF_TIME))
        note = f"{changed:,} changes found among {case.rows:,} figures, against a sum"
        return [in_turns(ours, theirs, runs).measured("restated", GOAL, note)]
