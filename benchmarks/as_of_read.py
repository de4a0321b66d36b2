"""Figures as known at an earlier moment, against those of now read by the simplest statement there is for them."""

from __future__ import annotations

import duckdb
from large_case import LAST_WEEK, Case, recorded_at
from restated import with_restatements
from timing import Measured, in_turns

from compstat import queries
from compstat.calendar import Calendar
from compstat.windows.scope import look_back

GOAL = 1.2
READ = "windows/returned"
CURRENT = """
    select unit, indicator, min(period_start)
    from observation
    where superseded_at is null and period_start between $first and $last
    group by unit, indicator
    order by unit, indicator
"""


def measure(case: Case, runs: int) -> list[Measured]:
    """Every cell of two years, in a store of which a tenth of the newest quarter was restated since that moment."""
    with_restatements(case)
    days = {"first": look_back(Calendar().cadence("weekly"), LAST_WEEK), "last": LAST_WEEK}
    with duckdb.connect(str(case.store), read_only=True) as plain:

        def read(sql: str, **params: object) -> None:
            assert len(plain.execute(sql, params).fetchall()) == case.units * case.indicators

        def ours(_run: int) -> None:
            read(queries.read(READ).sql, known_at=recorded_at(LAST_WEEK), **days)

        def theirs(_run: int) -> None:
            read(CURRENT, **days)

        note = f"{READ} of {case.units * case.indicators:,} cells as known before the restatements, against now"
        return [in_turns(ours, theirs, runs).measured("as-of read", GOAL, note)]
