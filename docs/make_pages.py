"""Draws docs/pages: small pictures of every page of the sample pack, and of packs of real returns if there.

Wants pdftoppm (Debian: poppler-utils). The real returns lie beside the project in ../shared/data; without
them only the sample force is drawn.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from generated import DOCS
from PIL import Image, ImageDraw, ImageFont
from real_packs import compstat, prepare_real_packs

PAGES = DOCS / "pages"
SAMPLE_WEEK = "2026-W46"
MARGIN = 14
COLUMNS = 4
SMALL_WIDTH = 360  # pixels of a page on a sheet: headings can be read, text cannot
PICTURE_WIDTH = 900
ROWS_A_SHEET = 3
GREYS = 32  # shades kept: the pages are ink, grey and two accents, and a file stays below 400 KB


def main() -> int:
    """Make the packs, then the sheets. The exit code: 1 without pdftoppm."""
    if not shutil.which("pdftoppm"):
        print("pdftoppm is wanted. On Debian and Ubuntu: apt install poppler-utils", file=sys.stderr)
        return 1
    PAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        packs = [*sample_packs(Path(folder)), *prepare_real_packs(Path(folder))]
        for title, pdf in packs:
            contact_sheets(title, pdf)
        picture(packs[0][1], "briefing-01.png")
    return 0


def sample_packs(folder: Path) -> Iterator[tuple[str, Path]]:
    """The sample force's briefing and one commander's copy, prepared afresh."""
    compstat("demo", str(folder / "demo"))
    pack = folder / "demo" / "packs" / SAMPLE_WEEK
    yield "sample-briefing", pack / "briefing.pdf"
    units = sorted((pack / "units").glob("*.pdf"))
    if units:
        yield "sample-unit", units[0]


def contact_sheets(title: str, pdf: Path) -> list[Path]:
    """TITLE.png, or TITLE-1.png and so on where one sheet does not hold all pages."""
    with TemporaryDirectory() as folder:
        pages = [Image.open(path).convert("RGB") for path in rendered(pdf, Path(folder), SMALL_WIDTH)]
    for old in (PAGES / f"{title}.png", *PAGES.glob(f"{title}-[0-9]*.png")):
        old.unlink(missing_ok=True)  # there may have been more sheets
    a_sheet = COLUMNS * ROWS_A_SHEET
    batches = [pages[first : first + a_sheet] for first in range(0, len(pages), a_sheet)]
    written = []
    for number, batch in enumerate(batches, 1):
        name = title if len(batches) == 1 else f"{title}-{number}"
        written.append(_save(_sheet(batch, 1 + (number - 1) * a_sheet), PAGES / f"{name}.png"))
    return written


def picture(pdf: Path, name: str) -> Path:
    """The first page, large enough to read its headings, with a hairline around it."""
    with TemporaryDirectory() as folder:
        page = Image.open(rendered(pdf, Path(folder), PICTURE_WIDTH, last=1)[0]).convert("RGB")
    ImageDraw.Draw(page).rectangle((0, 0, page.width - 1, page.height - 1), outline="#c3c9cf")
    return _save(page, PAGES / name)


def rendered(pdf: Path, folder: Path, width: int, last: int | None = None) -> list[Path]:
    """One PNG a page, in the order of the pages."""
    until = ["-l", str(last)] if last else []
    scale = ["-scale-to-x", str(width), "-scale-to-y", "-1"]
    subprocess.run(["pdftoppm", "-png", *scale, *until, str(pdf), str(folder / "page")], check=True)
    return sorted(folder.glob("page*.png"))


def _sheet(pages: list[Image.Image], first: int) -> Image.Image:
    height = max(page.height for page in pages)
    columns = min(COLUMNS, len(pages))
    rows = -(-len(pages) // columns)
    size = (MARGIN + columns * (SMALL_WIDTH + MARGIN), MARGIN + rows * (height + 2 * MARGIN))
    sheet = Image.new("RGB", size, "#d9dde1")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(10)
    for place, page in enumerate(pages):
        row, column = divmod(place, columns)
        left, top = MARGIN + column * (SMALL_WIDTH + MARGIN), MARGIN + row * (height + 2 * MARGIN)
        sheet.paste(page, (left, top))
        pen.text((left, top + page.height + 1), str(first + place), fill="#1b1f24", font=font)
    return sheet


def _save(image: Image.Image, path: Path) -> Path:
    image.quantize(GREYS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(DOCS.parent)}: {path.stat().st_size // 1024} KB")
    return path


if __name__ == "__main__":
    sys.exit(main())
