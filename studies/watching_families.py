"""How often the rules that only watch (and `improving`) fire when nothing changes: the table of docs/method.md, 18.

    python studies/watching_families.py [--cells 20000]

Each statistic alone, on drawn series whose truth is known. `leak` has its figure in section 16.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from compstat.rules.families.trajectory import SMALLEST_CHANCE
from compstat.statistics.drift import count_drift, measure_drift
from compstat.statistics.forecast import line_forecast
from compstat.statistics.funnel import rate_funnel, share_funnel
from compstat.statistics.matched import matched

Figures = NDArray[np.float64]
Row = tuple[str, str, float]  # rule, world, share of cells in a week

CELLS, SEED = 20_000, 20261115
WEEKS, YEAR, RECENT = 156, 52, 4
PEERS = 12
MEMORY = 0.3


def counts(rng: np.random.Generator, cells: int, alpha: float, season: float = 0.0) -> tuple[Figures, Figures]:
    """Counts with means from 0.5 to 100 and a variance of 1 + alpha x mean times their mean; and that dispersion."""
    mean = np.exp(rng.uniform(np.log(0.5), np.log(100), (cells, 1)))
    level = mean * (1 + season * np.sin(2 * np.pi * np.arange(WEEKS) / YEAR))
    phi = 1 + alpha * mean[:, 0]
    if alpha:
        level = rng.gamma(1 / alpha, alpha, level.shape) * level
    return rng.poisson(level).astype(float), phi


def measurements(rng: np.random.Generator, cells: int, memory: float) -> Figures:
    """Normal figures of mean 10 and standard deviation 1, neighbours correlated by `memory`."""
    noise = rng.normal(size=(cells, WEEKS))
    for week in range(1, WEEKS):
        noise[:, week] = memory * noise[:, week - 1] + np.sqrt(1 - memory**2) * noise[:, week]
    return 10 + noise


def windows(series: Figures) -> tuple[Figures, Figures]:
    """Sums of four weeks of the newest year, and of the year before."""
    sums = series[:, -2 * YEAR :].reshape(len(series), 2, YEAR // RECENT, RECENT).sum(axis=3)
    return sums[:, 1], sums[:, 0]


def drift(rng: np.random.Generator, cells: int) -> Iterator[Row]:
    for name, alpha in (("Poisson counts", 0.0), ("precinct-like counts", 0.03)):
        series, phi = counts(rng, cells, alpha)
        found = count_drift(series, phi, np.zeros(cells, dtype=bool), year=YEAR)
        yield "`drift`, listed for four weeks", name, float(found.signals.mean())
    for name, memory in (("measurements", 0.0), ("measurements with a memory of 0.3", MEMORY)):
        outside = measure_drift(measurements(rng, cells, memory), year=YEAR)
        worse = outside.signals & (outside.level > outside.mean)
        yield "`drift`", name, float(worse.mean())


def travel(rng: np.random.Generator, cells: int) -> Iterator[Row]:
    worlds = {
        "Poisson counts": counts(rng, cells, 0.0)[0],
        "precinct-like counts, season of 20%": counts(rng, cells, 0.03, 0.2)[0],
        "measurements with a memory of 0.3": measurements(rng, cells, MEMORY),
    }
    for name, series in worlds.items():
        p = matched(*windows(series)).p_up
        yield "`coasting`, `improving` at p <= 0.01, gates aside", name, float((p[~np.isnan(p)] <= 0.01).mean())


def peers(rng: np.random.Generator, cells: int) -> Iterator[Row]:
    for spread in (0.0, 0.2):
        fired = {"rates": 0, "shares": 0}
        groups = cells // PEERS
        for _ in range(groups):
            size = np.exp(rng.uniform(np.log(50), np.log(2000), PEERS))
            own = np.exp(rng.normal(0, spread, PEERS))
            funnels = {
                "rates": rate_funnel(rng.poisson(0.1 * size * own).astype(float), size),
                "shares": share_funnel(rng.binomial(size.astype(int), np.minimum(0.2 * own, 0.95)), np.floor(size)),
            }
            for name, found in funnels.items():
                assert found is not None, "twelve peers are enough"
                fired[name] += int((found.p_high <= 0.01).sum())
        for name, number in fired.items():
            lasting = f"peers that differ by {spread:.0%}" if spread else "peers all alike"
            yield "`peer` at p <= 0.01, gates aside", f"{name}, {lasting}", number / (groups * PEERS)


def trajectories(rng: np.random.Generator, cells: int) -> Iterator[Row]:
    """The plan is kept exactly: the goal on the due day is where the true level will be."""
    for name, memory in (("no memory", 0.0), ("a memory of 0.3", MEMORY)):
        for ahead in (4, 26):
            path = -0.05 * np.arange(WEEKS)
            series = measurements(rng, cells, memory) + path
            goal = 10 + path[-1] - 0.05 * ahead
            forecast = line_forecast(series[:, -YEAR // 2 :], np.full(cells, ahead))
            chance = 1 - forecast.chance_at_least(np.full(cells, goal))
            yield "`trajectory`", f"a plan kept, due in {ahead} weeks, {name}", float((chance < SMALLEST_CHANCE).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description="Rates of false alarm of the rules that only watch.")
    parser.add_argument("--cells", type=int, default=CELLS)
    cells = parser.parse_args().cells
    rng = np.random.default_rng(SEED)
    sys.stdout.write("| rule | nothing changes in | cells a week |\n|---|---|---|\n")
    for study in (drift, travel, peers, trajectories):
        for rule, world, share in study(rng, cells):
            sys.stdout.write(f"| {rule} | {world} | {share:.2%} |\n")


if __name__ == "__main__":
    main()
