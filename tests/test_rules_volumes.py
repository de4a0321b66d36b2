"""`spike` and `commend` on large volumes: the forecast and the year's chart must both be surprised."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from recomputed_example import check
from rules_example import STEADY, Figure, Force, history, only, week_by_week

from compstat.rules.receipts.worked import worked

CALLS = "indicator,better,unit_of_measure\ncalls,{},count\n"
CELL = ("north", "calls")
WAVE = [float(round(800 * np.exp(0.1 * np.sin(n / 6) + 0.03 * np.sin(n * n)))) for n in range(110)]


def force(root: Path, *newest: Figure, better: str = "lower", rules: str | None = None) -> Force:
    made = Force(root, indicators=CALLS.format(better), rules=rules)
    return made.load({CELL: history(WAVE, *newest)})


def test_a_sudden_rise_is_flagged_from_its_forecast(tmp_path: Path) -> None:
    flag = force(tmp_path, 1200).flag("spike")
    assert (flag.outcome, flag.value, flag.severity) == ("concern", 1200, 2)
    assert flag.comparator == pytest.approx(np.exp(flag.inputs["forecast"]) - 0.5)
    assert flag.excess == pytest.approx(1200 - flag.comparator)
    assert flag.inputs["forecast_z"] > 3 < flag.inputs["chart_z"]
    assert flag.inputs["autocorrelation"] > 0.3
    wanted = f"{flag.comparator:.0f}"
    assert flag.sentence == f"calls: 1,200 this week, where the weeks before it led us to expect {wanted}."
    assert flag.lower_limit < flag.comparator < flag.upper_limit < flag.threshold <= 1200


def test_the_same_figures_in_another_order_are_counts(tmp_path: Path) -> None:
    """Weeks that do not resemble their neighbours are judged as counts, by the year."""
    shuffled = np.random.default_rng(7).permutation(WAVE).tolist()
    made = Force(tmp_path, indicators=CALLS.format("lower")).load({CELL: history(shuffled, 1200)})
    assert "four_weeks" in made.flag("spike").inputs


def test_a_level_that_holds_is_news_once(tmp_path: Path) -> None:
    """After four weeks at the new level the forecast knows it; target, peer and special cause go on."""
    held = force(tmp_path, 1200, 1210, 1190, 1200)
    assert held.cell("spike")["p_value"] > 0.05
    assert held.flags("spike") == []
    assert held.flag("special_cause").outcome == "watch"


@pytest.mark.parametrize(("better", "worse", "good"), [("lower", "spike", "commend"), ("higher", "commend", "spike")])
def test_the_direction_is_the_indicators(tmp_path: Path, better: str, worse: str, good: str) -> None:
    risen, fallen = force(tmp_path / "risen", 1200, better=better), force(tmp_path / "fallen", 480, better=better)
    assert len(risen.flags(worse)) == len(fallen.flags(good)) == 1
    assert risen.flags(good) == fallen.flags(worse) == []


def test_a_volume_that_is_suddenly_nothing_is_no_merit(tmp_path: Path) -> None:
    """It is worse where more is better, and praised nowhere."""
    assert force(tmp_path / "fewer", 0).flags("commend") == []
    assert force(tmp_path / "more", 0, better="higher").flag("spike").value == 0


def test_a_neutral_volume_is_not_judged(tmp_path: Path) -> None:
    made = force(tmp_path, 2000, better="neutral")
    assert made.flags("spike") == []
    assert made.untested("spike") == {CELL: "neither more nor less is better"}


def test_the_year_on_year_says_who_judges_a_volume(tmp_path: Path) -> None:
    words = "a large volume whose periods resemble each other: judged by its forecast, not as a count"
    assert force(tmp_path, 1200).untested("year_on_year") == {CELL: words}


def test_threshold_and_gap_are_of_what_was_expected(tmp_path: Path) -> None:
    plain = force(tmp_path / "plain", 1200, rules=only("spike")).flag("spike")
    gap = plain.value - plain.comparator
    for name, at, above in (
        ("minimum_gap", gap - 0.1, gap + 0.1),
        ("threshold_percent", 100 * gap / plain.comparator - 0.1, 100 * gap / plain.comparator + 0.1),
    ):
        passed = force(tmp_path / f"{name}-at", 1200, rules=only("spike", **{name: at}))
        missed = force(tmp_path / f"{name}-above", 1200, rules=only("spike", **{name: above}))
        assert passed.flag("spike").inputs["breakeven"] == 1200
        assert missed.flags("spike") == []
        assert missed.cell("spike")["p_value"] == plain.p_value


def test_breakeven_is_the_smallest_count_that_is_still_flagged(tmp_path: Path) -> None:
    flag = force(tmp_path, 1200, rules=only("spike")).flag("spike")
    least = flag.inputs["breakeven"]
    assert flag.fragile is None, "nothing was learnt of later changes"
    at, below = (force(tmp_path / str(count), count, rules=only("spike")) for count in (least, least - 1))
    assert at.cell("spike")["p_value"] <= flag.inputs["p_limit"] < below.cell("spike")["p_value"]


def test_a_holiday_that_comes_every_year_is_no_news(tmp_path: Path) -> None:
    """The same week a year ago fell as far; the week of another unit did not."""
    holiday = list(WAVE)
    holiday[-53] = 480.0
    made = Force(tmp_path, units="unit,level\nnorth,district\nsouth,district\n", indicators=CALLS.format("lower"))
    made.load({CELL: history(holiday, 520), ("south", "calls"): history(WAVE, 520)})
    assert {cell["unit"] for cell in made.cells() if cell["family"] == "commend"} == {"north", "south"}
    assert [flag.unit for flag in made.flags("commend")] == ["south"]


def test_a_missing_newest_week_is_not_judged(tmp_path: Path) -> None:
    made = force(tmp_path, None)
    assert made.flags("spike") == []
    assert made.untested("spike") == {CELL: "no return this period"}


def test_gaps_and_shares_beside_it_are_recomputed(tmp_path: Path) -> None:
    gaps: list[Figure] = [None if n in (60, 61, 80, 107) else value for n, value in enumerate(WAVE)]
    made = Force(tmp_path, units="unit,level\nnorth,district\nsouth,district\n", indicators=CALLS.format("lower"))
    made.load({CELL: history(gaps, 1000), ("south", "calls"): history(WAVE, 690)})
    cells = json.loads(json.dumps(made.cells(), allow_nan=False))
    assert sum("forecast" in cell["inputs"] for cell in cells) == 4
    check(cells)


def test_a_fall_is_praised_for_the_count_as_it_settles(tmp_path: Path) -> None:
    """Volumes that grow by a tenth within their first week: a fall of a quarter is praised for what remains of it."""
    final = history(WAVE, 620)
    first = [float(round(value / 1.1)) for value in final[:-1]] + [620.0]
    grows = week_by_week(tmp_path / "grows", first, final, only("commend"), cell=CELL, indicators=CALLS.format("lower"))
    plain = force(tmp_path / "plain", 620, rules=only("commend"))
    cell = grows.cell("commend")
    assert cell["inputs"]["growth"] == pytest.approx(1.1, abs=0.002)
    assert cell["p_value"] > 3 * plain.cell("commend")["p_value"]
    check(grows.cells())


def test_the_receipt_has_the_formula_with_its_numbers(tmp_path: Path) -> None:
    flag = force(tmp_path, 1200).flag("spike")
    lines = worked(flag.family, flag.inputs, flag.p_value)
    z, chart = flag.inputs["forecast_z"], flag.inputs["chart_z"]
    assert any(line.startswith("forecast z = (ln(1200 + 1/2) - ") and line.endswith(f"= {z:.6g}") for line in lines)
    assert any(line.startswith("chart z = (ln(1200 + 1/2) - ") and line.endswith(f"= {chart:.6g}") for line in lines)
    assert lines[-1] == f"p = {flag.p_value:.6g}"


def test_a_count_beside_it_is_judged_as_before(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators=CALLS.format("lower") + "burglary,lower,count\n")
    made.load({CELL: history(WAVE, 1200), ("north", "burglary"): history(STEADY, 40)})
    assert {flag.indicator for flag in made.flags("spike")} == {"calls", "burglary"}
