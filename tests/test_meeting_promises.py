"""Promises scored against what would have come if nothing had been done: every outcome, and what cannot be tested."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rules_example import SHARES, STEADY, W46, Force, Series, history, only, sample_force

from compstat.meeting.briefing import PromiseScore
from compstat.meeting.promises import promise_windows, score_promises
from compstat.tracker.action import Action, ActionState, Promise
from compstat.windows.scope import known_at

REVIEW = W46
RISEN = [16.0] * 4  # four weeks of 64 where 40 were expected: agreed at their end, 8 weeks before the review


def action(promise: Promise, state: ActionState = ActionState.OPEN, score: str | None = None) -> Action:
    return Action(
        action="A-0001", cycle="main", unit="north", owner="o", what="w", state=state, due=REVIEW, original_due=REVIEW,
        times_carried=0, times_slipped=0, raised_week="2026-W38", raised_at=datetime(2026, 9, 24, tzinfo=UTC),
        flag=None, promise=promise, score=score,
    )  # fmt: skip


def force(root: Path, series: Series, **tables: str) -> Force:
    tables = {"rules": only("spike"), **tables}
    return Force(root, **tables).load({("north", "burglary"): series})  # type: ignore[arg-type]


def scores(made: Force, one: Action, week: date = REVIEW) -> tuple[PromiseScore, ...]:
    known = known_at(made.store, None)
    assert known is not None
    return score_promises(made.store, made.workspace, made.workspace.cycle(), [one], week, known)


def score(made: Force, promise: Promise) -> PromiseScore:
    (found,) = scores(made, action(promise))
    return found


def down(size: float, week: str = "2026-W46") -> Promise:
    return Promise("burglary", "down", size, week)


def after(*newest: float | None) -> list[float | tuple[float, float] | None]:
    """The rise of weeks 35-38, four weeks between, then the four weeks under review."""
    return history(STEADY, *RISEN, *[10.0] * 4, *newest)


def test_a_promise_reached_beyond_the_band_is_met(tmp_path: Path) -> None:
    found = score(force(tmp_path, after(5.0, 5.0, 5.0, 5.0)), down(30))
    assert (found.start, found.promised, found.found, found.score) == (64, 34, 20, "met")
    assert found.low is not None and found.found is not None and found.found < found.low


def test_a_promise_that_inaction_would_have_kept_is_within_chance(tmp_path: Path) -> None:
    found = score(force(tmp_path, after(10.0, 10.0, 10.0, 10.0)), down(20))
    assert (found.found, found.score) == (40, "within_chance")


@pytest.mark.parametrize(("size", "wanted"), [(24.0, "within_chance"), (24.5, "missed"), (25.0, "missed")])
def test_a_promise_kept_to_the_digit_is_kept_and_one_short_is_missed(tmp_path: Path, size: float, wanted: str) -> None:
    assert score(force(tmp_path, after(10.0, 10.0, 10.0, 10.0)), down(size)).score == wanted


def test_a_rise_is_promised_upwards(tmp_path: Path) -> None:
    tables = {"indicators": "indicator,better,unit_of_measure\nburglary,higher,count\n"}
    low = history(STEADY, *[4.0] * 4, *[10.0] * 4, *[20.0] * 4)
    found = score(force(tmp_path, low, **tables), Promise("burglary", "up", 50, "2026-W46"))
    assert (found.start, found.promised, found.found, found.score) == (16, 66, 80, "met")


def test_a_share_is_scored_in_points_against_its_own_blocks(tmp_path: Path) -> None:
    shares = {"indicators": "indicator,better,unit_of_measure\nburglary,higher,percent\n"}
    dip = history(SHARES, *[(80.0, 100.0)] * 4, *[(90.0, 100.0)] * 4, *[(99.0, 100.0)] * 4)
    found = score(force(tmp_path, dip, **shares), Promise("burglary", "up", 15, "2026-W46"))
    assert (found.start, found.promised, found.found, found.score) == (80, 95, 99, "met")
    assert score(force(tmp_path / "b", dip, **shares), Promise("burglary", "up", 25, "2026-W46")).score == "missed"


@pytest.mark.parametrize(
    ("series", "promise", "reason"),
    [
        (after(5.0, None, 5.0, 5.0), down(5), "returns are missing in the review window"),
        (STEADY[-20:], down(5), "when it was agreed: fewer than"),
        (after(5.0, 5.0, 5.0, 5.0), down(5, "2026-W40"), "not wholly after"),
        (history(STEADY, 16.0, 16.0, None, 16.0, *[10.0] * 8), down(5), "3 of 4 returns when it was agreed"),
    ],
)
def test_what_cannot_be_compared_is_not_testable_with_the_reason(
    tmp_path: Path, series: Series, promise: Promise, reason: str
) -> None:
    week = W46 - timedelta(weeks=6) if promise.review_week == "2026-W40" else W46
    (found,) = scores(force(tmp_path, series), action(promise), week)
    assert found.score == "not_testable" and reason in found.reason
    assert found.found is None


def test_a_break_in_between_is_not_testable(tmp_path: Path) -> None:
    broken = "indicator,unit,start,kind,note\nburglary,*,2026-10-12,definition,\n"
    assert score(force(tmp_path, after(5.0, 5.0, 5.0, 5.0), breaks=broken), down(5)).score == "not_testable"


def test_only_promises_due_are_scored(tmp_path: Path) -> None:
    made = force(tmp_path, after(5.0, 5.0, 5.0, 5.0))
    assert scores(made, action(down(5)), W46 - timedelta(weeks=1)) == ()  # not yet
    assert scores(made, action(Promise(reason="a one-off"))) == ()
    assert scores(made, action(down(5), ActionState.DROPPED)) == ()
    assert len(scores(made, action(down(5), ActionState.VERIFIED))) == 1  # closed, and its review week is this one
    earlier = down(5, "2026-W44")
    assert len(scores(made, action(earlier))) == 1  # still open and never scored
    assert scores(made, action(earlier, score="missed")) == ()


def test_the_spike_that_went_back_by_itself_earns_no_credit() -> None:
    """A-0001 of the sample promises 20 fewer after the spike of week 40; the fall was to be expected."""
    sample = sample_force()
    known = known_at(sample.store, None)
    assert known is not None
    promise = Promise("criminal_damage", "down", 20, "2026-W46")
    one = action(promise)
    one = Action(
        **{**{name: getattr(one, name) for name in one.__slots__}, "unit": "ashworth", "raised_week": "2026-W40"}
    )
    (found,) = score_promises(sample.store, sample.workspace, sample.workspace.cycle(), [one], W46, known)
    assert (found.window, found.score) == ("period", "within_chance")


def test_the_window_of_an_open_promise_is_known_before_its_review(tmp_path: Path) -> None:
    made = force(tmp_path, after(10.0, 10.0, 10.0, 10.0))
    known = known_at(made.store, None)
    assert known is not None
    found = promise_windows(made.store, made.workspace, made.workspace.cycle(), [action(down(30, "2027-W03"))], known)
    assert found == {"A-0001": score(made, down(30)).window} == {"A-0001": "recent"}
    none = action(Promise(reason="a sheet"))
    assert promise_windows(made.store, made.workspace, made.workspace.cycle(), [none], known) == {}
