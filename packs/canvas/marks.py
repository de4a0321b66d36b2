"""Marks that a grey printer keeps: each outcome has its own shape besides its colour."""

from __future__ import annotations

from typing import Any

from compstat.packs import type as t


def mark(canvas: Any, outcome: str, x: float, y: float, size: float) -> None:
    """Draw an outcome's shape round (x, y), `size` being half its width.

    Filled triangle: concern. Open triangle: watch. Open circle: improvement. Cross: data problem. Dot: none.
    """
    if outcome in {"concern", "watch"}:
        _triangle(canvas, x, y, size, filled=outcome == "concern")
    elif outcome in {"commend", "improvement"}:
        canvas.setStrokeColor(t.IMPROVEMENT)
        canvas.setFillColor(t.WHITE)
        canvas.setLineWidth(size * 0.45)
        canvas.circle(x, y, size * 0.85, stroke=1, fill=1)
    elif outcome in {"data", "missing"}:
        canvas.setStrokeColor(t.GREY)
        canvas.setLineWidth(size * 0.35)
        reach = size * 0.75
        canvas.line(x - reach, y - reach, x + reach, y + reach)
        canvas.line(x - reach, y + reach, x + reach, y - reach)
    else:
        canvas.setFillColor(t.GREY)
        canvas.circle(x, y, max(0.5, size * 0.2), stroke=0, fill=1)


def _triangle(canvas: Any, x: float, y: float, size: float, *, filled: bool) -> None:
    path = canvas.beginPath()
    path.moveTo(x - size, y - size * 0.8)
    path.lineTo(x + size, y - size * 0.8)
    path.lineTo(x, y + size)
    path.close()
    # a white edge keeps marks of neighbouring periods apart
    canvas.setStrokeColor(t.WHITE if filled else t.GREY)
    canvas.setFillColor(t.CONCERN if filled else t.WHITE)
    canvas.setLineWidth(0.3 if filled else size * 0.3)
    canvas.drawPath(path, stroke=1, fill=1)


def tally(canvas: Any, x: float, y: float, count: int, *, most: int = 15) -> float:
    """Draw tally marks in fives from x on, the baseline at y; where they end. More than `most` go as a number."""
    canvas.setStrokeColor(t.INK)
    canvas.setLineWidth(0.9)
    if count > most:
        t.left(canvas, x, y, str(count), t.CELL_BOLD)
        return x + t.width_of(str(count), t.CELL_BOLD)
    start = x
    for n in range(1, count + 1):
        if n % 5 == 0:  # the fifth stroke goes through the four before it
            canvas.line(start - 1.5, y + 0.5, x - 0.5, y + 6.5)
            x += 3.5
            start = x
        else:
            canvas.line(x + 0.5, y, x + 0.5, y + 7)
            x += 2.8
    return x


def arrow(canvas: Any, x0: float, x1: float, y: float) -> None:
    """A small arrow from x0 to x1: a date that slipped."""
    canvas.setStrokeColor(t.GREY)
    canvas.setLineWidth(0.7)
    canvas.line(x0, y, x1, y)
    canvas.line(x1 - 2.4, y + 1.8, x1, y)
    canvas.line(x1 - 2.4, y - 1.8, x1, y)


def tick_box(canvas: Any, x: float, y: float, size: float = 7.0) -> None:
    """An empty box to tick by hand, its lower left corner at (x, y)."""
    canvas.setStrokeColor(t.GREY)
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, size, size, stroke=1, fill=0)
