"""A history of restatements, replayed batch by batch, rebuilds the figures and flags of every earlier moment."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rules_example import STEADY, W46, Force, only

from compstat.load.withdraw import withdraw_batch
from compstat.meeting.figures import window_totals
from compstat.quality.restated import restated_since
from compstat.windows.scope import known_at

UNITS = "unit,level\nnorth,district\nsouth,district\n"
NORTH, SOUTH = ("north", "burglary"), ("south", "burglary")
MONDAY = datetime(2026, 10, 19, 18)


def figures(made: Force, week: date, as_of: datetime | None) -> dict[str, Any]:
    """All that a pack of the week would say of its figures: windows, flags with their receipts, what was restated."""
    found = made.week(week, as_of)
    return {
        "known_at": found.known_at,
        "windows": window_totals(made.store, found.evaluation.scope),
        "flags": [asdict(flag) for flag in found.flags],
        "expected": found.evaluation.decisions.expected_by_chance,
        "restated": restated_since(made.store, MONDAY, found.known_at),
    }


def replay(root: Path) -> tuple[Force, list[tuple[date, datetime, dict[str, Any]]]]:
    """Weekly loads, late corrections upwards and downwards, a figure taken back, a batch withdrawn: noted each time."""
    made = Force(root, units=UNITS, rules=only("spike"))
    seen: list[tuple[date, datetime, dict[str, Any]]] = []

    def note(week: date) -> None:
        moment = known_at(made.store, None)
        assert moment is not None
        seen.append((week, moment, figures(made, week, None)))

    first = date(2026, 10, 12)
    made.load({NORTH: STEADY, SOUTH: STEADY}, first, MONDAY)
    note(first)
    steps: list[tuple[int, dict[tuple[str, str], list[float | None]], bool]] = [
        (1, {NORTH: [30.0], SOUTH: [9.0]}, False),
        (2, {NORTH: [12.0, 31.0], SOUTH: [0.0]}, False),  # the spike of the week before was a mistake
        (3, {NORTH: [28.0, 10.0, 40.0], SOUTH: [1.0, 0.0]}, False),  # and then was none
        (3, {SOUTH: [None]}, True),
        (4, {NORTH: [8.0], SOUTH: [50.0]}, False),
    ]
    for number, (week, newest, takes_back) in enumerate(steps, start=1):
        last = first + timedelta(weeks=week)
        made.load(newest, last, MONDAY + timedelta(weeks=week, hours=number), withdraw=takes_back)
        note(last)
    withdraw_batch(made.store, "B-0004", MONDAY + timedelta(weeks=5), "test")
    made._judged.clear()
    note(W46)
    return made, seen


def test_every_moment_s_figures_are_rebuilt_from_the_whole_history(tmp_path: Path) -> None:
    made, seen = replay(tmp_path)
    assert len({repr(noted) for _, _, noted in seen}) == len(seen) == 7  # each differs
    assert any(noted["flags"] for _, _, noted in seen)
    for week, moment, noted in seen:
        assert figures(made, week, moment + timedelta(minutes=59)) == noted  # until the next batch came


def test_a_moment_before_the_first_batch_knows_nothing(tmp_path: Path) -> None:
    made = Force(tmp_path).load({NORTH: STEADY}, date(2026, 10, 12), MONDAY)
    with pytest.raises(Exception, match="held no returns"):
        made.week(date(2026, 10, 12), MONDAY - timedelta(seconds=1))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = Force(tmp_path, units=UNITS).workspace.root
    for name, last, figure in (("one", "2026-11-09", 10), ("two", "2026-11-09", 13)):
        start = date.fromisoformat(last)
        rows = [f"north,burglary,{start - timedelta(weeks=back)},{figure if back < 2 else 10}" for back in range(60)]
        (root / f"{name}.csv").write_text("\n".join(["unit,indicator,week_start,value", *rows]), "utf-8")
    return root


def compstat(root: Path, *words: str) -> str:
    run = [sys.executable, "-m", "compstat.cli.main", *words]
    return subprocess.run(run, cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_command_line_replays_and_reads_back(workspace: Path) -> None:
    """What `show` printed after each load it prints again as of that moment; `restated` says what, where, by whom."""
    printed = {}
    for name, at in (("one", "2026-11-16T18:00"), ("two", "2026-11-17T09:00")):
        compstat(workspace, "load", f"{name}.csv", "--recorded-at", at)
        printed[at] = compstat(workspace, "show", "unit", "north", "--week", "2026-W46", "--json")
    first, second = printed.values()
    assert first != second
    again = compstat(workspace, "show", "unit", "north", "--week", "2026-W46", "--as-of", "2026-11-16T18:00", "--json")
    assert again == first
    changes = json.loads(compstat(workspace, "restated", "--since", "2026-11-16", "--json"))
    assert [(row["period_start"], row["was"], row["now"], row["change"]) for row in changes] == [
        ("2026-11-02", 10, 13, 3),
        ("2026-11-09", 10, 13, 3),
    ]
    assert {"unit", "indicator", "recorded_at", "source", "loaded_by"} <= set(changes[0])
    assert (changes[0]["source"], changes[0]["recorded_at"][:16]) == ("two.csv", "2026-11-17T09:00")
    (workspace / "next.csv").write_text("unit,indicator,week_start,value\nnorth,burglary,2026-11-16,10\n", "utf-8")
    compstat(workspace, "load", "next.csv", "--recorded-at", "2026-11-23T18:00")
    then = json.loads(compstat(workspace, "flags", "--as-of", "2026-11-16T18:00", "--json"))
    assert then["week"] == "2026-W46"  # the latest week of that moment
    earlier = compstat(workspace, "restated", "--since", "2026-11-15", "--as-of", "2026-11-16")
    assert earlier == "Nothing was restated.\n"
