"""A rehearsal of a year of weeks, against the loop over its weeks: each judged alone, as `compstat flags` does."""

from __future__ import annotations

from datetime import timedelta

from large_case import LAST_WEEK, Case
from timing import Measured, in_turns

from compstat.rules.rehearsal.backtest import rehearse
from compstat.rules.weeks import flags_of_week
from compstat.store import open_store

GOAL = 0.1
UNITS, INDICATORS, SPAN = 100, 20, 52
HISTORY = 110  # weeks that the oldest rehearsed one looks back on
LOOP_WEEKS = 4  # of the span that the loop is timed on: it takes as long for every week


def measure(case: Case, runs: int) -> list[Measured]:
    """A case of its own size: the loop over the weeks of the large one would take the afternoon."""
    folder = case.folder / "backtest"
    folder.mkdir()
    small = min(case.units, UNITS), min(case.indicators, INDICATORS), min(case.weeks, HISTORY + SPAN)
    own = Case(folder, *small)
    span = max(LOOP_WEEKS, own.weeks - HISTORY)
    weeks = [LAST_WEEK - timedelta(weeks=back) for back in range(span)]
    workspace = own.workspace
    with open_store(own.store, read_only=True) as store:

        def ours(_run: int) -> None:
            found = rehearse(store, workspace, workspace.cycle(), weeks[-1], weeks[0])
            assert len(found.weeks) == span, "every week has returns"

        def theirs(_run: int) -> None:
            for week in weeks[:: span // LOOP_WEEKS][:LOOP_WEEKS]:
                flags_of_week(store, workspace, workspace.cycle(), week)

        taken = in_turns(ours, theirs, runs)
    words = f"{span} weeks of {own.units * own.indicators:,} cells, against each week alone ({LOOP_WEEKS} timed)"
    return [taken.measured("backtest", GOAL, words, scale=span / LOOP_WEEKS)]
