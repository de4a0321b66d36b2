"""Slow drift: many small steps in one direction that no single week shows.

Counts: the Poisson CUSUM for a change of half as much again, its steps divided by the dispersion
(Lucas 1985, Technometrics 27:129; the limits and their error rates: docs/method.md). Measurements: the exponentially
weighted mean against the year before (Lucas and Saccucci 1990, Technometrics 32:1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import BoolArray, FloatArray, IntArray, as_matrix

CHANGE = 1.5  # the change that is looked for, up or down
REFERENCE_RISE = (CHANGE - 1) / np.log(CHANGE)  # times the mean: where the two likelihoods are equal
REFERENCE_FALL = (1 - 1 / CHANGE) / np.log(CHANGE)
# mean a period -> decision limit, and periods to a false alarm where the mean is learnt from the year (simulated:
# the fewest of rises, falls and a dispersion of 2); between them by the mean's logarithm
MEANS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
LIMITS = (6.0, 8.0, 9.0, 10.0, 10.0, 10.0, 10.0, 9.0)
PERIODS_TO_FALSE_ALARM = (120.0, 139.0, 174.0, 179.0, 190.0, 186.0, 210.0, 222.0)
SMALLEST_MEAN = 0.25  # a period; below it a year says too little of the mean

WEIGHT = 0.2  # of the newest figure: Lucas and Saccucci's choice for shifts of one standard deviation
REACH = 2.962  # their limit for a false alarm in 500 periods
MOVING_RANGE_TO_SIGMA = 1.128  # mean moving range of two normal figures, in standard deviations
ROUNDING = 1e-9  # of the mean: a series that never varies is not outside limits of no width by its last digit
NEWEST = 13  # periods that the weighted mean runs over, a quarter of a year


class CountDrift(NamedTuple):
    """One value a cell. score: the CUSUM after the newest period, or when it last signalled inside `hold`.

    limit: the score that signals. mean: events a period that it is measured from. since: periods since the score
    left 0. false_alarms: signals that chance alone would give in a period.
    """

    score: FloatArray
    limit: FloatArray
    mean: FloatArray
    since: IntArray
    signals: BoolArray
    false_alarms: FloatArray


class MeasureDrift(NamedTuple):
    """One value a cell: the weighted mean, the year's mean it should be near, its limits, and whether it is outside."""

    level: FloatArray
    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    signals: BoolArray


def count_drift(
    series: npt.ArrayLike,
    dispersion: npt.ArrayLike,
    falls: npt.ArrayLike,
    *,
    year: int = 52,
    fewest: int = 26,
    hold: int = 4,
    season: npt.ArrayLike = 1.0,
) -> CountDrift:
    """The CUSUM of each row of counts a period, for a fall where `falls` holds, else for a rise.

    The mean is that of the `year` before, and stands still while the score is above 0; after a signal the score starts
    again. A signal is told for `hold` periods. A missing period changes nothing; NaN with fewer than `fewest`.
    `season`: of the shape of the series, what each period usually is of the year before it.
    """
    counts = as_matrix(series)
    factor = np.broadcast_to(np.asarray(season, dtype=np.float64), counts.shape)
    phi, down = np.asarray(dispersion, dtype=np.float64), np.asarray(falls, dtype=np.bool_)
    cells, periods = counts.shape
    score, told, mean = np.zeros(cells), np.zeros(cells), np.full(cells, np.nan)
    since, last_signal = np.zeros(cells, dtype=np.int64), np.full(cells, -hold, dtype=np.int64)
    before = _means_before(counts, year, fewest)
    for now in range(fewest, periods):
        mean = np.where((score > 0) & ~np.isnan(mean), mean, before[:, now])
        limit = _between(mean, LIMITS)
        usual = mean * factor[:, now]
        step = np.where(down, REFERENCE_FALL * usual - counts[:, now], counts[:, now] - REFERENCE_RISE * usual) / phi
        score = np.maximum(0.0, score + np.where(np.isnan(step), 0.0, step))
        since = np.where(score > 0, since + 1, 0)
        hit = score >= limit
        last_signal[hit] = now
        told = np.where(hit, score, told)
        score = np.where(hit, 0.0, score)
    signals = (last_signal > periods - 1 - hold) & ~np.isnan(mean)
    rate = 1 / _between(mean, PERIODS_TO_FALSE_ALARM)
    known = ~np.isnan(mean)
    return CountDrift(
        np.where(known, np.where(signals, told, score), np.nan), _between(mean, LIMITS), mean, since, signals, rate
    )


def measure_drift(series: npt.ArrayLike, *, year: int = 52, fewest: int = 26) -> MeasureDrift:
    """The exponentially weighted mean of each row's newest quarter against the `year` before it.

    The limits allow for the year's mean being an estimate. NaN with fewer than `fewest` periods in that year.
    """
    values = as_matrix(series)
    newest, past = values[:, -NEWEST:], values[:, -NEWEST - year : -NEWEST]
    number = np.sum(~np.isnan(past), axis=1).astype(np.float64)
    number[number < fewest] = np.nan
    mean = np.nansum(past, axis=1) / number
    ranges = np.abs(np.diff(past, axis=1))
    pairs = np.sum(~np.isnan(ranges), axis=1)
    sigma = np.nansum(ranges, axis=1) / np.where(pairs > 0, pairs, np.nan) / MOVING_RANGE_TO_SIGMA
    level, shares = mean, np.zeros(len(values))
    for now in range(newest.shape[1]):
        came = ~np.isnan(newest[:, now])
        level = np.where(came, level + WEIGHT * (newest[:, now] - level), level)
        shares = np.where(came, shares * (1 - WEIGHT) ** 2 + WEIGHT**2, shares)
    # 1 / number: the most that the error of the year's mean can add
    reach = np.maximum(REACH * sigma * np.sqrt(shares + 1 / number), ROUNDING * np.abs(mean))
    signals = (np.abs(level - mean) > reach) & ~np.isnan(newest[:, -1])
    return MeasureDrift(level, mean, mean - reach, mean + reach, np.asarray(signals, dtype=np.bool_))


def _means_before(counts: FloatArray, year: int, fewest: int) -> FloatArray:
    """The mean of the `year` before each period; NaN where fewer than `fewest` of it are known, or too small."""
    present = ~np.isnan(counts)
    sums, number = (_sums_before(part, year) for part in (np.where(present, counts, 0.0), present))
    mean = sums / np.maximum(number, 1)
    return np.where((number >= fewest) & (mean >= SMALLEST_MEAN), mean, np.nan)


def _sums_before(matrix: npt.NDArray[np.generic], year: int) -> FloatArray:
    """Of each column, the sum of up to `year` columns before it."""
    upto = np.zeros((matrix.shape[0], matrix.shape[1] + 1))
    np.cumsum(matrix, axis=1, out=upto[:, 1:])
    first = np.maximum(np.arange(matrix.shape[1]) - year, 0)
    return upto[:, :-1] - upto[:, first]


def _between(mean: FloatArray, values: tuple[float, ...]) -> FloatArray:
    return np.where(np.isnan(mean), np.nan, np.interp(np.log(np.maximum(mean, MEANS[0])), np.log(MEANS), values))
