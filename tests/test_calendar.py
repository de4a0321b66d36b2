"""Weeks, cadences, a year ago and windows: by hand at the edges of years, and as laws for any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compstat.calendar import WEEKDAYS, Calendar, Span, Windows, end_of, periods_between
from compstat.workspace.tables import CADENCES

days = st.dates(date(1905, 1, 1), date(2195, 12, 31))
calendars = st.builds(
    Calendar,
    st.sampled_from(WEEKDAYS),
    st.sampled_from([(1, 1), (4, 1), (4, 6), (7, 1), (10, 1)]),
)
cadences = st.sampled_from(CADENCES)
SUNDAY = Calendar()


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def weekly(end: str, calendar: Calendar = SUNDAY) -> Windows:
    return calendar.windows(calendar.cadence("weekly"), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("week_ends_on", "words", "first"),
    [
        ("sunday", "2026-W46", "2026-11-09"),
        ("sunday", "2026w46", "2026-11-09"),
        ("sunday", " 2026W46 ", "2026-11-09"),
        ("sunday", "2026-11-15", "2026-11-09"),
        ("sunday", "2026-11-16", "2026-11-16"),
        ("friday", "2026-W46", "2026-11-07"),  # Saturday to Friday; its Thursday is 12 November
        ("friday", "2026-11-14", "2026-11-14"),
        ("saturday", "2026-W46", "2026-11-08"),  # Sunday to Saturday
        ("wednesday", "2026-W46", "2026-11-12"),  # the week that begins on that Thursday
        ("thursday", "2026-W46", "2026-11-06"),  # and the one that ends on it
        ("sunday", "2026-W53", "2026-12-28"),
        ("sunday", "2020-W53", "2020-12-28"),
        ("sunday", "2027-W01", "2027-01-04"),
        ("friday", "2026-W53", "2026-12-26"),
    ],
)
def test_a_week_is_named_by_its_iso_thursday_or_by_a_day_in_it(week_ends_on: str, words: str, first: str) -> None:
    assert Calendar(week_ends_on).week_of(words) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("2025-W53", "2025 has no week 53"),
        ("2026-W54", "is not a week"),
        ("2026-W00", "is not a week"),
        ("W46", "is not a week"),
        ("46", "is not a week"),
        ("", "is not a week"),
        ("last", "is not a week"),
        ("2026-02-30", "is not a week"),
        ("٢٠٢٦-W46", "is not a week"),
        ("0001-01-01", "between 1901 and 2199"),
        ("0001-W01", "between 1901 and 2199"),
        ("9999-W52", "between 1901 and 2199"),
    ],
)
def test_what_is_no_week_is_refused_in_plain_words(words: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Calendar("friday").week_of(words)


@pytest.mark.parametrize(
    ("week_ends_on", "start", "label"),
    [
        ("sunday", "2026-12-28", "2026-W53"),
        ("sunday", "2024-12-30", "2025-W01"),  # begins in 2024, its Thursday is 2 January
        ("friday", "2026-12-26", "2026-W53"),
        ("friday", "2027-01-02", "2027-W01"),
        ("saturday", "2026-12-27", "2026-W53"),
        ("saturday", "2027-01-03", "2027-W01"),
    ],
)
def test_labels_around_the_new_year(week_ends_on: str, start: str, label: str) -> None:
    assert Calendar(week_ends_on).cadence("weekly").label(date.fromisoformat(start)) == label


def test_a_year_ago_is_364_days_so_that_week_53_meets_the_same_weekdays() -> None:
    cadence = SUNDAY.cadence("weekly")
    ago = cadence.year_ago(date(2026, 12, 28))
    assert (cadence.label(date(2026, 12, 28)), cadence.label(ago)) == ("2026-W53", "2026-W01")
    assert ago == date(2025, 12, 29)


def test_the_windows_of_a_week() -> None:
    windows = weekly("2026-11-15")
    assert windows.week == span("2026-11-09", "2026-11-15")
    assert windows.week_year_ago == span("2025-11-10", "2025-11-16")
    assert windows.four_weeks == span("2026-10-19", "2026-11-15")
    assert windows.four_weeks_year_ago == span("2025-10-20", "2025-11-16")
    assert windows.rolling_year == span("2025-11-17", "2026-11-15")
    assert windows.rolling_year_year_ago == span("2024-11-18", "2025-11-16")
    assert windows.baseline_week == span("2025-11-10", "2026-11-08")
    assert windows.baseline_four_weeks == span("2025-10-20", "2026-10-18")
    assert windows.year_to_date == span("2025-12-29", "2026-11-15")  # the week of 4 January began in December
    assert windows.year_to_date_year_ago == span("2024-12-30", "2025-11-16")


def test_windows_are_of_the_newest_week_that_has_ended() -> None:
    assert weekly("2026-11-14").week == span("2026-11-02", "2026-11-08")
    assert weekly("2026-11-15") == weekly("2026-11-21")


def test_four_weeks_reach_over_the_new_year_and_year_to_date_does_not() -> None:
    windows = weekly("2026-01-04")
    assert windows.four_weeks == span("2025-12-08", "2026-01-04")
    assert windows.year_to_date == span("2025-12-29", "2026-01-04")
    assert windows.year_to_date_year_ago == span("2024-12-30", "2025-01-05")


def test_last_year_is_capped_at_its_own_end() -> None:
    """2023 has 53 Sundays and 2022 has 52: 364 days before 31 December 2023 lies 1 January 2023, in 2023 itself."""
    windows = weekly("2023-12-31")
    assert windows.year_to_date == span("2022-12-26", "2023-12-31")
    assert windows.year_to_date.days == 53 * 7
    assert windows.week_year_ago.last == date(2023, 1, 1)
    assert windows.year_to_date_year_ago == span("2021-12-27", "2022-12-25")
    assert windows.year_to_date_year_ago.days == 52 * 7


def test_a_financial_year() -> None:
    calendar = Calendar("sunday", (4, 1))
    assert weekly("2026-03-29", calendar).year_to_date == span("2025-03-31", "2026-03-29")
    assert weekly("2026-04-05", calendar).year_to_date == span("2026-03-30", "2026-04-05")
    assert weekly("2026-04-05", calendar).year_to_date_year_ago == span("2025-03-31", "2025-04-06")


def test_the_windows_of_a_month_at_a_year_end() -> None:
    windows = SUNDAY.windows(SUNDAY.cadence("monthly"), date(2027, 1, 31))
    assert windows.week == span("2027-01-01", "2027-01-31")
    assert windows.four_weeks == span("2026-11-01", "2027-01-31")
    assert windows.four_weeks_year_ago == span("2025-11-01", "2026-01-31")
    assert windows.year_to_date == windows.week
    assert windows.year_to_date_year_ago == span("2026-01-01", "2026-01-31")
    assert windows.rolling_year == span("2026-02-01", "2027-01-31")
    assert windows.baseline_four_weeks == span("2025-11-01", "2026-10-31")
    assert SUNDAY.windows(SUNDAY.cadence("monthly"), date(2027, 1, 30)).week == span("2026-12-01", "2026-12-31")


def test_a_leap_february_is_compared_with_a_short_one() -> None:
    windows = SUNDAY.windows(SUNDAY.cadence("monthly"), date(2024, 2, 29))
    assert (windows.week.days, windows.week_year_ago.days) == (29, 28)


@pytest.mark.parametrize(
    ("starts", "day", "first", "last"),
    [
        ((1, 1), "2026-11-15", "2026-10-01", "2026-12-31"),
        ((4, 1), "2026-11-15", "2026-10-01", "2026-12-31"),
        ((2, 1), "2026-01-15", "2025-11-01", "2026-01-31"),
    ],
)
def test_quarters_follow_the_year(starts: tuple[int, int], day: str, first: str, last: str) -> None:
    cadence = Calendar("sunday", starts).cadence("quarterly")
    start = cadence.start_of(date.fromisoformat(day))
    assert Span(start, end_of(cadence, start)) == span(first, last)


def test_an_unknown_cadence_is_an_error() -> None:
    with pytest.raises(KeyError):
        SUNDAY.cadence("daily")


def test_periods_between_holds_both_ends() -> None:
    found = periods_between(SUNDAY.cadence("weekly"), date(2026, 12, 21), date(2027, 1, 4))
    assert [day.isoformat() for day in found] == ["2026-12-21", "2026-12-28", "2027-01-04"]


@given(calendars, cadences, days, st.integers(-30, 30))
def test_a_shifted_start_is_a_start(calendar: Calendar, name: str, day: date, periods: int) -> None:
    cadence = calendar.cadence(name)
    there = cadence.shift(cadence.start_of(day), periods)
    assert cadence.start_of(there) == there
    assert cadence.shift(there, -periods) == cadence.start_of(day)


@given(calendars, cadences, days)
def test_every_day_is_in_one_period(calendar: Calendar, name: str, day: date) -> None:
    cadence = calendar.cadence(name)
    start = cadence.start_of(day)
    assert start <= day <= end_of(cadence, start)
    assert cadence.start_of(end_of(cadence, start)) == start
    assert cadence.shift(start, 1) == end_of(cadence, start) + timedelta(days=1)


@given(calendars, days)
def test_a_weeks_label_leads_back_to_it(calendar: Calendar, day: date) -> None:
    start = calendar.week_of(day.isoformat())
    assert calendar.week_of(calendar.cadence("weekly").label(start)) == start
    assert WEEKDAYS[end_of(calendar.cadence("weekly"), start).weekday()] == calendar.week_ends_on


@given(calendars, days)
def test_labels_of_neighbouring_weeks_differ(calendar: Calendar, day: date) -> None:
    cadence = calendar.cadence("weekly")
    start = cadence.start_of(day)
    assert cadence.label(start) < cadence.label(cadence.shift(start, 1))


@given(calendars, cadences, days)
def test_windows_are_whole_periods_and_end_together(calendar: Calendar, name: str, day: date) -> None:
    cadence = calendar.cadence(name)
    windows = calendar.windows(cadence, day)
    assert windows.week.last <= day
    assert windows.week.last == windows.four_weeks.last == windows.year_to_date.last == windows.rolling_year.last
    for one in (windows.week, windows.four_weeks, windows.year_to_date, windows.rolling_year):
        assert cadence.start_of(one.first) == one.first
        assert one.first <= windows.week.first
    assert _periods(calendar, name, windows.four_weeks) == cadence.recent
    assert _periods(calendar, name, windows.rolling_year) == cadence.year


@given(calendars, cadences, days)
def test_baselines_and_years_are_contiguous(calendar: Calendar, name: str, day: date) -> None:
    cadence = calendar.cadence(name)
    windows = calendar.windows(cadence, day)
    one_day = timedelta(days=1)
    assert windows.baseline_week.last + one_day == windows.week.first
    assert windows.baseline_four_weeks.last + one_day == windows.four_weeks.first
    assert windows.rolling_year_year_ago.last + one_day == windows.rolling_year.first
    for one in (windows.baseline_week, windows.baseline_four_weeks, windows.rolling_year_year_ago):
        assert _periods(calendar, name, one) == cadence.year


@given(calendars, cadences, days)
def test_years_to_date_hold_the_periods_that_end_in_their_year(calendar: Calendar, name: str, day: date) -> None:
    cadence = calendar.cadence(name)
    windows = calendar.windows(cadence, day)
    year, before = windows.year_to_date, windows.year_to_date_year_ago
    month, first_day = calendar.year_starts
    starts = max(
        date(y, month, first_day) for y in range(day.year - 2, day.year + 1) if date(y, month, first_day) <= year.last
    )
    starts_before = date(starts.year - 1, month, first_day)
    assert starts <= end_of(cadence, year.first)
    assert year.first <= starts  # the period before ends before the year does begin
    assert before.first <= starts_before <= end_of(cadence, before.first)
    assert before.first <= before.last < starts
    assert before.last <= year.last - timedelta(days=364)


def _periods(calendar: Calendar, name: str, one: Span) -> int:
    return len(list(periods_between(calendar.cadence(name), one.first, calendar.cadence(name).start_of(one.last))))
