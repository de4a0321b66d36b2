"""Over which time a flag's figure was taken: a week and a year in one column must not be read as alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compstat.rules.flag import Flag
from compstat.rules.nothing_done import LEARNT
from compstat.statistics.drift import NEWEST

Length = Literal["period", "recent", "year", "mean", "periods", ""]
# families of one window each; spike and commend say in their inputs which of two leads
_LENGTHS: dict[str, Length] = {
    "floor": "period",
    "special_cause": "period",
    "trajectory": "period",
    "no_return": "period",
    "spike": "period",
    "commend": "period",
    "year_on_year": "recent",
    "target": "recent",
    "peer": "recent",
    "drift": "mean",
    "improving": "year",
    "coasting": "year",
    "leak": "periods",
}


@dataclass(frozen=True, slots=True)
class FlagWindow:
    """The window of a flag's figure; `periods` is how many a mean is of, or a window of no other name has.

    length: "" where a team's own rule does not say.
    """

    length: Length
    periods: int = 0

    @property
    def is_mean(self) -> bool:
        return self.length == "mean"


def window_of(flag: Flag) -> FlagWindow:
    """The window of the flag's value and comparator."""
    if flag.inputs.get("leading_window") == "four_weeks":
        return FlagWindow("recent")
    length = _LENGTHS.get(flag.family, "")
    periods = {"mean": NEWEST, "periods": int(flag.inputs.get("periods") or 0)}.get(length, 0)
    return FlagWindow(length, periods)


def marked_periods(flag: Flag, recent: int) -> int:
    """How many of the newest points of its chart a flag is about; 0 where it is about more than the recent window."""
    return {"period": 1, "recent": recent, "": 1}.get(window_of(flag).length, 0)


def outlook_window(flag: Flag) -> Literal["week", "four_weeks"] | None:
    """Of which window the band is that nothing done would lead to; None unless it was learnt from flags here.

    A band that was not learnt says what the unit's own year held: printed beside a breach it reads as an excuse.
    """
    rests = flag.inputs.get("if_nothing_is_done")
    if flag.expected_low is None or flag.expected_high is None or rests is None or rests["basis"] != LEARNT:
        return None
    return "week" if rests["window"] == "week" else "four_weeks"
