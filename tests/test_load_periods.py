"""Which period a date stands for, under each heading, on each grid of weeks."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from workspace_example import known, load_text, make_workspace

from compstat.calendar import Calendar
from compstat.findings import DataError
from compstat.load.periods import parse_date

FRIDAY = '[calendar]\nweek_ends_on = "friday"\n'
UNITS = "unit,valid_from,valid_to\nNorth,,\nNew,2026-11-11,\nOld,,2026-11-11\nShort,2026-11-11,2026-11-12\n"


@pytest.mark.parametrize(
    ("settings", "heading", "written", "start"),
    [
        ("", "week", "2026-W46", "2026-11-09"),
        ("", "week", "2026W46", "2026-11-09"),
        ("", "week", "2026-w46", "2026-11-09"),
        ("", "week", "2020-W53", "2020-12-28"),
        ("", "week_start", "2026-11-09", "2026-11-09"),
        ("", "week_start", "2026-11-9", "2026-11-09"),
        ("", "week_start", "2026-11-09 00:00:00", "2026-11-09"),
        ("", "week_start", "2026-11-09T00:00", "2026-11-09"),
        ("", "week_ending", "2026-11-15", "2026-11-09"),
        ("", "period_start", "2026-11-09", "2026-11-09"),
        ("", "period_end", "2026-11-15", "2026-11-09"),
        (FRIDAY, "week", "2026-W46", "2026-11-07"),
        (FRIDAY, "week_start", "2026-11-07", "2026-11-07"),
        (FRIDAY, "week_ending", "2026-11-13", "2026-11-07"),
        (FRIDAY, "week", "2020-W53", "2020-12-26"),
    ],
)
def test_weeks(tmp_path: Path, settings: str, heading: str, written: str, start: str) -> None:
    workspace = make_workspace(tmp_path, compstat=settings)
    load_text(workspace, f"unit,indicator,{heading},value\nNorth,burglary,{written},12\n")
    assert list(known(workspace)) == [("North", "burglary", date.fromisoformat(start))]
    load_text(workspace, f"unit,{heading},burglary\nSouth,{written},3\n")
    assert ("South", "burglary", date.fromisoformat(start)) in known(workspace)


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("month", "2026-10"),
        ("month", "2026-10-01"),
        ("period_start", "2026-10-01"),
        ("period_end", "2026-10-31"),
    ],
)
def test_months(tmp_path: Path, heading: str, written: str) -> None:
    workspace = make_workspace(tmp_path)
    load_text(workspace, f"unit,indicator,{heading},value\nNorth,absence,{written},4.5\n")
    assert list(known(workspace)) == [("North", "absence", date(2026, 10, 1))]


@pytest.mark.parametrize("cadence", ["fortnightly", "quarterly", "yearly"])
def test_longer_cadences_come_under_period_headings(tmp_path: Path, cadence: str) -> None:
    workspace = make_workspace(tmp_path, indicators=f"indicator,cadence\nfires,{cadence}\n")
    start = workspace.calendar.cadence(cadence).start_of(date(2024, 6, 15))
    load_text(workspace, f"unit,indicator,period_start,value\nNorth,fires,{start},4\n")
    assert list(known(workspace)) == [("North", "fires", start)]
    for heading in ("week", "month"):
        with pytest.raises(DataError) as caught:
            load_text(
                workspace,
                f"unit,indicator,{heading},value\nNorth,fires,2024-{'W24' if heading == 'week' else '06'},4\n",
            )
        assert "wanted a file with the heading period_start" in caught.value.findings[0].message


def codes(tmp_path: Path, text: str, at: datetime, **changed: str) -> list[str]:
    workspace = make_workspace(tmp_path, **changed)
    try:
        load_text(workspace, text, at=at)
    except DataError as error:
        return [finding.code for finding in error.findings]
    return []


@pytest.mark.parametrize(
    ("settings", "heading", "written"),
    [
        ("", "week_ending", "2026-11-14"),
        ("", "week_ending", "2026-11-09"),
        ("", "week_start", "2026-11-15"),
        ("", "period_start", "2026-11-10"),
        (FRIDAY, "week_ending", "2026-11-15"),
    ],
)
def test_a_date_off_the_grid(tmp_path: Path, settings: str, heading: str, written: str) -> None:
    text = f"unit,indicator,{heading},value\nNorth,burglary,{written},12\n"
    assert codes(tmp_path, text, datetime(2026, 12, 1), compstat=settings) == ["off-grid-date"]


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("week_ending", "11/15/26"),
        ("week_ending", "26-11-15"),
        ("week_ending", "15.11.2026"),
        ("week_ending", "46341"),
        ("week_ending", "2026-11-31"),
        ("week_ending", "infinity"),
        ("week_ending", "epoch"),
        ("week_ending", "0001-01-01"),
        ("week_ending", "9999-12-31"),
        ("week_ending", "12026-11-15"),
        ("week_ending", "2026-11-15 (BC)"),
        ("week_ending", "2026-11-15 09:30"),
        ("week_start", "2026-W46"),
        ("week", "2026-11-09"),
        ("week", "W46"),
        ("week", "2025-W53"),
        ("week", "0001-W01"),
        ("week", "9999-W52"),
        ("month", "2026-13"),
        ("month", "2026-W46"),
    ],
)
def test_a_date_that_is_none(tmp_path: Path, heading: str, written: str) -> None:
    text = f"unit,indicator,{heading},value\nNorth,burglary,{written},12\n"
    assert codes(tmp_path, text, datetime(2026, 12, 1)) == ["bad-date"]


@pytest.mark.parametrize(
    ("recorded", "code"),
    [
        ("2026-11-14T23:59", ["future-period"]),
        ("2026-11-15T18:00", ["future-period"]),
        ("2026-11-15T23:59:59", []),  # as --recorded-at 2026-11-15
        ("2026-11-16", []),
    ],
)
@pytest.mark.parametrize(("heading", "written"), [("week", "2026-W46"), ("week_ending", "2026-11-15")])
def test_a_week_is_in_the_future_until_its_last_day_is_over(
    tmp_path: Path, recorded: str, code: list[str], heading: str, written: str
) -> None:
    text = f"unit,indicator,{heading},value\nNorth,burglary,{written},12\n"
    assert codes(tmp_path, text, datetime.fromisoformat(recorded)) == code


@pytest.mark.parametrize(
    ("unit", "week", "code"),
    [
        ("New", "2026-W45", ["unit-not-valid"]),
        ("New", "2026-W46", []),  # it began on the Wednesday
        ("Old", "2026-W46", []),  # it ended on the Wednesday
        ("Old", "2026-W47", ["unit-not-valid"]),
        ("Short", "2026-W46", []),
        ("Short", "2026-W45", ["unit-not-valid"]),
    ],
)
@pytest.mark.parametrize("heading", ["week", "week_start", "week_ending"])
def test_a_unit_returns_for_the_weeks_of_which_it_saw_a_day(
    tmp_path: Path, unit: str, week: str, code: list[str], heading: str
) -> None:
    """Whatever the heading: the same week is valid or not by all its days, not by the day that was written."""
    start = Calendar().week_of(week)
    written = {"week": week, "week_start": str(start), "week_ending": str(date.fromordinal(start.toordinal() + 6))}
    text = f"unit,indicator,{heading},value\n{unit},burglary,{written[heading]},12\n"
    assert codes(tmp_path, text, datetime(2026, 12, 1), units=UNITS) == code


def test_two_hundred_years_of_weeks_beside_a_typing_error(tmp_path: Path) -> None:
    rows = "".join(f"North,burglary,{year}-W10,1\n" for year in (1902, 2026))
    assert codes(tmp_path, f"unit,indicator,week,value\n{rows}", datetime(2026, 12, 1)) == []


@pytest.mark.parametrize("text", ["2026-11-15", "2026-1-5", "2026-11-15T00:00:00.000"])
def test_a_date_is_read_year_first(text: str) -> None:
    assert parse_date(text, "end", Calendar()).year == 2026


@pytest.mark.parametrize("text", ["", " 2026-11-15", "2026/11/15", "15-11-2026", "２０２６-11-15", "2026-11-15\n"])
def test_no_other_date_is_guessed_at(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text, "end", Calendar())
