"""Flags in plain sentences: what happened, against what, over which time."""

from __future__ import annotations

from compstat.calendar import CUSTOM
from compstat.rules.figure_window import FigureWindow
from compstat.windows.panel import Panel
from compstat.workspace.tables import Indicator

MINUS = "\N{MINUS SIGN}"


def figure(value: float, indicator: Indicator) -> str:
    """A figure with its unit as people say it: `61`, `86.4%`, `£1,204` stays `1,204`; one decimal for rates.

    From 100 on, and where the decimal would be 0, whole: 1742.54 is 1,743 wherever it is said.
    """
    if indicator.unit_of_measure == "percent":
        return f"{value:.1f}%".replace("-", MINUS)
    whole = abs(value) >= 100 or round(float(value), 1).is_integer()
    words = f"{value:,.{0 if whole else 1}f}"
    return "0" if words == "-0" else words.replace("-", MINUS)


PERIODS = {"weekly": "week", "fortnightly": "fortnight", "monthly": "month", "quarterly": "quarter", "yearly": "year"}


def period_name(cadence: str) -> str:
    """What one period of a cadence is called: `week`; `half-term` of `custom:half-term`."""
    return PERIODS.get(cadence) or cadence.removeprefix(CUSTOM)


def periods_name(panel: Panel) -> str:
    """What several of its periods are called: `weeks`, `months`."""
    names = {"weekly": "weeks", "fortnightly": "fortnights", "monthly": "months", "quarterly": "quarters"}
    return names.get(panel.cadence.name) or f"{period_name(panel.cadence.name)}s"


def span_words(panel: Panel, one: bool) -> str:
    """`this week`, `over four weeks`, `this month`, `over three months`."""
    words = {
        "weekly": ("this week", "over four weeks"),
        "fortnightly": ("this fortnight", "over two fortnights"),
        "monthly": ("this month", "over three months"),
        "quarterly": ("this quarter", "this quarter"),
        "yearly": ("this year", "this year"),
    }
    if panel.cadence.name in words:
        return words[panel.cadence.name][0 if one else 1]
    name, recent = period_name(panel.cadence.name), panel.cadence.recent
    return f"this {name}" if one or recent == 1 else f"over {recent} {name}s"


def window_words(panel: Panel, row: int, window: FigureWindow, present: float) -> str:
    """`this week`, `over four weeks`, `mean of 13 weeks`, `over 8 weeks`, `a week, over the year`; "": not known.

    present: periods of the recent window that the figure is of.
    """
    names = periods_name(panel)
    sums = window.is_mean and panel.indicators[row].aggregate == "sum"
    each = f"a {period_name(panel.cadence.name)}, " if sums else ""
    words = {
        "period": span_words(panel, True),
        "recent": each + present_words(panel, False, present),
        "mean": f"mean of {window.periods} {names}",
        "periods": f"over {window.periods} {names}",
        "year": f"{each}over the year",
    }
    return words.get(window.length, "")


_SEVERAL = {"weekly": "four weeks", "fortnightly": "two fortnights", "monthly": "three months"}


def ahead_words(cadence: str, window: str) -> str:
    """`in the next week`, `over the next four weeks`, `a week over the next four weeks`; window: of an outlook."""
    name = period_name(cadence)
    if window == "week":
        return f"in the next {name}"
    each = f"a {name} " if window == "mean" else ""
    return f"{each}over the next {_SEVERAL.get(cadence, name)}"


def present_words(panel: Panel, one: bool, present: float) -> str:
    """`over four weeks`; where some of them were not returned, `over 3 of the last 4 weeks`."""
    if one or not present < panel.cadence.recent:
        return span_words(panel, one)
    return f"over {present:g} of the last {panel.cadence.recent} {periods_name(panel)}"


def expected_figure(expected: float) -> float:
    """An expectation as people say it, in whole events; below ten with one decimal."""
    return round(expected, 1) if expected < 10 else float(round(expected))


def window_sentence(
    panel: Panel, row: int, value: float, expected: float, one: bool, present: float, season: bool = False
) -> str:
    """`Burglary: 61 over four weeks, where its own last year led us to expect 43`; `and the season`, where it did.

    `present`: the window's periods that were returned.
    """
    indicator = panel.indicators[row]
    seen, wanted = figure(value, indicator), figure(expected_figure(expected), indicator)
    history = "its own last year and the season" if season else "its own last year"
    return f"{indicator.title}: {seen} {present_words(panel, one, present)}, where {history} led us to expect {wanted}."


def volume_sentence(panel: Panel, row: int, value: float, expected: float) -> str:
    """`Calls: 4,310 this week, where the weeks before it led us to expect 3,720.`"""
    indicator = panel.indicators[row]
    seen, wanted = figure(value, indicator), figure(expected_figure(expected), indicator)
    before = f"the {periods_name(panel)} before it"
    return f"{indicator.title}: {seen} {span_words(panel, True)}, where {before} led us to expect {wanted}."


def share_sentence(panel: Panel, row: int, value: float, expected: float) -> str:
    """`Response within 15 minutes: 78.2% this week, against 88.0% over its own last year.`"""
    indicator = panel.indicators[row]
    seen, usual = figure(value, indicator), figure(expected, indicator)
    return f"{indicator.title}: {seen} {span_words(panel, True)}, against {usual} over its own last year."
