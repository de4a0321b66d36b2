"""Windows and rules for one week of the large store, against a plain group-by of the same 110 weeks."""

from __future__ import annotations

import duckdb
from large_case import LAST_WEEK, Case
from timing import Measured, in_turns

from compstat.calendar import Calendar
from compstat.rules.evaluation import evaluate
from compstat.store import open_store
from compstat.windows.scope import known_at, look_back

GOAL = 30.0
GROUP_BY = """
    select unit, indicator, sum(value), count(value)
    from observation
    where superseded_at is null and period_start between ? and ?
    group by unit, indicator
"""


def measure(case: Case, runs: int) -> list[Measured]:
    """Both on files that are open already and in memory."""
    workspace = case.workspace
    first = look_back(Calendar().cadence("weekly"), LAST_WEEK)
    with (
        duckdb.connect(str(case.store), read_only=True) as plain,
        open_store(case.store, read_only=True) as store,
    ):
        known = known_at(store, None)
        assert known is not None, "the store is loaded"

        def ours(_run: int) -> None:
            evaluate(store, workspace, workspace.cycle(), LAST_WEEK, known)

        def theirs(_run: int) -> None:
            cells = plain.execute(GROUP_BY, [first, LAST_WEEK]).fetchall()
            assert len(cells) == case.units * case.indicators, "the store holds every cell"

        note = f"{case.units * case.indicators:,} cells judged by every family, against sum and count, fetched"
        return [in_turns(ours, theirs, runs).measured("one week's windows and rules", GOAL, note)]
