"""Reading a written PDF back: its text with sizes and places, its bookmarks, its fonts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader


class Words(NamedTuple):
    """A run of text: what, how large, where."""

    text: str
    size: float
    x: float
    y: float


def words_of(page: PageObject) -> list[Words]:
    """Every run of text of the page with its size and place."""
    found: list[Words] = []

    def visit(text: str, user: Any, matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            x = matrix[4] * user[0] + matrix[5] * user[2] + user[4]
            y = matrix[4] * user[1] + matrix[5] * user[3] + user[5]
            found.append(Words(text.strip(), round(size, 2), x, y))

    page.extract_text(visitor_text=visit)
    return found


def texts_of(path: Path) -> list[str]:
    """The text of each page."""
    return list(_texts(path, path.stat().st_mtime_ns))


@cache
def _texts(path: Path, _changed: int) -> tuple[str, ...]:
    return tuple(page.extract_text() for page in PdfReader(path).pages)


def pages_of(path: Path) -> list[list[Words]]:
    """The runs of text of each page."""
    return list(_pages(path, path.stat().st_mtime_ns))


@cache
def _pages(path: Path, _changed: int) -> tuple[list[Words], ...]:
    return tuple(words_of(page) for page in PdfReader(path).pages)


def bookmarks_of(path: Path) -> list[tuple[int, str, int]]:
    """Level, title and page number of each bookmark, in order."""
    reader = PdfReader(path)
    found: list[tuple[int, str, int]] = []

    def walk(items: list[Any], level: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, level + 1)
            else:
                found.append((level, str(item.title), (reader.get_destination_page_number(item) or 0) + 1))

    walk(reader.outline, 0)
    return found


def sizes_of(page: PageObject) -> set[float]:
    """Every font size that the page's content stream sets."""
    contents = page.get_contents()
    data = contents.get_data() if contents is not None else b""
    return {float(size) for size in re.findall(rb"/F\S+ ([\d.]+) Tf", data)}


def fonts_of(path: Path) -> dict[str, bool]:
    """Each font of the file and whether it is embedded."""
    fonts: dict[str, bool] = {}
    for page in PdfReader(path).pages:
        for held in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = held.get_object()
            descriptor = font.get("/FontDescriptor")
            fonts[str(font["/BaseFont"])] = bool(descriptor and "/FontFile2" in descriptor.get_object())
    return fonts
