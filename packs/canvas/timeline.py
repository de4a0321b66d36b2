"""The meeting as a bar: one block an item, as wide as its minutes, with its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compstat.meeting.briefing import AgendaItem
from compstat.packs import type as t


def timeline(canvas: Any, x: float, y: float, width: float, height: float, agenda: Sequence[AgendaItem]) -> None:
    """Draw the bar with its lower left corner at (x, y); items with a unit are darker."""
    total = sum(item.minutes for item in agenda)
    if total <= 0:
        return
    for n, item in enumerate(agenda):
        block = width * item.minutes / total
        canvas.setFillColor(t.INK if item.unit else (t.SLATE if n % 2 == 0 else t.STEEL))
        canvas.rect(x, y, max(block - 1.2, 0.4), height, stroke=0, fill=1)
        words = str(item.number)
        if t.width_of(words, t.COLUMN_BOLD) + 4 <= block - 1.2:
            t.left(
                canvas,
                x + min(4.0, (block - 1.2 - t.width_of(words, t.COLUMN_BOLD)) / 2),
                y + height / 2 - 2.6,
                words,
                t.COLUMN_BOLD,
                t.WHITE,
            )
        x += block
