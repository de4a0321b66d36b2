"""Which points of its chart a flag is about, and over which time what nothing done would lead to is told."""

from __future__ import annotations

from typing import Literal

from compstat.rules.figure_window import window_of
from compstat.rules.flag import Flag
from compstat.rules.nothing_done import LEARNT


def marked_periods(flag: Flag, recent: int) -> int:
    """How many of the newest points of its chart a flag is about; 0 where it is about more than the recent window."""
    return {"period": 1, "recent": recent, "": 1}.get(window_of(flag.family, flag.inputs).length, 0)


def outlook_window(flag: Flag) -> Literal["week", "four_weeks", "mean"] | None:
    """Of which window the band is that nothing done would lead to; None unless it was learnt from flags here.

    mean: of the periods of the recent window, where events are added up.

    A band that was not learnt says what the unit's own year held: printed beside a breach it reads as an excuse.
    """
    rests = flag.inputs.get("if_nothing_is_done")
    if flag.expected_low is None or flag.expected_high is None or rests is None or rests["basis"] != LEARNT:
        return None
    window: Literal["week", "four_weeks", "mean"] = rests["window"]
    return window
