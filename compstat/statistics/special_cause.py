"""The four special-cause rules of an XmR chart, many series at once, as NHSRplotthedots 0.2.2 applies them.

In order of precedence: outside the limits; seven values that rise or fall; two of three in the outer third,
all three on one side; seven on one side of the mean. Every comparison is strict, a missing value breaks a
run.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import BoolArray, CodeArray, FloatArray, as_matrix
from compstat.statistics.process_limits import (
    MOVING_RANGE_TO_LIMIT,
    ROWS_AT_ONCE,
    Process,
    by_period,
    process_of_columns,
)

RUN_LENGTH = 7  # values on one side, or rising or falling: NHS England, Making Data Count
OUTER_THIRD_WINDOW = 3


class Reason(IntEnum):
    """Why a point is special; the code in the matrices."""

    NONE = 0
    OUTSIDE_LIMITS = 1
    TREND = 2
    TWO_OF_THREE = 3
    RUN = 4


class Judged(NamedTuple):
    """Limits one value a series; reason (codes of Reason) and side (1 high, -1 low, 0 none) one a point."""

    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    reason: CodeArray
    side: CodeArray


def judge(values: npt.ArrayLike, screen: bool = True, fix_after: int | None = None) -> Judged:
    """Limits and special causes of each row of a matrix of series by periods."""
    matrix = as_matrix(values)
    mean, lower, upper = (np.empty(len(matrix)) for _ in range(3))
    reason, side = (np.zeros(matrix.shape, dtype=np.int8) for _ in range(2))
    for first in range(0, len(matrix), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        columns = by_period(matrix[rows])
        process = process_of_columns(columns, screen, fix_after)
        mean[rows], (lower[rows], upper[rows]) = process.mean, process.limits()
        why, where = _special_causes(columns, process)
        reason[rows], side[rows] = why.T, where.T
    return Judged(mean, lower, upper, reason, side)


def special_causes(
    values: npt.ArrayLike,
    mean: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    average_range: npt.ArrayLike | None = None,
) -> tuple[CodeArray, CodeArray]:
    """Reason and side of each point of series by periods, against one mean and pair of limits a row.

    A trend's side is its direction, any other point's is its side of the mean. Give `average_range` where it
    is known: worked back from the limits it can be a last digit off, which a point exactly on two sigmas
    would show.
    """
    matrix = as_matrix(values)
    centre, low, high = (np.asarray(limit, dtype=np.float64) for limit in (mean, lower, upper))
    ranges = (high - low) / (2 * MOVING_RANGE_TO_LIMIT) if average_range is None else np.asarray(average_range)
    reason, side = (np.zeros(matrix.shape, dtype=np.int8) for _ in range(2))
    for first in range(0, len(matrix), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        process = Process(centre[rows], ranges[rows])
        why, where = _special_causes(by_period(matrix[rows]), process, (low[rows], high[rows]))
        reason[rows], side[rows] = why.T, where.T
    return reason, side


def _special_causes(
    columns: FloatArray, process: Process, drawn: tuple[FloatArray, FloatArray] | None = None
) -> tuple[CodeArray, CodeArray]:
    """The rules on one block of periods by series; missing values and limits compare as false throughout."""
    lower, upper = drawn or process.limits()
    near_lower, near_upper = process.near_limits()
    above, below = columns > process.mean, columns < process.mean
    outside = (columns > upper) | (columns < lower)
    near = ~outside & ((columns > near_upper) | (columns < near_lower))
    trend, rising = _trends(columns)
    reason = np.zeros(columns.shape, dtype=np.int8)
    reason[_runs(above, below)] = Reason.RUN
    reason[_two_of_three(near, above, below)] = Reason.TWO_OF_THREE
    reason[trend] = Reason.TREND
    reason[outside] = Reason.OUTSIDE_LIMITS
    high = np.where(reason == Reason.TREND, rising, above)
    side = np.where(high, np.int8(1), np.int8(-1)) * (reason != Reason.NONE)
    return reason, side.astype(np.int8)


def _runs(above: BoolArray, below: BoolArray) -> BoolArray:
    """Points that belong to seven or more in a row strictly on one side of the mean."""
    starts = _in_a_row(above, RUN_LENGTH) | _in_a_row(below, RUN_LENGTH)
    return _spread(starts, RUN_LENGTH, len(above))


def _two_of_three(near: BoolArray, above: BoolArray, below: BoolArray) -> BoolArray:
    """Points of the outer third with another one in three neighbours that all lie on one side of the mean."""
    one_side = _in_a_row(above, OUTER_THIRD_WINDOW) | _in_a_row(below, OUTER_THIRD_WINDOW)
    first, middle, last = near[:-2], near[1:-1], near[2:]
    pair = (first & (middle | last)) | (middle & last)
    return _spread(pair[: len(one_side)] & one_side, OUTER_THIRD_WINDOW, len(near)) & near


def _trends(columns: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Points that belong to seven rising or falling values, and whether each point's own move is upwards.

    The move is the one to the next point while that belongs to a trend too, else the one from the point
    before. So the last point of a trend that touches another one takes the direction of the move between
    them, as there.
    """
    up, down = columns[1:] > columns[:-1], columns[1:] < columns[:-1]
    starts = _in_a_row(up, RUN_LENGTH - 1) | _in_a_row(down, RUN_LENGTH - 1)
    trend = _spread(starts, RUN_LENGTH, len(columns))
    rising = np.zeros_like(trend)
    rising[1:] = up
    rising[:-1] = np.where(trend[1:] & trend[:-1], up, rising[:-1])
    return trend, rising


def _in_a_row(marks: BoolArray, length: int) -> BoolArray:
    """Where `length` marks in a row start, looking down the columns; shorter than the input by length - 1."""
    found, have = marks, 1
    while have < length:
        step = min(have, length - have)
        found, have = found[:-step] & found[step:], have + step
    return found


def _spread(starts: BoolArray, length: int, periods: int) -> BoolArray:
    """Every point of the windows of `length` points that begin at `starts`."""
    covered = np.zeros((periods, starts.shape[1]), dtype=np.bool_)
    if not starts.any():
        return covered
    covered[: len(starts)] = starts
    have = 1
    while have < length:
        step = min(have, length - have)
        covered[step:] |= covered[:-step].copy()
        have += step
    return covered
