"""The data quality statement of a week: what came, what is missing, what changed, who signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from compstat.quality.audit import Audit, audits_of_week
from compstat.quality.checked_week import check_evaluation
from compstat.quality.checks.check import Found
from compstat.quality.restated import Restated, restated_since
from compstat.quality.sign_off import SignOff, standing_sign_off
from compstat.rules.weeks import WeekFlags
from compstat.store import Store
from compstat.windows.scope import END_OF_TIME, Scope


@dataclass(frozen=True, slots=True)
class Batch:
    """A load that was taken, as the statement lists it."""

    batch: str
    recorded_at: datetime
    source: str
    sha256: str
    rows: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What the reader must know of the data. missing: unit and indicator of each return that did not come.

    found: what the checks say of the week, errors first. audits: of records behind the week's figures.
    """

    expected: int
    present: int
    missing: tuple[tuple[str, str], ...]
    silent: tuple[tuple[str, str], ...]
    batches: tuple[Batch, ...]
    restated: tuple[Restated, ...]
    sign_off: SignOff | None
    found: tuple[Found, ...] = ()
    audits: tuple[Audit, ...] = ()


SILENT_AFTER = 8  # periods without a return after which it is no longer expected


def statement(store: Store, week: WeekFlags, as_of: datetime | None, since: datetime | None) -> Statement:
    """The statement of a week as known at a moment; `since`: when the last pack's figures were known."""
    scope = week.evaluation.scope
    missing, silent, expected = _returns(week)
    batches = tuple(Batch(*row) for row in store.rows("quality/batches", known_at=scope.known_at))
    restated = tuple(restated_since(store, since, scope.known_at)) if since else ()
    signed = standing_sign_off(store, scope.cycle, scope.week, as_of or END_OF_TIME)
    return Statement(
        expected,
        expected - len(missing),
        tuple(missing),
        tuple(silent),
        batches,
        tuple(one for one in restated if _in_scope(scope, one)),
        signed,
        check_evaluation(store, week.evaluation),
        tuple(one for one in audits_of_week(store, scope.workspace, scope.week, as_of) if _is_looked_at(scope, one)),
    )


def _returns(week: WeekFlags) -> tuple[list[tuple[str, str]], list[tuple[str, str]], int]:
    """Missing, long silent, and the number of returns that were expected."""
    missing, silent, expected = [], [], 0
    for history in week.evaluation.histories.values():
        panel = history.panel
        came = ~np.isnan(panel.volume) | ~np.isnan(panel.amount)
        for place in range(panel.size):
            cell = panel.units[place], panel.indicators[place].indicator
            if not came[place, -SILENT_AFTER - 1 :].any():
                silent.append(cell)
                continue
            expected += 1
            if not came[place, -1]:
                missing.append(cell)
    return missing, silent, expected


def _is_looked_at(scope: Scope, audit: Audit) -> bool:
    return any(audit.indicator == code and audit.unit in {None, unit} for unit, code in scope.cells)


def _in_scope(scope: Scope, one: Restated) -> bool:
    """Of a cell that is looked at, and of no period after this week: that is a later pack's news."""
    return (one.unit, one.indicator) in set(scope.cells) and one.period_start <= scope.last
