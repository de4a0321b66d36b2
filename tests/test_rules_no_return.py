"""`no_return`: who sent nothing, and for how long. Missing is never 0."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Figure, Force, history

CELL = ("north", "burglary")


@pytest.mark.parametrize(("weeks", "flagged"), [(0, False), (1, True), (8, True), (9, False)])
def test_silence_is_flagged_for_eight_weeks(tmp_path: Path, weeks: int, flagged: bool) -> None:
    nothing: list[Figure] = [None] * weeks
    flags = Force(tmp_path).load({CELL: history(STEADY, *nothing)}).flags("no_return")
    assert bool(flags) is flagged
    if flagged:
        assert (flags[0].outcome, flags[0].severity, flags[0].value) == ("data", 1, None)
        assert flags[0].inputs == {"rule_version": 1, "periods_silent": weeks, "period": "2026-11-09"}


def test_the_sentence_says_how_long(tmp_path: Path) -> None:
    once = Force(tmp_path / "once").load({CELL: history(STEADY, None)}).flag("no_return")
    assert once.sentence == "burglary: no return for 2026-W46."
    thrice = Force(tmp_path / "thrice").load({CELL: history(STEADY, None, None, None)}).flag("no_return")
    assert thrice.sentence == "burglary: no return for 2026-W46, nor for 2 before."


def test_a_return_of_nothing_is_a_return(tmp_path: Path) -> None:
    assert Force(tmp_path).load({CELL: history(STEADY, 0)}).flags("no_return") == []


def test_a_unit_that_never_returned_is_not_expected_to(tmp_path: Path) -> None:
    force = Force(tmp_path, units="unit\nnorth\nsouth\n").load({CELL: history(STEADY, None)})
    assert [flag.unit for flag in force.flags("no_return")] == ["north"]


def test_a_unit_that_has_closed_is_not_expected_to(tmp_path: Path) -> None:
    force = Force(tmp_path, units="unit,valid_to\nnorth,2026-11-08\nsouth,2026-11-15\n")
    force.load({("north", "burglary"): STEADY}, last=date(2026, 11, 2))
    force.load({("south", "burglary"): history(STEADY, None)})
    assert [flag.unit for flag in force.flags("no_return")] == ["south"]
    assert force.judged().scope.cells == (("south", "burglary"),)


def test_after_a_break_silence_is_counted_all_the_same(tmp_path: Path) -> None:
    """The figures before the break are not compared, but they were returned."""
    breaks = "indicator,unit,start,kind,note\nburglary,*,2026-11-09,definition,\n"
    force = Force(tmp_path, breaks=breaks).load({CELL: history(STEADY, None)})
    assert force.flag("no_return").inputs["periods_silent"] == 1


def test_a_figure_taken_back_is_missing(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: history(STEADY, 12)})
    assert force.flags("no_return") == []
    force.load({CELL: [None]}, withdraw=True, recorded_at=moment(17))
    assert force.flag("no_return").inputs["periods_silent"] == 1
    assert force.judged().histories["weekly"].panel.amount[0, -2] == 10


def moment(day: int) -> datetime:

    return datetime(2026, 11, day, 18)


def test_a_monthly_return_is_missed_when_its_month_has_ended(tmp_path: Path) -> None:
    force = Force(tmp_path, indicators="indicator,better,unit_of_measure,cadence\ncost,lower,money,monthly\n")
    force.load({("north", "cost"): [100.0] * 30}, last=date(2026, 9, 1))
    assert force.flags("no_return", week=date(2026, 10, 19)) == []
    (flag,) = force.flags("no_return", week=W46)
    assert flag.sentence == "cost: no return for 2026-10."
