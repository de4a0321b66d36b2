"""Large volumes (calls, attendances, deaths registered) against their own history.

Their weeks resemble each other and vary far more than rare events do, so a count test calls three times as many of them
significant as it should. A sudden change has to show both as an error of the forecast and on the chart of the year, and
the less convincing of the two speaks: a return to the usual level after a fall is no rise. Both look at the logarithm,
on which a change is a share of the volume. Source: docs/method.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from compstat.statistics.arrays import BoolArray, FloatArray, as_floats, as_matrix
from compstat.statistics.forecast_residual import forecast_errors, lag_one_autocorrelation, spread_of_errors
from compstat.statistics.ratios import BASELINE_PERIODS, FEWEST_PERIODS, LIMIT_SIGMAS, RANGE_TO_SIGMA

LARGE_MEAN, LARGE_AUTOCORRELATION = 100.0, 0.3  # above both a count is a volume (docs/method.md)
EXTREMES = 0.05  # of a year's values at each end, two or three weeks
HALF = 0.5  # an event, so that the logarithm of none exists
HOLIDAYS_MOVE_FROM = 26  # periods a year, from which on the same holiday may fall into the one beside it
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """The newest period of each cell against its own history, one value a cell; NaN: not testable.

    `count`: events. On the logarithm of events + 1/2: `forecast`, what the periods before led to expect; `spread`, what
    the forecast usually misses by, and its degrees of `freedom`; `centre` and `sigma`, the mean of the year and the
    XmR chart's sigma; `rise_then` and `fall_then`, the furthest the forecast was missed by at this time a year ago.
    `autocorrelation`: of the year's neighbouring counts.
    """

    count: FloatArray
    forecast: FloatArray
    spread: FloatArray
    freedom: FloatArray
    centre: FloatArray
    sigma: FloatArray
    rise_then: FloatArray
    fall_then: FloatArray
    autocorrelation: FloatArray

    @property
    def expected(self) -> FloatArray:
        """Events that the periods before led to expect."""
        return np.exp(self.forecast) - HALF

    def forecast_z(self, count: npt.ArrayLike) -> FloatArray:
        """How unusual such a count is to the forecast, in units of what it usually misses by."""
        return np.asarray((_level(count) - self.forecast) / self.spread, dtype=np.float64)

    def chart_z(self, count: npt.ArrayLike) -> FloatArray:
        """How far from the mean of its year such a count is, in sigmas of the XmR chart."""
        return (_level(count) - self.centre) / self.sigma

    def p(self, count: npt.ArrayLike, falls: npt.ArrayLike) -> FloatArray:
        """Chance's share of so low a count where `falls`, else of so high a one: the larger of both forms."""
        sign = np.where(falls, 1.0, -1.0)
        forecast, own_chart = stdtr(self.freedom, sign * self.forecast_z(count)), ndtr(sign * self.chart_z(count))
        return np.asarray(np.maximum(forecast, own_chart), dtype=np.float64)

    def unlike_a_year_ago(self, falls: npt.ArrayLike) -> BoolArray:
        """Whether the newest count misses its forecast by more than at this time a year ago, where that is known.

        A holiday week is news to a forecast every year anew, and to nobody else.
        """
        error = _level(self.count) - self.forecast
        same = np.where(falls, error >= self.fall_then, error <= self.rise_then)
        return np.asarray(~same, dtype=np.bool_)

    def nearest_count(self, p_cut: npt.ArrayLike, falls: npt.ArrayLike) -> FloatArray:
        """The count nearest to the expected whose p is at most `p_cut`; -1 where not even 0 is so unlikely."""
        cut, down = np.clip(as_floats(p_cut)[0], 0.0, 1.0), np.asarray(falls, dtype=np.bool_)
        far, wide = -stdtrit(self.freedom, cut), -ndtri(cut)
        high = np.maximum(self.forecast + self.spread * far, self.centre + self.sigma * wide)
        low = np.minimum(self.forecast - self.spread * far, self.centre - self.sigma * wide)
        with np.errstate(over="ignore"):
            most = np.maximum(np.floor(np.exp(low) - HALF + ROUNDING), -1.0)
            least = np.maximum(np.ceil(np.exp(high) - HALF - ROUNDING), 0.0)
        return np.asarray(np.where(down, most, least), dtype=np.float64)

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper limit of the year's chart, in events."""
        reach = LIMIT_SIGMAS * self.sigma
        return np.maximum(np.exp(self.centre - reach) - HALF, 0.0), np.exp(self.centre + reach) - HALF

    def at(self, place: npt.ArrayLike) -> VolumeChange:
        """The change of these cells."""
        return VolumeChange(*(getattr(self, name)[place] for name in self.__slots__))


def likeness_of_neighbours(counts: npt.ArrayLike) -> FloatArray:
    """Correlation of each row's neighbours, its twentieth highest and lowest values drawn in.

    One holiday in a year would else make a volume look as if its periods did not resemble each other.
    """
    series = as_matrix(counts)
    found = np.full(len(series), np.nan)
    known = np.flatnonzero((~np.isnan(series)).any(axis=1))
    if known.size:
        low, high = np.nanquantile(series[known], [EXTREMES, 1 - EXTREMES], axis=1, keepdims=True)
        constant = high - low <= ROUNDING * np.abs(high)  # but for what dividing by days leaves of it
        found[known] = np.where(constant[:, 0], np.nan, lag_one_autocorrelation(np.clip(series[known], low, high)))
    return found


def are_volumes(counts: npt.ArrayLike) -> BoolArray:
    """Which rows are large and have neighbours that resemble each other; missing periods are left out."""
    series = as_matrix(counts)
    known = ~np.isnan(series)
    large = np.where(known, series, 0.0).sum(axis=1) > LARGE_MEAN * np.maximum(known.sum(axis=1), 1)
    large[large] = likeness_of_neighbours(series[large]) > LARGE_AUTOCORRELATION
    return np.asarray(large, dtype=np.bool_)


def volume_change(
    counts: npt.ArrayLike,
    year: int = BASELINE_PERIODS,
    fewest: float = FEWEST_PERIODS,
    length: npt.ArrayLike = 1.0,
) -> VolumeChange:
    """The newest column against the `year` before it; earlier columns only settle the forecast.

    Columns are periods, the newest last, NaN a missing one, which leaves the forecast as it is. `length`: of each
    period, where months have 28 to 31 days; forecast and centre are then those of a period as long as the newest. No
    spread is taken smaller than the sampling of rare events alone would make it. NaN with fewer than `fewest` errors.
    """
    series, days = as_matrix(counts), np.broadcast_to(as_floats(length)[0], np.shape(counts)[-1:])
    levels = _level(series) - np.log(days / days[-1])
    errors, past = forecast_errors(levels), levels[:, -1 - year : -1]
    spread, freedom = spread_of_errors(errors[:, -1 - year : -1], fewest)
    forecast = levels[:, -1] - errors[:, -1]
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.nansum(past, axis=1) / (~np.isnan(past)).sum(axis=1)
        ranges = np.abs(np.diff(past, axis=1))
        sigma = np.nansum(ranges, axis=1) / (~np.isnan(ranges)).sum(axis=1) / RANGE_TO_SIGMA
    rise, fall = _a_year_ago(errors, year)
    return VolumeChange(
        count=series[:, -1],
        forecast=forecast,
        spread=np.maximum(spread, np.exp(-forecast / 2)),
        freedom=freedom,
        centre=centre,
        sigma=np.maximum(sigma, np.exp(-centre / 2)),
        rise_then=rise,
        fall_then=fall,
        autocorrelation=likeness_of_neighbours((series / days)[:, -1 - year : -1]),
    )


def _level(count: npt.ArrayLike) -> FloatArray:
    """A net count below 0 (more undone than came in) is as low as a volume can be."""
    return np.log(np.maximum(as_floats(count)[0], 0.0) + HALF)


def _a_year_ago(errors: FloatArray, year: int) -> tuple[FloatArray, FloatArray]:
    """The largest and the smallest error at this time a year ago; without bounds where none is known."""
    newest, beside = errors.shape[1] - 1, 1 if year >= HOLIDAYS_MOVE_FROM else 0
    then = errors[:, max(newest - year - beside, 0) : max(newest - year + beside + 1, 0)]
    unknown = np.isnan(then)
    return (
        np.where(unknown, -np.inf, then).max(axis=1, initial=-np.inf),
        np.where(unknown, np.inf, then).min(axis=1, initial=np.inf),
    )
