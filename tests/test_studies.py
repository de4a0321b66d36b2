"""The tables of docs/method.md that a study makes are what it prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_rates_of_the_rules_that_watch_are_the_ones_in_the_documents() -> None:
    study = ROOT / "studies" / "watching_families.py"
    done = subprocess.run([sys.executable, str(study)], capture_output=True, text=True, check=True)
    rows = [line for line in done.stdout.splitlines() if line.startswith("| `")]
    page = (ROOT / "docs" / "method.md").read_text("utf-8")
    assert len(rows) == 15 and all(row in page for row in rows)


def test_a_small_study_keeps_within_what_is_written() -> None:
    """No rule fires in more than twice the share of cells that the page says, and one in a hundred."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "studies" / "watching_families.py"), "--cells", "1200"],
        capture_output=True,
        text=True,
        check=True,
    )
    page = (ROOT / "docs" / "method.md").read_text("utf-8").splitlines()
    written = {line.rsplit("|", 2)[0]: line.rsplit("|", 2)[1] for line in page if line.startswith("| `")}
    rows = [line for line in done.stdout.splitlines() if line.startswith("| `")]
    assert len(rows) == 15
    for row in rows:
        name, share, _ = row.rsplit("|", 2)
        assert float(share.strip(" %")) <= 2 * float(written[name].strip(" %")) + 1, row
