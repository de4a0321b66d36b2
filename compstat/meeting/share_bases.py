"""What a percentage is of: `269 of 335` beside 80.3%. Counts come before percentages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose

from compstat.meeting.briefing import IndicatorRow, WindowFigures
from compstat.meeting.days import with_plain_days
from compstat.rules.figure_window import window_of
from compstat.rules.flag import Flag
from compstat.rules.wording import figure
from compstat.workspace.tables import Indicator

WINDOWS = {"period": "week", "recent": "four_weeks", "year": "rolling_year"}
Parts = tuple[float, float]


def share_bases(rows: Mapping[str, Sequence[IndicatorRow]], flags: Sequence[Flag]) -> dict[str, str]:
    """Of each flag of a percentage its numerator and denominator in words; a flag without is left out."""
    cells = {(unit, row.indicator.indicator): row for unit, its_own in rows.items() for row in its_own}
    bases: dict[str, str] = {}
    for flag in flags:
        row = cells.get((flag.unit, flag.indicator))
        if row is None or not row.indicator.is_ratio or row.indicator.unit_of_measure != "percent":
            continue
        window = row.windows.get(WINDOWS.get(window_of(flag.family, flag.inputs).length, ""))
        scale = row.indicator.scale
        found = next((parts for parts in _parts(flag, window) if _gives(parts, flag.value, scale)), None)
        if found:
            bases[flag.flag] = f"{_plain(found[0])} of {_plain(found[1])}"
    return bases


def _parts(flag: Flag, window: WindowFigures | None) -> Iterator[Parts]:
    """Those of the receipt, else of the window's totals."""
    inputs = flag.inputs
    for above, below in (("numerator", "denominator"), ("amount", "size")):
        if isinstance(inputs.get(above), float | int) and isinstance(inputs.get(below), float | int):
            yield float(inputs[above]), float(inputs[below])
    if "amounts" in inputs and "volumes" in inputs:
        pairs = [pair for pair in zip(inputs["amounts"], inputs["volumes"], strict=True) if None not in pair]
        known = [pair for pair in pairs if pair[0] == pair[0]]  # a missing return is NaN
        yield float(sum(pair[0] for pair in known)), float(sum(pair[1] for pair in known))
    if window is not None and window.numerator is not None and window.denominator is not None:
        yield window.numerator, window.denominator


def _gives(parts: Parts, value: float | None, scale: float) -> bool:
    return value is not None and parts[1] > 0 and isclose(parts[0] / parts[1] * scale, value, rel_tol=1e-9)


def _plain(count: float) -> str:
    return f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}"


def told(flag: Flag, indicator: Indicator, bases: Mapping[str, str]) -> str:
    """The flag's sentence as a page has it: the base beside the percentage, days in the pages' style."""
    words, base = with_plain_days(flag.sentence), bases.get(flag.flag)
    if not base or flag.value is None:
        return words
    seen = figure(flag.value, indicator)
    return words.replace(f": {seen} ", f": {seen} ({base}) ", 1)
