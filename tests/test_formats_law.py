"""Good files of every format, damaged by chance: the load is complete or the store as before, and words say where."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from formats_example import CSV, ROWS, archive, mail, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from workspace_example import contents, forget, load, make_workspace, returns

from compstat.findings import DataError
from compstat.workspace.workspace import Workspace


def parquet() -> bytes:
    file = io.BytesIO()
    pl.DataFrame([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).write_parquet(file)
    return file.getvalue()


GOOD = {
    "returns.csv": CSV.encode(),
    "semicolons.csv": CSV.replace(",", ";").encode("utf-16"),
    "returns.csv.gz": gzip.compress(CSV.encode(), mtime=0),
    "returns.xlsx": workbook(),
    "stored.xlsx": archive({"returns.xlsx": workbook()}, packed=False),
    "returns.parquet": parquet(),
    "returns.zip": archive({"North.csv": CSV, "notes.txt": "hello"}, packed=False),
    "mail.eml": mail({"returns.csv": CSV.encode(), "logo.png": b"\x89PNG"}),
}
FLIPS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)
CUT = st.floats(0.5, 1)
SWAP = st.tuples(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.integers(0, 12))


def damaged(data: bytes, flips: list[tuple[float, int]], cut: float, swap: tuple[float, float, int]) -> bytes:
    """The bytes with some changed, the end cut off, and two stretches of them exchanged."""
    changed = bytearray(data)
    for place, value in flips:
        changed[int(place * len(changed))] = value
    first, second, length = int(swap[0] * len(changed)), int(swap[1] * len(changed)), swap[2]
    one, other = changed[first : first + length], changed[second : second + length]
    if len(one) == len(other):
        changed[first : first + length], changed[second : second + length] = other, one
    return bytes(changed[: max(1, round(cut * len(changed)))])


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("force"))


@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=6)
@given(flips=FLIPS, cut=CUT, swap=SWAP, set_aside=st.booleans())
def test_a_damaged_file_is_refused_in_words_or_loads_whole(
    force: Workspace,
    name: str,
    flips: list[tuple[float, int]],
    cut: float,
    swap: tuple[float, float, int],
    set_aside: bool,
) -> None:
    check(force, name, damaged(GOOD[name], flips, cut, swap), set_aside)


@pytest.mark.slow
@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=400)
@given(flips=FLIPS, cut=CUT, swap=SWAP, set_aside=st.booleans())
def test_much_damage(
    force: Workspace,
    name: str,
    flips: list[tuple[float, int]],
    cut: float,
    swap: tuple[float, float, int],
    set_aside: bool,
) -> None:
    check(force, name, damaged(GOOD[name], flips, cut, swap), set_aside)


def check(force: Workspace, name: str, data: bytes, set_aside: bool) -> None:
    forget()
    try:
        loaded = load(force, returns(force, data, name), set_aside=set_aside)
    except DataError as error:
        assert contents(force) == []
        assert error.findings
        assert all(finding.where.startswith(name) for finding in error.findings)
        assert all(str(finding).replace("\n", "").isprintable() for finding in error.findings)
        return
    brought = sum(one.added for one in loaded)
    assert len([row for row in contents(force) if row[0] == "observation"]) == brought <= 2


@pytest.mark.parametrize("name", GOOD)
def test_undamaged_each_of_them_loads(tmp_path: Path, name: str) -> None:
    workspace = make_workspace(tmp_path)
    assert load(workspace, returns(workspace, GOOD[name], name))[0].added == 2
