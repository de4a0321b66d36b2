"""The season of each count cell, as the whole force shows it: the units of one level that return the indicator.

One unit's weeks are too few to tell a season from chance; all of them together show it. A total rests on what was
returned: a unit that did not report, or was not there yet, is missing on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from compstat.calendar import end_of, periods_between
from compstat.statistics.season import YEARS_NEEDED, season_course, season_factor, season_profile
from compstat.store import Store
from compstat.windows.panel import Bools, Floats, Integers, Panel

LOOK_BACK_YEARS = 6  # how far back a season is looked for
FEWEST_PERIODS = 4  # of a year: a figure a year has no season
FINENESS = 2.0**20  # usual levels are whole parts of it, so that their sum is the same in whatever order it is made
NO_CELLS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class ForceTotals:
    """What the units of each group (of `Panel.group`) returned together, groups by periods, the newest last.

    relative: returned events over what the units that returned usually have in so many days; NaN: none returned.
    """

    group: Integers = field(default_factory=lambda: NO_CELLS)
    relative: Floats = field(default_factory=lambda: np.zeros((0, 0)))


def read_totals(store: Store, panel: Panel) -> ForceTotals:
    """The totals of a panel's counts over six years, as known at its moment.

    A unit's figures before a declared break are left out, for they do not compare.
    """
    row = np.flatnonzero(panel.is_count)
    if panel.cadence.year < FEWEST_PERIODS or not row.size:
        return ForceTotals()
    first = panel.cadence.shift(panel.current, 1 - LOOK_BACK_YEARS * panel.cadence.year - panel.cadence.recent)
    starts = tuple(periods_between(panel.cadence, first, panel.current))
    group, place = np.unique(panel.group[row], return_inverse=True)
    _put_cells(store, panel, row, place, first)
    found = store.arrays("windows/force_totals", known_at=panel.scope.known_at, last=panel.current)
    relative = np.full((len(group), len(starts)), np.nan)
    days = np.array(starts, dtype="datetime64[D]")
    came = found["period_start"].astype("datetime64[D]")
    column = np.minimum(np.searchsorted(days, came), len(days) - 1)
    on = days[column] == came
    relative[found["team"][on], column[on]] = found["relative"][on]
    lengths = np.array([(end_of(panel.cadence, start) - start).days + 1.0 for start in starts])
    return ForceTotals(group, relative / (lengths / lengths.mean()))


def _put_cells(store: Store, panel: Panel, row: Integers, team: Integers, first: date) -> None:
    """The cells with their group, what a period of theirs usually counts, and the day they compare from."""
    amount = panel.amount[row]
    number = np.sum(~np.isnan(amount), axis=1)
    usual = np.nansum(amount, axis=1) / np.maximum(number, 1)
    usual = np.round(usual * FINENESS) / FINENESS
    since = np.full(panel.size, np.datetime64(first, "D"))
    for place, day in panel.breaks.items():
        since[place] = np.datetime64(day, "D")
    some = usual > 0
    cells = [panel.scope.cells[number] for number in panel.cell[row][some].tolist()]
    store.put(
        "season_cell",
        {
            "unit": [unit for unit, _ in cells],
            "indicator": [indicator for _, indicator in cells],
            "team": team[some],
            "usual": usual[some],
            "since": since[row][some].astype("datetime64[us]"),
        },
    )


@dataclass(frozen=True)
class ForceSeason:
    """What the season does to every count cell of a panel.

    totals: groups by periods. believed, years: of each group, whether its season is used, and earlier years it is
    seen in. team: the row of each cell's group, -1 for none. year: periods of a year.
    """

    totals: Floats
    believed: Bools
    years: Integers
    team: Integers
    year: int
    _profiles: dict[int, Floats] = field(default_factory=dict)

    def at(self, place: Integers) -> ForceSeason:
        """The season of these cells."""
        return replace(self, team=self.team[place])

    @cached_property
    def handled(self) -> Bools:
        return np.append(self.believed, False)[self.team]

    def factor(self, periods: int) -> Floats:
        """Of the newest so many periods, over the year before them; one a cell, 1 where no season is believed."""
        found = season_factor(self.totals, periods, self.year, self.believed).factor
        return np.append(found, 1.0)[self.team]

    def profile(self, periods: int) -> Floats | None:
        """The shape of the year before the newest so many periods, cells by periods; None: no cell has a season."""
        if not self.believed.any():
            return None
        if periods not in self._profiles:
            shape = season_profile(self.totals, periods, self.year)
            shape[~self.believed] = 1.0
            self._profiles[periods] = np.vstack([shape, np.ones((1, self.year))])
        return self._profiles[periods][self.team]

    def course(self, periods: int) -> Floats | None:
        """The factor of each of the newest so many periods, cells by periods; None: no cell has a season."""
        if not self.believed.any():
            return None
        course = season_course(self.totals, periods, self.year)
        course[~self.believed] = 1.0
        return np.vstack([course, np.ones((1, periods))])[self.team]

    def words(self, place: int) -> str:
        """`season not handled: 0 of 2 earlier years known`, or what it is handled from."""
        years = int(np.append(self.years, 0)[self.team[place]])
        if self.handled[place]:
            return f"handled, from {years} earlier years of the whole force"
        if years < YEARS_NEEDED:
            return f"season not handled: {years} of {YEARS_NEEDED} earlier years known"
        return "season not handled: a factor would not have made last year's forecasts better"


def force_season(panel: Panel, row: Integers, totals: ForceTotals) -> ForceSeason:
    """The season of these count cells of a panel; believed where it helped to forecast both windows that are tested."""
    year, recent = panel.cadence.year, panel.cadence.recent
    one, several = (season_factor(totals.relative, window, year) for window in (1, recent))
    place = {group: at for at, group in enumerate(totals.group.tolist())}
    team = np.array([place.get(group, -1) for group in panel.group[row].tolist()], dtype=np.int64)
    return ForceSeason(totals.relative, one.handled & several.handled, several.years, team, year)
