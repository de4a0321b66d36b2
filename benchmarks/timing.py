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
    """What one benchmark found. ours, theirs: one value a run, in `unit`; `note`: what was done, in a line.

    cpu_ratio: the same of the processors' time, children's included, which other work on the machine moves
    less; None where time is not what is measured.
    """

    name: str
    goal: float
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    note: str
    unit: str = "s"
    cpu_ratio: float | None = None

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
            "cpu_ratio": self.cpu_ratio,
            "unit": self.unit,
            "ours": list(self.ours),
            "theirs": list(self.theirs),
            "note": self.note,
        }


@dataclass(frozen=True)
class Taken:
    """Seconds of each run by the clock on the wall, and of the processors, both ways."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    our_cpu: tuple[float, ...]
    their_cpu: tuple[float, ...]

    def measured(self, name: str, goal: float, note: str, scale: float = 1.0) -> Measured:
        """As a benchmark's result; theirs did 1 / scale of the work."""
        theirs = tuple(seconds * scale for seconds in self.theirs)
        work = median(self.their_cpu) * scale
        cpu_ratio = median(self.our_cpu) / work if work else None  # a run below the processor clock's tick
        return Measured(name, goal, self.ours, theirs, note, cpu_ratio=cpu_ratio)


def in_turns(
    ours: Run,
    theirs: Run,
    runs: int,
    *,
    before: Callable[[], object] = lambda: None,
    warm_up: bool = True,
) -> Taken:
    """Time each run of both, ours first, then theirs, and so on.

    With `warm_up` one of each goes before that does not count, but where one run is all that is wanted.
    `before` is called ahead of every run and is not timed.
    """
    for way in (ours, theirs) if warm_up and runs > 1 else ():
        before()
        way(0)
    taken: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for run in range(1, runs + 1):
        for way, seconds in zip((ours, theirs), taken, strict=True):
            before()
            seconds.append(_timed(way, run))
    (our_wall, our_cpu), (their_wall, their_cpu) = (zip(*side, strict=True) for side in taken)
    return Taken(our_wall, their_wall, our_cpu, their_cpu)


def _timed(way: Run, run: int) -> tuple[float, float]:
    """Seconds of one run, begun without another run's rubbish in memory: on the wall, of the processors."""
    gc.collect()
    cpu, start = _cpu(), time.perf_counter()
    way(run)
    return time.perf_counter() - start, _cpu() - cpu


def _cpu() -> float:
    """Processor time of this process and its finished children."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def settled() -> None:
    """Wait until what was written lies on the disk, or the next run pays for it."""
    os.sync()
