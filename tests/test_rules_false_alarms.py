"""Forces in which nothing ever changes: what is shown is not more than what the cover says chance alone would show.

Two hundred units and four indicators over 130 weeks, twenty times, through a store and the rules as they stand:
Poisson counts, counts with the variance of published precinct counts (1 + 0.03 x mean, times the mean), and two
shares whose weeks vary more than sampling and remember the week before.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from rules_example import new_store

from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.flag import Flag
from compstat.rules.ranking import ranked
from compstat.store import Store
from compstat.workspace.workspace import Workspace, load_workspace

FORCES, UNITS, WEEKS = 20, 200, 130
NAMES = [f"u{n:03d}" for n in range(UNITS)]
LAST = date(2026, 11, 9)
MOMENT = datetime(2026, 11, 16, 18)
INDICATORS = """indicator,better,unit_of_measure
poisson,lower,count
precinct,lower,count
response,higher,percent
absence,lower,percent
"""
WITHIN = 0.004  # correlation within a week's cases: a department of 1,000 varies as if phi were 5
MEMORY = 0.3  # chance that a share's level stays for another week, which is the correlation of neighbours

Figures = np.ndarray


def counts(rng: np.random.Generator, alpha: float) -> Figures:
    """Means of 0.5 to 100 a week, evenly on the log scale; variance (1 + alpha x mean) x mean."""
    mean = np.exp(rng.uniform(np.log(0.5), np.log(100), (UNITS, 1)))
    level = rng.gamma(1 / alpha, alpha * mean, (UNITS, WEEKS)) if alpha else np.broadcast_to(mean, (UNITS, WEEKS))
    return rng.poisson(level).astype(float)


def shares(rng: np.random.Generator, low: float, high: float) -> tuple[Figures, Figures]:
    """Numerators and denominators: 20 to 2,000 cases a week, beta-binomial round a level with a mild memory."""
    size = np.exp(rng.uniform(np.log(20), np.log(2000), (UNITS, 1)))
    cases = np.maximum(rng.poisson(np.broadcast_to(size, (UNITS, WEEKS))), 1)
    share, strength = rng.uniform(low, high, (UNITS, 1)), 1 / WITHIN - 1
    level = rng.beta(share * strength, (1 - share) * strength, (UNITS, WEEKS))
    for week in range(1, WEEKS):
        stays = rng.random(UNITS) < MEMORY
        level[stays, week] = level[stays, week - 1]
    return rng.binomial(cases, level).astype(float), cases.astype(float)


def stable_force(seed: int) -> pl.DataFrame:
    """Every return of a force in which nothing changes."""
    rng = np.random.default_rng(seed)
    poisson, precinct = counts(rng, 0.0), counts(rng, 0.03)
    response, absence = shares(rng, 0.75, 0.97), shares(rng, 0.03, 0.2)
    parts = [
        returns("poisson", value=poisson),
        returns("precinct", value=precinct),
        returns("response", numerator=response[0], denominator=response[1]),
        returns("absence", numerator=absence[0], denominator=absence[1]),
    ]
    return pl.concat(parts, how="diagonal")


def returns(indicator: str, **figures: Figures) -> pl.DataFrame:
    """One row a unit and week; figures are units by weeks."""
    units = pl.DataFrame({"unit": NAMES})
    weeks = pl.DataFrame({"period_start": [LAST - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)]})
    named = [pl.Series(name, matrix.ravel()) for name, matrix in figures.items()]
    return units.join(weeks, how="cross").with_columns(pl.lit(indicator).alias("indicator"), *named)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Without targets; with seats for every flag, so that none is left uncounted."""
    root = tmp_path_factory.mktemp("stable")
    seats = "items_per_unit = 1000\nitems_per_meeting = 1000\n"
    (root / "compstat.toml").write_text(f'[[cycle]]\ncycle = "main"\n{seats}', "utf-8")
    (root / "units.csv").write_text("unit\n" + "\n".join(NAMES) + "\n", "utf-8")
    (root / "indicators.csv").write_text(INDICATORS, "utf-8")
    return load_workspace(root)


def judged(workspace: Workspace, force: pl.DataFrame) -> Evaluation:
    """The newest week of a force that is put into a store as the loader does once it has checked the rows."""
    store = Store(new_store())
    store.put_frame("ready", force)
    store.run("load/insert_ready", batch_id="B-0001", recorded_at=MOMENT)
    return evaluate(store, workspace, workspace.cycle(), LAST, MOMENT)


def risen(frame: pl.DataFrame) -> list[str]:
    """Five units with 20 a week and more of one count."""
    level = frame.filter(pl.col("indicator") == "precinct").group_by("unit").agg(pl.col("value").mean())
    return level.filter(pl.col("value") > 20).sort("unit")["unit"].to_list()[:5]


def changed(frame: pl.DataFrame) -> pl.DataFrame:
    """Those five at 175% for the last four weeks."""
    recent = (pl.col("period_start") > LAST - timedelta(weeks=4)) & (pl.col("indicator") == "precinct")
    more = (pl.col("value") * 1.75).round()
    moved = recent & pl.col("unit").is_in(risen(frame))
    return frame.with_columns(value=pl.when(moved).then(more).otherwise(pl.col("value")))


def shown(evaluation: Evaluation) -> list[Flag]:
    return [flag for flag in ranked(evaluation.raised, evaluation.scope.cycle, 1 / 3, []) if flag.shown]


def test_stable_forces_show_no_more_than_the_cover_says(workspace: Workspace) -> None:
    stable = [judged(workspace, stable_force(seed)) for seed in range(FORCES)]
    seen = np.array([len(shown(one)) for one in stable], dtype=float)
    printed = np.array([one.decisions.expected_by_chance for one in stable])
    assert all(one.decisions.tests > 2000 for one in stable)
    error = seen.std(ddof=1) / np.sqrt(FORCES)
    assert seen.mean() <= printed.mean() + 2 * error, f"{seen.mean():.2f} shown, {printed.mean():.2f} printed"
    assert 0 < printed.mean() <= 1.5, "a cover that expects many flags by chance says nothing"


def test_a_force_in_which_something_changed_is_told_from_these(workspace: Workspace) -> None:
    """Rules that raise nothing would pass the test above."""
    quiet = stable_force(FORCES)
    found, wanted = {flag.unit for flag in shown(judged(workspace, changed(quiet)))}, set(risen(quiet))
    assert len(found & wanted) >= 4
    assert len(found - wanted) <= 3
