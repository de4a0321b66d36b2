"""Periods that a table declares (half-terms), a year ago by a table, week 53, public holidays."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_example import STEADY, W46, Force, history, only
from workspace_example import load_text, make_workspace

from compstat.calendar import Calendar, DeclaredCadence, DeclaredPeriod, end_of, periods_between
from compstat.findings import DataError, WorkspaceError
from compstat.meeting.series import SeriesWanted, read_series
from compstat.public_holidays import holiday_names, holidays_between
from compstat.workspace.workspace import load_workspace

TERMS = (
    ("2024-09-02", "2024-10-25"),
    ("2024-11-04", "2024-12-20"),
    ("2025-01-06", "2025-02-14"),
    ("2025-02-24", "2025-04-04"),
    ("2025-04-22", "2025-05-23"),
    ("2025-06-02", "2025-07-22"),
    ("2025-09-01", "2025-10-24"),
    ("2025-11-03", "2025-12-19"),
    ("2026-01-05", "2026-02-13"),
    ("2026-02-23", "2026-03-27"),
    ("2026-04-13", "2026-05-22"),
    ("2026-06-01", "2026-07-21"),
    ("2026-09-01", "2026-10-23"),
)
HEADINGS = "cadence,period_start,period_end,label,year_ago_start\n"
PERIODS = HEADINGS + "".join(f"half-term,{first},{last},HT{n % 6 + 1},\n" for n, (first, last) in enumerate(TERMS))
INDICATORS = "indicator,better,unit_of_measure,cadence\nabsence,lower,count,custom:half-term\nburglary,lower,count,\n"


def half_terms() -> DeclaredCadence:
    rows = tuple(DeclaredPeriod(date.fromisoformat(first), date.fromisoformat(last)) for first, last in TERMS)
    return DeclaredCadence("custom:half-term", rows)


def day(words: str) -> date:
    return date.fromisoformat(words)


def test_half_terms_have_six_a_year_and_gaps_between_them() -> None:
    cadence = half_terms()
    assert (cadence.year, cadence.recent) == (6, 1)
    assert cadence.start_of(day("2026-02-13")) == day("2026-01-05")
    assert cadence.start_of(day("2026-02-17")) == day("2026-01-05")  # the holidays belong to the term before
    assert end_of(cadence, day("2026-01-05")) == day("2026-02-13")
    assert cadence.shift(day("2026-02-23"), 1) == day("2026-04-13")
    assert cadence.year_ago(day("2026-09-01")) == day("2025-09-01")


def test_the_windows_of_half_terms() -> None:
    calendar = Calendar(year_starts=(9, 1), periods={"half-term": half_terms().periods})
    windows = calendar.windows(calendar.cadence("custom:half-term"), day("2026-08-16"))  # in the summer holidays
    assert (windows.week.first, windows.week.last) == (day("2026-06-01"), day("2026-07-21"))
    assert (windows.week_year_ago.first, windows.week_year_ago.last) == (day("2025-06-02"), day("2025-07-22"))
    assert (windows.year_to_date.first, windows.year_to_date.last) == (day("2025-09-01"), day("2026-07-21"))
    assert (windows.year_to_date_year_ago.last, windows.rolling_year.first) == (day("2025-07-22"), day("2025-09-01"))
    assert windows.baseline_week.first == day("2025-06-02")


@given(st.integers(-40, 40), st.integers(-40, 40))
def test_shifts_of_declared_periods_add_up_beyond_the_table_too(one: int, two: int) -> None:
    cadence, start = half_terms(), day("2025-09-01")
    assert cadence.shift(cadence.shift(start, one), two) == cadence.shift(start, one + two)
    assert cadence.start_of(cadence.shift(start, one)) == cadence.shift(start, one)
    assert cadence.shift(start, one) <= end_of(cadence, cadence.shift(start, one)) < cadence.shift(start, one + 1)


def school(root: Path, periods: str = PERIODS) -> Force:
    root.mkdir(parents=True, exist_ok=True)
    (root / "periods.csv").write_text(periods, "utf-8")
    return Force(root, indicators=INDICATORS, rules=only("spike"))


def absences(*newest: float) -> list[tuple[object, ...]]:
    figures = [20.0] * (len(TERMS) - len(newest)) + list(newest)
    starts = (day(first) for first, _ in TERMS)
    return [("north", "absence", start, figure, None, None) for start, figure in zip(starts, figures, strict=True)]


def test_a_half_term_is_judged_against_the_six_before_it_beside_weeks(tmp_path: Path) -> None:
    made = school(tmp_path)
    weeks = history(STEADY, 40.0)
    rows = [("north", "burglary", start, figure, None, None) for start, figure in zip(_mondays(), weeks, strict=True)]
    made._put(absences(60.0) + rows, datetime(2026, 11, 16, 18))
    flags = {flag.indicator: flag for flag in made.flags("spike")}
    term = flags["absence"].inputs["week"]
    assert (term["first"], term["last"], term["count"]) == ("2026-09-01", "2026-10-23", 60)
    assert (term["baseline_events"], term["baseline_periods"]) == (120, 6)
    assert "60 this half-term" in flags["absence"].sentence
    assert (flags["burglary"].inputs["week"]["count"], flags["burglary"].inputs["week"]["baseline_periods"]) == (40, 52)


def _mondays() -> list[date]:
    weekly = Calendar().cadence("weekly")
    return list(periods_between(weekly, weekly.shift(W46, 1 - len(STEADY)), W46))


@pytest.mark.parametrize("when", ["2026-09-07", "2026-10-26", "2027-01-04", "2020-09-01"])
def test_a_return_outside_the_declared_periods_is_an_error_that_names_the_table(tmp_path: Path, when: str) -> None:
    (tmp_path / "periods.csv").write_text(PERIODS, "utf-8")
    workspace = make_workspace(tmp_path, indicators=INDICATORS)
    with pytest.raises(DataError) as caught:
        load_text(workspace, f"unit,indicator,period_start,value\nNorth,absence,{when},3\n", at=datetime(2027, 6, 1))
    assert "periods.csv" in caught.value.findings[0].message


def test_a_return_for_a_declared_period_is_taken_by_either_end(tmp_path: Path) -> None:
    (tmp_path / "periods.csv").write_text(PERIODS, "utf-8")
    workspace = make_workspace(tmp_path, indicators=INDICATORS)
    loaded = load_text(workspace, "unit,indicator,period_end,value\nNorth,absence,2026-07-21,3\n")
    assert loaded.added == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("half-term,2026-10-20,2026-12-18,,", "double-row"),
        ("half-term,2026-11-02,2026-11-01,,", "bad-cell"),
        ("half-term,2026-11-02,2026-12-18,,2025-11-04", "year-ago-off-grid"),
        ("half-term,2026-11-02,2026-12-18,,2024-11-04", "year-ago-off-grid"),
    ],
)
def test_rows_of_the_periods_that_cannot_be(tmp_path: Path, row: str, code: str) -> None:
    made = school(tmp_path, f"{PERIODS}{row}\n")
    with pytest.raises(WorkspaceError) as caught:
        _ = made.workspace
    assert [(finding.code, finding.where) for finding in caught.value.findings] == [(code, "periods.csv:15")]


def test_a_cadence_that_no_table_declares(tmp_path: Path) -> None:
    made = school(tmp_path, HEADINGS + "term,2026-09-01,2026-12-18,,\n")
    with pytest.raises(WorkspaceError, match=r'there is no "half-term" in periods\.csv'):
        _ = made.workspace


def by_table(root: Path, rows: str, rules: str | None = None) -> Force:
    root.mkdir(parents=True, exist_ok=True)
    (root / "year_ago.csv").write_text("period_start,year_ago_start\n" + rows, "utf-8")
    return Force(root, cycle='cycle = "main"\n[calendar]\nyear_ago = "table"\n', rules=rules)


def test_a_week_is_compared_with_the_one_the_table_says(tmp_path: Path) -> None:
    """The four weeks a year ago are those that end with it; weeks not in the table keep to 364 days."""
    made = by_table(tmp_path, "2026-11-09,2025-11-17\n", only("year_on_year"))
    calendar = made.workspace.calendar
    windows = calendar.windows(calendar.cadence("weekly"), date(2026, 11, 15))
    assert windows.week_year_ago.first == date(2025, 11, 17)
    assert (windows.four_weeks_year_ago.first, windows.four_weeks_year_ago.last) == (
        date(2025, 10, 27),
        date(2025, 11, 23),
    )
    assert calendar.cadence("weekly").year_ago(date(2026, 11, 2)) == date(2025, 11, 3)
    series = [*STEADY[:-55], 1.0, 2.0, 3.0, 4.0, *([10.0] * 47), 40.0, 40.0, 40.0, 40.0]  # 1 for 27 October 2025
    flag = made.load({("north", "burglary"): series}).flag("year_on_year")
    assert (flag.value, flag.comparator) == (160, 10)
    assert (flag.inputs["year_ago_first"], flag.inputs["year_ago_last"]) == ("2025-10-27", "2025-11-23")


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("2026-11-10,2025-11-10", "2026-11-10 is not the first day of a week; wanted 2026-11-09"),
        ("2026-11-09,2025-11-11", "2025-11-11 is not the first day of a week; wanted 2025-11-10"),
        ("2026-11-09,2024-11-11", "2024-11-11 is not a year before 2026-11-09"),
        ("2026-11-09,2026-11-16", "2026-11-16 is not a year before 2026-11-09"),
    ],
)
def test_rows_of_the_year_ago_table_that_cannot_be(tmp_path: Path, row: str, wanted: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        _ = by_table(tmp_path, f"{row}\n").workspace
    assert [finding.code for finding in caught.value.findings] == ["year-ago-off-grid"]
    assert wanted in str(caught.value)


def test_year_ago_by_table_needs_the_table(tmp_path: Path) -> None:
    made = Force(tmp_path, cycle='cycle = "main"\n[calendar]\nyear_ago = "table"\n')
    with pytest.raises(WorkspaceError, match=r"year_ago\.csv"):
        _ = made.workspace


def test_week_53_has_a_year_ago_and_is_one() -> None:
    weekly = Calendar().cadence("weekly")
    assert weekly.label(date(2026, 12, 28)) == "2026-W53"
    assert weekly.label(weekly.year_ago(date(2026, 12, 28))) == "2026-W01"
    assert weekly.label(weekly.year_ago(date(2027, 12, 27))) == "2026-W53"


def test_public_holidays_by_country_and_part_of_it() -> None:
    christmas = date(2026, 12, 21), date(2026, 12, 27)
    assert holidays_between("GB", *christmas) == (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Boxing Day"),
    )
    august = date(2026, 8, 3), date(2026, 8, 3)
    assert holiday_names("GB-SCT", *august) == "Summer Bank Holiday"
    assert holiday_names("GB-ENG", *august) is None
    assert holiday_names(None, *christmas) is None


@pytest.mark.parametrize("place", ["XX", "GB-ZZZ"])
def test_a_place_without_known_holidays_is_an_error(place: str) -> None:
    with pytest.raises(WorkspaceError, match="ISO code"):
        holidays_between(place, date(2026, 1, 1), date(2026, 1, 2))


def test_weeks_with_a_public_holiday_are_marked_in_a_series(tmp_path: Path) -> None:
    made = Force(tmp_path, cycle='cycle = "main"\n[calendar]\nholidays = "GB"\n').load({("north", "burglary"): STEADY})
    known = datetime(2026, 11, 16, 18)
    found = read_series(made.store, made.workspace, SeriesWanted("north", "burglary"), known)
    marked = {start: name for start, name in zip(found.starts, found.holidays, strict=True) if name}
    assert marked[date(2026, 3, 30)] == "Good Friday"
    assert marked[date(2025, 4, 14)] == "Good Friday"
    assert date(2026, 11, 9) not in marked
    unmarked = load_workspace(Force(tmp_path / "plain").workspace.root)
    assert not any(read_series(made.store, unmarked, SeriesWanted("north", "burglary"), known).holidays)


def test_a_holiday_that_moved_is_said_in_the_receipt(tmp_path: Path) -> None:
    """Four weeks to 5 April 2026 hold Good Friday (3 April); those a year before end on 6 April 2025 without it."""
    made = Force(tmp_path, cycle='cycle = "main"\n[calendar]\nholidays = "GB"\n', rules=only("year_on_year"))
    last = date(2026, 3, 30)
    flag = made.load({("north", "burglary"): history(STEADY, *[30.0] * 4)}, last).flag("year_on_year", last)
    assert flag.inputs["holidays"] == "Good Friday"
    assert flag.inputs["holidays_year_ago"] is None
