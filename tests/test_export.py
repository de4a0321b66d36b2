"""Out again: what is exported is what the store holds, with its types, and no text in it is ever run."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from command_example import run
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from workspace_example import known, make_workspace, returns

from compstat.export import writing
from compstat.export.kinds import Format
from compstat.export.tables import frame_of, weeks_between
from compstat.findings import CompstatError, DataError
from compstat.new_file import new_file
from compstat.rules.flag import Flag, Outcome
from compstat.tracker.action import Action
from compstat.workspace.workspace import Workspace

UNITS = "unit,name,level\nNorth,Nord,precinct\n=1+1,Sum,precinct\n-5,Minus,precinct\n"
FIRST = (
    "unit,indicator,period_start,value,numerator,denominator\n"
    "North,burglary,2026-11-02,12,,\nNorth,balance,2026-11-02,-0.1,,\nNorth,detected,2026-11-02,,1,3\n"
    "=1+1,burglary,2026-11-02,3,,\n-5,burglary,2026-11-09,0,,\n"
)
LATER = "unit,indicator,period_start,value\nNorth,burglary,2026-11-02,13\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = make_workspace(tmp_path_factory.mktemp("out") / "force", on_disk=True, units=UNITS)
    for name, text, at in (("first.csv", FIRST, "2026-11-16T18:00"), ("later.csv", LATER, "2026-11-20T09:00")):
        returns(made, text, name)
        said = run(made.root, "load", name, "--recorded-at", at)
        assert said.code == 0, said.err
    return made


def export(workspace: Workspace, name: str, *words: str) -> Path:
    said = run(workspace.root, "export", "--output", name, "--force", *words)
    assert said.code == 0, said.err
    return workspace.root / name


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_parquet_holds_every_figure_with_its_type(workspace: Workspace) -> None:
    frame = pl.read_parquet(export(workspace, "all.parquet"))
    assert dict(frame.schema) == {
        "unit": pl.String(),
        "indicator": pl.String(),
        "period_start": pl.Date(),
        "value": pl.Float64(),
        "numerator": pl.Float64(),
        "denominator": pl.Float64(),
        "batch": pl.String(),
        "recorded_at": pl.Datetime("us"),
        "source": pl.String(),
    }
    assert {row[:3]: row[3:6] for row in frame.iter_rows()} == known(workspace)
    assert frame.filter(pl.col("source") == "later.csv").get_column("value").to_list() == [13.0]


def test_csv_keeps_every_digit_and_an_empty_cell_is_no_figure(workspace: Workspace) -> None:
    rows = rows_of(export(workspace, "all.csv"))
    ratio = next(row for row in rows if row["indicator"] == "detected")
    stored = known(workspace)["North", "detected", date(2026, 11, 2)]
    assert (float(ratio["value"]), float(ratio["numerator"]), float(ratio["denominator"])) == stored
    assert next(row for row in rows if row["indicator"] == "balance")["numerator"] == ""
    assert (ratio["period_start"], ratio["recorded_at"]) == ("2026-11-02", "2026-11-16T18:00:00")


def test_csv_guards_text_that_a_spreadsheet_would_run_and_never_a_number(workspace: Workspace) -> None:
    rows = rows_of(export(workspace, "all.csv"))
    assert {row["unit"] for row in rows} == {"North", "'=1+1", "-5"}
    assert {row["value"] for row in rows if row["indicator"] == "balance"} == {"-0.1"}


def test_in_a_workbook_text_is_text_and_dates_are_dates(workspace: Workspace) -> None:
    sheet = load_workbook(export(workspace, "all.xlsx")).active
    assert sheet is not None
    headings, *rows = list(sheet.iter_rows())
    assert [cell.value for cell in headings][:4] == ["unit", "indicator", "period_start", "value"]
    assert {cell.data_type for row in rows for cell in row} == {"s", "n", "d"}
    assert {row[0].value for row in rows} == {"North", "=1+1", "-5"}
    assert {row[2].value for row in rows} == {datetime(2026, 11, 2), datetime(2026, 11, 9)}
    assert sorted(float(row[3].value) for row in rows) == sorted(
        f[0] for f in known(workspace).values() if f[0] is not None
    )  # type: ignore[arg-type]


def test_as_of_takes_the_figures_as_known_then(workspace: Workspace) -> None:
    frame = pl.read_parquet(export(workspace, "then.parquet", "--as-of", "2026-11-17"))
    assert {row[:3]: row[3:6] for row in frame.iter_rows()} == known(workspace, datetime(2026, 11, 17))


def test_from_and_to_bound_the_periods(workspace: Workspace) -> None:
    path = export(workspace, "week.csv", "--from", "2026-W46", "--to", "2026-W46")
    assert [row["unit"] for row in rows_of(path)] == ["-5"]
    assert len(rows_of(export(workspace, "until.csv", "--to", "2026-W45"))) == 4


def test_an_export_loads_into_another_workspace(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("all.parquet", "all.xlsx"):
        other = make_workspace(tmp_path / name, on_disk=True, units=UNITS)
        path = export(workspace, name)
        said = run(other.root, "load", str(path), "--recorded-at", "2026-11-20")
        assert said.code == 0, said.err
        assert known(other) == known(workspace)


def test_a_file_that_is_there_stays_unless_forced(workspace: Workspace) -> None:
    (workspace.root / "mine.csv").write_text("mine")
    said = run(workspace.root, "export", "--output", "mine.csv")
    assert said.code == 2 and "#file-exists" in said.err
    assert (workspace.root / "mine.csv").read_text() == "mine"


def test_what_cannot_be_is_said(workspace: Workspace) -> None:
    for words, code in (
        (("--output", "figures.txt"), "which-format"),
        (("--output", "a.csv", "--what", "actions", "--from", "2026-W46"), "no-weeks-of-actions"),
        (("--output", "not/there/a.csv"), "cannot-write"),
    ):
        said = run(workspace.root, "export", *words)
        assert said.code == 2 and f"#{code}" in said.err


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(ZeroDivisionError), new_file(path, force=True) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"] and path.read_text() == "mine"
    with pytest.raises(CompstatError), new_file(path):
        pytest.fail("it is there")


def test_too_many_rows_for_a_sheet_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 2)
    with pytest.raises(DataError, match="a sheet holds 2"):
        writing.write(pl.DataFrame({"a": [1, 2, 3]}), tmp_path / "a.xlsx", Format.XLSX)
    writing.write(pl.DataFrame({"a": [1, 2]}), tmp_path / "a.xlsx", Format.XLSX)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@settings(max_examples=50)
@given(st.lists(st.one_of(st.none(), st.text(alphabet="=+-@\t\r1.5eA'\",\n ", max_size=6)), min_size=1))
def test_the_guard_is_put_before_every_text_that_starts_a_formula_and_no_other(cells: list[str | None]) -> None:
    for was, now in zip(
        cells, writing.guarded(pl.DataFrame({"a": cells}, {"a": pl.String})).get_column("a"), strict=True
    ):
        if was is None or not was.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
            assert now == was
        else:
            assert now == (was if is_number(was) else f"'{was}")


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_flags_and_actions_are_written_in_their_own_fields() -> None:
    flag = Flag(
        flag="F-2", week="2026-W46", cycle="main", unit="North", indicator="burglary", rule="spike", family="spike",
        outcome=Outcome.CONCERN, severity=2, known_at=datetime(2026, 11, 16),
        inputs={"count": 3, "first": date(2026, 1, 1)},
    )  # fmt: skip
    frame = frame_of(Flag, [flag])
    assert frame.schema["p_value"] == pl.Float64() and frame.schema["known_at"] == pl.Datetime("us")
    assert frame.schema["shown"] == pl.Boolean() and frame.schema["severity"] == pl.Int64()
    row = frame.row(0, named=True)
    assert (row["outcome"], row["state"], row["p_value"]) == ("concern", "new", None)
    assert json.loads(row["inputs"]) == {"count": 3, "first": "2026-01-01"}
    assert frame_of(Flag, []).schema == frame.schema
    assert frame_of(Action, []).schema["due"] == pl.Date()


def test_weeks_between_counts_both_ends() -> None:
    assert weeks_between(date(2026, 11, 2), date(2026, 11, 16)) == [date(2026, 11, day) for day in (2, 9, 16)]


def test_windows_and_flags_and_actions_go_out_with_the_command(workspace: Workspace) -> None:
    windows = pl.read_parquet(export(workspace, "windows.parquet", "--what", "windows", "--to", "2026-W46"))
    burglary = windows.filter((pl.col("unit") == "North") & (pl.col("indicator") == "burglary"))
    week = burglary.filter(pl.col("window") == "week").row(0, named=True)
    assert (week["first_day"], week["last_day"]) == (date(2026, 11, 9), date(2026, 11, 15))
    assert (week["current"], week["present"], week["expected"], week["reason"]) == (None, 0, 1, "0 of 1 returns")
    assert pl.read_parquet(export(workspace, "flags.parquet", "--what", "flags")).columns[:3] == [
        "flag",
        "week",
        "cycle",
    ]
    assert pl.read_parquet(export(workspace, "actions.parquet", "--what", "actions")).is_empty()


READ = """
import duckdb, json, sys
with duckdb.connect(sys.argv[1], read_only=True) as store:
    views = [row[0] for row in store.execute(
        "select view_name from duckdb_views() where schema_name = 'reporting' order by all").fetchall()]
    found = {name: store.execute(f"select * from reporting.{name} order by all").fetchall() for name in views}
print(json.dumps(found, default=str))
"""


def test_another_program_reads_the_views_read_only(workspace: Workspace) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(workspace.store_path)], capture_output=True, text=True, check=True
    )
    found: dict[str, list[list[Any]]] = json.loads(done.stdout)
    assert list(found) == ["audit", "batch", "indicator", "observation", "restated", "unit"]
    assert len(found["observation"]) == len(known(workspace))
    assert sorted(row[:3] for row in found["unit"]) == sorted(
        [["North", "Nord", "precinct"], ["=1+1", "Sum", "precinct"], ["-5", "Minus", "precinct"]]
    )
    assert {row[0]: row[7] for row in found["indicator"]}["detected"] == "percent"
    assert [row[2] for row in found["batch"]] == ["first.csv", "later.csv"]
    assert [row[:5] for row in found["restated"]] == [["North", "burglary", "2026-11-02", 12.0, 13.0]]


def test_the_views_say_what_the_tables_said_at_the_last_load(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "force", on_disk=True)
    returns(made, "unit,indicator,week_start,value\nNorth,burglary,2026-11-02,1\n", "a.csv")
    assert run(made.root, "load", "a.csv", "--recorded-at", "2026-11-16").code == 0
    (made.root / "units.csv").write_text("unit,name\nNorth,Nordish\nSouth,\nOld Town,\n")
    returns(made, "unit,indicator,week_start,value\nNorth,burglary,2026-11-09,1\n", "b.csv")
    assert run(made.root, "load", "b.csv", "--recorded-at", "2026-11-16", "--dry-run").code == 0
    assert names(made) == {"North": "", "South": "", "Old Town": ""}
    assert run(made.root, "load", "b.csv", "--recorded-at", "2026-11-16").code == 0
    assert names(made) == {"North": "Nordish", "South": "", "Old Town": ""}


def names(workspace: Workspace) -> dict[str, str]:
    with duckdb.connect(str(workspace.store_path), read_only=True) as store:
        return dict(store.execute("select unit, name from reporting.unit").fetchall())


def test_every_view_and_its_columns_are_documented(workspace: Workspace) -> None:
    page = (Path(__file__).parent.parent / "docs" / "reporting.md").read_text("utf-8")
    with duckdb.connect(str(workspace.store_path), read_only=True) as store:
        found = store.execute(
            "select table_name, string_agg(column_name, ', ' order by ordinal_position) "
            "from information_schema.columns where table_schema = 'reporting' group by all"
        ).fetchall()
    assert len(found) == 6
    for view, columns in found:
        assert f"| `reporting.{view}` |" in page and f"`{columns}`" in page


def test_a_folder_that_is_not_there_is_named(workspace: Workspace) -> None:
    said = run(workspace.root, "export", "-o", "nodir/z.csv")
    assert said.code == 2
    assert said.err.startswith("nodir/z.csv: cannot be written: the folder nodir is not there\n")
    assert "os error" not in said.err and not (workspace.root / "nodir").exists()


@pytest.mark.parametrize("what", ["observations", "flags", "windows"])
def test_weeks_the_wrong_way_round_are_a_usage_error(workspace: Workspace, what: str) -> None:
    said = run(workspace.root, "export", "-o", "z.csv", "--what", what, "--from", "2026-W46", "--to", "2026-W40")
    assert said.code == 2 and "--from 2026-W46 is after 2026-W40, the last week." in said.err
    assert not (workspace.root / "z.csv").exists()


def test_a_rounded_ratio_is_one_figure_everywhere(tmp_path: Path) -> None:
    """What its parts give: in the export, in what was restated, in the series."""
    made = make_workspace(tmp_path / "force", on_disk=True)
    for name, row, at in (("a.csv", "90.4,9,10", "2026-11-16"), ("b.csv", "67,2,3", "2026-11-17")):
        text = f"unit,indicator,period_start,value,numerator,denominator\nNorth,detected,2026-11-09,{row}\n"
        returns(made, text, name)
        assert run(made.root, "load", name, "--recorded-at", at).code == 0
    (exported,) = rows_of(export(made, "all.csv"))
    assert float(exported["value"]) == pytest.approx(200 / 3)
    (change,) = json.loads(run(made.root, "restated", "--since", "2026-11-16", "--json").out)
    assert (change["was"], change["now"]) == (90, pytest.approx(200 / 3))
    shown = json.loads(run(made.root, "show", "series", "North", "detected", "--json").out)
    assert shown["points"][0]["value"] == pytest.approx(200 / 3)
