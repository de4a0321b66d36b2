"""The sample force as `compstat demo` leaves it: made once a run, in a process of its own; a copy for all who ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE_WEEK = "2026-W46"


def demo_into(folder: Path) -> subprocess.CompletedProcess[str]:
    """`compstat demo FOLDER` in a process of its own."""
    command = [sys.executable, "-m", "compstat.cli.main", "demo", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def demo_copied_into(folder: Path, temporary: pytest.TempPathFactory) -> Path:
    """The folder, with what the one demo of this run left in it: stores, tables and the pack."""
    made = _of_this_run(temporary) / "sample-force"
    if not made.exists():
        own = temporary.mktemp("demo") / "force"
        demo_into(own)
        try:
            own.rename(made)
        except OSError:  # another worker was quicker: the same bytes, as test_pack_end_to_end.py proves
            shutil.rmtree(own)
    return Path(shutil.copytree(made, folder))


def _of_this_run(temporary: pytest.TempPathFactory) -> Path:
    """The folder that the workers of a run have in common; without workers, that of the run."""
    own = temporary.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
