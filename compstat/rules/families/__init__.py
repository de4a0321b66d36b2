"""The families of rules, one file each. A family is a function from a rule and a panel's history to judgements.

What two share lies beside them: `own_counts` with its `count_cells`, `own_volumes` and `own_shares` (spike, commend),
`travel` (coasting, improving).
"""

from __future__ import annotations

from collections.abc import Callable

from compstat.rules.families import (
    coasting,
    commend,
    drift,
    floor,
    improving,
    leak,
    no_return,
    peer,
    special_cause,
    spike,
    target,
    trajectory,
    year_on_year,
)
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement
from compstat.workspace.rulebook import Rule

FAMILIES: dict[str, Callable[[Rule, History], list[Judgement]]] = {
    "floor": floor.judge,
    "target": target.judge,
    "trajectory": trajectory.judge,
    "spike": spike.judge,
    "year_on_year": year_on_year.judge,
    "drift": drift.judge,
    "special_cause": special_cause.judge,
    "coasting": coasting.judge,
    "improving": improving.judge,
    "peer": peer.judge,
    "leak": leak.judge,
    "no_return": no_return.judge,
    "commend": commend.judge,
}
