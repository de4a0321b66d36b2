"""`drift`: many small steps the wrong way that no single week shows. It raises `watch`, for it has no p value.

Counts by a CUSUM scaled by their dispersion, measurements by their weighted mean; ratios slide under `target`,
`coasting` and `peer`. Its false alarms are in the printed budget of the watch list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Details, Judgement, chosen, past_gates
from compstat.rules.wording import figure, periods_name
from compstat.statistics.drift import NEWEST, count_drift, measure_drift
from compstat.statistics.forecast_residual import lag_one_autocorrelation
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.rulebook import Rule

COUNT_TEST = "CUSUM for half as much again, its steps over the dispersion"
COUNT_FORMULA = "S = max(0, S + (x - k)/phi), k = f m / (2 ln 1.5) for a rise; signals at S >= h"
MEASURE_TEST = "exponentially weighted mean against the year before"
MEASURE_FORMULA = "z = z + 0.2 (x - z); limits mean +/- 2.962 sigma sqrt(0.2/1.8 + 1/n)"
# neighbours more alike than this make the limits of a weighted mean too tight
MOST_ALIKE = 0.3


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Counts and measurements that have crept the wrong way."""
    return [_counts(rule, history), _measures(rule, history)]


def _counts(rule: Rule, history: History) -> Judgement:
    panel, counts = history.panel, history.counts
    place = np.flatnonzero(counts.tested & chosen(panel, rule)[counts.row])
    row, course = counts.row[place], counts.season.at(place).course(len(panel.starts))
    found = count_drift(
        panel.amount[row],
        counts.weekly.phi[place],
        panel.adverse[row] < 0,
        year=panel.cadence.year,
        fewest=panel.cadence.year // 2,
        hold=panel.cadence.recent,
        season=1.0 if course is None else course,
    )

    def inputs(at: int) -> Mapping[str, Any]:
        return {
            "score": found.score[at],
            "limit": found.limit[at],
            "mean": found.mean[at],
            "dispersion": counts.weekly.phi[place[at]],
            "season_handled": bool(counts.season.handled[place[at]]),
            "season": counts.season.words(int(place[at])),
            "formula": COUNT_FORMULA,
        }

    hold = float(panel.cadence.recent)
    return _judgement(rule, history, row, found.signals, (COUNT_TEST, inputs), np.nan_to_num(found.false_alarms) * hold)


def _measures(rule: Rule, history: History) -> Judgement:
    panel = history.panel
    wanted = chosen(panel, rule) & (panel.adverse != 0) & ~panel.is_ratio & ~panel.is_count
    row = np.flatnonzero(wanted)
    row = row[~(lag_one_autocorrelation(panel.value[row]) > MOST_ALIKE)]
    found = measure_drift(panel.value[row], year=panel.cadence.year, fewest=panel.cadence.year // 2)
    wrong_way = (found.level - found.mean) * panel.adverse[row] > 0

    def inputs(at: int) -> Mapping[str, Any]:
        return {
            "weighted_mean": found.level[at],
            "mean": found.mean[at],
            "lower": found.lower[at],
            "upper": found.upper[at],
            "formula": MEASURE_FORMULA,
        }

    alarms = np.full(len(row), 1 / 500)  # the limit's own: one in 500 periods, either way
    return _judgement(rule, history, row, found.signals & wrong_way, (MEASURE_TEST, inputs), alarms)


def _judgement(
    rule: Rule,
    history: History,
    row: Integers,
    signal: Any,
    told: tuple[str, Callable[[int], Mapping[str, Any]]],
    alarms: Floats,
) -> Judgement:
    """The newest quarter beside the year before it, whatever told the drift."""
    panel = history.panel
    value, comparator = (
        _mean(panel.value[row, -NEWEST:]),
        _mean(panel.value[row, -NEWEST - panel.cadence.year : -NEWEST]),
    )
    test, inputs = told

    def details(at: Integers) -> Details:
        order = history.weights(row[at]) * np.abs(value[at] - comparator[at]) / np.sqrt(np.maximum(comparator[at], 0.5))
        return Details(order=order, evidence=np.full(len(at), np.nan))

    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=np.full(len(row), np.nan),
        gates=past_gates(rule, (value - comparator) * panel.adverse[row], comparator),
        outcome=Outcome.WATCH,
        severity=1,
        value=value,
        comparator=comparator,
        excess=(value - comparator) * NEWEST,
        expected=np.maximum(np.abs(comparator) * NEWEST, 0.5),
        test=test,
        details=details,
        sentence=lambda at: _sentence(panel, int(row[at]), value[at], comparator[at]),
        inputs=inputs,
        signal=np.asarray(signal, dtype=np.bool_),
        false_flags=lambda _p_cut: float(alarms.sum()),
    )


def _mean(part: Floats) -> Floats:
    number = np.sum(~np.isnan(part), axis=1)
    return np.asarray(np.nansum(part, axis=1) / np.where(number > 0, number, np.nan), dtype=np.float64)


def _sentence(panel: Panel, row: int, value: float, comparator: float) -> str:
    indicator = panel.indicators[row]
    seen, before = (figure(float(part), indicator) for part in (value, comparator))
    span = f"the last {NEWEST} {periods_name(panel)}"
    return f"{indicator.title}: on average {seen} over {span}, {before} the year before: a slow drift."
