"""What comes with returns: lists and letters beside them, other sheets, a whole folder; and forms of ours among it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from formats_example import BOTH, CSV, HEADINGS, LAST_DAY, ROWS, archive, mail, saved, workbook
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from workspace_example import burglaries, contents, load, make_workspace, returns

from compstat.findings import DataError
from compstat.load.formats.sheet_choice import FORM
from compstat.workbook.return_form import MARK
from compstat.workspace.workspace import Workspace

TELEPHONES = (("Unit", "Name", "Telephone"), ("North", "Anne", "12"), ("South", "Ben", "13"))


@pytest.fixture
def force(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "force")


def refused(force: Workspace, path: Path) -> list[tuple[str, str]]:
    """Code and place of every finding; the store is empty still."""
    with pytest.raises(DataError) as caught:
        load(force, path)
    assert contents(force) == []
    return [(found.code, found.where) for found in caught.value.findings]


@pytest.mark.parametrize("wrap", [mail, archive])
@pytest.mark.parametrize(("name", "data"), [("list.xlsx", workbook(TELEPHONES)), ("list.csv", b"Name,Room\nAnne,12\n")])
def test_a_table_that_says_nothing_of_returns_is_passed_over_and_named(
    force: Workspace, wrap: object, name: str, data: bytes
) -> None:
    assert callable(wrap)
    (loaded,) = load(force, returns(force, wrap({name: data, "returns.csv": CSV.encode()}), "came"))
    assert loaded.notes == (f'"{name}" was passed over: no return',)
    assert burglaries(force) == BOTH


@pytest.mark.parametrize(
    "headings",
    ["Unit,Date,Crimes", "station,Week Ending,crimes", "unit,Burglary", "unit,total", "Return of North\n\nunit,week,x"],
)
def test_a_return_with_wrong_headings_is_none_that_is_passed_over(force: Workspace, headings: str) -> None:
    data = mail({"good.csv": CSV.encode(), "bad.csv": f"{headings}\nNorth,1,2\n".encode()})
    assert {place.split(":")[0] for _, place in refused(force, returns(force, data, "m.eml"))} == {"m.eml/bad.csv"}


def test_where_nothing_is_a_return_what_is_wrong_is_told(force: Workspace) -> None:
    data = mail({"list.xlsx": workbook(TELEPHONES)})
    assert ("missing-heading", "m.eml/list.xlsx:Returns!1") in refused(force, returns(force, data, "m.eml"))
    both = mail({"a.xlsx": workbook(TELEPHONES), "b.csv": b"x,y\n1,2\n"})
    places = {place.split(":")[0] for _, place in refused(force, returns(force, both, "m.eml"))}
    assert places == {"m.eml/a.xlsx", "m.eml/b.csv"}


def test_a_folder_is_loaded_like_the_files_in_it(force: Workspace) -> None:
    folder = force.root / "week 46"
    (folder / "older").mkdir(parents=True)
    north, south = CSV.replace("South,burglary,2026-11-15,3\n", ""), CSV.replace("North,burglary,2026-11-15,12\n", "")
    (folder / "north.csv").write_text(north)
    (folder / "post.eml").write_bytes(mail({"south.csv": south.encode(), "logo.png": b"\x89PNG"}))
    (folder / "telephones.xlsx").write_bytes(workbook(TELEPHONES))
    (folder / "read me.txt").write_text("Hello\n")
    (folder / "~$telephones.xlsx").write_bytes(b"open")
    (folder / "older" / "north.csv").write_text(north.replace("12", "11"))
    first, second = load(force, folder)
    assert [first.source, second.source] == ["north.csv", "post.eml/south.csv"]
    assert first.notes == tuple(
        f'"{name}" was passed over: no return' for name in ("logo.png", "read me.txt", "telephones.xlsx")
    )
    assert burglaries(force) == BOTH


def test_a_folder_is_loaded_as_a_whole_or_not_at_all(force: Workspace) -> None:
    folder = force.root / "returns"
    folder.mkdir()
    assert refused(force, folder) == [("no-returns-inside", "returns")]
    (folder / "a.csv").write_text(CSV)
    (folder / "b.csv").write_text("")
    (folder / "c.csv").write_text(CSV.replace("North", "Nroth"))
    assert refused(force, folder) == [("empty-file", "b.csv"), ("unknown-unit", "c.csv:2")]


def merged(sheet: Worksheet) -> None:
    for cells in ("A2:A3", "B2:B4", "C3:C4"):
        sheet.merge_cells(cells)


def test_a_merged_cell_is_what_each_of_its_rows_is_for(force: Workspace) -> None:
    rows = [
        HEADINGS,
        ("North", "burglary", datetime(2026, 11, 8), 1),
        ("", "", LAST_DAY, 12),
        ("South", "", "", 3),
    ]
    load(force, returns(force, workbook(rows, change=merged), "returns.xlsx"))
    assert burglaries(force) == BOTH


def test_a_merged_figure_is_not_repeated(force: Workspace) -> None:
    data = workbook(ROWS, change=lambda sheet: sheet.merge_cells("D2:D3"))
    load(force, returns(force, data, "returns.xlsx"))
    assert burglaries(force) == {"North": 12}


def test_cells_that_are_empty_and_not_merged_stay_empty(force: Workspace) -> None:
    data = workbook([*ROWS[:2], ("", "burglary", LAST_DAY, 3)], change=lambda sheet: sheet.merge_cells("A3:A4"))
    assert refused(force, returns(force, data, "returns.xlsx")) == [("unknown-unit", "returns.xlsx:Returns!3")]


def forms(*marked: str, others: tuple[str, ...] = ()) -> bytes:
    """A workbook of forms: the first marked as it is written, the others as a program marks a copy of a sheet."""
    book = Workbook()
    book.remove(book.active)
    for number, title in enumerate((*marked, *others)):
        sheet = book.create_sheet(title)
        for row in ROWS if number == 0 else (HEADINGS, ("South", "burglary", LAST_DAY, 99)):
            sheet.append(row)
        names = book.defined_names if number == 0 else sheet.defined_names
        if title in marked:
            names[MARK] = DefinedName(MARK, attr_text=f"'{title}'!$A$1:$D$3")
    return saved(book)


def test_a_form_of_ours_is_known_among_other_sheets_by_its_mark(force: Workspace) -> None:
    assert FORM == MARK
    (loaded,) = load(force, returns(force, forms("Return", others=("Own list",)), "returns.xlsx"))
    assert burglaries(force) == BOTH
    assert loaded.notes == ('sheet "Own list" was passed over: beside the form on sheet "Return"',)


def test_two_forms_in_a_workbook_are_one_too_many(force: Workspace) -> None:
    path = returns(force, forms("North", "South"), "returns.xlsx")
    assert refused(force, path) == [("unclear-sheet", "returns.xlsx")]
