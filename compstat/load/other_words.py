"""Other words that people use for our headings; only close to them, never taken for them without saying so."""

from __future__ import annotations

import re
from collections.abc import Collection

from compstat.load.our_words import FIGURES, WHEN

# Other words for our headings, small letters, other characters as _
UNIT = {
    "unit",
    "unit_code",
    "unit_name",
    "area",
    "ward",
    "district",
    "precinct",
    "station",
    "division",
    "region",
    "school",
    "hospital",
    "provider",
    "org",
    "org_code",
    "organisation",
    "organization",
    "location",
    "site",
    "depot",
    "team",
    "department",
    "treatment_location",
    "neighbourhood",
    "neighborhood",
    "borough",
    "local_authority",
    "force",
}
INDICATOR = {
    "indicator",
    "measure",
    "metric",
    "category",
    "offence",
    "offense",
    "crime_type",
    "kpi",
    "series",
    "variable",
}
VALUE = {"value", "count", "number", "figure", "total", "n", "amount"}
PARTS = {"num": "numerator", "den": "denominator", "denom": "denominator", "out_of": "denominator"}
WHEN_WORDS = {
    **{name: name for name in WHEN},
    **dict.fromkeys(("week_starting", "week_commencing", "week_beginning", "wc", "w_c"), "week_start"),
    **dict.fromkeys(("week_end", "week_ending_date", "weekending"), "week_ending"),
    **dict.fromkeys(("start", "start_date"), "period_start"),
    **dict.fromkeys(("end", "end_date"), "period_end"),
    **dict.fromkeys(("iso_week", "year_week"), "week"),
    **dict.fromkeys(("date", "day", "period", "reporting_date"), ""),  # first or last day: see _first_or_last
}


MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# A heading that is a period itself: 2026-11-15, w/e 15/11/2026, 15 Nov, Nov-26, 2026-W46, Week 46
A_PERIOD = re.compile(
    r"(w\W?[ec]\W+|week (ending|commencing)\W+)?"
    rf"(\d{{4}}-\d\d?(-\d\d?)?|\d\d?[./-]\d\d?([./-]\d{{2,4}})?|\d\d?[ -]{MONTH}([ -]\d{{2,4}})?|{MONTH}[ -]\d{{2,4}})"
    r"|(\d{4}[ -]?)?(w|wk|week)[ -]?\d\d?",
    re.IGNORECASE | re.ASCII,
)


def as_word(heading: str) -> str:
    """`Week Ending`, `WeekEnding` and `week-ending` as `week_ending`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", heading)
    return re.sub(r"[\W_]+", "_", apart.casefold()).strip("_")


def names_unit_and_when(cells: Collection[str]) -> bool:
    """Whether a row says which unit and when, in our words or close to them."""
    words = {as_word(cell) for cell in cells}
    return not words.isdisjoint(UNIT) and not words.isdisjoint(WHEN_WORDS)


def periods_across(headings: Collection[str]) -> list[str]:
    """The headings that are a week or a day each; empty unless there are several."""
    found = [heading for heading in headings if A_PERIOD.fullmatch(heading.strip())]
    return found if len(found) > 1 else []


def speaks_of_returns(cells: Collection[str], names: Collection[str]) -> bool:
    """Whether a row may be the headings of a return, right or wrong: it says when, or what a figure is of.

    `names`: the indicators here, or the columns that a feed counts.
    """
    known = {*WHEN_WORDS, *INDICATOR, *VALUE, *PARTS, *FIGURES, *(as_word(name) for name in names)}
    return not known.isdisjoint(as_word(cell) for cell in cells if cell)
