"""Where units stand on the ladders: since when, as far as the flags tell; by which flags; who signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Figure, Force, history

from compstat.meeting.briefing import LadderPlace
from compstat.meeting.ladder_places import ladder_places
from compstat.rules.flag import flag_code
from compstat.rules.ladder.held_since import held_since
from compstat.rules.ladder.ladder import Counted
from compstat.rules.ladder.signed_steps import SignedStep, sign_step
from compstat.workspace.ladders import Ladder, Step, Trigger
from compstat.workspace.tables import Person, Role

RULES = """
[[rule]]
rule = "floor"
family = "floor"

[[ladder]]
ladder = "main"
down_after = 3
[[ladder.trigger]]
step = "support"
periods = 3
of = 4
[[ladder.trigger]]
step = "contestability"
periods = 6
of = 6
"""
BAD, GOOD = 30.0, 10.0
SIGNED_AT = datetime(2026, 11, 19, 12)


def force(root: Path, *newest: Figure, rules: str = RULES) -> Force:
    tables = {
        "units": "unit,name\nnorth,North\nsouth,South\n",
        "targets": "indicator,unit,kind,value\nburglary,north,floor,20\n",
    }
    made = Force(root, rules=rules, **tables)  # type: ignore[arg-type]
    (root / "people.csv").write_text("person,name,role\ncasey,Casey Ward,challenger\n", "utf-8")
    return made.load({("north", "burglary"): history(STEADY, *newest), ("south", "burglary"): STEADY})


def place(made: Force, weeks_ago: int = 0, unit: str = "north") -> LadderPlace:
    (found,) = [row for row in ladder_places(made.week(W46 - timedelta(weeks=weeks_ago))) if row.unit == unit]
    return found


def sign(made: Force, step: Step, reason: str) -> None:
    (standing,) = [row for row in made.week().standings if row.unit == "north"]
    who = Person(person="casey", role=Role.CHALLENGER)
    signed = SignedStep("main", "north", W46, step, reason, "", standing.reached, "casey", "casey", SIGNED_AT)
    sign_step(made.store, made.workspace.cycle(), standing, signed, who)


def test_on_the_first_step_nothing_began_and_nothing_is_to_be_signed(tmp_path: Path) -> None:
    found = place(force(tmp_path, BAD, BAD))
    assert (found.step, found.since, found.proposed, found.leaves, found.is_first) == ("challenge", None, "", "", True)
    assert found.because == "a concern in 2 of the last 4 weeks; support takes 3"
    assert found.receipts == ((flag_code("north", "burglary", "floor"), 2),)


def test_support_is_dated_by_the_week_that_brought_it_as_far_as_its_flags_tell(tmp_path: Path) -> None:
    """Bad from W41 on: support in W43, contestability proposed in W46 by six weeks, of which the third is W43."""
    found = place(force(tmp_path, *[BAD] * 6))
    assert (found.step, found.since, found.or_earlier) == ("support", date(2026, 10, 25), True)
    assert (found.proposed, found.is_first) == ("contestability", False)
    assert found.leaves == "no longer proposed after 3 weeks without a concern"
    assert found.receipts == ((flag_code("north", "burglary", "floor"), 6),)


def test_a_step_that_the_rule_moved_says_when_it_is_left(tmp_path: Path) -> None:
    found = place(force(tmp_path, BAD, BAD, BAD, GOOD, GOOD))
    assert (found.since, found.proposed) == (date(2026, 11, 1), "")  # W42 to W44
    assert found.leaves == "left after 2 weeks without a concern"


def test_a_signed_step_says_by_whom_when_and_why(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 6)
    sign(made, Step.CONTESTABILITY, "No change in <b>two</b> quarters")
    found = place(made)
    assert (found.step, found.since, found.or_earlier) == ("contestability", date(2026, 11, 19), False)
    assert (found.signed_by, found.reason, found.refused) == ("Casey Ward", "No change in <b>two</b> quarters", "")
    assert found.leaves == "left when a challenger signs a lower step"


def test_support_after_a_signed_step_began_when_the_lower_one_was_signed(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 6)
    sign(made, Step.CONTESTABILITY, "No change")
    sign(made, Step.SUPPORT, "A new plan is agreed")
    found = place(made)
    assert (found.step, found.since, found.or_earlier) == ("support", SIGNED_AT.date(), False)
    assert (found.signed_by, found.reason) == ("", "")  # support needs no signature


def test_nothing_where_no_ladder_is_declared(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 6, rules=RULES.split("[[ladder]]", maxsplit=1)[0])
    assert ladder_places(made.week()) == ()


@pytest.mark.parametrize(
    ("concerns", "oldest"),  # the newest first; support takes 2 of 3 and is left after 2 weeks
    [
        ("110", 0),  # of the older ones one concern is known, and not two
        ("111", 1),
        ("110110", 3),
        ("10101", 2),  # it held in the weeks 2 and 0: support stood over the one between
        ("1100110", 0),  # it held in the weeks 4 and 3, and was left before 0
    ],
)
def test_support_reaches_back_as_long_as_no_gap_would_have_ended_it(concerns: str, oldest: int) -> None:
    ladder = Ladder(ladder="main", down_after=2, trigger=(Trigger(step="support", periods=2, of=3),))
    periods = [Counted(f"w{n}", int(one), (), ()) for n, one in enumerate(concerns)]
    assert held_since(ladder, periods).week == f"w{oldest}"


@pytest.mark.parametrize(
    ("concerns", "or_earlier"), [("1100", True), ("11000", False), ("1111000", False), ("1111", True)]
)
def test_where_the_record_reaches_back_to_weeks_without_it_the_day_is_exact(concerns: str, or_earlier: bool) -> None:
    """Two weeks of leaving and a window of three behind the oldest that holds: then it is seen not to have held."""
    ladder = Ladder(ladder="main", down_after=2, trigger=(Trigger(step="support", periods=2, of=3),))
    periods = [Counted(f"w{n}", int(one), (), ()) for n, one in enumerate(concerns)]
    assert held_since(ladder, periods).or_earlier is or_earlier
