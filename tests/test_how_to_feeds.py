"""The commands of docs/how-to-feeds.md, run as they stand on the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from compstat.workspace.feeds import Feeds

ROOT = Path(__file__).parents[1]
RETURNS = ROOT.parent / "shared" / "data"
PAGE = (ROOT / "docs" / "how-to-feeds.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"```sh (\S+)\n(.*?)```", PAGE, flags=re.DOTALL))
SETS = {
    "chicago": ("chicago_aggravated_assaults", "148,448 of 148,636 rows counted"),
    "stlouis": ("stl_crime", "of 146,155 rows counted"),
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
def test_the_page_leads_from_an_extract_to_flags(name: str, tmp_path: Path) -> None:
    folder, words = SETS[name]
    if not (RETURNS / folder).is_dir():
        pytest.skip(f"../shared/data/{folder} is not here")
    done = run(name, tmp_path)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
    if name == "chicago":
        said = next(text for text in re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL) if "incidents" in text)
        assert said in done.stdout


def test_a_table_of_weeks_is_refused_for_a_key_given_twice_and_loads_without_it(tmp_path: Path) -> None:
    if not (RETURNS / "nhs_scotland_ae_weekly").is_dir():
        pytest.skip("../shared/data/nhs_scotland_ae_weekly is not here")
    assert run("scotland", tmp_path).returncode == 0
    done = run("scotland-refused", tmp_path)
    assert done.returncode == 11
    assert "is there 2 times, with different figures" in done.stderr and "--set-aside" in done.stderr
    done = run("scotland-set-aside", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 rows set aside" in done.stdout


def test_the_feed_with_a_database_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    (feed,) = Feeds.model_validate(tomllib.loads(text)).feed
    assert feed.database == "env:RECORDS_URL"
