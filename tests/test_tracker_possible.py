"""What cannot be agreed on: dates before the meeting, a promise for the worse, more than there is to promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tracker_example import INDICATORS, MEETING, agreed, person, raise_one, write_workspace

from compstat.findings import TrackerError
from compstat.tracker.action import Promise
from compstat.tracker.history import replay
from compstat.tracker.possible import PresentFigure, first_due_day
from compstat.tracker.tracker import Tracker, open_tracker
from compstat.workspace.workspace import load_workspace

LESS = Promise("burglary", "down", 12, "2026-W50")


@pytest.fixture
def tracker(tmp_path: Path) -> Tracker:
    write_workspace(tmp_path)
    more = "detected,Detected,higher,percent\nstops,Stops,neutral,count\nbalance,Balance,lower,money\n"
    rows = INDICATORS.replace("better\n", "better,unit_of_measure\n").replace("lower\n", "lower,count\n") + more
    rows = rows.replace("\n", ",\n").replace("measure,", "measure,non_negative").replace("money,", "money,no")
    (tmp_path / "indicators.csv").write_text(rows, "utf-8")
    return open_tracker(load_workspace(tmp_path))


@pytest.mark.parametrize(
    ("day", "at", "allowed"),
    [
        (date(2026, 11, 19), MEETING, True),  # the day of the meeting about W46, a Thursday
        (date(2026, 11, 18), MEETING, False),
        (date(2026, 11, 18), MEETING - timedelta(days=2), True),  # the meeting was moved to the Tuesday
        (date(2026, 11, 16), MEETING - timedelta(days=2), False),
        (date(2026, 11, 20), MEETING + timedelta(days=365), True),  # the minutes were typed up much later
        (date(2026, 11, 15), MEETING - timedelta(days=30), False),  # a day of the week that was looked at
    ],
)
def test_nothing_is_due_before_the_meeting(tracker: Tracker, day: date, at: datetime, allowed: bool) -> None:
    if allowed:
        assert raise_one(tracker, agreed(due=day), at).due == day
    else:
        with pytest.raises(TrackerError, match="lies before the meeting that raises it") as refused:
            raise_one(tracker, agreed(due=day), at)
        assert refused.value.findings[0].where == "--due"
        assert tracker.events() == ()


def test_the_first_day_of_a_monthly_cycle(tracker: Tracker) -> None:
    cycle = tracker.workspace.cycle("housing")
    assert first_due_day(tracker.workspace, cycle, "2026-11", datetime(2027, 1, 1, tzinfo=UTC)) == date(2026, 12, 3)


@pytest.mark.parametrize("week", ["2026-W46", "2026-W45"])
def test_a_review_comes_after_the_week_of_the_meeting(tracker: Tracker, week: str) -> None:
    with pytest.raises(TrackerError, match=f"{week} is not after 2026-W46") as refused:
        raise_one(tracker, replace(agreed(), promise=replace(LESS, review_week=week)))
    assert refused.value.findings[0].where == "--review-week"
    raise_one(tracker, replace(agreed(), promise=replace(LESS, review_week="2026-W47")))


@pytest.mark.parametrize(
    ("indicator", "direction", "allowed"),
    [
        ("burglary", "down", True),
        ("burglary", "up", False),
        ("detected", "up", True),
        ("detected", "down", False),
        ("stops", "up", True),
        ("stops", "down", True),
    ],
)
def test_a_promise_is_for_the_better(tracker: Tracker, indicator: str, direction: str, allowed: bool) -> None:
    new = replace(agreed(), promise=Promise(indicator, direction, 1, "2026-W50"))
    if allowed:
        assert raise_one(tracker, new).promise.direction == direction
        return
    with pytest.raises(TrackerError) as refused:
        raise_one(tracker, new)
    better = tracker.workspace.indicator(indicator).better
    assert str(refused.value).startswith(
        f"--direction: {direction} is for the worse: of {indicator}, {better} is better\n  Give "
    )


@pytest.mark.parametrize(
    ("indicator", "direction", "size", "figure", "words"),
    [
        ("burglary", "down", 40, PresentFigure(12, 40, 4), ""),
        ("burglary", "down", 41, PresentFigure(12, 40, 4),
         "--by-how-much: 41 is more than there is: burglary of north is 40 over its last 4 returns, and cannot pass 0\n"
         "  Give at most 40.  docs/messages.md#beyond-the-figure"),
        ("burglary", "down", 9, PresentFigure(0, 0, 4), "burglary of north is 0"),
        ("detected", "up", 60, PresentFigure(45, 40, 4), ""),
        ("detected", "up", 61, PresentFigure(45, 40, 4), "detected of north is 40 over its last 4 returns"),
        ("detected", "up", 61, PresentFigure(40, 45, 4), "detected of north is 40 in its newest return"),
        ("stops", "up", 5000, PresentFigure(12, 40, 4), ""),
        ("stops", "down", 41, PresentFigure(12, 40, 4), "cannot pass 0"),
        ("balance", "down", 500, PresentFigure(12, 40, 4), ""),  # may go below 0
        ("burglary", "down", 5000, None, ""),  # not known: no bound
    ],
)  # fmt: skip
def test_a_promise_fits_the_figure(
    tracker: Tracker, indicator: str, direction: str, size: float, figure: PresentFigure | None, words: str
) -> None:
    ana = person(tracker.workspace, "ana")
    new = replace(agreed(), promise=Promise(indicator, direction, size, "2026-W50"))
    if not words:
        assert tracker.add(new, ana, MEETING, figure).promise.size == size
        return
    with pytest.raises(TrackerError) as refused:
        tracker.add(new, ana, MEETING, figure)
    assert words in str(refused.value)


def test_every_fault_is_named_at_once(tracker: Tracker) -> None:
    new = replace(agreed(due=date(2026, 1, 1)), promise=Promise("burglary", "up", 1, "2026-W01"))
    with pytest.raises(TrackerError) as refused:
        raise_one(tracker, new)
    assert [finding.where for finding in refused.value.findings] == ["--due", "--review-week", "--direction"]


def test_another_date_is_not_before_the_action_was_raised(tracker: Tracker) -> None:
    raise_one(tracker)
    nils = person(tracker.workspace, "nils")
    with pytest.raises(TrackerError) as refused:
        tracker.update("A-0001", nils, due=date(2026, 11, 18))
    assert str(refused.value) == (
        "A-0001: --due 2026-11-18 lies before the action was raised (2026-11-19, about 2026-W46)\n"
        "  Give a later date.  docs/messages.md#before-the-meeting"
    )
    assert tracker.update("A-0001", nils, due=date(2026, 11, 19), note="why").times_slipped == 0


def test_what_was_agreed_before_there_was_a_tracker_is_taken_as_it_was(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_text(
        "unit,owner,what,raised_week,raised_at,original_due,indicator,direction,size,review_week\n"
        "north,nils,Patrol,2026-W46,2026-11-19T10:00,2026-11-01,burglary,up,500,2026-W40\n",
        "utf-8",
    )
    assert replay(tracker, tmp_path / "past.csv") == 1
