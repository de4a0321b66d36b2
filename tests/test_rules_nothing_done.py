"""If nothing is done: the band on a flag, recomputed from its receipt; what it was learnt from, and where not yet."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from rules_example import SHARES, STEADY, W46, Figure, Force, history, only
from scipy import stats

from compstat.rules.flag import Flag
from compstat.statistics.arrays import FloatArray

UNITS = [f"u{n:02d}" for n in range(20)]
TABLE = "unit,level\n" + "".join(f"{unit},district\n" for unit in UNITS)


def moving_counts(seed: int, weeks: int = 220) -> FloatArray:
    """Twenty units whose levels move up or down by half now and then, and stay there."""
    rng = np.random.default_rng(seed)
    steps = np.where(rng.random((len(UNITS), weeks)) < 0.02, rng.choice([1.6, 1 / 1.6], (len(UNITS), weeks)), 1.0)
    return rng.poisson(np.clip(20 * np.cumprod(steps, axis=1), 4, 90)).astype(float)


def force(root: Path, counts: FloatArray, *newest: Figure, last: date = W46) -> Force:
    series = {(unit, "burglary"): list(row) for unit, row in zip(UNITS, counts.tolist(), strict=True)}
    series["u00", "burglary"] = history(series["u00", "burglary"], *newest)
    return Force(root, units=TABLE, rules=only("spike")).load(series, last=last)


def flag_of(made: Force, unit: str = "u00") -> Flag:
    (flag,) = [one for one in made.flags("spike") if one.unit == unit]
    return flag


def by_hand(flag: Flag) -> tuple[float, float]:
    """The learnt band from the receipt alone (docs/method.md, If nothing is done)."""
    rests = flag.inputs["if_nothing_is_done"]
    window = flag.inputs[rests["window"]]
    middle = window["expected"] + rests["persistence"] * (window["count"] - window["expected"])
    spread = math.sqrt(window["dispersion"] * middle)
    low = math.floor(max(0.0, middle + rests["low_residual"] * spread))
    return low, math.ceil(middle + rests["high_residual"] * spread)


def test_a_learnt_band_is_recomputed_from_its_receipt(tmp_path: Path) -> None:
    flag = flag_of(force(tmp_path, moving_counts(3), 80, 80, 80, 80))
    rests = flag.inputs["if_nothing_is_done"]
    assert (rests["window"], rests["basis"], rests["pool"]) == ("four_weeks", "learnt", "this indicator and level")
    assert rests["earlier_flags"] >= 60
    assert 0.2 < rests["persistence"] <= 1, "levels that stay teach that they stay"
    assert (flag.expected_low, flag.expected_high) == by_hand(flag)
    assert flag.value is not None and flag.comparator is not None
    assert flag.comparator < (flag.expected_low + flag.expected_high) / 2 < flag.value  # type: ignore[operator]


def test_the_week_that_leads_gets_the_band_of_one_week(tmp_path: Path) -> None:
    flag = flag_of(force(tmp_path, moving_counts(3), 10, 10, 10, 90))
    assert flag.inputs["if_nothing_is_done"]["window"] == "week" == flag.inputs["leading_window"]
    assert (flag.expected_low, flag.expected_high) == by_hand(flag)


def test_too_few_earlier_flags_give_the_fallback_and_say_so(tmp_path: Path) -> None:
    """One steady unit teaches nothing: 5% of the old level, and 95% of it moved by three tenths of the gap."""
    (flag,) = (
        Force(tmp_path, rules=only("spike"))
        .load({("north", "burglary"): history(STEADY, 16, 16, 16, 16)})
        .flags("spike")
    )
    assert flag.inputs["if_nothing_is_done"] == {"window": "four_weeks", "basis": "not yet learnt here"}
    window = flag.inputs["four_weeks"]
    extra = window["variance_factor"] - 1
    low, high = (
        stats.nbinom(mean / extra, 1 / (1 + extra)).ppf(share)
        for mean, share in ((window["expected"], 0.05), (window["expected"] + 0.3 * (64 - window["expected"]), 0.95))
    )
    assert (flag.expected_low, flag.expected_high) == (low, high)


def test_three_years_teach_and_what_came_before_does_not(tmp_path: Path) -> None:
    """All the moving about was over 212 weeks ago: nothing is learnt from it; 150 weeks ago it is."""
    moving, quiet = moving_counts(3, 120), np.full((len(UNITS), 270), 20.0)
    for name, weeks_ago, basis in (("long ago", 250, "not yet learnt here"), ("within", 60, "learnt")):
        series = np.concatenate([moving, quiet], axis=1)[:, : 120 + weeks_ago]
        flag = flag_of(force(tmp_path / name, series, 80, 80, 80, 80))
        assert flag.inputs["if_nothing_is_done"]["basis"] == basis, name


def test_nothing_is_learnt_from_what_came_later(tmp_path: Path) -> None:
    """A week looked back at gives the band that it gave then."""
    counts, then = moving_counts(5), W46 - timedelta(weeks=30)
    whole = force(tmp_path / "whole", counts)
    cut = force(tmp_path / "cut", counts[:, :-30], last=then)
    told = [
        {
            one.flag: (one.expected_low, one.expected_high)
            for one in (raised.flag for raised in made.judged(then).raised)
        }
        for made in (whole, cut)
    ]
    assert told[0] == told[1] and told[0]


def test_a_share_gets_the_band_of_its_own_blocks_in_points(tmp_path: Path) -> None:
    made = Force(tmp_path, indicators="indicator,better,unit_of_measure\nontime,higher,percent\n", rules=only("spike"))
    made.load({("north", "ontime"): history(SHARES, *[(78.0, 100.0)] * 4)})
    (flag,) = made.flags("spike")
    assert flag.inputs["if_nothing_is_done"] == {"window": "week", "basis": "not yet learnt here"}
    assert flag.expected_low is not None and flag.expected_high is not None
    assert 78 < flag.expected_low < 90 <= flag.expected_high <= 100, "back towards its year, and no share above 100%"


def test_the_band_is_in_the_unit_of_the_figure(tmp_path: Path) -> None:
    """Of one week's volume a week's; of a mean over four weeks a mean; else it reads four times too high."""
    tables = {
        "indicators": "indicator,better,unit_of_measure\ncalls,lower,count\nburglary,lower,count\n",
        "targets": "indicator,unit,kind,value\nburglary,*,target,9\n",
    }
    wave = [float(round(800 * math.exp(0.1 * math.sin(n / 6) + 0.03 * math.sin(n * n)))) for n in range(110)]
    made = Force(tmp_path, **tables)
    made.load({("north", "calls"): history(wave, 1200), ("north", "burglary"): history([12.0, 14.0] * 55, 14, 15, 16)})
    volume, target = made.flag("spike"), made.flag("target")
    assert volume.inputs["if_nothing_is_done"]["window"] == "week"
    assert volume.expected_low is not None and 600 < volume.expected_low < 800
    assert volume.expected_high is not None and 900 < volume.expected_high < 1200
    assert target.inputs["if_nothing_is_done"]["window"] == "mean"
    assert target.expected_low is not None and 9 < target.expected_low < 13
    assert target.expected_high is not None and 14 < target.expected_high < 19


def test_a_missing_return_in_the_window_leaves_no_band(tmp_path: Path) -> None:
    made = Force(tmp_path, rules=only("spike")).load({("north", "burglary"): history(STEADY, 30, None, 30, 30)})
    (flag,) = made.flags("spike")
    assert flag.inputs["leading_window"] == "four_weeks"
    assert (flag.expected_low, flag.expected_high) == (None, None)
    assert "if_nothing_is_done" not in flag.inputs
