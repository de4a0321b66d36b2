"""The sample force: every story that the families can see is found in its week, and the week tells no other."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from rules_example import W46, Sample, sample_force

from compstat.rules.families import FAMILIES
from compstat.rules.flag import Outcome
from compstat.rules.weeks import WeekFlags

FORCE = Path(__file__).parent.parent / "sample_data" / "police"


def stories() -> list[dict[str, str]]:
    with (FORCE / "stories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SEEN = [row for row in stories() if row["family"] in FAMILIES]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return sample_force()


@pytest.fixture(scope="module")
def week(sample: Sample) -> WeekFlags:
    """The newest week."""
    return sample.week(W46)


def test_every_family_has_a_story() -> None:
    assert {row["family"] for row in SEEN} == set(FAMILIES)


@pytest.mark.parametrize("label", sorted({row["week"] for row in SEEN}))
def test_a_weeks_stories_are_found(sample: Sample, label: str) -> None:
    start = date.fromisocalendar(int(label[:4]), int(label[-2:]), 1)
    found = {(flag.unit, flag.indicator, flag.family, str(flag.outcome)) for flag in sample.week(start).flags}
    wanted = {(row["unit"], row["indicator"], row["family"], row["outcome"]) for row in SEEN if row["week"] == label}
    assert wanted - found == set()


def test_the_sample_week_shows_its_stories_and_nothing_else(week: WeekFlags) -> None:
    told = {(row["unit"], row["indicator"], row["outcome"]) for row in SEEN if row["week"] == "2026-W46"}
    shown = {(flag.unit, flag.indicator, str(flag.outcome)) for flag in week.shown}
    assert shown == {cell for cell in told if cell[2] != Outcome.WATCH}
    listed = {(flag.unit, flag.indicator) for flag in week.flags}
    assert listed == {cell[:2] for cell in told}


def test_what_is_shown_leads_with_the_floor_and_keeps_within_the_seats(sample: Sample, week: WeekFlags) -> None:
    shown = week.shown
    assert (shown[0].family, shown[0].severity) == ("floor", 3)
    assert [flag.rank for flag in shown] == sorted(flag.rank or 0 for flag in shown)
    assert len(shown) <= sample.workspace.cycle().items_per_meeting


def test_chance_alone_would_show_about_one(week: WeekFlags) -> None:
    assert 0.2 < week.evaluation.decisions.expected_by_chance < 1.5
