"""Excesses of several flags on one scale: a mark at the excess, a line over its interval, zero as an upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compstat.packs import type as t
from compstat.packs.canvas.marks import mark


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
    """The upright at zero, labelled below: what was expected."""
    canvas.setStrokeColor(t.GREY)
    canvas.setLineWidth(0.7)
    canvas.line(scale.x(0), top, scale.x(0), bottom)
    t.centre(canvas, scale.x(0), bottom - 7, "0", t.LABEL, t.GREY)
