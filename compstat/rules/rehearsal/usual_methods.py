"""What the methods in use elsewhere would list in a week, for comparison: they raise no flag here.

Each is taken as it is commonly used, on every cell that it can be worked out for, worse side only. docs/method.md
says what they find and how often they cry wolf.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from compstat.rules.history.panel_history import History
from compstat.statistics.special_cause import Reason
from compstat.windows.paired_windows import paired_windows
from compstat.windows.panel import Bools, Floats, Integers, Panel

PERCENT = 20.0  # the trigger that percentage tables are usually read with
SIGMAS = 2.0  # of the difference of two square roots: about one in twenty either way, if p were a long-run mean
METHODS = {
    "percent_week": f"+{PERCENT:g}%, week against its year's mean",
    "percent_year_on_year": f"+{PERCENT:g}%, four weeks year on year",
    "nhs": "NHS rules, XmR over 104 weeks, worse side",
    "root_week": f"2(√c − √p) ≥ {SIGMAS:g}, week against its year's mean",
    "root_year_on_year": f"2(√c − √p) ≥ {SIGMAS:g}, four weeks year on year",
}


@dataclass
class Listed:
    """What a method lists of one week. tested: cells it could be worked out for."""

    tested: int = 0
    cells: list[tuple[str, str]] = field(default_factory=list)


def raised_by(histories: Iterable[History]) -> dict[str, Listed]:
    """The cells (unit, indicator) that each method lists, over the panels of a week."""
    found = {method: Listed() for method in METHODS}
    for history in histories:
        panel = history.panel
        for method, (row, listed) in _judged(history).items():
            found[method].tested += len(row)
            found[method].cells += [(panel.units[at], panel.indicators[at].indicator) for at in row[listed].tolist()]
    return found


def _judged(history: History) -> dict[str, tuple[Integers, Bools]]:
    """Places in the panel that each method judges, and which of them it lists."""
    panel = history.panel
    now, usual = _week(panel)
    recent, before = _year_on_year(panel)
    return {
        "percent_week": _percent(panel, now, usual),
        "percent_year_on_year": _percent(panel, recent, before),
        "nhs": _nhs(history),
        "root_week": _roots(panel, now, usual),
        "root_year_on_year": _roots(panel, recent, before),
    }


def _week(panel: Panel) -> tuple[Floats, Floats]:
    """The newest figure, and the mean of the year before it, as people read them."""
    _, year = panel.before(1)
    past = panel.value[:, year]
    known = np.sum(~np.isnan(past), axis=1)
    enough = known >= panel.cadence.year // 2
    return panel.value[:, -1], np.where(enough, np.nansum(past, axis=1) / np.maximum(known, 1), np.nan)


def _year_on_year(panel: Panel) -> tuple[Floats, Floats]:
    """The recent window and the same a year ago, over the periods present in both; means for what is no count."""
    both = paired_windows(panel, np.arange(panel.size))
    periods = np.where(both.periods > 0, both.periods, np.nan)
    scale = np.where(panel.is_ratio, panel.scale, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        now, then = both.now / both.volume_now * scale, both.then / both.volume_then * scale
    return np.where(panel.is_count, both.now + 0 * periods, now), np.where(panel.is_count, both.then, then)


def _percent(panel: Panel, now: Floats, before: Floats) -> tuple[Integers, Bools]:
    row = np.flatnonzero((panel.adverse != 0) & ~np.isnan(now) & (before > 0))
    change = 100 * (now[row] - before[row]) / before[row]
    return row, np.asarray(change * panel.adverse[row] >= PERCENT, dtype=np.bool_)


def _roots(panel: Panel, now: Floats, before: Floats) -> tuple[Integers, Bools]:
    """Counts alone: the root steadies the variance of nothing else."""
    row = np.flatnonzero(panel.is_count & (panel.adverse != 0) & ~np.isnan(now + before))
    z = 2 * (np.sqrt(np.maximum(now[row], 0)) - np.sqrt(np.maximum(before[row], 0)))
    return row, np.asarray(z * panel.adverse[row] >= SIGMAS, dtype=np.bool_)


def _nhs(history: History) -> tuple[Integers, Bools]:
    panel, found = history.panel, history.limits
    row = np.flatnonzero((panel.adverse != 0) & ~np.isnan(history.segment[:, -1]) & ~np.isnan(found.mean))
    special = found.reason[row, -1] != Reason.NONE
    return row, np.asarray(special & (found.side[row, -1] == panel.adverse[row]), dtype=np.bool_)
