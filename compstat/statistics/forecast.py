"""Where a series will be on a day to come, if its newest half year goes on: a straight line and its uncertainty.

Ordinary least squares with the prediction interval of a new figure (Draper and Smith, Applied Regression Analysis,
3rd ed. 1998, 1.4). Neighbouring figures resemble each other, so the figures count for fewer: the effective number of a
first-order autoregression, n (1 - r)/(1 + r) (Bayley and Hammersley 1946).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from compstat.statistics.arrays import FloatArray, as_matrix

FEWEST = 13  # periods that a line is drawn through


class Forecast(NamedTuple):
    """One value a cell: the figure expected, its standard error, and the degrees of freedom it is known with."""

    level: FloatArray
    error: FloatArray
    freedom: FloatArray

    def interval(self, share: float = 0.8) -> tuple[FloatArray, FloatArray]:
        """The ends between which the figure will lie in this share of cases."""
        reach = stdtrit(self.freedom, (1 + share) / 2) * self.error
        return self.level - reach, self.level + reach

    def chance_at_least(self, goal: npt.ArrayLike) -> FloatArray:
        """How likely the figure will be at or above the goal."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(stdtr(self.freedom, (self.level - np.asarray(goal)) / self.error), dtype=np.float64)


def line_forecast(series: npt.ArrayLike, ahead: npt.ArrayLike, *, fewest: int = FEWEST) -> Forecast:
    """The forecast of each row, so many periods after its newest column. NaN with fewer than `fewest` figures."""
    values = as_matrix(series)
    known = ~np.isnan(values)
    number = known.sum(axis=1).astype(np.float64)
    number[number < fewest] = np.nan
    when = np.where(known, np.arange(values.shape[1], dtype=np.float64), 0.0)
    figures = np.where(known, values, 0.0)
    middle, mean = when.sum(axis=1) / number, figures.sum(axis=1) / number
    apart = np.where(known, when - middle[:, np.newaxis], 0.0)
    spread = np.where(np.isnan(number), np.nan, (apart**2).sum(axis=1))
    slope = (apart * figures).sum(axis=1) / spread
    residuals = np.where(known, figures - mean[:, np.newaxis] - slope[:, np.newaxis] * apart, 0.0)
    at = values.shape[1] - 1 + np.asarray(ahead, dtype=np.float64)
    alike = np.clip(_lag_one(residuals), 0.0, 0.9)
    fewer = (1 - alike) / (1 + alike)
    freedom = np.maximum(number * fewer - 2, 1.0)
    variance = (residuals**2).sum(axis=1) / (number - 2)
    error = np.sqrt(variance * (1 + (1 / number + (at - middle) ** 2 / spread) / fewer))
    return Forecast(mean + slope * (at - middle), error, freedom)


def _lag_one(residuals: FloatArray) -> FloatArray:
    square = (residuals**2).sum(axis=1)
    return np.where(square > 0, (residuals[:, 1:] * residuals[:, :-1]).sum(axis=1) / np.where(square > 0, square, 1), 0)
