"""Text and Parquet: separators, decimal signs, letters; lines without end, files that change while being read."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from formats_example import BOTH, CSV, LAST_DAY, ROWS, workbook
from workspace_example import WEEK, burglaries, contents, known, load, make_workspace, returns

from compstat.findings import DataError
from compstat.load import load as loading
from compstat.load import returns_file
from compstat.load.formats import limits
from compstat.load.formats.fast_way import reads_alike
from compstat.workspace.workspace import Workspace

WIDE = "unit,week_ending,burglary,balance\n"


@pytest.fixture
def force(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def refused(force: Workspace, data: str | bytes, name: str = "returns.csv") -> tuple[str, str, str]:
    with pytest.raises(DataError) as caught:
        load(force, returns(force, data, name))
    assert contents(force) == []
    found = caught.value.findings[0]
    return found.code, found.where, found.message


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_separators_are_told_by_the_headings(force: Workspace, separator: str, encoding: str, packed: bool) -> None:
    data = CSV.replace(",", separator).encode(encoding)
    load(force, returns(force, gzip.compress(data) if packed else data))
    assert burglaries(force) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + CSV.replace(",", ";"),
        '"sep=;"\r\n' + CSV.replace(",", ";"),
        CSV.replace(",", ";").replace("value", '"value"'),
        "\n\n" + CSV.replace(",", ";"),
        CSV.replace(",", ";").replace("\n", ";\n").replace("value;\n", "value\n"),
    ],
)
def test_what_spreadsheets_write_with_semicolons(force: Workspace, text: str) -> None:
    load(force, returns(force, text))
    assert burglaries(force) == BOTH


def declared(root: Path, decimal: str, thousands: str) -> Workspace:
    return make_workspace(root, compstat=f'[returns]\ndecimal = "{decimal}"\nthousands = "{thousands}"\n')


@pytest.mark.parametrize(
    ("decimal", "thousands", "said"),
    [
        (",", "", "1204,5"),
        (",", ".", "1.204,5"),
        (",", ".", "+1204,50"),
        (",", " ", "1 204,5"),
        (",", " ", "1\u202f204,5"),
        (",", " ", "1\u00a0204,5e0"),
        (",", "'", "1'204,5"),
        (".", ",", "1,204.5"),
        (".", ",", "1204.5"),
        (".", "", "1204.5"),
    ],
)
def test_figures_as_they_are_declared(tmp_path: Path, decimal: str, thousands: str, said: str) -> None:
    force = declared(tmp_path, decimal, thousands)
    rows = WIDE + f'North,2026-11-15,7,"-{said.lstrip("+")}"\nSouth,2026-11-15,"{said}",\n'
    load(force, returns(force, rows))
    assert known(force)["South", "burglary", WEEK][0] == 1204.5
    assert known(force)["North", "balance", WEEK][0] == -1204.5
    long = f"unit;indicator;week_ending;value\nNorth;burglary;2026-11-08;{said}\n"
    load(force, returns(force, long, "long.csv"))
    assert known(force)["North", "burglary", date(2026, 11, 2)][0] == 1204.5


@pytest.mark.parametrize(
    ("decimal", "thousands", "said"),
    [
        (",", "", "12.5"),
        (",", ".", "12.5"),
        (",", ".", "1.20"),
        (",", ".", "1.2045"),
        (",", ".", "1.204.50"),
        (",", ".", "1,204,5"),
        (",", ".", "1204.500"),
        (".", ",", "1,20"),
        (".", ",", "12,04,000"),
        (".", " ", "1 20"),
    ],
)
def test_figures_in_another_writing_are_never_guessed(tmp_path: Path, decimal: str, thousands: str, said: str) -> None:
    force = declared(tmp_path, decimal, thousands)
    code, place, message = refused(force, f'unit,indicator,week_ending,value\nNorth,burglary,2026-11-15,"{said}"\n')
    assert (code, place) == ("not-a-number", "returns.csv:2")
    assert message.startswith(f'value is "{said}"; wanted a number such as ')


def test_words_in_a_figure_stay_words(tmp_path: Path) -> None:
    force = declared(tmp_path, ",", ".")
    assert refused(force, WIDE + "North,2026-11-15,none.,1\n")[2] == 'burglary is "none."; wanted a number'


def test_one_sign_cannot_mean_both(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="another sign than decimal") as caught:
        declared(tmp_path, ",", ",")
    assert caught.value.exit_code == 10  # type: ignore[attr-defined]


def test_numbers_of_workbooks_and_parquet_are_numbers_whatever_is_declared(tmp_path: Path) -> None:
    force = declared(tmp_path, ",", ".")
    rows = [("unit", "week_ending", "burglary", "balance"), ("North", LAST_DAY, 1.5, "-1.204,5")]
    load(force, returns(force, workbook(rows), "returns.xlsx"))
    frame = pl.DataFrame({"unit": ["South"], "week_ending": [LAST_DAY], "burglary": [2.5], "balance": ["2,5"]})
    frame.write_parquet(force.root / "returns.parquet")
    load(force, force.root / "returns.parquet")
    assert sorted(figure[0] or 0 for figure in known(force).values()) == [-1204.5, 1.5, 2.5, 2.5]


def test_two_ways_of_writing_letters_in_one_file(tmp_path: Path) -> None:
    force = make_workspace(tmp_path, units="unit\nFörde\n")
    head, row = "unit,indicator,week_ending,value\n", "Förde,burglary,2026-11-15,1\n"
    code, place, message = refused(force, (head + row).encode() + row.replace("15", "08").encode("cp1252"))
    assert (code, place) == ("mixed-letters", "returns.csv:3")
    assert message.startswith("line 2 is written in UTF-8, line 3 is not")


@pytest.mark.parametrize(
    ("start", "what", "megabytes"),
    [
        ("", "x", 60),
        (CSV, "x", 60),
        (CSV.replace("ending", "start").replace("15", "09"), "x", 40),
        (CSV + '"', "x", 60),
        (CSV, "x,", 4),
        (CSV, '"x\n",', 4),
    ],
)
def test_a_line_without_end_is_refused_before_it_is_held(
    force: Workspace, start: str, what: str, megabytes: int
) -> None:
    path = force.root / "returns.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(start)
        for _ in range(megabytes):
            file.write(what * (1_000_000 // len(what)))
    tracemalloc.start()
    try:
        with pytest.raises(DataError) as caught:
            load(force, path)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000  # cells of a row that is read cost 60 bytes each
    finally:
        tracemalloc.stop()
    assert caught.value.findings[0].code in {"row-too-long", "not-csv"}
    assert contents(force) == []


def test_a_line_without_end_is_placed(force: Workspace) -> None:
    long = CSV + "North," + "1," * (limits.MOST_ROW // 2)
    assert refused(force, long)[:2] == ("row-too-long", "returns.csv:4")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_in_parquet(force: Workspace, value: float) -> None:
    frame = pl.DataFrame({"unit": ["North"], "week_ending": [LAST_DAY], "burglary": [value]})
    frame.write_parquet(force.root / "returns.parquet")
    with pytest.raises(DataError) as caught:
        load(force, force.root / "returns.parquet")
    assert (caught.value.findings[0].code, caught.value.findings[0].where) == ("not-a-number", "returns.parquet:1")
    assert contents(force) == []


def test_a_bomb_in_parquet(force: Workspace) -> None:
    path = force.root / "returns.parquet"
    pl.DataFrame({"unit": ["North"] * 12_000_000}).write_parquet(path)
    with pytest.raises(DataError) as caught:
        load(force, path)
    assert caught.value.findings[0].code == "archive-too-large"


@pytest.fixture
def while_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Do something to the file between the moment it is opened and the moment it was read."""

    def arrange(change: Callable[[], object]) -> None:
        really = loading.open_table

        def opened(*words: Any) -> Any:
            table = really(*words)
            change()
            return table

        monkeypatch.setattr(loading, "open_table", opened)
        monkeypatch.setattr(loading, "load_first", lambda *_: None)

    yield arrange


@pytest.mark.parametrize("kind", ["grows", "same size", "same size and time", "replaced", "gone"])
@pytest.mark.parametrize("text", [CSV, CSV.replace(",", ";")])
def test_a_file_that_changes_while_it_is_read(
    force: Workspace, while_read: Callable[[Callable[[], object]], None], kind: str, text: str
) -> None:
    path = returns(force, text)

    def change() -> None:
        before = path.stat()
        if kind == "grows":
            with path.open("a") as file:
                file.write(text.splitlines()[1].replace("11-15", "11-08") + "\n")
        elif kind == "gone":
            path.unlink()
        else:
            target = path.with_suffix(".new") if kind == "replaced" else path
            target.write_text(text.replace("12", "13"), "utf-8")
            target.replace(path)
        if kind == "same size and time":
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    while_read(change)
    with pytest.raises((DataError, FileNotFoundError)) as caught:
        load(force, path)
    if isinstance(caught.value, DataError):
        assert [(one.code, one.where) for one in caught.value.findings] == [("file-changed", "returns.csv")]
    assert contents(force) == []


def test_the_first_file_of_a_store_is_watched_too(force: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = returns(force, CSV.replace("week_ending", "week_start").replace("11-15", "11-09"))
    really = returns_file.sha256_of

    def hashed(of: Path) -> str:
        found = really(of)
        with path.open("a") as file:
            file.write("\n")
        return found

    monkeypatch.setattr(returns_file, "sha256_of", hashed)
    with pytest.raises(DataError) as caught:
        load(force, path)
    assert caught.value.findings[0].code == "file-changed"
    assert contents(force) == []


def test_a_link_given_by_name_is_followed(force: Workspace) -> None:
    link = force.root / "link.csv"
    link.symlink_to(returns(force, CSV, "elsewhere.csv"))
    assert load(force, link)[0].source == "link.csv"
    assert burglaries(force) == BOTH
    broken = force.root / "broken.csv"
    broken.symlink_to("nowhere.csv")
    with pytest.raises(DataError) as caught:
        load(force, broken)
    assert caught.value.findings[0].code == "no-file"


def test_rows_of_the_example_are_those_of_its_text() -> None:
    assert [",".join(str(cell) for cell in row) for row in ROWS] == CSV.splitlines()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Weekly crime returns\n\n" + CSV,
        "Weekly crime returns;Week ending 15 November 2026\nas of 2026-11-16 08:00;page 1\n" + CSV.replace(",", ";"),
        '"Returns, ""final"""\nsource,records system\n' + CSV,
        ",,,\nForce,Greyshire,,\n" + CSV,
    ],
)
def test_titles_above_the_headings_are_passed_over(force: Workspace, text: str, packed: bool) -> None:
    """As in workbooks; figures keep the lines that an editor counts."""
    load(force, returns(force, gzip.compress(text.encode()) if packed else text))
    assert burglaries(force) == BOTH


def test_lines_are_counted_from_the_top_of_the_file(force: Workspace) -> None:
    code, where, _ = refused(force, "Weekly returns\n\n" + CSV.replace(",3\n", ",three\n"))
    assert (code, where) == ("not-a-number", "returns.csv:5")


@pytest.mark.parametrize(
    ("above", "separator"),
    [
        ("North,burglary,2026-11-08,9\n", ","),
        ("Returns\nNorth,burglary,08/11/2026,9\n", ","),
        ("North;burglary;08.11.26;9,5\n", ";"),
        ("North,burglary,2026-W45,9\n", ","),
    ],
)
def test_a_figure_above_the_headings_is_never_passed_over(force: Workspace, above: str, separator: str) -> None:
    code, where, message = refused(force, above + CSV.replace(",", separator))
    line = above.count("\n")
    assert (code, where) == ("row-above-headings", f"returns.csv:{line}")
    assert message.endswith(f"which stand in row {line + 1}")


def test_a_figure_above_the_headings_of_a_workbook(force: Workspace) -> None:
    rows = [("North", "burglary", date(2026, 11, 8), 9), *ROWS]
    code, where, _ = refused(force, workbook(rows), "returns.xlsx")
    assert (code, where) == ("row-above-headings", "returns.xlsx:Returns!1")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("figure", ["1_204", "-1_204", "1_204.5", '"1_204"', "12_345_678"])
def test_a_figure_with_underscores_is_no_number(force: Workspace, figure: str, packed: bool) -> None:
    """DuckDB would take it for one."""
    text = CSV.replace(",12\n", f",{figure}\n")
    code, where, message = refused(force, gzip.compress(text.encode()) if packed else text)
    assert (code, where) == ("not-a-number", "returns.csv:2")
    assert figure.strip('"') in message


@pytest.mark.parametrize("back", range(8))
def test_a_figure_with_underscores_at_the_seam_of_two_blocks_is_seen(tmp_path: Path, back: int) -> None:
    text = "x" * (limits.MEGABYTE - back) + ",1_204\nshort\n"
    path = tmp_path / "returns.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert not reads_alike(returns_file.returns_file(path))
    path.write_bytes(gzip.compress(text.replace("_", "-").encode()))
    assert reads_alike(returns_file.returns_file(path))
