"""Every p and q value worked out again from its receipt alone, with scipy.stats and sums of our own.

What is read is the JSON that `flags --all-cells --json` prints; nothing of compstat.statistics is used.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

Receipt = dict[str, Any]
Cell = dict[str, Any]


def window_p(window: Receipt, count: float, falls: bool) -> float:
    """Negative binomial with mean E and variance V E, from the events of the year before."""
    share = window["season"] * window["days"] / window["baseline_days"]
    mean = (window["baseline_events"] + 0.5) * share
    factor = window["dispersion"] * (1 + share)
    assert (mean, factor) == pytest.approx((window["expected"], window["variance_factor"]), rel=1e-12)
    chance = stats.nbinom(mean / (factor - 1), 1 / factor)
    return float(chance.cdf(count) if falls else chance.sf(count - 1))


def count_p(inputs: Receipt) -> float:
    falls = inputs["direction"] == "fall"
    known = [inputs[name] for name in ("week", "four_weeks") if inputs[name]["count"] is not None]
    p = [window_p(window, window["count"], falls) for window in known]
    assert p == pytest.approx([window["p"] for window in known], rel=1e-9)
    settled = [window_p(window, np.rint(window["count"] * window.get("growth", 1)), falls) for window in known]
    return min(1.0, len(p) * max(min(p), min(settled)))


def volume_p(inputs: Receipt) -> float:
    """Of the logarithm: the error of the forecast and the distance on the year's XmR chart, the less convincing one."""
    counts = np.array(inputs["counts"], dtype=float)
    assert counts[-1] == inputs["count"]
    days = np.array(inputs.get("days", np.ones(len(counts))))
    levels = np.log(counts + 0.5) - np.log(days / days[-1])
    year = levels[-1 - inputs["baseline_length"] : -1]
    forecast, errors = levels[0], [np.nan]
    for level in levels[1:]:
        errors.append(level - forecast)
        forecast += 0 if np.isnan(level) else 0.4 * (level - forecast)
    expected = levels[-1] - errors[-1]
    past = np.array(errors)[-1 - inputs["baseline_length"] : -1]
    usual = max(np.std(past[~np.isnan(past)], ddof=1), sqrt(1 / np.exp(expected)))
    centre = np.nanmean(year)
    sigma = max(np.nanmean(np.abs(np.diff(year))) / 1.128, sqrt(1 / np.exp(centre)))
    assert np.nanmean(counts[-1 - inputs["baseline_length"] : -1]) > 100
    sign = 1 if inputs["direction"] == "fall" else -1
    p = 0.0
    for count in (counts[-1], np.rint(counts[-1] * inputs.get("growth", 1.0))):
        newest = np.log(count + 0.5)
        by_forecast = stats.t(np.sum(~np.isnan(past)) - 1).cdf(sign * (newest - expected) / usual)
        p = max(p, by_forecast, stats.norm.cdf(sign * (newest - centre) / sigma))
    return float(p)


def share_p(inputs: Receipt) -> float:
    falls = inputs["direction"] == "fall"
    x = np.array(inputs["numerators"], dtype=float)
    n = np.array(inputs["denominators"], dtype=float)
    assert (x[-1], n[-1]) == (inputs["numerator"], inputs["denominator"])
    year = slice(-1 - inputs["baseline_length"], -1)
    exact = inputs["exact"]
    p = exact_share_p(x, n, year, inputs["dispersion"], falls) if exact else cautious_share_p(x, n, year, falls)
    assert exact == (dispersion(x[year], n[year]) <= 1.3 and n[-1] < 300)
    return p


def dispersion(x: np.ndarray, n: np.ndarray) -> float:
    """Chi-square of the weeks present over its degrees of freedom."""
    x, n = x[~np.isnan(x)], n[~np.isnan(x)]
    share = x.sum() / n.sum()
    return max(1.0, float(((x - n * share) ** 2 / (n * share * (1 - share))).sum() / (len(x) - 1)))


def exact_share_p(x: np.ndarray, n: np.ndarray, year: slice, phi: float, falls: bool) -> float:
    """Beta-binomial with the mean of the posterior and phi times its variance."""
    past_x, past_n, now = np.nansum(x[year]), np.nansum(n[year]), n[-1]
    share = (past_x + 0.5) / (past_n + 1)
    variance = phi * now * share * (1 - share) * (1 + (now - 1) / (past_n + 2))
    # variance of a beta-binomial: n s (1 - s) (1 + (n - 1) / (a + b + 1))
    strength = (now - 1) / (variance / (now * share * (1 - share)) - 1) - 1
    chance = stats.betabinom(int(now), share * strength, (1 - share) * strength)
    return float(chance.cdf(x[-1]) if falls else chance.sf(x[-1] - 1))


def cautious_share_p(x: np.ndarray, n: np.ndarray, year: slice, falls: bool) -> float:
    share = (np.nansum(x[year]) + 0.5) / (np.nansum(n[year]) + 1)
    spread = np.sqrt(share * (1 - share) / n)
    sigma = max(1.0, np.nanmean(np.abs(np.diff(((x / n - share) / spread)[year]))) / 1.128)
    laney = (x[-1] / n[-1] - share) / (sigma * spread[-1])
    logits = np.log((x + 0.5) / (n - x + 0.5))
    forecast, errors = logits[0], [np.nan]
    for logit in logits[1:]:
        errors.append(logit - forecast)
        forecast += 0 if np.isnan(logit) else 0.4 * (logit - forecast)
    past = np.array(errors)[year]
    usual = np.std(past[~np.isnan(past)], ddof=1)
    sampling = sqrt(1 / (n[-1] * share + 0.5) + 1 / (n[-1] * (1 - share) + 0.5))
    z = errors[-1] / max(usual, sampling)
    sign = 1 if falls else -1
    return float(max(stats.norm.cdf(sign * laney), stats.t(np.sum(~np.isnan(past)) - 1).cdf(sign * z)))


def own_history_p(cell: Cell) -> float:
    inputs = cell["inputs"]
    if "forecast" in inputs:
        return volume_p(inputs)
    return share_p(inputs) if "numerators" in inputs else count_p(inputs)


def year_on_year_p(cell: Cell) -> float:
    inputs = cell["inputs"]
    phi = inputs["dispersion"]
    if "denominator" not in inputs:
        now, then = inputs["count"], inputs["count_year_ago"]
        q = inputs["days"] / (inputs["days"] + inputs["days_year_ago"])
        if phi == 1:
            binomial = stats.binom(now + then, q)
            return min(1.0, 2 * min(binomial.cdf(now), binomial.sf(now - 1)))
        apart = max(0.0, abs(now - (now + then) * q) - 0.5)
        return float(2 * stats.norm.sf(apart / sqrt(phi * (now + then) * q * (1 - q))))
    x1, n1 = inputs["numerator"], inputs["denominator"]
    x0, n0 = inputs["numerator_year_ago"], inputs["denominator_year_ago"]
    pooled = (x1 + x0) / (n1 + n0)
    if pooled in (0, 1):
        return 1.0  # none in either year, or all
    z = (x1 / n1 - x0 / n0) / sqrt(phi * pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    return float(2 * stats.t(inputs["degrees_of_freedom"]).sf(abs(z)))


def target_p(cell: Cell) -> float:
    inputs = cell["inputs"]
    pairs = zip(inputs["amounts"], inputs["volumes"], strict=True)
    known = [(amount, volume) for amount, volume in pairs if amount is not None]
    total, size = sum(amount for amount, _ in known), sum(volume for _, volume in known)
    worse, goal = (1 if inputs["worse"] == "above" else -1), inputs["target"] / inputs["scale"]
    if inputs["kind"] == "count":
        chance = stats.nbinom(goal * len(known) / (inputs["spread"] - 1), 1 / inputs["spread"])
        return float(chance.sf(total - 1) if worse > 0 else chance.cdf(total))
    if inputs["kind"] == "ratio":
        error = sqrt(inputs["spread"] * goal * (1 - goal) / size)
    else:
        error = inputs["spread"] / sqrt(len(known))
    return float(stats.t(inputs["degrees_of_freedom"]).sf(worse * (total / size - goal) / error))


def travel_p(cell: Cell) -> float:
    """The paired t test of scipy on the windows that both years have."""
    inputs = cell["inputs"]
    pairs = zip(inputs["windows"], inputs["windows_year_ago"], strict=True)
    now, then = np.array([pair for pair in pairs if None not in pair]).T
    apart = now - then
    if np.ptp(apart) == 0:  # nothing varies: as sure as can be, or no difference at all
        rises = np.sign(apart[0]) * (1 if inputs["direction"] == "rise" else -1)
        return {1: 0.0, 0: 0.5, -1: 1.0}[int(rises)]
    side = "greater" if inputs["direction"] == "rise" else "less"
    return float(stats.ttest_rel(now, then, alternative=side).pvalue)


def peer_p(cell: Cell) -> float:
    """A normal score on the scale on which a share's or a rate's variance is 1 / 4n."""
    inputs = cell["inputs"]
    rates = np.array([inputs["amount"] / inputs["size"], inputs["pooled_rate"]])
    scale = np.arcsin(np.sqrt(rates)) if inputs["kind"] == "share" else np.sqrt(rates)
    z = (scale[0] - scale[1]) / sqrt(1 / (4 * inputs["size"]) + inputs["between_variance"])
    return float(stats.norm.sf(z) if inputs["worse"] == "above" else stats.norm.cdf(z))


def leak_p(cell: Cell) -> float:
    """Beta-binomial with the mean of the posterior and phi times its variance, if both counts moved far enough."""
    inputs = cell["inputs"]
    if min(inputs["fewer"], inputs["more"]) < inputs["minimum_gap"]:
        return 1.0
    x, n = inputs["count"], inputs["count"] + inputs["count_to"]
    past_x, past_n = inputs["baseline_events"], inputs["baseline_both"]
    share = (past_x + 0.5) / (past_n + 1)
    factor = inputs["dispersion"] * (1 + (n - 1) / (past_n + 2))
    strength = (n - 1) / (factor - 1) - 1
    return float(stats.betabinom(int(n), share * strength, (1 - share) * strength).cdf(x))


AGAIN: dict[str, Callable[[Cell], float]] = {
    "spike": own_history_p,
    "commend": own_history_p,
    "year_on_year": year_on_year_p,
    "target": target_p,
    "coasting": travel_p,
    "improving": travel_p,
    "peer": peer_p,
    "leak": leak_p,
}


def q_values(p: list[float]) -> list[float]:
    """Benjamini and Hochberg (1995): the smallest of p n / rank over the ranks from its own on."""
    ranked = sorted(p)
    found, smallest = {}, 1.0
    for rank in range(len(p), 0, -1):
        smallest = min(smallest, ranked[rank - 1] * len(p) / rank)
        found[ranked[rank - 1]] = min(smallest, found.get(ranked[rank - 1], 1.0))
    return [found[value] for value in p]


def check(cells: list[Cell]) -> None:
    """Every p and q of these cells, each against its own arithmetic."""
    for cell in cells:
        assert cell["p_value"] == pytest.approx(AGAIN[cell["family"]](cell), rel=1e-7, abs=1e-300), cell
    for family in {cell["family"] for cell in cells}:
        pool = [cell for cell in cells if cell["family"] == family]
        wanted = q_values([cell["p_value"] for cell in pool])
        assert [cell["q_value"] for cell in pool] == pytest.approx(wanted, rel=1e-12), family
