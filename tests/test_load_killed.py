"""A load that is killed in the middle: the store opens, and holds all of the file or nothing of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from workspace_example import make_workspace, returns, select

from compstat.store import open_store
from compstat.workspace.workspace import Workspace

WEEKS = 100
UNITS = 100
ROWS = WEEKS * UNITS
NOTHING = (0, 0)  # batches and rows
ALL_OR_NOTHING = {NOTHING, (1, ROWS)}
MAIN = "from compstat.cli.main import main; main()"


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A store with a first batch, and a file whose load takes long enough to be met in the middle."""
    root = tmp_path_factory.mktemp("killed")
    units = "\n".join(["unit", *(f"unit-{n}" for n in range(UNITS))]) + "\n"
    workspace = make_workspace(root, on_disk=True, units=units)
    days = [date(2026, 11, 15) - timedelta(weeks=n) for n in range(WEEKS)]
    lines = [f"unit-{n},burglary,{day},{n}" for day in days for n in range(UNITS)]
    returns(workspace, "\n".join(["unit,indicator,week_ending,value", *lines]) + "\n")
    with open_store(workspace.store_path):
        pass
    return workspace


def started(workspace: Workspace) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", MAIN, "-q", "load", "returns.csv", "--recorded-at", "2026-11-16T18:00"]
    return subprocess.Popen(command, cwd=workspace.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def seconds_of_a_whole_load(workspace: Workspace) -> float:
    begun = time.monotonic()
    assert started(workspace).wait() == 0
    spent = time.monotonic() - begun
    assert select(workspace, "select count(*) from observation") == [(ROWS,)]
    emptied(workspace)
    return spent


def emptied(workspace: Workspace) -> None:
    workspace.store_path.unlink()
    Path(f"{workspace.store_path}.wal").unlink(missing_ok=True)
    with open_store(workspace.store_path):
        pass


def kill_at(workspace: Workspace, seconds: float) -> tuple[int, int]:
    """Kill a load so long after it began; how many batches and rows the store then holds."""
    loading = started(workspace)
    time.sleep(seconds)
    os.kill(loading.pid, signal.SIGKILL)
    loading.wait()
    with open_store(workspace.store_path):  # what is left of it is taken up here
        pass
    ((batches,),) = select(workspace, "select count(*) from batch")
    ((rows,),) = select(workspace, "select count(*) from observation")
    emptied(workspace)
    return batches, rows


def killed(workspace: Workspace, times: int) -> list[tuple[int, int]]:
    """What each of so many killed loads left: batches and rows."""
    whole = seconds_of_a_whole_load(workspace)
    # most of the work lies in the second half; start-up is the first
    return [kill_at(workspace, whole * (0.4 + 0.65 * turn / max(1, times - 1))) for turn in range(times)]


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 there")
def test_a_killed_load_leaves_all_or_nothing(force: Workspace) -> None:
    assert set(killed(force, 3)) <= ALL_OR_NOTHING


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 there")
def test_fifty_killed_loads_leave_all_or_nothing(force: Workspace) -> None:
    left = set(killed(force, 50))
    assert left <= ALL_OR_NOTHING
    assert NOTHING in left, "else every load was done before it was killed"
