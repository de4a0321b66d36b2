"""Type of the printed pages: paper, fonts, sizes, colours, and text that is measured, cut and wrapped.

Every string drawn anywhere in a pack passes `shown`, so that what the font lacks is seen, never silently lost.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import font_source_sans_pro  # type: ignore[import-untyped]
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

LIGHT: Final = "SourceSans-Light"
REGULAR: Final = "SourceSans"
SEMIBOLD: Final = "SourceSans-Semibold"
BOLD: Final = "SourceSans-Bold"
_FILES = {LIGHT: "Light", REGULAR: "Regular", SEMIBOLD: "Semibold", BOLD: "Bold"}

INK: Final = HexColor("#1b1f24")
GREY: Final = HexColor("#6a737d")
HAIRLINE: Final = HexColor("#c3c9cf")
BAND: Final = HexColor("#eef1f4")
SLATE: Final = HexColor("#4a545d")
STEEL: Final = HexColor("#7d868e")
CONCERN: Final = HexColor("#c85a00")
IMPROVEMENT: Final = HexColor("#0b5cad")
WHITE: Final = HexColor("#ffffff")

MISSING_GLYPH: Final = "◊"  # a sign no name uses and the font has


class Style(NamedTuple):
    """A font at a size in points."""

    font: str
    size: float


# at least 9 pt for text, 7.4 for table headings and footers, 6.8 for chart labels
TITLE: Final = Style(BOLD, 23)
FRONT_TITLE: Final = Style(BOLD, 25)
FIGURE: Final = Style(LIGHT, 30)
SENTENCE: Final = Style(SEMIBOLD, 13)
HEADING: Final = Style(SEMIBOLD, 11.5)
LEAD: Final = Style(REGULAR, 10)
LEAD_BOLD: Final = Style(SEMIBOLD, 10)
TEXT: Final = Style(REGULAR, 9.2)
TEXT_BOLD: Final = Style(SEMIBOLD, 9.2)
CELL: Final = Style(REGULAR, 9)
CELL_BOLD: Final = Style(SEMIBOLD, 9)
COLUMN: Final = Style(REGULAR, 7.5)
COLUMN_BOLD: Final = Style(SEMIBOLD, 7.5)
FOOTER: Final = Style(REGULAR, 7.5)
LABEL: Final = Style(REGULAR, 6.8)
LABEL_BOLD: Final = Style(SEMIBOLD, 9)


class Paper(NamedTuple):
    """A sheet in points with margins of 14 mm; the footer stands inside the lower margin's reach."""

    width: float
    height: float
    margin: float = 14 * mm

    @property
    def left(self) -> float:
        return self.margin

    @property
    def right(self) -> float:
        return self.width - self.margin

    @property
    def measure(self) -> float:
        """Width of the text block."""
        return self.width - 2 * self.margin

    @property
    def top(self) -> float:
        return self.height - self.margin

    @property
    def bottom(self) -> float:
        """Lowest place for content, above the footer."""
        return self.margin + 17


PAPERS: Final = {"A4": Paper(210 * mm, 297 * mm), "Letter": Paper(612.0, 792.0)}


def font_file(font: str) -> Path:
    """The TrueType file of one of the four weights."""
    return Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{_FILES[font]}.ttf"


@cache
def register_fonts() -> frozenset[int]:
    """The characters every weight has, once the fonts are known to reportlab."""
    coverage: set[int] | None = None
    for name in _FILES:
        font = TTFont(name, str(font_file(name)))
        pdfmetrics.registerFont(font)
        has = set(font.face.charToGlyph)
        coverage = has if coverage is None else coverage & has
    return frozenset(coverage or ())


@lru_cache(maxsize=20_000)
def shown(text: str) -> str:
    """The text as it can be printed: white space and line breaks as one space, a missing glyph as a lozenge."""
    has = register_fonts()
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(
        character if ord(character) in has and unicodedata.category(character)[0] != "C" else MISSING_GLYPH
        for character in composed
    )


@lru_cache(maxsize=50_000)
def _width_at_1000(text: str, font: str) -> float:
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, 1000))


def width_of(text: str, style: Style) -> float:
    """Width in points of the text as it will be shown."""
    return _width_at_1000(shown(text), style.font) * style.size / 1000


def fit(text: str, style: Style, width: float) -> str:
    """The text, cut with an ellipsis after a whole word where it is wider than `width`; a lone word is cut within."""
    text = shown(text)
    if width_of(text, style) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + "…", style) <= width:
            low = middle
        else:
            high = middle - 1
    whole = text[: low + 1].rfind(" ")  # a space just beyond what fits ends a whole word too
    return text[: whole if whole > 0 else low].rstrip(" ,;:·(") + "…"


def wrap(text: str, style: Style, width: float, lines: int | None = None) -> list[str]:
    """The text as lines no wider than `width`; a word wider than a line is broken; the last of `lines` is cut."""
    done: list[str] = []
    line = ""
    for word in shown(text).split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, style) <= width:
            line = longer
            continue
        if line:
            done.append(line)
        *whole, line = _broken(word, style, width)
        done.extend(whole)
    if line:
        done.append(line)
    if lines is not None and len(done) > lines:
        last = fit(" ".join(done[lines - 1 :]), style, width)
        done = [*done[: lines - 1], last]
    return done


def _broken(word: str, style: Style, width: float) -> list[str]:
    pieces: list[str] = []
    while len(word) > 1 and width_of(word, style) > width:
        cut = 1
        while width_of(word[: cut + 1], style) <= width:
            cut += 1
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def left(
    canvas: Any, x: float, y: float, text: str, style: Style, colour: Any = INK, width: float | None = None
) -> None:
    """Draw the text from x on, cut to `width` when given."""
    canvas.setFont(*style)
    canvas.setFillColor(colour)
    canvas.drawString(x, y, shown(text) if width is None else fit(text, style, width))


def right(
    canvas: Any, x: float, y: float, text: str, style: Style, colour: Any = INK, width: float | None = None
) -> None:
    """Draw the text so that it ends at x."""
    text = shown(text) if width is None else fit(text, style, width)
    left(canvas, x - width_of(text, style), y, text, style, colour)


def centre(
    canvas: Any, x: float, y: float, text: str, style: Style, colour: Any = INK, width: float | None = None
) -> None:
    """Draw the text round x."""
    text = shown(text) if width is None else fit(text, style, width)
    left(canvas, x - width_of(text, style) / 2, y, text, style, colour)
