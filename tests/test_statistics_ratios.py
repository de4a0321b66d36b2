"""Shares against their own history: the exact form, Laney's chart, the forecast's error and the cautious
form.
"""

from __future__ import annotations

import gzip
import io
import math
import statistics
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from compstat.statistics.forecast_residual import lag_one_autocorrelation
from compstat.statistics.ratios import (
    exact_form_holds,
    forecast_residual_z,
    laney_baseline,
    laney_limits,
    share_change,
    share_tails,
    sudden_change,
)

HOSPITALS = Path(__file__).resolve().parents[2] / "shared" / "data" / "nhs_scotland_ae_weekly" / "observations.csv.gz"


def test_without_extra_variance_it_is_the_predictive_under_jeffreys_prior() -> None:
    at_least, at_most = share_tails(9, 40, 300, 2_000, 1.0)
    reference = stats.betabinom(40, 300.5, 1_700.5)
    assert at_least == pytest.approx(reference.sf(8), rel=1e-9)
    assert at_most == pytest.approx(reference.cdf(9), rel=1e-9)


def test_dispersion_multiplies_the_variance() -> None:
    """With a long history: a = p(n - phi)/(phi - 1), b = (1 - p)(n - phi)/(phi - 1)."""
    at_least, _ = share_tails(30, 100, 2e8, 1e9, 1.3)
    reference = stats.betabinom(100, 0.2 * 98.7 / 0.3, 0.8 * 98.7 / 0.3)
    assert at_least == pytest.approx(reference.sf(29), rel=1e-5)


def test_share_tails_at_the_ends() -> None:
    at_least, at_most = share_tails([0, 1, 0, 5], [1, 1, 5, 5], 3, 9, [1.3, 1.3, 9.0, 1.0])
    assert at_least[0] == pytest.approx(1)
    assert at_most[1] == pytest.approx(1)
    assert at_least[1] == pytest.approx(0.35), "one case: the share itself, (3 + 1/2) / (9 + 1)"
    assert ((at_least + at_most) >= 1).all()
    assert np.isnan(share_tails(math.nan, 5, 3, 9, 1.0)).all()
    assert exact_form_holds([1.3, 1.31, 1.0, math.nan], [299, 10, 300, 10]).tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_laney_by_hand() -> None:
    x, n = np.array([[20.0, 35, math.nan, 12, 30]]), np.array([[100.0, 120, 90, 80, 110]])
    share = (97 + 0.5) / (410 + 1)
    scores = [
        (a / b - share) / math.sqrt(share * (1 - share) / b) for a, b in ((20, 100), (35, 120), (12, 80), (30, 110))
    ]
    sigma = max(1, statistics.fmean([abs(scores[1] - scores[0]), abs(scores[3] - scores[2])]) / 1.128)
    found_share, found_sigma = laney_baseline(x, n)
    assert found_share == pytest.approx(share)
    assert found_sigma == pytest.approx(sigma)
    lower, upper = laney_limits(found_share, found_sigma, 100)
    reach = 3 * sigma * math.sqrt(share * (1 - share) / 100)
    assert (lower, upper) == (max(0, share - reach), pytest.approx(share + reach))
    assert laney_limits(0.99, 1, 20)[1] == 1, "a share has no room above 1"


def test_forecast_error_by_hand() -> None:
    rng = np.random.default_rng(41)
    n = rng.integers(300, 500, 60).astype(float)
    x = rng.binomial(n.astype(int), rng.normal(0.4, 0.06, 60).clip(0.1, 0.9)).astype(float)
    x[20] = math.nan
    forecast, errors = None, []
    for a, b in zip(x, n, strict=True):
        if math.isnan(a):
            errors.append(math.nan)
            continue
        level = math.log((a + 0.5) / (b - a + 0.5))
        errors.append(math.nan if forecast is None else level - forecast)
        forecast = level if forecast is None else forecast + 0.4 * (level - forecast)
    past = [error for error in errors[-53:-1] if not math.isnan(error)]
    z, freedom = forecast_residual_z([x], [n])
    assert freedom == len(past) - 1 == 50
    assert z == pytest.approx(errors[-1] / statistics.stdev(past))


def test_a_share_that_never_moved_is_judged_by_sampling_alone() -> None:
    x, n = np.full((2, 60), 50.0), np.full((2, 60), 50.0)
    x[1, -1] = 40
    found = sudden_change(x, n)
    assert found.p_down[0] > 0.2
    assert found.p_down[1] < 0.05
    assert np.isfinite(found.forecast_z).all()
    exact = share_change(x, n)
    assert exact.exact.all()
    assert exact.p_down[1] < 1e-6


def test_both_must_speak() -> None:
    rng = np.random.default_rng(43)
    n = np.full((2, 104), 2_000.0)
    share = rng.normal(0.8, 0.02, (2, 104))
    share[0, -1] = 0.4  # sudden
    share[1, 60:] = np.linspace(0.8, 0.5, 44)  # a slow slide is not this rule's business
    found = sudden_change(np.round(share * n), n)
    assert found.p_down[0] < 1e-4
    assert found.laney_z[1] < -3
    assert found.p_down[1] > 0.01
    by_hand = max(stats.norm.cdf(found.laney_z[0]), stats.t(51).cdf(found.forecast_z[0]))
    assert found.p_down[0] == pytest.approx(by_hand)
    assert not found.exact.any()


def test_too_short_missing_and_no_cases() -> None:
    short = sudden_change([[5.0] * 26], [[10.0] * 26])
    assert np.isnan(short.p_up).all()
    x, n = np.full((3, 60), 5.0), np.full((3, 60), 10.0)
    x[0, -1], n[1, -1], x[2, :] = math.nan, 0, math.nan
    for change in (sudden_change(x, n), share_change(x, n)):
        assert np.isnan(change.p_up).all()
        assert np.isnan(change.p_down).all()


def test_autocorrelation_by_hand() -> None:
    values = [1.0, 3, 2, 5, 4]
    mean = statistics.fmean(values)
    pairs = sum((a - mean) * (b - mean) for a, b in pairwise(values))
    assert lag_one_autocorrelation([values]) == pytest.approx(pairs / sum((a - mean) ** 2 for a in values))
    assert np.isnan(lag_one_autocorrelation([[2.0, 2, 2]]))


def test_the_right_form_is_used_and_keeps_its_rate() -> None:
    cells, rng = 20_000, np.random.default_rng(47)
    x = rng.binomial(60, 0.2, (cells, 60)).astype(float)
    found = share_change(x, np.full((cells, 60), 60.0))
    assert found.exact.mean() > 0.9
    for p in (found.p_up, found.p_down):
        assert np.mean(p <= 0.01) <= 0.01 + 3 * math.sqrt(0.01 / cells)
        assert np.mean(p <= 0.01) > 0.002, "cautious, not blind"


@pytest.mark.skipif(not HOSPITALS.is_file(), reason="the hospital returns are not beside the project")
def test_hospital_weeks_signal_as_often_as_published() -> None:
    """30 departments, 451 weeks: Laney calls 11% of weeks beyond 3 sigma, the forecast's error 0.5%
    (method.md).
    """
    x, n = hospital_matrices()
    laney, forecast = [], []
    for week in range(110, x.shape[1], 5):
        found = sudden_change(x[:, : week + 1], n[:, : week + 1])
        laney.append(found.laney_z)
        forecast.append(found.forecast_z)
    far_laney, far_forecast = np.abs(np.array(laney)), np.abs(np.array(forecast))
    known = ~np.isnan(far_laney + far_forecast)
    assert np.mean(far_laney[known] > 3) == pytest.approx(0.11, abs=0.03)
    assert np.mean(far_forecast[known] > 3) == pytest.approx(0.005, abs=0.004)


def hospital_matrices() -> tuple[np.ndarray, np.ndarray]:
    returns = (
        pl.read_csv(io.BytesIO(gzip.decompress(HOSPITALS.read_bytes())), infer_schema_length=None)
        .filter(pl.col("indicator") == "pct_within_4h")
        .unique(["unit", "period_start"], keep="first", maintain_order=True)
        .sort("period_start")
    )
    wide = (
        returns.pivot(on="period_start", index="unit", values=column).drop("unit").to_numpy().astype(float)
        for column in ("numerator", "denominator")
    )
    return next(wide), next(wide)
