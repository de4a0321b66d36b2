"""Ladder and autonomy on paper: two lines under a unit's heading, a table in the follow-up, a paragraph of method."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from briefing_example import LIGHTER, NO_TIER, example, on_support
from packs_example import bookmarks_of, pages_of, texts_of

from compstat.meeting.briefing import Briefing, LadderPlace, UnitReport
from compstat.packs.briefing_pdf import write_briefing
from compstat.packs.sections.standing import HEADING, ladder_words, tier_words
from compstat.packs.unit_pdf import write_unit_copy
from compstat.rules.ladder.tier import EarnedTier

SIGNED = replace(
    on_support("u"), step="contestability", proposed="", since=date(2026, 11, 19), or_earlier=False, receipts=(),
    signed_by="Casey Ward", reason="No change in two quarters", leaves="left when a challenger signs a lower step",
)  # fmt: skip


def words_of(briefing: Briefing, folder: Path) -> str:
    write_briefing(briefing, folder / "briefing.pdf")
    return " ".join(" ".join(texts_of(folder / "briefing.pdf")).split())


def copy_of(briefing: Briefing, report: UnitReport, folder: Path) -> str:
    write_unit_copy(briefing, report, folder / "unit.pdf")
    return " ".join(" ".join(texts_of(folder / "unit.pdf")).split())


def standing(report: UnitReport, *places: LadderPlace, earned: EarnedTier | None = None) -> UnitReport:
    tier = (earned.tier or "") if earned else ""
    return replace(report, places=places, earned=earned, ladder="", tier=tier)


def with_units(briefing: Briefing, *units: UnitReport) -> Briefing:
    places = tuple(place for report in units for place in report.places)
    by_unit = {report.unit.unit: report for report in units}
    challenged = tuple(by_unit[report.unit.unit] for report in briefing.challenged)
    return replace(briefing, units=units, places=places, challenged=challenged)


def test_a_step_is_told_with_its_date_its_trigger_its_receipt_and_who_must_sign() -> None:
    assert ladder_words(on_support("u")) == (
        "Ladder: support since 20 Sep 2026 or earlier; to be signed by a challenger: contestability. A concern in 16 "
        "of the last 16 weeks; contestability takes 16 (F-K4YNF in 16, F-VG422 in 1 of them). No longer proposed "
        "after 6 weeks without a concern."
    )


def test_a_signed_step_is_told_with_who_signed_it_and_why() -> None:
    words = ladder_words(replace(SIGNED, refused="the September plan."))
    assert "Ladder: contestability since 19 Nov 2026, signed by Casey Ward. " in words
    assert " Signed because: No change in two quarters. Refused: the September plan. Left when " in words


def test_the_first_step_is_told_with_what_support_takes() -> None:
    place = LadderPlace("p", "u", ("u",), "challenge", "a concern in 2 of the last 12 weeks; support takes 8")
    assert ladder_words(place) == (
        "Ladder: challenge, the first step. A concern in 2 of the last 12 weeks; support takes 8."
    )


def test_of_many_flags_counted_three_are_named() -> None:
    place = replace(on_support("u"), receipts=tuple((f"F-{n}", 9 - n) for n in range(5)))
    assert "(F-0 in 9, F-1 in 8, F-2 in 7 of them and 2 more)" in ladder_words(place)


def test_a_tier_is_told_with_its_record_and_what_would_change_it() -> None:
    assert tier_words(LIGHTER) == (
        "Tier: lighter touch, one meeting in 2. Of the last 20 weeks 2 with a concern (at most 2), none with a floor "
        "flag. Earned autonomy after 20 more weeks without any of these; lighter touch is lost by a "
        "concern in the next week."
    )
    assert tier_words(NO_TIER).startswith("Tier: none. For lighter touch: 4 of the last 20 weeks with a concern")


def test_both_stand_on_the_challenge_page_and_the_commander_s_copy(tmp_path: Path) -> None:
    briefing = example(units=3, actions=2)
    report = briefing.challenged[0]
    lines = f"{ladder_words(on_support(report.unit.unit))} No tier."
    assert lines in words_of(briefing, tmp_path)
    assert lines in copy_of(briefing, report, tmp_path)
    assert tier_words(LIGHTER) in copy_of(briefing, briefing.units[1], tmp_path)


def test_the_lines_are_two_and_under_the_heading_above_the_sentence(tmp_path: Path) -> None:
    briefing = example(units=1, actions=0, plain=True)
    write_unit_copy(briefing, briefing.units[0], tmp_path / "unit.pdf")
    page = pages_of(tmp_path / "unit.pdf")[0]
    first = max(words.y for words in page if words.text.startswith("Ladder: support"))
    sentence = max(words.y for words in page if words.text.startswith("Burglary has run"))
    lines = {round(words.y) for words in page if sentence + 4 < words.y <= first}
    assert len(lines) == 2


def test_the_table_holds_steps_first_then_one_row_for_those_of_one_record(tmp_path: Path) -> None:
    base = example(units=4, actions=1, plain=True)
    low, high, *tiers = base.units
    briefing = with_units(
        base,
        standing(low, on_support(low.unit.unit)),
        standing(high, replace(SIGNED, unit=high.unit.unit, covers=(high.unit.unit,))),
        *(standing(report, earned=LIGHTER) for report in tiers),
    )
    words = words_of(briefing, tmp_path)
    table = words[words.index(HEADING) : words.index("Force-wide picture", words.index(HEADING))]
    assert "contestability since 19 Nov 2026, signed by Casey Ward" in table
    assert table.index("contestability since") < table.index("support since") < table.index("challenge; lighter touch")
    assert table.count("lighter touch, one") == 1
    assert f"{tiers[0].unit.title}, {tiers[1].unit.title}" in table


def test_of_many_units_with_one_record_twelve_are_named(tmp_path: Path) -> None:
    base = example(units=30, actions=1, flagged=0, plain=True)
    units = [standing(report, earned=LIGHTER) for report in base.units]
    assert "and 18 more units" in words_of(with_units(base, *units), tmp_path)


def test_a_table_that_fits_a_page_is_not_split(tmp_path: Path) -> None:
    for actions in (6, 9, 12, 15):
        briefing = example(units=4, actions=actions, plain=True)
        write_briefing(briefing, tmp_path / "briefing.pdf")
        (page,) = [page for page in texts_of(tmp_path / "briefing.pdf") if HEADING in page]
        assert "support since 20 Sep" in page and "challenge; lighter" in page


def test_nothing_is_said_where_no_ladder_and_no_tier_is_declared(tmp_path: Path) -> None:
    base = example(units=3, actions=2, plain=True)
    briefing = with_units(base, *(standing(report) for report in base.units))
    words = words_of(briefing, tmp_path) + copy_of(briefing, briefing.units[0], tmp_path)
    for word in ("Ladder", "ladder", "Tier:", "tiers", "autonomy"):
        assert word not in words


def test_the_method_says_what_the_steps_mean_in_six_lines(tmp_path: Path) -> None:
    write_briefing(example(units=2, actions=1, plain=True), tmp_path / "briefing.pdf")
    (_, _, number) = next(mark for mark in bookmarks_of(tmp_path / "briefing.pdf") if mark[1] == "Method")
    page = pages_of(tmp_path / "briefing.pdf")[number - 1]
    (heading,) = [words for words in page if words.text == "The ladder and the tiers"]
    under = [words for words in page if words.x == heading.x and words.y < heading.y and words.size > 9]
    paragraph = " ".join(words.text for words in under)
    assert len(under) <= 6
    assert paragraph.startswith("Challenge: questions in the meeting.")
    assert "above it a challenger signs with a reason" in paragraph
    assert paragraph.endswith("(HM Treasury 2004, 4.11, 3.11–3.13).")


def test_what_was_written_is_no_markup(tmp_path: Path) -> None:
    base = example(units=1, actions=1)
    unit = base.units[0].unit.unit
    place = replace(SIGNED, unit=unit, covers=(unit,), signed_by="<i>Casey</i>", reason="<b>no</b> & “none”")
    briefing = with_units(base, standing(base.units[0], place, earned=replace(LIGHTER, tier="<u>light</u>")))
    assert "Signed because: <b>no</b> & “none”" in words_of(briefing, tmp_path)
    told = copy_of(briefing, briefing.units[0], tmp_path)
    assert "signed by <i>Casey</i>" in told and "tier: <u>light</u>" in told


def test_a_ladder_of_the_unit_above_says_whose_it_is(tmp_path: Path) -> None:
    base = example(units=2, actions=1, plain=True)
    report = base.units[1]
    above = replace(on_support("north"), ladder="contracts", covers=(report.unit.unit,))
    named = replace(base, names={**base.names, "north": "Northern Provider"})
    assert "Ladder contracts, Northern Provider: support since" in copy_of(named, standing(report, above), tmp_path)


def test_why_brackets_need_not_add_up_is_said_once_below_the_table(tmp_path: Path) -> None:
    """A concern in 16 weeks, one of them with two flags."""
    said = "In brackets: flags, and in how many of those weeks each; several in one week are one concern."
    base = example(units=2, flagged=1, plain=True)
    unit = standing(base.units[0], on_support(base.units[0].unit.unit))
    assert words_of(with_units(base, unit, base.units[1]), tmp_path).count(said) == 1
    alone = standing(unit, replace(unit.places[0], receipts=(("F-K4YNF", 16),)))
    assert said not in words_of(with_units(base, alone, base.units[1]), tmp_path)


def test_how_long_counts_the_watch_list_and_does_not_say_flagged(tmp_path: Path) -> None:
    words = words_of(example(units=4, flagged=2, plain=True), tmp_path)
    assert " listed " in words and " flagged code" not in words
