"""`peer`: a unit beside units like it, the spread between them allowed for."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_example import Figure, Force, only
from scipy import stats

RESPONSE = "indicator,better,unit_of_measure\nresponse,higher,percent\n"
UNITS = "unit,level,family,population\n" + "".join(f"u{n},district,,{1000 * (n + 1)}\n" for n in range(7))


def shares(*percent: float, weeks: int = 30) -> dict[tuple[str, str], list[Figure]]:
    """Each unit's share of 250 calls a week, the same every week."""
    return {(f"u{n}", "response"): [(2.5 * one, 250.0)] * weeks for n, one in enumerate(percent)}


def force(root: Path, percent: tuple[float, ...], indicators: str = RESPONSE, **settings: object) -> Force:
    made = Force(root, indicators=indicators, units=UNITS, rules=only("peer", **settings))
    return made.load(shares(*percent))


def test_one_far_below_its_peers_is_on_watch(tmp_path: Path) -> None:
    flag = force(tmp_path, (90, 90, 90, 90, 90, 90, 60)).flag("peer")
    assert (flag.unit, flag.outcome, flag.severity, flag.value) == ("u6", "watch", 1, 60)
    assert flag.comparator == pytest.approx(100 * (6 * 90 + 60) / 700)
    assert (flag.inputs["peers"], flag.inputs["peer_group"], flag.inputs["kind"]) == (7, "district", "share")
    assert flag.lower_limit is not None and flag.value < flag.lower_limit
    assert "where the 7 units of its kind lead us to expect 85.7%" in flag.sentence


def test_where_peers_differ_anyway_the_same_distance_is_none(tmp_path: Path) -> None:
    """The spread between peers is allowed for: a league table would call the last one worst."""
    made = force(tmp_path, (95, 90, 85, 80, 75, 70, 60))
    assert made.flags("peer") == []
    assert {cell["inputs"]["between_variance"] > 0 for cell in made.cells()} == {True}


def test_better_than_its_peers_is_no_flag(tmp_path: Path) -> None:
    assert force(tmp_path, (60, 60, 60, 60, 60, 60, 90)).flags("peer") == []


def test_a_gap_below_the_threshold_is_not_listed(tmp_path: Path) -> None:
    """60 where 85.7 is usual is 257 of 1,000 calls: the gap is in calls."""
    assert force(tmp_path / "a", (90, 90, 90, 90, 90, 90, 60), minimum_gap=257).flags("peer")
    assert not force(tmp_path / "b", (90, 90, 90, 90, 90, 90, 60), minimum_gap=258).flags("peer")


@pytest.mark.parametrize("units", [1, 4])
def test_fewer_than_five_are_no_peers(tmp_path: Path, units: int) -> None:
    made = force(tmp_path, (90, 90, 90, 60)[-units:])
    assert made.cells() == []
    assert set(made.untested("peer").values()) == {
        "no return in the window, no population in units.csv, or fewer than 5 peers"
    }


def test_a_missing_week_takes_a_unit_out_and_not_its_peers(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators=RESPONSE, units=UNITS, rules=only("peer"))
    returns = shares(90, 90, 90, 90, 90, 90, 60)
    returns["u0", "response"][-1] = None
    made.load(returns)
    assert made.flag("peer").inputs["peers"] == 6
    assert ("u0", "response") in made.untested("peer")


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_units_that_are_all_alike_have_no_outlier(tmp_path: Path, percent: int) -> None:
    made = force(tmp_path, (percent,) * 7)
    assert made.flags("peer") == []
    assert [cell["p_value"] for cell in made.cells()] == [0.5] * 7


def test_a_neutral_indicator_and_a_measurement_are_not_compared(tmp_path: Path) -> None:
    made = force(tmp_path / "a", (90,) * 7, RESPONSE.replace("higher", "neutral"))
    assert set(made.untested("peer").values()) == {"neither more nor less is better"}
    days = Force(tmp_path / "b", indicators="indicator,better,unit_of_measure\nwait,lower,days\n", units=UNITS)
    days.load({(f"u{n}", "wait"): [float(n)] * 30 for n in range(7)})
    assert set(days.untested("peer").values()) == {"measurements have no size to compare by"}


def test_counts_go_by_population_and_without_one_are_not_compared(tmp_path: Path) -> None:
    """Seven units with one event per hundred people in four weeks, the smallest with six times as many."""
    counts = {(f"u{n}", "burglary"): [2.5 * (n + 1) * (6 if n == 0 else 1)] * 30 for n in range(7)}
    made = Force(tmp_path / "a", units=UNITS, rules=only("peer")).load(counts)
    flag = made.flag("peer")
    assert (flag.unit, flag.value, flag.inputs["size"], flag.inputs["kind"]) == ("u0", 60, 1000, "rate")
    bare = Force(tmp_path / "b", units="unit\n" + "".join(f"u{n}\n" for n in range(7)), rules=only("peer")).load(counts)
    assert len(bare.untested("peer")) == 7


def test_a_ratio_above_one_is_a_rate_and_no_share(tmp_path: Path) -> None:
    """Complaints per officer: 3 of 1, on the square-root scale; arcsine of 3 is no number."""
    indicators = "indicator,better,unit_of_measure,per\ncomplaints,lower,rate,1\n"
    made = Force(tmp_path, indicators=indicators, units=UNITS, rules=only("peer"))
    made.load({(f"u{n}", "complaints"): [(50.0 * (3 if n == 6 else 1), 50.0)] * 30 for n in range(7)})
    flag = made.flag("peer")
    assert (flag.unit, flag.value, flag.inputs["kind"]) == ("u6", 3, "rate")
    z = (3**0.5 - flag.inputs["pooled_rate"] ** 0.5) / (1 / 800 + flag.inputs["between_variance"]) ** 0.5
    assert flag.p_value == pytest.approx(stats.norm.sf(z))


def test_a_family_large_enough_is_the_peer_group_else_the_level(tmp_path: Path) -> None:
    family = "unit,level,family\n" + "".join(f"u{n},district,{'city' if n < 5 else 'rural'}\n" for n in range(7))
    made = Force(tmp_path, indicators=RESPONSE, units=family, rules=only("peer"))
    made.load(shares(90, 90, 90, 90, 60, 90, 90))
    groups = {cell["unit"]: (cell["inputs"]["peer_group"], cell["inputs"]["peers"]) for cell in made.cells()}
    assert groups["u0"] == ("city", 5) and groups["u6"] == ("district", 7)
