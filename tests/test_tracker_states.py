"""Who may take which step from which state, and what each step leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracker_example import MEETING, agreed, person, raise_one, tracker_in

from compstat.findings import CompstatError, PermissionRefusedError, TrackerError, UsageError
from compstat.tracker.action import Action, ActionState, Promise
from compstat.tracker.event import Entry, Event, EventKind, chained
from compstat.tracker.record import find
from compstat.tracker.states import actions_from
from compstat.tracker.tracker import Tracker
from compstat.workspace.tables import Person

Step = Callable[[Tracker, Person], Action]
STEPS: dict[str, Step] = {
    "note": lambda tracker, by: tracker.note("A-0001", "seen", by),
    "start": lambda tracker, by: tracker.update("A-0001", by, state=ActionState.IN_PROGRESS),
    "due": lambda tracker, by: tracker.update("A-0001", by, due=date(2026, 12, 10), note="why"),
    "claim": lambda tracker, by: tracker.claim("A-0001", "done", by),
    "verify": lambda tracker, by: tracker.verify("A-0001", "seen in the data", by),
    "drop": lambda tracker, by: tracker.drop("A-0001", "no longer needed", by),
    "reassign": lambda tracker, by: tracker.reassign("A-0001", "sol", "moved", by),
    "score": lambda tracker, by: tracker.score("A-0001", "met", "18 against 31", by),
}
EVERYBODY = ("ana", "chad", "nils", "nora", "sol", "spec", "olga")
WORKERS = {"ana", "chad", "nils"}  # nils commands north on the day; nora did before him; sol commands south
DECIDERS = {"ana", "chad"}
MAY = dict.fromkeys(("note", "start", "due", "claim"), WORKERS) | dict.fromkeys(
    ("verify", "drop", "reassign", "score"), DECIDERS
)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("step", STEPS)
def test_every_person_and_every_step(tmp_path: Path, who: str, step: str) -> None:
    tracker = tracker_in(tmp_path)
    before = raise_one(tracker)
    by = person(tracker.workspace, who)
    if who in MAY[step]:
        assert STEPS[step](tracker, by) != before
        assert tracker.events()[-1].by == who
    else:
        with pytest.raises(PermissionRefusedError) as refused:
            STEPS[step](tracker, by)
        assert who in str(refused.value)
        assert tracker.action("A-0001") == before


@pytest.mark.parametrize("step", STEPS)
def test_a_specialist_works_on_what_they_own_and_decides_nothing(tmp_path: Path, step: str) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker, agreed(unit="labs", owner="spec"))
    spec = person(tracker.workspace, "spec")
    if step in {"note", "start", "due", "claim"}:
        assert STEPS[step](tracker, spec).owner == "spec"
    else:
        with pytest.raises(PermissionRefusedError):
            STEPS[step](tracker, spec)


def test_who_commands_is_asked_on_the_day_of_the_entry(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    october = datetime(2026, 10, 15, 10, tzinfo=UTC)
    raise_one(tracker, agreed(owner="sol"), at=october)
    tracker.note("A-0001", "in October", person(tracker.workspace, "nora"), october)
    with pytest.raises(PermissionRefusedError):
        tracker.note("A-0001", "too early", person(tracker.workspace, "nils"), october)


@pytest.mark.parametrize(
    ("who", "unit", "owner", "allowed"),
    [
        ("ana", "south", "sol", True),
        ("chad", "south", "sol", True),
        ("nils", "north", "nils", True),
        ("nils", "south", "nils", False),
        ("spec", "labs", "spec", True),
        ("spec", "labs", "sol", False),
        ("olga", "north", "olga", False),
    ],
)
def test_who_may_raise(tmp_path: Path, who: str, unit: str, owner: str, allowed: bool) -> None:
    tracker = tracker_in(tmp_path)
    new, by = agreed(unit=unit, owner=owner), person(tracker.workspace, who)
    if allowed:
        assert tracker.add(new, by, MEETING).action == "A-0001"
    else:
        with pytest.raises(PermissionRefusedError):
            tracker.add(new, by, MEETING)
        assert tracker.events() == ()


REACH = {
    ActionState.OPEN: (),
    ActionState.IN_PROGRESS: ("start",),
    ActionState.CLAIMED: ("claim",),
    ActionState.VERIFIED: ("verify",),
    ActionState.DROPPED: ("drop",),
}
LEADS = {  # from state: what each step leads to; a step that is not there is refused
    ActionState.OPEN: {
        "note": "open",
        "start": "in_progress",
        "due": "open",
        "claim": "claimed",
        "verify": "verified",
        "drop": "dropped",
        "reassign": "open",
        "score": "open",
    },
    ActionState.IN_PROGRESS: {
        "note": "in_progress",
        "due": "in_progress",
        "claim": "claimed",
        "verify": "verified",
        "drop": "dropped",
        "reassign": "in_progress",
        "score": "in_progress",
    },
    ActionState.CLAIMED: {
        "note": "claimed",
        "start": "in_progress",  # sent back
        "due": "claimed",
        "verify": "verified",
        "drop": "dropped",
        "reassign": "claimed",
        "score": "claimed",
    },
    ActionState.VERIFIED: {"score": "verified"},
    ActionState.DROPPED: {"score": "dropped"},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", ActionState)
def test_every_state_and_every_step(tmp_path: Path, state: ActionState, step: str) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    ana = person(tracker.workspace, "ana")
    for earlier in REACH[state]:
        STEPS[earlier](tracker, ana)
    before = tracker.action("A-0001")
    assert before.state is state
    if step in LEADS[state]:
        assert STEPS[step](tracker, ana).state.value == LEADS[state][step]
    else:
        with pytest.raises(TrackerError) as refused:
            STEPS[step](tracker, ana)
        assert "compstat action" in refused.value.findings[0].fix
        assert tracker.action("A-0001") == before


def test_sent_back_is_an_event_of_its_own_kind(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    ana = person(tracker.workspace, "ana")
    tracker.claim("A-0001", "done", ana)
    tracker.update("A-0001", ana, state=ActionState.IN_PROGRESS, note="not in the figures")
    assert [event.kind for event in tracker.events()][1:] == [EventKind.CLAIMED, EventKind.REOPENED]


def test_a_later_date_is_a_slip_an_earlier_one_is_not(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    nils = person(tracker.workspace, "nils")
    slips = [
        tracker.update("A-0001", nils, due=due, note="why").times_slipped
        for due in (date(2026, 12, 10), date(2026, 12, 24), date(2026, 12, 17))
    ]
    after = tracker.action("A-0001")
    assert slips == [1, 2, 2]
    assert (after.original_due, after.due) == (date(2026, 12, 3), date(2026, 12, 17))


def test_a_date_is_moved_with_a_word_on_why(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    with pytest.raises(TrackerError) as refused:
        tracker.update("A-0001", person(tracker.workspace, "nils"), due=date(2026, 12, 31))
    (finding,) = refused.value.findings
    assert (finding.code, finding.fix) == ("reason-wanted", "Give --note WORDS.")
    assert "another date" in finding.message and len(tracker.events()) == 1


def test_a_word_of_progress_is_its_owner_s(tmp_path: Path) -> None:
    """The reason of another date is no progress, and nobody else's word is."""
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    nils, ana = (person(tracker.workspace, who) for who in ("nils", "ana"))
    assert not tracker.update("A-0001", nils, due=date(2026, 12, 10), note="Two ill").owner_noted
    assert not tracker.note("A-0001", "Asked again", ana).owner_noted
    assert tracker.note("A-0001", "Nine of 31 homes", nils).owner_noted
    assert tracker.note("A-0001", "Seen", ana).owner_noted


def test_one_command_is_one_event(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    nils = person(tracker.workspace, "nils")
    after = tracker.update("A-0001", nils, note="first patrol", state=ActionState.IN_PROGRESS, due=date(2026, 12, 10))
    assert len(tracker.events()) == 2
    assert (after.state, after.due, after.last_note, after.last_note_by) == (
        ActionState.IN_PROGRESS,
        date(2026, 12, 10),
        "first patrol",
        "nils",
    )


def test_a_date_does_not_bring_a_decision_along(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    nils = person(tracker.workspace, "nils")
    for state in (ActionState.VERIFIED, ActionState.DROPPED, ActionState.OPEN):
        with pytest.raises(CompstatError):
            tracker.update("A-0001", nils, state=state, due=date(2027, 1, 1), note="x")
    assert len(tracker.events()) == 1


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda t, by: t.drop("A-0001", "  ", by), TrackerError, "without a reason"),
        (lambda t, by: t.reassign("A-0001", "sol", "", by), TrackerError, "without a reason"),
        (lambda t, by: t.reassign("A-0001", "soll", "moved", by), TrackerError, 'Did you mean "sol"'),
        (lambda t, by: t.update("A-0001", by), TrackerError, "nothing to put on record"),
        (lambda t, by: t.update("A-0001", by, due=date(2026, 12, 3)), TrackerError, "already due"),
        (lambda t, by: t.note("A-0001", "x" * 4001, by), TrackerError, "4,001 characters"),
        (lambda t, by: t.note("A-0002", "x", by), TrackerError, "the newest is A-0001"),
        (lambda t, by: t.score("A-0001", "good", "", by), TrackerError, "within_chance"),
        (
            lambda t, by: t.note("A-0001", "x", by, MEETING - timedelta(days=1)),
            TrackerError,
            "lies before it",
        ),
        (lambda t, by: t.add(replace(agreed(), unit="nroth"), by), UsageError, 'Did you mean "north"'),
        (lambda t, by: t.add(replace(agreed(), what=" "), by), TrackerError, "without a task"),
        (lambda t, by: t.add(replace(agreed(), flag="hot"), by), TrackerError, "not the code of a flag"),
        (lambda t, by: t.add(replace(agreed(), promise=Promise()), by), TrackerError, "--review-week"),
        (
            lambda t, by: t.add(replace(agreed(), promise=Promise("burglary", "down", float("nan"), "2026-W50")), by),
            TrackerError,
            "above 0",
        ),
        (
            lambda t, by: t.add(replace(agreed(), promise=Promise("burglar", "down", 3, "2026-W50")), by),
            UsageError,
            'Did you mean "burglary"',
        ),
    ],
)
def test_what_cannot_be_put_on_record(
    tmp_path: Path,
    change: Callable[[Tracker, Person], object],
    error: type[CompstatError],
    words: str,
) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    with pytest.raises(error) as refused:
        change(tracker, person(tracker.workspace, "ana"))
    assert words in str(refused.value)
    assert len(tracker.events()) == 1


def test_as_known_at_a_moment(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    ana = person(tracker.workspace, "ana")
    tracker.verify("A-0001", "seen", ana, MEETING + timedelta(days=7))
    assert tracker.actions_as_of(MEETING - timedelta(seconds=1)) == ()
    assert tracker.actions_as_of(MEETING)[0].state is ActionState.OPEN
    assert tracker.actions_as_of(MEETING.replace(tzinfo=None))[0].state is ActionState.OPEN
    assert tracker.actions_as_of()[0].state is ActionState.VERIFIED


def test_a_clock_behind_a_colleagues_still_writes_after_the_last_entry(tmp_path: Path) -> None:
    tracker = tracker_in(tmp_path)
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    raise_one(tracker, at=ahead)
    tracker.note("A-0001", "now", person(tracker.workspace, "ana"))
    assert tracker.events()[-1].at == ahead


@pytest.mark.parametrize("typed", ["A-0001", "a-0001", "a-1", "1", " A0001 "])
def test_codes_are_found_however_they_are_typed(tmp_path: Path, typed: str) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    assert tracker.action(typed).action == "A-0001"


def test_an_event_without_its_action_is_damage() -> None:
    event = chained(Entry(EventKind.NOTED, MEETING, "ana", "A-0007", {}, "?"), "A-0007", None)
    with pytest.raises(TrackerError, match="noted A-0007 does not fit"):
        actions_from([event])


def _raised() -> Entry:
    payload = {
        "cycle": "weekly",
        "unit": "north",
        "owner": "nils",
        "what": "Patrol",
        "due": "2026-12-03",
        "raised_week": "2026-W46",
        "flag": None,
        "promise": {"reason": "none"},
    }
    return Entry(EventKind.RAISED, MEETING, "ana", "A-0001", payload)


STEP_ENTRIES = st.sampled_from(
    [
        (EventKind.NOTED, {}),
        (EventKind.STARTED, {}),
        (EventKind.DUE_CHANGED, {"due": "2026-12-10"}),
        (EventKind.DUE_CHANGED, {"due": "2026-12-01"}),
        (EventKind.CLAIMED, {}),
        (EventKind.REOPENED, {}),
        (EventKind.REASSIGNED, {"owner": "sol"}),
        (EventKind.CARRIED, {"step": "challenge"}),
        (EventKind.SCORED, {"score": "met"}),
    ]
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(STEP_ENTRIES, max_size=25), st.sampled_from([EventKind.VERIFIED, EventKind.DROPPED]))
def test_an_action_stays_open_until_verified_or_dropped(
    steps: list[tuple[EventKind, dict[str, str]]], end: EventKind
) -> None:
    """Law: nothing but a decision takes an open action off the list, and its first date never changes."""
    events: list[Event] = [chained(_raised(), "A-0001", None)]
    for kind, payload in steps:
        entry = Entry(kind, MEETING, "ana", "A-0001", payload, "words")
        events.append(chained(entry, "A-0001", events[-1]))
        action = find(actions_from(events), "A-0001")
        assert action.is_open
        assert action.original_due == date(2026, 12, 3)
    carries = sum(kind is EventKind.CARRIED for kind, _ in steps)
    events.append(chained(Entry(end, MEETING, "ana", "A-0001", {}, "end"), "A-0001", events[-1]))
    action = find(actions_from(events), "A-0001")
    assert not action.is_open
    assert action.times_carried == carries


MEASURED = Promise("burglary", "down", 12, "2026-W50")


@pytest.mark.parametrize(
    ("score", "reason", "refusal"),
    [
        (None, "", "its promise has no score yet (reviewed 2026-W50), and no reason says why it is closed"),
        ("not_testable", "", "its promise is not testable, and no reason says why it is closed"),
        (None, "  ", "no reason says why"),
        (None, "the market has closed", ""),
        ("not_testable", "the market has closed", ""),
        ("met", "", ""),
        ("missed", "", ""),  # it is for a challenger to say what closes an action; the score is beside it
        ("good", "", '"good" is no score'),
    ],
)
@pytest.mark.parametrize("on_record", [True, False])
def test_a_promise_is_verified_by_its_score_or_for_a_reason(
    tmp_path: Path, score: str | None, reason: str, refusal: str, on_record: bool
) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker, replace(agreed(), promise=MEASURED))
    ana = person(tracker.workspace, "ana")
    if on_record and score and score != "good":
        tracker.score("A-0001", score, "", ana)
    given = score if score == "good" or not on_record else None
    if refusal:
        with pytest.raises(TrackerError) as refused:
            tracker.verify("A-0001", "seen", ana, reason=reason, score=given)
        assert refusal in str(refused.value)
        assert tracker.action("A-0001").is_open
        return
    after = tracker.verify("A-0001", "seen", ana, reason=reason, score=given)
    assert (after.state, after.score, after.last_note) == (ActionState.VERIFIED, score, "seen")
    assert tracker.events()[-1].payload.get("reason", "") == reason


@pytest.mark.parametrize("note", ["", "  "])
def test_nothing_is_verified_without_a_word(tmp_path: Path, note: str) -> None:
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    ana = person(tracker.workspace, "ana")
    with pytest.raises(TrackerError, match="without a word on what was seen in the figures"):
        tracker.verify("A-0001", note, ana, reason="a reason is no substitute")
    with pytest.raises(TrackerError, match="without a word"):
        tracker.update("A-0001", ana, state=ActionState.VERIFIED)


def test_a_verified_event_from_before_it_said_its_score_still_reads() -> None:
    events = [chained(_raised(), "A-0001", None)]
    events.append(chained(Entry(EventKind.VERIFIED, MEETING, "ana", "A-0001", {}, "seen"), "A-0001", events[-1]))
    action = find(actions_from(events), "A-0001")
    assert (action.state, action.score) == (ActionState.VERIFIED, None)


@pytest.mark.parametrize("who", ["sol", "olga"])
@pytest.mark.parametrize("step", STEPS)
def test_the_owner_works_on_it_as_the_commander_may(tmp_path: Path, who: str, step: str) -> None:
    """Whoever it was given to, whatever their role: they answer for it."""
    tracker = tracker_in(tmp_path)
    raise_one(tracker)
    tracker.reassign("A-0001", who, "knows the market", person(tracker.workspace, "ana"))
    by = person(tracker.workspace, who)
    if step in {"note", "start", "due", "claim"}:
        assert STEPS[step](tracker, by).owner == who
    else:
        with pytest.raises(PermissionRefusedError):
            STEPS[step](tracker, by)
