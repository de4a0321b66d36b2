"""The store as a file: opened, upgraded, shared, damaged, interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from workspace_example import EVENING, contents, load_text, make_workspace

from compstat import store as store_module
from compstat.findings import CompstatError, StoreBusyError, StoreError
from compstat.store import Store, open_store

TEXT = "unit,indicator,week,value\nNorth,burglary,2026-W46,12\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "compstat.duckdb"


@contextmanager
def held_by_another(path: Path) -> Iterator[int]:
    """Another process holds the store; its number."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"held\n"
        yield other.pid
        other.stdin.close()


def tables(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}


def refusal(path: Path, kind: type[CompstatError] = StoreError, **options: bool) -> tuple[str, str, int]:
    with pytest.raises(kind) as caught, open_store(path, **options):
        pass
    (finding,) = caught.value.findings
    assert finding.where == path.name
    return finding.code, finding.message, caught.value.exit_code


def test_a_new_store_has_its_tables(path: Path) -> None:
    with open_store(path):
        pass
    assert {"batch", "observation", "emptied", "schema_step"} <= tables(path)


def test_opening_again_changes_not_a_byte(path: Path) -> None:
    with open_store(path):
        pass
    before = path.read_bytes()
    for read_only in (False, True):
        with open_store(path, read_only=read_only):
            pass
    assert path.read_bytes() == before


def test_a_reader_of_no_store_gets_an_empty_one_and_makes_none(path: Path) -> None:
    with open_store(path, read_only=True) as store:
        assert store.rows("load/next_batch") == [(1,)]
    assert not path.exists()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_store_of_an_older_version_is_brought_up_to_date(path: Path, read_only: bool) -> None:
    with open_store(path):
        pass
    with duckdb.connect(str(path)) as connection:
        for statement in (
            "drop table waiver",
            "delete from schema_step where step = '008_waiver'",
        ):
            connection.execute(statement).fetchall()
    with open_store(path, read_only=read_only) as store:
        assert store.rows("load/batch_of_file", sha256="x") == []
    assert "waiver" in tables(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_store_of_a_newer_version_is_left_alone(path: Path, read_only: bool) -> None:
    with open_store(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into schema_step values ('999_ladder')").fetchall()
    before = path.read_bytes()
    found = refusal(path, read_only=read_only)
    assert found == ("store-newer", "was made by a newer compstat (it knows 999_ladder)", 15)
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_store_that_another_holds_is_busy(path: Path, read_only: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path):
        pass
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0.3)
    with held_by_another(path) as pid:
        found = refusal(path, StoreBusyError, read_only=read_only)
        assert found == ("store-busy", f"is in use by process {pid}", 12)
    with open_store(path):
        pass  # and free again


def test_a_store_that_is_soon_free_is_waited_for(path: Path) -> None:
    with open_store(path):
        pass
    with held_by_another(path) as pid:
        threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
        with open_store(path) as store:
            assert store.rows("load/next_batch") == [(1,)]


@pytest.mark.parametrize("content", [b"hello", b"", b"SQLite format 3\0" + bytes(5000), bytes(20_000)])
def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    """In a folder whose name has the word lock in it, which is no sign of a busy store."""
    path = tmp_path / "clock" / "compstat.duckdb"
    path.parent.mkdir()
    path.write_bytes(content)
    assert refusal(path)[0::2] == ("store-unreadable", 15)
    assert path.read_bytes() == content


def test_a_damaged_store(path: Path) -> None:
    with open_store(path):
        pass
    data = bytearray(path.read_bytes())
    for place in range(4096, min(len(data), 12288), 7):
        data[place] ^= 0xFF
    path.write_bytes(data)
    assert refusal(path)[0] == "store-unreadable"
    path.write_bytes(data[: len(data) // 2])
    assert refusal(path)[0] == "store-unreadable"


def test_a_folder_in_place_of_the_store(path: Path) -> None:
    path.mkdir()
    assert refusal(path)[0] == "store-unreadable"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    code, message, _ = refusal(tmp_path / "nowhere" / "compstat.duckdb")
    assert code == "store-unwritable"
    assert "is not there" in message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="takes a user without rights to try")
def test_a_store_that_may_not_be_opened(path: Path) -> None:
    shared = Path(shutil.copytree(path.parent, f"/tmp/{path.parent.name}-{os.getpid()}"))
    try:
        shared.chmod(0o755)
        (shared / path.name).write_bytes(b"")
        (shared / path.name).chmod(0)
        os.seteuid(65534)
        assert refusal(shared / path.name)[:2] == ("store-unwritable", "may not be opened: Permission denied")
    finally:
        os.seteuid(0)
        shutil.rmtree(shared)


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    with open_store(path) as store:
        for error in (ValueError, KeyboardInterrupt):
            with pytest.raises(error), store.transaction():
                _insert(store)
                raise error
        with store.transaction(keep=False):
            _insert(store)
        assert store.rows("load/next_batch") == [(1,)]
        with store.transaction():
            _insert(store)
        assert store.rows("load/next_batch") == [(2,)]


def _insert(store: Store) -> None:
    stamp = {"batch_id": "B-0001", "recorded_at": EVENING, "loaded_by": "avery"}
    store.run("load/insert_batch", **stamp, source="a.csv", sha256="x", rows=1, set_aside=0)


@pytest.mark.parametrize(
    "slow",
    [
        "select max(md5(a.range::varchar)) from range(100000000) a, range(300)",
        "with recursive r(n) as (select 1 union all select n + 1 from r where n < 1000000000) select max(n) from r",
    ],
)
def test_ctrl_c_ends_a_long_statement_at_once_and_undoes_its_transaction(path: Path, slow: str) -> None:
    """DuckDB alone would notice it at the end of a task, if ever; the second case has one task that never ends."""
    with open_store(path) as store:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt), store.transaction():
            store._fetch("insert into schema_step values ('mark')")
            store._fetch(slow)
        assert time.monotonic() - started < 5
        assert store._fetch("select count(*) from schema_step where step = 'mark'") == [(0,)]


def test_columns_put_into_the_store_keep_what_is_missing(path: Path) -> None:
    with open_store(path) as store:
        store.put("careful_row", {"line": [1, 2], "given": ["a", None], "value": np.array([1.5, np.nan])})
        assert store._connection.execute("select * from careful_row").fetchall() == [(1, "a", 1.5), (2, None, None)]
        store.put("careful_row", {"line": [], "given": []})
        assert store._connection.execute("select * from careful_row").fetchall() == []


def test_a_frame_put_into_the_store_needs_no_pyarrow(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    frame = pl.DataFrame({"line": [1, 2], "given": ["é", None], "value": [1.5, float("nan")]})
    with open_store(path) as store:
        store.put_frame("careful_row", frame)
        rows = store._connection.execute("select line, given, isnan(value) from careful_row").fetchall()
        assert rows == [(1, "é", False), (2, None, True)]


def test_records_name_their_columns_and_arrays_are_columns(path: Path) -> None:
    with open_store(path) as store:
        with store.transaction():
            _insert(store)
        (record,) = store.records("load/batch", batch_id="B-0001")
        assert record == {"source": "a.csv", "recorded_at": EVENING, "withdrawn_at": None, "of_file": True}
        assert store.arrays("load/batch", batch_id="B-0001")["source"].tolist() == ["a.csv"]


def test_what_is_loaded_lies_on_the_disk(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, on_disk=True)
    load_text(workspace, TEXT)
    copy = tmp_path / "copy.duckdb"
    shutil.copy(workspace.store_path, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("select unit, value from reporting.observation").fetchall() == [("North", 12.0)]
    assert len(contents(workspace)) == 2
