"""Counts against their own history, computed once for every rule that asks: the newest window and the recent one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compstat.rules.panel import Bools, Floats, Integers, Panel
from compstat.statistics.discovery import combined
from compstat.statistics.dispersion import Dispersion, dispersion_blocks, dispersion_weekly
from compstat.statistics.predictive import (
    Expectation,
    expected_count,
    probability_at_least,
    probability_at_most,
)
from compstat.statistics.ranking import evidence
from compstat.workspace.rulebook import Decision

EVIDENCE_WINDOWS = (1, 2, 4, 8)
# a volume this large whose neighbours resemble each other is no count of rare events: docs/method.md
LARGE_MEAN, LARGE_AUTOCORRELATION = 100.0, 0.3


@dataclass(frozen=True)
class WindowTest:
    """One window against the year that ends before it, one value a cell.

    count: events in the periods present. events, periods: the baseline's. length: periods present in the window.
    """

    count: Floats
    length: Floats
    events: Floats
    periods: Floats
    dispersion: Floats
    expectation: Expectation
    p_up: Floats
    p_down: Floats

    def p(self, falls: Bools) -> Floats:
        """The tail asked for, a cell: of a fall where `falls`, else of a rise."""
        return np.where(falls, self.p_down, self.p_up)


@dataclass(frozen=True)
class CountHistory:
    """Every count cell of a panel, with why a cell is not tested (an empty text: it is).

    row: places in the panel. one and recent: the newest period, and the last four weeks (three months).
    """

    panel: Panel
    row: Integers
    one: WindowTest
    recent: WindowTest
    weekly: Dispersion
    blocks: Dispersion
    evidence_up: Floats
    evidence_down: Floats
    untested: tuple[str, ...]

    @property
    def tested(self) -> Bools:
        return np.array([not reason for reason in self.untested], dtype=bool)

    def p(self, falls: Bools) -> Floats:
        """One p a cell from both windows, in the direction asked for."""
        return combined(self.one.p(falls), self.recent.p(falls))

    def leading(self, falls: Bools) -> Bools:
        """Where the newest period alone is the more telling of the two windows."""
        return np.nan_to_num(self.one.p(falls), nan=2.0) < np.nan_to_num(self.recent.p(falls), nan=2.0)


def count_history(panel: Panel, decision: Decision) -> CountHistory:
    """Test every count cell of the panel against its own year."""
    row = np.flatnonzero(panel.is_count)
    series = panel.amount[row]
    recent = panel.cadence.recent
    _, year = panel.before(1)
    weekly = dispersion_weekly(series[:, year], panel.group[row])
    blocks = dispersion_blocks(_block_sums(series, panel, recent), panel.group[row])
    one = _window(series, panel, 1, weekly.phi)
    several = _window(series, panel, recent, blocks.phi)
    up, down = _evidence(series, panel, weekly, blocks)
    reasons = _reasons(series, panel, one, several, weekly, decision)
    return CountHistory(panel, row, one, several, weekly, blocks, up, down, reasons)


def _window(series: Floats, panel: Panel, periods: int, phi: Floats) -> WindowTest:
    window, year = panel.before(periods)
    seen, past = series[:, window], series[:, year]
    length = np.sum(~np.isnan(seen), axis=1).astype(float)
    count = np.where(length > 0, np.nansum(seen, axis=1), np.nan)
    events, present = np.nansum(past, axis=1), np.sum(~np.isnan(past), axis=1).astype(float)
    expectation = expected_count(events, present, np.where(length > 0, length, np.nan), phi)
    return WindowTest(
        count,
        length,
        events,
        present,
        phi,
        expectation,
        probability_at_least(count, expectation),
        probability_at_most(count, expectation),
    )


def _block_sums(series: Floats, panel: Panel, recent: int) -> Floats:
    """Sums of the adjoining blocks of the baseline year, the newest last; a block with a period missing is NaN."""
    _, year = panel.before(recent)
    blocks = panel.cadence.year // recent
    past = series[:, year][:, -blocks * recent :]
    return np.asarray(past.reshape(len(series), blocks, recent).sum(axis=2), dtype=np.float64)


def _evidence(series: Floats, panel: Panel, weekly: Dispersion, blocks: Dispersion) -> tuple[Floats, Floats]:
    tests = {
        length: _expected_only(
            series, panel, length, weekly.phi if length < panel.cadence.recent else blocks.phi
        )
        for length in EVIDENCE_WINDOWS
        if length + panel.cadence.year <= len(panel.starts)
    }
    missing = np.full(len(series), np.nan)
    none = (missing, Expectation(missing, missing))
    count = {length: tests.get(length, none)[0] for length in EVIDENCE_WINDOWS}
    mean = {length: tests.get(length, none)[1].mean for length in EVIDENCE_WINDOWS}
    factor = {length: tests.get(length, none)[1].variance_factor for length in EVIDENCE_WINDOWS}
    return evidence(count, mean, factor), evidence(count, mean, factor, falls=True)


def _expected_only(series: Floats, panel: Panel, periods: int, phi: Floats) -> tuple[Floats, Expectation]:
    window, year = panel.before(periods)
    seen, past = series[:, window], series[:, year]
    length = np.sum(~np.isnan(seen), axis=1).astype(float)
    count = np.where(length > 0, np.nansum(seen, axis=1), np.nan)
    present = np.sum(~np.isnan(past), axis=1).astype(float)
    return count, expected_count(np.nansum(past, axis=1), present, np.where(length > 0, length, np.nan), phi)


def _reasons(
    series: Floats, panel: Panel, one: WindowTest, recent: WindowTest, weekly: Dispersion, decision: Decision
) -> tuple[str, ...]:
    """Why each cell is not tested. All but a missing window look at the baseline alone: a filter on it is free."""
    fewest = panel.cadence.year * decision.minimum_baseline
    _, year = panel.before(1)
    large = (weekly.mean > LARGE_MEAN) & (_autocorrelation(series[:, year]) > LARGE_AUTOCORRELATION)
    reasons = np.full(len(series), "", dtype=object)
    small = ~(recent.expectation.mean >= decision.minimum_expected)
    reasons[small] = (
        f"expects fewer than {decision.minimum_expected:g} events in {panel.cadence.recent} periods: "
        "no test could tell a rise from chance"
    )
    reasons[large] = "a large volume whose weeks resemble each other: judged by special cause"
    reasons[panel.adverse[np.flatnonzero(panel.is_count)] == 0] = "neither more nor less is better"
    short = np.minimum(one.periods, recent.periods) < fewest
    reasons[short] = f"fewer than {fewest:g} periods of history"
    for place, day in _broken(panel).items():
        if short[place]:
            reasons[place] = f"the definition or boundary changed on {day}: nothing before compares"
    reasons[recent.length == 0] = "no return in the window"
    return tuple(str(reason) for reason in reasons)


def _broken(panel: Panel) -> dict[int, object]:
    """Places among the count cells that have a declared break, and its day."""
    places = {int(row): place for place, row in enumerate(np.flatnonzero(panel.is_count))}
    return {places[row]: day for row, day in panel.breaks.items() if row in places}


def _autocorrelation(series: Floats) -> Floats:
    """Lag-1 autocorrelation of each row; 0 where it cannot be told."""
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = (
            series - np.nanmean(np.where(np.isnan(series).all(axis=1)[:, None], 0.0, series), axis=1)[:, None]
        )
        found = np.nansum(apart[:, 1:] * apart[:, :-1], axis=1) / np.nansum(apart**2, axis=1)
    return np.nan_to_num(found)
