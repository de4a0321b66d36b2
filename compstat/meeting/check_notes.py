"""What the checks of the week's data found and what was waived, in the sentences of the data quality statement."""

from __future__ import annotations

from itertools import groupby

from compstat.meeting.briefing import CheckNote
from compstat.meeting.days import day, with_plain_days
from compstat.meeting.statement import Statement
from compstat.quality.checks import CHECKS
from compstat.quality.checks.check import Found
from compstat.quality.waiver import Waiver
from compstat.workspace.workspace import Workspace

SENTENCES_AT_MOST = 4  # of one check; the others are counted, and told by compstat check
IN_A_TABLE = {"missing-return"}  # told by the table of missing returns


def check_notes(workspace: Workspace, data: Statement) -> tuple[CheckNote, ...]:
    """One note a check that found something, in the order of the checks; errors first."""
    means = {check.code: check.means for check in CHECKS}
    told = [one for one in data.found if one.finding.code not in IN_A_TABLE]
    notes = []
    for code, its_own in groupby(told, key=lambda one: one.finding.code):
        found = list(its_own)
        sentences = tuple(_sentence(workspace, one) for one in found[:SENTENCES_AT_MOST])
        notes.append(CheckNote(code, str(found[0].finding.severity), means[code], len(found), sentences))
    return tuple(notes)


def waiver_words(workspace: Workspace, data: Statement) -> tuple[str, ...]:
    """A sentence a waiver of the sign-off that stands: what, why, by whom, when."""
    waivers = data.sign_off.waivers if data.sign_off else ()
    return tuple(_waiver(workspace, waiver) for waiver in waivers)


def _sentence(workspace: Workspace, one: Found) -> str:
    """The finding as a sentence, its place in the words of the tables; a file's row is no place for a reader.

    What is found in a row of a table names in its own words whom it is about.
    """
    message = with_plain_days(one.finding.message)
    if ".csv:" in one.finding.where:
        return f"{message[:1].upper()}{message[1:]}."
    names = [workspace.unit(one.unit).title] if one.unit else []
    names += [workspace.indicator(one.indicator).title] if one.indicator else []
    place = ", ".join(names)
    return f"{place}: {message}." if place else f"{message[:1].upper()}{message[1:]}."


def _waiver(workspace: Workspace, waiver: Waiver) -> str:
    by = workspace.person(waiver.waived_by)
    who = by.title if by else waiver.waived_by
    count = "1 finding" if waiver.findings == 1 else f"{waiver.findings:,} findings"
    when = f"{day(waiver.waived_at)} {waiver.waived_at:%H:%M}"
    return f"{_what(workspace, waiver.finding)} ({count}): “{waiver.reason}”. Waived by {who}, {when}."


def _what(workspace: Workspace, finding: str) -> str:
    """`Harbour, Burglary: sum-mismatch` for `sum-mismatch:harbour:burglary`."""
    code, unit, indicator, *_ = [*finding.split(":", 2), "", ""]
    names = [workspace.unit(unit).title] if unit else []
    names += [workspace.indicator(indicator).title] if indicator else []
    return f"{', '.join(names)}: {code}" if names else code
