"""Earned autonomy: earned by a quiet record, lost by slipping, and always said what would change it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Figure, Force, history

from compstat.rules.ladder.tier import EarnedTier

RULES = '[[rule]]\nrule = "floor"\nfamily = "floor"\n[[rule]]\nrule = "no-return"\nfamily = "no_return"\n'
TIERS = """
[[tier]]
tier = "free"
of = 6
review_every = 4
[[tier]]
tier = "light"
of = 6
concern_periods = 2
floor_periods = 2
missing_periods = 1
review_every = 2
"""
LADDER = '[[ladder]]\nladder = "main"\n[[ladder.trigger]]\nstep = "support"\nperiods = 2\nof = 2\n'
BAD, GOOD = 30.0, 10.0


def tier(root: Path, *newest: Figure, rules: str = RULES + TIERS, before: list[float] = STEADY) -> EarnedTier:
    made = Force(
        root, rules=rules, units="unit\nnorth\nsouth\n", targets="indicator,unit,kind,value\nburglary,*,floor,20\n"
    )
    made.load({("north", "burglary"): history(before, *newest), ("south", "burglary"): before})
    return made.week().tiers["north"]


def test_a_quiet_record_earns_the_highest_tier_and_one_concern_loses_it(tmp_path: Path) -> None:
    found = tier(tmp_path / "a", BAD, *[GOOD] * 6)
    assert (found.tier, found.review_every) == ("free", 4)
    assert found.because == ("of the last 6 weeks none with a concern, a floor flag or a return missing")
    assert found.change == "free is lost by a concern in the next week"
    assert tier(tmp_path / "b", *[GOOD] * 5, BAD).tier == "light"


@pytest.mark.parametrize(
    ("newest", "earned"),
    [
        ([BAD, GOOD, GOOD, GOOD, GOOD, GOOD], "light"),
        ([BAD, BAD, GOOD, GOOD, GOOD, GOOD], "light"),  # exactly as many as there may be
        ([BAD, BAD, GOOD, GOOD, GOOD, BAD], None),
        ([None, GOOD, GOOD, GOOD, GOOD, GOOD], "light"),
        ([None, None, GOOD, GOOD, GOOD, GOOD], None),  # what is not returned cannot be praised
    ],
)
def test_at_most_so_many_is_enough_and_one_more_is_too_many(
    tmp_path: Path, newest: list[Figure], earned: str | None
) -> None:
    assert tier(tmp_path, *newest).tier == earned


def test_what_would_change_it_comes_true(tmp_path: Path) -> None:
    """`after 4 more weeks without` is neither 3 nor 5: the next weeks are lived through."""
    made = Force(tmp_path, rules=RULES + TIERS, targets="indicator,unit,kind,value\nburglary,*,floor,20\n")
    made.load({("north", "burglary"): history(STEADY, BAD, BAD, BAD, GOOD)})
    found = made.week().tiers["north"]
    assert (found.tier, found.because) == (
        None,
        "for light: 3 of the last 6 weeks with a concern, at most 2; "
        "3 of the last 6 weeks with a floor flag, at most 2",
    )
    assert found.change == "light after 3 more weeks without any of these"
    earned = []
    for week in range(1, 7):
        last = W46 + week * timedelta(days=7)
        made.load({("north", "burglary"): [GOOD]}, last=last)
        earned.append(made.week(last).tiers["north"].tier)
    assert earned == [None, None, "light", "light", "free", "free"]


def test_a_higher_tier_is_named_with_how_far_it_is_and_the_own_with_what_would_lose_it(tmp_path: Path) -> None:
    found = tier(tmp_path, BAD, *[GOOD] * 5)
    assert found.change == (
        "free after 1 more week without any of these; light is lost by a concern in each of the next 3 weeks"
    )


def test_a_short_record_earns_nothing_yet(tmp_path: Path) -> None:
    found = tier(tmp_path, before=[GOOD] * 4)
    assert (found.tier, found.because) == (None, "for light: only 4 of 6 weeks are known")


def test_a_unit_above_challenge_has_no_tier(tmp_path: Path) -> None:
    found = tier(tmp_path, GOOD, GOOD, GOOD, GOOD, BAD, BAD, rules=RULES + TIERS + LADDER)
    assert (found.tier, found.because) == (None, "it is at support on the ladder")


def test_a_unit_that_no_tier_is_for_has_none(tmp_path: Path) -> None:
    made = Force(tmp_path, rules=RULES + '[[tier]]\ntier = "free"\nunits = ["south"]\n', units="unit\nnorth\nsouth\n")
    made.load({("north", "burglary"): STEADY, ("south", "burglary"): STEADY})
    assert list(made.week().tiers) == ["south"]
