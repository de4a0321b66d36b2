"""The end of a meeting: once, and nothing open is left behind."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from tracker_example import MEETING, agreed, person, raise_one, tracker_in, write_workspace

from compstat.findings import PermissionRefusedError, TrackerError, UsageError
from compstat.tracker.action import STEPS, step_after
from compstat.tracker.carry import close_meeting, last_period, period_label
from compstat.tracker.event import verify_chain
from compstat.tracker.history import replay
from compstat.tracker.tracker import Tracker, open_tracker
from compstat.workspace.workspace import load_workspace


def _close(tracker: Tracker, week: str, cycle: str = "weekly", days: int = 0) -> None:
    chair = person(tracker.workspace, "chad")
    tracker.close_meeting(tracker.workspace.cycle(cycle), week, chair, MEETING + timedelta(days=days))


def test_every_open_action_of_the_cycle_is_carried(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    ana = person(tracker.workspace, "ana")
    for new in (agreed(), agreed(unit="south", owner="sol"), agreed(cycle="housing"), agreed(), agreed()):
        raise_one(tracker, new)
    tracker.verify("A-0004", "seen", ana, MEETING)
    tracker.claim("A-0005", "done", ana, MEETING)
    _close(tracker, "2026-W46")
    carried = {row.action: row.times_carried for row in tracker.actions_as_of()}
    assert carried == {"A-0001": 1, "A-0002": 1, "A-0003": 0, "A-0004": 0, "A-0005": 1}
    assert tracker.meetings()[0].carried == ("A-0001", "A-0002", "A-0005")


def test_a_meeting_is_closed_once(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    _close(tracker, "2026-W46")
    before = tracker.events()
    with pytest.raises(TrackerError) as refused:
        _close(tracker, "2026-11-12", days=1)  # a day of the same week
    assert "was closed at 2026-11-19 10:00 UTC by chad" in str(refused.value)
    assert tracker.events() == before
    _close(tracker, "2026-W46", "housing")  # another cycle's meeting is another meeting
    _close(tracker, "2026-W47", days=7)
    assert [(row.cycle, row.week) for row in tracker.meetings()] == [
        ("weekly", "2026-W46"),
        ("housing", "2026-11"),
        ("weekly", "2026-W47"),
    ]


PAST = (
    "cycle,unit,owner,what,raised_week,raised_at,original_due,times_carried,reason\n"
    "weekly,north,nils,Patrol,2026-W42,2026-10-22T10:00,2026-12-03,3,no returns\n"
)


def test_a_week_with_carries_from_a_file_was_held_and_no_week_before_the_last_is_closed(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    (tmp_path / "past.csv").write_text(PAST, "utf-8")
    replay(tracker, tmp_path / "past.csv")  # carried at the meetings of W43, W44 and W45
    with pytest.raises(TrackerError) as refused:
        _close(tracker, "2026-W45")
    assert [finding.code for finding in refused.value.findings] == ["meeting-closed"]
    assert str(refused.value).startswith(
        "cycle weekly: the meeting of 2026-W45 was held: its actions were carried by an import"
    )
    for week in ("2026-W42", "2026-W44"):
        with pytest.raises(TrackerError, match="the meeting of 2026-W45 is on record already"):
            _close(tracker, week)
    _close(tracker, "2026-W46")
    for week in ("2026-W44", "2026-W45"):
        with pytest.raises(TrackerError, match="the meeting of 2026-W46 is on record already"):
            _close(tracker, week)
    with pytest.raises(TrackerError, match="was closed at 2026-11-19 10:00 UTC by chad"):
        _close(tracker, "2026-W46", days=1)
    _close(tracker, "2026-W47", days=7)
    with pytest.raises(TrackerError, match="was closed at 2026-11-19 10:00 UTC by chad"):
        _close(tracker, "2026-W46", days=8)
    assert tracker.action("A-0001").times_carried == 5


def test_a_meeting_of_declared_periods_follows_another_by_what_they_are_called(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    with (tmp_path / "compstat.toml").open("a") as file:
        file.write('\n[[cycle]]\ncycle = "schools"\ncadence = "custom:term"\n')
    terms = "term,2026-09-01,2026-12-18,Autumn\nterm,2027-01-05,2027-03-26,Spring\n"
    (tmp_path / "periods.csv").write_text(f"cadence,period_start,period_end,label\n{terms}", "utf-8")
    tracker = open_tracker(load_workspace(tmp_path))
    _close(tracker, "2026-10-01", "schools", days=40)
    _close(tracker, "Spring", "schools", days=140)
    with pytest.raises(TrackerError, match="the meeting of Autumn was closed"):
        _close(tracker, "Autumn", "schools", days=141)
    assert [row.week for row in tracker.meetings()] == ["Autumn", "Spring"]


def test_two_who_close_at_once_carry_once(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    results: list[str] = []

    def close() -> None:
        try:
            _close(tracker, "2026-W46")
            results.append("closed")
        except TrackerError:
            results.append("refused")

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["closed", "refused", "refused", "refused"]
    assert tracker.action("A-0001").times_carried == 1
    assert verify_chain(tracker.events()) == []


def test_carries_raise_the_step_at_the_declared_count(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    steps = []
    for n in range(6):
        _close(tracker, f"2026-W{46 + n}", days=7 * n)
        steps.append(tracker.action("A-0001").step)
    assert steps == [
        "challenge",
        "increased challenge",
        "increased challenge",
        "support",
        "support",
        "support",
    ]


@pytest.mark.parametrize(
    ("carries", "every", "step"), [(0, 1, 0), (1, 1, 1), (2, 1, 2), (9, 1, 2), (2, 3, 0), (3, 3, 1)]
)
def test_the_ladder(carries: int, every: int, step: int) -> None:
    assert step_after(carries, every) == STEPS[step]


def test_only_a_challenger_or_an_analyst_closes(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    for who in ("nils", "spec", "olga"):
        with pytest.raises(PermissionRefusedError):
            tracker.close_meeting(tracker.workspace.cycle(), "2026-W46", person(tracker.workspace, who))
    assert tracker.events() == ()


def test_an_action_raised_after_the_recorded_end_is_carried_all_the_same(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker, at=MEETING + timedelta(hours=1))
    _close(tracker, "2026-W46")
    assert tracker.action("A-0001").times_carried == 1
    assert tracker.actions_as_of(MEETING) == ()  # not known before it was raised


def test_the_meeting_is_known_from_its_moment_on(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    close_meeting(tracker.log, tracker.workspace.cycle(), "2026-W46", "chad", MEETING + timedelta(hours=2))
    assert tracker.meetings(MEETING + timedelta(hours=1)) == ()
    assert tracker.action("A-0001", MEETING + timedelta(hours=1)).times_carried == 0
    assert tracker.meetings(MEETING + timedelta(hours=2))[0].by == "chad"


def test_most_carried_first_then_oldest(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker, at=MEETING + timedelta(minutes=5))
    raise_one(tracker, at=MEETING)
    raise_one(tracker, agreed(cycle="housing"), at=MEETING - timedelta(days=90))
    _close(tracker, "2026-W46", days=1)
    assert [row.action for row in tracker.actions_as_of()] == ["A-0002", "A-0001", "A-0003"]
    assert [row.action for row in tracker.actions_as_of(cycle="housing")] == ["A-0003"]


@pytest.mark.parametrize(
    ("cycle", "words", "label"),
    [
        ("weekly", "2026-W46", "2026-W46"),
        ("weekly", "2026-11-15", "2026-W46"),
        ("housing", "2026-W46", "2026-11"),
        ("housing", "2026-11", "2026-11"),
        ("housing", "2026-11-30", "2026-11"),
    ],
)
def test_what_a_meeting_is_called(tmp_path: Path, cycle: str, words: str, label: str) -> None:
    workspace = tracker_in(tmp_path).workspace
    assert period_label(workspace, workspace.cycle(cycle), words) == label


@pytest.mark.parametrize("words", ["", "latest", "2026-W99", "W46", "2026-13", "=1+1"])
def test_what_is_no_week(tmp_path: Path, words: str) -> None:
    workspace = tracker_in(tmp_path).workspace
    with pytest.raises(UsageError, match="is not a week"):
        period_label(workspace, workspace.cycle(), words)


def test_a_meeting_is_about_the_last_full_period(tmp_path: Path) -> None:
    workspace = tracker_in(tmp_path).workspace
    assert last_period(workspace, workspace.cycle(), date(2026, 11, 19)) == "2026-W46"
    assert last_period(workspace, workspace.cycle("housing"), date(2026, 11, 19)) == "2026-10"
