"""A year of real public returns rehearsed beside the usual methods: the table of docs/method.md.

The returns lie beside the project where it was written; elsewhere these tests skip. After a change of the rules:
python tests/test_real_data_backtest.py prints the table's rows afresh.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from test_how_to import BLOCKS, RETURNS
from test_real_data_rules import CHICAGO, SCOTLAND, ST_LOUIS, Real, real

from compstat.rules.rehearsal.backtest import rehearse
from compstat.rules.rehearsal.backtest_summary import as_public
from compstat.rules.rehearsal.usual_methods import METHODS

METHOD = Path(__file__).parent.parent / "docs" / "method.md"
YEAR = 52
SETS: Mapping[str, tuple[str, str, date, str]] = {
    "Chicago": ("chicago_aggravated_assaults", CHICAGO, date(2019, 12, 23), ""),
    "St Louis": ("stl_crime", ST_LOUIS, date(2018, 11, 26), ""),
    "Scotland": ("nhs_scotland_ae_weekly", SCOTLAND, date(2023, 10, 2), ""),  # no target: the usual methods know none
}


def loaded(name: str, root: Path) -> Real:
    folder, indicators, last, targets = SETS[name]
    return real(root, folder, indicators, last, targets, set_aside=True)


def rehearsed(found: Real, weeks: int) -> dict[str, Any]:
    first = found.week - timedelta(weeks=weeks - 1)
    cycle = found.workspace.cycle()
    return as_public(rehearse(found.store, found.workspace, cycle, first, found.week, compare=True))


def row(name: str, page: Mapping[str, Any], cells: int) -> list[str]:
    """A row of the table, as text."""
    names = ("shown", "expected_by_chance", "concern_cells", "listed_cells")
    ours = [page[f"{name}_per_week"] for name in names]
    usual = [method["listed_per_week"] for method in page["usual_methods"]]
    return [name, f"{cells:,}", *(f"{figure:.1f}" for figure in (*ours, *usual))]


def documented() -> dict[str, list[str]]:
    """The rows of the table in docs/method.md, by the name of the set."""
    lines = METHOD.read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {cells[0]: cells for cells in rows if cells[0] in SETS}


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_a_month_of_it_looks_like_the_year_in_the_documents(name: str, tmp_path: Path) -> None:
    """Loosely: at most three times the year's figure and two cells a week. A quiet month may show nothing."""
    found = loaded(name, tmp_path)
    page = rehearsed(found, 4)
    assert [method["method"] for method in page["usual_methods"]] == list(METHODS)
    here = row(name, page, len(found.evaluation.scope.cells))
    for now, year in zip(here[2:], documented()[name][2:], strict=True):
        assert float(now) <= 3 * float(year) + 2, (here, documented()[name])
    percent = [method["listed_per_week"] for method in page["usual_methods"] if "percent" in method["method"]]
    assert page["shown_per_week"] < min(percent)


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_the_year_is_the_one_in_the_documents(name: str, tmp_path: Path) -> None:
    found = loaded(name, tmp_path)
    assert row(name, rehearsed(found, YEAR), len(found.evaluation.scope.cells)) == documented()[name]


@pytest.mark.slow
def test_the_command_of_the_how_to_prints_the_table(tmp_path: Path) -> None:
    """Workspaces made by the blocks of the page, without packs and without the target that the table has not."""
    if not RETURNS.is_dir():
        pytest.skip("../shared/data is not here")
    program = [f'compstat() {{ "{sys.executable}" -m compstat.cli.main "$@"; }}', "set -eu"]
    for block in ("chicago", "stlouis", "scotland", "scotland-set-aside"):
        program += [line for line in BLOCKS[block].splitlines() if not re.search(" (prepare|flags) ", line)]
    program += ["rm scotland/targets.csv", BLOCKS["rehearsal"]]
    environment = {**os.environ, "RETURNS": str(RETURNS)}
    subprocess.run(["bash", "-c", "\n".join(program)], cwd=tmp_path, env=environment, check=True, capture_output=True)
    for name, cells in documented().items():
        page = json.loads((tmp_path / f"{name.lower().replace(' ', '')}.json").read_text())
        assert len(page["weeks"]) == YEAR
        assert row(name, page, int(cells[1].replace(",", ""))) == cells


def _print_rows() -> None:
    for name in SETS:
        with TemporaryDirectory() as folder:
            found = loaded(name, Path(folder))
            cells = row(name, rehearsed(found, YEAR), len(found.evaluation.scope.cells))
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _print_rows()
