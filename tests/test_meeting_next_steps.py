"""What to do next follows from where the round stands, most urgent first."""

from __future__ import annotations

from dataclasses import replace

from compstat.meeting.next_steps import Round, next_steps

SOUND = Round("2026-W46")


def commands(stands: Round) -> list[str]:
    return [step.command for step in next_steps(stands)]


def test_a_sound_week_is_signed_off_printed_and_met_about() -> None:
    assert commands(SOUND) == [
        "compstat sign-off --week 2026-W46",
        "compstat prepare --week 2026-W46",
        "compstat meeting close --week 2026-W46",
    ]


def test_a_week_signed_off_waits_for_its_meeting_alone() -> None:
    assert commands(replace(SOUND, signed_off=True)) == ["compstat meeting close --week 2026-W46"]


def test_a_week_signed_off_after_its_draft_is_printed_first() -> None:
    assert commands(replace(SOUND, signed_off=True, printed=False)) == [
        "compstat prepare --week 2026-W46",
        "compstat meeting close --week 2026-W46",
    ]


def test_a_single_unit_is_asked_by_name_and_several_at_once() -> None:
    assert commands(replace(SOUND, missing=("St Anne",)))[0] == "compstat template --unit 'St Anne' --week 2026-W46"
    assert commands(replace(SOUND, missing=("N", "S")))[0] == "compstat template --all --week 2026-W46"


def test_after_the_meeting_the_next_returns_are_awaited() -> None:
    assert commands(replace(SOUND, signed_off=True, closed=True, errors=2)) == ["compstat week"]


def test_files_refused_come_before_missing_returns_and_these_before_errors() -> None:
    stands = replace(SOUND, refused=("a.csv", "b.csv"), missing=("N", "S", "E", "W"), errors=1)
    steps = next_steps(stands)
    assert [step.command for step in steps][:3] == [
        "compstat week",
        "compstat template --all --week 2026-W46",
        "compstat check --week 2026-W46",
    ]
    assert "(a.csv, b.csv)" in steps[0].why
    assert "(N, S, E and 1 more)" in steps[1].why
    assert "1 error of" in steps[2].why


def test_the_commands_of_another_cycle_name_it() -> None:
    assert commands(replace(SOUND, cycle="roads"))[0] == "compstat sign-off --week 2026-W46 --cycle roads"


def test_where_nobody_may_sign_off_an_analyst_is_wanted_first() -> None:
    steps = next_steps(replace(SOUND, analyst=False))
    assert "people.csv" in steps[0].why and steps[0].command == "compstat doctor"
    assert steps[1].command.startswith("compstat sign-off")
    assert commands(replace(SOUND, analyst=False, signed_off=True))[0].startswith("compstat meeting close")
