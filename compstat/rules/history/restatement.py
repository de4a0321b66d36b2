"""By how much figures usually still change, learnt from the store's own history of them.

Source: docs/method.md; the sizes found on weekly police figures settle about eight weeks after the week's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np

from compstat.cadences import Cadence, end_of
from compstat.store import Store
from compstat.windows.matrix import Floats

SETTLED_AFTER = timedelta(days=56)  # growth by age levels off at 8 weeks in the weekly reports it was measured on
LEARNT_FROM_YEARS = 2  # 104 weeks
FEWEST_EVENTS = 50.0  # of an indicator at one age; with fewer all its ages together are used
EIGHTY_PERCENT = 1.28  # normal quantile: an 80% range


@dataclass(frozen=True, slots=True)
class Change:
    """growth: what settled over what was known at an age; spread: variance of what settled, an event of the latter."""

    growth: float
    spread: float


@dataclass(frozen=True)
class Restatement:
    """The usual change of each indicator's counts by age in periods, 0 for the newest; empty: nothing was learnt."""

    learnt: Mapping[str, Mapping[int, Change]] = field(default_factory=dict)

    def of_windows(self, indicators: Sequence[str], counts: Floats) -> tuple[Floats, Floats]:
        """Growth and spread of each cell's sum over a window (newest period last). NaN: not learnt."""
        growth, spread = (np.full(counts.shape, np.nan) for _ in range(2))
        for row, indicator in enumerate(indicators):
            for age, change in self.learnt.get(indicator, {}).items():
                if age < counts.shape[1]:
                    growth[row, -1 - age], spread[row, -1 - age] = change.growth, change.spread
        # the newest weighs as one event where the window holds none
        weight = np.nan_to_num(counts)
        weight[weight.sum(axis=1) == 0, -1] = 1.0
        total = weight.sum(axis=1)

        def mean(parts: Floats) -> Floats:
            return np.asarray(np.where(weight > 0, parts * weight, 0.0).sum(axis=1) / total, dtype=np.float64)

        return mean(growth), mean(spread)


def settled_range(count: Floats, growth: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Where the count will settle, in 8 cases of 10; rounded outward. NaN where nothing was learnt."""
    half = EIGHTY_PERCENT * np.sqrt(spread * np.maximum(count, 0.5))
    return np.floor(np.maximum(0.0, growth * count - half)), np.ceil(growth * count + half)


def learn(store: Store, cadence: Cadence, starts: Sequence[date], known_at: datetime) -> Restatement:
    """What the store tells of the periods that start on these days (the newest last), as known at a moment.

    Only figures whose earlier state was recorded at the time teach anything: of a history loaded at once the age
    is not known.
    """
    rows = _ages(cadence, starts, known_at)
    if not rows or store.rows("windows/known_at", as_of=max(moment for *_, moment in rows))[0][0] is None:
        return Restatement()
    names = ("period_start", "age", "moment")
    store.put("figure_age_text", {name: [str(row[at]) for row in rows] for at, name in enumerate(names)})
    store.run("quality/figure_age")
    sums: dict[str, dict[int, Floats]] = {}
    for indicator, age, *parts in store.rows("quality/usual_restatement", known_at=known_at):
        if None not in parts:
            sums.setdefault(indicator, {})[int(age)] = np.array(parts, dtype=np.float64)
    learnt = {indicator: _changes(by_age, range(cadence.recent)) for indicator, by_age in sums.items()}
    return Restatement({indicator: changes for indicator, changes in learnt.items() if changes})


def _ages(cadence: Cadence, starts: Sequence[date], known_at: datetime) -> list[tuple[date, int, datetime]]:
    """Period, age, and the moment at which the period's figures were so old, of each that has settled."""
    newest = list(reversed(starts))[: cadence.recent]
    old = [known_at - datetime.combine(end_of(cadence, start), time.min) for start in newest]
    settled = [
        (start, datetime.combine(end_of(cadence, start), time.min))
        for start in starts[-LEARNT_FROM_YEARS * cadence.year :]
    ]
    return [
        (start, age, end + older)
        for start, end in settled
        if end + SETTLED_AFTER <= known_at
        for age, older in enumerate(old)
        if end + older < known_at
    ]


def _changes(by_age: Mapping[int, Floats], ages: Iterable[int]) -> dict[int, Change]:
    every = np.sum(list(by_age.values()), axis=0)
    found = {age: by_age[age] if age in by_age and by_age[age][0] >= FEWEST_EVENTS else every for age in ages}
    return {age: _change(sums) for age, sums in found.items() if sums[0] >= FEWEST_EVENTS}


def _change(sums: Floats) -> Change:
    early, late, early_squared, product, late_squared = sums.tolist()
    growth = late / early
    spread = (late_squared - 2 * growth * product + growth**2 * early_squared) / early
    return Change(growth, max(0.0, spread))
