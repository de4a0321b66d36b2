"""`floor`: below (or above) a declared floor. The figure is certain, so it needs no test of chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.goals import goal_values, missed
from compstat.rules.history import History
from compstat.rules.judgement import ROUNDING, Judgement
from compstat.rules.wording import figure, span_words
from compstat.workspace.rulebook import Rule


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Cells with a floor in force: breached now, and in `periods` of the last `of`."""
    panel = history.panel
    goals = goal_values(panel, rule, "floor")
    row = np.flatnonzero(~np.isnan(goals) & ~np.isnan(panel.value[:, -1]))
    breaches = missed(panel, goals, max(rule.of, rule.periods))[row]
    times = breaches.sum(axis=1)
    value, floor = panel.value[row, -1], goals[row]
    apart = (value - floor) * panel.adverse[row]
    scale = np.array([panel.indicators[int(at)].scale if panel.is_ratio[int(at)] else 1.0 for at in row])
    volume = np.where(panel.is_ratio[row], panel.volume[row, -1], 1.0)
    excess = (value - floor) / scale * volume
    gates = (apart >= rule.minimum_gap - ROUNDING) & (
        apart >= np.abs(floor) * rule.threshold_percent / 100 - ROUNDING
    )
    run = _run(missed(panel, goals, 2 * panel.cadence.recent)[row])
    size = np.maximum(np.abs(floor) / scale * volume, 1.0)

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        side = "below" if panel.adverse[row[at]] < 0 else "above"
        again = f", {int(run[at])} running" if run[at] > 1 else ""
        seen, wanted = figure(value[at], indicator), figure(floor[at], indicator)
        return f"{indicator.title}: {seen} {span_words(panel, True)}, {side} its floor of {wanted}{again}."

    def inputs(at: int) -> Mapping[str, Any]:
        return {
            "floor": floor[at],
            "numerator": panel.amount[row[at], -1] if panel.is_ratio[row[at]] else None,
            "denominator": panel.volume[row[at], -1] if panel.is_ratio[row[at]] else None,
            "breached_periods": int(times[at]),
            "running": int(run[at]),
            "wanted": f"{rule.periods} of {max(rule.of, rule.periods)}",
        }

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=np.full(len(row), np.nan),
            gates=gates,
            outcome=Outcome.CONCERN,
            severity=3,
            value=value,
            comparator=floor,
            excess=excess,
            expected=size,
            order=history.weights(row) * np.abs(excess) / np.sqrt(size),
            evidence=np.full(len(row), np.nan),
            test="a certain figure against a floor",
            sentence=sentence,
            signal=breaches[:, -1] & (times >= rule.periods),
            threshold=floor,
            inputs=inputs,
        )
    ]


def _run(
    breaches: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many periods in a row, up to the newest, were breached."""
    newest_first = ~breaches[:, ::-1]
    return np.where(newest_first.any(axis=1), newest_first.argmax(axis=1), breaches.shape[1]).astype(np.int64)
