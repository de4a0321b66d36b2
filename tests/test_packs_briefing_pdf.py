"""The briefing as its readers get it: parts, bookmarks, sizes, fonts, names that are no markup, same bytes."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from briefing_example import HOSTILE, example
from packs_example import bookmarks_of, fonts_of, pages_of, sizes_of, texts_of
from pypdf import PdfReader

from compstat.cli.show_text import print_rows
from compstat.meeting.briefing import Briefing, IndicatorRow, WindowFigures
from compstat.packs import type as t
from compstat.packs.briefing_pdf import write_briefing
from compstat.packs.sections.every_unit import MARKED
from compstat.rules.flag import Outcome, State
from compstat.tracker.action import Promise
from compstat.workspace.settings import PackSettings
from compstat.workspace.tables import Unit

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
    r"[A-Z][a-z]{2} \d\d|(number|amount) a week|%|days|(target|floor|limit)? ?[\d.]+|0|screen|no returns?|a week|"
    r"new commander|redefined|rebased by hand|−[\d,]+|newest (above|below) the limits|plan [\d.]+|\d+ of \d+ in"
)
# what may be smaller than 9 pt: table headings, footers, names in plates and plans
SMALL = re.compile(
    r"code|unit|indicators?|over|now|against|change|p|listed|rule|year ago|%|action|owner, due|due|carried, step|rows|"
    r"batch|source|recorded|what was .*|difference|called|test|from|promised?|came|if nothing done|score|flag|"
    r"step, since; tier|why|to be signed|what would change it|"
    r"why it is not shown|what, by whom .*|promise: .*|read back|page \d+ of \d+|"
    r"figures as known .*|Northshire Police · .*|v? ?\d+.*\d{4}|\d"
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
        "expected by chance",
        "if nothing changed",
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


def test_a_long_name_is_cut_to_its_column_after_a_whole_word(written: Path) -> None:
    long = next(name for name in HOSTILE if len(name) > 200)
    cut = [words.text for page in pages_of(written) for words in page if words.text.startswith("Łong")]
    assert any(text.endswith("…") for text in cut)
    for text in cut:  # cut, or wrapped, after a whole word
        start = text.removesuffix("…")
        assert long.startswith(start) and long[len(start) :][:1] in {" ", ""}, text


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
    texts = texts_of(write(replace(example(units=5, flagged=0, actions=60), scores=()), tmp_path))
    pages = [text for text in texts if "Follow-up on actions" in text and re.search(r"A-\d{4}\n", text)]
    assert len(pages) > 3
    for text in pages:
        assert "what was agreed, its promise, the owner's last word" in text
        rows = len(re.findall(r"^A-\d{4}$", text, re.MULTILINE))
        assert rows == text.count("Promise:")


def test_a_force_of_300_units_prints_every_unit_once_and_no_empty_rows(tmp_path: Path) -> None:
    briefing = example(units=300, indicators=2, flagged=12)
    text = "\n".join(texts_of(write(briefing, tmp_path)))
    for n in (20, 150, 299):
        assert text.count(f"District {n}\n") >= 1  # how close each came
    marked = {cell.unit for cell in briefing.heat if cell.outcome in MARKED}
    assert f"{300 - len(marked)} units have no mark" in text  # of the heat map only rows with a mark are drawn


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
    assert "–¹ 3 of 4 returns are in." in force
    line = re.search(r"Complaints\n(.*\n){8}", force)
    assert line and line[0].splitlines().count("–¹") == 2  # the figure and the change


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


def test_a_change_is_withheld_where_the_days_differ(tmp_path: Path) -> None:
    base = example(units=1, indicators=1, flagged=0, actions=0)
    figures = WindowFigures(357, 361, -1.1, 364, 371, 52, 52, unequal=True)
    row = replace(base.totals[0], windows=dict.fromkeys(base.totals[0].windows, figures))
    force = next(text for text in texts_of(write(replace(base, totals=(row,)), tmp_path)) if "rolling year" in text)
    assert "−4" not in force and "−1%" not in force
    assert "–¹ 364 days against 371: not compared." in force


def test_a_change_is_what_the_printed_figures_are_apart_on_paper_and_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = example(units=1, flagged=0, actions=0)
    response = next(row for row in base.totals if row.indicator.indicator == "response")
    figures = WindowFigures(31.54, 28.56, None, 7, 7, 1, 1)  # 2.98 apart; who reads 31.5 and 28.6 reads 2.9
    row = replace(response, windows=dict.fromkeys(response.windows, figures))
    force = next(text for text in texts_of(write(replace(base, totals=(row,)), tmp_path)) if "rolling year" in text)
    assert "+2.9" in force and "+3.0" not in force
    known = SimpleNamespace(evaluation=SimpleNamespace(scope=SimpleNamespace(label=base.week, known_at=base.known_at)))
    print_rows(known, "Northshire", [("response", row)])  # type: ignore[arg-type]
    assert capsys.readouterr().out.count("+2.9") == 3


def test_paper_and_screen_leave_out_the_same_changes(capsys: pytest.CaptureFixture[str]) -> None:
    base = example(units=1, indicators=1, flagged=0, actions=0)
    figures = WindowFigures(357, 361, -1.1, 364, 371, 52, 52, unequal=True)
    near = WindowFigures(3.81, 3.85, None, 7, 7, 1, 1)  # rounds to no change, not to a minus nothing
    row = replace(base.totals[0], windows={"week": near, "four_weeks": figures, "year_to_date": figures})
    known = SimpleNamespace(evaluation=SimpleNamespace(scope=SimpleNamespace(label=base.week, known_at=base.known_at)))
    print_rows(known, "Northshire", [("burglary", row)])  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert "−4" not in out and "−0" not in out


def test_the_cover_holds_every_flag_of_a_full_meeting_on_one_page(tmp_path: Path) -> None:
    briefing = example(units=24, flagged=11, plain=True)
    assert briefing.shown == 12
    for paper in ("A4", "Letter"):
        first = texts_of(write(replace(briefing, pack=PackSettings(paper=paper)), tmp_path))[0]
        for flag in briefing.flags:
            assert flag.flag in first
        assert "Read with care" in first and "more flag" not in first


def test_different_measures_share_no_axis(written: Path, briefing: Briefing) -> None:
    first = texts_of(written)[0]
    shares = [flag for flag in briefing.flags if flag.shown and flag.indicator == "response"]
    assert shares and all(flag.flag in briefing.excess_intervals for flag in shares)  # given, and yet not drawn
    assert first.count("no interval") >= len(shares)
    assert "−3.6 points" in first and "Flags, most serious first" in first


def test_watch_flags_are_not_for_the_meeting(tmp_path: Path) -> None:
    base = example(units=2, flagged=1, actions=0)
    report = base.challenged[0]
    watched = replace(
        report.flags[0], flag="F-WATCH", outcome=Outcome.WATCH, shown=False, held_back="on the watch list"
    )
    report = replace(report, flags=(*report.flags, watched))
    page = texts_of(write(replace(base, challenged=(report,)), tmp_path))
    text = next(page for page in page if "F-WATCH" in page)
    assert text.index("listed, not for the meeting") < text.index("F-WATCH")


def test_commitments_due_stand_with_their_score(written: Path) -> None:
    text = " ".join(" ".join(texts_of(written)[1:4]).split())
    assert "Commitments due and their score" in text
    for words in ("met, beyond chance", "within chance: reached", "missed: not reached", "not testable: returns are"):
        assert words in text


def test_without_a_meeting_on_record_nothing_is_said_of_meetings(tmp_path: Path) -> None:
    base = example(units=3, flagged=0)
    first = texts_of(write(replace(base, meetings_held=0, meetings_planned=0), tmp_path))[0]
    assert "meetings" not in first.replace("Weekly performance meeting", "")
    assert "none planned" not in first


def plain_text(briefing: Briefing, folder: Path) -> str:
    return " ".join("\n".join(texts_of(write(briefing, folder))).split())


def test_one_count_of_units_on_cover_force_picture_and_not_flagged(tmp_path: Path) -> None:
    base = example(units=4, flagged=2, actions=0, plain=True)
    listed = replace(base.units[1], flags=tuple(replace(flag, shown=False) for flag in base.units[0].flags))
    quiet = [replace(report, flags=()) for report in base.units[2:]]
    units = (base.units[0], listed, *quiet)
    shown = tuple(flag for flag in base.flags if flag.unit == base.units[0].unit.unit)
    briefing = replace(base, units=units, flags=shown, challenged=units[:1], commended=(), meetings_planned=0)
    text = plain_text(briefing, tmp_path)
    assert "2 units without a flag of any kind" in text
    assert "1 of 4 units has a flag shown, 1 only flags held back or on watch, 2 none of any kind." in text
    assert "3 of 4 units have no flag shown: 1 with flags held back or on watch, 2 without a flag of any kind" in text


def test_a_missing_return_is_not_among_the_flags_that_chance_is_held_against(tmp_path: Path) -> None:
    base = example(units=4, flagged=3, actions=0, plain=True)
    silent = replace(base.flags[0], flag="F-DATA", outcome=Outcome.DATA, family="no_return")
    briefing = replace(base, flags=(*base.flags, silent), shown=base.shown + 1)
    text = plain_text(briefing, tmp_path)
    words = "3 concerns and 1 commendation shown; if nothing had changed anywhere, about 0.6 would be. 1 missing return"
    assert words in text
    assert "3 concerns and 1 commendation shown after 64 tests; if nothing had changed" in text
    assert "at most 3 challenge items a unit and 12 a meeting" in text


def test_where_nothing_was_tested_no_page_gives_an_all_clear(tmp_path: Path) -> None:
    base = example(units=2, indicators=2, flagged=0, actions=0, plain=True)
    neutral = {row.indicator.indicator: row.indicator.model_copy(update={"better": "neutral"}) for row in base.totals}

    def changed(rows: tuple[IndicatorRow, ...]) -> tuple[IndicatorRow, ...]:
        return tuple(replace(row, indicator=neutral[row.indicator.indicator]) for row in rows)

    units = tuple(replace(report, rows=changed(report.rows)) for report in base.units)
    briefing = replace(base, tests=0, shown=0, totals=changed(base.totals), units=units, one_minute=())
    text = plain_text(briefing, tmp_path)
    assert text.count("Nothing was tested: no indicator says which way is better (indicators.csv, column better).") == 3
    assert "outside chance" not in text and "each came." not in text


def test_a_flag_says_over_which_time_it_is(written: Path, briefing: Briefing) -> None:
    for page in (texts_of(written)[0], next(text for text in texts_of(written) if "best rank first" in text)):
        assert "\nover\n" in page and "\n4 weeks\n" in page and "\nweek\n" in page


def test_praise_stands_beside_the_check_and_the_unit_s_concerns(tmp_path: Path) -> None:
    base = example(units=6, flagged=5, actions=0, plain=True)
    held = replace(
        base.flags[0], flag="F-CAPPED", shown=False, held_back="more than 12 items for this meeting",
        sentence="Arson: 9 this week.",
    )  # fmt: skip
    report = replace(base.commended[0], cautions=("Vehicle crime: see how it was recorded.",))
    report = replace(report, flags=(*report.flags, held))
    pages = texts_of(write(replace(base, commended=(report,)), tmp_path))
    praise = next(" ".join(page.split()) for page in pages if "Award or letter" in page)
    assert "Check first. Vehicle crime: see how it was recorded." in praise
    assert "Also a concern, F-CAPPED, held back (more than 12 items for this meeting). Arson: 9 this week." in praise


def test_a_promise_says_its_unit_its_window_and_why_it_has_no_measure(tmp_path: Path) -> None:
    base = example(units=2, flagged=0, actions=4, plain=True)
    first, second, third, fourth = base.actions
    promised = (
        replace(first, promise=Promise("response", "up", 3, "2026-W50")),
        replace(second, promise=Promise("absence", "down", 1, "2026-W50")),
        replace(third, promise=Promise("burglary", "down", 12, "2026-W50")),
        replace(fourth, promise=Promise(reason="The sheet serves four precincts")),
    )
    windows = {first.action: "recent", third.action: "period"}
    text = plain_text(replace(base, actions=promised, promise_windows=windows), tmp_path)
    for words in (
        "Response within 15 min up by 3 points over four weeks, reviewed week 50",
        "Absence down by 1 point, reviewed week 50",
        "Burglary down by 12 over one week, reviewed week 50",
        "Promise: no measure: The sheet serves four precincts",
    ):
        assert words in text


def test_questions_of_a_challenge_page_are_lines_of_their_own(tmp_path: Path) -> None:
    base = example(units=2, flagged=1, actions=0, plain=True)
    report = replace(base.challenged[0], asked="Burglary: Where?\nRobbery: Since when?")
    pages = pages_of(write(replace(base, challenged=(report,)), tmp_path))
    lines = [words.text for page in pages for words in page]
    assert "Burglary: Where?" in lines and "Robbery: Since when?" in lines


def test_no_p_above_a_half_is_printed(written: Path) -> None:
    text = next(text for text in texts_of(written) if "How close each came" in text)
    table = text[text.index("How close each came") :]
    assert "p of its closest test · – above 0.5 or no signal" in table
    assert not re.search(r"\n(0\.[6-9]\d|1\.00)\n", table)


def test_a_unit_without_a_commander_has_no_empty_line_under_its_name(tmp_path: Path) -> None:
    base = example(units=2, flagged=1, actions=0, plain=True)
    report = replace(base.challenged[0], ladder="", tier="")
    bare = replace(report, commander="", unit=Unit(unit=report.unit.unit, name=report.unit.title))

    def white(briefing: Briefing) -> float:
        page = next(page for page in pages_of(write(briefing, tmp_path)) if any(w.text == "Known" for w in page))
        title = next(words for words in page if words.size == t.TITLE.size)
        return title.y - max(words.y for words in page if words.size == t.SENTENCE.size)

    assert white(replace(base, challenged=(bare,))) < white(replace(base, challenged=(report,))) - 12


def test_held_back_and_cleared_are_counted_apart(tmp_path: Path) -> None:
    base = example(units=3, flagged=2)
    gone = replace(
        base.flags[0], flag="F-GONE", shown=False, state=State.CLEARED, held_back="cleared: raised last week"
    )
    text = "\n".join(texts_of(write(replace(base, cleared=(gone,)), tmp_path)))
    assert f"{len(base.held_back)} flags held back · 1 cleared since the last period" in text
    assert "F-GONE" in text


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


def test_what_most_units_are_asked_stands_once_where_the_part_begins(tmp_path: Path) -> None:
    base = example(units=4, flagged=4, actions=0, plain=True)
    briefing = replace(base, asked_of_most=(("What is in the way?", 3),), offered_to_most=(("Analysis.", 4),))
    text = plain_text(briefing, tmp_path)
    units = len(briefing.challenged)
    assert text.count(f"Asked of most units What is in the way? (3 of {units} units)") == 1
    assert text.count(f"Support offered to most units Analysis. (4 of {units} units)") == 1


def test_without_an_open_action_the_page_says_so_once(tmp_path: Path) -> None:
    briefing = replace(example(units=2, flagged=1, actions=0, plain=True), one_minute=(), scores=())
    text = plain_text(briefing, tmp_path)
    assert text.count("No action is open.") == 1 and "0 open" not in text and "0 overdue" not in text


def test_the_heat_map_says_what_its_numbers_count(written: Path) -> None:
    assert any(
        "at the right: how many indicators have a concern, shown or held back" in text for text in texts_of(written)
    )


def test_a_planned_path_held_back_is_told_by_its_forecast(tmp_path: Path) -> None:
    base = example(units=2, flagged=1, plain=True)
    inputs = {"forecast": 5.419, "goal": 3.5, "due": "2026-12-31"}
    path = replace(
        base.flags[0], flag="F-PATH", indicator="absence", family="trajectory", outcome=Outcome.WATCH, shown=False,
        inputs=inputs, value=3.87, comparator=3.5, held_back="on the watch list",
    )  # fmt: skip
    text = plain_text(replace(base, held_back=(path,)), tmp_path)
    assert "on the watch list: 5.4% on 31 Dec 2026, plan 3.5%" in text
