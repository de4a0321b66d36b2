"""Each check of a week's data: a case that trips it, and one that just does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
from quality_example import OWNED, codes, found, only_found, owned, poisson
from rules_example import SHARES, W46, Figure, Force, history, sample_force

from compstat.meeting.check_notes import check_notes
from compstat.meeting.statement import Statement
from compstat.quality.checked_week import check_week
from compstat.quality.checks import CHECKS
from compstat.windows.scope import known_at

CELL = ("north", "burglary")
USUAL = poisson(1, 10)
EMPTY = Statement(0, 0, (), (), (), (), None)


def test_a_week_without_a_fault_has_no_finding(tmp_path: Path) -> None:
    assert found(owned(Force(tmp_path, indicators=OWNED)).load({CELL: USUAL})) == []


def test_every_check_has_a_code_of_its_own_and_words(tmp_path: Path) -> None:
    assert len({check.code for check in CHECKS}) == len(CHECKS)
    assert all(check.means.endswith(".") and check.false_alarms for check in CHECKS)


def test_errors_come_first_and_carry_the_severity_of_their_check(tmp_path: Path) -> None:
    indicators = OWNED.replace("burglary,lower,count,avery", "burglary,lower,count,\nsolved,higher,percent,avery")
    force = owned(Force(tmp_path, indicators=indicators))
    force.load({CELL: USUAL, ("north", "solved"): history(SHARES, (101.0, 100.0))})
    severities = [(one.finding.code, one.finding.severity) for one in found(force)]
    assert severities[0] == ("impossible-figure", "error") and ("indicator-without-owner", "warning") in severities


# Completeness


@pytest.mark.parametrize(("weeks", "tripped"), [(0, False), (1, True), (8, True), (9, False)])
def test_a_missing_return_is_told_for_eight_weeks(tmp_path: Path, weeks: int, tripped: bool) -> None:
    nothing: list[Figure] = [None] * weeks
    indicators = f"{OWNED}arson,lower,count,avery\n"
    force = owned(Force(tmp_path, indicators=indicators))
    force.load({CELL: history(USUAL, *nothing), ("north", "arson"): USUAL})
    assert ("missing-return" in codes(force)) is tripped
    if tripped:
        one = only_found(force, "missing-return")
        assert one.finding.where == "north:burglary, 2026-W46" and (one.unit, one.indicator) == CELL


@pytest.mark.parametrize(("weeks", "code"), [(1, "missing-return"), (2, "silent-unit"), (30, "silent-unit")])
def test_a_unit_that_sends_nothing_twice_is_silent_and_named_once(tmp_path: Path, weeks: int, code: str) -> None:
    nothing: list[Figure] = [None] * weeks
    force = owned(Force(tmp_path, indicators=OWNED, units="unit\nnorth\nsouth\n"))
    force.load({CELL: history(USUAL, *nothing), ("south", "burglary"): USUAL})
    assert codes(force) == [code]
    assert found(force)[0].unit == "north"


# Timeliness


def weekly_loads(force: Force, days_late: list[int]) -> Force:
    """One load a week, each so many days after the week's end; the newest is W46."""
    for back, days in enumerate(reversed(days_late)):
        start = W46 - timedelta(weeks=back)
        at = datetime.combine(start + timedelta(days=6 + days), time(18))
        force.load({CELL: [10.0]}, last=start, recorded_at=at)
    return force


@pytest.mark.parametrize(
    ("days_late", "tripped"),
    [
        ([1] * 12 + [4], True),  # always on a Monday, now on a Thursday
        ([1] * 12 + [3], False),  # Wednesday: within the days of grace
        ([1] * 7 + [30], False),  # too few to know what is usual
        ([1, 3, 5, 7] * 3 + [9], False),  # it comes when it comes
        ([1, 3, 5, 7] * 3 + [25], True),
    ],
)
def test_a_return_is_late_against_what_is_usual_for_it(tmp_path: Path, days_late: list[int], tripped: bool) -> None:
    force = weekly_loads(owned(Force(tmp_path, indicators=OWNED)), days_late)
    assert ("late-return" in codes(force)) is tripped
    if tripped:
        one = only_found(force, "late-return")
        assert one.inputs["days_late"] == days_late[-1] and one.indicator == "burglary"


def test_years_loaded_at_once_are_not_late(tmp_path: Path) -> None:
    """Their delays are hundreds of days; only the newest period of a load says how long a return takes."""
    force = owned(Force(tmp_path, indicators=OWNED)).load({CELL: USUAL[:-1]}, last=W46 - timedelta(weeks=1))
    force.load({CELL: [10.0]})
    assert codes(force) == []


def test_a_restatement_is_not_a_late_return(tmp_path: Path) -> None:
    force = weekly_loads(owned(Force(tmp_path, indicators=OWNED)), [1] * 12)
    force.load({CELL: [11.0]}, recorded_at=datetime(2026, 12, 10, 18))
    assert "late-return" not in codes(force)


# Validity


@pytest.mark.parametrize(("newest", "tripped"), [((101.0, 100.0), True), ((100.0, 100.0), False)])
def test_a_part_is_not_larger_than_its_whole(tmp_path: Path, newest: Figure, tripped: bool) -> None:
    indicators = "indicator,better,unit_of_measure,owner\nsolved,higher,percent,avery\n"
    force = owned(Force(tmp_path, indicators=indicators)).load({("north", "solved"): history(SHARES, newest)})
    assert ("impossible-figure" in codes(force)) is tripped


def test_what_became_impossible_by_a_new_definition_is_told(tmp_path: Path) -> None:
    indicators = "indicator,unit_of_measure,non_negative,owner\nburglary,money,no,avery\n"
    force = owned(Force(tmp_path, indicators=indicators)).load({CELL: history(USUAL, -3.0, 4.0)})
    assert "impossible-figure" not in codes(force)
    again = owned(Force(tmp_path, indicators=indicators.replace(",no,", ",yes,")))
    again.store = force.store
    assert "is below 0" in only_found(again, "impossible-figure").finding.message


@pytest.mark.parametrize(
    ("newest", "measure", "said"),
    [
        ((12.0,), "count", None),
        ((2.3,), "count", "2.3 is a count with a fraction. Each such figure"),
        ((1.204, 2.3, 12.0), "count", "2.3 is a count with a fraction, one of 2 of the year in 1 unit. Each such"),
        ((1204.5,), "count", "1,204.5 is a count with a fraction"),
        ((2.3,), "money", None),
    ],
)
def test_a_count_is_whole(tmp_path: Path, newest: tuple[float, ...], measure: str, said: str | None) -> None:
    force = owned(Force(tmp_path, indicators=OWNED.replace("count", measure)))
    force.load({CELL: history(USUAL, *newest)})
    assert ("fractional-count" in codes(force)) is (said is not None)
    if said:
        one = only_found(force, "fractional-count")
        assert one.finding.message.startswith(said) and one.finding.severity == "warning"
        assert ('thousands = "."' in one.finding.fix) is (1204.5 not in newest)
        assert one.names[-1] == "fractional-count::burglary"


def test_a_fraction_of_more_than_a_year_ago_is_no_longer_told(tmp_path: Path) -> None:
    force = owned(Force(tmp_path, indicators=OWNED)).load({CELL: history([2.3, *USUAL])})
    assert "fractional-count" not in codes(force)


SUMMED = f"{OWNED}theft,lower,count,avery\nall_crime,lower,count,avery\n"
SUM = '[[sum]]\ntotal = "all_crime"\nparts = ["burglary", "theft"]\n'


@pytest.mark.parametrize(("total", "tolerance", "tripped"), [(20, 0, False), (21, 0, True), (21, 1, False)])
def test_a_declared_total_is_the_sum_of_its_parts(tmp_path: Path, total: int, tolerance: int, tripped: bool) -> None:
    force = owned(Force(tmp_path, indicators=SUMMED, rules=f"{SUM}tolerance = {tolerance}\n"))
    figures = {("north", code): history([10.0, 11.0] * 40, 10) for code in ("burglary", "theft")}
    force.load({**figures, ("north", "all_crime"): history([20.0, 22.0] * 40, total)})
    assert ("sum-mismatch" in codes(force)) is tripped
    if tripped:
        assert only_found(force, "sum-mismatch").finding.message == "21 is not burglary 10 + theft 10 = 20"


def test_a_total_with_a_part_missing_is_not_judged(tmp_path: Path) -> None:
    force = owned(Force(tmp_path, indicators=SUMMED, rules=SUM))
    figures = {("north", "burglary"): USUAL, ("north", "theft"): history(USUAL, None)}
    force.load({**figures, ("north", "all_crime"): history([2 * n for n in USUAL], 99.0)})
    assert "sum-mismatch" not in codes(force)


# Plausibility


@pytest.mark.parametrize(("newest", "tripped"), [(40, True), (24, True), (21, False), (0, True), (2, False)])
def test_a_count_far_from_its_own_year_is_an_outlier(tmp_path: Path, newest: int, tripped: bool) -> None:
    """One cell alone: p at most 0.05. Poisson with mean 10: 21 or more has p 0.0016 one way, but history varies."""
    others = {(f"u{n}", "burglary"): poisson(n + 5, 10) for n in range(40)}
    units = "unit\nnorth\n" + "".join(f"u{n}\n" for n in range(40))
    force = owned(Force(tmp_path, indicators=OWNED, units=units)).load({CELL: history(USUAL, newest), **others})
    assert (CELL in {(one.unit, one.indicator) for one in found(force) if one.finding.code == "outlier"}) is tripped


@pytest.mark.parametrize(("newest", "tripped"), [(200.0, True), (108.0, False)])
def test_a_measurement_far_from_its_own_spread_is_an_outlier(tmp_path: Path, newest: float, tripped: bool) -> None:
    indicators = "indicator,better,unit_of_measure,owner\novertime,lower,money,avery\n"
    usual = [float(n) for n in np.random.default_rng(3).normal(100, 5, 80).round(2)]
    force = owned(Force(tmp_path, indicators=indicators)).load({("north", "overtime"): history(usual, newest)})
    assert ("outlier" in codes(force)) is tripped


def test_a_share_far_from_its_own_year_is_an_outlier(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure,owner\nsolved,higher,percent,avery\n"
    rng = np.random.default_rng(5)
    usual = [(float(rng.binomial(100, 0.8)), 100.0) for _ in range(110)]
    for newest, tripped in (((8.0, 100.0), True), ((76.0, 100.0), False)):
        force = owned(Force(tmp_path / str(newest[0]), indicators=indicators))
        assert ("outlier" in codes(force.load({("north", "solved"): history(usual, newest)}))) is tripped


@pytest.mark.parametrize("before", ["2026-06-01", "2026-11-09"])
def test_nothing_is_compared_across_a_break(tmp_path: Path, before: str) -> None:
    """After it there is no year to compare with: information, and no outlier."""
    breaks = f"indicator,unit,start,kind,note\nburglary,*,{before},definition,Sheds are counted\n"
    force = owned(Force(tmp_path, indicators=OWNED, breaks=breaks)).load({CELL: history(USUAL, 90)})
    assert codes(force) == ["break-in-series"]
    one = found(force)[0].finding
    assert one.severity == "information" and "Sheds are counted" in one.message


def test_a_break_of_more_than_a_year_ago_is_no_news(tmp_path: Path) -> None:
    breaks = "indicator,unit,start,kind,note\nburglary,*,2025-11-10,definition,\n"
    force = owned(Force(tmp_path, indicators=OWNED, breaks=breaks)).load({CELL: USUAL})
    assert codes(force) == []


@pytest.mark.parametrize(
    ("series", "tripped"),
    [
        ([10.0] * 26, True),
        ([10.0, 11.0] * 13, True),
        (poisson(4, 10, 26), False),
        ([1.0] * 26, False),  # counts this low tell nothing
    ],
)
def test_counts_that_hardly_vary_are_improbable(tmp_path: Path, series: list[float], tripped: bool) -> None:
    force = owned(Force(tmp_path, indicators=OWNED)).load({CELL: series})
    assert ("improbable-stability" in codes(force)) is tripped


@pytest.mark.parametrize(("times", "tripped"), [(4, True), (1, False)])
def test_a_measurement_copied_forward_is_improbable(tmp_path: Path, times: int, tripped: bool) -> None:
    indicators = "indicator,better,unit_of_measure,owner\novertime,lower,money,avery\n"
    usual = [float(n) for n in np.random.default_rng(3).normal(100, 5, 80).round(2)]
    force = owned(Force(tmp_path, indicators=indicators)).load(
        {("north", "overtime"): history(usual, *[101.5] * times)}
    )
    assert ("improbable-stability" in codes(force)) is tripped


def heaped(share_moved: float) -> list[float]:
    """Days, of which those just above a target of 100 are written down as just below it."""
    rng = np.random.default_rng(8)
    days = rng.normal(100, 4, 110)
    moved = (days > 100) & (days < 102) & (rng.random(110) < share_moved)
    return [float(day) for day in np.where(moved, 100 - rng.random(110), days).round(1)]


@pytest.mark.parametrize(("share_moved", "tripped"), [(0.9, True), (0.0, False)])
def test_values_piled_just_within_the_target_are_told(tmp_path: Path, share_moved: float, tripped: bool) -> None:
    indicators = "indicator,better,unit_of_measure,owner\nwait,lower,days,avery\n"
    targets = "indicator,unit,kind,value,agreed_by\nwait,*,target,100,avery\n"
    force = owned(Force(tmp_path, indicators=indicators, targets=targets))
    force.load({("north", "wait"): heaped(share_moved)})
    assert ("heaping" in codes(force)) is tripped


LEAKING = f"{OWNED}lost,neutral,count,avery\n"
LEAK = '[[leak]]\nfrom = "burglary"\nto = "lost"\n'


@pytest.mark.parametrize(
    ("burglary", "lost", "tripped"),
    [
        (5, 15, True),  # what one loses the other gains
        (5, 5, False),  # both fall
        (15, 15, False),  # both rise
        (15, 5, False),  # the other way round
        (9, 11, False),  # within chance
    ],
)
def test_a_leak_is_a_fall_here_with_a_rise_there(tmp_path: Path, burglary: int, lost: int, tripped: bool) -> None:
    force = owned(Force(tmp_path, indicators=LEAKING, rules=LEAK))
    force.load(
        {CELL: history(poisson(1, 10), *[burglary] * 8), ("north", "lost"): history(poisson(2, 10), *[lost] * 8)}
    )
    assert ("leak" in codes(force)) is tripped
    if tripped:
        one = only_found(force, "leak")
        assert one.inputs["share"] < one.inputs["lower"] < one.inputs["usual"] and one.inputs["to"] == "lost"


def test_the_sample_force_leaks_where_its_story_says_and_nowhere_else() -> None:
    force = sample_force()
    known = known_at(force.store, None)
    assert known is not None
    every = check_week(force.store, force.workspace, force.workspace.cycle(), W46, known)
    assert [one.unit for one in every if one.finding.code == "leak"] == ["castle_hill"]
    assert ("brackendale", "absence") in {(one.unit, one.indicator) for one in every}
    assert not [one for one in every if one.finding.severity == "error"]


@pytest.mark.parametrize(("newest", "tripped"), [(2, True), (8, False), (30, False)])
def test_an_improvement_beyond_chance_is_looked_at_first(tmp_path: Path, newest: int, tripped: bool) -> None:
    force = owned(Force(tmp_path, indicators=OWNED)).load({CELL: history(USUAL, *[newest] * 4)})
    assert ("improbably-good" in codes(force)) is tripped


def test_an_improved_share_beyond_chance_is_looked_at_first(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure,owner\nsolved,higher,percent,avery\n"
    rng = np.random.default_rng(5)
    usual = [(float(rng.binomial(100, 0.3)), 100.0) for _ in range(110)]
    for share, tripped in ((70.0, True), (31.0, False)):
        force = owned(Force(tmp_path / str(share), indicators=indicators))
        force.load({("north", "solved"): history(usual, *[(share, 100.0)] * 4)})
        assert ("improbably-good" in codes(force)) is tripped


# Definitions


@pytest.mark.parametrize(("review_by", "tripped"), [("2026-11-14", True), ("2026-11-15", False), ("", False)])
def test_a_definition_past_its_review_is_told(tmp_path: Path, review_by: str, tripped: bool) -> None:
    indicators = f"indicator,better,unit_of_measure,owner,review_by\nburglary,lower,count,avery,{review_by}\n"
    force = owned(Force(tmp_path, indicators=indicators)).load({CELL: USUAL})
    assert ("review-overdue" in codes(force)) is tripped


def test_an_indicator_without_an_owner_is_told(tmp_path: Path) -> None:
    force = owned(Force(tmp_path, indicators=OWNED.replace(",avery", ","))).load({CELL: USUAL})
    finding = only_found(force, "indicator-without-owner").finding
    assert (finding.where, finding.message) == ("indicators.csv:2", "burglary has no owner")


@pytest.mark.parametrize(
    ("row", "tripped"),
    [
        ("burglary,*,target,2026-01-01,,9,", True),
        ("burglary,*,target,2026-01-01,,9,avery", False),
        ("burglary,*,target,2026-01-01,2026-11-14,9,", False),  # no longer in force
    ],
)
def test_a_target_in_force_that_nobody_agreed_is_told(tmp_path: Path, row: str, tripped: bool) -> None:
    targets = f"indicator,unit,kind,start,end,value,agreed_by\n{row}\n"
    force = owned(Force(tmp_path, indicators=OWNED, targets=targets)).load({CELL: USUAL})
    assert ("target-not-agreed" in codes(force)) is tripped


def test_monthly_returns_are_checked_by_their_month(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure,cadence,owner\ncost,lower,money,monthly,avery\n"
    force = owned(Force(tmp_path, indicators=indicators))
    usual = [float(n) for n in np.random.default_rng(3).normal(100, 5, 30).round(2)]
    force.load({("north", "cost"): history(usual, 900.0)}, last=date(2026, 10, 1))
    assert only_found(force, "outlier").finding.where == "north:cost, 2026-10"


def test_a_week_of_which_more_is_missing_than_came_is_an_error(tmp_path: Path) -> None:
    """Of four units two are half: a warning each. Of five, three: nobody signs that off unasked."""
    for units, silent, tripped in ((4, 2, False), (5, 3, True)):
        names = [f"u{number}" for number in range(units)]
        force = owned(Force(tmp_path / f"{units}", indicators=OWNED, units="unit\n" + "\n".join(names) + "\n"))
        none = {(name, "burglary"): history(USUAL, None) for name in names[:silent]}
        force.load({**none, **{(name, "burglary"): USUAL for name in names[silent:]}})
        assert ("most-returns-missing" in codes(force)) is tripped
    one = only_found(force, "most-returns-missing")
    assert (one.finding.severity, one.inputs) == ("error", {"missing": 3, "expected": 5})


def test_where_no_indicator_says_which_way_is_better_silence_is_no_all_clear(tmp_path: Path) -> None:
    neutral = "indicator,better,unit_of_measure,owner\nburglary,neutral,count,avery\n"
    force = owned(Force(tmp_path / "neutral", indicators=neutral)).load({CELL: USUAL})
    assert "no-direction" in codes(force)
    both = owned(Force(tmp_path / "one", indicators=OWNED + "robbery,neutral,count,avery\n")).load({CELL: USUAL})
    assert "no-direction" not in codes(both)


@pytest.mark.parametrize(("below", "tripped"), [((6.0, 4.0), False), ((6.0, 5.0), True), ((6.0, None), False)])
def test_what_a_unit_returns_for_itself_is_the_sum_of_its_units(
    tmp_path: Path, below: tuple[Figure, Figure], tripped: bool
) -> None:
    units = "unit,level,parent\nforce,force,\nnorth,precinct,force\nsouth,precinct,force\n"
    force = owned(Force(tmp_path, indicators=OWNED, units=units))
    tens, (north, south) = [10.0] * 30, below
    force.load(
        {
            ("force", "burglary"): tens,
            ("north", "burglary"): history([6.0] * 30, north),
            ("south", "burglary"): history([4.0] * 30, south),
        }
    )
    assert ("sub-total-mismatch" in codes(force)) is tripped
    if tripped:
        one = only_found(force, "sub-total-mismatch")
        assert one.finding.message == "10 returned for itself; the 2 units below it come to 11"
        assert one.names[-1] == "sub-total-mismatch:force:burglary"


def test_a_unit_of_which_one_below_never_returns_is_not_added_up(tmp_path: Path) -> None:
    units = "unit,level,parent\nforce,force,\nnorth,precinct,force\nsouth,precinct,force\n"
    force = owned(Force(tmp_path, indicators=OWNED, units=units))
    force.load({("force", "burglary"): [10.0] * 30, ("north", "burglary"): [6.0] * 30})
    assert "sub-total-mismatch" not in codes(force)


@pytest.mark.parametrize(("unit", "whose"), [("*", "every unit"), ("north", "North"), ("precinct", "every precinct")])
def test_what_is_found_in_a_table_names_titles_and_whom_it_is_about(tmp_path: Path, unit: str, whose: str) -> None:
    """No code, no `*`, no name of a column where a reader of print meets it."""
    indicators = "indicator,name,better,unit_of_measure\nburglary,Burglary,lower,count\n"
    targets = f"indicator,unit,kind,start,end,value\nburglary,{unit},target,2026-01-01,,9\n"
    units = "unit,name,level\nnorth,North,precinct\nsouth,South,precinct\n"
    force = Force(tmp_path, indicators=indicators, targets=targets, units=units).load({CELL: USUAL})
    one = only_found(force, "target-not-agreed")
    assert one.finding.message == f"nobody is named who agreed the target of 9 for Burglary, {whose}"
    data = replace(EMPTY, found=tuple(found(force)))
    said = [sentence for note in check_notes(force.workspace, data) for sentence in note.sentences]
    assert f"Nobody is named who agreed the target of 9 for Burglary, {whose}." in said
    assert "Burglary has no owner." in said
