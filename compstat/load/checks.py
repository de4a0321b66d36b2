"""What is wrong with the staged rows, asked of the staging table and told with line, finding and fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from compstat.findings import Finding, nearest
from compstat.load.batch import Loading
from compstat.load.periods import WANTED, YEAR_LAST, why_no_date
from compstat.load.quoted import number, plain, quoted
from compstat.load.staging import Refusal, Staged, put_periods
from compstat.load.written_figures import fix_of
from compstat.store import Store
from compstat.workspace.workspace import Workspace

MOST_HINTS = 100  # looking for the nearest name takes time, and nobody reads a thousand guesses
MOST_OFF = 0.500001  # of a ratio's value and what its parts give: rounding to a whole unit does as much
OF_EMPTY_CELLS = {"ratio-without-parts", "parts-without-value", "empty-over-held"}


@dataclass(frozen=True)
class Problems:
    """The rows that cannot be taken, in the file's order, each reason once; `cut_short`: there are more of them."""

    refusals: list[Refusal]
    cut_short: bool = False

    @property
    def lines(self) -> list[int]:
        return sorted({line for line, _ in self.refusals})


class Checks:
    """The checks of one staged file; each names at most `most` rows."""

    def __init__(self, store: Store, workspace: Workspace, staged: Staged, most: int) -> None:
        self._store = store
        self._workspace = workspace
        self._staged = staged
        self._most = most
        self._cut_short = False
        self._hints: dict[str, str] = {}

    def problems(self, *, withdraw: bool) -> Problems:
        """Every row that cannot be taken; a row can be there for several reasons."""
        found = list(self._staged.ragged)
        for check in self._to_do(withdraw):
            found += check()
        unread = {line for line, finding in found if line and finding.code == "not-a-number"}
        # a cell that could not be read is null in the staging table, but nobody left it empty
        kept = [row for row in found if not (row[0] in unread and row[1].code in OF_EMPTY_CELLS)]
        return Problems(sorted(dict.fromkeys(kept), key=lambda row: row[0]), self._cut_short)

    def _to_do(self, withdraw: bool) -> Iterator[Callable[[], Iterator[Refusal]]]:
        """The checks that may find something. Most files are sound: a pass over all rows for each fault would tell."""
        (doubts,) = self._store.records("load/doubts")
        ((odd,),) = self._store.rows("load/odd_figures")
        if self._staged.rows is not None:
            yield self._dates
            yield self._numbers
        if doubts["unknown_units"]:
            yield self._unknown_units
        if doubts["unknown_indicators"]:
            yield self._unknown_indicators
        yield self._periods
        if any(row.valid_from or row.valid_to for row in self._workspace.units):
            yield self._unit_dates
        if odd or doubts["parts"] or (doubts["said_twice"] and self._unlike_parts()):
            yield self._values
        if doubts["repeated"]:
            yield self._duplicates
        if doubts["empty"] and not withdraw:
            yield self._missing_over_held

    def _unlike_parts(self) -> bool:
        """Whether a ratio's value is not what its parts give."""
        if self._staged.worked_out:
            return False
        ((rows,),) = self._store.rows("load/unlike_parts", most_off=MOST_OFF)
        return bool(rows)

    def _rows(self, name: str, **params: object) -> list[tuple[Any, ...]]:
        rows = self._store.rows(f"load/{name}", most=self._most, **params)
        self._cut_short = self._cut_short or len(rows) >= self._most
        return rows

    def _refusal(self, line: int | None, code: str, message: str, fix: str, heading: str | None = None) -> Refusal:
        return line or 0, Finding(code, self._staged.place(line, heading), message, fix)

    def _written(self, rows: Sequence[tuple[Any, ...]]) -> dict[int, str]:
        return self._staged.dates_as_written(row[0] for row in rows if row[0])

    def _dates(self) -> Iterator[Refusal]:
        columns = self._staged.columns
        wanted, order = WANTED[columns.when_kind], self._workspace.settings.returns.dates
        for line, found in self._rows("problem_date"):
            said = f"{columns.when} is {quoted(found)}" if found else f"{columns.when} is empty"
            fix = "Write the date like that."
            why = why_no_date(found, columns.when_kind, self._workspace.calendar, order)
            if why:
                fix = "Write the date that is meant."
            elif YEAR_LAST.fullmatch(found):
                fix += ' If all are written so: dates = "day-first" or "month-first" under [returns] in compstat.toml.'
            yield self._refusal(line, "bad-date", f"{said}; {why or f'wanted {wanted}'}", fix, columns.when)

    def _numbers(self) -> Iterator[Refusal]:
        for line, figure, indicator, found in self._rows("problem_number"):
            heading = figure if self._staged.columns.is_long else indicator
            message = f"{plain(heading)} is {quoted(found)}; wanted a number"
            yield self._refusal(line, "not-a-number", message, fix_of(found), heading)

    def _unknown_units(self) -> Iterator[Refusal]:
        known = sorted({row.unit for row in self._workspace.units})
        for line, found in self._rows("problem_unknown_unit"):
            message = f"unit {quoted(found)} is not in units.csv.{self._hint(found, known)}"
            fix = "Fix the row, or add the unit."
            yield self._refusal(line, "unknown-unit", message if found else "unit is empty", fix)

    def _unknown_indicators(self) -> Iterator[Refusal]:
        known = [row.indicator for row in self._workspace.indicators]
        fix = "Fix the row, or add the indicator."
        for line, found in self._rows("problem_unknown_indicator"):
            message = f"indicator {quoted(found)} is not in indicators.csv.{self._hint(found, known)}"
            yield self._refusal(line, "unknown-indicator", message if found else "indicator is empty", fix)

    def _hint(self, found: str, known: Sequence[str]) -> str:
        if found not in self._hints and len(self._hints) < MOST_HINTS and len(found) <= 100:
            self._hints[found] = nearest(found, known)
        return self._hints.get(found, "")

    def _periods(self) -> Iterator[Refusal]:
        fixes = {
            "off-grid-date": "Fix the date; or week_ends_on in compstat.toml, or the indicator's cadence.",
            "future-period": "Load it when the period is over, or fix the date. For historical loads: --recorded-at.",
            "wrong-cadence": "Fix the heading, or the indicator's cadence in indicators.csv.",
        }
        heading = self._staged.columns.when
        rows = self._rows("problem_period", is_long=self._staged.columns.is_long)
        written = self._written(rows)
        for line, code, found, wanted in rows:
            said = written.get(line, found)
            # under `week` and `month` the day is ours: people look for what they wrote
            day = "" if said[:10] == found else f" ({found})"
            message = f"{heading} is {plain(said)}{day}; wanted {wanted}"
            yield self._refusal(line, code, message, fixes[code])

    def _unit_dates(self) -> Iterator[Refusal]:
        rows = self._rows("problem_unit_dates")
        written = self._written(rows)
        for line, unit, found in rows:
            said = written.get(line, found)
            message = f"unit {quoted(unit)} is not valid in the period of {plain(said)}"
            fix = "Mend its valid_from and valid_to in units.csv, or the row."
            yield self._refusal(line, "unit-not-valid", message, fix)

    def _values(self) -> Iterator[Refusal]:
        words = {
            "negative-value": ("is negative; wanted 0 or more", "Fix the figure, or set non_negative to no."),
            "not-a-number": ("is no finite number", "Fix the figure, or leave the cell empty."),
            "ratio-without-parts": (
                "lacks a numerator or denominator; wanted both, a ratio is worked out again from its parts",
                "Give both in a long file, or set aggregate to mean in indicators.csv.",
            ),
            "ratio-of-nothing": (
                "has the denominator 0; wanted numerator 0 and no value where there was nothing to divide by",
                "Fix the parts, or leave value empty.",
            ),
            "value-unlike-parts": (
                "has a value that its parts do not give; wanted {gives}, or no value",
                "Fix the value or the parts, or leave value empty: it is worked out from its parts.",
            ),
            "parts-without-value": (
                "has parts and no value; wanted a value, the indicator is no ratio",
                "Give the value, or set aggregate to ratio in indicators.csv.",
            ),
        }
        for line, code, indicator, *figures, gives in self._rows("problem_value", most_off=MOST_OFF):
            message, fix = words[code]
            message = message.format(gives="" if gives is None else number(gives))
            yield self._refusal(line, code, f"{plain(indicator)} ({_figures(figures)}) {message}", fix)

    def _duplicates(self) -> Iterator[Refusal]:
        for line, unit, indicator, found, equal, times, first in self._rows("problem_duplicate"):
            cell = ", ".join(plain(part) for part in (unit or "", indicator or "", found))
            figures = "the same figures" if equal else "different figures"
            message = f"{cell} is there {times} times, with {figures}" + (f", first in line {first}" if first else "")
            yield self._refusal(line, "duplicate-key", message, "Keep the right one.")

    def _missing_over_held(self) -> Iterator[Refusal]:
        fix = "Give the figure, or take the held one back with --withdraw."
        for line, unit, indicator, found, held, held_of in self._rows("problem_missing"):
            cell = ", ".join(plain(part) for part in (unit or "", indicator or "", found))
            figure = _figures([held]) if held is not None else f"0 of {_figures([held_of])}"
            message = f"the cell is empty, but the store holds {figure} for {cell}"
            yield self._refusal(line, "empty-over-held", message, fix)


def _figures(figures: Sequence[object]) -> str:
    """`31`, or of a ratio `value 31, numerator 12, denominator 40` as far as they were given."""
    given = [(name, figure) for name, figure in zip(("value", "numerator", "denominator"), figures, strict=False)]
    told = [(name, number(figure)) for name, figure in given if isinstance(figure, float)]
    return told[0][1] if [name for name, _ in told] == ["value"] else ", ".join(f"{name} {text}" for name, text in told)


def problems_of(store: Store, workspace: Workspace, staged: Staged, loading: Loading, most: int) -> Problems:
    """What is wrong with the staged rows, at most `most` rows of each kind; leaves their periods for the insert."""
    put_periods(store, workspace, staged.columns, loading.last_day_over)
    return Checks(store, workspace, staged, most).problems(withdraw=loading.withdraw)
