"""The first file of a store goes straight in; what it brings and what it refuses is as by way of the staging table."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from workspace_example import EVENING, contents, known, load_text, make_workspace

from compstat.findings import DataError

LINES = (
    "North,burglary,2026-11-09,12,,",
    "South,burglary,2026-11-09,0,,",
    "North,balance,2026-11-09,-3.5,,",
    "North,detected,2026-11-09,,12,40",
    "South,detected,2026-11-09,30,3,10",
    "South,detected,2026-11-02,,0,0",
)
FAULTS = {
    "unknown-unit": "Nroth,burglary,2026-11-09,12,,",
    "unknown-indicator": "North,burgalry,2026-11-09,12,,",
    "bad-date": "North,burglary,yesterday,12,,",
    "off-grid-date": "North,burglary,2026-11-10,12,,",
    "future-period": "North,burglary,2027-11-08,12,,",
    "not-a-number": "North,burglary,2026-11-02,many,,",
    "negative-value": "North,burglary,2026-11-02,-1,,",
    "ratio-without-parts": "North,detected,2026-11-02,30,,",
    "value-unlike-parts": "North,detected,2026-11-02,95,9,10",
    "ratio-of-nothing": "North,detected,2026-11-02,,5,0",
    "parts-without-value": "North,burglary,2026-11-02,,3,10",
    "duplicate-key": "North,burglary,2026-11-09,13,,",
    "unit-not-valid": "Old Town,burglary,2026-11-09,12,,",
}


def text_of(*lines: str, parts: bool = True) -> str:
    headings = "unit,indicator,week_start,value" + (",numerator,denominator" if parts else "")
    return "\n".join([headings, *lines]) + "\n"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the direct way was gone to its end, once a load."""
    from compstat.load import load

    went: list[bool] = []
    really = load.load_first

    def watched(*words: Any) -> Any:
        loaded = really(*words)
        went.append(loaded is not None)
        return loaded

    monkeypatch.setattr(load, "load_first", watched)
    return went


def test_a_sound_file_goes_straight_in_with_the_figures_it_would_have_had(tmp_path: Path, taken: list[bool]) -> None:
    workspace = make_workspace(tmp_path / "direct")
    loaded = load_text(workspace, text_of(*LINES))
    direct = known(workspace)
    workspace = make_workspace(tmp_path / "staged")
    load_text(workspace, text_of("North,burglary,2024-01-01,1", parts=False), at=EVENING - timedelta(1))
    load_text(workspace, text_of(*LINES))
    staged = {cell: figure for cell, figure in known(workspace).items() if cell[2].year > 2024}
    assert taken == [True, True, False]
    assert loaded.batch == "B-0001"
    assert loaded.added == len(LINES)
    assert direct == staged
    assert len(direct) == len(LINES)


def test_a_dry_run_leaves_nothing(tmp_path: Path, taken: list[bool]) -> None:
    workspace = make_workspace(tmp_path)
    before = contents(workspace)
    assert load_text(workspace, text_of(*LINES), dry_run=True).added == len(LINES)
    assert taken == [True]
    assert contents(workspace) == before
    assert load_text(workspace, text_of(*LINES)).added == len(LINES)


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_fault_undoes_the_load_and_is_named(tmp_path: Path, code: str, taken: list[bool]) -> None:
    workspace = make_workspace(tmp_path)
    before = contents(workspace)
    with pytest.raises(DataError) as refused:
        load_text(workspace, text_of(*LINES, FAULTS[code]))
    assert taken == [False]
    assert code in {finding.code for finding in refused.value.findings}
    assert f":{len(LINES) + 2}" in refused.value.findings[-1].where
    assert contents(workspace) == before


def test_a_row_without_a_figure_is_left_out_as_ever(tmp_path: Path, taken: list[bool]) -> None:
    workspace = make_workspace(tmp_path)
    assert load_text(workspace, text_of("North,burglary,2026-11-02,,,", *LINES)).added == len(LINES)
    assert taken == [False]


def test_a_rounded_ratio_goes_straight_in_as_what_its_parts_give(tmp_path: Path, taken: list[bool]) -> None:
    workspace = make_workspace(tmp_path)
    load_text(workspace, text_of("South,detected,2026-11-09,33,1,3", "North,detected,2026-11-09,57,565,1000"))
    assert taken == [True]
    values = {cell[0]: figure[0] for cell, figure in known(workspace).items()}
    assert values == {"South": pytest.approx(100 / 3), "North": pytest.approx(56.5)}
