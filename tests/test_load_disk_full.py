"""A disk that is full while a load is stored or unpacked: words, and the store as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from formats_example import archive, mail
from workspace_example import contents, load_text, make_workspace, returns

from compstat.workspace.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits of this kind are not known there")
WITH_LIMIT = """
import resource, sys
from compstat.cli.main import main
import compstat.load.load  # what Python itself writes beside it comes first
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
main()
"""


@pytest.fixture
def force(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path, on_disk=True)
    load_text(made, "unit,indicator,week,value\nNorth,burglary,2026-W46,12\n")
    return made


def load_without_room(force: Workspace, path: Path) -> tuple[int, str]:
    words = [sys.executable, "-c", WITH_LIMIT, "-w", str(force.root), "load", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def many() -> str:
    weeks = [(date(2026, 11, 8) - timedelta(weeks=n)).isoformat() for n in range(1_000)]
    rows = [f"{unit},burglary,{day},{n * 7919 % 1009}" for n, day in enumerate(weeks) for unit in ("North", "South")]
    return "\n".join(["unit,indicator,week_ending,value", *rows, ""])


def test_while_it_is_stored(force: Workspace) -> None:
    before = contents(force)
    code, said = load_without_room(force, returns(force, many(), "many.csv"))
    assert code == 15, said
    assert "#store-unwritable" in said
    assert contents(force) == before


@pytest.mark.parametrize("wrap", [archive, mail])
def test_while_it_is_unpacked(force: Workspace, wrap: object) -> None:
    assert callable(wrap)
    before = contents(force)
    code, said = load_without_room(force, returns(force, wrap({"many.csv": many().encode()}), "packed"))
    assert (code, said.partition("\n")[0]) == (11, "packed: cannot be unpacked: File too large")
    assert contents(force) == before
