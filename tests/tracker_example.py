"""A small force for the tests of the tracker: two units, one person of every role, written as real files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from compstat.tracker.action import Action, Promise
from compstat.tracker.agreement import NewAction
from compstat.tracker.tracker import Tracker, open_tracker
from compstat.workspace.tables import Person
from compstat.workspace.workspace import Workspace, load_workspace

SETTINGS = """
[[cycle]]
cycle = "weekly"
carries_before_step = 2

[[cycle]]
cycle = "housing"
cadence = "monthly"
"""
UNITS = """unit,name,level,commander,valid_from,valid_to
north,North,precinct,nora,,2026-10-31
north,North,precinct,nils,2026-11-01,
south,South,precinct,sol,,
labs,Laboratory,support,,,
"""
PEOPLE = """person,name,role,unit,login
ana,Ana,analyst,,ana-login
chad,Chad,challenger,,
nora,Nora,commander,north,
nils,Nils,commander,north,
sol,Sol,commander,south,
spec,Spec,specialist,,
olga,Olga,observer,,
"""
INDICATORS = "indicator,name,better\nburglary,Burglary,lower\n"
MEETING = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def write_workspace(root: Path) -> Path:
    """The force's files in a folder."""
    for name, text in {
        "compstat.toml": SETTINGS,
        "units.csv": UNITS,
        "people.csv": PEOPLE,
        "indicators.csv": INDICATORS,
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def tracker_in(root: Path) -> Tracker:
    return open_tracker(load_workspace(write_workspace(root)))


def person(workspace: Workspace, name: str) -> Person:
    found = workspace.person(name)
    assert found is not None
    return found


def agreed(
    *,
    unit: str = "north",
    owner: str = "nils",
    what: str = "Patrol the market",
    due: date = date(2026, 12, 3),
    cycle: str = "weekly",
) -> NewAction:
    promise = Promise(reason="no returns from the market")
    return NewAction(cycle, unit, owner, what, due, "2026-W46", promise)


def raise_one(tracker: Tracker, new: NewAction | None = None, at: datetime = MEETING) -> Action:
    """An action raised by the analyst at the meeting of 2026-W46."""
    return tracker.add(new or agreed(), person(tracker.workspace, "ana"), at)
