"""Excesses of several flags on one scale: a mark at the excess, a line over its interval, zero as an upright."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, floor, log10
from typing import Any

from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.words import number


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places on the page, zero always on it."""

    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * share


def scale_of(values: list[float], left: float, right: float) -> Scale:
    """A scale that holds every value and zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    pad = 0.04 * (high - low) or 1.0
    return Scale(left, right, low - pad, high + pad)


def interval(
    canvas: Any, scale: Scale, y: float, outcome: str, excess: float, band: tuple[float, float] | None
) -> None:
    """One flag's excess with its interval, when it has one."""
    colour = {"concern": t.CONCERN, "commend": t.IMPROVEMENT}.get(outcome, t.GREY)
    if band is not None:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(1.1)
        canvas.line(scale.x(band[0]), y, scale.x(band[1]), y)
    mark(canvas, outcome, scale.x(excess), y, 3.2)


def zero_line(canvas: Any, scale: Scale, top: float, bottom: float) -> None:
    """The upright at zero through one row: what was expected."""
    canvas.setStrokeColor(t.GREY)
    canvas.setLineWidth(0.7)
    canvas.line(scale.x(0), top, scale.x(0), bottom)


def ticks(canvas: Any, scale: Scale, y: float) -> None:
    """Zero and one more value over the rows, so that a length can be read as events."""
    for value in (0.0, round_value(scale)):
        t.centre(canvas, scale.x(value), y, number(value), t.LABEL, t.GREY)
        canvas.setStrokeColor(t.GREY)
        canvas.setLineWidth(0.5)
        canvas.line(scale.x(value), y - 2, scale.x(value), y - 4)


def round_value(scale: Scale) -> float:
    """The largest of 1, 2, 5, 10, 20 ... that lies on the longer side of zero."""
    far = scale.high if scale.high >= -scale.low else scale.low
    power = 10.0 ** floor(log10(abs(far)))
    return copysign(max(step * power for step in (1, 2, 5) if step * power <= abs(far)), far)
