"""Files as they come: letters, packing, shape, kind and name."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from workspace_example import (
    EVENING,
    WEEK,
    burglaries,
    contents,
    known,
    load,
    load_text,
    make_workspace,
    returns,
)

from compstat.findings import DataError
from compstat.load import load as loading
from compstat.load import staging
from compstat.workspace.workspace import Workspace

LONG = "unit,indicator,week_ending,value\nNorth,burglary,2026-11-15,12\nSouth,burglary,2026-11-15,3\n"
AS_WRITTEN = "unit,indicator,week,value\nNorth,burglary,2026-W46,12\nSouth,burglary,2026-W46,3\n"
BOTH = {"North": 12.0, "South": 3.0}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


@pytest.mark.parametrize("text", [LONG, AS_WRITTEN])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: "\n\n" + text + "\n\n",
        lambda text: text.replace("North", '"North"').replace("12", '"12"'),
        lambda text: text.replace("North", "  North ").replace("12", " 12 "),
        lambda text: text.replace("North", "\u00a0North").replace(",12\n", ",12\u00a0\n"),
        lambda text: text.replace("value", " value ").replace("unit,", "unit ,"),
        lambda text: text.replace(",12\n", ",1.2e1\n").replace(",3\n", ",+3.0\n"),
        lambda text: text + ",,,\n,,,\n",
        lambda text: text.replace("12\n", "12,\n"),
        lambda text: text.replace("North,", 'North,"burg').replace('"burgburglary', "burglary"),
    ],
)
def test_the_same_figures_in_many_hands(workspace: Workspace, text: str, change: object) -> None:
    assert callable(change)
    load_text(workspace, change(text))
    assert burglaries(workspace) == BOTH


@pytest.mark.parametrize("text", [LONG, AS_WRITTEN])
@pytest.mark.parametrize("name", ["returns.csv.gz", "returns.csv", "returns"])
def test_gz_whatever_its_name_says(workspace: Workspace, text: str, name: str) -> None:
    load(workspace, returns(workspace, gzip.compress(text.encode()), name))
    assert burglaries(workspace) == BOTH


def test_a_plain_file_called_gz(workspace: Workspace) -> None:
    load(workspace, returns(workspace, LONG, "returns.csv.gz"))
    assert burglaries(workspace) == BOTH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [LONG, AS_WRITTEN])
def test_letters_of_utf_8_and_windows(tmp_path: Path, encoding: str, text: str) -> None:
    workspace = make_workspace(tmp_path, units="unit\nNörd – “Ost”\nSouth\n")
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    load(workspace, returns(workspace, (mark + text.replace("North", '"Nörd – “Ost”"')).encode(encoding)))
    assert burglaries(workspace) == {"Nörd – “Ost”": 12.0, "South": 3.0}


def test_quoted_line_breaks_and_commas(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, units='unit\n"North,\nupper"\nSouth\n')
    for text, end in ((LONG, "2026-11-15"), (LONG.replace("2026-11-15", "2026-11-08"), "2026-11-08")):
        load_text(workspace, text.replace("North", '"North,\nupper"'))
        assert known(workspace)["North,\nupper", "burglary", date.fromisoformat(end) - (date(2026, 11, 15) - WEEK)]


def test_wide_files_give_a_cell_each_and_empty_ones_nothing(workspace: Workspace) -> None:
    text = "week_ending,unit,balance,burglary\n2026-11-15,North,-4.5,12\n2026-11-15,South,,3\n2026-11-08,South,,\n"
    assert load_text(workspace, text).added == 3
    assert known(workspace) == {
        ("North", "balance", WEEK): (-4.5, None, None),
        ("North", "burglary", WEEK): (12.0, None, None),
        ("South", "burglary", WEEK): (3.0, None, None),
    }


def test_a_wide_file_may_hold_two_cadences_where_the_other_cells_are_empty(workspace: Workspace) -> None:
    text = "unit,period_end,burglary,absence\nNorth,2026-11-15,12,\nNorth,2026-10-31,,3.5\n"
    assert load_text(workspace, text).added == 2
    assert known(workspace)["North", "absence", date(2026, 10, 1)] == (3.5, None, None)
    with pytest.raises(DataError) as caught:
        load_text(workspace, text.replace("12,\n", "12,4\n"))
    assert "is 2026-11-15; wanted 2026-11-30: the indicator is monthly" in caught.value.findings[0].message


@pytest.mark.parametrize("name", ["given", "line", "cell_0", "value ", "a,b", "<b>", "=1+1", "unit."])
def test_indicators_with_the_names_of_our_own_columns(tmp_path: Path, name: str) -> None:
    quoted = f'"{name}"'
    workspace = make_workspace(tmp_path, indicators=f"indicator\n{quoted}\nburglary\n")
    if name.strip() == "value":
        return  # a wide file cannot name this one: its headings would be those of a long file
    load_text(workspace, f"unit,week,{quoted},burglary\nNorth,2026-W46,1,2\n")
    assert known(workspace) == {
        ("North", name, WEEK): (1.0, None, None),
        ("North", "burglary", WEEK): (2.0, None, None),
    }


@pytest.mark.parametrize("value", [pl.Series([12, 3]), pl.Series([12.0, 3.0]), pl.Series(["12", "3"])])
@pytest.mark.parametrize("when", [pl.Series([date(2026, 11, 15)] * 2), pl.Series([datetime(2026, 11, 15)] * 2)])
@pytest.mark.parametrize("name", ["returns.parquet", "returns.csv"])
def test_parquet_whatever_its_name_says(workspace: Workspace, value: pl.Series, when: pl.Series, name: str) -> None:
    path = workspace.root / name
    pl.DataFrame(
        {"unit": ["North", "South"], "indicator": ["burglary"] * 2, "week_ending": when, "value": value}
    ).write_parquet(path)
    load(workspace, path)
    assert burglaries(workspace) == BOTH


def test_parquet_keeps_every_digit(workspace: Workspace) -> None:
    values = [0.1 + 0.2, 1e-300, 123456789.123456789]
    frame = pl.DataFrame(
        {
            "unit": ["North"] * 3,
            "indicator": ["burglary"] * 3,
            "week_ending": ["2026-11-15", "2026-11-08", "2026-11-01"],
            "value": values,
        }
    )
    frame.write_parquet(workspace.root / "returns.parquet")
    load(workspace, workspace.root / "returns.parquet")
    assert sorted(figure[0] or 0 for figure in known(workspace).values()) == sorted(values)


def test_a_fault_in_parquet_is_placed_by_its_row(workspace: Workspace) -> None:
    frame = pl.DataFrame({"unit": ["North", "X"], "week_ending": ["2026-11-15"] * 2, "burglary": [1, 2]})
    frame.write_parquet(workspace.root / "returns.parquet")
    with pytest.raises(DataError) as caught:
        load(workspace, workspace.root / "returns.parquet")
    assert caught.value.findings[0].where == "returns.parquet:2"


BODY = gzip.compress(LONG.encode())
DAMAGED = {
    "a cut gz": (BODY[:-12], "is a damaged gz file"),
    "a gz cut in its sum": (BODY[:-6], "is a damaged gz file"),
    "a gz that does not fit its sum": (BODY[:-8] + bytes([BODY[-8] ^ 1]) + BODY[-7:], "is a damaged gz file: CRC"),
    "rubbish behind a gz": (BODY + b"rubbish", "is a damaged gz file"),
    "only the mark of gz": (b"\x1f\x8b", "is a damaged gz file"),
    "only the mark of Parquet": (b"PAR1", "is a damaged Parquet file"),
    "a cut Parquet": (b"PAR1" + b"x" * 400, "is a damaged Parquet file"),
    "a picture": (PNG, "is a picture, whatever its name says"),
    "a picture in gz": (gzip.compress(PNG), "is a picture, whatever its name says"),
    "the mark of a workbook": (b"PK\x03\x04" + bytes(40), "is a damaged workbook or zip archive"),
    "an old Office file": (b"\xd0\xcf\x11\xe0" + bytes(40), "is an old Office file"),
    "a PDF": (b"%PDF-1.7\n", "is a PDF"),
    "a cut UTF-16": (LONG.encode("utf-16")[:-1], "is a damaged text in UTF-16"),
    "UTF-16 without a mark": (LONG.encode("utf-16-le"), "is not a text file"),
    "a web page": (b"\n<!DOCTYPE html><html><body>Please log in</body></html>", "is a web page"),
    "zeros": (bytes(5000), "is not a text file"),
    "letters of no kind": (LONG.replace("North", "N\x81rth").encode("latin-1"), "written neither in UTF-8 nor in"),
    "a cell without end": (LONG.encode() + b'"' + b"x" * 200_000, "is not CSV: field larger than field limit"),
    "only a mark": (b"\xef\xbb\xbf", "is empty; wanted headings and rows"),
    "blanks": (b" \n \n", "is empty; wanted headings and rows"),
    "an empty gz": (gzip.compress(b""), "is empty; wanted headings and rows"),
}


@pytest.mark.parametrize("name", ["returns.csv", "returns.csv.gz", "returns.parquet"])
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_file_that_is_not_what_its_name_says(workspace: Workspace, kind: str, name: str) -> None:
    data, message = DAMAGED[kind]
    with pytest.raises(DataError) as caught:
        load(workspace, returns(workspace, data, name))
    (finding,) = caught.value.findings
    assert message in finding.message
    assert finding.where.startswith(name)
    assert contents(workspace) == []


def test_no_prefix_of_a_gz_file_loads(workspace: Workspace) -> None:
    for length in range(1, len(BODY), 3):
        with pytest.raises(DataError):
            load(workspace, returns(workspace, BODY[:length], "returns.csv.gz"))
    assert contents(workspace) == []


def test_random_bytes_are_refused_in_words(workspace: Workspace) -> None:
    for size in (3, 100, 5000):
        for start in (b"", b"unit,indicator,week,value\n", b"PAR1", b"\x1f\x8b\x08"):
            data = start + bytes((n * 7919 + size) % 256 for n in range(size))
            with pytest.raises(DataError):
                load(workspace, returns(workspace, data))


@pytest.mark.parametrize(
    "name",
    [
        *("re*urns.csv", "re[t]urns?.csv", "{a,b}.csv", 'it\'s "it".csv', "a b\tc.csv", "ünïcode.csv", "-x.csv"),
        *("%20.csv", "~.csv", "$HOME.csv", "unit=South", "x" * 240 + ".csv", "new\nline.csv", "\x1b[31m.csv"),
        *(".csv", "..csv"),
    ],
)
def test_any_name_of_a_file_will_do(workspace: Workspace, name: str) -> None:
    returns(workspace, LONG.replace("12", "99"), "returns.csv")  # what a star would find as well
    (loaded,) = load(workspace, returns(workspace, LONG, name))
    assert burglaries(workspace) == BOTH
    assert loaded.source.isprintable()
    with pytest.raises(DataError) as caught:
        load(workspace, returns(workspace, "unit,value\n", name))
    assert all(finding.where.isprintable() for finding in caught.value.findings)


def test_a_name_that_is_no_text(workspace: Workspace) -> None:
    path = Path(os.fsdecode(os.fsencode(workspace.root) + b"/r\xff.csv"))
    path.write_text(LONG, "utf-8")
    assert load(workspace, path)[0].source == "r\\udcff.csv"
    assert burglaries(workspace) == BOTH


def test_a_folder_named_like_a_column_is_no_column(workspace: Workspace) -> None:
    """DuckDB would read `unit=South/` as the value of a column for every row."""
    folder = workspace.root / "unit=South"
    folder.mkdir()
    load(workspace, returns(workspace, LONG, "unit=South/returns.csv"))
    assert burglaries(workspace) == BOTH


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing.csv", "is not there"),
        ("folder", "holds no returns"),
        ("x" * 300 + ".csv", "cannot be read: File name too"),
    ],
)
def test_no_file(workspace: Workspace, name: str, message: str) -> None:
    (workspace.root / "folder").mkdir()
    with pytest.raises(DataError) as caught:
        load(workspace, workspace.root / name)
    assert message in caught.value.findings[0].message


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder that any user may enter, while this process is one without rights."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if os.getuid() == 0:
                os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="rights are of another kind there")
def test_a_file_that_may_not_be_read(nobody: Path) -> None:
    workspace = make_workspace(nobody / "force")
    path = returns(workspace, LONG)
    path.chmod(0)
    with pytest.raises(DataError) as caught:
        load(workspace, path)
    assert caught.value.findings[0].code == "unreadable-file"
    assert caught.value.findings[0].message == "cannot be read: Permission denied"
    assert contents(workspace) == []


def test_long_files_of_dates_and_of_weeks_go_the_fast_way(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The careful way takes ten times as long; a sound long file must never need it."""
    monkeypatch.setattr(staging, "read_rows", lambda *_: pytest.fail("went the careful way"))
    load(workspace, returns(workspace, LONG, "a.csv"))
    load(workspace, returns(workspace, AS_WRITTEN.replace("W46", "W45"), "b.csv"))
    load(workspace, returns(workspace, gzip.compress(LONG.replace("11-15", "11-01").encode()), "c.csv.gz"))
    load(workspace, returns(workspace, "unit,indicator,month,value\nNorth,absence,2026-10,4\n", "d.csv"))
    assert len(known(workspace)) == 7


def test_what_is_loaded_twice_is_not_even_read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = returns(workspace, LONG)
    load(workspace, path)
    before = contents(workspace)
    monkeypatch.setattr(loading, "open_table", lambda *_: pytest.fail("was read"))
    copy = returns(workspace, LONG, "copy.csv")
    assert [result.already for result in load(workspace, path, copy, at=EVENING.replace(hour=19))] == ["B-0001"] * 2
    assert contents(workspace) == before
