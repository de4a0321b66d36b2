"""Limits and special causes of two years of every series, against the same in pandas by groupby."""

from __future__ import annotations

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from large_case import Case
from timing import Measured, in_turns

from compstat.statistics.arrays import FloatArray
from compstat.statistics.special_cause import Reason, judge

GOAL = 0.05
PERIODS = 104
RUN = 7


def measure(case: Case, runs: int) -> list[Measured]:
    """pandas judges a sample, its time is scaled to all series: a favour to pandas, as the sample fits the cache."""
    series = case.units * case.indicators
    sample = max(1, series // 30)
    dice = np.random.default_rng(2004)
    values = dice.poisson(dice.uniform(5, 50, (series, 1)), (series, PERIODS)).astype(np.float64)
    long = pd.DataFrame(
        {"series": np.repeat(np.arange(sample), PERIODS), "value": values[:sample].ravel()},
    )
    _agree(values[:sample], long)
    taken = in_turns(lambda _run: judge(values), lambda _run: pandas_xmr(long), runs)
    scale = series / sample
    note = f"{series:,} series of {PERIODS}; pandas on {sample:,}, its time scaled by {scale:g}"
    return [taken.measured("special cause", GOAL, note, scale)]


def pandas_xmr(long: pd.DataFrame) -> pd.DataFrame:
    """mean, lower, upper and the first of the four rules that holds, one row a point; whole columns at a time."""
    by = long["series"]
    value = long["value"]
    mean = value.groupby(by).transform("mean")
    move = value.groupby(by).diff()
    moving_range = move.abs()
    first = moving_range.groupby(by).transform("mean")
    average_range = moving_range.where(moving_range < 3.267 * first).groupby(by).transform("mean")
    lower, upper = mean - 2.66 * average_range, mean + 2.66 * average_range
    side = np.sign(value - mean)
    outside = (value > upper) | (value < lower)
    near = ((value - mean).abs() > 2 * (2.66 / 3) * average_range) & ~outside
    one_side = _window_sum(side, by, 3).abs() == 3
    pair = (_window_sum(near.astype(float), by, 3) >= 2) & one_side
    trend = _window_sum(np.sign(move), by, RUN - 1).abs() == RUN - 1
    run = _window_sum(side, by, RUN).abs() == RUN
    rules = (
        outside,
        _marked(trend, by, RUN),
        _marked(pair, by, 3) & near,
        _marked(run, by, RUN),
    )
    reason = np.select(rules, [Reason.OUTSIDE_LIMITS, Reason.TREND, Reason.TWO_OF_THREE, Reason.RUN], 0)
    return pd.DataFrame({"mean": mean, "lower": lower, "upper": upper, "reason": reason})


def _window_sum(column: pd.Series, by: pd.Series, length: int) -> pd.Series:
    return column.groupby(by).rolling(length).sum().reset_index(level=0, drop=True)


def _marked(ends: pd.Series, by: pd.Series, length: int) -> pd.Series:
    """Every point of the windows that end where `ends` says."""
    backwards = ends.astype(float)[::-1]
    covered = backwards.groupby(by[::-1]).rolling(length, min_periods=1).max().reset_index(level=0, drop=True)
    return covered.sort_index() > 0


def _agree(values: FloatArray, long: pd.DataFrame) -> None:
    """Both must do the same work, or the ratio says nothing."""
    ours, theirs = judge(values), pandas_xmr(long)
    assert np.allclose(ours.upper, theirs["upper"].to_numpy()[::PERIODS]), "the limits differ"
    assert (ours.reason.ravel() == theirs["reason"].to_numpy()).mean() > 0.999, "the special causes differ"
