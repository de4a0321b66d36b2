"""Small faults told with their place: a file that is no workbook, a row of a table, a file of the inbox."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from command_example import run
from workspace_example import make_workspace, returns

from compstat.findings import WorkspaceError
from compstat.load.quoted import plain


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, Random(46).randbytes(5000), b"unit\x01\x02,week\n"],
    ids=["every byte", "noise", "text with control characters"],
)
def test_a_file_called_xlsx_that_is_none(tmp_path: Path, data: bytes) -> None:
    returns(make_workspace(tmp_path), b"x" + data, "returns.xlsx")
    said = run(tmp_path, "load", "returns.xlsx")
    assert said.code == 11
    assert "returns.xlsx: is no XLSX file, whatever its name says: it does not begin as one does" in said.err


def test_text_called_xlsx_is_read_all_the_same(tmp_path: Path) -> None:
    returns(make_workspace(tmp_path), "unit,indicator,week,value\nNorth,burglary,2026-W46,12\n", "returns.xlsx")
    assert run(tmp_path, "load", "returns.xlsx").code == 0


@pytest.mark.parametrize(("row", "found"), [("ann", 1), ("ann,Ann,analyst,,x", 5)])
def test_a_row_of_a_table_says_how_many_cells_it_has(tmp_path: Path, row: str, found: int) -> None:
    (tmp_path / "people.csv").write_text(f"person,name,role,unit\n{row}\n", "utf-8")
    with pytest.raises(WorkspaceError, match=f"people.csv:2: .*: found {found}, wanted 4"):
        make_workspace(tmp_path)


def test_a_refused_file_of_the_inbox_is_named_with_its_folder(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "wrong.csv").write_text("unit,indicator,week,value\nNorth,burglary\n", "utf-8")
    said = run(tmp_path, "load", "inbox")
    assert said.code == 11
    assert said.out.startswith("inbox/wrong.csv: refused, 1 problem; all reasons in inbox/wrong.csv.refused.txt\n")
    assert "  wrong.csv:2: has 2 cells; wanted 4" in said.out


def test_what_cannot_be_seen_is_written_out() -> None:
    """Control, a letter that no alphabet has, a space that is none: all as their numbers."""
    assert plain("a\x1b\u3100\u00a0\u202ez") == "a\\x1b\\u3100\\xa0\\u202ez"
