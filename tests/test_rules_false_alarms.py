"""Forces in which nothing ever changes: what is shown is not more than what the cover says chance alone would show.

A smaller `make study`: the worlds of studies/false_alarms.py, through a store and the rules as they stand. Poisson
counts, counts with the variance of published precinct counts, the same with a season and three years of history, two
shares whose weeks vary more than sampling and remember the week before, and large volumes that do.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest

STUDIES = Path(__file__).parent.parent / "studies"
sys.path.insert(0, str(STUDIES))
study: ModuleType = importlib.import_module("false_alarms")
worlds: ModuleType = importlib.import_module("worlds")

FORCES, UNITS = 10, 150


@pytest.mark.parametrize("setting", study.SETTINGS, ids=lambda setting: setting.name)
def test_a_stable_force_shows_no_more_than_its_cover_says(setting: object) -> None:
    found = study.run(setting, FORCES, UNITS)
    assert study.too_many(setting, found) == []
    assert 0 < np.mean(found.printed) <= 1.5, "a cover that expects many flags by chance says nothing"
    handled = {"precinct-like, season of 20%": 1.0}.get(setting.name, 0.0)  # type: ignore[attr-defined]
    assert np.mean(found.handled) == handled, "three years show a season, two and a half do not"


def changed(frame: pl.DataFrame, units: list[str]) -> pl.DataFrame:
    """These units at 175% for the last four weeks."""
    recent = pl.col("period_start") > pl.col("period_start").max() - pl.duration(weeks=4)
    more = (pl.col("value") * 1.75).round()
    return frame.with_columns(value=pl.when(recent & pl.col("unit").is_in(units)).then(more).otherwise(pl.col("value")))


def test_a_force_in_which_something_changed_is_told_from_these() -> None:
    """Rules that raise nothing would pass the test above."""
    setting = study.SETTINGS[2]
    with worlds.force_of(UNITS) as force:
        quiet = study.quiet_returns(setting, np.random.default_rng(7), force)
        level = quiet.group_by("unit").agg(pl.col("value").mean()).filter(pl.col("value") > 20).sort("unit")
        wanted = set(level["unit"].to_list()[:5])
        found = {flag.unit for flag in study.shown(study.judged(force, changed(quiet, sorted(wanted))))}
    assert len(found & wanted) >= 4
    assert len(found - wanted) <= 3
