"""How many flags and units there are, in the same words on every page, so that no reader adds them up wrongly."""

from __future__ import annotations

from collections import Counter

from compstat.meeting.briefing import Briefing
from compstat.meeting.summary import nothing_tested
from compstat.packs.sections.names import indicators_of
from compstat.packs.words import counted, number
from compstat.rules.flag import Outcome


def tested_nothing(briefing: Briefing) -> str:
    """Why no test was made in this pack; "" where there was one."""
    return "" if briefing.tests else nothing_tested(indicators_of(briefing).values())


def shown_sentence(briefing: Briefing, tests: str = "") -> str:
    """The flags shown, by outcome, beside what would be if nothing had changed; a missing return is no test.

    tests: after how many, in words, where that is to be said.
    """
    outcomes = Counter(flag.outcome for flag in briefing.flags if flag.shown)
    parts = [(outcomes[Outcome.CONCERN], "concern"), (outcomes[Outcome.COMMEND], "commendation")]
    flags = " and ".join(counted(count, word) for count, word in parts if count) or "No flag"
    missing = outcomes[Outcome.DATA]
    chance = number(briefing.expected_by_chance, 1)
    besides = f" {counted(missing, 'missing return')} besides." if missing else ""
    return (
        f"{flags} shown{f' after {tests}' if tests else ''}; if nothing had changed anywhere, about {chance} would be."
        f"{besides}"
    )


def units_by_flags(briefing: Briefing) -> tuple[int, int, int]:
    """Units with a flag shown, with flags of which none is shown, without a flag of any kind; they add up to all."""
    shown = sum(any(flag.shown for flag in report.flags) for report in briefing.units)
    listed = sum(bool(report.flags) for report in briefing.units) - shown
    return shown, listed, len(briefing.units) - shown - listed


def units_sentence(briefing: Briefing) -> str:
    """`16 of 30 units have a flag shown, 8 only flags held back or on watch, 6 none of any kind.`"""
    shown, listed, none = units_by_flags(briefing)
    units = counted(len(briefing.units), "unit")
    if not listed and not shown:
        return f"None of {units} has a flag of any kind."
    parts = [f"{shown or 'None'} of {units} {'have' if shown > 1 else 'has'} a flag shown"]
    parts += [f"{listed} {'only' if shown else _have(listed)} flags held back or on watch"] if listed else []
    parts += [f"{none} none of any kind"] if none else []
    return ", ".join(parts) + "."


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
