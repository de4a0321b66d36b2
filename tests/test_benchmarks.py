"""The benchmarks run, all of them, and their core counts rightly. How fast anything is is not judged here."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
NAMES = {
    "full load",
    "weekly increment",
    "weekly increment with corrections",
    "one week's windows and rules",
    "growth in time",
    "growth in memory",
    "backtest",
    "as-of read",
    "restated",
    "workbook of returns",
    "special cause",
    "page of charts",
    "action list",
}
sys.path.insert(0, str(FOLDER))
timing: ModuleType = importlib.import_module("timing")


pytestmark = pytest.mark.slow  # half a minute: `make soak`


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[dict[str, object]], list[Path]]:
    """What a quick run printed and wrote, and what it left in its temporary folder."""
    temporary, output = tmp_path_factory.mktemp("temporary"), tmp_path_factory.mktemp("out") / "bench.json"
    command = [sys.executable, str(FOLDER / "run.py"), "--quick", "--output", str(output)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(temporary), "TMPDIR": str(temporary)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(output.read_text("utf-8")), list(temporary.glob("compstat-bench-*"))


def test_every_benchmark_gives_a_ratio_and_its_goal(quick: tuple[str, list[dict[str, object]], list[Path]]) -> None:
    _, found, _ = quick
    assert {row["name"] for row in found} == NAMES
    for row in found:
        assert isinstance(row["ratio"], float) and row["ratio"] > 0, row
        assert isinstance(row["goal"], float) and row["goal"] > 0, row
        assert row["runs"] == 1


def test_the_table_has_a_line_for_each(quick: tuple[str, list[dict[str, object]], list[Path]]) -> None:
    printed, found, _ = quick
    lines = printed.splitlines()
    assert lines[0].split()[:4] == ["benchmark", "ratio", "goal", "met?"]
    assert [line[:34].strip() for line in lines[1:]] == [row["name"] for row in found]


def test_nothing_is_left_behind(quick: tuple[str, list[dict[str, object]], list[Path]]) -> None:
    assert quick[2] == []


def test_runs_are_taken_in_turns_after_one_of_each() -> None:
    order: list[str] = []
    taken = timing.in_turns(lambda run: order.append(f"a{run}"), lambda run: order.append(f"b{run}"), 3)
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]
    assert len(taken.ours) == len(taken.theirs) == 3


def test_the_ratio_is_of_medians_so_one_disturbed_run_counts_for_nothing() -> None:
    measured = timing.Measured("x", 2.0, (2.0, 90.0, 2.2), (1.0, 1.1, 55.0), "")
    assert measured.ratio == pytest.approx(2.0)
    assert measured.met
    assert not timing.Measured("x", 1.9, (2.0,), (1.0,), "").met


def test_theirs_is_scaled_where_it_did_part_of_the_work() -> None:
    taken = timing.Taken((1.0,), (2.0,), (1.0,), (4.0,))
    measured = taken.measured("x", 1.0, "", 10)
    assert measured.ratio == pytest.approx(0.05)
    assert measured.cpu_ratio == pytest.approx(0.025)
