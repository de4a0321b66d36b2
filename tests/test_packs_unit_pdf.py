"""A commander's copy: their figures and actions, none of the script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from briefing_example import example
from packs_example import bookmarks_of, fonts_of, texts_of

from compstat.packs.unit_pdf import write_unit_copy


def test_the_copy_holds_the_unit_s_flags_actions_and_every_indicator(tmp_path: Path) -> None:
    briefing = example()
    report = briefing.units[0]
    write_unit_copy(briefing, report, tmp_path / "u.pdf")
    text = "\n".join(texts_of(tmp_path / "u.pdf"))
    for flag in report.flags:
        assert flag.flag in text
    for action in report.actions:
        assert action.action in text
    for row in report.rows:
        assert text.count(row.indicator.title) >= 2  # table and chart
    assert [title for _, title, _ in bookmarks_of(tmp_path / "u.pdf")] == ["Harbour", "Your actions", "Every indicator"]
    assert all(fonts_of(tmp_path / "u.pdf").values())


def test_the_copy_has_no_script(tmp_path: Path) -> None:
    briefing = example()
    report = briefing.units[0]
    write_unit_copy(briefing, report, tmp_path / "u.pdf")
    text = " ".join(" ".join(texts_of(tmp_path / "u.pdf")).split())
    assert report.known[:20] in text
    for flag in report.flags:
        assert flag.question[:20] not in text
    assert report.asked[:20] not in text
    assert "Asked" not in text


def test_the_copy_carries_the_pack_s_hash_and_draft_mark(tmp_path: Path) -> None:
    briefing = example(units=2, draft=True)
    write_unit_copy(briefing, briefing.units[1], tmp_path / "u.pdf")
    for text in texts_of(tmp_path / "u.pdf"):
        assert "DRAFT" in text
        assert "pack " in text


def test_a_unit_with_nothing_to_say(tmp_path: Path) -> None:
    briefing = example(units=2, indicators=1, flagged=0, actions=0)
    write_unit_copy(briefing, briefing.units[1], tmp_path / "u.pdf")
    text = "\n".join(texts_of(tmp_path / "u.pdf"))
    assert "No flag:" in text
    assert "No action is open." in text


def test_no_page_holds_nothing_but_a_line_of_explanation(tmp_path: Path) -> None:
    for indicators in (13, 15, 16):
        briefing = example(units=1, indicators=indicators, actions=1, plain=True)
        write_unit_copy(briefing, briefing.units[0], tmp_path / "u.pdf")
        assert "Nov" in texts_of(tmp_path / "u.pdf")[-1].split("Grey band")[0]


def test_the_ladder_and_the_tier_stand_at_the_head_as_they_are_written(tmp_path: Path) -> None:
    briefing = example(units=2)
    told = []
    for standing in ({"ladder": "support; contestability to be signed"}, {"ladder": "", "tier": "<b>free & easy</b>"}):
        write_unit_copy(briefing, replace(briefing.units[0], **standing), tmp_path / "u.pdf")
        told.append(" ".join(" ".join(texts_of(tmp_path / "u.pdf")).split()))
    assert "ladder: support; contestability to be signed" in told[0]
    assert "tier: <b>free & easy</b>" in told[1]
