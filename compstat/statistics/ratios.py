"""Shares with a numerator and a denominator (answered in time, seen in four hours) against their own history.

Large departments vary far more than sampling alone: exact tests call most of their weeks significant. So the
exact form serves only where the extra variance and the denominators are small; elsewhere a sudden change has
to show both on Laney's chart and as an error of the forecast, and the less convincing of the two speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from compstat.statistics.arrays import BoolArray, FloatArray, as_floats, as_matrix
from compstat.statistics.beta_binomial import beta_binomial_tails
from compstat.statistics.forecast_residual import forecast_errors, lag_one_autocorrelation, spread_of_errors
from compstat.statistics.year_on_year import share_dispersion

EXACT_DISPERSION, EXACT_DENOMINATOR = 1.3, 300  # below both the exact form holds its rate (docs/method.md)
RANGE_TO_SIGMA = 1.128  # d2 for ranges of two: Wheeler (1993)
LIMIT_SIGMAS = 3.0
BASELINE_PERIODS = 52
FEWEST_PERIODS = 26  # a baseline needs half a year


@dataclass(frozen=True, slots=True)
class ShareChange:
    """The newest period of each cell against its own history, one value a cell; shares 0-1, NaN: not
    testable.

    `p_up`, `p_down`: one-sided, of the form used (`exact`: beta-binomial, else the cautious form).
    `expected`: the baseline's share. `sigma`: Laney's widening of the binomial's spread. `lower`, `upper`:
    Laney's limits for the newest denominator. `laney_z`, `forecast_z`: the two scores of the cautious form.
    `autocorrelation`: of neighbouring periods; above 0.3 limits are too tight.
    """

    p_up: FloatArray
    p_down: FloatArray
    expected: FloatArray
    sigma: FloatArray
    lower: FloatArray
    upper: FloatArray
    laney_z: FloatArray
    forecast_z: FloatArray
    dispersion: FloatArray
    autocorrelation: FloatArray
    exact: BoolArray


def share_change(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    year: int = BASELINE_PERIODS,
    fewest: float = FEWEST_PERIODS,
) -> ShareChange:
    """The newest column against the year before it: exact where that form holds, else the cautious form."""
    x, n = _present(numerators, denominators)
    cautious = sudden_change(x, n, year, fewest)
    past_x, past_n = _baseline(x, year), _baseline(n, year)
    history_x, history_n = np.nansum(past_x, axis=1), np.nansum(past_n, axis=1)
    exact = exact_form_holds(cautious.dispersion, n[:, -1])
    wanted = np.where(exact, x[:, -1], np.nan)
    at_least, at_most = share_tails(wanted, n[:, -1], history_x, history_n, cautious.dispersion)
    exact &= (~np.isnan(past_x)).sum(axis=1) >= fewest
    p_up = np.where(exact, at_least, cautious.p_up)
    p_down = np.where(exact, at_most, cautious.p_down)
    return replace(cautious, p_up=p_up, p_down=p_down, exact=exact)


def exact_form_holds(dispersion: npt.ArrayLike, denominator: npt.ArrayLike) -> BoolArray:
    """Whether extra variance and denominator are small enough for exact tests."""
    phi, number = as_floats(dispersion, denominator)
    return np.asarray((phi <= EXACT_DISPERSION) & (number < EXACT_DENOMINATOR), dtype=np.bool_)


def share_tails(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    history_numerator: npt.ArrayLike,
    history_denominator: npt.ArrayLike,
    dispersion: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """P(X >= numerator) and P(X <= numerator) of the beta-binomial predictive from the cell's own history.

    With no extra variance it is exactly the predictive under Jeffreys' prior Beta(1/2, 1/2); the dispersion
    multiplies the variance, the correlation within one denominator being what makes it so.
    """
    x, n, past_x, past_n, phi = as_floats(numerator, denominator, history_numerator, history_denominator, dispersion)
    share = (past_x + 0.5) / (past_n + 1)
    factor = np.maximum(phi, 1.0) * (1 + (n - 1) / (past_n + 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        within = np.where(n > 1, (factor - 1) / (n - 1), 1 / (past_n + 2))
    strength = 1 / np.minimum(within, 0.999) - 1  # a variance beyond the largest possible is that largest one
    return beta_binomial_tails(x, n, share * strength, (1 - share) * strength)


def sudden_change(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    year: int = BASELINE_PERIODS,
    fewest: float = FEWEST_PERIODS,
) -> ShareChange:
    """The cautious form: the newest column must stand out on Laney's chart and from the forecast.

    Each one-sided p is the larger of the two: Laney's from the normal curve, the forecast's from Student's t
    with one degree less than residuals, since its spread is only estimated. Columns are periods, the newest
    last; the `year` before it is the baseline, earlier ones only settle the forecast. NaN below `fewest`
    periods.
    """
    x, n = _present(numerators, denominators)
    past_x, past_n = _baseline(x, year), _baseline(n, year)
    share, sigma = laney_baseline(past_x, past_n)
    lower, upper = laney_limits(share, sigma, n[:, -1])
    with np.errstate(invalid="ignore", divide="ignore"):
        laney_z = (x[:, -1] / n[:, -1] - share) / (sigma * np.sqrt(share * (1 - share) / n[:, -1]))
        shares = past_x / past_n
    forecast_z, freedom = forecast_residual_z(x, n, year, fewest)
    testable = ~np.isnan(laney_z + forecast_z)
    p_up = np.where(testable, np.maximum(ndtr(-laney_z), stdtr(freedom, -forecast_z)), np.nan)
    p_down = np.where(testable, np.maximum(ndtr(laney_z), stdtr(freedom, forecast_z)), np.nan)
    phi, neighbours = share_dispersion(past_x, past_n), lag_one_autocorrelation(shares)
    no = np.zeros(len(x), dtype=np.bool_)
    return ShareChange(p_up, p_down, share, sigma, lower, upper, laney_z, forecast_z, phi, neighbours, no)


def laney_baseline(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Share and sigma of z of each row: by how much the binomial's limits must be widened, at least 1.

    Sigma is the average moving range of the z scores over 1.128; a missing period drops both its ranges. The
    share is taken half a case away from 0 and 1, so that its limits exist. Source: Laney (2002), Quality
    Engineering 14.
    """
    x, n = _present(numerators, denominators)
    share = (np.nansum(x, axis=1) + 0.5) / (np.nansum(n, axis=1) + 1)
    share = np.where((~np.isnan(x)).any(axis=1), share, np.nan)
    centre = share[:, np.newaxis]
    scores = (x / n - centre) / np.sqrt(centre * (1 - centre) / n)
    ranges = np.abs(np.diff(scores, axis=1))
    number = (~np.isnan(ranges)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma = np.maximum(1.0, np.nansum(ranges, axis=1) / number / RANGE_TO_SIGMA)
    return share, sigma


def laney_limits(
    share: npt.ArrayLike, sigma: npt.ArrayLike, denominators: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limit of the p' chart at each denominator, kept within 0 and 1."""
    centre, wide, number = as_floats(share, sigma, denominators)
    with np.errstate(invalid="ignore", divide="ignore"):
        reach = LIMIT_SIGMAS * wide * np.sqrt(centre * (1 - centre) / number)
    return np.clip(centre - reach, 0.0, 1.0), np.clip(centre + reach, 0.0, 1.0)


def forecast_residual_z(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    year: int = BASELINE_PERIODS,
    fewest: float = FEWEST_PERIODS,
) -> tuple[FloatArray, FloatArray]:
    """The newest column's error of the one-step forecast on the log-odds scale, and its degrees of freedom.

    In units of the standard deviation of the errors of the `year` before it, which is taken no smaller than sampling
    alone would make it. A missing period leaves the forecast as it is. NaN with fewer than `fewest` errors.
    """
    x, n = _present(numerators, denominators)
    with np.errstate(invalid="ignore"):  # a part larger than its whole has no log-odds; the checks name it
        errors = forecast_errors(np.log((x + 0.5) / (n - x + 0.5)))
    spread, freedom = spread_of_errors(_baseline(errors, year), fewest)
    share = (np.nansum(_baseline(x, year), axis=1) + 0.5) / (np.nansum(_baseline(n, year), axis=1) + 1)
    cases = n[:, -1] * share
    sampling = np.sqrt(1 / (cases + 0.5) + 1 / (n[:, -1] - cases + 0.5))  # Gart and Zweifel (1967)
    return errors[:, -1] / np.maximum(spread, sampling), freedom


def _baseline(matrix: FloatArray, year: int) -> FloatArray:
    return matrix[:, -1 - year : -1]


def _present(numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both matrices with NaN wherever either is missing or there was no case at all."""
    x, n = as_matrix(numerators), as_matrix(denominators)
    missing = np.isnan(x) | ~(n > 0)
    return np.where(missing, np.nan, x), np.where(missing, np.nan, n)
