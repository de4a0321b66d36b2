"""Forces in which nothing changes: what is shown against what the cover says, and how often each test alone fires.

    python studies/false_alarms.py [--forces 40] [--units 500]

Five worlds, each through a store and all the rules as they stand. docs/method.md has the table.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import numpy as np
import polars as pl
from worlds import KNOWN, LAST, Figures, Force, World, force_of, shares, volumes

from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.families import own_shares, own_volumes
from compstat.rules.flag import Flag
from compstat.rules.ranking import ranked
from compstat.store import Store, open_store

FORCES, UNITS = 40, 500
LEVELS = (0.05, 0.01, 0.001)
SMALL_UNIT_SHARE = 1 / 3
FEWEST_CELLS = 20  # of a test in a force; one count in five hundred may look like a volume by chance
ALONE = {own_volumes.TEST: "volume", own_shares.TEST: "share"}


@dataclass(frozen=True)
class Setting:
    """What is drawn, how many weeks of it are known, and how often each single test may fire at each of LEVELS.

    counts: of one and of four weeks against their own year, rises and falls. Source of the bounds: docs/method.md,
    section 3 (the largest of the rows that the world covers), section 4 for the year before; volumes and shares:
    the nominal rate.
    """

    draws: World | Literal["volumes", "shares"]
    weeks: int
    counts: tuple[float, float, float] = LEVELS
    year_on_year: tuple[float, float, float] = (0.048, 0.0094, 0.0010)

    @property
    def name(self) -> str:
        return self.draws.name if isinstance(self.draws, World) else self.draws


SETTINGS = (
    Setting(World("Poisson"), 130, (0.045, 0.0091, 0.0008)),
    Setting(World("precinct-like", alpha=0.03), 130, (0.049, 0.0100, 0.0012)),
    Setting(World("precinct-like, season of 20%", alpha=0.03, season=0.2), 156, (0.049, 0.0100, 0.0012)),
    Setting("shares", 130),
    Setting("volumes", 130, (0.055, 0.0110, 0.0012)),  # counts: of the volumes that look like counts
)


@dataclass
class Found:
    """Flags shown and expected by chance, one a force; of each single test the shares of cells that fire, by force."""

    shown: list[int] = field(default_factory=list)
    printed: list[float] = field(default_factory=list)
    handled: list[float] = field(default_factory=list)
    fired: dict[str, list[tuple[float, ...]]] = field(default_factory=dict)

    def add(self, evaluation: Evaluation) -> None:
        """One more force."""
        self.shown.append(len(shown(evaluation)))
        self.printed.append(evaluation.decisions.expected_by_chance)
        for test, p in single_tests(evaluation).items():
            self.fired.setdefault(test, []).append(tuple(float(np.mean(p <= level)) for level in LEVELS))
        counts = evaluation.histories["weekly"].counts
        self.handled.append(float(np.mean(counts.season.handled)) if counts.row.size else 0.0)

    def excess(self) -> float:
        """Mean shown less mean printed, in standard errors of the shown."""
        error = np.std(self.shown, ddof=1) / np.sqrt(len(self.shown))
        return float((np.mean(self.shown) - np.mean(self.printed)) / max(error, 1e-9))

    def rates(self, test: str) -> tuple[Figures, Figures]:
        """How often a test fires at each of LEVELS, and the standard error over the forces."""
        every = np.array(self.fired[test])
        return every.mean(axis=0), every.std(axis=0, ddof=1) / np.sqrt(len(every))


def shown(evaluation: Evaluation) -> list[Flag]:
    """The flags that the meeting would see."""
    flags = ranked(evaluation.raised, evaluation.scope.cycle, SMALL_UNIT_SHARE, [])
    return [flag for flag in flags if flag.shown]


def single_tests(evaluation: Evaluation) -> Mapping[str, Figures]:
    """The p values of each test alone, over the cells it was made of, those unchanged being all of them."""
    found: dict[str, Figures] = {}
    counts = evaluation.histories["weekly"].counts
    if counts.tested.any():
        for window, test in (("1 week", counts.one), ("4 weeks", counts.recent)):
            found[f"{window}, rise"] = test.p_up[counts.tested]
            found[f"{window}, fall"] = test.p_down[counts.tested]
    for decided in evaluation.decisions.decided:
        judgement = decided.judgement
        if judgement.p.size < FEWEST_CELLS or not judgement.has_p:
            continue
        if judgement.rule.family == "year_on_year":
            found["a year ago"] = judgement.p
        elif judgement.test in ALONE:
            found[f"{ALONE[judgement.test]}, " + ("worse" if judgement.rule.family == "spike" else "better")] = (
                judgement.p
            )
    return found


def run(setting: Setting, forces: int, units: int = UNITS) -> Found:
    """So many forces of one world, each judged in its newest week."""
    found = Found()
    with force_of(units) as force:
        for seed in range(forces):
            rng = np.random.default_rng([SETTINGS.index(setting), seed])
            found.add(judged(force, quiet_returns(setting, rng, force)))
    return found


def quiet_returns(setting: Setting, rng: np.random.Generator, force: Force) -> pl.DataFrame:
    """Every return of a force of this world; nothing changes in it."""
    if isinstance(setting.draws, World):
        level = setting.draws.levels(rng, force.units, setting.weeks)
        return returns(force, "crime", value=setting.draws.counts(rng, level))
    if setting.draws == "volumes":
        return returns(force, "crime", value=volumes(rng, force.units, setting.weeks))
    parts = []
    for indicator, low, high in (("response", 0.75, 0.97), ("absence", 0.03, 0.2)):
        numerator, denominator = shares(rng, force.units, setting.weeks, low, high)
        parts.append(returns(force, indicator, numerator=numerator, denominator=denominator))
    return pl.concat(parts)


def returns(force: Force, indicator: str, **figures: Figures) -> pl.DataFrame:
    """One row a unit and week; figures are units by weeks, the last that of LAST."""
    weeks = next(iter(figures.values())).shape[1]
    units = pl.DataFrame({"unit": force.names})
    days = pl.DataFrame({"period_start": [LAST - timedelta(weeks=weeks - 1 - n) for n in range(weeks)]})
    empty = [pl.lit(None, pl.Float64).alias(name) for name in ("value", "numerator", "denominator")]
    named = [pl.Series(name, matrix.ravel()) for name, matrix in figures.items()]
    frame = units.join(days, how="cross").with_columns(pl.lit(indicator).alias("indicator"), *empty)
    return frame.with_columns(*named)


def judged(force: Force, frame: pl.DataFrame) -> Evaluation:
    """The newest week of returns put into a store in memory as the loader does once it has checked them."""
    with open_store(force.root / "in-memory", read_only=True) as store:
        load(store, frame)
        evaluation = evaluate(store, force.workspace, force.workspace.cycle(), LAST, KNOWN)
        _ = evaluation.raised, [history.counts for history in evaluation.histories.values()]  # while the store is open
    return evaluation


def load(store: Store, frame: pl.DataFrame) -> None:
    """Put checked returns into a store."""
    store.put_frame("ready", frame)
    store.run("load/insert_ready", batch_id="B-0001", recorded_at=KNOWN)


def table(setting: Setting, found: Found) -> str:
    """The lines of one world."""
    error = np.std(found.shown, ddof=1) / np.sqrt(len(found.shown))
    head = f"{setting.name}: {np.mean(found.shown):.2f} shown a week (standard error {error:.2f}), "
    head += f"{np.mean(found.printed):.2f} printed; season handled in {np.mean(found.handled):.0%}"
    lines = [head]
    for test in found.fired:
        rate, spread = found.rates(test)
        shown = " / ".join(f"{100 * part:.3g}" for part in rate)
        lines.append(f"  {test:<16} {shown:<22} (errors {' / '.join(f'{100 * part:.2g}' for part in spread)})")
    return "\n".join(lines)


def too_many(setting: Setting, found: Found) -> list[str]:
    """What is more often than it may be by over two standard errors: flags than printed, tests than their bound."""
    said = []
    if found.excess() > 2:
        said.append(f"{setting.name}: shown above printed by {found.excess():.1f} errors")
    for test in found.fired:
        bounds = setting.year_on_year if test == "a year ago" else setting.counts
        for rate, error, bound, level in zip(*found.rates(test), bounds, LEVELS, strict=True):
            if rate > bound + 2 * error:
                said.append(
                    f"{setting.name}, {test}: {100 * rate:.3g}% at {100 * level:g}%, {100 * bound:.3g}% allowed"
                )
    return said


def main() -> None:
    """Print every world's table, and what fires too often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--forces", type=int, default=FORCES)
    parser.add_argument("--units", type=int, default=UNITS)
    asked = parser.parse_args()
    print(f"{asked.forces} forces of {asked.units} units a world; per cent of cells that fire at 5 / 1 / 0.1%\n")
    for setting in SETTINGS:
        found = run(setting, asked.forces, asked.units)
        print(
            "\n".join([table(setting, found), *(f"Too many: {line}" for line in too_many(setting, found))]), flush=True
        )


if __name__ == "__main__":
    main()
