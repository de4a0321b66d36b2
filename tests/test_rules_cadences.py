"""Monthly indicators beside weekly ones: windows of one and three months, a year of twelve; and longer periods."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from recomputed_example import check
from rules_example import STEADY, W46, Force, history
from scipy import stats

from compstat.load.batch import Loading
from compstat.load.load import load_files

INDICATORS = "indicator,better,unit_of_measure,cadence\nburglary,lower,count,weekly\ncomplaints,lower,count,monthly\n"
OCTOBER = date(2026, 10, 1)


def force(root: Path, *newest: float, months: int = 30) -> Force:
    made = Force(root, indicators=INDICATORS)
    made.load({("north", "complaints"): history([20.0] * months, *newest)}, last=OCTOBER)
    return made.load({("north", "burglary"): STEADY})


def test_a_month_is_judged_against_the_twelve_before_it(tmp_path: Path) -> None:
    flag = force(tmp_path, 50).flag("spike")
    assert flag.indicator == "complaints"
    assert (flag.inputs["week"]["first"], flag.inputs["week"]["last"]) == ("2026-10-01", "2026-10-31")
    assert (flag.inputs["week"]["baseline_periods"], flag.inputs["week"]["baseline_first"]) == (12, "2025-10-01")
    assert flag.p_value == pytest.approx(2 * stats.nbinom(240.5, 365 / 396).sf(49), rel=1e-9)
    assert "50 this month" in flag.sentence


@pytest.mark.parametrize(("newest", "days", "then"), [(date(2023, 2, 1), 28, 31 + 31 + 28), (date(2024, 2, 1), 29, 90)])
def test_a_hundred_a_day_is_the_same_in_every_month(tmp_path: Path, newest: date, days: int, then: int) -> None:
    """February has 28 or 29 days: neither a fall to praise nor, in a leap year, a rise on a year ago."""
    months = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(12 * (newest.year - 2020) + 2)]
    ends = [*months[1:], date(newest.year, 3, 1)]
    made = Force(tmp_path, indicators=INDICATORS)
    figures = [100.0 * (end - month).days for month, end in zip(months, ends, strict=True)]
    made.load({("north", "complaints"): figures}, last=newest)
    week = newest.replace(day=28) - timedelta(days=newest.replace(day=28).weekday())
    cells = {cell["family"]: cell for cell in made.cells(week)}
    assert cells["commend"]["inputs"]["week"]["days"] == days
    assert cells["commend"]["comparator"] == pytest.approx(cells["commend"]["value"], rel=0.001)
    assert min(cells["commend"]["p_value"], cells["spike"]["p_value"]) > 0.5
    inputs = cells["year_on_year"]["inputs"]
    assert (inputs["days"], inputs["days_year_ago"]) == (then + days - 28, then)
    assert cells["year_on_year"]["p_value"] > 0.9
    check(made.cells(week))


def test_three_months_are_its_recent_window(tmp_path: Path) -> None:
    flag = force(tmp_path, 32, 31, 32).flag("spike")
    assert flag.inputs["leading_window"] == "four_weeks"
    assert (flag.inputs["four_weeks"]["periods"], flag.value) == (3, 95)
    assert flag.inputs["four_weeks"]["first"] == "2026-08-01"
    assert flag.inputs["four_weeks"]["baseline_last"] == "2026-07-31"
    assert flag.p_value == pytest.approx(2 * stats.nbinom(240.5, 365 / 457).sf(94), rel=1e-9)
    assert "95 over three months" in flag.sentence


def test_a_month_counts_once_it_has_ended(tmp_path: Path) -> None:
    """The week of 26 October ends on 1 November, so October is its newest month; the week before has September."""
    made = force(tmp_path, 50)
    assert made.judged(date(2026, 10, 26)).histories["monthly"].panel.current == OCTOBER
    assert made.judged(date(2026, 10, 19)).histories["monthly"].panel.current == date(2026, 9, 1)


@pytest.mark.parametrize(("months", "tested"), [(9, True), (8, False)])
def test_half_a_year_of_months_is_needed(tmp_path: Path, months: int, tested: bool) -> None:
    untested = force(tmp_path, months=months).untested("spike")
    assert (
        ("north", "complaints") not in untested if tested else "fewer than 6 periods" in untested["north", "complaints"]
    )


def test_each_cadence_has_its_own_limits(tmp_path: Path) -> None:
    histories = force(tmp_path).judged().histories
    assert histories["weekly"].segment.shape == (1, 104)
    assert histories["monthly"].segment.shape == (1, 24)


@pytest.mark.parametrize("cadence", ["fortnightly", "quarterly", "yearly"])
def test_the_other_cadences_are_judged_without_a_fault(tmp_path: Path, cadence: str) -> None:
    made = Force(tmp_path, indicators=INDICATORS.replace("monthly", cadence))
    calendar = made.workspace.calendar
    newest = calendar.windows(calendar.cadence(cadence), date(2026, 11, 15)).week.first
    rows = []
    for back in range(40):
        start = calendar.cadence(cadence).shift(newest, -back)
        rows.append(f"north,complaints,{start},{30 if back else 90}\n")
    path = tmp_path / "rows.csv"
    path.write_text("unit,indicator,period_start,value\n" + "".join(rows), "utf-8")
    made.load({("north", "burglary"): STEADY})
    load_files(made.store, made.workspace, [path], Loading(datetime(2026, 11, 17), "test"))
    assert made.flag("spike", W46).indicator == "complaints"
    assert made.week().shown[0].indicator == "complaints"
