"""`floor`: below (or above) a declared floor. The figure is certain, so it needs no test of chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history.goals import goals_in_force, missed
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Details, Judgement, past_gates
from compstat.rules.wording import figure, periods_name, span_words
from compstat.windows.panel import Bools, Integers
from compstat.workspace.rulebook import Rule


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Cells with a floor in force: breached now, and in `periods` of the last `of`."""
    panel, of = history.panel, max(rule.of, rule.periods)
    goals = goals_in_force(panel, rule, "floor", len(panel.starts))
    goals = goals.kept(~np.isnan(panel.value[goals.row, -1]))
    row, floor, breaches = goals.row, goals.now, missed(panel, goals)
    times, run = breaches[:, -of:].sum(axis=1), _run(breaches)
    value, scale, volume = panel.value[row, -1], panel.scale[row], panel.newest_volume[row]
    excess = (value - floor) / scale * volume
    size = np.maximum(np.abs(floor) / scale * volume, 1.0)

    def details(at: Integers) -> Details:
        order = history.weights(row[at]) * np.abs(excess[at]) / np.sqrt(size[at])
        return Details(order=order, evidence=np.full(len(at), np.nan), threshold=floor[at])

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        side = "below" if panel.adverse[row[at]] < 0 else "above"
        again = f", {int(run[at])} {periods_name(panel)} running" if run[at] > 1 else ""
        seen, wanted = figure(value[at], indicator), figure(floor[at], indicator)
        return f"{indicator.title}: {seen} {span_words(panel, True)}, {side} its floor of {wanted}{again}."

    def inputs(at: int) -> Mapping[str, Any]:
        ratio = bool(panel.is_ratio[row[at]])
        return {
            "floor": floor[at],
            "numerator": panel.amount[row[at], -1] if ratio else None,
            "denominator": panel.volume[row[at], -1] if ratio else None,
            "breached_periods": int(times[at]),
            "running": int(run[at]),
            "wanted": f"{rule.periods} of {of}",
        }

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=np.full(len(row), np.nan),
            gates=past_gates(rule, (value - floor) * panel.adverse[row], floor),
            outcome=Outcome.CONCERN,
            severity=3,
            value=value,
            comparator=floor,
            excess=excess,
            expected=size,
            test="a certain figure against a floor",
            details=details,
            sentence=sentence,
            inputs=inputs,
            signal=breaches[:, -1] & (times >= rule.periods),
        )
    ]


def _run(breaches: Bools) -> Integers:
    """How many periods in a row, up to the newest, were breached."""
    newest_first = ~breaches[:, ::-1]
    run = np.where(newest_first.any(axis=1), newest_first.argmax(axis=1), breaches.shape[1])
    return np.asarray(run, dtype=np.int64)
