"""The inbox: what is taken moves aside, what is refused stays with its reasons, and no file holds up another."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from workspace_example import EVENING, contents, forget, in_store, make_workspace

from compstat.load.batch import Loading
from compstat.load.inbox import Taken, take_inbox
from compstat.workspace.workspace import Workspace

NORTH = "unit,indicator,week,value\nNorth,burglary,2026-W46,12\n"
SOUTH = "unit,indicator,week,value\nSouth,burglary,2026-W46,7\n"
WRONG = "unit,indicator,week,value\nNroth,burglary,2026-W46,12\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path)
    (tmp_path / "inbox").mkdir()
    return made


def put(workspace: Workspace, **files: str) -> Path:
    for name, text in files.items():
        (workspace.root / "inbox" / f"{name}.csv").write_text(text, "utf-8")
    return workspace.root / "inbox"


def take(workspace: Workspace, *, dry_run: bool = False) -> list[Taken]:
    with in_store(workspace) as store:
        return take_inbox(store, workspace, Loading(EVENING, "avery", dry_run=dry_run))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file() or path.is_symlink())


def test_no_inbox_is_an_empty_one(tmp_path: Path) -> None:
    assert take(make_workspace(tmp_path)) == []


def test_what_is_taken_moves_aside_and_what_is_refused_stays_with_its_reasons(workspace: Workspace) -> None:
    inbox = put(workspace, north=NORTH, south=SOUTH, wrong=WRONG)
    north, south, wrong = take(workspace)
    assert (north.file, south.file, wrong.file) == ("north.csv", "south.csv", "wrong.csv")
    assert north.moved_to == inbox / "taken" / "north.csv"
    assert [loaded.batch for loaded in (*north.loaded, *south.loaded)] == ["B-0001", "B-0002"]
    assert names(inbox) == ["wrong.csv", "wrong.csv.refused.txt"]
    assert names(inbox / "taken") == ["north.csv", "south.csv"]
    assert wrong.refused is not None
    assert wrong.reasons == inbox / "wrong.csv.refused.txt"
    reasons = wrong.reasons.read_text("utf-8")
    assert 'wrong.csv:2: unit "Nroth" is not in units.csv. Did you mean "North"?' in reasons
    assert "The store is as it was." in reasons


def test_a_mended_file_is_taken_and_its_reasons_go(workspace: Workspace) -> None:
    inbox = put(workspace, wrong=WRONG)
    take(workspace)
    put(workspace, wrong=NORTH)
    (mended,) = take(workspace)
    assert mended.refused is None
    assert names(inbox) == []
    assert names(inbox / "taken") == ["wrong.csv"]


def test_a_name_that_was_taken_before_is_no_hindrance(workspace: Workspace) -> None:
    inbox = put(workspace, returns=NORTH)
    take(workspace)
    put(workspace, returns=SOUTH)
    take(workspace)
    assert names(inbox / "taken") == ["returns-2.csv", "returns.csv"]


def test_a_file_whose_move_failed_is_moved_at_the_next_round(workspace: Workspace) -> None:
    inbox = put(workspace, north=NORTH)
    take(workspace)
    (inbox / "taken" / "north.csv").rename(inbox / "north.csv")
    before = contents(workspace)
    (again,) = take(workspace)
    assert again.loaded[0].already == "B-0001"
    assert names(inbox) == []
    assert contents(workspace) == before


def test_a_dry_run_moves_and_writes_nothing(workspace: Workspace) -> None:
    inbox = put(workspace, north=NORTH, wrong=WRONG)
    good, bad = take(workspace, dry_run=True)
    assert good.loaded[0].added == 1
    assert bad.refused is not None
    assert names(inbox) == ["north.csv", "wrong.csv"]
    assert not (inbox / "taken").exists()
    forget()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_never_opened(workspace: Workspace) -> None:
    secret = workspace.root / "secret.csv"
    secret.write_text(NORTH, "utf-8")
    inbox = put(workspace)
    (inbox / "link.csv").symlink_to(secret)
    (inbox / "nowhere.csv").symlink_to("gone.csv")
    link, nowhere = take(workspace)
    for taken in (link, nowhere):
        assert taken.refused is not None
        assert taken.refused.findings[0].code == "not-a-plain-file"
    assert contents(workspace) == []


def test_files_on_their_way_and_our_own_are_left_alone(workspace: Workspace) -> None:
    inbox = put(workspace)
    for name in ("mail.csv.part", ".hidden.csv", "~$book.xlsx", "old.csv.refused.txt"):
        (inbox / name).write_text(NORTH, "utf-8")
    assert take(workspace) == []
    assert len(names(inbox)) == 4


def test_the_longest_name_has_room_for_its_reasons(workspace: Workspace) -> None:
    name = "é" * 125 + ".csv"
    (workspace.root / "inbox" / name).write_text(WRONG, "utf-8")
    (refused,) = take(workspace)
    assert refused.reasons is not None
    assert refused.reasons.exists()
    assert take(workspace)[0].reasons == refused.reasons


def test_an_old_file_sent_again_after_a_correction_stays_with_the_reason(workspace: Workspace) -> None:
    for days, text in enumerate((NORTH, NORTH.replace("12", "14"), NORTH)):
        put(workspace, north=text)
        with in_store(workspace) as store:
            (taken,) = take_inbox(store, workspace, Loading(EVENING + timedelta(days=days), "avery"))
    assert taken.refused is not None and taken.refused.findings[0].code == "sent-again"
    assert names(workspace.root / "inbox") == ["north.csv", "north.csv.refused.txt"]
