"""Waivers: findings of the checks that an analyst takes upon themselves, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from compstat.findings import Finding, UsageError, nearest
from compstat.quality.checks.check import Found


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver as it was given: which findings (CODE[:UNIT[:INDICATOR]]), how many they were, why, by whom, when."""

    finding: str
    findings: int
    reason: str
    waived_by: str
    waived_at: datetime


@dataclass(frozen=True, slots=True)
class Waived:
    """What is to be waived, and why."""

    finding: str
    reason: str


def pair_with_reasons(findings: Sequence[str], reasons: Sequence[str]) -> list[Waived]:
    """Each waiver with its reason: one for all, or one each in the same order. Raises UsageError."""
    given = [reason.strip() for reason in reasons]
    if not findings and given:
        message = "a reason was given and nothing to waive"
        raise UsageError(Finding("waiver-without-reason", "", message, "Say what: --waive CODE[:UNIT[:INDICATOR]]"))
    if (findings and len(given) not in {1, len(findings)}) or not all(given):
        reasons_given = sum(map(bool, given))
        message = f"{_count(len(findings), 'waiver')} and {_count(reasons_given, 'reason')}; a waiver needs a reason"
        fix = 'Give one --reason "..." for all, or one each in the same order.'
        raise UsageError(Finding("waiver-without-reason", "", message, fix))
    return [Waived(one, reason) for one, reason in zip(findings, given * len(findings), strict=False)]


def _count(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def matched(waived: Waived, found: Sequence[Found]) -> list[Found]:
    """The findings that a waiver is about. Raises UsageError when there is none: it would hide a slip of the pen."""
    its_own = [one for one in found if waived.finding in one.names]
    if not its_own:
        known = sorted({name for one in found for name in one.names})
        message = f'no finding of this week is called "{waived.finding}".{nearest(waived.finding, known)}'
        raise UsageError(
            Finding("nothing-to-waive", "", message, "See what there is with compstat check of the same week.")
        )
    return its_own
