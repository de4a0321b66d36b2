"""What the headings of a returns file say: long or wide, and what its dates stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from compstat.findings import DataError, Finding, nearest
from compstat.load.quoted import plain, quoted

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
# What templates and exports say beside the figures, for people: loading passes over them
NOTES = ("name", "definition", "last_value", "batch", "recorded_at", "source")
REFUSED = ("refused_line", "refused_because")  # what --set-aside puts before a row: nothing to load
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

    @property
    def when_is_text(self) -> bool:
        """Whether periods are written as names (`2026-W46`, `2026-11`) and not as days."""
        return self.when_kind in {"iso-week", "month"}

    @property
    def said(self) -> tuple[str, ...]:
        """The headings whose cells are a return's, not our own notes beside it."""
        notes = (*REFUSED, *NOTES) if self.is_long else REFUSED
        return tuple(heading for heading in self.headings if heading not in notes)


def read_columns(found: Sequence[str], indicators: Collection[str], source: str, where: str | None = None) -> Columns:
    """The headings understood, which stand at `where`. Raises DataError with each that is missing, double, unknown."""
    headings = tuple(heading.strip() for heading in found)
    if not any(headings):
        raise DataError(Finding("empty-file", source, "is empty; wanted headings and rows", f"Headings: {WANTED}"))
    where = where or f"{source}:1"
    is_long = "indicator" in headings or "value" in headings
    findings = [*_double(headings, where), *_problems(headings, indicators, where, is_long=is_long)]
    if findings:
        raise DataError(findings)
    own = (*WHEN, *REFUSED, "unit")
    columns = tuple(heading for heading in headings if heading not in own)
    return Columns(headings, next(name for name in headings if name in WHEN), () if is_long else columns)


def _double(headings: Sequence[str], where: str) -> Iterator[Finding]:
    for heading in sorted({heading for heading in headings if heading and headings.count(heading) > 1}):
        yield Finding("double-heading", where, f"column {quoted(heading)} is there twice", "Keep one of them.")


def _problems(headings: Sequence[str], indicators: Collection[str], where: str, *, is_long: bool) -> Iterator[Finding]:
    required = ("unit", "indicator") if is_long else ("unit",)
    known = [*required, *WHEN, *((*FIGURES, *NOTES) if is_long else indicators)]
    unknown = [heading for heading in headings if heading not in known and heading not in REFUSED]
    for place, heading in enumerate(headings, 1):
        if not heading:
            yield Finding("unknown-heading", where, f"column {place} has no heading", "Name it, or take it out.")
    yield from (_unknown(where, heading, known, is_long) for heading in unknown if heading)
    yield from (_missing(where, column, headings) for column in required if column not in headings)
    if is_long and not ({"value", "numerator"} & set(headings)):
        yield _missing(where, "value", headings)
    dates = [heading for heading in headings if heading in WHEN]
    if len(dates) != 1:
        message = f"wanted one column with the date ({', '.join(WHEN)}), found {', '.join(dates) or 'none'}"
        yield Finding("missing-heading", where, message, f"Headings: {WANTED}")
    if not is_long and not unknown and not set(headings) & set(indicators):
        message = "no column holds figures; wanted indicator and value, or a column named after each indicator"
        yield Finding("missing-heading", where, message, f"Headings: {WANTED}")


def _missing(where: str, column: str, headings: Sequence[str]) -> Finding:
    message = f'column "{column}" is missing; found {plain(", ".join(headings), 200)}'
    return Finding("missing-heading", where, message, f"Headings: {WANTED}")


def _unknown(where: str, heading: str, known: Sequence[str], is_long: bool) -> Finding:
    hint = nearest(heading, known) if len(heading) <= 100 else ""
    if is_long:
        message = f"column {quoted(heading)} is not known in a long file.{hint}"
        return Finding("unknown-heading", where, message, f"Headings: {WANTED}")
    message = f"column {quoted(heading)} is no indicator of indicators.csv.{hint}"
    return Finding("unknown-indicator", where, message, "Fix the heading, or add the indicator.")
