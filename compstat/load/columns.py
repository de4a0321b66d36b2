"""What the headings of a returns file say: long or wide, and what its dates stand for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compstat.findings import DataError, Finding, nearest

# heading -> what a date under it is
WHEN = {
    "week": "iso-week",
    "week_start": "start",
    "week_ending": "end",
    "period_start": "start",
    "period_end": "end",
    "month": "month",
}
FIGURES = ("value", "numerator", "denominator")
WANTED = "unit,indicator,week_ending,value (long) or unit,week_ending and a column an indicator (wide)"


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings in the file's order, the one that holds the date, and the indicators of a wide file."""

    headings: tuple[str, ...]
    when: str
    indicators: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        return not self.indicators

    @property
    def when_kind(self) -> str:
        """`start` or `end` (a period's first or last day), `iso-week` or `month`."""
        return WHEN[self.when]


def read_columns(found: Sequence[str], indicators: Collection[str], source: str) -> Columns:
    """The headings understood. Raises DataError with every heading that is missing, double or unknown."""
    headings = tuple(heading.strip() for heading in found)
    where = f"{source}:1"
    if not any(headings):
        raise DataError(Finding("empty-file", source, "is empty; wanted headings and rows", f"Headings: {WANTED}"))
    findings = [
        Finding("double-heading", where, f'column "{heading}" is there twice', "Keep one of them.")
        for heading in sorted({heading for heading in headings if headings.count(heading) > 1})
    ]
    dates = [heading for heading in headings if heading in WHEN]
    is_long = "indicator" in headings or "value" in headings
    required = ("unit", "indicator") if is_long else ("unit",)
    findings += [_missing(where, column, headings) for column in required if column not in headings]
    if is_long and not ({"value", "numerator"} & set(headings)):
        findings.append(_missing(where, "value", headings))
    if len(dates) != 1:
        message = f"wanted one column with the date ({', '.join(WHEN)}), found {', '.join(dates) or 'none'}"
        findings.append(Finding("missing-heading", where, message, f"Headings: {WANTED}"))
    rest = [heading for heading in headings if heading not in WHEN and heading not in required]
    known = FIGURES if is_long else tuple(indicators)
    findings += [_unknown(where, heading, known, is_long) for heading in rest if heading not in known]
    if not is_long and not rest:
        findings.append(_missing(where, "value", headings))
    if findings:
        raise DataError(findings)
    return Columns(headings, dates[0], () if is_long else tuple(rest))


def _missing(where: str, column: str, headings: Sequence[str]) -> Finding:
    message = f'column "{column}" is missing; found {", ".join(headings)}'
    return Finding("missing-heading", where, message, f"Headings: {WANTED}")


def _unknown(where: str, heading: str, known: Sequence[str], is_long: bool) -> Finding:
    if is_long:
        message = f'column "{heading}" is not known in a long file.{nearest(heading, known)}'
        return Finding("unknown-heading", where, message, f"Headings: {WANTED}")
    message = f'indicator "{heading}" is not in indicators.csv.{nearest(heading, known)}'
    return Finding("unknown-indicator", where, message, "Fix the heading, or add the indicator.")
