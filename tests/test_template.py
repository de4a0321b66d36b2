"""The workbook that a unit fills: asks for what is wanted, takes nothing else, and loads as it comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_example import run
from openpyxl import load_workbook
from spreadsheet_example import missing, type_into
from workspace_example import known, make_workspace, returns

from compstat.workspace.workspace import Workspace

UNITS = "unit,name,level,valid_from,valid_to\nNorth,=1+1,precinct,,\nSouth,,precinct,,\n<b>A&B</b>,../up,depot,,\n"
INDICATORS = (
    "indicator,definition,unit_of_measure,cadence,non_negative\n"
    "burglary,Homes and shops,count,,\nbalance,=HYPERLINK(\"x\"),money,,no\ndetected,,percent,,\n"
    "calls_per_officer,,rate,,\nabsence,,days,monthly,\n"
)  # fmt: skip
HISTORY = (
    "unit,indicator,period_start,value,numerator,denominator\n"
    "North,burglary,2026-11-16,12,,\nNorth,balance,2026-11-16,-3.5,,\nNorth,detected,2026-11-16,,3,12\n"
    "North,calls_per_officer,2026-11-16,,9,3\nNorth,absence,2026-10-01,4.2,,\nSouth,burglary,2026-11-16,7,,\n"
    "North,burglary,2026-11-23,14,,\n"
)
WEEK = "2026-W49"  # 30 November to 6 December: November ends on its first day


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "force", on_disk=True, units=UNITS, indicators=INDICATORS)
    returns(made, HISTORY)
    assert run(made.root, "load", "returns.csv", "--recorded-at", "2026-12-07").code == 0
    return made


def template(workspace: Workspace, *words: str) -> Any:
    """The sheet that `compstat template` writes for these words."""
    said = run(workspace.root, "template", "--week", WEEK, "--output", "form.xlsx", *words)
    assert said.code == 0, said.err
    return load_workbook(workspace.root / "form.xlsx")["Return"]


def table(sheet: Any) -> dict[str, dict[str, Any]]:
    """The cells of each row by indicator, and in it by heading."""
    rows = list(sheet.iter_rows())
    at = next(n for n, row in enumerate(rows) if row[0].value == "name")
    names = [cell.value for cell in rows[at]]
    found = [dict(zip(names, row, strict=True)) for row in rows[at + 1 :]]
    return {row["indicator"].value: row for row in found}


def test_it_asks_for_what_the_unit_returns_in_the_periods_that_end_in_the_week(workspace: Workspace) -> None:
    rows = table(template(workspace, "--unit", "North"))
    assert list(rows) == ["burglary", "balance", "detected", "calls_per_officer", "absence"]
    assert {code: str(row["period_start"].value)[:10] for code, row in rows.items()} == {
        "burglary": "2026-11-30",
        "balance": "2026-11-30",
        "detected": "2026-11-30",
        "calls_per_officer": "2026-11-30",
        "absence": "2026-11-01",
    }
    assert {code: row["last_value"].value for code, row in rows.items()} == {
        "burglary": "14",
        "balance": "no return",
        "detected": "no return",
        "calls_per_officer": "no return",
        "absence": "4.2",
    }
    assert rows["burglary"]["definition"].value == "Homes and shops"
    assert list(table(template(workspace, "--unit", "South", "--force"))) == ["burglary"]


def test_only_the_cells_to_fill_are_unlocked_and_the_sheet_is_protected_without_a_password(
    workspace: Workspace,
) -> None:
    sheet = template(workspace, "--unit", "North")
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    rows = table(sheet)
    wanted = {rows[code]["value"].coordinate for code in ("burglary", "balance", "absence")}
    wanted |= {
        rows[code][part].coordinate
        for code in ("detected", "calls_per_officer")
        for part in ("numerator", "denominator")
    }
    assert unlocked == wanted
    assert sheet.protection.sheet and not sheet.protection.password


def test_the_cells_refuse_what_cannot_be(workspace: Workspace) -> None:
    sheet = template(workspace, "--unit", "North")
    rules = {
        str(place): (rule.type, rule.operator, rule.formula1)
        for rule in sheet.data_validations.dataValidation
        for place in rule.sqref.ranges
    }
    rows = table(sheet)
    at = {code: row["value"].row for code, row in rows.items()}
    assert rules[f"D{at['burglary']}"] == ("decimal", "greaterThanOrEqual", "0")
    assert rules[f"D{at['balance']}"][0] == "decimal" and "-" in rules[f"D{at['balance']}"][2]
    kind, _, fits = rules[f"E{at['detected']}"]
    assert kind == "custom" and f"E{at['detected']}<=F{at['detected']}" in fits
    assert rules[f"E{at['calls_per_officer']}"][0] == "decimal"  # nine calls for three officers is no mistake
    assert len(rules) == 7


def test_text_from_the_tables_is_never_a_formula(workspace: Workspace) -> None:
    sheet = template(workspace, "--unit", "North")
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert sheet["A1"].value == "Return of =1+1"
    assert table(sheet)["balance"]["definition"].value == '=HYPERLINK("x")'


def test_it_prints_on_one_page_with_its_table_named(workspace: Workspace) -> None:
    sheet = template(workspace, "--unit", "North")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.page_setup.orientation) == (
        1,
        1,
        "landscape",
    )
    assert sheet.parent.defined_names["compstat_return"].attr_text == "'Return'!$A$7:$I$12"


def test_what_was_returned_is_not_asked_again(workspace: Workspace) -> None:
    returns(workspace, "unit,indicator,period_start,value\nNorth,burglary,2026-11-30,9\n", "early.csv")
    assert run(workspace.root, "load", "early.csv", "--recorded-at", "2026-12-07T10:00").code == 0
    sheet = template(workspace, "--unit", "North")
    assert "burglary" not in table(sheet) and sheet["A4"].value == "Not asked: burglary (returned already)."
    assert "burglary" in table(template(workspace, "--unit", "North", "--again", "--force"))


def test_what_comes_through_a_feed_is_not_asked(workspace: Workspace) -> None:
    feed = (
        '[[feed]]\nfeed = "incidents"\ndate.column = "date"\nunit = { column = "station", level = "precinct" }\n'
        'coverage.column = "date"\n[[feed.indicator]]\nindicator = "burglary"\n'
    )
    (workspace.root / "feeds.toml").write_text(feed)
    sheet = template(workspace, "--unit", "North")
    assert "burglary" not in table(sheet)
    assert sheet["A4"].value == "Not asked: burglary (comes through feed incidents)."
    (workspace.root / "feeds.toml").write_text(feed.replace("precinct", "depot"))
    assert "burglary" in table(template(workspace, "--unit", "North", "--force"))


def test_nothing_left_to_ask_is_said(workspace: Workspace) -> None:
    returns(workspace, "unit,indicator,period_start,value\nSouth,burglary,2026-11-30,9\n", "early.csv")
    assert run(workspace.root, "load", "early.csv", "--recorded-at", "2026-12-07T10:00").code == 0
    said = run(workspace.root, "template", "--unit", "South", "--week", WEEK)
    assert said.code == 2 and "South has returned everything" in said.err and "#nothing-to-ask" in said.err
    assert list(workspace.root.glob("*.xlsx")) == []


def test_a_unit_that_never_returned_is_asked_for_what_its_level_returns(tmp_path: Path) -> None:
    units = "unit,level\nNorth,precinct\nNew,precinct\nDepot,depot\n"
    made = make_workspace(tmp_path / "new", on_disk=True, units=units, indicators="indicator\nburglary\nwaste\n")
    text = "unit,indicator,week_start,value\nNorth,burglary,2026-11-16,1\nDepot,waste,2026-11-16,1\n"
    returns(made, text)
    assert run(made.root, "load", "returns.csv", "--recorded-at", "2026-12-07").code == 0
    assert list(table(template(made, "--unit", "New"))) == ["burglary"]


def test_before_the_first_return_everything_is_asked(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "empty", on_disk=True, indicators="indicator\nburglary\nwaste\n")
    assert list(table(template(made, "--unit", "North"))) == ["burglary", "waste"]
    said = run(made.root, "template", "--unit", "Old Town", "--week", WEEK)  # closed a month before
    assert said.code == 2 and "returns nothing" in said.err


def test_all_writes_one_a_unit_under_safe_names(workspace: Workspace) -> None:
    returns(workspace, "unit,indicator,period_start,value\n<b>A&B</b>,burglary,2026-11-16,1\n", "depot.csv")
    assert run(workspace.root, "load", "depot.csv", "--recorded-at", "2026-12-07T10:00").code == 0
    said = run(workspace.root, "template", "--all", "--week", WEEK, "--output", "forms")
    assert said.code == 0, said.err
    names = sorted(path.name for path in (workspace.root / "forms").iterdir())
    assert names == [f"return-{WEEK}-{name}.xlsx" for name in ("North", "South", "b-A-B-b")]


def test_a_form_is_not_overwritten_unless_asked(workspace: Workspace) -> None:
    (workspace.root / "form.xlsx").write_text("mine")
    words = ("template", "--unit", "North", "--week", WEEK, "--output", "form.xlsx")
    said = run(workspace.root, *words)
    assert said.code == 2 and "#file-exists" in said.err
    assert (workspace.root / "form.xlsx").read_text() == "mine"
    assert run(workspace.root, *words, "--force").code == 0


def test_filled_it_loads_as_it_is(workspace: Workspace) -> None:
    sheet = template(workspace, "--unit", "North")
    rows = table(sheet)
    rows["burglary"]["value"].value = 0
    rows["balance"]["value"].value = -2.25
    rows["detected"]["numerator"].value, rows["detected"]["denominator"].value = 3, 4
    sheet.parent.save(workspace.root / "filled.xlsx")
    assert_loads(workspace)


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_filled_by_a_spreadsheet_program_it_loads_as_it_is(workspace: Workspace) -> None:
    rows = table(template(workspace, "--unit", "North"))
    typed = {
        rows["burglary"]["value"].coordinate: "0",
        rows["balance"]["value"].coordinate: "=-9/4",
        rows["detected"]["numerator"].coordinate: "3",
        rows["detected"]["denominator"].coordinate: "4",
    }
    said = type_into(workspace.root / "form.xlsx", typed, workspace.root / "filled.xlsx", ["A1", *typed])
    assert said["A1"] == "Return of =1+1"
    assert_loads(workspace)
    again = load_workbook(workspace.root / "filled.xlsx")["Return"]
    assert again.protection.sheet and len(again.data_validations.dataValidation) >= 5


def assert_loads(workspace: Workspace) -> None:
    """`filled.xlsx` loads unchanged: three new figures, 0 kept as 0, what was left empty stays missing."""
    before = known(workspace)
    said = run(workspace.root, "load", "filled.xlsx", "--recorded-at", "2026-12-07T12:00")
    assert said.code == 0 and "3 new figures" in said.out, said.err
    new = {cell[1]: figure for cell, figure in known(workspace).items() if cell not in before}
    assert new == {
        "burglary": (0.0, None, None),
        "balance": (-2.25, None, None),
        "detected": (75.0, 3.0, 4.0),
    }


def test_a_unit_is_asked_by_its_name_in_any_case(workspace: Workspace) -> None:
    said = run(workspace.root, "template", "--week", WEEK, "--unit", "nORTH")
    assert said.code == 0 and "North" in said.out
