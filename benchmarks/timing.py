"""The timing core: two ways of doing one thing, run in turns, so that what else the machine does meets both alike."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Run = Callable[[int], object]  # given the number of the run, 0 for the warm-up


@dataclass(frozen=True)
class Measured:
    """What one benchmark found. ours, theirs: one value a run, in `unit`; `note`: what was done, in a line."""

    name: str
    goal: float
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    note: str
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """Our median over theirs: below 1 we are faster."""
        return median(self.ours) / median(self.theirs)

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest ratio of neighbouring runs: how far noise moved it."""
        pairs = [a / b for a, b in zip(self.ours, self.theirs, strict=True)]
        return min(pairs), max(pairs)

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal

    def as_public(self) -> dict[str, object]:
        """The object that bench.json holds of it."""
        return {
            "name": self.name,
            "ratio": self.ratio,
            "goal": self.goal,
            "runs": len(self.ours),
            "met": self.met,
            "unit": self.unit,
            "ours": list(self.ours),
            "theirs": list(self.theirs),
            "note": self.note,
        }


def in_turns(
    ours: Run, theirs: Run, runs: int, *, before: Callable[[], object] = lambda: None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Seconds of each run of both, ours first, then theirs, and so on.

    One of each goes before that does not count, but where one run is all that is wanted. `before` is called
    ahead of every run and is not timed.
    """
    for way in (ours, theirs) if runs > 1 else ():
        before()
        way(0)
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(1, runs + 1):
        for way, seconds in zip((ours, theirs), taken, strict=True):
            before()
            seconds.append(timed(way, run))
    return tuple(taken[0]), tuple(taken[1])


def timed(way: Run, run: int) -> float:
    """Seconds of one run, begun without another run's rubbish in memory."""
    gc.collect()
    start = time.perf_counter()
    way(run)
    return time.perf_counter() - start


def settled() -> None:
    """Wait until what was written lies on the disk, or the next run pays for it."""
    os.sync()
