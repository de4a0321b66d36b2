"""The sample force tells its stories, and no others: every figure is judged here from the CSV files alone.

The arithmetic is written out again with numpy and scipy.stats: it owes nothing to compstat.statistics.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from compstat.workspace.workspace import Workspace, load_workspace

FORCE = Path(__file__).parent.parent / "sample_data" / "police"
W46 = date(2026, 11, 9)
COUNTS = (
    "burglary",
    "robbery",
    "theft_from_person",
    "vehicle_crime",
    "violence_with_injury",
    "sexual_offences",
    "arson",
    "shoplifting",
    "criminal_damage",
    "lost_property",
    "complaints",
)
MEASUREMENTS = ("overtime", "fleet_cost")
SHARES = ("detections", "response_15min", "absence")
Cell = tuple[str, str]
Series = NDArray[np.float64]


def rows_of(name: str) -> list[dict[str, str]]:
    with (FORCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def force() -> Workspace:
    return load_workspace(FORCE)


@cache
def precincts() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.unit for row in force().units if row.level == "precinct"))


@cache
def held() -> dict[tuple[str, str, date], tuple[float, float]]:
    """What is known after the last load: (value, 1), or (numerator, denominator) of a share."""
    known: dict[tuple[str, str, date], tuple[float, float]] = {}
    for load in rows_of("loads.csv"):
        for row in rows_of(load["file"]):
            start = date.fromisoformat(row["week_ending"]) - timedelta(days=6)
            if "indicator" in row:
                key = (row["unit"], row["indicator"], start)
                known[key] = (float(row["numerator"]), float(row["denominator"]))
                continue
            for indicator in set(row) - {"unit", "week_ending"}:
                known[row["unit"], indicator, start] = (float(row[indicator]), 1.0)
    return known


def week(number: int) -> date:
    """The Monday of a week of 2026."""
    return W46 + timedelta(weeks=number - 46)


def series(unit: str, indicator: str, last: date = W46, weeks: int = 130) -> Series:
    """Figures a week, oldest first; a share in per cent, a missing return as NaN."""
    starts = [last - timedelta(weeks=n) for n in reversed(range(weeks))]
    pairs = [held().get((unit, indicator, start), (np.nan, 1.0)) for start in starts]
    scale = 100.0 if indicator in SHARES else 1.0
    return np.array([scale * x / n for x, n in pairs])


@cache
def dispersions(indicator: str, last: date, length: int) -> dict[str, float]:
    """Variance over mean of each precinct's window sums in its baseline, shrunk towards 1 + alpha x mean."""
    blocks = {}
    for unit in precincts():
        before = series(unit, indicator, last - timedelta(weeks=length), 52)
        blocks[unit] = before.reshape(-1, length).sum(axis=1)
    means = np.array([block.mean() for block in blocks.values()])
    variances = np.array([block.var(ddof=1) for block in blocks.values()])
    alpha = max(0.0, (variances - means).sum() / (means**2).sum())
    own_weight, shrink_weight = (51, 100) if length == 1 else (12, 50)
    return {
        unit: max(
            1.0,
            (own_weight * max(1.0, variance / mean) + shrink_weight * (1 + alpha * mean))
            / (own_weight + shrink_weight),
        )
        for unit, mean, variance in zip(blocks, means, variances, strict=True)
    }


def predictive(unit: str, indicator: str, last: date = W46, length: int = 4) -> tuple[float, float, float]:
    """P(so many or more), P(so few or fewer), expected: negative binomial round the 52 weeks before."""
    baseline = series(unit, indicator, last - timedelta(weeks=length), 52)
    count = series(unit, indicator, last, length).sum()
    expected = (baseline.sum() + 0.5) * length / 52
    factor = dispersions(indicator, last, length)[unit] * (1 + length / 52)
    chance = stats.nbinom(expected / (factor - 1), 1 / factor)
    return float(chance.sf(count - 1)), float(chance.cdf(count)), expected


def year_on_year(unit: str, indicator: str, last: date = W46) -> float:
    """Two-sided p of four weeks against the same four a year ago: quasi-z with continuity."""
    now = series(unit, indicator, last, 4).sum()
    before = series(unit, indicator, last - timedelta(days=364), 4).sum()
    phi = dispersions(indicator, last, 1)[unit]
    z = max(0.0, abs(now - before) / 2 - 0.5) / np.sqrt(phi * max(now + before, 1) / 4)
    return float(2 * stats.norm.sf(z))


def limits(values: Series) -> tuple[float, float]:
    """XmR: mean -/+ 2.66 x mean moving range (Wheeler 1993), no screening."""
    present = values[~np.isnan(values)]
    reach = 2.66 * np.nanmean(np.abs(np.diff(values)))
    return float(present.mean() - reach), float(present.mean() + reach)


def stories(family: str) -> list[tuple[str, str, date]]:
    return [
        (row["unit"], row["indicator"], week(int(row["week"][-2:])))
        for row in rows_of("stories.csv")
        if row["family"] == family
    ]


def story_cells() -> set[Cell]:
    """Every cell a story touches; a leak touches the indicator it leaks into as well."""
    return {(row["unit"], row["indicator"]) for row in rows_of("stories.csv")} | {("castle_hill", "lost_property")}


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", FORCE.parent / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


# The files


def test_the_committed_files_are_what_the_generator_writes() -> None:
    written = generator().files()
    on_disk = {
        path.relative_to(FORCE).as_posix()
        for path in (*FORCE.glob("returns/*"), FORCE / "loads.csv", FORCE / "stories.csv")
    }
    assert set(written) == on_disk
    assert [name for name, text in written.items() if (FORCE / name).read_text("utf-8") != text] == []


def test_the_whole_force_stays_small() -> None:
    assert sum(path.stat().st_size for path in FORCE.rglob("*") if path.is_file()) < 1_500_000


def test_twelve_precincts_in_three_areas_return_every_indicator_for_130_weeks_but_once() -> None:
    parents = {row.parent for row in force().units if row.level == "precinct"}
    assert len(precincts()) == 12
    assert parents == {"coast", "city", "valley"}
    assert len(force().indicators) == 16
    expected = {
        (unit, row.indicator, W46 - timedelta(weeks=n))
        for unit in precincts()
        for row in force().indicators
        for n in range(130)
    }
    assert expected - set(held()) == {("brackendale", "absence", W46)}
    assert set(held()) - expected == set()


def test_weeks_end_on_sunday_and_are_loaded_the_monday_after() -> None:
    for load in rows_of("loads.csv"):
        moment = datetime.fromisoformat(load["recorded_at"])
        ends = {date.fromisoformat(row["week_ending"]) for row in rows_of(load["file"])}
        assert {end.weekday() for end in ends} == {6}
        assert moment.weekday() == 0
        assert max(ends) < moment.date()
        if "restated" not in load["file"]:
            assert moment.date() - max(ends) == timedelta(days=1)


def test_loads_are_in_the_order_of_their_moments_and_every_file_is_loaded_once() -> None:
    loads = rows_of("loads.csv")
    assert [row["recorded_at"] for row in loads] == sorted(row["recorded_at"] for row in loads)
    assert sorted(row["file"] for row in loads) == sorted(
        path.relative_to(FORCE).as_posix() for path in (FORCE / "returns").iterdir()
    )


def test_a_share_is_its_numerator_over_its_denominator() -> None:
    for name in ("returns/history-shares.csv", "returns/2026-W46-shares.csv"):
        for row in rows_of(name):
            x, n = int(row["numerator"]), int(row["denominator"])
            assert 0 <= x <= n
            assert float(row["value"]) == pytest.approx(100 * x / n, abs=5.1e-5)


def test_volumes_are_those_of_a_city() -> None:
    means = [series(unit, name).mean() for unit in precincts() for name in COUNTS]
    assert 0.3 < min(means) < 1
    assert 45 < max(means) < 75


def test_counts_vary_as_published_precinct_counts_do() -> None:
    """Variance 1 + 0.03 mean: the quiet cells, pooled, give back alpha within what 12 precincts can tell."""
    quiet = [series(unit, name) for unit in precincts() for name in COUNTS if (unit, name) not in story_cells()]
    means = np.array([values.mean() for values in quiet])
    variances = np.array([values.var(ddof=1) for values in quiet])
    assert (variances - means).sum() / (means**2).sum() == pytest.approx(0.03, abs=0.006)


# The stories


@pytest.mark.parametrize(("unit", "indicator", "when"), stories("spike"))
def test_a_spike_story_is_far_outside_chance(unit: str, indicator: str, when: date) -> None:
    up = min(predictive(unit, indicator, when, length)[0] for length in (1, 4))
    now = series(unit, indicator, when, 4).sum()
    assert up < 0.001
    assert now >= 1.2 * predictive(unit, indicator, when)[2]


def test_the_step_starts_in_w43_and_the_weeks_before_show_nothing() -> None:
    assert min(predictive("harbour", "burglary", week(42), n)[0] for n in (1, 4)) > 0.01
    assert predictive("harbour", "burglary", week(46), 4)[0] < 1e-4


@pytest.mark.parametrize(("unit", "indicator", "when"), stories("year_on_year"))
def test_a_year_on_year_story_is_outside_chance(unit: str, indicator: str, when: date) -> None:
    assert year_on_year(unit, indicator, when) < 0.005


def test_the_spike_went_back_by_itself() -> None:
    after = series("ashworth", "criminal_damage", week(46), 6)
    before = series("ashworth", "criminal_damage", week(39), 52).mean()
    assert after.mean() == pytest.approx(before, rel=0.2)
    assert min(predictive("ashworth", "criminal_damage", W46, n)[0] for n in (1, 4)) > 0.05


def test_the_drift_is_seen_by_adding_up_and_not_by_one_window() -> None:
    """Poisson CUSUM tuned to half as much again: k = 1.233 x mean, h = 10, on (x - k) / phi."""
    values = series("brackendale", "vehicle_crime")
    mean = values[-30 - 52 : -30].mean()
    phi = 1 + 0.03 * mean
    total = 0.0
    for value in values[-30:]:
        total = max(0.0, total + (value - 1.233 * mean) / phi)
    up1, up4 = (predictive("brackendale", "vehicle_crime", W46, n)[0] for n in (1, 4))
    assert total > 10
    assert 2 * min(up1, up4) > 0.012


def test_the_coasting_unit_slips_year_by_year_and_still_meets_its_target() -> None:
    years = [series("kingsmead", "response_15min", W46 - timedelta(weeks=n), 26).mean() for n in (104, 52, 0)]
    assert years[0] > years[1] > years[2] > 91
    assert years[0] - years[2] > 2
    assert series("kingsmead", "response_15min", W46, 1)[0] >= 90


def test_the_improving_unit_is_still_lowest_and_has_gained_most() -> None:
    now = {unit: series(unit, "detections", W46, 26).mean() for unit in precincts()}
    gain = {unit: now[unit] - series(unit, "detections", week(-58), 26).mean() for unit in precincts()}
    assert min(now, key=now.__getitem__) == "thornley"
    assert max(gain, key=gain.__getitem__) == "thornley"
    assert gain["thornley"] > 5


def test_the_floor_is_broken_in_three_weeks_running_and_by_one_precinct_only() -> None:
    last_four = series("millfield", "response_15min", W46, 4)
    assert last_four[0] >= 85
    assert (last_four[1:] < 85).all()
    others = [series(unit, "response_15min", W46, 4) for unit in precincts() if unit != "millfield"]
    assert min(values.min() for values in others) >= 85


def test_the_target_is_missed_by_one_precinct_in_most_weeks_of_a_year() -> None:
    over = {unit: int((series(unit, "absence", W46, 12) > 6).sum()) for unit in precincts()}
    assert over.pop("minster") == 12
    assert max(over.values()) < 6
    under = {unit: int((series(unit, "response_15min", W46, 12) < 90).sum()) for unit in precincts()}
    assert max(count for unit, count in under.items() if unit != "millfield") < 6
    assert under["millfield"] < 8


def test_the_restated_month_is_one_precincts_august_with_six_more() -> None:
    before = {
        date.fromisoformat(row["week_ending"]): int(row["burglary"])
        for row in rows_of("returns/history-counts.csv")
        if row["unit"] == "southbank"
    }
    again = {
        date.fromisoformat(row["week_ending"]): int(row["burglary"]) for row in rows_of("returns/restated-2026-08.csv")
    }
    assert {row["unit"] for row in rows_of("returns/restated-2026-08.csv")} == {"southbank"}
    assert {end.strftime("%Y-%m") for end in again} == {"2026-08"}
    assert [again[end] - before[end] for end in sorted(again)] == [2, 1, 2, 1]


def test_the_excellent_unit_is_far_below_chance() -> None:
    down = predictive("northgate", "vehicle_crime", W46, 4)[1]
    assert down < 0.001
    assert series("northgate", "vehicle_crime", W46, 4).sum() < 0.6 * predictive("northgate", "vehicle_crime")[2]


def test_the_leak_shows_in_the_pair_and_in_neither_half() -> None:
    def totals(last: date, weeks: int) -> tuple[float, float]:
        theft, lost = (
            series("castle_hill", name, last, weeks).sum() for name in ("theft_from_person", "lost_property")
        )
        return float(theft), float(lost)

    (theft, lost), (theft_before, lost_before) = totals(W46, 8), totals(week(38), 52)
    shift = np.log(lost / theft) - np.log(lost_before / theft_before)
    error = np.sqrt(1.45 * (1 / theft + 1 / lost + 1 / theft_before + 1 / lost_before))
    assert shift / error > 3
    for name in ("theft_from_person", "lost_property"):
        assert 2 * min(min(predictive("castle_hill", name, W46, n)[:2]) for n in (1, 4)) > 0.012


def test_overtime_is_beyond_its_limits_in_one_precinct_only() -> None:
    outside = set()
    for name in (*MEASUREMENTS, *SHARES):
        for unit in precincts():
            values = series(unit, name, W46, 83 if (unit, name) == ("thornley", "fleet_cost") else 104)
            low, high = limits(values)
            if values[-1] < low or values[-1] > high:
                outside.add((unit, name))
    assert ("seamoor", "overtime") in outside
    assert outside <= {("seamoor", "overtime"), ("millfield", "response_15min")}


# Nothing else


def test_no_other_count_of_the_week_is_outside_chance() -> None:
    odd = {
        (unit, name): smallest
        for unit in precincts()
        for name in COUNTS
        if (unit, name) not in story_cells()
        and (smallest := min(p for n in (1, 4) for p in predictive(unit, name, W46, n)[:2])) < 0.002
    }
    assert odd == {}


def test_no_other_count_of_the_week_would_make_the_watch_list() -> None:
    """p of a cell: twice the smaller of its two windows. 0.01 is watch_p; a year ago says the same."""
    odd = {
        (unit, name): (2 * smallest, year_on_year(unit, name))
        for unit in precincts()
        for name in COUNTS
        if (unit, name) not in story_cells()
        and predictive(unit, name)[2] >= 5
        and (
            2 * (smallest := min(p for n in (1, 4) for p in predictive(unit, name, W46, n)[:2])) < 0.01
            or year_on_year(unit, name) < 0.01
        )
    }
    assert odd == {}


# The tables beside the returns


def test_a_new_commander_came_in_the_middle_of_2025() -> None:
    assert force().unit("harbour", date(2025, 6, 29)).commander == "g.haddon"
    assert force().unit("harbour", date(2025, 6, 30)).commander == "t.marlowe"


def test_every_precinct_has_a_commander_and_every_indicator_an_owner() -> None:
    roles = {row.person: row.role.value for row in force().people}
    assert all(row.commander for row in force().units if row.level != "area")
    assert all(
        roles[row.commander or ""] == "commander"
        for row in force().units
        if row.valid_to is None and row.level == "precinct"
    )
    assert all(row.owner in roles for row in force().indicators)


def test_specialist_units_return_nothing() -> None:
    specialists = {row.unit for row in force().units if row.level == "specialist"}
    assert len(specialists) >= 3
    assert specialists & {unit for unit, _, _ in held()} == set()


def test_every_story_names_a_unit_an_indicator_and_a_known_outcome() -> None:
    for row in rows_of("stories.csv"):
        force().unit(row["unit"])
        force().indicator(row["indicator"])
        assert row["outcome"] in {"concern", "watch", "commend", "data"}
    assert {row["family"] for row in rows_of("stories.csv")} >= {rule.family for rule in force().rules.rule}


def test_open_actions_hold_the_cases_a_meeting_must_handle() -> None:
    actions = rows_of("actions.csv")
    meeting = date(2026, 11, 19)
    carried = {row["action"]: int(row["times_carried"]) for row in actions}
    assert 3 in carried.values()
    assert any(row["state"] == "claimed" for row in actions)
    assert any(row["review_week"] == "2026-W46" for row in actions)
    assert any(not row["indicator"] and row["reason"] for row in actions)
    assert any(date.fromisoformat(row["due"]) < meeting and row["state"] == "open" for row in actions)
    people = {row.person for row in force().people}
    for row in actions:
        raised = datetime.fromisoformat(row["raised_at"])
        force().unit(row["unit"])
        assert row["owner"] in people
        assert raised.date() == week(int(row["raised_week"][-2:])) + timedelta(days=10)  # that week's meeting
        assert carried[row["action"]] == 45 - int(row["raised_week"][-2:])  # at every meeting since
        assert bool(row["indicator"]) != bool(row["reason"])
        assert row["due"] >= row["original_due"] > row["raised_at"][:10]
        if row["indicator"]:
            force().indicator(row["indicator"])


def test_the_agenda_leaves_time_to_challenge() -> None:
    agenda = force().agenda.agenda[0]
    assert force().cycle("weekly").minutes - sum(part.minutes for part in agenda.part) == 50
    assert len(agenda.seat) >= 8
