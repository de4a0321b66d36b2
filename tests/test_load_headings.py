"""Headings close to ours: read whatever their capitals and spaces, as declared, and told; never in place of a code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from workspace_example import EVENING, burglaries, load, load_text, make_workspace, returns

from compstat.findings import DataError
from compstat.load import load as loading
from compstat.load.headings import in_our_words
from compstat.load.our_words import FIGURES, WHEN
from compstat.workspace.settings import OurHeading, ReturnsSettings

HOUR = timedelta(hours=1)
LATER = EVENING + HOUR
REMARKS = '[returns]\nremark_rows = "pass-over"\n'
LONG = "Unit,Indicator,Period start,Value\nNorth,burglary,2026-11-09,12\n"
NOTE = '"Unit" is read as unit, "Indicator" is read as indicator, "Period start" is read as period_start, '
NOTE += '"Value" is read as value'


def problems(root: Path, text: str, **settings: str) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        load_text(make_workspace(root, **settings), text)
    return [(found.code, str(found)) for found in caught.value.findings]


def test_what_settings_call_ours_is_ours() -> None:
    assert set(get_args(OurHeading)) == {"unit", "indicator", *WHEN, *FIGURES}


def test_capitals_and_spaces_do_not_count_and_that_is_said(tmp_path: Path) -> None:
    force = make_workspace(tmp_path)
    assert load_text(force, LONG).notes == (NOTE,)  # straight into the empty store
    assert load_text(force, LONG.replace("12", "13"), at=LATER).notes == (NOTE,)  # through the staging table
    assert load_text(force, LONG.replace("12", " 14 "), at=LATER + HOUR).notes == (NOTE,)
    assert burglaries(force) == {"North": 14.0}
    wide = load_text(force, "UNIT;WeekEnding;burglary\nSouth;2026-11-15;7\n")
    assert wide.notes == ('"UNIT" is read as unit, "WeekEnding" is read as week_ending',)
    assert burglaries(force) == {"North": 14.0, "South": 7.0}


def test_a_file_in_plain_csv_is_still_read_the_fast_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    force = make_workspace(tmp_path)
    load_text(force, LONG)
    monkeypatch.setattr(loading, "stage_carefully", lambda *_: pytest.fail("was read line by line"))
    load_text(force, LONG.replace("12", "13"), at=LATER)
    assert burglaries(force) == {"North": 13.0}


def test_words_are_read_as_the_workspace_declares(tmp_path: Path) -> None:
    settings = '[returns]\ndates = "day-first"\npass_over = ["Remark"]\n'
    settings += 'columns = { Station = "unit", "W/E" = "week_ending" }\n'
    force = make_workspace(tmp_path, compstat=settings)
    text = "station,W/E,burglary,REMARK\nNorth,15/11/2026,12,late\nSouth,2026-11-15,3,\n"
    with pytest.raises(DataError, match="two styles"):  # a spreadsheet may have turned the first round
        load_text(force, text)
    (loaded,) = load(force, returns(force, text.replace("2026-11-15", "15/11/2026")))
    assert loaded.notes == ('"station" is read as unit, "W/E" is read as week_ending',)
    assert burglaries(force) == {"North": 12.0, "South": 3.0}


@pytest.mark.parametrize(
    "setting", ['columns = { Station = "ward" }', 'dates = "day-frist"', 'columns = { A = "burglary" }']
)
def test_a_declaration_that_says_nothing_is_refused(tmp_path: Path, setting: str) -> None:
    with pytest.raises(Exception, match="returns") as caught:
        make_workspace(tmp_path, compstat=f"[returns]\n{setting}\n")
    assert caught.value.exit_code == 10  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("found", "indicators", "wanted"),
    [
        (["unit", "week_ending", "Value"], ["Value"], ["unit", "week_ending", "Value"]),
        (["unit", "Unit", "week"], [], ["unit", "Unit", "week"]),
        (["unit", "week_ending", "Month"], [], ["unit", "week_ending", "Month"]),
        (["Unit", "UNIT", "week"], [], ["unit", "unit", "week"]),
        (["Unit ", "Week-Ending", "Last value"], [], ["unit", "week_ending", "last_value"]),
        (["Station", "week"], [], ["Station", "week"]),
    ],
)
def test_a_code_and_what_is_there_are_never_taken_for_other_words(
    found: list[str], indicators: list[str], wanted: list[str]
) -> None:
    assert in_our_words(found, indicators, ReturnsSettings())[0] == wanted


def test_a_file_without_unit_and_date_says_that_and_nothing_of_indicators(tmp_path: Path) -> None:
    found = problems(tmp_path, "place,telephone\nNorth,12\n")
    assert [code for code, _ in found] == ["missing-heading", "missing-heading"]
    assert 'column "unit" is missing; found place, telephone' in found[0][1]


def test_what_is_missing_comes_first_with_what_could_be_declared(tmp_path: Path) -> None:
    found = problems(tmp_path, "Station;week_ending;burglry\nNorth;2026-11-15;12\n")
    assert [code for code, _ in found] == ["missing-heading", "unknown-indicator"]
    assert 'under [returns] in compstat.toml: columns = { "Station" = "unit" }' in found[0][1]
    assert '"burglry" is no indicator of indicators.csv. Did you mean "burglary"?' in found[1][1]


def test_a_date_in_another_order_says_where_to_declare_it(tmp_path: Path) -> None:
    ((code, words),) = problems(tmp_path, "unit,indicator,week_ending,value\nNorth,burglary,15/11/2026,12\n")
    assert code == "bad-date" and 'dates = "day-first" or "month-first" under [returns]' in words


def test_month_first(tmp_path: Path) -> None:
    force = make_workspace(tmp_path, compstat='[returns]\ndates = "month-first"\n')
    load_text(force, "unit,indicator,week_ending,value\nNorth,burglary,11/15/2026,12\n")
    assert burglaries(force) == {"North": 12.0}


def test_a_row_that_says_one_thing_is_passed_over_and_one_with_a_figure_is_not(tmp_path: Path) -> None:
    force = make_workspace(tmp_path, compstat=REMARKS)
    rows = "unit,indicator,week_ending,value\nNorth,burglary,2026-11-15,12\nSource: Datix,,,\n"
    assert load_text(force, rows).notes == ('returns.csv:3 was passed over: it says only "Source: Datix"',)
    for row in ("Total,,,12", "North,burglary,,", "Source: Datix"):
        with pytest.raises(DataError):
            load_text(force, rows.replace("Source: Datix,,,", row))
    with pytest.raises(DataError) as caught:  # unless that is declared
        load_text(make_workspace(tmp_path), rows)
    assert "week_ending is empty" in caught.value.findings[0].message


def test_many_such_rows_are_counted(tmp_path: Path) -> None:
    force = make_workspace(tmp_path, compstat=REMARKS)
    rows = "unit,week_ending,burglary\nNorth,2026-11-15,12\n" + "South,,\n" * 8
    notes = load_text(force, rows).notes
    assert len(notes) == 6 and notes[-1] == "3 more rows without a date and a figure were passed over"


def test_cells_merged_under_a_heading_in_words_close_to_ours(tmp_path: Path) -> None:
    from openpyxl import Workbook

    force = make_workspace(tmp_path)
    book: Any = Workbook()
    for row in (["Unit", "Week ending", "burglary"], ["North", "2026-11-08", 1], [None, "2026-11-15", 2]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "returns.xlsx")
    load(force, tmp_path / "returns.xlsx")
    assert burglaries(force) == {"North": 2.0}


@pytest.mark.parametrize("name", ["wide", "long"])
def test_a_column_that_holds_nothing_at_all_needs_no_heading(tmp_path: Path, name: str) -> None:
    text = {
        "wide": "unit,week_ending,,burglary,\nNorth,2026-11-15,,12,\nSouth,2026-11-15, ,3,\n",
        "long": "unit,indicator,week_ending,value,\nNorth,burglary,2026-11-15,12,\nSouth,burglary,2026-11-15,3,\n",
    }[name]
    force = make_workspace(tmp_path)
    load_text(force, text)
    assert burglaries(force) == {"North": 12, "South": 3}


def test_a_column_without_a_heading_that_holds_something_is_refused(tmp_path: Path) -> None:
    ((code, words),) = problems(tmp_path, "unit,week_ending,,burglary\nNorth,2026-11-15,7,12\n")
    assert code == "unknown-heading" and "column 3 has no heading" in words
