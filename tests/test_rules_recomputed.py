"""Every p and q of the sample week, and of a week with gaps, worked out again; and what chance alone would show."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from recomputed_example import AGAIN, check
from rules_example import STEADY, Force, history, sample_force
from scipy import stats


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return sample_force().page()


def test_every_p_and_q_of_the_sample_week(page: dict[str, Any]) -> None:
    assert len(page["cells"]) == page["tests"] > 400
    assert {cell["family"] for cell in page["cells"]} == set(AGAIN)
    check(page["cells"])


def test_both_forms_of_shares_are_among_them(page: dict[str, Any]) -> None:
    forms = {cell["inputs"]["exact"] for cell in page["cells"] if "exact" in cell["inputs"]}
    assert forms == {True, False}


def test_a_week_with_gaps_is_recomputed_too(tmp_path: Any) -> None:
    """Missing weeks in history and window, a small share and a large one, a count's and a measurement's target."""
    indicators = (
        "indicator,better,unit_of_measure\nburglary,lower,count\nresponse,higher,percent\n"
        "answered,higher,percent\nwait,lower,days\n"
    )
    targets = "indicator,unit,kind,value\nburglary,*,target,9\nanswered,*,target,92\nwait,*,target,2\n"
    rng = np.random.default_rng(46)
    force = Force(tmp_path, indicators=indicators, targets=targets)
    small = [(float(x), 50.0) for x in rng.binomial(50, 0.9, 110)]
    large = [(float(round(2000 * p)), 2000.0) for p in rng.normal(0.9, 0.02, 110)]
    counts = [float(x) for x in rng.negative_binomial(10, 0.5, 110)]
    waits = [float(x) for x in rng.normal(2.5, 0.5, 110)]
    holes: dict[tuple[str, str], Any] = {
        ("north", "burglary"): history(counts, 22, 19, 25, None),
        ("north", "response"): small,
        ("north", "answered"): [None if n in (70, 71, 90) else share for n, share in enumerate(large)],
        ("north", "wait"): history(waits, 3, None, 3),
    }
    force.load(holes)
    cells = json.loads(json.dumps(force.cells(), allow_nan=False))
    assert {(cell["family"], cell["indicator"]) for cell in cells} >= {("target", "wait"), ("spike", "answered")}
    check(cells)


# expected_by_chance, by counting


def test_expected_by_chance_is_the_sum_over_cells_of_the_chance_to_pass(tmp_path: Any) -> None:
    """Two units at ten and forty a week that never vary, so that each window is gamma-Poisson.

    Nothing is accepted among two tests a family, so the cut is q / 2 capped at 5%, half of it a window. For each
    window the smallest count with such a tail that is also 20% and 3 events above the expected; the chance of it.
    """
    force = Force(tmp_path, units="unit\nlarge\nsmall\n")
    force.load({("large", "burglary"): [40.0] * 110, ("small", "burglary"): STEADY})
    cut = min(0.05, 0.20 / 2)
    total = 0.0
    for level in (10, 40):
        for length in (1, 4):
            chance = stats.nbinom(52 * level + 0.5, 52 / (52 + length))
            expected = (52 * level + 0.5) * length / 52
            rises = [c for c in range(400) if chance.sf(c - 1) <= cut / 2 and c >= max(1.2 * expected, expected + 3)]
            falls = [c for c in range(400) if chance.cdf(c) <= cut / 2 and c <= min(0.8 * expected, expected - 3)]
            total += chance.sf(rises[0] - 1) + chance.cdf(falls[-1])
    total += 2 * cut / 2  # a year ago: the upper half of a two-sided p, for two cells
    assert force.judged().decisions.expected_by_chance == pytest.approx(total, rel=1e-9)


def test_the_cut_is_the_bar_of_the_last_accepted_place(tmp_path: Any) -> None:
    force = Force(tmp_path, units="unit\nlarge\nsmall\n")
    force.load({("large", "burglary"): [40.0] * 110, ("small", "burglary"): history(STEADY, 22)})
    spikes = [one for one in force.judged().decisions.decided if one.judgement.rule.family == "spike"]
    p = min(one.judgement.p.min() for one in spikes if one.judgement.p.size)
    assert p < 0.1 / 2
    assert {one.p_cut for one in spikes} == {0.05}
    many = Force(tmp_path / "many", units="unit\n" + "".join(f"u{n}\n" for n in range(50)))
    many.load({(f"u{n}", "burglary"): history(STEADY, 25 if n < 2 else 10) for n in range(50)})
    spikes = [one for one in many.judged().decisions.decided if one.judgement.rule.family == "spike"]
    assert {one.p_cut for one in spikes} == {0.2 * 2 / 50}


def test_the_example_with_a_pencil_is_what_the_sample_says(page: dict[str, Any]) -> None:
    """docs/method.md, section 14."""
    (cell,) = [
        cell
        for cell in page["cells"]
        if (cell["unit"], cell["indicator"], cell["family"]) == ("eastgate", "burglary", "spike")
    ]
    four, week = cell["inputs"]["four_weeks"], cell["inputs"]["week"]
    assert (four["baseline_events"], four["count"], week["count"]) == (871, 110, 23)
    assert round(four["expected"], 1) == 67.0
    assert (round(four["dispersion"], 2), round(four["variance_factor"], 2)) == (1.39, 1.50)
    assert (round(week["expected"], 1), round(week["p"], 2)) == (17.3, 0.18)
    assert (round(four["p"], 6), round(cell["p_value"], 5), round(cell["q_value"], 4)) == (0.000073, 0.00015, 0.0095)
    pool = sorted(other["p_value"] for other in page["cells"] if other["family"] == "spike")
    assert (len(pool), pool.index(cell["p_value"]), page["tests"]) == (129, 1, 893)
    assert round(page["expected_by_chance"], 1) == 1.1
