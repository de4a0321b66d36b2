"""`late-return`: timeliness. A return was recorded long after its period's end, against what is usual for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from compstat.calendar import end_of
from compstat.findings import Finding
from compstat.quality.checks.check import Check, Found, Severity
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import Bools, Floats, Panel
from compstat.windows.scope import put_cells

LATE_SIGMAS = 5.0  # robust sigmas above the median; where delays fade out exponentially 2% are beyond
MAD_TO_SIGMA = 1.4826  # median absolute deviation of a normal spread: Hampel (1974), JASA 69, 383-393
GRACE_DAYS = 2  # a weekend: who always returns on a Monday is not late on a Wednesday
NAMED_AT_MOST = 3  # indicators of one late return; the others are counted
FEWEST_RETURNS = 8  # fewer earlier delays tell nothing of what is usual


def is_late(days: Floats, usual: Floats, spread: Floats, returns: Floats) -> Bools:
    """Whether a delay is long against the median and the median distance of so many earlier ones.

    Hampel's identifier (1974): later than median + 5 x 1.4826 x MAD, and by more than a weekend.
    """
    limit = usual + np.maximum(GRACE_DAYS, LATE_SIGMAS * MAD_TO_SIGMA * spread)
    with np.errstate(invalid="ignore"):
        return np.asarray((days > limit) & (returns >= FEWEST_RETURNS), dtype=np.bool_)


def _find(store: Store, evaluation: Evaluation) -> Iterator[Found]:
    put_cells(store, evaluation.scope)
    for history in evaluation.histories.values():
        panel = history.panel
        year_before = panel.cadence.shift(panel.current, -panel.cadence.year)
        found = store.arrays(
            "quality/return_delays",
            cadence=panel.cadence.name,
            known_at=evaluation.scope.known_at,
            first=year_before,
            last=panel.current,
        )
        days, usual, spread, returns = (
            np.ma.filled(np.ma.asarray(found[name], dtype=np.float64), np.nan)
            for name in ("days", "usual", "spread", "periods")
        )
        late: dict[tuple[str, int, int], list[str]] = {}
        for at in np.flatnonzero(is_late(days, usual, spread, returns)).tolist():
            unit, indicator = evaluation.scope.cells[int(found["cell"][at])]
            late.setdefault((unit, int(days[at]), round(float(usual[at]))), []).append(indicator)
        for (unit, took, wont), indicators in late.items():
            yield _found(panel, unit, took, wont, indicators)


def _found(panel: Panel, unit: str, days: int, usual: int, indicators: list[str]) -> Found:
    """One finding a unit and delay: what came late came in one return."""
    length = (end_of(panel.cadence, panel.current) - panel.current).days
    recorded = panel.current + timedelta(days=days)
    names = [panel.scope.workspace.indicator(code).title for code in indicators[:NAMED_AT_MOST]]
    listed = ", ".join(names) + (f" and {len(indicators) - NAMED_AT_MOST} more" if indicators[NAMED_AT_MOST:] else "")
    message = f"{listed} recorded on {recorded}, {days - length} days after the period's end; usual: {usual - length}"
    where = f"{unit}, {panel.cadence.label(panel.current)}"
    fix = "Ask what held it up, and whether the figures were counted as of the period's end."
    only = indicators[0] if len(indicators) == 1 else None
    inputs = {"days_late": days - length, "usual_days": usual - length, "indicators": indicators}
    return Found(Finding("late-return", where, message, fix), unit, only, inputs)


CHECK = Check(
    code="late-return",
    severity=Severity.WARNING,
    means="A return was recorded much later after its period's end than this unit's returns are.",
    false_alarms="at most 3% of returns where delays fade out exponentially; next to none where they are regular",
    find=_find,
)
