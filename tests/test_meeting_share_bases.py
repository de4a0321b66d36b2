"""What a percentage is of stands beside it: in the sentence that heads a page, and where the flag is listed."""

from __future__ import annotations

from pathlib import Path

from packs_example import texts_of
from rules_example import SHARES, W46, Force, history, only

from compstat.meeting.briefing import Briefing
from compstat.meeting.gather import gather
from compstat.packs.briefing_pdf import write_briefing
from compstat.tracker.tracker import open_tracker

INDICATORS = "indicator,name,better,unit_of_measure\nanswered,Answered in time,higher,percent\n"
FLOOR = "indicator,unit,kind,value\nanswered,*,floor,85\n"


def briefing_of(folder: Path, rules: str, targets: str, *newest: tuple[float, float] | None) -> Briefing:
    force = Force(folder, indicators=INDICATORS, targets=targets, rules=rules)
    force.load({("north", "answered"): history(SHARES, *newest)})
    return gather(force.store, open_tracker(force.workspace), force.workspace, force.workspace.cycles[0], W46)


def test_a_floor_s_percentage_stands_with_its_week_s_numbers(tmp_path: Path) -> None:
    briefing = briefing_of(tmp_path, only("floor"), FLOOR, (80, 100), (269, 335))
    (flag,) = briefing.flags
    assert briefing.bases == {flag.flag: "269 of 335"}
    assert "answered in time: 80.3% (269 of 335) this week, below its floor of 85.0%" in briefing.one_minute[0]
    assert briefing.units[0].sentence.startswith("Answered in time: 80.3% (269 of 335) this week")
    write_briefing(briefing, tmp_path / "b.pdf")
    text = " ".join(" ".join(texts_of(tmp_path / "b.pdf")).split())
    assert "Answered in time: 269 of 335" in text


def test_over_four_weeks_the_weeks_returned_are_added_and_none_is_taken_for_nothing(tmp_path: Path) -> None:
    rules = '[[rule]]\nrule = "target"\nfamily = "target"\nperiods = 1\nof = 12\n'
    targets = FLOOR.replace("floor,85", "target,95")
    briefing = briefing_of(tmp_path, rules, targets, (50, 100), None, (51, 100), (52, 110))
    (flag,) = [flag for flag in briefing.flags if flag.family == "target"]
    assert briefing.bases[flag.flag] == "153 of 310"


def test_a_count_has_no_base(tmp_path: Path) -> None:
    force = Force(tmp_path).load({("north", "burglary"): history([10.0] * 110, 40.0)})
    briefing = gather(force.store, open_tracker(force.workspace), force.workspace, force.workspace.cycles[0], W46)
    assert briefing.flags and briefing.bases == {}
