"""What the checks say of figures with nothing wrong in them: seeded worlds, each rate held against what is stated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from quality_example import OWNED, codes, overdispersed, owned
from rules_example import Force

from compstat.quality.checks.check import FALSE_ALARM_WEEKS
from compstat.quality.checks.late_return import is_late
from compstat.statistics.heaping import heaping
from compstat.statistics.leak import leak
from compstat.statistics.own_spread import outside_own_spread
from compstat.statistics.stability import count_stability, repeated_figure, share_stability

CELLS = 20_000
CUTS = (0.01, 0.001)  # the rates at which the checks judge: 0.05 divided among some tens of cells


def rates(p: np.ndarray, cut: float) -> tuple[float, float]:
    """The share of p at or below a cut, and the most it may be by the luck of so many cells."""
    number = int(np.sum(~np.isnan(p)))
    return float(np.sum(p <= cut)) / number, cut + 4 * np.sqrt(cut / number)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(("mean", "phi"), [(2, 1), (5, 1), (20, 1), (20, 1.6), (200, 1)])
def test_counts_seem_too_stable_no_more_often_than_p_says(mean: float, phi: float, cut: float) -> None:
    seen, most = rates(count_stability(overdispersed(np.random.default_rng(1), mean, phi, (CELLS, 26))), cut)
    assert seen <= most


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(("number", "share"), [(20, 0.15), (100, 0.9), (1000, 0.05)])
def test_shares_seem_too_stable_no_more_often_than_p_says(number: int, share: float, cut: float) -> None:
    x = np.random.default_rng(2).binomial(number, share, (CELLS, 26))
    seen, most = rates(share_stability(x, np.full(x.shape, number)), cut)
    assert seen <= most


@pytest.mark.parametrize(("spread", "allowed"), [(3.0, 1.0), (0.5, 1.0), (0.3, 2.0)])
def test_rounded_figures_repeat_no_more_often_than_p_says(spread: float, allowed: float) -> None:
    """Where nine of ten are the same the chance of a repeat is known too roughly: at most twice the rate."""
    values = np.round(np.random.default_rng(3).normal(100, spread, (CELLS, 60)))
    seen, most = rates(repeated_figure(values)[1], 0.01)
    assert seen <= allowed * most


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("kind", ["normal", "lognormal", "gamma"])
def test_a_measurement_is_an_outlier_no_more_often_than_p_says(kind: str, cut: float) -> None:
    rng = np.random.default_rng(4)
    values = {
        "normal": rng.normal(100, 10, (CELLS, 53)),
        "lognormal": rng.lognormal(5, 0.4, (CELLS, 53)),
        "gamma": rng.gamma(3, 1, (CELLS, 53)),
    }[kind]
    seen, most = rates(outside_own_spread(values, 26), cut)
    assert seen <= most


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("target", [-2.0, -0.5, 0.0, 0.25, 1.0])
def test_a_smooth_spread_piles_up_no_more_often_than_p_says(target: float, cut: float) -> None:
    """Whatever part of a normal curve the target lies on; most often near its top."""
    seen, most = rates(heaping(np.random.default_rng(5).normal(target, 1, (CELLS // 2, 104))).p, cut)
    assert seen <= most


@pytest.mark.parametrize(("mean", "target"), [(2, 1), (5, 5), (20, 20), (20, 25)])
def test_counts_pile_up_no_more_often_than_p_says(mean: float, target: float) -> None:
    counts = np.random.default_rng(6).poisson(mean, (CELLS // 2, 104))
    p = heaping(target - counts.astype(float), target).p
    seen, most = rates(p, 0.01) if not np.isnan(p).all() else (0.0, 0.01)
    assert seen <= most


def test_a_wandering_level_near_its_target_does_not_pile_up() -> None:
    rng = np.random.default_rng(7)
    level = np.cumsum(rng.normal(0, 0.1, (5000, 104)), axis=1)
    seen, most = rates(heaping(level + rng.normal(0, 1, level.shape)).p, 0.01)
    assert seen <= most


@pytest.mark.parametrize(("source", "target", "phi"), [(10, 15, 1.0), (10, 15, 1.5), (5, 5, 1.2), (20, 30, 2.0)])
def test_two_counts_that_go_their_own_ways_leak_no_more_often_than_p_says(
    source: float, target: float, phi: float
) -> None:
    rng, p = np.random.default_rng(8), []
    for _ in range(100):  # forces of twelve units: eight weeks against thirteen blocks of four
        one, other = (overdispersed(rng, 4 * mean, phi, (12, 15)) for mean in (source, target))
        recent = one[:, 13:].sum(axis=1), other[:, 13:].sum(axis=1)
        p.append(leak(*recent, one[:, :13], other[:, :13]).p)
    seen, most = rates(np.concatenate(p), 0.01)
    assert seen <= most


@pytest.mark.parametrize(("delays", "most"), [("exponential", 0.03), ("normal", 0.001)])
def test_a_return_is_called_late_as_seldom_as_is_said(delays: str, most: float) -> None:
    rng = np.random.default_rng(9)
    days = rng.exponential(10, (CELLS, 53)) if delays == "exponential" else rng.normal(20, 3, (CELLS, 53))
    usual = np.median(days[:, :-1], axis=1)
    spread = np.median(np.abs(days[:, :-1] - usual[:, np.newaxis]), axis=1)
    assert np.mean(is_late(days[:, -1], usual, spread, np.full(CELLS, 52.0))) <= most


def test_a_force_where_nothing_is_wrong_hears_of_it_in_one_week_of_twenty_a_check(tmp_path: Path) -> None:
    """Sixty weeks of twelve units with overdispersed counts: each check that tests speaks in few of them."""
    rng, spoken = np.random.default_rng(10), {"outlier": 0, "improbably-good": 0, "improbable-stability": 0}
    units = [f"u{n}" for n in range(60)]
    text = "unit,level\n" + "".join(f"{unit},district\n" for unit in units)
    for world in range(12):
        force = owned(Force(tmp_path / str(world), indicators=OWNED, units=text))
        means = rng.uniform(3, 40, len(units))
        force.load(
            {
                (unit, "burglary"): overdispersed(rng, mean, 1 + 0.03 * mean, (60,)).tolist()
                for unit, mean in zip(units, means, strict=True)
            }
        )
        for code in set(codes(force)) & set(spoken):
            spoken[code] += 1
    assert all(count <= 3 for count in spoken.values()), spoken  # expected 0.6 each; 4 or more: one chance in 300
    assert FALSE_ALARM_WEEKS == 0.05


def test_checks_that_can_find_something_do() -> None:
    """The same functions on faults: a test that never fires would pass all of the above."""
    rng = np.random.default_rng(11)
    smooth = 20 + rng.integers(-1, 2, (200, 26))
    assert np.mean(count_stability(smooth) < 0.001) > 0.99
    assert np.mean(share_stability(smooth, np.full(smooth.shape, 50)) < 0.001) > 0.99
    values = rng.normal(0, 1, (200, 104))
    moved = (values < 0) & (values > -0.5) & (rng.random(values.shape) < 0.8)
    assert np.mean(heaping(np.where(moved, 0.3 * rng.random(values.shape), values)).p < 0.001) > 0.6
    one, other = rng.poisson(40, (200, 15)).astype(float), rng.poisson(60, (200, 15)).astype(float)
    gone = np.round(0.4 * one[:, 13:].sum(axis=1))
    found = leak(one[:, 13:].sum(axis=1) - gone, other[:, 13:].sum(axis=1) + gone, one[:, :13], other[:, :13])
    assert np.mean(found.p < 0.004) > 0.9
