"""Control limits of measurements: mean and average moving range, many series at once.

The arithmetic is that of NHSRplotthedots 0.2.2 (NHS-R Community, 2021-2024), down to the order of the
operations, so that a value that lies exactly on a limit is judged the same way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from compstat.statistics.arrays import FloatArray, as_matrix

MOVING_RANGE_TO_LIMIT = 2.66  # 3 / d2, d2 = 1.128 for ranges of two: Wheeler (1993)
MOVING_RANGE_TO_NEAR_LIMIT = 2 * (MOVING_RANGE_TO_LIMIT / 3)  # two of the three sigmas
RANGE_SCREEN = 3.267  # D4 for ranges of two: Wheeler (1993); ranges from it on do not count
ROWS_AT_ONCE = 2_000  # a block of 2,000 x 104 values stays near the processor
_SPLIT = 134_217_729.0  # 2**27 + 1: cuts a double into two halves, Dekker (1971)


class Process(NamedTuple):
    """What the limits are made of, one value a series; NaN where there is none."""

    mean: FloatArray
    average_range: FloatArray

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """The lower and the upper limit."""
        reach = MOVING_RANGE_TO_LIMIT * self.average_range
        return self.mean - reach, self.mean + reach

    def near_limits(self) -> tuple[FloatArray, FloatArray]:
        """Where the outer third begins, below and above."""
        reach = MOVING_RANGE_TO_NEAR_LIMIT * self.average_range
        return self.mean - reach, self.mean + reach


def limits(
    values: npt.ArrayLike, screen: bool = True, fix_after: int | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, lower and upper limit of each row of `values`, series by periods with NaN for missing.

    `screen` leaves out ranges of 3.267 average ranges or more, once; the outlier stays in the mean.
    `fix_after` takes the first so many periods only, missing ones counted. Limits are not clipped. They are
    NaN where no range is left: fewer than two neighbouring values or, with `screen`, a series that never
    moves.
    """
    process = process_of(values, screen, fix_after)
    return process.mean, *process.limits()


def process_of(values: npt.ArrayLike, screen: bool = True, fix_after: int | None = None) -> Process:
    """Mean and average moving range of each row; see `limits`."""
    matrix = as_matrix(values)
    mean, average_range = np.empty(len(matrix)), np.empty(len(matrix))
    for first in range(0, len(matrix), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        mean[rows], average_range[rows] = process_of_columns(by_period(matrix[rows]), screen, fix_after)
    return Process(mean, average_range)


def by_period(rows: FloatArray) -> FloatArray:
    """The block turned round, one row a period: neighbours in time then lie in whole rows; faster."""
    return np.ascontiguousarray(rows.T)


def process_of_columns(columns: FloatArray, screen: bool, fix_after: int | None) -> Process:
    """Mean and average moving range of each column of a block of periods by series."""
    counted = columns[:fix_after]
    ranges = np.abs(counted[1:] - counted[:-1])
    average = mean_of_present(ranges)
    if screen:
        with np.errstate(invalid="ignore"):
            ranges = np.where(ranges < RANGE_SCREEN * average, ranges, np.nan)
        average = mean_of_present(ranges)
    return Process(mean_of_present(counted), average)


def mean_of_present(columns: FloatArray) -> FloatArray:
    """The mean of each column's values, correct to the last digit; NaN for a column without any.

    R sums in extended precision. A last digit of difference would put a point beside a mean it lies on, so
    the sum is carried in two doubles (Knuth's two-sum) and the division is corrected by its remainder.
    """
    total, small = np.zeros(columns.shape[1]), np.zeros(columns.shape[1])
    present = ~np.isnan(columns)
    for row in np.where(present, columns, 0.0):
        new = total + row
        carried = new - total
        small += (total - (new - carried)) + (row - carried)
        total = new
    count = present.sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        high = _SPLIT * mean - (_SPLIT * mean - mean)
        remainder = ((total - high * count) - (mean - high) * count) + small
        return np.asarray(mean + remainder / count, dtype=np.float64)
