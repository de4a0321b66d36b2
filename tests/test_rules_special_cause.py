"""`special_cause`: the four rules at the newest point; always the watch list, never a concern of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_example import STEADY, Figure, Force, history

OVERTIME = "indicator,better,unit_of_measure\novertime,{},money\n"
CELL = ("north", "overtime")
MOVING = [100.0, 102.0] * 55  # mean 101, moving range 2: limits 95.68 and 106.32


def force(
    root: Path, *newest: Figure, better: str = "lower", before: list[float] | None = None, **tables: str
) -> Force:
    return Force(root, indicators=OVERTIME.format(better), **tables).load({CELL: history(before or MOVING, *newest)})


def test_a_point_outside_the_limits_is_watched(tmp_path: Path) -> None:
    flag = force(tmp_path, 120).flag("special_cause")
    assert (flag.outcome, flag.severity, flag.value) == ("watch", 1, 120)
    assert flag.inputs["reason"] == "outside_limits"
    assert flag.inputs["points"] == 104
    assert flag.p_value is None
    # screening leaves the one wide range out, the outlier stays in the mean
    mean = (52 * 100 + 51 * 102 + 120) / 104
    assert flag.comparator == pytest.approx(mean)
    assert flag.upper_limit == pytest.approx(mean + 2.66 * 2)
    assert "outside the limits of its own last two years" in flag.sentence


def test_on_the_good_side_nobody_is_watched(tmp_path: Path) -> None:
    assert force(tmp_path / "low", 80).flags("special_cause") == []
    assert len(force(tmp_path / "high", 80, better="higher").flags("special_cause")) == 1


@pytest.mark.parametrize("value", [80, 120])
def test_a_neutral_indicator_is_watched_either_way(tmp_path: Path, value: float) -> None:
    assert force(tmp_path, value, better="neutral").flag("special_cause").value == value


def test_of_a_neutral_indicator_a_new_level_is_no_news(tmp_path: Path) -> None:
    """Neither way is worse: a run or trend says only that it moved, and would be on the list for months."""
    assert force(tmp_path / "neutral", *[103] * 7, better="neutral").flags("special_cause") == []
    assert len(force(tmp_path / "lower", *[103] * 7).flags("special_cause")) == 1


@pytest.mark.parametrize(
    ("newest", "reason"),
    [
        ((103, 103, 103, 103, 103, 103, 103), "run"),
        ((99, 100, 101, 101.5, 102, 102.5, 103), "trend"),
        ((105.5, 102, 105.5), "two_of_three"),
        ((100, 103, 103, 103, 103, 103, 103), None),
    ],
)
def test_the_rule_that_signals_is_named(tmp_path: Path, newest: tuple[float, ...], reason: str | None) -> None:
    flags = force(tmp_path, *newest).flags("special_cause")
    assert [flag.inputs["reason"] for flag in flags] == ([reason] if reason else [])


def test_a_run_that_ended_last_week_is_over(tmp_path: Path) -> None:
    assert force(tmp_path, *[103] * 8, 100).flags("special_cause") == []


@pytest.mark.parametrize(("points", "judged"), [(13, True), (12, False)])
def test_thirteen_points_are_needed(tmp_path: Path, points: int, judged: bool) -> None:
    made = force(tmp_path, 200, before=MOVING[:points])
    assert bool(made.flags("special_cause")) is judged
    assert made.untested("special_cause") == ({} if judged else {CELL: "too few points"})


def test_constant_one_point_and_missing_series_say_nothing(tmp_path: Path) -> None:
    assert force(tmp_path / "constant", before=[5.0] * 110).flags("special_cause") == []
    assert force(tmp_path / "one", before=[5.0]).flags("special_cause") == []
    assert force(tmp_path / "missing", None).flags("special_cause") == []


def test_sparse_counts_are_left_to_the_predictive_test(tmp_path: Path) -> None:
    """Mostly 0: screening would leave no range, and every 1 would be special."""
    cell = ("north", "burglary")
    made = Force(tmp_path).load({cell: history([0.0] * 110, 1)})
    assert made.flags("special_cause") == []
    assert made.untested("special_cause") == {cell: "counts this low are judged by the predictive test"}
    assert Force(tmp_path / "ten").load({cell: history([*STEADY[:55], *[12.0, 9.0] * 27], 40)}).flags("special_cause")


def test_limits_start_afresh_at_a_rebase_that_is_signed(tmp_path: Path) -> None:
    """A year at 101, then a level of 151 since 5 January: outside, unless rebased."""
    moved = MOVING[:65] + [value + 50 for value in MOVING[65:]]
    rebases = "indicator,unit,week_start,reason,signed_by\novertime,{},2026-01-05,new shifts,a.b\n"
    assert len(force(tmp_path / "before", before=moved).flags("special_cause")) == 1
    rebased = force(tmp_path / "after", before=moved, rebases=rebases.format("north"))
    assert rebased.flags("special_cause") == []
    assert rebased.judged().histories["weekly"].limits.mean[0] == pytest.approx(151, abs=0.1)
    units = "unit\nnorth\nsouth\n"
    other = force(tmp_path / "other", before=moved, rebases=rebases.format("south"), units=units)
    assert len(other.flags("special_cause")) == 1


def test_a_rebase_in_the_future_changes_nothing_yet(tmp_path: Path) -> None:
    rebases = "indicator,unit,week_start,reason,signed_by\novertime,north,2026-11-16,new shifts,a.b\n"
    assert len(force(tmp_path, 120, rebases=rebases).flags("special_cause")) == 1


def test_two_years_are_looked_at(tmp_path: Path) -> None:
    made = force(tmp_path, before=[500.0] * 6 + MOVING[6:])
    assert made.judged().histories["weekly"].limits.mean[0] == pytest.approx(101)


def test_every_house_rule_that_the_page_lists_has_its_case_here() -> None:
    """docs/method.md, section 13: the names in its table are tests of this file."""
    page = (Path(__file__).parent.parent / "docs" / "method.md").read_text("utf-8")
    table = page.split("**House rules that differ from NHSRplotthedots.**")[1].split("\n## ")[0]
    cases = [line.split("`")[-2] for line in table.splitlines() if line.startswith("| ") and line.endswith("` |")]
    assert len(cases) == 6
    assert {f"test_{case}" for case in cases} <= set(globals())
