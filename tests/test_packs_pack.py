"""A pack's folder: complete or not there at all, verifiable, and the same wherever it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from briefing_example import HOSTILE, example

from compstat.findings import CompstatError
from compstat.packs.pack import verify_pack, write_pack


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_pack_is_the_briefing_the_units_and_the_manifest(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    briefing = example(units=3, indicators=2)
    paths = write_pack(
        briefing, tmp_path / "packs" / "2026-W46", lambda done, total: told.append((done, total)),
        inputs={"batches": ["b000"]}, options={"draft": False},
    )  # fmt: skip
    folder = tmp_path / "packs" / "2026-W46"
    assert paths == [folder / "briefing.pdf", *(p for p in paths if p.parent.name == "units"), folder / "manifest.json"]
    assert set(files(folder)) == {path.relative_to(folder).as_posix() for path in paths}
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["inputs"] == {"batches": ["b000"]}
    assert manifest["options"]["draft"] is False
    assert set(manifest["versions"]) == {"compstat", "matplotlib", "reportlab"}
    assert set(manifest["units"]) == {report.unit.unit for report in briefing.units}
    assert str(tmp_path) not in (folder / "manifest.json").read_text()
    assert [path.name for path in folder.parent.iterdir()] == ["2026-W46"]


def test_the_same_briefing_gives_the_same_pack_in_another_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_pack(example(units=2, indicators=2), tmp_path / name)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_hostile_unit_names_stay_inside_the_pack(tmp_path: Path) -> None:
    briefing = example(units=12, indicators=1)
    assert set(HOSTILE) & {report.unit.title for report in briefing.units}
    write_pack(briefing, tmp_path / "w")
    assert {path.name for path in tmp_path.iterdir()} == {"w"}
    assert len(list((tmp_path / "w" / "units").iterdir())) == 12


def test_writing_again_replaces_the_pack_and_keeps_what_is_not_its_own(tmp_path: Path) -> None:
    write_pack(example(units=3, indicators=1), tmp_path / "w")
    (tmp_path / "w" / "notes.txt").write_text("mine")
    write_pack(example(units=2, indicators=1), tmp_path / "w")
    assert (tmp_path / "w" / "notes.txt").read_text() == "mine"
    assert len(list((tmp_path / "w" / "units").iterdir())) == 2
    assert verify_pack(tmp_path / "w") == ()


def test_a_pack_that_fails_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    briefing = example(units=2, indicators=1)
    write_pack(briefing, tmp_path / "w")
    before = files(tmp_path / "w")

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pack(replace(briefing, one_minute=("New.",)), tmp_path / "w", stop)
    assert files(tmp_path / "w") == before
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_a_folder_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    with pytest.raises(CompstatError, match="is not a pack"):
        write_pack(example(units=1, indicators=1), tmp_path / "letters")
    assert files(tmp_path / "letters") == {"a.txt": b"dear"}


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    write_pack(example(units=2, indicators=1), tmp_path / "w")
    (tmp_path / "w" / "briefing.pdf").write_bytes(b"%PDF other")
    next((tmp_path / "w" / "units").iterdir()).unlink()
    assert len(verify_pack(tmp_path / "w")) == 2
