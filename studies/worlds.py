"""Invented forces whose truth is known: nothing changes in them, or only what was planted.

A force is `units` x weeks of one indicator, means from 0.5 to 100 a week evenly on the log scale. Every draw is seeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from compstat.calendar import periods_between
from compstat.rules.history.force_season import ForceTotals
from compstat.rules.history.panel_history import History
from compstat.windows.panel import Panel
from compstat.windows.scope import Scope, look_back
from compstat.workspace.workspace import Workspace, load_workspace

Figures = NDArray[np.float64]

LAST = date(2026, 11, 9)
KNOWN = datetime(2026, 11, 16, 18)
YEAR = 52
SMALLEST_MEAN, LARGEST_MEAN = 0.5, 100.0
WANDER_MEMORY = 0.98  # of a level's wander from week to week: it takes about a year to forget
WITHIN = 0.004  # correlation within a week's cases: a department of 1,000 varies as if phi were 5
VOLUME_MEMORY, VOLUME_SPREAD = 0.6, 0.06  # of the logarithm of a volume: weeks of a large department differ by 6%
SMALLEST_VOLUME, LARGEST_VOLUME = 150.0, 3000.0
SHARE_MEMORY = 0.3  # chance that a share's level stays for another week, which is the correlation of neighbours


@dataclass(frozen=True)
class World:
    """How counts vary when nothing changes. alpha: their variance is (1 + alpha x mean) x mean; 0: Poisson.

    season: height of the yearly wave, a part of the level; its phase is drawn. wander: standard deviation of each
    level's slow course, a part of the level.
    """

    name: str
    alpha: float = 0.0
    season: float = 0.0
    wander: float = 0.0

    def levels(self, rng: np.random.Generator, units: int, weeks: int) -> Figures:
        """The true mean of each unit and week."""
        mean = np.exp(rng.uniform(np.log(SMALLEST_MEAN), np.log(LARGEST_MEAN), (units, 1)))
        phase = rng.uniform(0, YEAR)
        wave = 1 + self.season * np.sin(2 * np.pi * (np.arange(weeks) + phase) / YEAR)
        return np.asarray(mean * wave * self._course(rng, units, weeks), dtype=np.float64)

    def _course(self, rng: np.random.Generator, units: int, weeks: int) -> Figures:
        if not self.wander:
            return np.ones((units, weeks))
        course = np.empty((units, weeks))
        course[:, 0] = rng.normal(0, self.wander, units)
        step = self.wander * np.sqrt(1 - WANDER_MEMORY**2)
        for week in range(1, weeks):
            course[:, week] = WANDER_MEMORY * course[:, week - 1] + rng.normal(0, step, units)
        return np.exp(course)

    def counts(self, rng: np.random.Generator, level: Figures) -> Figures:
        """Counts round these levels."""
        if self.alpha:
            level = rng.gamma(1 / self.alpha, self.alpha * level)
        return rng.poisson(level).astype(np.float64)


def volumes(rng: np.random.Generator, units: int, weeks: int) -> Figures:
    """Volumes of 150 to 3,000 a week, each week's level like the one before it."""
    mean = np.exp(rng.uniform(np.log(SMALLEST_VOLUME), np.log(LARGEST_VOLUME), (units, 1)))
    course = rng.normal(0, VOLUME_SPREAD, (units, weeks))
    for week in range(1, weeks):
        course[:, week] *= np.sqrt(1 - VOLUME_MEMORY**2)
        course[:, week] += VOLUME_MEMORY * course[:, week - 1]
    return rng.poisson(mean * np.exp(course)).astype(np.float64)


def shares(rng: np.random.Generator, units: int, weeks: int, low: float, high: float) -> tuple[Figures, Figures]:
    """Numerators and denominators: 20 to 2,000 cases a week, beta-binomial round a level with a mild memory."""
    size = np.exp(rng.uniform(np.log(20), np.log(2000), (units, 1)))
    cases = np.maximum(rng.poisson(np.broadcast_to(size, (units, weeks))), 1)
    share, strength = rng.uniform(low, high, (units, 1)), 1 / WITHIN - 1
    level = rng.beta(share * strength, (1 - share) * strength, (units, weeks))
    for week in range(1, weeks):
        stays = rng.random(units) < SHARE_MEMORY
        level[stays, week] = level[stays, week - 1]
    return rng.binomial(cases, level).astype(np.float64), cases.astype(np.float64)


@dataclass(frozen=True)
class Force:
    """A workspace of so many units and one count, for panels that are made in memory."""

    root: Path
    units: int
    names: list[str] = field(default_factory=list)

    @cached_property
    def workspace(self) -> Workspace:
        return load_workspace(self.root)

    @cached_property
    def scope(self) -> Scope:
        calendar = self.workspace.calendar
        windows = {"weekly": calendar.windows(calendar.cadence("weekly"), LAST + timedelta(days=6))}
        cells = tuple((name, "crime") for name in self.names)
        first = (LAST,) * len(cells)
        return Scope(self.workspace, self.workspace.cycle(), LAST, KNOWN, windows, cells, first)

    def history(self, amount: Figures) -> History:
        """The tests on the newest column, as the panel of a store would give them; older columns are for the season."""
        cadence = self.workspace.calendar.cadence("weekly")
        starts = tuple(periods_between(cadence, look_back(cadence, LAST), LAST))
        recent = amount[:, -len(starts) :].copy()
        cell = np.arange(self.units, dtype=np.int64)
        panel = Panel(self.scope, cadence, starts, cell, recent, np.ones_like(recent), ~np.isnan(recent), {}, {}, None)
        totals = ForceTotals(np.unique(panel.group), amount.sum(axis=0)[np.newaxis])
        return History(panel, self.workspace.rules.decision, totals=lambda: totals)


INDICATORS = """indicator,better,unit_of_measure
crime,lower,count
response,higher,percent
absence,lower,percent
"""


@contextmanager
def force_of(units: int) -> Iterator[Force]:
    """A force in a temporary folder; without targets, and with seats for every flag, so that none is left uncounted."""
    with TemporaryDirectory(prefix="compstat-study-") as folder:
        root, names = Path(folder), [f"u{number:04d}" for number in range(units)]
        seats = "items_per_unit = 1000\nitems_per_meeting = 1000\n"
        (root / "compstat.toml").write_text(f'[[cycle]]\ncycle = "main"\n{seats}', "utf-8")
        (root / "units.csv").write_text("unit\n" + "\n".join(names) + "\n", "utf-8")
        (root / "indicators.csv").write_text(INDICATORS, "utf-8")
        yield Force(root, units, names)
