"""A run of pages that fills from the top: parts, headings that keep what follows, paragraphs, page breaks."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Final

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.furniture import PackCanvas, footer_of

LINE: Final = 12.4  # leading of running text at 9.2 pt
HEADER: Final = 58.0  # from the top margin to the content, under title, line and rule
SUBTITLE: Final = 17.0  # of which the line under the title takes; nothing to say there leaves no white
KEEP: Final = 60.0  # a heading stands with at least this much of what follows


class Sheet:
    """Where drawing goes on: the canvas, and `y`, the height down to which this page is used."""

    def __init__(self, path: Path, briefing: Briefing, title: str) -> None:
        self.paper = t.PAPERS[briefing.pack.paper]
        self.canvas = PackCanvas(path, self.paper, footer_of(briefing), title)
        self.y = self.paper.top
        self.running = ""
        self._fresh = True

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self.y - self.paper.bottom

    def new_page(self) -> None:
        """Go to an empty page, unless this one is."""
        if not self._fresh:
            self.canvas.showPage()
        self.y = self.paper.top
        self._fresh = True

    def ensure(self, height: float) -> bool:
        """Go to a page that continues this one when less than `height` is left; whether it did."""
        if height <= self.room or (self._fresh and self.y == self.paper.top):
            return False
        self.new_page()
        t.left(self.canvas, self.paper.left, self.y - 8, self.running, t.LEAD_BOLD, width=self.paper.measure * 0.7)
        t.right(self.canvas, self.paper.right, self.y - 8, "continued", t.CELL, t.GREY)
        self.rule(self.y - 14, 0.7, t.INK)
        self.advance(24)
        return True

    def advance(self, height: float) -> None:
        """Use up so much of the page."""
        self._fresh = False
        self.y -= height

    def rule(
        self, y: float, width: float, colour: object = t.HAIRLINE, left: float | None = None, right: float | None = None
    ) -> None:
        """A horizontal line at y."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)
        self.canvas.line(self.paper.left if left is None else left, y, self.paper.right if right is None else right, y)

    def header(
        self,
        title: str,
        line: str,
        note: str = "",
        note_line: str = "",
        *,
        front: bool = False,
        note_line_colour: object = t.GREY,
        keep: float = inf,
    ) -> None:
        """What this is, who and when, and a rule: on this page when `keep` is left below it, else on a new one."""
        if self._fresh or self.room < keep + HEADER + 20:
            self.new_page()
        else:
            self.advance(20)
        canvas, paper, y = self.canvas, self.paper, self.y
        strong, faint = (t.SENTENCE, t.TEXT) if front else (t.LEAD_BOLD, t.CELL_BOLD)
        widest = max(t.width_of(note, strong), t.width_of(note_line, faint))
        aside = min(widest + 12, paper.measure * 0.45) if widest else 0.0
        t.left(canvas, paper.left, y - 18, title, t.FRONT_TITLE if front else t.TITLE, width=paper.measure - aside)
        t.left(canvas, paper.left, y - 35, line, t.TEXT, t.GREY, width=paper.measure - aside)
        t.right(canvas, paper.right, y - 18, note, strong, t.INK if front else t.GREY, width=aside)
        t.right(canvas, paper.right, y - 35, note_line, faint, note_line_colour, width=aside)
        spared = 0.0 if line or note_line else SUBTITLE
        self.rule(y - 46 + spared, 1.4, t.INK)
        self.running = title
        self.advance(HEADER - spared)

    def part(self, title: str, line: str, note: str = "", *, keep: float = inf) -> None:
        """Begin a part of the pack under its heading, which is also a bookmark."""
        self.header(title, line, note, keep=keep)
        self.canvas.bookmark(title, 0)

    def heading(self, words: str, note: str = "", *, keep: float = KEEP) -> None:
        """A heading that goes to the next page with what follows rather than stand alone."""
        self.ensure(22 + keep)
        t.left(self.canvas, self.paper.left, self.y - 11, words, t.HEADING, width=self.paper.measure * 0.6)
        t.right(self.canvas, self.paper.right, self.y - 11, note, t.CELL, t.GREY, width=self.paper.measure * 0.55)
        self.advance(20)

    def text(
        self,
        words: str,
        style: t.Style = t.TEXT,
        colour: object = t.INK,
        *,
        after: float = 4.0,
        width: float | None = None,
        lines: int | None = None,
    ) -> None:
        """A paragraph over as many pages as it needs, never one line of it alone."""
        leading = style.size * 1.34
        wrapped = t.wrap(words, style, width or self.paper.measure, lines)
        for n, line in enumerate(wrapped):
            self.ensure(leading * (2 if n == 0 and len(wrapped) > 1 else 1))
            t.left(self.canvas, self.paper.left, self.y - style.size, line, style, colour)
            self.advance(leading)
        self.advance(after)

    def bullet(
        self,
        words: str,
        *,
        left: float | None = None,
        width: float | None = None,
        style: t.Style = t.TEXT,
        lines: int | None = None,
    ) -> None:
        """A point of a list."""
        x = self.paper.left if left is None else left
        room = (self.paper.right - x if width is None else width) - 12
        leading = style.size * 1.3
        wrapped = t.wrap(words, style, room, lines)
        self.ensure(leading * len(wrapped))
        self.canvas.setFillColor(t.INK)
        self.canvas.circle(x + 3, self.y - style.size * 0.68, 1.1, stroke=0, fill=1)
        for line in wrapped:
            t.left(self.canvas, x + 11, self.y - style.size, line, style)
            self.advance(leading)
        self.advance(3)

    def finish(self) -> None:
        """Write the file."""
        if not self._fresh:
            self.canvas.showPage()
        self.canvas.save()
