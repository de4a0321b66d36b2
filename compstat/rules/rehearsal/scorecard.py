"""What became of flagged cells, beside those that just missed: after one and after three recent windows (4, 12 weeks).

Cells with a figure far from usual are nearer to it later whatever is done (regression to the mean), so flagged ones
are held against near-misses: the same rule, threshold and gap passed, p just above the cut. It is no proof of effect:
flagged cells were further out to begin with, and nobody drew lots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from scipy.special import stdtrit

from compstat.rules.decision import Decided
from compstat.rules.evaluation import Evaluation
from compstat.rules.flag import Outcome
from compstat.rules.flagging import Key
from compstat.rules.history.panel_history import History
from compstat.rules.rehearsal.backtest import Progress, evaluations
from compstat.statistics.predictive import Expectation, quantile_band
from compstat.store import Store
from compstat.windows.panel import Bools, Panel
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace

NEAR = 5.0  # times the cut: up to there a p value just missed it
FAMILIES = frozenset(
    {"spike", "year_on_year", "commend"}
)  # against the own past, so that there is a level to go back to
WINDOWS_LATER = (1, 3)  # recent windows after the flag: 4 and 12 weeks, 3 and 9 months
REMAINS = 0.5  # of the gap between the figure and what was expected: it is still out
BAND = 0.05, 0.95  # of chance round the old level: 90%
FLAGGED, NEAR_MISS = "flagged", "near_miss"


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell when it was flagged or just missed it. start: first day of its newest period. sign: 1 for a rise.

    now, expected: of the recent window, as a count or a share (0-1). variance_factor: of a count. dispersion, freedom,
    volume: of a share's baseline. listed: it was on the watch list.
    """

    group: str
    key: Key
    outcome: Outcome
    start: date
    sign: float
    listed: bool
    now: float
    expected: float
    variance_factor: float = np.nan
    dispersion: float = np.nan
    freedom: float = np.nan
    volume: float = np.nan

    def band(self, volume: float) -> tuple[float, float]:
        """Where chance alone leaves a later window of the old level; `volume`: what a later share is of."""
        if not np.isnan(self.variance_factor):
            level = Expectation(np.array([self.expected]), np.array([self.variance_factor]))
            low, high = quantile_band(level, *BAND)
            return float(low[0]), float(high[0])
        spread = self.dispersion * self.expected * (1 - self.expected) * (1 / volume + 1 / self.volume)
        reach = float(stdtrit(self.freedom, BAND[1])) * float(np.sqrt(spread))
        return self.expected - reach, self.expected + reach


@dataclass(frozen=True, slots=True)
class Later:
    """What became of an entry so many periods later; None: a return is missing, or the time has not come.

    back: no longer beyond chance on the flagged side. still: half or more of its gap to the expected remains. change:
    in per cent of the expected, on the flagged side.
    """

    entry: Entry
    periods: int
    back: bool | None = None
    still: bool | None = None
    change: float | None = None


@dataclass
class Scorecard:
    """Every entry of a span and what became of it. flagged_later: near-misses that were flagged within the time."""

    cycle: str
    weeks: list[str] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    flagged_later: set[Entry] = field(default_factory=set)


def keep_score(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    first: date,
    last: date,
    *,
    as_known: bool = False,
    progress: Progress = lambda _words: None,
) -> Scorecard:
    """The scorecard of the flags of these weeks. Raises UsageError for a span without returns.

    A cell and rule count once in the time that they are followed for, as what they were first. What stood in the
    span's first week may be older and is left out. as_known: as `rehearse` has it.
    """
    cadence = workspace.calendar.cadence(cycle.cadence)
    longest = max(WINDOWS_LATER) * cadence.recent
    end = cadence.shift(cadence.start_of(last), longest)
    card, taken, due = Scorecard(cycle.cycle), dict[Key, Entry](), defaultdict[date, list[tuple[Entry, int]]](list)
    found = evaluations(store, workspace, cycle, first, end, as_known=as_known, progress=progress)
    for number, (week, evaluation) in enumerate(found):
        history = evaluation.histories.get(cadence.name)
        if history is None:
            continue
        card.later += [_later(entry, periods, history.panel) for entry, periods in due.pop(history.panel.current, [])]
        if week <= last:
            card.weeks.append(evaluation.scope.label)
        for entry in _entries(evaluation, history):
            before = taken.get(entry.key)
            if before is not None and cadence.shift(before.start, longest) >= entry.start:
                if entry.group == FLAGGED and before.group == NEAR_MISS:
                    card.flagged_later.add(before)
            elif week <= last:
                taken[entry.key] = entry
                for windows in WINDOWS_LATER if number else ():
                    periods = windows * cadence.recent
                    due[cadence.shift(entry.start, periods)].append((entry, periods))
    card.later += [Later(*one) for waiting in due.values() for one in waiting]
    return card


def _entries(evaluation: Evaluation, history: History) -> Iterator[Entry]:
    """The flagged cells of the period and the near-misses, flagged ones first."""
    near = []
    for decided in evaluation.decisions.decided:
        judgement = decided.judgement
        if judgement.rule.family in FAMILIES and judgement.panel is history.panel:
            yield from _of_group(decided, history, FLAGGED, decided.raised)
            p = np.nan_to_num(judgement.p, nan=1.0)
            missed = judgement.gates & ~decided.raised & (p > decided.p_cut) & (p <= NEAR * decided.p_cut)
            near.append((decided, missed))
    for decided, missed in near:
        yield from _of_group(decided, history, NEAR_MISS, missed)


def _of_group(decided: Decided, history: History, group: str, wanted: Bools) -> Iterator[Entry]:
    judgement, panel = decided.judgement, history.panel
    better = judgement.outcome is Outcome.COMMEND
    for at in np.flatnonzero(wanted).tolist():
        row = int(judgement.row[at])
        sign = float(panel.adverse[row]) * (-1 if better else 1)
        key = panel.units[row], panel.indicators[row].indicator, judgement.rule.rule
        common = group, key, judgement.outcome, panel.current, sign, bool(decided.watch[at])
        entry = _share(history, row, common) if panel.is_ratio[row] else _count(history, row, common)
        if entry is not None:
            yield entry


Common = tuple[str, Key, Outcome, date, float, bool]


def _count(history: History, row: int, common: Common) -> Entry | None:
    """None where a return of the recent window is missing: there is nothing whole to compare later windows with.

    Nor of a large volume: its flag is of one period against its forecast, and has no old level to be back at.
    """
    counts = history.counts
    place = int(np.searchsorted(counts.row, row))
    recent = counts.recent
    if counts.large[place] or recent.length[place] != history.panel.cadence.recent:
        return None
    level = recent.expectation
    figures = float(recent.count[place]), float(level.mean[place])
    return Entry(*common, *figures, variance_factor=float(level.variance_factor[place]))


def _share(history: History, row: int, common: Common) -> Entry | None:
    panel, place = history.panel, int(np.searchsorted(history.share_rows, row))
    window, year = panel.before(panel.cadence.recent)
    amount, volume = (np.nansum(matrix[row, year]) for matrix in (panel.amount, panel.volume))
    now, of = panel.amount[row, window].sum(), panel.volume[row, window].sum()
    spread, freedom = history.share_block_dispersion[place], history.share_block_freedom[place]
    if not (of > 0 and volume > 0 and spread > 0 and freedom > 0):
        return None
    figures = float(now / of), float(amount / volume)
    return Entry(*common, *figures, dispersion=float(spread), freedom=float(freedom), volume=float(volume))


def _later(entry: Entry, periods: int, panel: Panel) -> Later:
    """What the recent window says of an entry now that so many periods have passed."""
    unit, indicator, _ = entry.key
    window, _ = panel.before(panel.cadence.recent)
    row = panel.at_unit(indicator, unit)
    amount, volume = (matrix[row, window].sum() if row.size else np.nan for matrix in (panel.amount, panel.volume))
    of_share = np.isnan(entry.variance_factor)
    if np.isnan(amount) or not volume > 0 or not entry.expected > 0:
        return Later(entry, periods)
    seen = float(amount / volume if of_share else amount)
    low, high = entry.band(float(volume))
    seen_gap = entry.sign * (seen - entry.expected)
    return Later(
        entry,
        periods,
        back=seen <= high if entry.sign > 0 else seen >= low,
        still=seen_gap >= REMAINS * entry.sign * (entry.now - entry.expected),
        change=100 * entry.sign * (seen - entry.now) / entry.expected,
    )
