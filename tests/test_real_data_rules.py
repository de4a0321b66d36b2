"""The rules on real public returns: Chicago assaults, St Louis crime, Scottish emergency departments.

The returns lie beside the project where it was written; elsewhere these tests skip.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from recomputed_example import check
from rules_example import new_store

from compstat.load.batch import Loaded, Loading
from compstat.load.load import load_files
from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.flag import Flag
from compstat.rules.tested_cells import cell_rows
from compstat.rules.weeks import WeekFlags, flags_of_week
from compstat.store import Store
from compstat.workspace.workspace import Workspace, load_workspace

RETURNS = Path(__file__).parent.parent.parent / "shared" / "data"
MOMENT = datetime(2026, 11, 16, 18)
COUNTS = "indicator,better,unit_of_measure\n"
CHICAGO = COUNTS + "".join(f"aggravated_assault{part},lower,count\n" for part in ("", "_residence", "_street"))
CRIMES = ("homicide", "rape", "robbery", "aggravated_assault", "burglary", "larceny", "motor_vehicle_theft", "arson")
ST_LOUIS = COUNTS + "".join(f"{crime},lower,count\n" for crime in CRIMES)
SCOTLAND = COUNTS + (
    "attendances,neutral,count\nover_12h,lower,count\npct_within_4h,higher,percent\n"
    "pct_over_8h,lower,percent\npct_over_12h,lower,percent\n"
)


@dataclass
class Real:
    """A real set in a store in memory, judged in its last full week."""

    workspace: Workspace
    store: Store
    loaded: Loaded
    week: date
    evaluation: Evaluation

    @property
    def flags(self) -> list[Flag]:
        return [one.flag for one in self.evaluation.raised]

    @property
    def cells(self) -> list[dict[str, Any]]:
        """What `flags --all-cells --json` prints, read back; no figure in it may be NaN."""
        rows: list[dict[str, Any]] = json.loads(json.dumps(cell_rows(self.evaluation.decisions), allow_nan=False))
        return rows


def real(root: Path, folder: str, indicators: str, week: date, targets: str = "", set_aside: bool = False) -> Real:
    """The set as a workspace of its own, by the documented steps; a level by what a unit's name begins with."""
    returns = RETURNS / folder / "observations.csv.gz"
    if not returns.exists():
        pytest.skip(f"real returns are not here: {returns}")
    with gzip.open(returns, "rt", encoding="utf-8", newline="") as file:
        units = sorted({row["unit"] for row in csv.DictReader(file)})
    levels = {unit: "district" if unit.startswith("District") else "other" for unit in units}
    (root / "compstat.toml").write_text('[[cycle]]\ncycle = "main"\n', "utf-8")
    (root / "units.csv").write_text("unit,level\n" + "".join(f'"{unit}",{levels[unit]}\n' for unit in units), "utf-8")
    (root / "indicators.csv").write_text(indicators, "utf-8")
    (root / "targets.csv").write_text("indicator,unit,kind,value\n" + targets, "utf-8")
    workspace = load_workspace(root)
    store = Store(new_store())
    (loaded,) = load_files(store, workspace, [returns], Loading(MOMENT, "test", set_aside=set_aside))
    return Real(workspace, store, loaded, week, evaluate(store, workspace, workspace.cycle(), week, MOMENT))


@pytest.fixture(scope="module")
def chicago(tmp_path_factory: pytest.TempPathFactory) -> Real:
    return real(tmp_path_factory.mktemp("chicago"), "chicago_aggravated_assaults", CHICAGO, date(2019, 12, 23))


@pytest.fixture(scope="module")
def st_louis(tmp_path_factory: pytest.TempPathFactory) -> Real:
    return real(tmp_path_factory.mktemp("stlouis"), "stl_crime", ST_LOUIS, date(2018, 11, 26))


@pytest.fixture(scope="module")
def scotland(tmp_path_factory: pytest.TempPathFactory) -> Real:
    target, week = "pct_within_4h,*,target,95\n", date(2023, 10, 2)
    root = tmp_path_factory.mktemp("scotland")
    return real(root, "nhs_scotland_ae_weekly", SCOTLAND, week, target, set_aside=True)


def sane(found: Real) -> None:
    """What holds of any week of any set."""
    for flag in found.flags:
        numbers = [value for value in vars_of(flag) if isinstance(value, float)]
        assert all(math.isfinite(number) for number in numbers), flag
        assert flag.p_value is None or 0 <= flag.p_value <= 0.05
    assert 0 < found.evaluation.decisions.expected_by_chance < 3
    # a concern is never raised in more than a third of the cells of a quiet week
    concerns = {
        (flag.unit, flag.indicator) for flag in found.flags if flag.outcome == "concern" and flag.family != "target"
    }
    assert len(concerns) <= len(found.evaluation.scope.cells) / 3


def vars_of(flag: Flag) -> list[object]:
    return [getattr(flag, name) for name in flag.__dataclass_fields__]


# Chicago: 22 districts, three counts, ten years


def test_chicago_is_judged(chicago: Real) -> None:
    assert (chicago.loaded.added, chicago.loaded.set_aside) == (22 * 3 * 521, 0)
    assert len(chicago.evaluation.scope.cells) == 66
    assert chicago.evaluation.decisions.tests > 100
    sane(chicago)


def test_chicago_recomputed(chicago: Real) -> None:
    check(chicago.cells)


def test_chicago_over_a_quarter_flags_few_cells(chicago: Real) -> None:
    """Thirteen weeks of 66 cells: some real news, never a third of the city; the rate at 1% is near 1%."""
    p = []
    for back in range(13):
        week = date.fromordinal(chicago.week.toordinal() - 7 * back)
        found = evaluate(chicago.store, chicago.workspace, chicago.workspace.cycle(), week, MOMENT, {"spike"})
        p += [p for one in found.decisions.decided for p in one.judgement.p.tolist()]
    assert len(p) > 600
    assert sum(one <= 0.01 for one in p) / len(p) < 0.03


# St Louis: 6 districts and 79 neighbourhoods, eight offences, most of them rare


def test_st_louis_is_judged(st_louis: Real) -> None:
    assert st_louis.loaded.added == 85 * 8 * 156
    assert set(st_louis.evaluation.scope.levels.values()) == {"district", "other"}
    sane(st_louis)


def test_st_louis_recomputed(st_louis: Real) -> None:
    check(st_louis.cells)


def test_most_neighbourhood_offences_are_too_rare_to_test_and_it_is_said(st_louis: Real) -> None:
    (spike,) = [
        one.judgement
        for one in st_louis.evaluation.decisions.decided
        if one.judgement.rule.family == "spike" and one.judgement.untested
    ]
    reasons = Counter(reason.split(" events")[0] for reason in spike.untested.values())
    assert reasons["expects fewer than 5"] > 300
    assert len(spike.row) + len(spike.untested) == 85 * 8


def test_levels_do_not_share_a_dispersion(st_louis: Real) -> None:
    """A district's larceny and a neighbourhood's are different groups."""
    panel = st_louis.evaluation.histories["weekly"].panel
    groups: dict[int, set[str]] = {}
    for place, group in enumerate(panel.group.tolist()):
        groups.setdefault(group, set()).add(st_louis.evaluation.scope.levels[panel.units[place]])
    assert all(len(levels) == 1 for levels in groups.values())
    assert len(groups) == 16


# Scotland: 32 departments, shares with a target of 95%


def test_scotland_is_judged(scotland: Real) -> None:
    assert 8 <= scotland.loaded.set_aside <= 10, "one department-week is given twice, in five indicators"
    sane(scotland)


def test_scotland_recomputed(scotland: Real) -> None:
    check(scotland.cells)


def test_attendances_are_no_count_of_events_to_be_flagged(scotland: Real) -> None:
    flagged = {flag.indicator for flag in scotland.flags if flag.family in {"spike", "commend", "year_on_year"}}
    assert "attendances" not in flagged
    assert "attendances" not in {cell["indicator"] for cell in scotland.cells}


def test_most_departments_miss_the_target_and_few_changed_suddenly(scotland: Real) -> None:
    families = Counter(flag.family for flag in scotland.flags if flag.indicator == "pct_within_4h")
    assert families["target"] >= 15
    assert families["spike"] <= 3


def test_a_department_that_was_closed_is_not_looked_at(scotland: Real) -> None:
    """Two of the 32 close or open on the way; one silent for two years is no cell of this week."""
    panel = scotland.evaluation.histories["weekly"].panel
    assert 28 <= len(set(panel.units)) <= 31


def test_the_seats_hold_however_many_are_raised(scotland: Real) -> None:
    week: WeekFlags = flags_of_week(scotland.store, scotland.workspace, scotland.workspace.cycle(), scotland.week)
    shown = Counter(flag.unit for flag in week.shown if flag.outcome in {"concern", "data"})
    assert sum(shown.values()) <= scotland.workspace.cycle().items_per_meeting
    assert max(shown.values()) <= scotland.workspace.cycle().items_per_unit
    assert all(flag.held_back for flag in week.flags if not flag.shown)
