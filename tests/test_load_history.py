"""What the store knew and when: restatements, order, missing returns, batches taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

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
    select,
    withdraw,
)

from compstat.findings import DataError
from compstat.workspace.workspace import Workspace

HEADINGS = "unit,indicator,week,value\n"
RATIO = "unit,indicator,week,value,numerator,denominator\n"
FIRST, SECOND, THIRD, FOURTH, FIFTH = (EVENING + timedelta(days=n) for n in range(5))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def give(workspace: Workspace, at: datetime, *, north: object = None, south: object = None, **options: bool) -> str:
    """Load burglaries of the week (`""`: an empty cell) and say which batch it became."""
    figures = {"North": north, "South": south}
    rows = "".join(f"{unit},burglary,2026-W46,{value}\n" for unit, value in figures.items() if value is not None)
    batch = load_text(workspace, f"{HEADINGS}{rows}# {at}\n".replace(f"# {at}\n", ""), at=at, **options).batch
    assert batch is not None
    return batch


def findings(workspace: Workspace, text: str, at: datetime, **options: bool) -> list[tuple[str, str]]:
    before = contents(workspace)
    with pytest.raises(DataError) as caught:
        load_text(workspace, text, at=at, **options)
    assert contents(workspace) == before
    return [(finding.code, finding.message) for finding in caught.value.findings]


def test_a_restatement_closes_the_old_figure_and_keeps_it(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    loaded = load_text(workspace, HEADINGS + "North,burglary,2026-W46,14\nSouth,burglary,2026-W46,3\n", at=SECOND)
    assert (loaded.batch, loaded.added, loaded.restated, loaded.withdrawn) == ("B-0002", 0, 1, 0)
    assert select(
        workspace, "select unit, value, batch_id, recorded_at, superseded_at from observation order by all"
    ) == [
        ("North", 12.0, "B-0001", FIRST, SECOND),
        ("North", 14.0, "B-0002", SECOND, None),
        ("South", 3.0, "B-0001", FIRST, None),
    ]
    assert burglaries(workspace, FIRST - timedelta(seconds=1)) == {}
    assert (
        burglaries(workspace, FIRST)
        == burglaries(workspace, SECOND - timedelta(seconds=1))
        == {"North": 12, "South": 3}
    )
    assert burglaries(workspace, SECOND) == {"North": 14, "South": 3}


def test_a_row_not_in_the_file_changes_nothing(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    give(workspace, SECOND, north=14)
    assert burglaries(workspace) == {"North": 14, "South": 3}


def test_what_the_store_knows_already_makes_no_batch(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    before = contents(workspace)
    loaded = load_text(workspace, HEADINGS + "South,burglary,2026-W46,3.0\n", at=SECOND)
    assert (loaded.batch, loaded.already) == (None, None)
    assert contents(workspace) == before


def test_the_same_file_twice(workspace: Workspace) -> None:
    path = returns(workspace, HEADINGS + "North,burglary,2026-W46,12\n")
    load(workspace, path)
    give(workspace, SECOND, north=14)
    before = contents(workspace)
    path.write_text(HEADINGS + "North,burglary,2026-W46,12\n", "utf-8")
    assert load(workspace, path, at=THIRD)[0].already == "B-0001"
    assert contents(workspace) == before


def test_the_same_file_named_twice_in_one_load(workspace: Workspace) -> None:
    path = returns(workspace, HEADINGS + "North,burglary,2026-W46,12\n")
    assert [(one.batch, one.already) for one in load(workspace, path, path)] == [("B-0001", None), (None, "B-0001")]


def test_several_files_are_a_batch_each(workspace: Workspace) -> None:
    text = HEADINGS + "North,burglary,2026-W46,12\n"
    files = [
        returns(workspace, text, "a.csv"),
        returns(workspace, "unit,month,absence\nNorth,2026-10,4.5\n", "b.csv"),
        returns(workspace, text.replace("North", "South"), "c.csv"),
    ]
    loaded = load(workspace, *files)
    assert [(one.source, one.batch, one.added) for one in loaded] == [
        ("a.csv", "B-0001", 1),
        ("b.csv", "B-0002", 1),
        ("c.csv", "B-0003", 1),
    ]
    assert select(workspace, "select batch_id, source, rows, loaded_by, set_aside from batch order by all")[1] == (
        "B-0002", "b.csv", 1, "avery", 0,
    )  # fmt: skip
    assert burglaries(workspace) == {"North": 12, "South": 12}
    assert known(workspace)["North", "absence", date(2026, 10, 1)][0] == 4.5


def test_files_of_one_load_that_disagree_are_refused_together(workspace: Workspace) -> None:
    files = [returns(workspace, HEADINGS + f"North,burglary,2026-W46,{n}\n", f"{n}.csv") for n in (12, 13)]
    with pytest.raises(DataError) as caught:
        load(workspace, *files)
    assert [(one.code, one.where) for one in caught.value.findings] == [("recorded-before", "13.csv")]
    assert contents(workspace) == []


@pytest.mark.parametrize("at", [FIRST - timedelta(hours=1), FIRST])
def test_an_earlier_or_equal_moment_cannot_replace_a_figure(workspace: Workspace, at: datetime) -> None:
    give(workspace, FIRST, north=12)
    ((code, message),) = findings(workspace, HEADINGS + "North,burglary,2026-W46,13\n", at)
    assert code == "recorded-before"
    assert message == f"is recorded at {at}, but would change North, burglary, 2026-11-09, recorded at {FIRST}"


def test_an_earlier_moment_may_give_other_figures(workspace: Workspace) -> None:
    give(workspace, SECOND, north=12)
    give(workspace, FIRST, south=3)
    assert burglaries(workspace, FIRST) == {"South": 3}
    assert burglaries(workspace, SECOND) == {"North": 12, "South": 3}


def test_a_figure_cannot_come_to_stand_beside_one_that_was_taken_back_later(workspace: Workspace) -> None:
    """12 was known until the third day: 13 known from the second day on would be a second figure of one moment."""
    batch = give(workspace, FIRST, north=12)
    withdraw(workspace, batch, THIRD)
    assert findings(workspace, HEADINGS + "North,burglary,2026-W46,13\n", SECOND)[0][0] == "recorded-before"
    give(workspace, THIRD, north=13)
    assert burglaries(workspace, SECOND) == {"North": 12}
    assert burglaries(workspace) == {"North": 13}


def test_an_empty_cell_is_a_missing_return_and_never_0(workspace: Workspace) -> None:
    loaded = load_text(workspace, HEADINGS + "North,burglary,2026-W46,\nSouth,burglary,2026-W46,0\n")
    assert loaded.added == 1
    assert burglaries(workspace) == {"South": 0}


def test_nothing_but_empty_cells_makes_no_batch(workspace: Workspace) -> None:
    assert load_text(workspace, HEADINGS + "North,burglary,2026-W46,\n").batch is None
    assert contents(workspace) == []


def test_an_empty_cell_over_a_held_figure_is_refused(workspace: Workspace) -> None:
    give(workspace, FIRST, north=1234567, south=3)
    assert findings(workspace, HEADINGS + "North,burglary,2026-W46,\nSouth,burglary,2026-W46,4\n", SECOND) == [
        ("empty-over-held", "the cell is empty, but the store holds 1234567 for North, burglary, 2026-11-09")
    ]


def test_an_empty_cell_over_0_of_0_is_refused(workspace: Workspace) -> None:
    load_text(workspace, RATIO + "North,detected,2026-W46,,0,0\n", at=FIRST)
    assert known(workspace)["North", "detected", WEEK] == (None, 0, 0)
    assert findings(workspace, RATIO + "North,detected,2026-W46,,,\n", SECOND) == [
        ("empty-over-held", "the cell is empty, but the store holds 0 of 0 for North, detected, 2026-11-09")
    ]


def test_with_withdraw_an_empty_cell_takes_the_figure_back(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    loaded = load_text(
        workspace, HEADINGS + "North,burglary,2026-W46,\nSouth,burglary,2026-W46,4\n", at=SECOND, withdraw=True
    )
    assert (loaded.batch, loaded.restated, loaded.withdrawn) == ("B-0002", 1, 1)
    assert burglaries(workspace) == {"South": 4}
    assert burglaries(workspace, FIRST) == {"North": 12, "South": 3}


def test_a_ratio_is_worked_out_from_its_parts(workspace: Workspace) -> None:
    load_text(workspace, RATIO + "North,detected,2026-W46,,12,40\nSouth,detected,2026-W46,33.3,1,3\n")
    assert known(workspace) == {
        ("North", "detected", WEEK): (30, 12, 40),
        ("South", "detected", WEEK): (pytest.approx(100 / 3), 1, 3),  # 33.3 is how somebody wrote it
    }


def test_a_ratio_of_the_same_parts_is_not_restated_by_another_rounding(workspace: Workspace) -> None:
    load_text(workspace, RATIO + "South,detected,2026-W46,33.3,1,3\n", at=FIRST)
    loaded = load_text(workspace, RATIO + "South,detected,2026-W46,33,1,3\n", at=SECOND)
    assert (loaded.batch, loaded.restated) == (None, 0)


def test_a_dry_run_says_what_would_be_and_changes_nothing(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    before = contents(workspace)
    text = HEADINGS + "North,burglary,2026-W46,13\nSouth,burglary,2026-W45,5\nX,burglary,2026-W46,1\n"
    loaded = load_text(workspace, text, at=SECOND, dry_run=True, set_aside=True)
    assert (loaded.batch, loaded.added, loaded.restated, loaded.set_aside) == ("B-0002", 1, 1, 1)
    assert loaded.refused_file is None
    assert contents(workspace) == before
    assert not (workspace.root / "refused").exists()


def test_a_dry_run_of_several_files_counts_them_one_after_the_other(workspace: Workspace) -> None:
    files = [
        returns(workspace, HEADINGS + f"{unit},burglary,2026-W46,1\n", f"{unit}.csv") for unit in ("North", "South")
    ]
    assert [one.batch for one in load(workspace, *files, dry_run=True)] == ["B-0001", "B-0002"]
    assert contents(workspace) == []


def test_a_batch_taken_back_restores_what_stood_before(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    give(workspace, SECOND, north=14)
    done = withdraw(workspace, "B-0002", THIRD)
    assert (done.closed, done.restored, done.recorded_as) == (1, 1, "B-0003")
    assert burglaries(workspace) == {"North": 12, "South": 3}
    assert burglaries(workspace, SECOND) == {"North": 14, "South": 3}
    assert select(workspace, "select source, rows, withdrawn_at from batch order by batch_id") == [
        ("returns.csv", 2, None),
        ("returns.csv", 1, THIRD),
        ("withdrawal of B-0002", 1, None),
    ]


def test_a_first_batch_taken_back_leaves_nothing(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    done = withdraw(workspace, "B-0001", SECOND)
    assert (done.closed, done.restored) == (2, 0)
    assert burglaries(workspace) == {}
    assert burglaries(workspace, FIRST) == {"North": 12, "South": 3}


def test_a_file_whose_batch_was_taken_back_can_be_loaded_again(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12)
    withdraw(workspace, "B-0001", SECOND)
    assert give(workspace, THIRD, north=12) == "B-0003"
    assert burglaries(workspace) == {"North": 12}


def test_later_restatements_are_left_standing(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    give(workspace, SECOND, north=14)
    done = withdraw(workspace, "B-0001", THIRD)
    assert (done.closed, done.restored) == (1, 0)
    assert burglaries(workspace) == {"North": 14}


def test_what_was_withdrawn_is_not_restored_by_a_later_withdrawal(workspace: Workspace) -> None:
    """12, then 14, then 16. 14 is taken back while 16 stands; when 16 goes too, 12 stands again, not 14."""
    give(workspace, FIRST, north=12)
    give(workspace, SECOND, north=14)
    give(workspace, THIRD, north=16)
    assert withdraw(workspace, "B-0002", FOURTH).closed == 0
    assert burglaries(workspace) == {"North": 16}
    withdraw(workspace, "B-0003", FIFTH)
    assert burglaries(workspace) == {"North": 12}


def test_a_restored_figure_goes_with_the_batch_it_came_from(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12)
    give(workspace, SECOND, north=14)
    withdraw(workspace, "B-0002", THIRD)
    assert withdraw(workspace, "B-0001", FOURTH).closed == 1
    assert burglaries(workspace) == {}
    assert burglaries(workspace, THIRD) == {"North": 12}


def test_taking_back_a_load_that_took_figures_back_restores_them(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12, south=3)
    load_text(workspace, HEADINGS + "North,burglary,2026-W46,\n", at=SECOND, withdraw=True)
    done = withdraw(workspace, "B-0002", THIRD)
    assert (done.closed, done.restored) == (0, 1)
    assert burglaries(workspace) == {"North": 12, "South": 3}
    assert burglaries(workspace, SECOND) == {"South": 3}


def test_what_an_empty_cell_took_back_stays_so_when_a_later_figure_goes(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12)
    load_text(workspace, HEADINGS + "North,burglary,2026-W46,\n", at=SECOND, withdraw=True)
    give(workspace, THIRD, north=16)
    withdraw(workspace, "B-0003", FOURTH)
    assert burglaries(workspace) == {}
    withdraw(workspace, "B-0002", FIFTH)
    assert burglaries(workspace) == {"North": 12}


@pytest.mark.parametrize(
    ("batch", "at", "code"),
    [
        ("B-0009", FOURTH, "unknown-batch"),
        ("'; drop table batch; --", FOURTH, "unknown-batch"),
        ("B-0001", FIRST, "recorded-before"),
        ("B-0001", FIRST - timedelta(days=1), "recorded-before"),
        ("B-0002", FOURTH, "batch-withdrawn"),
        ("B-0003", FOURTH, "batch-of-no-file"),
    ],
)
def test_what_cannot_be_taken_back(workspace: Workspace, batch: str, at: datetime, code: str) -> None:
    give(workspace, FIRST, north=12)
    give(workspace, SECOND, north=14)
    withdraw(workspace, "B-0002", THIRD)
    before = contents(workspace)
    with pytest.raises(DataError) as caught:
        withdraw(workspace, batch, at)
    assert caught.value.findings[0].code == code
    assert contents(workspace) == before


def test_a_restored_figure_is_not_taken_back_before_it_was_restored(workspace: Workspace) -> None:
    give(workspace, FIRST, north=12)
    give(workspace, SECOND, north=14)
    withdraw(workspace, "B-0002", FOURTH)
    with pytest.raises(DataError) as caught:
        withdraw(workspace, "B-0001", THIRD)
    assert caught.value.findings[0].code == "recorded-before"
