"""XmR charts: one series with its segments, limits, special causes, variation and assurance.

Words and arithmetic are those of NHSRplotthedots 0.2.2 and NHS England, Making Data Count (the rules and the
limits of many series at once: special_cause.py and process_limits.py, whose functions can be had from here).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from compstat.statistics.process_limits import limits, process_of
from compstat.statistics.special_cause import Judged, Reason, judge, special_causes

__all__ = [
    "REASON_WORDS",
    "TRIAL_LIMITS_BELOW",
    "Judged",
    "Reason",
    "XmrChart",
    "XmrPoint",
    "chart",
    "judge",
    "limits",
    "point_type_word",
    "process_of",
    "special_causes",
]

TRIAL_LIMITS_BELOW = 13  # points of a segment, missing ones counted: NHSRplotthedots 0.2.2
REASON_WORDS = {
    Reason.NONE: None,
    Reason.OUTSIDE_LIMITS: "outside_limits",
    Reason.TREND: "trend",
    Reason.TWO_OF_THREE: "two_of_three",
    Reason.RUN: "run",
}
_BETTER = {"higher": 1, "lower": -1, "neutral": 0}


@dataclass(frozen=True, slots=True)
class XmrPoint:
    """One period. None: no return, or a limit that does not exist. `segment` counts the rebases so far."""

    value: float | None
    mean: float | None
    lower_limit: float | None
    upper_limit: float | None
    point_type: str
    reason: str | None
    segment: int


@dataclass(frozen=True, slots=True)
class XmrChart:
    """One series judged. `trial_limits`: a segment has fewer than 13 points, its limits will still move."""

    points: tuple[XmrPoint, ...]
    better: str
    trial_limits: bool

    @property
    def variation(self) -> str | None:
        """The point type of the last value; None when there is no value."""
        return next((point.point_type for point in reversed(self.points) if point.value is not None), None)

    def assurance(self, target: float | None) -> str | None:
        """What the last limits promise of the target: consistent_pass, consistent_fail or inconsistent.

        None without a target or where neither direction is better; inconsistent where the limits do not
        exist.
        """
        if target is None or math.isnan(target) or self.better == "neutral" or not self.points:
            return None
        last = self.points[-1]
        if last.upper_limit is not None and target > last.upper_limit:
            return "consistent_fail" if self.better == "higher" else "consistent_pass"
        if last.lower_limit is not None and target < last.lower_limit:
            return "consistent_pass" if self.better == "higher" else "consistent_fail"
        return "inconsistent"


def chart(
    values: npt.ArrayLike,
    better: str,
    rebases: Sequence[int] = (),
    fix_after: int | None = None,
    screen: bool = True,
) -> XmrChart:
    """The chart of one series in order of time, NaN for a period without a return.

    `better` is higher, lower or neutral. `rebases` are the positions where limits and runs start afresh.
    `fix_after` takes each segment's limits from its first so many periods.
    Raises ValueError for a rebase off the series, an unknown `better` or a `fix_after` below 1.
    """
    series = np.asarray(values, dtype=np.float64).ravel()
    _refuse_wrong_options(len(series), better, rebases, fix_after)
    starts = sorted({0, *rebases})
    ends = [*starts[1:], len(series)]
    points: list[XmrPoint] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1 if 0 in rebases else 0):
        judged = judge(series[np.newaxis, start:end], screen, fix_after)
        points += _segment_points(series[start:end].tolist(), judged, better, number)
    short = any(end - start < TRIAL_LIMITS_BELOW for start, end in zip(starts, ends, strict=True))
    return XmrChart(tuple(points), better, short)


def point_type_word(side: int, better: str) -> str:
    """The house word for a point on the high (1) or low (-1) side, or for none (0), given what is better."""
    if side == 0:
        return "common_cause"
    direction = _BETTER[better]
    if direction == 0:
        return "special_cause_neutral_high" if side > 0 else "special_cause_neutral_low"
    return "special_cause_improvement" if side == direction else "special_cause_concern"


def _segment_points(values: list[float], judged: Judged, better: str, segment: int) -> list[XmrPoint]:
    mean, lower, upper = (_known(float(limit[0])) for limit in judged[:3])
    reasons, sides = judged.reason[0].tolist(), judged.side[0].tolist()
    return [
        XmrPoint(
            _known(value),
            mean,
            lower,
            upper,
            point_type_word(side, better),
            REASON_WORDS[Reason(code)],
            segment,
        )
        for value, code, side in zip(values, reasons, sides, strict=True)
    ]


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _refuse_wrong_options(length: int, better: str, rebases: Sequence[int], fix_after: int | None) -> None:
    if better not in _BETTER:
        raise ValueError(f"better is {better!r}; higher, lower or neutral was wanted")
    off = [position for position in rebases if not 0 <= position < length]
    if off:
        raise ValueError(f"a rebase at {off[0]} lies off a series of {length} points")
    if fix_after is not None and fix_after < 1:
        raise ValueError(f"fix_after is {fix_after}; at least 1 point was wanted")
