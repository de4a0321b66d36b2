"""Good rows loaded, the others in a file with their reasons that harms nobody and can be mended."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspace_example import EVENING, burglaries, contents, known, load, load_text, make_workspace, returns, select

from compstat.findings import DataError
from compstat.load import load as loading
from compstat.load.set_aside import FORMULA_STARTS, safe_cell
from compstat.workspace.workspace import Workspace, load_workspace

HEADINGS = "unit,indicator,week,value\n"
GOOD = "North,burglary,2026-W46,12\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def refused(path: Path | None) -> list[list[str]]:
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_good_rows_load_and_the_others_are_written_as_they_came(workspace: Workspace) -> None:
    bad = 'Nroth,burglary,2026-W46,12\n"South ",burglary,2026-W46,"1,204"\nSouth,burglary,2026-W46\n'
    loaded = load_text(workspace, HEADINGS + GOOD + bad, set_aside=True)
    assert (loaded.batch, loaded.added, loaded.set_aside) == ("B-0001", 1, 3)
    assert burglaries(workspace) == {"North": 12}
    assert loaded.refused_file is not None
    assert loaded.refused_file.parent == workspace.root / "refused"
    unknown = 'unknown-unit: unit "Nroth" is not in units.csv. Did you mean "North"?'
    assert refused(loaded.refused_file) == [
        ["refused_line", "refused_because", "unit", "indicator", "week", "value"],
        ["3", unknown, "Nroth", "burglary", "2026-W46", "12"],
        ["4", 'not-a-number: value is "1,204"; wanted a number', "South ", "burglary", "2026-W46", "1,204"],
        ["5", "ragged-row: has 3 cells; wanted 4", "South", "burglary", "2026-W46"],
    ]
    assert select(workspace, "select rows, set_aside from batch") == [(1, 3)]


def test_the_refused_rows_can_be_mended_and_loaded(workspace: Workspace) -> None:
    text = "unit,week,burglary,balance\nNroth,2026-W46,12,-3\nSouth,2026-W46,3,\n"
    path = load_text(workspace, text, set_aside=True).refused_file
    assert path is not None
    path.write_text(path.read_text("utf-8-sig").replace("Nroth", "North"), "utf-8-sig")
    assert load(workspace, path, at=EVENING + timedelta(hours=1))[0].added == 2
    assert burglaries(workspace) == {"North": 12, "South": 3}


@pytest.mark.parametrize("end", ["week", "week_ending"])
def test_of_a_key_given_twice_with_unequal_values_both_are_refused(workspace: Workspace, end: str) -> None:
    day = {"week": "2026-W46", "week_ending": "2026-11-15"}[end]
    rows = [f"North,burglary,{day},12\n", f"South,burglary,{day},3\n", f"North,burglary,{day},13\n"]
    loaded = load_text(workspace, f"unit,indicator,{end},value\n" + "".join(rows), set_aside=True)
    assert burglaries(workspace) == {"South": 3}
    assert [row[0] for row in refused(loaded.refused_file)[1:]] == ["2", "4"]


def test_of_rows_that_agree_the_first_is_loaded(workspace: Workspace) -> None:
    loaded = load_text(workspace, HEADINGS + GOOD * 3, set_aside=True)
    assert burglaries(workspace) == {"North": 12}
    assert [row[0] for row in refused(loaded.refused_file)[1:]] == ["3", "4"]


def test_a_row_refused_for_several_reasons_is_there_once(workspace: Workspace) -> None:
    loaded = load_text(workspace, HEADINGS + GOOD + "X,burgalry,2026-W54,many\n", set_aside=True)
    (row,) = refused(loaded.refused_file)[1:]
    assert [reason.split(":")[0] for reason in row[1].split("; ") if ":" in reason] == [
        "bad-date",
        "not-a-number",
        "unknown-unit",
        "unknown-indicator",
    ]


def test_a_file_taken_in_part_can_be_loaded_again_when_its_tables_are_mended(tmp_path: Path) -> None:
    text = HEADINGS + GOOD + "East,burglary,2026-W46,5\n"
    workspace = make_workspace(tmp_path)
    assert load_text(workspace, text, set_aside=True).set_aside == 1
    (tmp_path / "units.csv").write_text("unit\nNorth\nEast\n", "utf-8")
    mended = load_workspace(tmp_path)
    loaded = load_text(mended, text, at=EVENING + timedelta(days=1))
    assert (loaded.already, loaded.added) == (None, 1)
    assert burglaries(mended) == {"North": 12, "East": 5}
    assert load_text(mended, text, at=EVENING + timedelta(days=2)).already == "B-0002"


def test_nothing_good_at_all(workspace: Workspace) -> None:
    loaded = load_text(workspace, HEADINGS + "X,burglary,2026-W46,1\n", set_aside=True)
    assert (loaded.batch, loaded.set_aside) == (None, 1)
    assert contents(workspace) == []


def test_a_sound_file_sets_nothing_aside(workspace: Workspace) -> None:
    loaded = load_text(workspace, HEADINGS + GOOD, set_aside=True)
    assert (loaded.set_aside, loaded.refused_file) == (0, None)
    assert not (workspace.root / "refused").exists()


def test_empty_cells_over_held_figures_are_set_aside(workspace: Workspace) -> None:
    load_text(workspace, HEADINGS + GOOD)
    text = HEADINGS + "North,burglary,2026-W46,\nSouth,burglary,2026-W46,3\n"
    assert load_text(workspace, text, at=EVENING + timedelta(days=1), set_aside=True).set_aside == 1
    assert burglaries(workspace) == {"North": 12, "South": 3}


def test_several_files_each_have_a_file_of_their_own(workspace: Workspace) -> None:
    files = [
        returns(workspace, HEADINGS + f"{unit},burglary,2026-W46,1\nX,,,\n", f"{unit}.csv")
        for unit in ("North", "South")
    ]
    loaded = load(workspace, *files, set_aside=True)
    assert [len(refused(one.refused_file)) for one in loaded] == [2, 2]
    assert len({one.refused_file for one in loaded}) == 2
    assert burglaries(workspace) == {"North": 1, "South": 1}


def test_rows_of_parquet(workspace: Workspace) -> None:
    frame = pl.DataFrame({"unit": ["North", "=X()"], "week_ending": ["2026-11-15"] * 2, "burglary": [1, None]})
    frame.write_parquet(workspace.root / "returns.parquet")
    (loaded,) = load(workspace, workspace.root / "returns.parquet", set_aside=True)
    assert refused(loaded.refused_file)[1][0] == "2"
    assert refused(loaded.refused_file)[1][2:] == ["'=X()", "2026-11-15", ""]


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0", "a;=1+1"]
)
def test_no_cell_of_the_file_is_a_formula(workspace: Workspace, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    loaded = load_text(workspace, f"{HEADINGS}{GOOD}{quoted},{quoted},{quoted},{quoted}\n", set_aside=True)
    for cell in refused(loaded.refused_file)[1]:
        assert not cell.startswith(FORMULA_STARTS)
    assert loaded.refused_file is not None


@given(st.text())
def test_a_safe_cell_is_no_formula_and_loses_nothing(cell: str) -> None:
    safe = safe_cell(cell)
    assert safe.removeprefix("'") == cell.removeprefix("'") or safe == cell
    if safe.startswith(FORMULA_STARTS):
        float(safe)  # a number stays one


@pytest.mark.parametrize("name", ["../x.csv", "x" * 240 + ".csv", "ü" * 120 + ".csv", "..csv", "a b'c\".csv", "=1.csv"])
def test_the_name_of_the_file_is_a_safe_one(workspace: Workspace, name: str) -> None:
    (workspace.root / "inbox").mkdir()
    path = workspace.root / "inbox" / name
    path.write_text(HEADINGS + GOOD + "X,burglary,2026-W46,1\n", "utf-8")
    (loaded,) = load(workspace, path, set_aside=True)
    assert loaded.refused_file is not None
    assert loaded.refused_file.resolve().parent == (workspace.root / "refused").resolve()


def test_where_the_refused_rows_cannot_be_written_nothing_is_loaded(workspace: Workspace) -> None:
    (workspace.root / "refused").write_text("in the way", "utf-8")
    with pytest.raises(DataError) as caught:
        load_text(workspace, HEADINGS + GOOD + "X,burglary,2026-W46,1\n", set_aside=True)
    assert caught.value.findings[0].code == "cannot-write"
    assert contents(workspace) == []


def test_a_file_of_nothing_but_faults_is_the_wrong_file(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_SET_ASIDE", 50)
    rows = "".join(f"Unit {n},burglary,2026-W46,1\n" for n in range(51))
    with pytest.raises(DataError) as caught:
        load_text(workspace, HEADINGS + GOOD + rows, set_aside=True)
    assert caught.value.findings[0].code == "too-many-refused"
    assert contents(workspace) == []
    assert load_text(workspace, HEADINGS + GOOD + rows[: rows.index("Unit 50")], set_aside=True).set_aside == 50
    assert known(workspace)
