"""The frame of every page: header, footer with page x of y, DRAFT, bookmarks, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from compstat.meeting.briefing import Briefing
from compstat.packs import type as t
from compstat.packs.manifest import briefing_hash
from compstat.packs.words import moment, span, week_title

ACTED_BELOW: Final = 9.0  # a line of its own under the footer, still 10 mm from the paper's edge
DRAFT: Final = "DRAFT"
DRAFT_MEANS: Final = "the data of this week are not signed off"

Places = dict[str, int]  # bookmark key -> page number


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands at the foot of each page: where it belongs, and as known when; the actions where they are newer."""

    belongs: str
    known: str
    draft: bool
    acted: str = ""


@dataclass(slots=True)
class _Page:
    state: dict[str, Any]
    bookmarks: list[tuple[str, str, int]] = field(default_factory=list)
    late: list[Callable[[Any, Places], None]] = field(default_factory=list)


def footer_of(briefing: Briefing) -> Footer:
    """The footer of every page of this meeting's pack."""
    code = briefing_hash(briefing)
    week = week_title(briefing.week)
    return Footer(
        f"{briefing.organisation} · {briefing.cycle.name} · {week[0].lower()}{week[1:]}, {span(briefing.period)}",
        f"figures as known {moment(briefing.known_at)} · pack {code[:4]}·{code[4:8]}",
        briefing.draft,
        acted_words(briefing),
    )


def acted_words(briefing: Briefing) -> str:
    """`actions as known Thu 19 Nov 2026 12:10`, where the tracker has newer entries than the figures; else ""."""
    newer = briefing.acted_at is not None and briefing.acted_at > briefing.known_at
    return f"actions as known {moment(briefing.acted_at)}" if newer and briefing.acted_at else ""


class PackCanvas(Canvas):  # type: ignore[misc]  # reportlab ships no types
    """A canvas that keeps its pages back until all are drawn, as only then page x of y is known."""

    def __init__(self, path: Path, paper: t.Paper, footer: Footer, title: str) -> None:
        t.register_fonts()
        super().__init__(
            str(path),
            pagesize=(paper.width, paper.height),
            pageCompression=1,
            invariant=1,  # no clock time and no random id: the same input gives the same bytes
            initialFontName=t.REGULAR,  # else an unembedded Helvetica is listed
            initialFontSize=t.TEXT.size,
            lang="en-GB",
        )
        self.setTitle(t.shown(title))
        self.setAuthor(t.shown(footer.belongs.split(" · ")[0]))
        self.setSubject(t.shown(" · ".join(filter(None, (footer.known, footer.acted)))))
        self.setCreator("compstat")
        self._paper, self._footer = paper, footer
        self._held: list[_Page] = []
        self._bookmarks: list[tuple[str, str, int]] = []
        self._late: list[Callable[[Any, Places], None]] = []

    @property
    def page_number(self) -> int:
        """Number of the page now being drawn."""
        return len(self._held) + 1

    def bookmark(self, title: str, level: int) -> str:
        """Set a bookmark on this page and in the outline; its key, for references."""
        key = f"place-{sum(len(page.bookmarks) for page in self._held) + len(self._bookmarks)}"
        self._bookmarks.append((key, t.shown(title), level))
        return key

    def later(self, draw: Callable[[Any, Places], None]) -> None:
        """Draw on this page once every bookmark has its page number."""
        self._late.append(draw)

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Hold the page back."""
        self._held.append(_Page(dict(self.__dict__), self._bookmarks, self._late))
        self._bookmarks, self._late = [], []
        self._startPage()

    def save(self) -> None:
        """Write every page with its frame."""
        held = self._held
        places = {key: n for n, page in enumerate(held, 1) for key, _, _ in page.bookmarks}
        places |= {title: n for n, page in reversed([*enumerate(held, 1)]) for _, title, _ in page.bookmarks}
        for n, page in enumerate(held, 1):
            self.__dict__.update(page.state)
            for key, title, level in page.bookmarks:
                self.bookmarkPage(key, fit="Fit")
                self.addOutlineEntry(title, key, level, closed=level > 0)
            for draw in page.late:
                draw(self, places)
            self._frame(n, len(held))
            super().showPage()
        self._held = []
        kept, rl_config.useA85 = rl_config.useA85, 0  # bytes as they are: smaller and quicker than as letters
        try:
            super().save()
        finally:
            rl_config.useA85 = kept

    def _frame(self, page: int, pages: int) -> None:
        paper, footer = self._paper, self._footer
        y = paper.margin
        number = f"page {page} of {pages}"
        known = t.fit(footer.known, t.FOOTER, paper.measure * 0.45)
        room = paper.measure - t.width_of(known, t.FOOTER) - t.width_of(number, t.FOOTER) - 24
        self.setStrokeColor(t.HAIRLINE)
        self.setLineWidth(0.5)
        self.line(paper.left, y + 10, paper.right, y + 10)
        t.left(self, paper.left, y, footer.belongs, t.FOOTER, t.GREY, width=room)
        end = paper.right - t.width_of(number, t.FOOTER) - 12
        belongs = t.width_of(t.fit(footer.belongs, t.FOOTER, room), t.FOOTER)
        start = min(max(paper.left + belongs + 12, paper.width / 2 - 30), end - t.width_of(known, t.FOOTER))
        t.left(self, start, y, known, t.FOOTER, t.GREY)
        t.left(self, start, y - ACTED_BELOW, footer.acted, t.FOOTER, t.GREY)
        t.right(self, paper.right, y, number, t.FOOTER, t.GREY)
        if footer.draft:
            self._draft(paper)

    def _draft(self, paper: t.Paper) -> None:
        y = paper.height - 24
        width = t.width_of(DRAFT, t.LEAD_BOLD) + 12
        self.setFillColor(t.INK)
        self.rect(paper.left, y - 4, width, 14, stroke=0, fill=1)
        t.left(self, paper.left + 6, y, DRAFT, t.LEAD_BOLD, t.WHITE)
        t.left(self, paper.left + width + 6, y, DRAFT_MEANS, t.CELL, t.INK)
