"""`no_return`: a unit that returned an indicator of late and did not this time. Missing is never 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Details, Judgement, chosen
from compstat.windows.panel import Bools, Integers
from compstat.workspace.rulebook import Rule

# silent for longer it stands in the data quality statement, not in the room every week
STILL_EXPECTED_PERIODS = 8


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Every cell of the panel is tested: a return came, or it did not."""
    panel = history.panel
    row = np.flatnonzero(chosen(panel, rule))
    silent = _silent_periods(panel.returned[row])
    nothing = np.full(len(row), np.nan)

    def details(at: Integers) -> Details:
        return Details(order=silent[at].astype(float), evidence=nothing[at])

    def sentence(at: int) -> str:
        indicator, count = panel.indicators[int(row[at])], int(silent[at])
        since = "" if count == 1 else f", nor for {count - 1} before"
        return f"{indicator.title}: no return for {panel.cadence.label(panel.current)}{since}."

    def inputs(at: int) -> Mapping[str, Any]:
        return {"periods_silent": int(silent[at]), "period": panel.current.isoformat()}

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=nothing,
            gates=np.ones(len(row), dtype=bool),
            outcome=Outcome.DATA,
            severity=1,
            value=nothing,
            comparator=nothing,
            excess=nothing,
            expected=np.zeros(len(row)),
            test="a return was expected and none came",
            details=details,
            sentence=sentence,
            inputs=inputs,
            signal=(silent > 0) & (silent <= STILL_EXPECTED_PERIODS),
        )
    ]


def _silent_periods(returned: Bools) -> Integers:
    """Periods since the newest return, 0 where the newest period has one."""
    newest_first = returned[:, ::-1]
    silent = np.where(newest_first.any(axis=1), newest_first.argmax(axis=1), returned.shape[1])
    return np.asarray(silent, dtype=np.int64)
