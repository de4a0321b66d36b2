"""Workbooks as units send them: what is read, from where, and what each fault says."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from formats_example import BOTH, CSV, HEADINGS, LAST_DAY, ROWS, archive, rewritten, saved, with_result, workbook
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from workspace_example import WEEK, burglaries, contents, known, load, make_workspace, returns

from compstat.findings import DataError
from compstat.load.formats.cells import cell_text
from compstat.workspace.workspace import Workspace as Force

TITLE = (("Weekly return of the force",), (), ("Please fill in the white cells",), ())


@pytest.fixture
def force(tmp_path: Path) -> Force:
    return make_workspace(tmp_path)


def refused(force: Force, data: bytes, name: str = "returns.xlsx") -> tuple[str, str, str, str]:
    """Code, place, message and fix of the one finding; the store is empty still."""
    with pytest.raises(DataError) as caught:
        load(force, returns(force, data, name))
    assert contents(force) == []
    (found,) = caught.value.findings
    return found.code, found.where, found.message, found.fix


def titled(sheet: Worksheet) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"] = "Weekly return"
    sheet.merge_cells("A1:D2")


def moved(sheet: Worksheet) -> None:
    sheet.insert_cols(1, 2)
    sheet.insert_rows(1, 5)


def misdrawn(data: bytes) -> bytes:
    return rewritten(data, "sheet1.xml", lambda text: text.replace('<dimension ref="A1:D3"', '<dimension ref="A1:A1"'))


SUM = workbook([*ROWS[:2], ("South", "burglary", LAST_DAY, "=1+2")])
MIDNIGHT = [HEADINGS, *((*row[:2], datetime(2026, 11, 15), row[3]) for row in ROWS[1:])]
SOUND: dict[str, bytes] = {
    "plain": workbook(),
    "titles above, merged": workbook(change=titled),
    "somewhere in the middle": workbook(change=moved),
    "numbers as text": workbook([HEADINGS, *((unit, of, day, f" {value} ") for unit, of, day, value in ROWS[1:])]),
    "dates as text": workbook([HEADINGS, *((unit, of, "2026-11-15", value) for unit, of, _, value in ROWS[1:])]),
    "dates with a time of midnight": workbook(MIDNIGHT),
    "wide": workbook([("unit", "week_ending", "burglary"), ("North", LAST_DAY, 12.0), ("South", LAST_DAY, 3)]),
    "weeks": workbook([("unit", "week", "burglary"), ("North", "2026-W46", 12), ("South", "2026-W46", 3)]),
    "empty rows between and below": workbook([ROWS[0], (), ROWS[1], (None, "  "), ROWS[2], (), ()]),
    "a sheet that says it is smaller": misdrawn(workbook()),
    "formulas with their results": with_result(SUM, "<v>3</v>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("name", ["returns.xlsx", "returns.xlsm", "returns.csv"])
def test_the_same_figures_in_many_hands(force: Force, kind: str, name: str) -> None:
    load(force, returns(force, SOUND[kind], name))
    assert burglaries(force) == BOTH


def test_a_fault_is_placed_by_sheet_and_cell(force: Force) -> None:
    rows = [*TITLE, *ROWS[:2], ("South", "burglary", LAST_DAY, "three"), ("Nroth", "burglary", LAST_DAY, 1)]
    with pytest.raises(DataError) as caught:
        load(force, returns(force, workbook(rows), "returns.xlsx"))
    assert [(found.code, found.where) for found in caught.value.findings] == [
        ("not-a-number", "returns.xlsx:Returns!D7"),
        ("unknown-unit", "returns.xlsx:Returns!8"),
    ]


@pytest.mark.parametrize(
    ("value", "result", "said"),
    [
        (True, "", 'burglary is "TRUE"; wanted a number'),
        ("#DIV/0!", "", 'burglary is "#DIV/0!"; wanted a number'),
        ("=1/0", "<v>#DIV/0!</v>", 'burglary is "#DIV/0!"; wanted a number'),
        ("=1+2", "<v/>", 'burglary is "=1+2"; wanted a number'),
        ("1,5", "", 'burglary is "1,5"; wanted a number'),
        ("NaN", "", 'burglary is "NaN"; wanted a number'),
        (date(2026, 2, 1), "", 'burglary is "2026-02-01"; wanted a number'),
        (time(9, 30), "", 'burglary is "09:30:00"; wanted a number'),
    ],
)
def test_what_is_no_figure_is_refused_by_its_cell(force: Force, value: object, result: str, said: str) -> None:
    data = workbook([("unit", "week_ending", "burglary"), ("North", LAST_DAY, value)])
    if result:
        data = with_result(data, result)
    if "#" in result:
        data = rewritten(data, "sheet1.xml", lambda text: text.replace('<c r="C2"', '<c r="C2" t="e"'))
    code, place, message, fix = refused(force, data)
    assert (code, place, message) == ("not-a-number", "returns.xlsx:Returns!C2", said)
    assert ("formula without its result" in fix) == (value == "=1+2")


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(force: Force) -> None:
    data = with_result(
        workbook([("unit", "week_ending", "burglary", "balance"), ("North", LAST_DAY, '=""', 5)]), "<v></v>"
    )
    data = rewritten(data, "sheet1.xml", lambda text: text.replace('<c r="C2"', '<c r="C2" t="str"'))
    load(force, returns(force, data, "returns.xlsx"))
    assert known(force) == {("North", "balance", WEEK): (5.0, None, None)}


def test_dates_of_the_other_epoch(force: Force) -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    for row in ROWS:
        book.active.append(row)
    load(force, returns(force, saved(book), "returns.xlsx"))
    assert burglaries(force) == BOTH


def test_dates_half_of_which_a_spreadsheet_turned_round(force: Force) -> None:
    rows = [HEADINGS, ("North", "burglary", LAST_DAY, 1), ("South", "burglary", "25/10/2026", 2)]
    code, place, message, _ = refused(force, workbook(rows))
    assert (code, place) == ("two-date-styles", "returns.xlsx:Returns!C3")
    assert '"2026-11-15" (returns.xlsx:Returns!2) and here "25/10/2026"' in message


def test_a_day_as_a_bare_number_is_no_date(force: Force) -> None:
    code, place, message, _ = refused(force, workbook([HEADINGS, ("North", "burglary", 46341, 1)]))
    assert (code, place) == ("bad-date", "returns.xlsx:Returns!C2")
    assert '"46341"' in message


def with_sheets(**rows: object) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for title, table in rows.items():
        sheet = book.create_sheet(title)
        for row in table if isinstance(table, tuple) else ():
            sheet.append(list(row))
    return book


def test_two_sheets_of_returns_are_one_too_many(force: Force) -> None:
    code, _, message, _ = refused(force, saved(with_sheets(North=ROWS, South=ROWS)))
    assert (code, message) == ("unclear-sheet", 'sheets "North" and "South" all look like returns; wanted one')


def test_hidden_sheets_and_others_are_passed_over_and_named(force: Force) -> None:
    book = with_sheets(Cover=TITLE, Returns=ROWS, Old=ROWS, Lists=ROWS)
    book["Old"].sheet_state, book["Lists"].sheet_state = "hidden", "veryHidden"
    (loaded,) = load(force, returns(force, saved(book), "returns.xlsx"))
    assert burglaries(force) == BOTH
    assert loaded.notes == (
        'hidden sheet "Old" was passed over',
        'hidden sheet "Lists" was passed over',
        'sheet "Cover" was passed over: no returns',
    )


def test_no_sheet_of_returns(force: Force) -> None:
    code, _, message, _ = refused(force, saved(with_sheets(Cover=TITLE, Notes=(("a", "b"),))))
    assert code == "unclear-sheet"
    assert message.endswith('first 100 rows; found "Cover", "Notes"')
    assert refused(force, workbook([()]))[0] == "empty-file"


def test_headings_that_lack_something_are_placed(force: Force) -> None:
    with pytest.raises(DataError) as caught:
        load(
            force,
            returns(
                force, workbook([(), ("unit", "week", "burglary", "burglary"), ("North", "2026-W46", 1, 2)]), "a.xlsx"
            ),
        )
    assert [(found.code, found.where) for found in caught.value.findings] == [("double-heading", "a.xlsx:Returns!2")]


def test_what_stands_beside_the_table_is_refused_with_its_row(force: Force) -> None:
    rows = [*ROWS[:2], (*ROWS[2], None, "provisional")]
    code, place, message, _ = refused(force, workbook(rows))
    assert (code, place) == ("ragged-row", "returns.xlsx:Returns!3")
    assert message == '"provisional" stands beside the table, under no heading'


def test_set_aside_rows_are_written_with_their_row_numbers(force: Force) -> None:
    rows = [*TITLE, *ROWS, ("X", "burglary", LAST_DAY, 1.5)]
    (loaded,) = load(force, returns(force, workbook(rows), "returns.xlsx"), set_aside=True)
    assert burglaries(force) == BOTH
    assert loaded.refused_file is not None
    assert '"8","unknown-unit: unit ""X"" is not in units.csv.","X","burglary","2026-11-15","1.5"' in (
        loaded.refused_file.read_text("utf-8-sig")
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.30000000000000004"), (12.0, "12"), (1e22, "1e+22"), (-0.5, "-0.5"),
     (123456789012345680.0, "1.2345678901234568e+17"), (True, "TRUE"), (None, ""),
     (LAST_DAY, "2026-11-15"), (datetime(2026, 11, 15, 9, 30), "2026-11-15T09:30:00")],
)  # fmt: skip
def test_a_cell_as_text_is_exact_and_short(value: object, text: str) -> None:
    assert cell_text(value) == text
    if isinstance(value, float):
        assert float(text) == value


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def bombed(text: str) -> str:
    return text.replace("<worksheet", f"{ENTITIES}<worksheet", 1).replace("North", "&b;")


def far_down(text: str) -> str:
    return text.replace('r="3"', 'r="999999999"').replace('3"', '999999999"')


def disordered(text: str) -> str:
    return text.replace('<row r="3"', '<row r="1"')


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0" + bytes(600) + f"{stream}\0".encode("utf-16-le")


def cut(text: str) -> str:
    return text[:-80]


DAMAGED: dict[str, tuple[bytes, str, str]] = {
    "an XML bomb": (rewritten(workbook(), "sheet1.xml", bombed), "damaged-file", "an XML bomb"),
    "a row far below": (rewritten(workbook(), "sheet1.xml", far_down), "damaged-file", "a damaged workbook"),
    "rows out of order": (rewritten(workbook(), "sheet1.xml", disordered), "damaged-file", "comes after a later one"),
    "a sheet cut off": (rewritten(workbook(), "sheet1.xml", cut), "damaged-file", "a damaged workbook"),
    "no sheet": (rewritten(workbook(), "workbook.xml", lambda _: ""), "damaged-file", "a damaged workbook"),
    "a cut file": (workbook()[:-30], "damaged-file", "is a damaged workbook"),
    "a zip bomb": (archive({"[Content_Types].xml": b" " * 30_000_000}), "archive-too-large", "more than 200 times"),
    "a binary workbook": (archive({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "not-csv", "(.xlsb)"),
    "an OpenDocument file": (archive({"mimetype": "", "content.xml": ""}), "not-csv", "(.ods)"),
    "a Word document": (archive({"[Content_Types].xml": "", "word/document.xml": ""}), "not-csv", "is a document"),
    "a password": (ole("EncryptedPackage"), "encrypted-file", "with a password"),
    "an xls": (ole("Workbook"), "not-csv", "old Excel workbook (.xls)"),
    "an Outlook message": (ole("__properties_version1.0"), "not-csv", "(.msg)"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_workbook_that_cannot_be_read_says_what_it_is(force: Force, kind: str) -> None:
    data, code, words = DAMAGED[kind]
    found = refused(force, data)
    assert found[:2] == (code, "returns.xlsx")
    assert words in found[2]


def test_a_macro_workbook_is_read_for_its_values(force: Force) -> None:
    data = rewritten(workbook(), "[Content_Types].xml", _macro_type)
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        members: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist()}
    load(force, returns(force, archive(members | {"xl/vbaProject.bin": b"\xcc\x61 macro"}), "returns.xlsm"))
    assert burglaries(force) == BOTH


def _macro_type(text: str) -> str:
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert plain in text
    return text.replace(plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")


def test_the_same_workbook_as_csv_brings_nothing_new(force: Force) -> None:
    load(force, returns(force, workbook(), "returns.xlsx"))
    (loaded,) = load(force, returns(force, CSV, "returns.csv"), at=datetime(2026, 11, 17))
    assert (loaded.batch, loaded.already) == (None, None)
