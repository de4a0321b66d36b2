"""The room's briefing as a PDF: its parts in order, each a bookmark."""

from __future__ import annotations

from pathlib import Path

from compstat.meeting.briefing import Briefing
from compstat.packs.sections.challenge import challenge, order_words
from compstat.packs.sections.data_quality import data_quality
from compstat.packs.sections.follow_up import follow_up
from compstat.packs.sections.force_picture import force_picture
from compstat.packs.sections.good_practice import good_practice
from compstat.packs.sections.method import method
from compstat.packs.sections.new_actions import new_actions
from compstat.packs.sections.not_flagged import not_flagged
from compstat.packs.sections.running_order import running_order
from compstat.packs.sheet import Sheet


def write_briefing(briefing: Briefing, path: Path) -> None:
    """Write the briefing; the same briefing gives the same bytes."""
    sheet = Sheet(path, briefing, f"{briefing.cycle.name}, {briefing.week}")
    running_order(sheet, briefing)
    follow_up(sheet, briefing, order_words(briefing, "actions"))
    force_picture(sheet, briefing, order_words(briefing, "force"))
    challenge(sheet, briefing)
    good_practice(sheet, briefing, order_words(briefing, "good-practice"))
    new_actions(sheet, briefing, order_words(briefing, "new-actions"))
    not_flagged(sheet, briefing)
    data_quality(sheet, briefing)
    method(sheet, briefing)
    sheet.finish()
