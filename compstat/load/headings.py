"""Headings in our words: ours in any capitals, with spaces or underscores, and those that the workspace declares."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from compstat.load.other_words import as_word
from compstat.load.our_words import FIGURES, NOTES, REFUSED, WHEN
from compstat.load.quoted import quoted
from compstat.workspace.settings import ReturnsSettings

OURS = ("unit", "indicator", *WHEN, *FIGURES, *NOTES, *REFUSED)


def in_our_words(
    found: Sequence[str], indicators: Collection[str], settings: ReturnsSettings
) -> tuple[list[str], tuple[str, ...]]:
    """The headings with ours in place of what stands for them, and what was read as what, in words.

    An indicator's own code is never taken for another word, nor is a heading where ours is there beside it.
    """
    declared = {as_word(theirs): ours for theirs, ours in settings.columns.items()}
    passed = {as_word(heading) for heading in settings.pass_over}
    headings = [heading.strip() for heading in found]
    there = {heading for heading in headings if heading in OURS}
    read: dict[int, str] = {}
    for place, heading in enumerate(headings):
        word = as_word(heading)
        if heading in OURS or heading in indicators or word in passed:
            continue
        ours = declared.get(word) or (word if word in OURS else None)
        if ours and not _is_there(ours, there):
            read[place] = ours
    notes = ", ".join(f"{quoted(headings[place])} is read as {ours}" for place, ours in read.items())
    return [read.get(place, heading) for place, heading in enumerate(headings)], (notes,) if notes else ()


def is_passed_over(heading: str, settings: ReturnsSettings) -> bool:
    """Whether the workspace says that a column of this heading is not loaded."""
    return as_word(heading) in {as_word(passed) for passed in settings.pass_over}


def _is_there(ours: str, there: set[str]) -> bool:
    """Whether the file has this heading of ours already; of the headings of dates, any."""
    return not there.isdisjoint(WHEN if ours in WHEN else {ours})
