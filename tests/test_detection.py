"""What changes is found: at the number of cells that each usual method lists, the evidence finds as much, and more.

A smaller `make study`: the worlds and changes of studies/detection.py, with the engine's own evidence.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from rules_example import Force, history

from compstat.rules.history.panel_history import History
from compstat.rules.tested_cells import scored_rows

STUDIES = Path(__file__).parent.parent / "studies"
sys.path.insert(0, str(STUDIES))
study: ModuleType = importlib.import_module("detection")

FORCES, UNITS = 6, 250


def test_at_each_usual_methods_number_of_cells_the_evidence_finds_as_much_and_on_average_more() -> None:
    found = study.run(FORCES, UNITS)
    assert len(found) == 9
    assert study.shortfalls(found, UNITS) == []
    compared = [one for setting in found.values() for one in setting.values() if not one.saturated(UNITS)]
    assert len(compared) > 40
    assert np.mean([one.gain for one in compared]) > 0.05


def test_a_score_that_ranks_by_percentage_falls_short() -> None:
    """The test above can fail."""

    def percent(history: History, units: int) -> np.ndarray:
        counts = history.counts
        score = np.full(units, -np.inf)
        score[counts.row] = np.nan_to_num(counts.one.count / counts.one.expectation.mean, nan=-np.inf)
        return score

    assert len(study.shortfalls(study.run(2, UNITS, percent), UNITS)) > 10


@pytest.mark.parametrize("change", study.CHANGES, ids=lambda change: change.name)
def test_what_is_planted_is_there(change: object) -> None:
    rng = np.random.default_rng(3)
    counts, planted = study.planted_force(study.WORLDS[0], change, rng, 2000)
    weeks, factors = change.weeks, np.array(change.factors)  # type: ignore[attr-defined]
    assert len(set(planted.tolist())) == study.PLANTED
    before, after = counts[planted, :-weeks].mean(axis=1).sum(), counts[planted, -weeks:].sum(axis=0)
    assert after / before == pytest.approx(factors, rel=0.15)


def test_a_cell_too_small_for_a_test_has_its_evidence(tmp_path: Path) -> None:
    made = Force(tmp_path, units="unit\nlarge\nsmall\n")
    once_a_month = [1.0, 0.0, 0.0, 0.0] * 27 + [1.0, 0.0]
    made.load({("large", "burglary"): [40.0] * 110, ("small", "burglary"): history(once_a_month, 6.0)})
    (row,) = scored_rows(made.judged())
    assert (row["unit"], row["untested"]) == (
        "small",
        "expects fewer than 5 events in 4 periods: too few for a test of counts",
    )
    assert row["evidence"] > 3
    assert {cell["unit"] for cell in made.cells() if cell["family"] == "spike"} == {"large"}
