"""The season of a force in its counts: found, told in the receipt, and left alone where it is not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlglot
from recomputed_example import count_p
from rules_example import W46, Force, only

from compstat import queries
from compstat.rules.history.force_season import ForceTotals, force_season, read_totals
from compstat.rules.history.panel_history import History
from compstat.statistics.drift import count_drift

UNITS = [f"u{number}" for number in range(12)]
TABLE = "unit,level\n" + "".join(f"{unit},district\n" for unit in UNITS)
WAVE = 0.25


def counts(
    weeks: int, height: float = WAVE, level: float = 60.0, seed: int = 1, peak_ago: int = 0
) -> dict[tuple[str, str], list[float]]:
    """A dozen units whose level waves over the year, highest so many weeks before the newest one."""
    ago = np.arange(weeks)[::-1]
    mean = level * (1 + height * np.cos(2 * np.pi * (ago - peak_ago) / 52))
    drawn = np.random.default_rng(seed).poisson(np.broadcast_to(mean, (len(UNITS), weeks)))
    return {(unit, "burglary"): row.astype(float).tolist() for unit, row in zip(UNITS, drawn, strict=True)}


def force(root: Path, figures: dict[tuple[str, str], list[Any]], **tables: str) -> Force:
    return Force(root, units=TABLE, **tables).load(figures)  # type: ignore[arg-type]


def history_of(made: Force) -> History:
    return made.judged().histories["weekly"]


def receipt(made: Force, unit: str = "u0") -> dict[str, Any]:
    (cell,) = [cell for cell in made.cells() if cell["family"] == "spike" and cell["unit"] == unit]
    assert count_p(cell["inputs"]) == pytest.approx(cell["p_value"], rel=1e-9), "from the receipt alone"
    return dict(cell["inputs"])


def test_at_the_peak_of_a_season_its_figures_are_no_surprise(tmp_path: Path) -> None:
    """The same weeks with two years of history and with four: p of what is nothing should lie round a half."""
    every = counts(220)
    short = history_of(force(tmp_path / "short", {key: row[-115:] for key, row in every.items()})).counts
    long = history_of(force(tmp_path / "long", every)).counts
    assert short.recent.p_up.mean() < 0.2
    assert 0.3 < long.recent.p_up.mean() < 0.7


def test_a_real_rise_at_the_trough_is_seen(tmp_path: Path) -> None:
    every = counts(220, peak_ago=26)
    every["u3", "burglary"][-4:] = [70.0] * 4  # where the season leads to expect 45
    short = force(tmp_path / "short", {key: row[-115:] for key, row in every.items()}, rules=only("spike"))
    assert short.flags("spike") == []
    flag = force(tmp_path / "long", every, rules=only("spike")).flag("spike")
    assert flag.unit == "u3"
    assert "where its own last year and the season led us to expect 18" in flag.sentence


def test_a_season_is_no_drift(tmp_path: Path) -> None:
    """Near its peak a waving level looks like a slow rise to whoever looks at one level alone."""
    made = force(tmp_path, counts(220, height=0.35), rules=only("drift"))
    found = history_of(made).counts
    flat = count_drift(found.series, found.weekly.phi, np.zeros(len(UNITS), dtype=bool))
    assert flat.signals.sum() >= 6
    assert len(made.flags("drift")) <= 1


def test_the_receipt_has_the_factor_and_says_what_it_rests_on(tmp_path: Path) -> None:
    found = receipt(force(tmp_path, counts(220)))
    assert found["season_handled"] is True
    assert found["season"] == "handled, from 3 earlier years of the whole force"
    assert found["week"]["season"] == pytest.approx(1 + WAVE, abs=0.06)
    assert found["four_weeks"]["season"] == pytest.approx(1.24, abs=0.06)


@pytest.mark.parametrize(
    ("weeks", "words"),
    [(60, "season not handled: 0 of 2 earlier years known"), (130, "season not handled: 1 of 2 earlier years known")],
)
def test_too_short_a_history_changes_nothing_and_says_so(tmp_path: Path, weeks: int, words: str) -> None:
    found = receipt(force(tmp_path, counts(weeks)))
    assert (found["season_handled"], found["season"]) == (False, words)
    assert found["week"]["season"] == found["four_weeks"]["season"] == 1.0


def test_one_shocked_year_is_not_believed(tmp_path: Path) -> None:
    every = counts(212, height=0.05)
    for row in every.values():
        row[-112:-76] = [count // 2 for count in row[-112:-76]]  # half stayed away for eight months, two years ago
    found = receipt(force(tmp_path, every))
    assert (found["season_handled"], found["week"]["season"]) == (False, 1.0)
    assert found["season"] == "season not handled: a factor would not have made last year's forecasts better"


def test_the_spread_is_taken_round_the_season(tmp_path: Path) -> None:
    found = history_of(force(tmp_path, counts(220))).counts
    assert found.weekly.own.mean() == pytest.approx(1.0, abs=0.25)
    assert found.blocks.own.mean() < 2
    flat = History(found.panel, found.decision).counts
    assert flat.weekly.own.mean() > 2.5, "round one level the season would be taken for chance"
    assert flat.blocks.own.mean() > 6


def test_a_baseline_without_its_summer_is_compared_with_what_is_there(tmp_path: Path) -> None:
    """Half the year is missing, the half at the peak: the season of the rest is not 1 on average."""
    every: dict[tuple[str, str], list[Any]] = dict(counts(220, peak_ago=26))
    every["u0", "burglary"] = [
        None if 14 < 219 - week < 38 else count for week, count in enumerate(every["u0", "burglary"])
    ]
    found = history_of(force(tmp_path, every)).counts.one
    assert found.periods[0] == 29
    assert found.season[0] > found.season[1] + 0.05
    assert found.expectation.mean[0] == pytest.approx(found.expectation.mean[1], rel=0.08)


def test_totals_are_what_the_units_present_returned_over_what_they_usually_return(tmp_path: Path) -> None:
    """A unit that came late, one with a gap and one with a break: none of them looks like a season."""
    every: dict[tuple[str, str], list[Any]] = {(unit, "burglary"): [40.0] * 220 for unit in UNITS}
    every["u1", "burglary"] = [400.0] * 70
    every["u2", "burglary"] = [None if 100 <= week < 120 else 80.0 for week in range(220)]
    every["u3", "burglary"] = [10.0] * 120 + [90.0] * 100
    day = W46 - timedelta(weeks=99)
    breaks = f"indicator,unit,start,kind,note\nburglary,u3,{day},definition,new rules\n"
    made = force(tmp_path, every, breaks=breaks)
    panel = history_of(made).panel
    totals = read_totals(made.store, panel)
    known = totals.relative[0][~np.isnan(totals.relative[0])]
    assert known.shape == (220,)
    assert known == pytest.approx(np.ones(220), rel=1e-6)


def test_a_total_of_integers_is_the_same_sum_by_hand(tmp_path: Path) -> None:
    every = counts(180)
    made = force(tmp_path, every)
    panel = history_of(made).panel
    total = np.sum(list(every.values()), axis=0)
    usual = np.round(panel.amount.mean(axis=1) * 2**20) / 2**20
    found = read_totals(made.store, panel).relative[0]
    assert found[-180:].tolist() == (total / usual.sum()).tolist()
    assert np.isnan(found[:-180]).all()


def test_what_became_known_later_has_no_say(tmp_path: Path) -> None:
    made = force(tmp_path, counts(220))
    panel = history_of(made).panel
    before = read_totals(made.store, panel).relative[0]
    made.load({("u0", "burglary"): [999.0]}, last=W46 - timedelta(weeks=150), recorded_at=datetime(2026, 12, 1))
    as_known_then, now = (read_totals(made.store, of).relative[0] for of in (panel, history_of(made).panel))
    known = ~np.isnan(before)
    assert as_known_then[known].tolist() == before[known].tolist()
    assert np.flatnonzero(now[known] != before[known]).tolist() == [220 - 1 - 150]


def test_a_figure_a_year_has_no_season(tmp_path: Path) -> None:
    words = "indicator,better,unit_of_measure,cadence\nburglary,lower,count,yearly\n"
    years: dict[tuple[str, str], list[Any]] = {("north", "burglary"): [40.0, 50.0, 60.0]}
    made = Force(tmp_path, indicators=words)
    assert made.workspace.indicators[0].cadence == "yearly"
    made.load(years, last=date(2026, 1, 1))
    for history in made.judged().histories.values():
        assert read_totals(made.store, history.panel).relative.size == 0


def test_months_have_a_season_too(tmp_path: Path) -> None:
    words = "indicator,better,unit_of_measure,cadence\nburglary,lower,count,monthly\n"
    month = np.arange(72)
    mean = 300 * (1 + WAVE * np.cos(2 * np.pi * (month[::-1]) / 12))
    drawn = np.random.default_rng(2).poisson(np.broadcast_to(mean, (len(UNITS), 72))).astype(float)
    figures: dict[tuple[str, str], list[Any]] = {
        (unit, "burglary"): row.tolist() for unit, row in zip(UNITS, drawn, strict=True)
    }
    made = Force(tmp_path, indicators=words, units=TABLE).load(figures, last=date(2026, 10, 1))
    counts_found = made.judged().histories["monthly"].counts
    assert counts_found.season.handled.all()
    assert counts_found.one.season == pytest.approx(np.full(len(UNITS), 1 + WAVE), abs=0.06)


def test_a_group_that_nobody_read_has_no_season(tmp_path: Path) -> None:
    panel = history_of(force(tmp_path, counts(120))).panel
    row = np.arange(panel.size)
    nothing = force_season(panel, row, ForceTotals())
    assert nothing.factor(4).tolist() == [1.0] * panel.size
    assert nothing.profile(4) is None
    assert not nothing.handled.any()
    assert nothing.words(0) == "season not handled: 0 of 2 earlier years known"


def test_by_way_of_spark_the_totals_are_the_same_rows(tmp_path: Path) -> None:
    made = force(tmp_path, counts(180))
    panel = history_of(made).panel
    read_totals(made.store, panel)
    sql, params = queries.read("windows/force_totals").sql, {"known_at": panel.scope.known_at, "last": panel.current}
    (spark,) = sqlglot.transpile(sql, read="duckdb", write="spark")
    (again,) = sqlglot.transpile(spark, read="spark", write="duckdb")
    rows, translated = (made._connection.execute(text, params).fetchall() for text in (sql, again))
    assert len(rows) == 180
    assert translated == rows
