"""What the headings of a returns file say: long or wide, and what its dates stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from compstat.findings import DataError, Finding, nearest
from compstat.load.other_words import UNIT, WHEN_WORDS, as_word, periods_across
from compstat.load.our_words import FIGURES, NOTES, REFUSED, WHEN
from compstat.load.quoted import plain, quoted, toml_text

WANTED = "unit,indicator,week_ending,value (long) or unit,week_ending and a column an indicator (wide)"


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings in the file's order, the one that holds the date, and the indicators of a wide file.

    A column that the workspace passes over has the heading "".
    """

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
        return tuple(heading for heading in self.headings if heading and heading not in notes)


def read_columns(
    found: Sequence[str],
    indicators: Collection[str],
    source: str,
    where: str | None = None,
    passed: Collection[str] = (),
    empty: Collection[int] = (),
) -> Columns:
    """The headings understood, which stand at `where`. Raises DataError with each that is missing, double, unknown.

    `passed`: headings of columns that are not loaded. `empty`: places of columns that hold nothing at all; they need
    no heading.
    """
    headings = tuple(heading.strip() for heading in found)
    if not any(headings):
        raise DataError(Finding("empty-file", source, "is empty; wanted headings and rows", f"Headings: {WANTED}"))
    where = where or f"{source}:1"
    kept = tuple(heading for heading in headings if heading and heading not in passed)
    unnamed = [place for place, heading in enumerate(headings) if not heading and place not in empty]
    is_long = "indicator" in kept or "value" in kept
    findings = [*_double(kept, where), *_problems(unnamed, kept, indicators, where, is_long=is_long)]
    if findings:
        raise DataError(findings)
    own = (*WHEN, *REFUSED, "unit")
    columns = tuple(heading for heading in kept if heading not in own)
    named = tuple("" if heading in passed else heading for heading in headings)
    return Columns(named, next(name for name in kept if name in WHEN), () if is_long else columns)


def _double(headings: Sequence[str], where: str) -> Iterator[Finding]:
    for heading in sorted({heading for heading in headings if heading and headings.count(heading) > 1}):
        yield Finding("double-heading", where, f"column {quoted(heading)} is there twice", "Keep one of them.")


def _problems(
    unnamed: Sequence[int], headings: Sequence[str], indicators: Collection[str], where: str, *, is_long: bool
) -> Iterator[Finding]:
    required = ("unit", "indicator") if is_long else ("unit",)
    known = [*required, *WHEN, *((*FIGURES, *NOTES) if is_long else indicators)]
    unknown = [heading for heading in headings if heading not in known and heading not in REFUSED]
    if "unit" not in headings:  # what stands for it is told with what is missing
        unknown = [heading for heading in unknown if as_word(heading) not in UNIT]
    dates = [heading for heading in headings if heading in WHEN]
    if not dates and (across := periods_across(headings)):
        yield weeks_across(where, across)
        return
    # what a file lacks comes first: of one that is no return at all no column is to become an indicator
    yield from (_missing(where, column, headings) for column in required if column not in headings)
    if is_long and not ({"value", "numerator"} & set(headings)):
        yield _missing(where, "value", headings)
    if len(dates) != 1:
        message = f"wanted one column with the date ({', '.join(WHEN)}), found {', '.join(dates) or 'none'}"
        yield Finding("missing-heading", where, message, _fix(headings))
    if not dates and "unit" not in headings:
        return
    for place in unnamed:
        yield Finding("unknown-heading", where, f"column {place + 1} has no heading", "Name it, or take it out.")
    yield from (_unknown(where, heading, headings, known, is_long) for heading in unknown)
    if not is_long and not unknown and not set(headings) & set(indicators):
        message = "no column holds figures; wanted indicator and value, or a column named after each indicator"
        yield Finding("missing-heading", where, message, f"Headings: {WANTED}")


def weeks_across(where: str, across: Sequence[str]) -> Finding:
    """The refusal of a table with a column a week."""
    named = ", ".join(quoted(heading) for heading in across[:2])
    message = f"the weeks stand across the columns ({named}, {len(across)} in all): this shape is not read"
    fix = f"Wanted a row a unit and week: {WANTED}. In Excel: Data, From Table, Unpivot Columns."
    return Finding("weeks-across", where, message, fix)


def _missing(where: str, column: str, headings: Sequence[str]) -> Finding:
    message = f'column "{column}" is missing; found {plain(", ".join(headings), 200)}'
    return Finding("missing-heading", where, message, _fix(headings))


def _fix(headings: Sequence[str]) -> str:
    """What to do about a heading that is missing: one that says as much in other words may be declared."""
    for heading in headings:
        word = as_word(heading)
        ours = "unit" if word in UNIT else WHEN_WORDS.get(word)
        if ours and heading != ours:
            declared = f"columns = {{ {toml_text(heading)} = {toml_text(ours)} }}"
            return f"Headings: {WANTED}. Or say what yours are under [returns] in compstat.toml: {declared}"
    return f"Headings: {WANTED}"


def _unknown(where: str, heading: str, headings: Sequence[str], known: Sequence[str], is_long: bool) -> Finding:
    other = next((one for one in headings if one in known and as_word(one) == as_word(heading)), None)
    if other:
        message = f"column {quoted(other)} is there twice, once as {quoted(heading)}"
        return Finding("double-heading", where, message, "Keep one of them.")
    hint = nearest(heading, known) if len(heading) <= 100 else ""
    if is_long:
        message = f"column {quoted(heading)} is not known in a long file.{hint}"
        return Finding("unknown-heading", where, message, f"Headings: {WANTED}")
    message = f"column {quoted(heading)} is no indicator of indicators.csv.{hint}"
    return Finding("unknown-indicator", where, message, "Fix the heading, or add the indicator.")
