"""States of flags from earlier weeks as known then: new, continuing, returning, cleared; and codes that stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Figure, Force, history, only

from compstat.findings import UsageError
from compstat.rules.flag import Flag
from compstat.rules.weeks import LONGEST_LOOK_BACK

CELL = ("north", "burglary")
WEEK = timedelta(days=7)


def weekly(root: Path, *newest: float, rules: str | None = None) -> Force:
    """A long history in one load, then a load a week on each Monday after, the newest for W46."""
    force = Force(root, rules=rules)
    first = W46 - len(newest) * WEEK
    force.load({CELL: list(STEADY)}, last=first)
    for n, figure in enumerate(newest, start=1):
        force.load({CELL: [figure]}, last=first + n * WEEK)
    return force


def state(flag: Flag) -> tuple[str, int]:
    return str(flag.state), flag.weeks_open


def spikes(force: Force, week: date = W46, as_of: datetime | None = None) -> list[Flag]:
    return [flag for flag in force.week(week, as_of).flags if flag.family == "spike"]


def test_a_flag_is_new_in_its_first_week(tmp_path: Path) -> None:
    (flag,) = spikes(weekly(tmp_path, 10, 10, 30))
    assert state(flag) == ("new", 1)


def test_a_flag_of_last_week_and_this_one_continues_under_its_code(tmp_path: Path) -> None:
    force = weekly(tmp_path, 10, 10, 30, 30, 30)
    codes = set()
    for back, weeks in ((2, 1), (1, 2), (0, 3)):
        (flag,) = spikes(force, W46 - back * WEEK)
        assert state(flag) == ("new" if weeks == 1 else "continuing", weeks)
        codes.add(flag.flag)
    assert len(codes) == 1


def watched(root: Path, *newest: float) -> list[Flag]:
    """A measurement, so that a week's flag is that week's alone."""
    money = "indicator,better,unit_of_measure\nburglary,lower,money\n"
    force = Force(root, indicators=money, rules=only("special_cause"))
    force.load({CELL: [9.0, 11.0] * 50}, last=W46 - len(newest) * WEEK)
    for n, figure in enumerate(newest, start=1):
        force.load({CELL: [figure]}, last=W46 - (len(newest) - n) * WEEK)
    return list(force.week().flags)


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ((50, 10, 9, 50), "returning"),
        ((50, 10, 9, 10, 50), "returning"),
        ((50, 10, 9, 10, 9, 50), "new"),  # five weeks ago is too long ago
        ((50, 50), "continuing"),
    ],
)
def test_a_flag_that_comes_back_within_four_weeks_returns(
    tmp_path: Path, newest: tuple[float, ...], expected: str
) -> None:
    (flag,) = watched(tmp_path, *newest)
    assert flag.state == expected


def test_a_flag_that_is_gone_is_told_once_under_its_code(tmp_path: Path) -> None:
    """Four weeks in the window, and then it is cleared."""
    force = weekly(tmp_path, 60, 10, 10, 10, 10, 10)
    weeks = {back: force.week(W46 - back * WEEK).flags for back in range(6)}
    held = {back: [state(flag) for flag in flags if flag.family == "spike"] for back, flags in weeks.items()}
    assert held == {
        5: [("new", 1)],
        4: [("continuing", 2)],
        3: [("continuing", 3)],
        2: [("continuing", 4)],
        1: [("cleared", 4)],
        0: [],
    }
    (cleared,) = weeks[1]
    assert cleared.flag == weeks[5][0].flag
    assert (cleared.shown, cleared.rank) == (False, None)
    assert cleared.held_back == "cleared: raised last week, not this week"
    assert cleared.week == "2026-W45"


def test_a_cell_that_is_flagged_by_another_rule_is_not_cleared(tmp_path: Path) -> None:
    force = weekly(tmp_path, 30, 10, 10, 10, 0, 0, 0, 0)
    flags = force.week().flags
    assert {flag.family for flag in flags if flag.state != "cleared"} >= {"commend"}
    assert [flag for flag in flags if flag.state == "cleared"] == []


def test_what_was_only_watched_is_not_told_as_cleared(tmp_path: Path) -> None:
    assert watched(tmp_path, 50, 10) == []


def test_a_flag_open_for_longer_than_is_looked_back_says_so_many(tmp_path: Path) -> None:
    targets = "indicator,unit,kind,value\nburglary,*,target,5\n"
    force = Force(tmp_path, targets=targets, rules=only("target")).load({CELL: STEADY})
    (flag,) = force.week().flags
    assert state(flag) == ("continuing", LONGEST_LOOK_BACK + 1)
    assert force.week(W46 - WEEK).flags[0].flag == flag.flag


def test_codes_differ_by_unit_indicator_and_rule(tmp_path: Path) -> None:
    force = Force(
        tmp_path,
        units="unit\nnorth\nsouth\n",
        indicators="indicator,better,unit_of_measure\nburglary,lower,count\nrobbery,lower,count\n",
    )
    force.load({(u, i): history(STEADY, 40, 40, 40, 40) for u in ("north", "south") for i in ("burglary", "robbery")})
    flags = force.week().flags
    assert len({flag.flag for flag in flags}) == len(flags) == 16  # spike, year_on_year, special_cause, drift
    assert all(flag.flag.startswith("F-") and len(flag.flag) == 7 for flag in flags)
    assert force.week().code(flags[3].flag.lower()) == flags[3]
    with pytest.raises(UsageError, match="There is no flag F-22222 in 2026-W46"):
        force.week().code("F-22222")


# As known then


def test_a_week_is_seen_as_it_was_known_at_a_moment(tmp_path: Path) -> None:
    """30 were returned on Monday; on Wednesday it was 12."""
    force = Force(tmp_path).load({CELL: history(STEADY, 30)})
    force.load({CELL: [12.0]}, recorded_at=datetime(2026, 11, 18, 9))
    assert spikes(force) == []
    (flag,) = spikes(force, as_of=datetime(2026, 11, 17, 12))
    assert flag.value == 30
    assert flag.known_at == datetime(2026, 11, 16, 18)
    with pytest.raises(UsageError, match="held no returns"):
        force.week(as_of=datetime(2020, 1, 1))


def test_a_later_correction_does_not_change_what_last_week_said(tmp_path: Path) -> None:
    """W45 was flagged when it met; that it is now known to have been quiet does not undo that it was open."""
    force = weekly(tmp_path, 60, 60)
    assert state(spikes(force)[0]) == ("continuing", 2)
    force.load({CELL: [10.0]}, last=W46 - WEEK, recorded_at=datetime(2026, 11, 17))
    assert state(spikes(force)[0]) == ("continuing", 2)


def test_a_history_loaded_at_once_is_judged_as_loaded(tmp_path: Path) -> None:
    force = Force(tmp_path).load({CELL: history(STEADY, 30, 30, 30)})
    assert state(spikes(force)[0]) == ("continuing", 3)


def test_a_week_of_which_nothing_is_known_is_refused(tmp_path: Path) -> None:
    """An empty list of flags would read like "all is well"."""
    force = Force(tmp_path).load({CELL: STEADY})
    for week in (date(2001, 1, 1), W46 + WEEK):
        with pytest.raises(UsageError, match="No return for 20"):
            force.week(week)


# Other cadences

MONTHLY = "indicator,better,unit_of_measure,cadence\ncost,lower,count,monthly\n"


def monthly(root: Path, *newest: Figure, cycle: str) -> Force:
    return Force(root, indicators=MONTHLY, cycle=cycle).load(
        {("north", "cost"): history([100.0] * 40, *newest)}, last=date(2026, 10, 1)
    )


def test_a_monthly_cycle_looks_back_month_by_month(tmp_path: Path) -> None:
    force = monthly(tmp_path, 200, 200, cycle='cycle = "board"\ncadence = "monthly"\n')
    assert state(spikes(force)[0]) == ("continuing", 2)
    in_september = spikes(force, date(2026, 10, 5))
    assert state(in_september[0]) == ("new", 1)
    assert in_september[0].flag == spikes(force)[0].flag


def test_a_workspace_of_months_alone_works_with_the_cycle_it_is_given(tmp_path: Path) -> None:
    """The default cycle is weekly; nothing returns weekly."""
    force = monthly(tmp_path, 200, cycle='cycle = "main"\n')
    assert state(spikes(force)[0]) == ("continuing", 3)


def test_a_monthly_figure_does_not_stand_in_for_a_week_without_returns(tmp_path: Path) -> None:
    force = Force(tmp_path, indicators=MONTHLY + "burglary,lower,count,weekly\n")
    force.load({("north", "cost"): [100.0] * 40}, last=date(2026, 10, 1))
    force.load({CELL: STEADY}, last=W46 - WEEK)
    with pytest.raises(UsageError, match="No return for 2026-W46"):
        force.week()


def test_in_a_weekly_cycle_a_monthly_figure_stays_for_its_weeks(tmp_path: Path) -> None:
    force = Force(tmp_path, indicators=MONTHLY + "burglary,lower,count,weekly\n")
    force.load({("north", "cost"): history([100.0] * 40, 200)}, last=date(2026, 10, 1))
    force.load({CELL: STEADY})
    (flag,) = spikes(force)
    assert (flag.indicator, *state(flag)) == ("cost", "continuing", 3)  # October has ended by Sunday 1 November: W44
