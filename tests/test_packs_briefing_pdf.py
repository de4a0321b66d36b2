"""The briefing as its readers get it: parts, bookmarks, sizes, fonts, names that are no markup, same bytes."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from briefing_example import HOSTILE, example
from packs_example import bookmarks_of, fonts_of, pages_of, sizes_of, texts_of
from pypdf import PdfReader

from compstat.meeting.briefing import Briefing, WindowFigures
from compstat.packs import type as t
from compstat.packs.briefing_pdf import write_briefing

PARTS = [
    "Running order",
    "Follow-up on actions",
    "Force-wide picture",
    "Challenge",
    "Good practice and awards",
    "New actions",
    "Not flagged, and why",
    "Data quality statement",
    "Method",
]
# chart labels: ticks, measures, targets, limits, notes, the screen of the room, the zero line, gaps
LABELS = re.compile(
    r"[A-Z][a-z]{2} \d\d|(number|amount) a week|%|days|(target|limit)? ?[\d.]+|0|screen|no returns?|"
    r"new commander|redefined|rebased by hand"
)
# what may be smaller than 9 pt: table headings, footers, names in plates and plans
SMALL = re.compile(
    r"code|unit|indicators?|now|against|change|p|state|rule|year ago|%|action|owner|due|carried, step|rows|batch|"
    r"source|recorded|what was .*|why it is not shown|what, by whom .*|promise: .*|read back|page \d+ of \d+|"
    r"figures as known .*|Northshire Police · .*|v? ?\d+.*\d{4}|Grey band: .*|\d"
)


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return example()


@pytest.fixture(scope="module")
def written(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(briefing, tmp_path_factory.mktemp("briefing"))


def write(briefing: Briefing, folder: Path) -> Path:
    path = folder / "briefing.pdf"
    write_briefing(briefing, path)
    return path


def test_parts_are_bookmarks_in_order_on_the_page_with_their_heading(written: Path) -> None:
    marks = bookmarks_of(written)
    assert [title for level, title, _ in marks if level == 0] == PARTS
    pages = pages_of(written)
    for level, title, page in marks:
        if level == 0:
            sizes = {words.size for words in pages[page - 1] if words.text == title}
            assert max(sizes, default=0) >= t.HEADING.size, title


def test_each_challenged_unit_has_a_page_and_a_bookmark_under_challenge(written: Path, briefing: Briefing) -> None:
    marks = bookmarks_of(written)
    units = [(title, page) for level, title, page in marks if level == 1]
    assert [title for title, _ in units] == [report.unit.title for report in briefing.challenged]
    texts = texts_of(written)
    for (_, page), report in zip(units, briefing.challenged, strict=True):
        for flag in report.flags:
            assert flag.flag in texts[page - 1]
        assert {"Known", "Tried", "Asked", "Support"} <= set(texts[page - 1].split())


def test_every_page_says_its_number_the_week_the_hash_and_when_known(written: Path) -> None:
    texts = texts_of(written)
    for n, text in enumerate(texts, 1):
        assert f"page {n} of {len(texts)}" in text
        assert "week 46, 9–15 Nov 2026" in text
        assert re.search(r"figures as known Mon 16 Nov 2026 18:00 · pack [0-9a-f]{4}·[0-9a-f]{4}", text)
        assert "DRAFT" not in text


def test_a_draft_says_so_on_every_page(tmp_path: Path) -> None:
    texts = texts_of(write(example(units=3, indicators=3, draft=True), tmp_path))
    assert all("DRAFT" in text for text in texts)


def test_the_cover_counts_tests_flags_and_chance(written: Path) -> None:
    first = texts_of(written)[0]
    for words in (
        "192",
        "tests made",
        "flags shown",
        "0.6",
        "by chance alone",
        "Running order",
        "Seats",
        "Read with care",
    ):
        assert words in first


def test_timings_add_up(written: Path, briefing: Briefing) -> None:
    assert f"{sum(item.minutes for item in briefing.agenda)} minutes" in texts_of(written)[0]
    assert "09:30–10:50" in texts_of(written)[0]


def test_actions_come_most_carried_first(written: Path, briefing: Briefing) -> None:
    text = " ".join(texts_of(written)[1:3])
    found = re.findall(r"^A-\d{4}", text, re.MULTILINE) or re.findall(r"A-\d{4}", text)
    carried = {action.action: action.times_carried for action in briefing.actions}
    order = [carried[code] for code in dict.fromkeys(code for code in found if code in carried)]
    assert len(order) == len(briefing.actions)
    assert order[1:] == sorted(order[1:], reverse=True)  # the first stands in the page's sentence too
    assert max(order) == order[0]


def test_text_is_never_below_its_size(written: Path) -> None:
    for page in PdfReader(written).pages:
        assert min(sizes_of(page)) >= 6.8
    for page in pages_of(written):
        for words in page:
            if words.size < 7.4:
                assert LABELS.fullmatch(words.text), words
            elif words.size < 9:
                assert SMALL.fullmatch(words.text) or words.text in PLATE_NAMES or _is_cut(words.text), words


PLATE_NAMES = {seat.name for seat in example(units=1, flagged=0).seats} | {
    row.indicator.title for row in example(units=1, flagged=0).totals
}


def _is_cut(text: str) -> bool:
    return text.endswith("…") and any(name.startswith(text[:-1]) for name in PLATE_NAMES)


def test_every_font_is_embedded_and_ours(written: Path) -> None:
    fonts = fonts_of(written)
    assert fonts
    assert all(fonts.values()), fonts
    assert all("SourceSans" in name for name in fonts), fonts


def test_names_from_data_are_printed_as_they_are(written: Path) -> None:
    text = "\n".join(texts_of(written))
    for name in ("<b>A&B</b>", "../x", "=1+1", "Αθήνα", "Київ", "Łódź", "<i>the third</i>"):
        assert name in text
    assert "\u202e" not in text
    assert f"{t.MISSING_GLYPH}{t.MISSING_GLYPH} {t.MISSING_GLYPH}evil" in text


def test_a_long_name_is_cut_to_its_column(written: Path) -> None:
    long = next(name for name in HOSTILE if len(name) > 200)
    cut = [words.text for page in pages_of(written) for words in page if words.text.startswith("Łong")]
    assert cut
    assert all(text.endswith("…") and long.startswith(text[:-1]) for text in cut)


def test_nothing_starts_outside_the_margins(written: Path) -> None:
    paper = t.PAPERS["A4"]
    for page in pages_of(written):
        for words in page:
            assert paper.left - 1 <= words.x <= paper.right, words
            assert paper.margin - 1 <= words.y <= paper.height - 20, words


def test_no_heading_stands_last_on_a_page(tmp_path: Path) -> None:
    for page in pages_of(write(example(units=24, indicators=9, flagged=9, actions=24), tmp_path)):
        content = [words for words in page if words.y > t.PAPERS["A4"].bottom - 4]
        lowest = min(content, key=lambda words: words.y)
        assert lowest.size != t.HEADING.size, lowest


def test_header_rows_are_repeated_and_rows_stay_whole(tmp_path: Path) -> None:
    texts = texts_of(write(example(units=5, flagged=0, actions=60), tmp_path))
    pages = [text for text in texts if "Follow-up on actions" in text and re.search(r"A-\d{4}\n", text)]
    assert len(pages) > 3
    for text in pages:
        assert "what was agreed, its promise, the owner's last word" in text
        rows = len(re.findall(r"^A-\d{4}$", text, re.MULTILINE))
        assert rows == text.count("Promise:")


def test_a_force_of_300_units_prints_every_unit(tmp_path: Path) -> None:
    text = "\n".join(texts_of(write(example(units=300, indicators=2, flagged=12), tmp_path)))
    for n in (20, 150, 299):
        assert text.count(f"District {n}\n") >= 2  # heat map and how close


def test_one_unit_without_flags_or_actions(tmp_path: Path) -> None:
    path = write(example(units=1, indicators=1, flagged=0, actions=0), tmp_path)
    text = "\n".join(texts_of(path))
    assert [title for level, title, _ in bookmarks_of(path) if level == 0] == PARTS
    assert "No action is open." in text
    assert "No flag is shown this week." in text
    assert "No unit is challenged this week." in text


def test_an_empty_briefing_has_every_part(tmp_path: Path) -> None:
    full = example(units=1, flagged=0, actions=0)
    empty = replace(
        full, units=(), totals=(), heat=(), not_flagged=(), agenda=(), seats=(), one_minute=(), read_with_care=(),
        window_dates={}, names={},
        quality=replace(full.quality, missing=(), batches=(), notes=(), returns_expected=0, returns_present=0),
    )  # fmt: skip
    assert [title for _, title, _ in bookmarks_of(write(empty, tmp_path))] == PARTS


def test_missing_figures_are_dashes_with_their_reason(written: Path) -> None:
    force = next(text for text in texts_of(written) if "rolling year" in text)
    assert "Complaints, four weeks: 3 of 4 returns are in." in force
    line = re.search(r"Complaints\n(.*\n){8}", force)
    assert line and "–" in line[0].splitlines()


def test_percentages_need_a_prior_of_twenty(tmp_path: Path) -> None:
    base = example(units=1, indicators=1, flagged=0, actions=0)
    row = base.totals[0]

    def with_prior(prior: float) -> Briefing:
        figures = WindowFigures(30, prior, 100 * (30 - prior) / prior, 7, 7, 1, 1)
        return replace(base, totals=(replace(row, windows=dict.fromkeys(row.windows, figures)),))

    below, at = (
        next(text for text in texts_of(write(with_prior(prior), tmp_path)) if "rolling year" in text)
        for prior in (19, 20)
    )
    assert "+58%" not in below
    assert "+50%" in at


def test_letter_paper(tmp_path: Path) -> None:
    page = PdfReader(write(example(units=2, paper="Letter"), tmp_path)).pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (612.0, 792.0)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from briefing_example import example
from compstat.packs.briefing_pdf import write_briefing
write_briefing(example(units=4), Path("out.pdf"))
assert "matplotlib.pyplot" not in sys.modules
"""


def test_two_processes_in_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "matplotlibrc").write_text("font.size: 21\nlines.linewidth: 4\naxes.facecolor: red\n")
    surroundings = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "HOME": str(tmp_path), "LC_ALL": "C"}
    program = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent)]
    subprocess.run(program, cwd=folder, env=surroundings, check=True)
    here = tmp_path / "here.pdf"
    write_briefing(example(units=4), here)
    assert (folder / "out.pdf").read_bytes() == here.read_bytes()
    again = write(example(units=4), tmp_path)  # and once more in this process
    assert again.read_bytes() == here.read_bytes()


def test_no_page_holds_a_picture_of_pixels_or_a_link(written: Path) -> None:
    for page in PdfReader(written).pages:
        assert not page.images
        assert "/Annots" not in page
