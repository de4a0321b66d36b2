"""Who takes a batch back: an analyst; anybody at all only while people.csv names nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_example import run
from workspace_example import TABLES, make_workspace, returns, select

from compstat.workspace.workspace import Workspace

PEOPLE = "person,name,role\navery,Avery Quill,analyst\nblake,Blake Moss,commander\ncasey,Casey Holt,challenger\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "force", on_disk=True)
    returns(made, "unit,indicator,week_start,value\nNorth,burglary,2026-11-09,12\n")
    assert run(made.root, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00").code == 0
    return made


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("blake", "Blake Moss is commander; a batch is taken back by an analyst\n  Ask an analyst of people.csv."),
        ("casey", "Casey Holt is challenger; a batch is taken back by an analyst\n"),
        ("avry", 'COMPSTAT_USER: "avry" is no person of people.csv. Did you mean "avery"?\n'),
    ],
)
def test_only_an_analyst_takes_a_batch_back(workspace: Workspace, who: str, said: str) -> None:
    (workspace.root / "people.csv").write_text(PEOPLE, "utf-8")
    before = [select(workspace, f"select * from {table}") for table in TABLES]
    refused = run(workspace.root, "withdraw", "B-0001", user=who)
    assert (refused.code, refused.out) == (13, "")
    assert refused.err.startswith(said)
    assert [select(workspace, f"select * from {table}") for table in TABLES] == before
    assert run(workspace.root, "withdraw", "B-0001", user="avery").code == 0
    assert select(workspace, "select loaded_by from batch where batch_id = 'B-0002'") == [("avery",)]


@pytest.mark.parametrize("people", [None, "person,name,role\n"])
def test_where_nobody_is_named_there_are_no_roles(workspace: Workspace, people: str | None) -> None:
    if people is not None:
        (workspace.root / "people.csv").write_text(people, "utf-8")
    assert run(workspace.root, "withdraw", "B-0001", user="somebody").code == 0
