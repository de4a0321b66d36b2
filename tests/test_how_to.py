"""The how-to's own commands, run as they stand on the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RETURNS = ROOT.parent / "shared" / "data"
PAGE = (ROOT / "docs" / "how-to-real-returns.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"```sh (\S+)\n(.*?)```", PAGE, flags=re.DOTALL))
SETS = {
    "chicago": ("chicago_aggravated_assaults", ["chicago"], 22),
    "stlouis": ("stl_crime", ["stlouis"], 85),
    "scotland": ("nhs_scotland_ae_weekly", ["scotland", "scotland-refused", "scotland-set-aside"], 30),
}


def run(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A block of the page in a shell, `compstat` being this tree's."""
    program = f'compstat() {{ "{sys.executable}" -m compstat.cli.main "$@"; }}\nset -eu\n'
    environment = {**os.environ, "RETURNS": str(RETURNS)}
    return subprocess.run(
        ["bash", "-c", program + BLOCKS[block]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", SETS)
def test_the_page_leads_from_returns_to_a_pack(name: str, tmp_path: Path) -> None:
    folder, blocks, units = SETS[name]
    if not (RETURNS / folder).is_dir():
        pytest.skip(f"../shared/data/{folder} is not here")
    for block in blocks:
        done = run(block, tmp_path)
        if block.endswith("-refused"):
            assert_a_key_given_twice_is_refused(done)
        else:
            assert done.returncode == 0, done.stderr
    (briefing,) = tmp_path.glob(f"{name}/packs/*/briefing.pdf")
    assert briefing.stat().st_size > 10_000
    assert len(list(briefing.parent.glob("units/*.pdf"))) >= units


def assert_a_key_given_twice_is_refused(done: subprocess.CompletedProcess[str]) -> None:
    """With other figures; until it is said what to set aside."""
    assert done.returncode == 11
    assert "is there 2 times, with different figures" in done.stderr and "--set-aside" in done.stderr
