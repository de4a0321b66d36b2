"""`no_return`: a unit that returned an indicator of late and did not this time. Missing is never 0."""

from __future__ import annotations

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history import History
from compstat.rules.judgement import Judgement, chosen
from compstat.workspace.rulebook import Rule

STILL_EXPECTED_PERIODS = (
    8  # silent for longer it stands in the data quality statement, not in the room every week
)


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Every cell of the panel is tested: a return came, or it did not."""
    panel = history.panel
    row = np.flatnonzero(chosen(panel, rule))
    present = ~np.isnan(panel.volume[row]) | ~np.isnan(panel.amount[row])
    silent = _silent_periods(present)
    nothing = np.full(len(row), np.nan)

    def sentence(at: int) -> str:
        indicator, count = panel.indicators[int(row[at])], int(silent[at])
        since = "" if count == 1 else f", nor for {count - 1} before"
        return f"{indicator.title}: no return for {panel.cadence.label(panel.current)}{since}."

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
            order=silent.astype(float),
            evidence=nothing,
            test="a return was expected and none came",
            sentence=sentence,
            signal=(silent > 0) & (silent <= STILL_EXPECTED_PERIODS),
            inputs=lambda at: {"periods_silent": int(silent[at]), "period": panel.current.isoformat()},
        )
    ]


def _silent_periods(
    present: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Periods since the newest return, 0 where the newest period has one."""
    newest_first = present[:, ::-1]
    return np.where(newest_first.any(axis=1), newest_first.argmax(axis=1), present.shape[1]).astype(np.int64)
