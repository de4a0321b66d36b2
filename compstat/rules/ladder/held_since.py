"""Since when a unit has been on support, as far as the record that was read can prove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from compstat.workspace.ladders import Ladder


class Counts(Protocol):
    """One period of the record, and its concerns."""

    @property
    def week(self) -> str: ...
    @property
    def concerns(self) -> int: ...


class Since(NamedTuple):
    """The label of the week from which on it held; or_earlier: the record is too short to see it not hold before."""

    week: str
    or_earlier: bool


def held_since(ladder: Ladder, periods: Sequence[Counts]) -> Since:
    """Of a unit that any trigger has brought to support. periods: the newest first, as far back as is known."""
    oldest = 0
    for back in range(1, len(periods)):
        if back - oldest <= ladder.down_after and _holds(ladder, periods[back:]):
            oldest = back
    seen_not_to_hold = oldest + ladder.down_after + max(trigger.of for trigger in ladder.trigger)
    return Since(periods[oldest].week, seen_not_to_hold > len(periods))


def _holds(ladder: Ladder, periods: Sequence[Counts]) -> bool:
    return any(
        sum(one.concerns >= trigger.concerns for one in periods[: trigger.of]) >= trigger.periods
        for trigger in ladder.trigger
    )
