"""Direction of travel: a cell's newest year against the year before, and whether its level is good; docs/method.md.

Shared by `coasting` (a good level that gets worse) and `improving` (a poor one that gets better).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from compstat.rules.flag import Outcome
from compstat.rules.history.goals import goals_in_force
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import SMALLEST_P, SURE_Z, Details, Judgement, chosen, past_gates
from compstat.rules.wording import figure, period_name, periods_name
from compstat.statistics.matched import FEWEST_PAIRS, Matched, matched
from compstat.statistics.ranking import evidence_from_z
from compstat.windows.panel import Bools, Floats, Integers, Panel
from compstat.workspace.rulebook import Rule

TEST = "paired t of matched windows, this year against the last"
FORMULA = "t = mean(d) / (sd(d) / sqrt n), d = a window less the same window a year before"
WINDOWS = 13  # a year of weeks: four weeks each
FEWEST_PEERS = 3  # a median of fewer says nothing of a level
WORSE, BETTER = 1, -1


@dataclass(frozen=True)
class Travel:
    """Cells with two years of figures and something to hold their level against.

    now, then: each year's figure as people read it. windows_now, windows_then: the same a window. yardstick: the
    target in force, else the median of the peers. poor: on its wrong side now.
    """

    row: Integers
    now: Floats
    then: Floats
    windows_now: Floats
    windows_then: Floats
    test: Matched
    yardstick: Floats
    is_target: Bools
    poor: Bools


def judge_travel(rule: Rule, history: History, direction: int, outcome: Outcome) -> list[Judgement]:
    """Cells that got worse on a good level (WORSE), or better on a poor one (BETTER)."""
    panel, found = history.panel, _travel_of(history, rule)
    row, rises = found.row, panel.adverse[found.row] == direction
    p = np.where(rises, found.test.p_up, found.test.p_down)
    apart = np.where(rises, found.now - found.then, found.then - found.now)
    volume = np.nansum(panel.volume[row][:, -panel.cadence.year :], axis=1) / panel.scale[row]
    at_level = found.poor if direction == BETTER else ~found.poor

    def details(at: Integers) -> Details:
        score = -ndtri(np.clip(p[at], SMALLEST_P, 1.0))
        order = history.weights(row[at]) * np.maximum(score - SURE_Z, 0.0)
        return Details(order=order, evidence=evidence_from_z(score), threshold=found.yardstick[at])

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=p,
            gates=past_gates(rule, apart, _rarer(panel, found)) & (apart > 0) & at_level,
            outcome=outcome,
            severity=1,
            value=found.now,
            comparator=found.then,
            excess=(found.now - found.then) * volume,
            expected=np.maximum(np.abs(found.then) * volume, 1.0),
            test=TEST,
            details=details,
            sentence=_sentence(panel, found, direction),
            inputs=_inputs(panel, found, rises),
            false_flags=lambda p_cut: p_cut * float(at_level.sum()),
        )
    ]


def _rarer(panel: Panel, found: Travel) -> Floats:
    """What the threshold is part of: last year's figure; of a share the rarer side, for 99% cannot gain a tenth."""
    other_side = np.where(panel.is_ratio[found.row], panel.scale[found.row] - found.then, np.inf)
    return np.minimum(np.abs(found.then), np.abs(other_side))


def _travel_of(history: History, rule: Rule) -> Travel:
    """Worked out once for the rules that are about the same cells."""
    about = "travel", rule.indicators, rule.units
    if about not in history.worked_out:
        history.worked_out[about] = _travel(history.panel, rule)
    found: Travel = history.worked_out[about]
    return found


def _travel(panel: Panel, rule: Rule) -> Travel:
    year, length = panel.cadence.year, max(panel.cadence.year // WINDOWS, 1)
    row = np.flatnonzero(chosen(panel, rule) & (panel.adverse != 0))
    newest, before = (_windows(panel, row, end, length) for end in (0, year))
    now, then = (_level(panel, row, end) for end in (0, year))
    yardstick, is_target = _yardstick(panel, rule, row, now)
    apart = (now - yardstick) * panel.adverse[row]
    found = Travel(row, now, then, newest, before, matched(newest, before), yardstick, is_target, np.asarray(apart > 0))
    kept = ~np.isnan(found.test.t) & ~np.isnan(apart) & ~np.isnan(then)
    return _kept(found, kept)


def _kept(found: Travel, kept: Bools) -> Travel:
    return Travel(
        row=found.row[kept],
        now=found.now[kept],
        then=found.then[kept],
        windows_now=found.windows_now[kept],
        windows_then=found.windows_then[kept],
        test=Matched(*(part[kept] for part in found.test)),
        yardstick=found.yardstick[kept],
        is_target=found.is_target[kept],
        poor=found.poor[kept],
    )


def _windows(panel: Panel, row: Integers, end: int, length: int) -> Floats:
    """The figure of each window of the year that ends so many periods back, oldest first; NaN with a period missing."""
    number = panel.cadence.year // length
    last = len(panel.starts) - end
    first = last - number * length
    if number < FEWEST_PAIRS or first < 0:
        return np.full((len(row), 1), np.nan)
    amount, volume = (part[row, first:last].reshape(len(row), number, length) for part in (panel.amount, panel.volume))
    return _figure(amount.sum(axis=2), volume.sum(axis=2), panel.scale[row][:, np.newaxis])


def _level(panel: Panel, row: Integers, end: int) -> Floats:
    """The figure of the year that ends so many periods back; a count or measurement as the mean of a period."""
    last = len(panel.starts) - end
    first = max(last - panel.cadence.year, 0)
    known = ~np.isnan(panel.amount[row, first:last] + panel.volume[row, first:last])
    amount, volume = (np.where(known, part[row, first:last], 0.0).sum(axis=1) for part in (panel.amount, panel.volume))
    return _figure(amount, volume, panel.scale[row])


def _figure(amount: Floats, volume: Floats, scale: Floats) -> Floats:
    return np.asarray(amount / np.where(volume > 0, volume, np.nan) * scale, dtype=np.float64)


def _yardstick(panel: Panel, rule: Rule, row: Integers, now: Floats) -> tuple[Floats, Bools]:
    """The target in force, and where there is none the median of the cells of the same indicator and level."""
    goals = goals_in_force(panel, rule, "target", 1)
    target = np.full(panel.size, np.nan)
    target[goals.row] = goals.now
    median = np.full(len(row), np.nan)
    for group in np.unique(panel.group[row]):
        peers = panel.group[row] == group
        if np.sum(~np.isnan(now[peers])) >= FEWEST_PEERS:
            median[peers] = np.nanmedian(now[peers])
    has_target = ~np.isnan(target[row])
    return np.where(has_target, target[row], median), has_target


def _sentence(panel: Panel, found: Travel, direction: int) -> Callable[[int], str]:
    def sentence(at: int) -> str:
        indicator = panel.indicators[int(found.row[at])]
        now, then = (figure(float(year[at]), indicator) for year in (found.now, found.then))
        held = figure(float(found.yardstick[at]), indicator)
        against = f"the target of {held}" if found.is_target[at] else f"its peers' median of {held}"
        mean = "" if panel.is_ratio[found.row[at]] else f" a {period_name(panel.cadence.name)} on average"
        year = f"{panel.cadence.year} {periods_name(panel)}"
        side = "still on the wrong side of" if direction == BETTER else "on the right side of"
        yet = ", but was better" if direction == WORSE else ""
        return (
            f"{indicator.title}: {now}{mean} over the last {year}, {then} over the {panel.cadence.year} before; "
            f"{side} {against}{yet}."
        )

    return sentence


def _inputs(panel: Panel, found: Travel, rises: Bools) -> Callable[[int], Mapping[str, Any]]:
    year = panel.windows.rolling_year, panel.windows.rolling_year_year_ago

    def inputs(at: int) -> Mapping[str, Any]:
        return {
            "first": year[0].first.isoformat(),
            "last": year[0].last.isoformat(),
            "year_ago_first": year[1].first.isoformat(),
            "year_ago_last": year[1].last.isoformat(),
            "windows": found.windows_now[at].tolist(),
            "windows_year_ago": found.windows_then[at].tolist(),
            "yardstick": found.yardstick[at],
            "yardstick_is": "target" if found.is_target[at] else "median of peers",
            "direction": "rise" if rises[at] else "fall",
            "t": found.test.t[at],
            "degrees_of_freedom": found.test.freedom[at],
            "formula": FORMULA,
        }

    return inputs
