"""Which figures a unit is asked for in a week: the indicators that it returns, what it gave already left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compstat.calendar import EARLIEST, LATEST, Cadence, end_of
from compstat.findings import Finding, UsageError
from compstat.load.quoted import number
from compstat.store import Store
from compstat.workbook.return_form import AskedFigure, ReturnForm
from compstat.workspace.settings import Cycle
from compstat.workspace.tables import Indicator, Unit
from compstat.workspace.workspace import Workspace

END_OF_TIME = datetime(9999, 12, 31)
Figures = dict[tuple[str, str, date], str]


@dataclass(frozen=True)
class Asking:
    """What the store knows that decides what to ask for in one week.

    returned: unit and indicator of every series there is. figures: those of the week's periods and the ones before.
    """

    workspace: Workspace
    week: date
    returned: frozenset[tuple[str, str]]
    figures: Figures

    @property
    def last(self) -> date:
        return self.week + timedelta(days=6)

    def units(self) -> list[str]:
        """Every unit that is asked for something in this week, in the order of units.csv."""
        codes = dict.fromkeys(row.unit for row in self.workspace.units if row.valid_on(self.last))
        return [code for code in codes if any(True for _ in self._asked(code))]

    def form(self, unit: str, *, again: bool = False) -> ReturnForm:
        """The form of a unit; with `again` it asks for figures that are held already, too.

        Raises UsageError when nothing is left to ask for.
        """
        row = self.workspace.unit(unit, self.last)
        wanted, fed = list(self._asked(unit)), _fed(self.workspace, row)
        held = {key for key in wanted if (unit, key[0].indicator, key[1]) in self.figures}
        asked = [key for key in wanted if again or key not in held]
        if not asked:
            raise UsageError(self._nothing(row, bool(held)))
        settings = self.workspace.settings
        return ReturnForm(
            organisation=settings.organisation.name,
            unit=unit,
            title=row.title,
            periods=tuple(dict.fromkeys(self._period(indicator, start) for indicator, start in asked)),
            asked=tuple(self._figure(unit, indicator, start) for indicator, start in asked),
            not_asked=(
                *(
                    ()
                    if again
                    else (
                        f"{indicator.title} (returned already)"
                        for indicator, start in wanted
                        if (indicator, start) in held
                    )
                ),
                *(f"{self.workspace.indicator(code).title} (comes through feed {feed})" for code, feed in fed.items()),
            ),
            paper=settings.pack.paper,
        )

    def _asked(self, unit: str) -> Iterator[tuple[Indicator, date]]:
        """The indicators that the unit returns whose period ends in the week, with its first day."""
        row = self.workspace.unit(unit, self.last)
        cycles = [cycle for cycle in self.workspace.cycles if _challenges(cycle, row)]
        series, fed = self._series_of(row), _fed(self.workspace, row)
        for indicator in self.workspace.indicators:
            start = self._start(indicator)
            new = indicator.indicator not in {code for _, code in self.returned}
            if start is None or not row.valid_on(self.last) or indicator.indicator in fed:
                continue
            if not (new or indicator.indicator in series):
                continue
            if any("*" in cycle.indicators or indicator.indicator in cycle.indicators for cycle in cycles):
                yield indicator, start

    def _series_of(self, row: Unit) -> set[str]:
        """What the unit has returned before; a new unit: what others of its level have."""
        own = {code for unit, code in self.returned if unit == row.unit}
        if own:
            return own
        alike = {other.unit for other in self.workspace.units if other.level == row.level}
        return {code for unit, code in self.returned if unit in alike}

    def _start(self, indicator: Indicator) -> date | None:
        """First day of the indicator's period that ends in the week; None when none does."""
        cadence = self._cadence(indicator)
        try:
            start = cadence.start_of(self.week)
            while end_of(cadence, start) < self.week:
                start = cadence.shift(start, 1)
            return start if self.week <= end_of(cadence, start) <= self.last else None
        except LookupError:  # a declared calendar that does not reach this week
            return None

    def _figure(self, unit: str, indicator: Indicator, start: date) -> AskedFigure:
        before = self._cadence(indicator).shift(start, -1)
        measure = "" if indicator.unit_of_measure == "count" else f" ({indicator.unit_of_measure})"
        return AskedFigure(
            indicator=indicator.indicator,
            name=f"{indicator.title}{measure}",
            definition=indicator.definition,
            period_start=start,
            last=self.figures.get((unit, indicator.indicator, before), "no return"),
            is_ratio=indicator.is_ratio,
            non_negative=indicator.non_negative,
            part_of_whole=indicator.is_ratio and indicator.unit_of_measure == "percent" and indicator.non_negative,
        )

    def _period(self, indicator: Indicator, start: date) -> str:
        cadence = self._cadence(indicator)
        return f"{cadence.label(start)}, {indicator.cadence}: {start} to {end_of(cadence, start)}"

    def _cadence(self, indicator: Indicator) -> Cadence:
        return self.workspace.calendar.cadence(indicator.cadence)

    def _nothing(self, row: Unit, held: bool) -> Finding:
        label = self.workspace.calendar.cadence("weekly").label(self.week)
        if held:
            message = f"{row.title} has returned everything that is asked for in {label}."
            return Finding("nothing-to-ask", "", message, "To ask once more, for corrections: --again")
        message = f"{row.title} returns nothing for a period that ends in {label}."
        fix = "Which units and indicators a cycle takes is in compstat.toml, which days a unit is valid in units.csv."
        return Finding("nothing-to-ask", "", message, fix)


def asking(store: Store, workspace: Workspace, week: date) -> Asking:
    """What is to be asked for in the week that starts on this day."""
    first, last = _reach(workspace, week), week + timedelta(days=6)
    every = store.rows("windows/returned", known_at=END_OF_TIME, first=EARLIEST, last=LATEST)
    records = store.records("reporting/observations", known_at=END_OF_TIME, first=first, last=last)
    figures = {(row["unit"], row["indicator"], row["period_start"]): _words(**row) for row in records}
    return Asking(workspace, week, frozenset((unit, code) for unit, code, _ in every), figures)


def _reach(workspace: Workspace, week: date) -> date:
    """First day of the oldest period before the week's, over the cadences in use."""
    starts = [week]
    for name in {row.cadence for row in workspace.indicators}:
        cadence = workspace.calendar.cadence(name)
        try:
            starts.append(cadence.shift(cadence.start_of(week), -2))
        except LookupError:
            continue
    return min(starts)


def _words(value: float | None, numerator: float | None, denominator: float | None, **_: object) -> str:
    if value is None:
        return "no return"
    if numerator is None or denominator is None:
        return number(value)
    return f"{value:.1f} ({number(numerator)} of {number(denominator)})"


def _challenges(cycle: Cycle, row: Unit) -> bool:
    return (not cycle.levels or row.level in cycle.levels) and (not cycle.units or row.unit in cycle.units)


def _fed(workspace: Workspace, row: Unit) -> dict[str, str]:
    """The indicators of a unit that come out of an extract, each with its feed: nobody is to count them twice."""
    return {
        one.indicator: feed.feed
        for feed in workspace.sound_feeds.feed
        if any(unit.level in {None, row.level} for unit in feed.unit)
        for one in feed.indicator
    }
