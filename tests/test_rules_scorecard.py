"""What became of flagged cells and near-misses, on series whose later weeks are in the test."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rules_example import STEADY, W46, Figure, Force, history, only

from compstat.rules.rehearsal.scorecard import Scorecard, keep_score
from compstat.rules.rehearsal.scorecard_summary import as_public
from compstat.statistics.exact_interval import clopper_pearson

WEEK = timedelta(weeks=1)
GATES = only("spike", threshold_percent=20, minimum_gap=3)
QUIET = [10.0] * 12  # the weeks after the flag, when it went away
JUMP = 16  # weeks of a span of which the fourth brings a jump


def force_with(root: Path, rules: str = GATES, better: str = "lower", **newest: list[Figure]) -> Force:
    """Units whose last weeks are these."""
    units = "unit,level\n" + "".join(f"{unit},district\n" for unit in newest)
    indicators = f"indicator,better,unit_of_measure\nburglary,{better},count\n"
    figures = {(unit, "burglary"): history(STEADY, *last) for unit, last in newest.items()}
    return Force(root, units=units, indicators=indicators, rules=rules).load(figures)


def scored(force: Force, weeks: int = JUMP) -> Scorecard:
    cycle = force.workspace.cycle()
    return keep_score(force.store, force.workspace, cycle, W46 - (weeks - 1) * WEEK, W46)


def rows(force: Force, weeks: int = JUMP) -> dict[tuple[str, int], dict[str, Any]]:
    """By group and how many periods later."""
    return {(row["group"], row["periods_later"]): row for row in as_public(scored(force, weeks))["rows"]}


def test_a_jump_of_a_week_is_back_and_one_that_stays_is_not(tmp_path: Path) -> None:
    """30 where 10 are usual; four weeks: 60 at the flag. After it 40 again, or 120."""
    force = force_with(tmp_path, gone=[30, *QUIET], stays=[30] * 13, steady=[])
    found = rows(force)
    assert set(found) == {("flagged", 4), ("flagged", 12)}
    for later in (4, 12):
        row = found["flagged", later]
        assert (row["cells"], row["known"], row["back_within_chance"], row["half_of_gap_left"]) == (2, 2, 0.5, 0.5)
        assert (row["back_within_chance_low"], row["back_within_chance_high"]) == clopper_pearson(1, 2)
    # 60 -> 40 and 60 -> 120, of 40.4 expected (half an event more in the year): -20 and +60
    expected = 520.5 / 13
    assert found["flagged", 4]["change_percent"] == pytest.approx((-20 + 60) / 2 / expected * 100)
    assert found["flagged", 4]["change_percent_low"] < 0 < found["flagged", 4]["change_percent_high"]


def test_a_cell_counts_once_in_the_time_it_is_followed_for(tmp_path: Path) -> None:
    force = force_with(tmp_path, a=[30, 10, 10, 10, 10, 10, 30, *[10] * 6], b=[])
    assert rows(force)["flagged", 4]["cells"] == 1


def test_what_is_not_known_yet_is_counted_and_not_guessed(tmp_path: Path) -> None:
    force = force_with(tmp_path, a=[30, 10, 10], b=[])
    found = rows(force, 8)
    for later in (4, 12):
        assert (found["flagged", later]["cells"], found["flagged", later]["known"]) == (1, 0)
        assert (
            found["flagged", later]["back_within_chance"] is None and found["flagged", later]["change_percent"] is None
        )


def test_a_missing_return_in_the_later_window_is_not_known(tmp_path: Path) -> None:
    force = force_with(tmp_path, a=[30, 10, None, *[10] * 10], b=[])
    found = rows(force)
    assert found["flagged", 4]["known"] == 0
    assert found["flagged", 12]["known"] == 1


def test_flags_that_stood_before_the_span_are_left_out(tmp_path: Path) -> None:
    """They may be older than its first week."""
    force = force_with(tmp_path, a=[30] * 13, b=[])
    assert as_public(scored(force, 12))["rows"] == []


def test_near_misses_passed_the_gates_and_just_missed_the_cut(tmp_path: Path) -> None:
    """Of 40 cells one leaps. The cut is 0.20/40 = 0.005; 19 where 10 are usual have a p of 0.015, 18 of 0.031."""
    others: dict[str, list[Figure]] = {f"quiet{n}": [] for n in range(36)}
    force = force_with(tmp_path, leap=[40, *QUIET], near=[19, *QUIET], far=[18, *QUIET], low=[11, *QUIET], **others)
    card = scored(force)
    groups = {one.entry.key[0]: one.entry.group for one in card.later}
    assert groups == {"leap": "flagged", "near": "near_miss"}
    found = rows(force)
    assert found["near_miss", 4]["on_watch_list"] in {0, 1}
    assert found["near_miss", 4]["flagged_later"] == 0
    assert found["flagged", 4]["flagged_later"] is None


def test_a_near_miss_that_is_flagged_later_stays_one_and_is_counted(tmp_path: Path) -> None:
    others: dict[str, list[Figure]] = {f"quiet{n}": [] for n in range(36)}
    force = force_with(tmp_path, near=[19, 30, 30, *QUIET[:10]], **others)
    found = rows(force)
    assert found["near_miss", 12]["cells"] == found["near_miss", 12]["flagged_later"] == 1
    assert ("flagged", 12) not in found


def test_praise_is_scored_on_its_own_side(tmp_path: Path) -> None:
    """Three where ten are usual; of what came after, one stayed low: still on that side, and not back."""
    rules = only("commend", threshold_percent=20, minimum_gap=3)
    force = force_with(tmp_path, rules, gone=[1, *QUIET], stays=[1] * 13, steady=[])
    row = rows(force)["flagged", 4]
    assert row["outcome"] == "commend"
    assert (row["back_within_chance"], row["half_of_gap_left"]) == (0.5, 0.5)


def test_shares_are_scored_with_the_spread_of_their_blocks(tmp_path: Path) -> None:
    """90% in time, then 60% once: back to 90%, or 60% for good."""
    indicators = "indicator,better,unit_of_measure\nin_time,higher,percent\n"
    before: list[Figure] = [(88.0, 100.0), (91.0, 100.0), (92.0, 100.0), (89.0, 100.0), (90.0, 100.0)] * 22
    back, low = (90.0, 100.0), (55.0, 100.0)
    force = Force(tmp_path, units="unit,level\na,district\nb,district\n", indicators=indicators, rules=GATES).load(
        {("a", "in_time"): history(before, low, *[back] * 12), ("b", "in_time"): history(before, *[low] * 13)}
    )
    row = rows(force)["flagged", 4]
    assert (row["cells"], row["known"]) == (2, 2)
    assert (row["back_within_chance"], row["half_of_gap_left"]) == (0.5, pytest.approx(0.5, abs=0.5))


def test_it_says_that_it_proves_nothing(tmp_path: Path) -> None:
    page = as_public(scored(force_with(tmp_path, a=[])))
    assert page["rows"] == [] and "no proof" in page["caution"]
