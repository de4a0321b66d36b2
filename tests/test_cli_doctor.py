"""`compstat doctor`: every part is looked at, and the exit code is the class of what is wrong."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from command_example import Said, run
from workspace_example import make_workspace

from compstat.findings import StoreError
from compstat.meeting.health import room

RETURNS = "unit,indicator,week,value\n" + "".join(f"North,burglary,2026-W{n},1{n % 3}\n" for n in range(20, 47))
PARTS = ["workspace", "store", "tracker", "week", "disk", "fonts", "versions"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A force with returns, and an event in its tracker."""
    root = tmp_path / "force"
    make_workspace(root, on_disk=True)
    (root / "people.csv").write_text("person,name,role\navery,Avery Quill,analyst\n", "utf-8")
    (root / "returns.csv").write_text(RETURNS, "utf-8")
    assert run(root, "load", "returns.csv").code == 0
    words = (
        "--unit",
        "North",
        "--owner",
        "avery",
        "--what",
        "Fit locks",
        "--due",
        "2026-12-10",
        "--no-measure",
        "none",
    )
    assert run(root, "action", "add", *words).code == 0
    return root


def of(said: Said, part: str) -> dict[str, object]:
    (row,) = [row for row in said.json if row["part"] == part]
    return dict(row)


def test_a_sound_workspace_is_well(folder: Path) -> None:
    said = run(folder, "doctor", "--json")
    assert (said.code, [row["part"] for row in said.json]) == (0, PARTS)
    assert all(row["well"] and row["findings"] == [] for row in said.json)
    assert "1 batches" in str(of(said, "store")["words"]) and "not signed off" in str(of(said, "week")["words"])
    plain = run(folder, "doctor")
    assert plain.code == 0 and "WRONG" not in plain.out and "the chain is whole" in plain.out


def test_looking_makes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "new"
    make_workspace(root, on_disk=True)
    before = sorted(root.rglob("*"))
    said = run(root, "doctor")
    assert said.code == 0 and "the first load makes it" in said.out and "no return is loaded yet" in said.out
    assert sorted(root.rglob("*")) == before


def test_a_table_that_cannot_be_read_does_not_hide_the_rest(folder: Path) -> None:
    (folder / "units.csv").write_text("unit,wrong\nNorth,1\n", "utf-8")
    said = run(folder, "doctor")
    assert said.code == 10 and "workspace WRONG" in said.out and "units.csv:1" in said.out
    assert "fonts     ok" in said.out


def test_a_damaged_store_is_class_15(folder: Path) -> None:
    (folder / "compstat.duckdb").write_bytes(b"no store" * 4096)
    said = run(folder, "doctor", "--json")
    assert said.code == 15 and of(said, "store")["exit_code"] == 15 and of(said, "tracker")["well"]


def test_an_altered_event_is_class_14(folder: Path) -> None:
    with sqlite3.connect(folder / "actions.sqlite") as tampered:
        for (trigger,) in tampered.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            tampered.execute(f"drop trigger {trigger}")
        tampered.execute("update event set note = 'nobody said so', payload = replace(payload, 'locks', 'doors')")
    tampered.close()
    said = run(folder, "doctor")
    assert said.code == 14 and "tracker   WRONG" in said.out and "store     ok" in said.out


def test_little_room_is_told_before_a_load_fails(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert "free" in room(tmp_path, wanted=free // 2)
    with pytest.raises(StoreError) as refused:
        room(tmp_path, wanted=free * 2)
    assert refused.value.findings[0].code == "little-room"


def test_a_week_opened_again_is_told_here_and_by_status(folder: Path) -> None:
    assert run(folder, "sign-off").code == 0
    assert "signed off" in run(folder, "status").out
    assert run(folder, "status", "--json").json["reopened"] is False
    (folder / "later.csv").write_text("unit,indicator,week,value\nNorth,burglary,2026-W46,40\n", "utf-8")
    assert run(folder, "load", "later.csv").code == 0
    page = run(folder, "status", "--json").json
    assert (page["signed_off"], page["reopened"], page["next"]) == (False, True, "compstat sign-off --week 2026-W46")
    assert "open again: figures came after avery signed it off" in run(folder, "doctor").out
