"""`leak`: what one count loses, the count it can be recorded as gains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rules_example import STEADY, Figure, Force, history, only

INDICATORS = "indicator,better,unit_of_measure\nburglary,lower,count\nlost,neutral,count\n"
PAIR = '\n[[leak]]\nfrom = "burglary"\nto = "lost"\n'


def force(root: Path, burglary: Sequence[Figure], lost: Sequence[Figure], pair: str = PAIR) -> Force:
    made = Force(root, indicators=INDICATORS, rules=only("leak") + pair)
    return made.load({("north", "burglary"): burglary, ("north", "lost"): lost})


def test_what_one_loses_and_the_other_gains_is_on_watch(tmp_path: Path) -> None:
    """Eight weeks of 6 and 14 where both had 10: 32 fewer here, 32 more there."""
    flag = force(tmp_path, history(STEADY, *[6] * 8), history(STEADY, *[14] * 8)).flag("leak")
    assert (flag.outcome, flag.severity, flag.indicator) == ("watch", 1, "burglary")
    assert (flag.value, flag.comparator, flag.inputs["count_to"]) == (48, 80, 112)
    assert (flag.inputs["fewer"], flag.inputs["more"], flag.inputs["usual_share"]) == (32, 32, 0.5)
    assert flag.sentence == "burglary: 48 over 8 weeks, 32 fewer than usual, while lost is 112, 32 more."


def test_a_little_less_is_within_chance(tmp_path: Path) -> None:
    """64 of 160 where half is usual: p just above 1%; 62 of 160: just below."""
    not_yet = force(tmp_path / "a", history(STEADY, *[8] * 8), history(STEADY, *[12] * 8))
    assert not_yet.cell("leak")["p_value"] == pytest.approx(0.011, abs=0.0005)
    assert not_yet.flags("leak") == []
    now = force(tmp_path / "b", history(STEADY, *[8] * 6, 7, 7), history(STEADY, *[12] * 6, 13, 13))
    assert now.flag("leak").p_value == pytest.approx(0.005, abs=0.001)


def test_a_fall_of_both_is_none(tmp_path: Path) -> None:
    made = force(tmp_path, history(STEADY, *[4] * 8), history(STEADY, *[9] * 8))
    assert made.cell("leak")["p_value"] == 1
    assert made.flags("leak") == []


def test_a_rise_of_both_is_none(tmp_path: Path) -> None:
    assert force(tmp_path, history(STEADY, *[11] * 8), history(STEADY, *[30] * 8)).flags("leak") == []


def test_the_smallest_gap_holds_for_both(tmp_path: Path) -> None:
    series = history(STEADY, *[6] * 8), history(STEADY, *[14] * 8)
    assert force(tmp_path / "a", *series, pair=f"{PAIR}minimum_gap = 32\n").flags("leak")
    assert force(tmp_path / "b", *series, pair=f"{PAIR}minimum_gap = 33\n").flags("leak") == []


def test_a_missing_week_or_a_missing_count_is_not_tested(tmp_path: Path) -> None:
    hole = force(tmp_path / "a", history(STEADY, *[6] * 7, None), history(STEADY, *[14] * 8))
    assert hole.cells() == []
    alone = Force(tmp_path / "b", indicators=INDICATORS, rules=only("leak") + PAIR)
    assert alone.load({("north", "burglary"): STEADY}).cells() == []


def test_without_a_declared_pair_nothing_is_asked(tmp_path: Path) -> None:
    assert force(tmp_path, history(STEADY, *[6] * 8), history(STEADY, *[14] * 8), pair="").cells() == []


@pytest.mark.parametrize("value", [0.0, 10.0])
def test_counts_that_never_change_leak_nothing(tmp_path: Path, value: float) -> None:
    made = force(tmp_path, [value] * 110, [value] * 110)
    assert made.flags("leak") == []
    assert all(cell["p_value"] == 1 for cell in made.cells())


def test_too_short_a_history_is_not_tested(tmp_path: Path) -> None:
    assert force(tmp_path, [10.0] * 8, [10.0] * 8).cells() == []
