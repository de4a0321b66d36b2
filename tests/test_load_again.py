"""A file that was loaded before: a plain repeat changes nothing; one that would undo a correction says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from workspace_example import burglaries, contents, load, make_workspace, returns, withdraw

from compstat.load.batch import Loaded
from compstat.workspace.workspace import Workspace

HEADINGS = "unit,indicator,week,value\n"
FIRST = HEADINGS + "North,burglary,2026-W45,9\nNorth,burglary,2026-W46,12\n"
AT = datetime(2026, 11, 16, 18)
Step = Callable[..., Loaded]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


@pytest.fixture
def step(workspace: Workspace) -> Step:
    """Load one file after the other, a day apart."""
    days = iter(range(100))

    def load_next(name: str, text: str, **options: bool) -> Loaded:
        (loaded,) = load(workspace, returns(workspace, text, name), at=AT + timedelta(days=next(days)), **options)
        return loaded

    return load_next


def test_a_plain_repeat_changes_nothing_and_says_so(workspace: Workspace, step: Step) -> None:
    step("b1.csv", FIRST)
    step("other.csv", HEADINGS + "South,burglary,2026-W46,3\n")
    loaded = step("b1.csv", FIRST)
    assert (loaded.already, loaded.batch, loaded.differs, loaded.sent_again) == ("B-0001", None, 0, None)


@pytest.mark.parametrize(
    ("newer", "there"), [("North,burglary,2026-W46,\n", "empty"), ("North,burglary,2026-W46,14\n", "14")]
)
def test_a_file_that_would_undo_a_correction_says_where_and_how(
    workspace: Workspace, step: Step, newer: str, there: str
) -> None:
    step("b1.csv", FIRST)
    step("b2.csv", HEADINGS + newer, withdraw=True)
    before = contents(workspace)
    loaded = step("b1.csv", FIRST)
    assert (loaded.already, loaded.batch, loaded.differs) == ("B-0001", None, 1)
    assert loaded.sent_again is not None
    assert (loaded.sent_again.code, loaded.sent_again.where) == ("sent-again", "b1.csv:3")
    assert f"North, burglary, 2026-11-09 is 12 here and {there} there (B-0002)" in loaded.sent_again.message
    assert loaded.sent_again.fix.endswith(f"compstat load {workspace.root / 'b1.csv'} --again")
    assert contents(workspace) == before


def test_again_takes_the_file_once_more_as_a_batch_of_its_own(workspace: Workspace, step: Step) -> None:
    step("b1.csv", FIRST)
    step("b2.csv", HEADINGS + "North,burglary,2026-W46,14\n")
    loaded = step("b1.csv", FIRST, again=True)
    assert (loaded.batch, loaded.restated, burglaries(workspace)) == ("B-0003", 1, {"North": 12})
    assert step("b1.csv", FIRST).already == "B-0003"
    assert step("b1.csv", FIRST, again=True).batch is None


def test_withdrawing_the_newer_batch_puts_it_back(workspace: Workspace, step: Step) -> None:
    step("b1.csv", FIRST)
    step("b2.csv", HEADINGS + "North,burglary,2026-W46,14\n")
    withdraw(workspace, "B-0002", AT + timedelta(days=1, hours=1))
    assert step("b1.csv", FIRST).differs == 0


def test_a_figure_of_an_earlier_batch_that_was_taken_back_counts_too(workspace: Workspace, step: Step) -> None:
    step("b0.csv", HEADINGS + "North,burglary,2026-W46,12\n")
    step("b1.csv", FIRST)  # 12 is B-0001's
    withdraw(workspace, "B-0001", AT + timedelta(days=1, hours=1))
    loaded = step("b1.csv", FIRST)
    assert loaded.differs == 1 and loaded.sent_again is not None
    assert "is 12 here and empty there. Nothing" in loaded.sent_again.message


def test_what_a_file_named_beside_it_changed_is_as_it_should_be(workspace: Workspace, step: Step) -> None:
    step("b1.csv", FIRST)
    step("b2.csv", HEADINGS + "North,burglary,2026-W46,14\n")
    both = load(workspace, workspace.root / "b1.csv", workspace.root / "b2.csv", at=AT + timedelta(days=9))
    assert [(one.already, one.differs) for one in both] == [("B-0001", 0), ("B-0002", 0)]


def test_a_new_file_beside_one_that_was_sent_again_is_loaded(workspace: Workspace, step: Step) -> None:
    step("b1.csv", FIRST)
    step("b2.csv", HEADINGS + "North,burglary,2026-W46,14\n")
    new = returns(workspace, HEADINGS + "South,burglary,2026-W46,3\n", "new.csv")
    first, second = load(workspace, workspace.root / "b1.csv", new, at=AT + timedelta(days=9))
    assert (first.differs, second.added, burglaries(workspace)) == (1, 1, {"North": 14, "South": 3})


def test_an_empty_cell_that_took_a_figure_back_and_one_that_says_nothing(workspace: Workspace, step: Step) -> None:
    step("b1.csv", FIRST)
    emptied = HEADINGS + "North,burglary,2026-W46,\nSouth,burglary,2026-W46,\n"
    step("b2.csv", emptied, withdraw=True)
    step("b3.csv", HEADINGS + "North,burglary,2026-W46,14\nSouth,burglary,2026-W46,3\n")
    loaded = step("b2.csv", emptied)
    assert loaded.differs == 1 and loaded.sent_again is not None  # of South it never took anything back
    assert "North, burglary, 2026-11-09 is empty here and 14 there" in loaded.sent_again.message
    assert loaded.sent_again.fix.endswith("--again --withdraw")
