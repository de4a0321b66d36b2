"""Units that change: a new commander, units that split, merge or take another in, with what they inherit."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from rules_example import SHARES, STEADY, W46, Figure, Force, Series, history, only

from compstat.findings import WorkspaceError

ON = "2026-08-31"  # a Monday, eleven weeks before the week that is judged
WEEKS_SINCE = 11
UNITS = f"""unit,level,valid_from,valid_to
east,district,,2026-08-30
west,district,,2026-08-30
joined,district,{ON},
"""
EAST, WEST = [6.0] * 110, [4.0] * 110


def until(series: Series) -> list[Figure]:
    """The returns of a unit that was closed before the day."""
    return [*series[:-WEEKS_SINCE], *([None] * WEEKS_SINCE)]


def since(*figures: float) -> list[Figure]:
    """The returns of a unit that began on the day."""
    return [10.0] * (WEEKS_SINCE - len(figures)) + list(figures)


def force(
    root: Path, successions: str, units: str = UNITS, indicators: str | None = None, family: str = "spike"
) -> Force:
    root.mkdir(parents=True, exist_ok=True)
    (root / "successions.csv").write_text("from_unit,to_unit,on,share\n" + successions, "utf-8")
    more = {"indicators": indicators} if indicators else {}
    return Force(root, units=units, rules=only(family), **more)


def merged(root: Path, successions: str, family: str = "spike") -> Force:
    figures = {
        ("east", "burglary"): until(EAST),
        ("west", "burglary"): until(WEST),
        ("joined", "burglary"): since(30.0),
    }
    return force(root, successions, family=family).load(figures)


def test_units_that_merge_hand_their_history_on(tmp_path: Path) -> None:
    flag = merged(tmp_path, f"east,joined,{ON},1\nwest,joined,{ON},\n").flag("spike")
    assert (flag.unit, flag.value) == ("joined", 30)
    assert (flag.inputs["week"]["baseline_events"], flag.inputs["week"]["baseline_periods"]) == (520, 52)
    words = f"before {ON} the history of east (100%) and west (100%)"
    assert flag.inputs["inherited"] == words
    assert flag.sentence.endswith(f"Compared with inherited figures: {words}.")


def test_without_a_row_nothing_is_inherited_and_that_is_said(tmp_path: Path) -> None:
    made = merged(tmp_path, "")
    assert made.flags("spike") == []
    assert made.untested("spike")["joined", "burglary"] == (
        f"fewer than 26 periods of history: the unit starts on {ON} and inherits none (successions.csv)"
    )


def test_the_year_before_is_inherited_too(tmp_path: Path) -> None:
    cell = merged(tmp_path, f"east,joined,{ON},1\nwest,joined,{ON},1\n", "year_on_year").cell("year_on_year")
    assert (cell["value"], cell["comparator"]) == (60, 40)


def test_a_unit_that_splits_hands_on_shares(tmp_path: Path) -> None:
    units = f"unit,level,valid_from,valid_to\nold,district,,2026-08-30\nnorth,district,{ON},\nsouth,district,{ON},\n"
    figures = {
        ("old", "burglary"): until([20.0] * 110),
        ("north", "burglary"): since(40.0),
        ("south", "burglary"): since(40.0),
    }
    made = force(tmp_path, f"old,north,{ON},0.75\nold,south,{ON},0.25\n", units).load(figures)
    expected = {flag.unit: flag.inputs["week"]["baseline_events"] for flag in made.flags("spike")}
    old_weeks = 52 - WEEKS_SINCE + 1  # the newest week is not part of its own baseline
    assert expected == {
        "north": old_weeks * 15 + (WEEKS_SINCE - 1) * 10,
        "south": old_weeks * 5 + (WEEKS_SINCE - 1) * 10,
    }


def test_a_unit_that_takes_another_in_keeps_its_own_history(tmp_path: Path) -> None:
    units = "unit,level,valid_from,valid_to\neast,district,,2026-08-30\nwest,district,,\n"
    figures = {("east", "burglary"): until(EAST), ("west", "burglary"): history(WEST, *since(30.0))}
    whole = force(tmp_path / "whole", f"east,west,{ON},1\n", units).load(figures)
    assert whole.flag("spike").inputs["week"]["baseline_events"] == 520
    assert "west (100%) and east (100%)" in whole.flag("spike").sentence
    part = force(tmp_path / "part", f"east,west,{ON},0.5\nwest,west,{ON},0.5\n", units).load(figures)
    assert part.flag("spike").inputs["week"]["baseline_events"] == (52 - 10) * 5 + 10 * 10


def test_what_is_inherited_is_passed_on(tmp_path: Path) -> None:
    units = (
        f"{UNITS.replace(f'joined,district,{ON},', f'joined,district,{ON},2026-10-04')}county,district,2026-10-05,\n"
    )
    figures = {
        ("east", "burglary"): until(EAST),
        ("west", "burglary"): until(WEST),
        ("joined", "burglary"): [*([10.0] * 5), *([None] * 6)],
        ("county", "burglary"): [*([10.0] * 5), 40.0],
    }
    rows = f"joined,county,2026-10-05,1\neast,joined,{ON},1\nwest,joined,{ON},1\n"
    assert force(tmp_path, rows, units).load(figures).flag("spike").inputs["week"]["baseline_events"] == 520


def test_a_week_that_one_predecessor_lacks_is_missing_not_smaller(tmp_path: Path) -> None:
    made = force(tmp_path, f"east,joined,{ON},1\nwest,joined,{ON},1\n")
    west: list[Figure] = until(WEST)
    west[-30:-26] = [None] * 4
    made.load({("east", "burglary"): until(EAST), ("west", "burglary"): west, ("joined", "burglary"): since(30.0)})
    week = made.flag("spike").inputs["week"]
    assert (week["baseline_events"], week["baseline_periods"]) == (480, 48)


def test_of_a_ratio_both_parts_are_inherited(tmp_path: Path) -> None:
    indicators = "indicator,better,unit_of_measure\nanswered,higher,percent\n"
    figures = {
        ("east", "answered"): until(SHARES),
        ("west", "answered"): until([(45.0, 50.0)] * 110),
        ("joined", "answered"): [*([(135.0, 150.0)] * 10), (60.0, 150.0)],
    }
    made = force(tmp_path, f"east,joined,{ON},1\nwest,joined,{ON},1\n", indicators=indicators).load(figures)
    flag = made.flag("spike")
    assert flag.inputs["denominators"][-60] == 150
    assert flag.inputs["numerators"][-60] in {88 + 45, 92 + 45}


@pytest.mark.parametrize("more", ["sum,none", "last,none", "mean,mean"])
def test_figures_that_do_not_add_up_are_not_inherited(tmp_path: Path, more: str) -> None:
    indicators = f"indicator,better,unit_of_measure,aggregate,roll_up\nburglary,lower,count,{more}\n"
    made = force(tmp_path, f"east,joined,{ON},1\nwest,joined,{ON},1\n", indicators=indicators)
    made.load({("east", "burglary"): until(EAST), ("west", "burglary"): until(WEST), ("joined", "burglary"): since()})
    panel = made.judged().histories["weekly"].panel
    assert panel.inherited == {}
    assert panel.amount[0, -12] != panel.amount[0, -12]  # NaN


def test_a_succession_in_the_future_changes_nothing_yet(tmp_path: Path) -> None:
    made = force(tmp_path, "east,joined,2026-11-16,1\n", "unit,level\neast,district\njoined,district\n")
    made.load({("east", "burglary"): EAST, ("joined", "burglary"): history(STEADY, 30.0)})
    assert made.flag("spike").inputs["week"]["baseline_events"] == 520


def test_a_succession_of_a_unit_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r'successions\.csv:2.*"eats" is not in units\.csv'):
        _ = force(tmp_path, f"eats,joined,{ON},1\n").workspace


COMMANDERS = """unit,level,commander,valid_from,valid_to
north,district,alba,,2025-12-31
north,district,blake,2026-01-01,2026-06-30
north,district,blake,2026-07-01,
south,district,,,
"""
PEOPLE = "person,name,role,unit\nalba,Alba Reyes,commander,north\nblake,Blake Moss,commander,north\n"


def test_a_new_commander_inherits_the_baseline_and_the_tenure_is_known(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    made = Force(tmp_path, units=COMMANDERS, rules=only("spike"))
    made.load({("north", "burglary"): history(STEADY, 30.0)})
    assert made.flag("spike").inputs["week"]["baseline_events"] == 520
    assert "inherited" not in made.flag("spike").inputs
    workspace = made.workspace
    assert workspace.commander_since("north", W46) == date(2026, 1, 1)  # both of blake's rows
    assert workspace.commander_since("north", date(2025, 6, 1)) is None  # nobody knows since when
    assert workspace.commander_since("south", W46) is None


def test_show_unit_prints_the_commander_and_since_when(tmp_path: Path) -> None:
    made = Force(tmp_path, units=COMMANDERS)
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    root = made.workspace.root
    lines = [f"north,burglary,{date.fromordinal(W46.toordinal() - 7 * back)},10" for back in range(8)]
    (root / "returns.csv").write_text("\n".join(["unit,indicator,week_start,value", *lines]), "utf-8")
    _compstat(root, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00")
    page = json.loads(_compstat(root, "show", "unit", "north", "--week", "2026-W46", "--json"))
    assert (page["commander"], page["commander_since"]) == ("blake", "2026-01-01")


def _compstat(root: Path, *words: str) -> str:
    run = [sys.executable, "-m", "compstat.cli.main", *words]
    return subprocess.run(run, cwd=root, capture_output=True, text=True, check=True).stdout
