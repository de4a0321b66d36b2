"""Counts against their own history, computed once for every rule that asks: the newest window and the recent one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from compstat.rules.history.force_season import ForceSeason, ForceTotals, force_season
from compstat.rules.history.window_test import WindowTest, window_test
from compstat.statistics.discovery import combined
from compstat.statistics.dispersion import Dispersion, dispersion_blocks, dispersion_weekly
from compstat.statistics.ranking import evidence
from compstat.statistics.volumes import LARGE_MEAN, are_volumes
from compstat.windows.panel import Bools, Floats, Integers, Panel
from compstat.windows.succession import starts_afresh
from compstat.workspace.rulebook import Decision

EVIDENCE_WINDOWS = (1, 2, 4, 8)
TESTED, SILENT, BROKEN, SHORT, NEUTRAL, LARGE, SMALL = range(7)  # the first reason that holds is given


@dataclass(frozen=True)
class CountHistory:
    """Every count cell of a panel, with a code why it is not tested (TESTED: it is).

    row: places in the panel. one and recent: the newest period, and the last four weeks (three months).
    weekly, blocks: dispersion of single periods before the newest one, and of windows before the recent one.
    settled: of single periods before the recent window, for comparisons that look at that window alone; of large means
    no less than blocks.
    season: what the time of the year does to each cell, where it is known.
    """

    panel: Panel
    decision: Decision
    row: Integers
    series: Floats
    one: WindowTest
    recent: WindowTest
    weekly: Dispersion
    blocks: Dispersion
    settled: Dispersion
    season: ForceSeason
    why: Integers

    @property
    def tested(self) -> Bools:
        return np.asarray(self.why == TESTED, dtype=np.bool_)

    @property
    def scored(self) -> Bools:
        """Cells with evidence: those tested, and those too small for a p value, where a large change still shows."""
        return np.asarray(np.isin(self.why, (TESTED, SMALL)), dtype=np.bool_)

    @property
    def large(self) -> Bools:
        """Volumes that are no count of rare events; judged by what their forecast misses."""
        return np.asarray(self.why == LARGE, dtype=np.bool_)

    def p(self, falls: Bools) -> Floats:
        """One p a cell from both windows, in the direction asked for."""
        return combined(self.one.p(falls), self.recent.p(falls))

    def leading(self, falls: Bools) -> Bools:
        """Where the newest period alone is the more telling of the two windows."""
        one, recent = self.one.p(falls), self.recent.p(falls)
        return np.asarray(np.nan_to_num(one, nan=2.0) < np.nan_to_num(recent, nan=2.0), dtype=np.bool_)

    def evidence(self, place: Integers, falls: bool) -> Floats:
        """The score of these cells for a rise, or a fall."""
        tests = {length: self._window(place, length) for length in EVIDENCE_WINDOWS}
        return evidence(
            {length: test.count for length, test in tests.items()},
            {length: test.expectation.mean for length, test in tests.items()},
            {length: test.expectation.variance_factor for length, test in tests.items()},
            falls=falls,
        )

    def _window(self, place: Integers, periods: int) -> WindowTest:
        dispersion = self.weekly if periods < self.panel.cadence.recent else self.blocks
        return window_test(self.series[place], self.panel, periods, dispersion.phi[place], self.season.at(place))

    def untested(self, place: int) -> str:
        """Why the cell at this place among the counts is not tested, in words."""
        year, recent = self.panel.cadence.year, self.panel.cadence.recent
        day = self.panel.breaks.get(int(self.row[place]))
        fewest = f"{self.decision.minimum_expected:g}"
        return {
            TESTED: "",
            SILENT: "no return in the window",
            BROKEN: f"the definition or boundary changed on {day}: nothing before compares",
            SHORT: f"fewer than {year * self.decision.minimum_baseline:g} periods of history{self._afresh(place)}",
            NEUTRAL: "neither more nor less is better",
            LARGE: "a large volume whose periods resemble each other: judged by its forecast, not as a count",
            SMALL: f"expects fewer than {fewest} events in {recent} periods: too few for a test of counts",
        }[int(self.why[place])]

    def _afresh(self, place: int) -> str:
        """That the unit is new and nobody's history is declared to be its own, in words; "" for any other."""
        panel = self.panel
        unit = panel.units[int(self.row[place])]
        day = starts_afresh(panel.scope.workspace, unit, panel.starts[0], panel.scope.last)
        return f": the unit starts on {day} and inherits none (successions.csv)" if day else ""


def count_history(panel: Panel, decision: Decision, totals: ForceTotals) -> CountHistory:
    """Test every count cell of the panel against its own year; the season is that of the force's totals."""
    row = np.flatnonzero(panel.is_count)
    series, group = panel.amount[row], panel.group[row]
    recent, season = panel.cadence.recent, force_season(panel, row, totals)
    (_, year), (_, settled_year) = panel.before(1), panel.before(recent)
    weekly = dispersion_weekly(series[:, year], group, _usual(panel, season, len(row), 1))
    settled = dispersion_weekly(series[:, settled_year], group, _usual(panel, season, len(row), recent))
    blocks = _known_everywhere(_block_dispersion(panel, series[:, settled_year], group, season), weekly, recent)
    settled = _no_less_than_blocks(settled, blocks)
    one = window_test(series, panel, 1, weekly.phi, season)
    several = window_test(series, panel, recent, blocks.phi, season)
    why = _reasons(panel, row, one, several, decision)
    return CountHistory(panel, decision, row, series, one, several, weekly, blocks, settled, season, why)


def _usual(panel: Panel, season: ForceSeason, cells: int, periods: int) -> Floats | None:
    """The usual level of each period of the year before the newest so many: by the season, and by its days.

    None where neither tells one from another.
    """
    profile, days = season.profile(periods), panel.relative_days
    if days is None:
        return profile
    _, year = panel.before(periods)
    return np.broadcast_to(days[year], (cells, panel.cadence.year)) * (1.0 if profile is None else profile)


def _block_dispersion(panel: Panel, past: Floats, group: Integers, season: ForceSeason) -> Dispersion:
    recent = panel.cadence.recent
    profile = _usual(panel, season, len(past), recent)
    blocks = panel.cadence.year // recent
    usual = None if profile is None else block_sums(profile, blocks, recent) / recent
    return dispersion_blocks(block_sums(past, blocks, recent), group, usual)


def _known_everywhere(blocks: Dispersion, weekly: Dispersion, recent: int) -> Dispersion:
    """Where no block is whole: the group's for such a mean, but no less than that of single periods."""
    of_group = np.maximum(weekly.phi, 1 + blocks.alpha * weekly.mean * recent)
    return replace(blocks, phi=np.where(np.isnan(blocks.phi), of_group, blocks.phi))


def _no_less_than_blocks(settled: Dispersion, blocks: Dispersion) -> Dispersion:
    """A large count's level wanders more than events scatter, and a window of several periods does not even it out."""
    phi = np.where(settled.mean > LARGE_MEAN, np.fmax(settled.phi, blocks.phi), settled.phi)
    return replace(settled, phi=phi)


def block_sums(past: Floats, blocks: int, length: int) -> Floats:
    """Sums of the newest so many adjoining blocks of each row, the newest last; with a period missing: NaN."""
    newest = past[:, -blocks * length :]
    return np.asarray(newest.reshape(len(past), blocks, length).sum(axis=2), dtype=np.float64)


def _reasons(
    panel: Panel,
    row: Integers,
    one: WindowTest,
    recent: WindowTest,
    decision: Decision,
) -> Integers:
    """Why each cell is not tested. All but a missing window look at the baseline alone: a filter on it is free."""
    broken = np.zeros(panel.size, dtype=bool)
    broken[list(panel.breaks)] = True
    short = np.minimum(one.periods, recent.periods) < panel.cadence.year * decision.minimum_baseline
    reasons = (
        (SILENT, np.isnan(recent.length)),
        (BROKEN, short & broken[row]),
        (SHORT, short),
        (NEUTRAL, panel.adverse[row] == 0),
        (LARGE, are_volumes(panel.in_even_periods(row, panel.before(1)[1]))),
        (SMALL, ~(recent.expectation.mean >= decision.minimum_expected)),
    )
    codes, holds = zip(*reasons, strict=True)
    return np.asarray(np.select(holds, codes, default=TESTED), dtype=np.int64)
