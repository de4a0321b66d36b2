"""How much of what changes is found, at the number of cells that each usual method lists.

    python studies/detection.py [--forces 80] [--units 500]

Fourteen of the units change: a step to half as much again (found within four weeks), a drift of 3% a week (within
twelve), or one week at three times the level (that week). A method's cells are all it lists in any of these weeks; ours
are as many, the first by evidence over every cell that has one. docs/method.md has the table.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from worlds import YEAR, Figures, Force, World, force_of

from compstat.rules.history.panel_history import History
from compstat.rules.rehearsal.usual_methods import METHODS, raised_by
from compstat.statistics.year_on_year import quasi_z
from compstat.windows.paired_windows import paired_windows
from compstat.windows.panel import Integers

FORCES, UNITS, PLANTED = 80, 500, 14
HISTORY = 4 * YEAR + 6  # weeks before the change: three earlier years and more, so that a season can be known
EXACT_P = 0.05  # two-sided, as such tests are usually read
SATURATED = 0.8  # of the cells: where a method lists more, a comparison tells nothing
SEED = 20261115

WORLDS = (
    World("A: Poisson"),
    World("B: variance 1 + 0.05 mean", alpha=0.05),
    World("C: B, season of 20%, levels that wander by 8%", alpha=0.05, season=0.2, wander=0.08),
)
PEERS = {**METHODS, "exact_year_on_year": "exact test, p <= 0.05: four weeks against the same four a year ago"}


@dataclass(frozen=True)
class Change:
    """What is planted: the level times these factors, from the first week of the window on."""

    name: str
    factors: tuple[float, ...]

    @property
    def weeks(self) -> int:
        return len(self.factors)


CHANGES = (
    Change("step x1.5, 4 weeks", (1.5,) * 4),
    Change("drift +3% a week, 12 weeks", tuple(1.03**week for week in range(1, 13))),
    Change("spike x3, that week", (3.0,)),
)


@dataclass
class Compared:
    """One peer in one setting; a figure a force. listed: cells it lists. theirs, ours: share of the planted found."""

    listed: list[int] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    def saturated(self, units: int) -> bool:
        return float(np.mean(self.listed)) > SATURATED * units

    @property
    def gain(self) -> float:
        """What ours finds more, a share of the planted."""
        return float(np.mean(self.ours) - np.mean(self.theirs))

    @property
    def error(self) -> float:
        """Standard error of the paired difference."""
        apart = np.array(self.ours) - np.array(self.theirs)
        return float(apart.std(ddof=1) / np.sqrt(len(apart)))


Score = Callable[[History, int], Figures]
Settings = dict[tuple[str, str], dict[str, Compared]]


def run(forces: int, units: int = UNITS, score: Score | None = None) -> Settings:
    """Every world and change: what each peer finds, and what the score (None: the evidence) finds at as many cells."""
    found: Settings = {}
    with force_of(units) as force:
        for number, (world, change) in enumerate((world, change) for world in WORLDS for change in CHANGES):
            setting = {peer: Compared() for peer in PEERS}
            for seed in range(forces):
                rng = np.random.default_rng([SEED, number, seed])
                _one_force(force, (world, change), rng, setting, score or rise_evidence)
            found[world.name, change.name] = setting
    return found


def _one_force(
    force: Force,
    planted_in: tuple[World, Change],
    rng: np.random.Generator,
    setting: dict[str, Compared],
    score: Score,
) -> None:
    world, change = planted_in
    counts, planted = planted_force(world, change, rng, force.units)
    best = np.full(force.units, -np.inf)
    listed = {peer: np.zeros(force.units, dtype=bool) for peer in PEERS}
    for history in _weeks(force, counts, change):
        best = np.maximum(best, score(history, force.units))
        for peer, cells in peer_lists(history).items():
            listed[peer][cells] = True
    order = np.argsort(-best, kind="stable")
    for peer, compared in setting.items():
        number = int(listed[peer].sum())
        ours = np.zeros(force.units, dtype=bool)
        ours[order[:number]] = True
        compared.listed.append(number)
        compared.theirs.append(float(listed[peer][planted].mean()))
        compared.ours.append(float(ours[planted].mean()))


def planted_force(world: World, change: Change, rng: np.random.Generator, units: int) -> tuple[Figures, Integers]:
    """Counts of units by weeks, the change in the last ones, and which units changed."""
    level = world.levels(rng, units, HISTORY + change.weeks)
    planted = rng.choice(units, PLANTED, replace=False)
    level[planted, -change.weeks :] *= np.array(change.factors)
    return world.counts(rng, level), planted


def _weeks(force: Force, counts: Figures, change: Change) -> Iterator[History]:
    """The force as it stands in each week of the window."""
    for week in range(change.weeks):
        yield force.history(counts[:, : counts.shape[1] - change.weeks + week + 1])


def rise_evidence(history: History, units: int) -> Figures:
    """The evidence of a rise of each cell; -inf where it has none."""
    counts = history.counts
    place = np.flatnonzero(counts.scored)
    score = np.full(units, -np.inf)
    score[counts.row[place]] = counts.evidence(place, falls=False)
    return score


def peer_lists(history: History) -> dict[str, list[int]]:
    """The cells that each usual method lists in the newest week."""
    panel = history.panel
    place = {unit: number for number, unit in enumerate(panel.units)}
    found = {peer: [place[unit] for unit, _ in listed.cells] for peer, listed in raised_by([history]).items()}
    both = paired_windows(panel, np.arange(panel.size))
    exact = quasi_z(both.now, both.then, 0.5, 1.0)
    return found | {"exact_year_on_year": np.flatnonzero((exact.p <= EXACT_P) & (exact.z > 0)).tolist()}


def table(found: Settings, units: int) -> str:
    """Markdown: a line a peer, a column a setting, `theirs -> ours`; in brackets what the peer saturates."""
    short = [f"{world[0]} {change.split()[0]}" for world, change in found]
    lines = ["| method | cells listed | " + " | ".join(short) + " |", "|" + "---|" * (len(short) + 2)]
    for peer, words in PEERS.items():
        every = [setting[peer] for setting in found.values()]
        listed = [float(np.mean(one.listed)) for one in every]
        cells = []
        for one in every:
            words_of = f"{100 * np.mean(one.theirs):.0f} -> {100 * np.mean(one.ours):.0f}"
            cells.append(f"({words_of})" if one.saturated(units) else words_of)
        lines.append(f"| {words} | {min(listed):.0f}-{max(listed):.0f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def shortfalls(found: Settings, units: int) -> list[str]:
    """Settings in which ours finds less than a peer by over two standard errors, and peers not beaten on average."""
    missed = []
    for peer in PEERS:
        every = {name: setting[peer] for name, setting in found.items() if not setting[peer].saturated(units)}
        for name, one in every.items():
            if one.gain < -2 * one.error - 1e-12:
                missed.append(f"{peer} in {name}: {one.gain:+.3f}, error {one.error:.3f}")
        if every and np.mean([one.gain for one in every.values()]) <= 0:
            missed.append(f"{peer} on average")
    return missed


def main() -> None:
    """Print the table, the smallest gain and what fell short."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--forces", type=int, default=FORCES)
    parser.add_argument("--units", type=int, default=UNITS)
    asked = parser.parse_args()
    found = run(asked.forces, asked.units)
    print(
        f"{asked.forces} forces of {asked.units} units a setting, {PLANTED} of them changed; found, theirs -> ours, %\n"
    )
    print(table(found, asked.units))
    gains = [one.gain for setting in found.values() for one in setting.values() if not one.saturated(asked.units)]
    print(
        f"\nMean gain over {len(gains)} comparisons {100 * np.mean(gains):.1f} points, smallest {100 * min(gains):.1f}"
    )
    for line in shortfalls(found, asked.units):
        print("Short:", line)


if __name__ == "__main__":
    main()
