"""Large volumes: the error of the forecast and the chart of the year, by hand, in law and in simulated worlds."""

from __future__ import annotations

import gzip
import io
import statistics
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compstat.statistics.forecast_residual import lag_one_autocorrelation
from compstat.statistics.volumes import VolumeChange, are_volumes, volume_change

HOSPITALS = Path(__file__).resolve().parents[2] / "shared" / "data" / "nhs_scotland_ae_weekly" / "observations.csv.gz"


def waves(cells: int = 1, periods: int = 110, *, alike: float = 0.6, spread: float = 0.06, seed: int = 4) -> np.ndarray:
    """Volumes about 800 whose logarithm is an autoregressive series, events drawn from it."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0, spread, cells)
    columns = []
    for _ in range(periods):
        columns.append(level)
        level = alike * level + rng.normal(0, spread * np.sqrt(1 - alike**2), cells)
    return rng.poisson(800 * np.exp(np.array(columns).T)).astype(float)


def test_both_scores_by_hand() -> None:
    series = waves()[0]
    levels = [float(np.log(value + 0.5)) for value in series]
    forecast, errors = levels[0], []
    for level in levels[1:]:
        errors.append(level - forecast)
        forecast += 0.4 * errors[-1]
    usual = statistics.stdev(errors[-53:-1])
    year = levels[-53:-1]
    sigma = statistics.fmean(abs(one - other) for one, other in pairwise(year)) / 1.128
    z, chart = errors[-1] / usual, (levels[-1] - statistics.fmean(year)) / sigma
    found = volume_change([series])
    assert found.forecast_z(series[-1]) == pytest.approx(z, rel=1e-9)
    assert found.chart_z(series[-1]) == pytest.approx(chart, rel=1e-9)
    assert found.expected[0] == pytest.approx(np.exp(levels[-1] - errors[-1]) - 0.5)
    rise = max(stats.t(51).sf(z), stats.norm.sf(chart))
    assert found.p(series[-1], False) == pytest.approx(rise, rel=1e-9)
    assert found.p(series[-1], True) == pytest.approx(max(stats.t(51).cdf(z), stats.norm.cdf(chart)), rel=1e-9)


def test_a_return_to_the_usual_level_after_a_fall_is_no_rise() -> None:
    """It slides by a third in ten weeks, then has its old level: far above the forecast, usual for the chart."""
    series = waves()[0]
    series[-11:-1] = np.round(series[-11:-1] * np.linspace(1, 0.67, 10))
    series[-1] = 800
    found = volume_change([series])
    assert found.forecast_z(series[-1]) > 3
    assert found.p(series[-1], False) > 0.05


def test_a_missing_period_leaves_the_forecast_as_it_is() -> None:
    series = waves()[0]
    gap = series.copy()
    gap[-2] = np.nan
    without = volume_change([np.delete(series, -2)])
    assert volume_change([gap]).forecast == pytest.approx(without.forecast)
    assert volume_change([gap]).freedom == 50
    series[-1] = np.nan
    missing = volume_change([series])
    assert np.isnan(missing.p(missing.count, False)).all()


def test_too_short_a_history_is_not_testable() -> None:
    """26 errors need 27 weeks before the newest one, for the first has no forecast."""
    enough, short = volume_change(waves(periods=28)), volume_change(waves(periods=27))
    assert np.isfinite(enough.p(enough.count, False)).all()
    assert np.isnan(short.p(short.count, False)).all()


def test_what_never_varies_has_the_spread_of_rare_events() -> None:
    found = volume_change([[400.0] * 60 + [480.0]])
    assert found.forecast_z(480) == pytest.approx(np.log(480.5 / 400.5) * np.sqrt(400.5))
    assert found.chart_z(480) == pytest.approx(found.forecast_z(480))
    assert found.p(480, False) < 0.001 < found.p(401, False)


def test_a_negative_net_count_is_as_low_as_nothing() -> None:
    found = volume_change([[400.0, 420.0, 410.0] * 20 + [-3.0]])
    assert found.p(-3.0, True) == found.p(0.0, True) < 1e-9


def test_a_holiday_is_news_to_the_forecast_and_not_to_the_calendar() -> None:
    """The week of 53 weeks ago fell as far: holidays move by a week."""
    series = waves(periods=120)[0]
    series[-54] = np.round(series[-54] * 0.6)
    series[-1] = np.round(series[-2] * 0.7)
    found = volume_change([series])
    assert found.p(series[-1], True) < 0.001
    assert not found.unlike_a_year_ago(True)[0]
    assert volume_change([np.append(series[:-1], 0.0)]).unlike_a_year_ago(True)[0], "further than last year's"
    assert found.unlike_a_year_ago(False)[0] == (series[-1] > found.expected[0])


def test_of_months_the_same_month_alone_is_looked_at() -> None:
    months = np.tile(300.0 + 20 * np.arange(12) % 7, 3)
    beside, same = months.copy(), months.copy()
    beside[-12], same[-13] = 60.0, 60.0
    beside[-1] = same[-1] = 100.0
    beside, same = np.delete(beside, 0), np.delete(same, 0)
    assert volume_change([beside], 12, 8).unlike_a_year_ago(True)[0]
    assert not volume_change([same], 12, 8).unlike_a_year_ago(True)[0]


@pytest.mark.parametrize("periods", [52, 51, 30])
def test_without_a_year_before_nothing_is_like_a_year_ago(periods: int) -> None:
    found = volume_change(waves(periods=periods))
    assert found.unlike_a_year_ago([True]).all()
    assert found.unlike_a_year_ago([False]).all()


def test_one_holiday_a_year_does_not_hide_that_the_weeks_resemble_each_other() -> None:
    """Of 300 volumes nearly as many are known for what they are with the peak as without; as they come one in ten."""
    series = waves(300, 52)
    peak = series.copy()
    peak[:, 20] = 1300
    without, found = are_volumes(series).mean(), are_volumes(peak).mean()
    assert without > 0.6 and without - 0.1 < found
    assert np.mean(lag_one_autocorrelation(peak) > 0.3) < 0.2
    shuffled = np.random.default_rng(1).permuted(series, axis=1)
    assert are_volumes(shuffled).mean() < 0.05
    assert are_volumes([[50.0] * 26 + [90.0] * 26, [np.nan] * 52, [400.0] * 52]).tolist() == [False] * 3


def test_months_are_of_different_length() -> None:
    """A hundred a day: 2,800 in February is what 3,100 in January led to expect."""
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] * 3 + [31, 28], dtype=float)
    found = volume_change([100 * days], 12, 8, days)
    assert found.expected[0] == pytest.approx(2800, abs=1)
    assert found.centre[0] == pytest.approx(np.log(2800), abs=0.001)
    assert found.p(2800, True) > 0.4


@given(seed=st.integers(0, 500), cut=st.floats(1e-6, 0.4), falls=st.booleans())
def test_the_nearest_count_is_the_last_with_such_a_p(seed: int, cut: float, falls: bool) -> None:
    found = volume_change(waves(seed=seed))
    count, step = found.nearest_count(cut, falls), 1 if falls else -1
    assert found.p(count, falls) <= cut * (1 + 1e-6)
    assert found.p(count + step, falls) > cut * (1 - 1e-6)


def test_the_nearest_count_at_the_ends() -> None:
    found = volume_change([[400.0, 420.0, 410.0] * 20 + [500.0]])
    assert found.nearest_count(0.0, False) == np.inf
    assert found.nearest_count(0.0, True) == -1, "not even none is so unlikely"
    assert np.isnan(volume_change([[400.0] * 3]).nearest_count(0.01, False)).all()


def test_limits_are_three_sigmas_of_the_logarithm() -> None:
    found = volume_change(waves())
    low, high = found.limits()
    assert found.chart_z(low) == pytest.approx(-3)
    assert found.chart_z(high) == pytest.approx(3)


def rates(series: np.ndarray, falls: bool) -> list[float]:
    """Per cent of the newest periods at or below 5, 1 and 0.1%, over the last thirty of each series."""
    p = []
    for back in range(30):
        found: VolumeChange = volume_change(series[:, : series.shape[1] - back])
        p.append(found.p(found.count, falls))
    return [100 * float(np.mean(np.concatenate(p) <= level)) for level in (0.05, 0.01, 0.001)]


@pytest.mark.parametrize(("alike", "spread"), [(0.4, 0.05), (0.9, 0.15), (0.97, 0.05)])
@pytest.mark.parametrize("falls", [False, True])
def test_what_nothing_changed_in_is_called_no_more_often_than_it_says(alike: float, spread: float, falls: bool) -> None:
    """400 autocorrelated volumes x 30 weeks a world; weeks of one series are not independent, hence the room."""
    found = rates(waves(400, 140, alike=alike, spread=spread), falls)
    for rate, nominal in zip(found, (5, 1, 0.1), strict=True):
        assert rate <= nominal + 2 * np.sqrt(nominal * (100 - nominal) / 4_000)
    assert found[0] > 2


def test_a_sudden_fifth_more_is_found() -> None:
    """Of volumes that usually vary by 6%, most in the first week, hardly any of them by chance."""
    series = waves(400)
    series[:, -1] = np.round(series[:, -1] * 1.2)
    found = volume_change(series)
    assert np.mean(found.p(found.count, False) <= 0.01) > 0.6
    assert np.mean(found.p(found.count, True) <= 0.01) == 0


@pytest.mark.skipif(not HOSPITALS.is_file(), reason="the hospital returns are not beside the project")
def test_attendances_are_called_as_often_as_written() -> None:
    """29 departments before 2020, every week from the 111th: docs/method.md has these rates; a sixth more is found."""
    weeks = attendances()
    called: dict[bool, list[np.ndarray]] = {False: [], True: []}
    found: list[np.ndarray] = []
    for week in range(110, weeks.shape[1]):
        known = weeks[:, week - 109 : week + 1]
        year = known[:, -53:-1]
        change = volume_change(known[are_volumes(year) & ~np.isnan(known[:, -1])])
        for falls, p in called.items():
            p.append(np.where(change.unlike_a_year_ago(falls), change.p(change.count, falls), 1.0))
        more = np.round(change.count * 1.15)
        found.append(change.p(more, False))
    rises, falls = (100 * np.mean(np.concatenate(called[way]) <= 0.01) for way in (False, True))
    assert (rises, falls) == (pytest.approx(0.8, abs=0.2), pytest.approx(1.1, abs=0.2))
    assert np.mean(np.concatenate(found) <= 0.01) > 0.3


def attendances() -> np.ndarray:
    returns = (
        pl.read_csv(io.BytesIO(gzip.decompress(HOSPITALS.read_bytes())), infer_schema_length=None)
        .filter((pl.col("indicator") == "attendances") & (pl.col("period_start").cast(pl.String) < "2020-01-01"))
        .unique(["unit", "period_start"], keep="first", maintain_order=True)
        .sort("period_start")
    )
    wide = returns.pivot(on="period_start", index="unit", values="value").drop("unit")
    return wide.to_numpy().astype(float)
