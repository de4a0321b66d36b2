"""Figures, dates and outcomes as a reader of print expects them. Month names are fixed, whatever the locale."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from math import isnan

from compstat.calendar import CUSTOM, Span
from compstat.meeting.days import MONTHS, day
from compstat.meeting.figures import decimals_of, printed_change
from compstat.rules.figure_window import window_of
from compstat.rules.flag import LONGEST_LOOK_BACK, Flag, Outcome, State
from compstat.workspace.tables import Indicator

MINUS = "\N{MINUS SIGN}"
DASH = "–"
SMALL_EXPECTATION = 1.0  # below it a whole number would print as 0 what is not 0
_LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PERIODS = {
    "weekly": "a week",
    "fortnightly": "a fortnight",
    "monthly": "a month",
    "quarterly": "a quarter",
    "yearly": "a year",
}


def number(value: float | None, decimals: int = 0) -> str:
    """`1,204`, `86.9`, a real minus sign; a dash where there is no figure."""
    if value is None or isnan(value):
        return DASH
    words = f"{value:,.{decimals}f}"
    if words.strip("-0.,") == "":
        words = words.lstrip("-")
    return words.replace("-", MINUS)


def signed(value: float | None, decimals: int = 0) -> str:
    """`+18`, `−7`, `0`."""
    words = number(value, decimals)
    return f"+{words}" if value is not None and value > 0 and words.strip("0.,") else words


def probability(value: float | None) -> str:
    """`0.031`, `0.0004`, `<0.0001`; a dash without one."""
    if value is None:
        return DASH
    if value < 0.0001:
        return "<0.0001"
    return f"{value:.4f}" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 flag`, `3 flags`, `no flags`."""
    return f"{number(n) if n else 'no'} {one if n == 1 else many or one + 's'}"


def labelled(indicator: Indicator) -> str:
    """The indicator's name with its unit, once: `Absence, %`."""
    unit = {"percent": ", %", "rate": f", per {indicator.per:,.0f}", "days": ", days"}
    return indicator.title + unit.get(indicator.unit_of_measure, "")


def measure(indicator: Indicator) -> str:
    """What a chart's axis counts: `number a week`, `%`, `per 1,000`."""
    period = _PERIODS.get(indicator.cadence) or f"a {indicator.cadence.removeprefix(CUSTOM)}"
    words = {
        "count": f"number {period}",
        "money": f"amount {period}",
        "percent": "%",
        "rate": f"per {indicator.per:,.0f}",
        "days": "days",
    }
    return words[indicator.unit_of_measure]


def short_day(when: date, near: date | None = None) -> str:
    """`19 Nov`, with the year when it is further than half a year from `near`."""
    words = f"{when.day} {MONTHS[when.month - 1]}"
    far = near is not None and abs((date(when.year, when.month, when.day) - near).days) > 183
    return f"{words} {when.year}" if far else words


def long_day(when: date) -> str:
    """`Thursday 19 November 2026`."""
    return f"{_DAYS[when.weekday()]} {when.day} {_LONG_MONTHS[when.month - 1]} {when.year}"


def month(when: date) -> str:
    """`Nov 26`, for the ticks of a chart."""
    return f"{MONTHS[when.month - 1]} {when.year % 100:02d}"


def moment(when: datetime) -> str:
    """`Mon 16 Nov 2026 18:00`."""
    return f"{_DAYS[when.weekday()][:3]} {day(when)} {when:%H:%M}"


def span(days: Span) -> str:
    """`9–15 Nov 2026`, `19 Oct – 15 Nov 2026`, `29 Dec 2025 – 15 Nov 2026`."""
    first, last = days.first, days.last
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    start = f"{first.day} {MONTHS[first.month - 1]}" if first.year == last.year else day(first)
    return f"{start} – {day(last)}"


def week_title(week: str) -> str:
    """`Week 46` of `2026-W46`, the label itself for other cadences."""
    match = re.fullmatch(r"\d{4}-W(\d{2})", week)
    return f"Week {int(match[1])}" if match else week


def recent_title(cadence: str) -> str:
    """What the recent window is called under this cadence: four weeks, three months, ..."""
    names = {"weekly": "four weeks", "fortnightly": "two fortnights", "monthly": "three months"}
    return names.get(cadence, "latest period")


def period_title(cadence: str) -> str:
    """`week`, `month`, ..., the newest period of this cadence."""
    return _PERIODS.get(cadence, cadence.removeprefix(CUSTOM)).removeprefix("a ")


def due_words(due: date, meeting: date) -> str:
    """`due in 3 days`, `due at this meeting`, `9 days overdue`, counted from the meeting's day."""
    days = (due - meeting) // timedelta(days=1)
    if days == 0:
        return "due at this meeting"
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    return f"due in {counted(days, 'day')}" if days < 21 else f"due in {days // 7} weeks"


def state_words(flag: Flag) -> str:
    """`new`, `3 weeks running`, `returning`: how long the flag has stood, under or after the word “flagged”."""
    if flag.state is State.CLEARED or flag.weeks_open <= 1:
        return str(flag.state)
    again = "returning, " if flag.state is State.RETURNING else ""
    if flag.weeks_open > LONGEST_LOOK_BACK:
        return f"{again}over {LONGEST_LOOK_BACK} weeks"
    return f"{again}{flag.weeks_open} weeks running"


_RECENT = {"weekly": "4 weeks", "fortnightly": "2 fortnights", "monthly": "3 months"}


def over_words(flag: Flag, indicator: Indicator | None) -> str:
    """Over which time the flag's figures are: `week`, `4 weeks`, `mean, year`, `mean of 13`; a dash: not known.

    A mean is named where events are added up: of a share the year is the year.
    """
    cadence, window = indicator.cadence if indicator else "weekly", window_of(flag.family, flag.inputs)
    mean = "mean, " if window.is_mean and indicator and indicator.aggregate == "sum" else ""
    words = {
        "period": period_title(cadence),
        "recent": mean + _RECENT.get(cadence, "latest period"),
        "year": f"{mean}year",
        "mean": f"mean of {window.periods}",
        "periods": f"{window.periods} {period_title(cadence)}s",
    }
    return words.get(window.length, DASH)


def flag_figures(flag: Flag, indicator: Indicator | None) -> tuple[str, str, str]:
    """Now, against and change with their units. A mean has a decimal, and so has an expectation that is not quite 0."""
    if indicator is None:
        return with_unit(flag.value, None), with_unit(flag.comparator, None), DASH
    plain = decimals_of(indicator)
    fine = max(plain, 1) if window_of(flag.family, flag.inputs).is_mean else plain
    small = flag.comparator is not None and 0 < abs(flag.comparator) < SMALL_EXPECTATION
    return (
        with_unit(flag.value, indicator, fine),
        with_unit(flag.comparator, indicator, max(fine, 1) if small else fine),
        apart(flag.value, flag.comparator, indicator, max(fine, 1) if small else fine),
    )


def rule_words(family: str) -> str:
    """A rule family in plain words: `year on year`, `special cause`."""
    return family.replace("_", " ")


_TESTS = {
    "quasi-z": "both years' events compared, allowing for their usual spread",
    "z of two shares": "both years' shares compared, allowing for their usual spread",
    "XmR, four rules": "limits of its own chart, four rules (XmR)",
    "negative-binomial predictive on one and on several periods, smaller p doubled": (
        "the newest period and the recent ones against its own year, allowing for the usual spread (negative binomial)"
    ),
    "volume against own history: forecast residual and own chart together": (
        "the newest period against what those before it led to expect, allowing for what such a forecast usually misses"
    ),
    "share against own history: exact beta-binomial, or Laney and forecast residual together": (
        "its share against its own year, allowing for the usual spread"
    ),
}


def test_words(test: str) -> str:
    """A test in plain words; the receipt of `compstat explain` has its formula."""
    plain = test.rstrip(".")
    return _TESTS.get(plain, plain)


_MEASURES = {"percent": ("%", " points"), "money": ("", ""), "days": (" days", " days"), "count": ("", "")}


def with_unit(value: float | None, indicator: Indicator | None, decimals: int | None = None) -> str:
    """`61`, `80.3%`, `9.1 days`, `12.5 per 1,000`: a figure with its unit of measure; decimals: else its own."""
    if indicator is None:
        return number(value, 1)
    if value is None or isnan(value):
        return DASH
    per = f" per {indicator.per:,.0f}"
    unit = _MEASURES.get(indicator.unit_of_measure, (per, per))[0]
    return number(value, decimals_of(indicator) if decimals is None else decimals) + unit


def apart(
    value: float | None, comparator: float | None, indicator: Indicator | None, decimals: int | None = None
) -> str:
    """What two figures are apart, with the unit: `+85`, `−4.7 points`; the difference of what is printed of them."""
    if value is None or comparator is None or indicator is None:
        return DASH
    places = decimals_of(indicator) if decimals is None else decimals
    return signed(printed_change(value, comparator, places), places) + change_unit(indicator)


def change_unit(indicator: Indicator) -> str:
    """The unit of a change: ` points` of a percentage, ` days`, nothing for events and money."""
    per = f" per {indicator.per:,.0f}"
    return _MEASURES.get(indicator.unit_of_measure, (per, per))[1]


def sign_of(outcome: str) -> str:
    """What an outcome's mark stands for, in words."""
    names = {
        Outcome.CONCERN.value: "concern",
        Outcome.WATCH.value: "watch",
        Outcome.COMMEND.value: "improvement",
        Outcome.DATA.value: "data problem",
    }
    return names.get(outcome, outcome)
