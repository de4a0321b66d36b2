"""One window of every count against the year that ends before it: the negative-binomial predictive; docs/method.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from compstat.rules.history.force_season import ForceSeason
from compstat.statistics.predictive import (
    Expectation,
    expected_count,
    probability_at_least,
    probability_at_most,
)
from compstat.windows.panel import Bools, Floats, Integers, Panel


@dataclass(frozen=True)
class WindowTest:
    """One window against the year that ends before it, one value a cell.

    count: events in the periods present. events, periods: the baseline's. length: periods present in the window.
    season: how much the window's level usually is of that of the baseline's periods present; 1 where not handled.
    days, baseline_days: of the periods present, which is what expectations go by: February is no March.
    """

    count: Floats
    length: Floats
    events: Floats
    periods: Floats
    dispersion: Floats
    season: Floats
    days: Floats
    baseline_days: Floats

    @cached_property
    def expectation(self) -> Expectation:
        return expected_count(self.events, self.baseline_days, self.days, self.dispersion, self.season)

    @cached_property
    def p_up(self) -> Floats:
        return probability_at_least(self.count, self.expectation)

    @cached_property
    def p_down(self) -> Floats:
        return probability_at_most(self.count, self.expectation)

    def p(self, falls: Bools) -> Floats:
        """The tail asked for, a cell: of a fall where `falls`, else of a rise."""
        return np.where(falls, self.p_down, self.p_up)

    def at(self, place: Integers) -> WindowTest:
        """The test of these cells."""
        return WindowTest(*(getattr(self, name)[place] for name in PARTS))


PARTS = ("count", "length", "events", "periods", "dispersion", "season", "days", "baseline_days")


def window_test(series: Floats, panel: Panel, periods: int, phi: Floats, season: ForceSeason) -> WindowTest:
    """The newest so many periods of each series, with this dispersion; a period missing in either is left out."""
    window, year = panel.before(periods)
    seen, past = series[:, window], series[:, year]
    length = np.sum(~np.isnan(seen), axis=1).astype(float)
    length[length == 0] = np.nan
    count = np.nansum(seen, axis=1) + 0 * length  # NaN where no period is present
    known = np.sum(~np.isnan(past), axis=1).astype(float)
    factor = season.factor(periods) / _level_of_known(past, known, season.profile(periods))
    days, baseline_days = (~np.isnan(part) @ panel.days[part_of] for part, part_of in ((seen, window), (past, year)))
    return WindowTest(count, length, np.nansum(past, axis=1), known, phi, factor, days, baseline_days)


def _level_of_known(past: Floats, known: Floats, profile: Floats | None) -> Floats | float:
    """The season's mean level over the periods present: of a baseline that lacks its summer it is not 1."""
    if profile is None or not np.isnan(past).any():
        return 1.0
    return np.where(known > 0, np.sum(profile, axis=1, where=~np.isnan(past)) / np.maximum(known, 1), 1.0)
