"""Type: tabular figures, a real minus, text that is measured, cut and wrapped to width."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from compstat.packs import type as t

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_figures_are_tabular_and_the_minus_is_as_wide() -> None:
    for font in (t.LIGHT, t.REGULAR, t.SEMIBOLD, t.BOLD):
        widths = {round(t.width_of(sign, t.Style(font, 10)), 3) for sign in "0123456789+−"}
        assert len(widths) == 1, font


def test_greek_cyrillic_and_polish_are_shown() -> None:
    for words in ("Αθήνα", "Київ", "Łódź", "Čeština", "naïve"):
        assert t.shown(words) == words


def test_what_the_font_lacks_is_seen() -> None:
    assert t.shown("北京") == t.MISSING_GLYPH * 2
    assert t.shown("a\u202eb\x1b[31m") == f"a{t.MISSING_GLYPH}b{t.MISSING_GLYPH}[31m"
    assert t.shown("two\nlines\tand  more") == "two lines and more"
    assert t.shown(t.MISSING_GLYPH) == t.MISSING_GLYPH


def test_decomposed_letters_are_composed() -> None:
    assert t.shown(unicodedata.normalize("NFD", "Łódź")) == "Łódź"


@given(TEXT, st.floats(12, 300))
def test_fit_is_never_wider_and_never_changes_what_fits(text: str, width: float) -> None:
    cut = t.fit(text, t.CELL, width)
    assert t.width_of(cut, t.CELL) <= width
    if t.width_of(text, t.CELL) <= width:
        assert cut == t.shown(text)
    else:
        assert cut.endswith("…")
        assert t.shown(text).startswith(cut[:-1])


@given(TEXT, st.floats(15, 300))
def test_wrap_keeps_every_letter_and_the_width(text: str, width: float) -> None:
    lines = t.wrap(text, t.CELL, width)
    assert "".join(lines).replace(" ", "") == t.shown(text).replace(" ", "")
    assert all(t.width_of(line, t.CELL) <= width for line in lines)


@given(TEXT, st.integers(1, 3))
def test_wrap_stops_at_its_lines(text: str, lines: int) -> None:
    assert len(t.wrap(text, t.CELL, 60, lines)) <= lines


def test_papers_have_margins_of_14_mm() -> None:
    for paper in t.PAPERS.values():
        assert round(paper.left / 72 * 25.4, 6) == 14
        assert paper.bottom < paper.top
