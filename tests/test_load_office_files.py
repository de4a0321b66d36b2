"""Files as offices keep them: `init --from` reads them, and the next week's file of the same shape loads."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from command_example import Said, run
from openpyxl import Workbook

from compstat.workspace.date_order import DateOrder
from compstat.workspace.settings import ReturnsSettings
from compstat.workspace.workspace import load_workspace

SUNDAYS = [date(2024, 9, 1) + timedelta(days=7 * n) for n in range(4)]


def semicolons(*days: str, footer: str = "") -> str:
    rows = [f"Ashworth;{day};{n};73,4;late\nBree;{day};{n + 1};5,25;\n" for n, day in enumerate(days)]
    return "Station;Week ending;Crimes;Overtime hours;Remark\n" + "".join(rows) + footer


def workbook(path: Path, days: list[date], *, long: bool = False) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Northmoor Hospital NHS Trust"])
    sheet.append(["Period", "01/09/2024", "to", "22/09/2024"])
    sheet.append([])
    sheet.append(["Ward", "Week Ending", "Measure", "Value"] if long else ["Ward", "Week Ending", "Falls", "Ulcers"])
    for day in days:
        for ward in ("A1", "B2"):
            sheet.append([ward, day, "Falls", 3] if long else [ward, day, 3, 1])
    sheet.append([])
    sheet.append(["Source: Datix"])
    book.save(path)


def started(folder: Path, name: str, *more: str) -> Said:
    """Make a workspace from the file, and run the command that init printed last."""
    said = run(folder, "init", "team", "--from", name, *more)
    assert said.code == 0, said.err
    loaded = run(folder, *said.err.splitlines()[-1].split()[1:])
    assert loaded.code == 0, loaded.err
    return said


def then_load(folder: Path, name: str) -> Said:
    said = run(folder, "-w", "team", "load", name)
    assert said.code == 0, said.err
    return said


@pytest.mark.parametrize("long", [False, True])
def test_a_workbook_with_a_title_loads_this_week_and_the_next(tmp_path: Path, long: bool) -> None:
    workbook(tmp_path / "first.xlsx", SUNDAYS[:3], long=long)
    said = started(tmp_path, "first.xlsx")
    assert "1 row without a date passed over: Source: Datix" in said.err
    workspace = load_workspace(tmp_path / "team")
    assert [row.unit for row in workspace.units] == ["A1", "B2"]
    assert workspace.settings.returns.columns["Ward"] == "unit"
    workbook(tmp_path / "next.xlsx", SUNDAYS[3:], long=long)
    loaded = then_load(tmp_path, "next.xlsx")
    assert ("2 new figures" if long else "4 new figures") in loaded.out
    assert '"Ward" is read as unit, "Week Ending" is read as week_ending' in loaded.err
    assert 'next.xlsx:Sheet!8 was passed over: it says only "Source: Datix"' in loaded.err


def test_semicolons_decimal_commas_and_days_first(tmp_path: Path) -> None:
    days = [f"{day:%d/%m/%Y}" for day in SUNDAYS]
    (tmp_path / "first.csv").write_text(semicolons(*days[:3], footer="Source: Datix;;;;\n"), "utf-8")
    said = started(tmp_path, "first.csv")
    for words in (
        "A comma is read as the decimal sign.",
        '"Week ending" is read day first: "15/09/2024" has its day in the first place.',
        '"Remark" is passed over',
        "1 row without a date passed over: Source: Datix",
    ):
        assert words in said.err
    assert load_workspace(tmp_path / "team").settings.returns == ReturnsSettings(
        decimal=",",
        dates=DateOrder.DAY_FIRST,
        columns={"Station": "unit"},
        pass_over=("Remark",),
        remark_rows="pass-over",
    )
    (tmp_path / "next.csv").write_text(
        semicolons(days[3], footer="Source: Datix;;;;\n").replace("Station", "STATION"), "utf-8"
    )
    assert "4 new figures" in then_load(tmp_path, "next.csv").out


def test_tabs_in_utf_16_with_dates_that_nothing_settles(tmp_path: Path) -> None:
    text = "Ward\tWeek commencing\tMeasure\tCount\nNorth\t02/09/2024\tTheft\t3\nNorth\t09/09/2024\tTheft\t4\n"
    (tmp_path / "first.txt").write_text(text, "utf-16")
    said = run(tmp_path, "init", "team", "--from", "first.txt")
    assert said.code == 11 and "--dates day-first or --dates month-first" in said.err
    assert not (tmp_path / "team").exists()
    started(tmp_path, "first.txt", "--dates", "day-first")
    (tmp_path / "next.txt").write_text(text.replace("02/09", "16/09").replace("09/09/", "23/09/"), "utf-16")
    assert "2 new figures" in then_load(tmp_path, "next.txt").out


def test_dates_that_are_none_in_the_order_declared_are_named(tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text(semicolons("15/09/2024", "22/09/2024"), "utf-8")
    said = run(tmp_path, "init", "team", "--from", "first.csv", "--dates", "month-first")
    assert said.code == 11 and '"15/09/2024", which is no date in the order month-first' in said.err
    assert run(tmp_path, "init", "team", "--dates", "day-first").code == 2


def test_two_orders_in_one_file_settle_nothing(tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text(semicolons("15/09/2024", "09/22/2024", "01/09/2024"), "utf-8")
    said = run(tmp_path, "init", "team", "--from", "first.csv")
    assert said.code == 11 and "#bad-date" in said.err


def test_a_comma_that_may_stand_for_thousands_is_not_taken_for_a_decimal(tmp_path: Path) -> None:
    text = "unit;week_ending;crimes;cost\nNorth;2024-09-01;4;1,204\nNorth;2024-09-08;5;2,310\n"
    (tmp_path / "first.csv").write_text(text, "utf-8")
    said = started(tmp_path, "first.csv")
    assert '"cost" is passed over: it held figures such as "1,204"; wanted 1204.5.' in said.err
    assert "decimal and thousands under [returns] in compstat.toml" in said.err
    assert load_workspace(tmp_path / "team").settings.returns == ReturnsSettings()  # figures are never passed over


@pytest.mark.parametrize(
    "headings",
    ["Ward;01/09/2024;08/09/2024", "Ward,2024-09-01,2024-09-08", "Ward\tw/e 1 Sep\tw/e 8 Sep", "Ward|Wk 36|Wk 37"],
)
def test_weeks_across_the_columns_are_not_read_and_what_is_wanted_is_said(tmp_path: Path, headings: str) -> None:
    separator = next(sign for sign in ";,\t|" if sign in headings)
    (tmp_path / "first.csv").write_text(f"{headings}\nNorth{separator}1{separator}2\n", "utf-8")
    said = run(tmp_path, "init", "team", "--from", "first.csv")
    assert said.code == 11 and "first.csv:1: the weeks stand across the columns (" in said.err
    assert "Wanted a row a unit and week" in said.err
    run(tmp_path, "init", "team")
    again = run(tmp_path, "-w", "team", "load", "first.csv")
    assert again.code == 11 and "the weeks stand across the columns (" in again.err


def test_names_of_indicators_are_no_weeks(tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text("Ward,4 hours,12 hours\nNorth,1,2\n", "utf-8")
    said = run(tmp_path, "init", "team", "--from", "first.csv")
    assert said.code == 11 and "no column says which period" in said.err


def test_headings_cannot_write_settings(tmp_path: Path) -> None:
    text = 'Ward,Week ending,Crimes,"Re""mark\n[store]"\nNorth,2024-09-01,3,x\n'
    (tmp_path / "first.csv").write_text(text, "utf-8")
    started(tmp_path, "first.csv")
    settings = load_workspace(tmp_path / "team").settings
    assert settings.returns.pass_over == ('Re"mark\n[store]',)
    assert settings.store.path == Path("compstat.duckdb")
