"""One report a unit: who commands it, what is flagged, what was tried, what is asked and offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from compstat.meeting.briefing import IndicatorRow, UnitReport
from compstat.rules.flag import Flag, Outcome, State
from compstat.rules.nothing_done import LEARNT
from compstat.rules.weeks import WeekFlags
from compstat.rules.wording import figure
from compstat.tracker.action import OPEN_STATES, Action
from compstat.workspace.ladders import Step
from compstat.workspace.tables import Unit
from compstat.workspace.workspace import Workspace

QUESTIONS_AT_MOST = 3


def unit_reports(
    workspace: Workspace,
    rows: Mapping[str, Sequence[IndicatorRow]],
    flags: Sequence[Flag],
    actions: Sequence[Action],
    last: date,
) -> tuple[UnitReport, ...]:
    """A report for every unit with a return, in the order of units.csv."""
    supporting: dict[str, list[Flag]] = defaultdict(list)
    for flag in flags:
        if flag.supports:
            supporting[flag.supports].append(flag)
    order = list(dict.fromkeys(row.unit for row in workspace.units))
    return tuple(
        _report(workspace, workspace.unit(code, last), rows[code], flags, supporting, actions, last)
        for code in order
        if code in rows
    )


def with_standing(reports: Sequence[UnitReport], week: WeekFlags) -> tuple[UnitReport, ...]:
    """The reports with where each unit stands on the ladder, and the tier it has earned."""
    return tuple(
        replace(report, ladder=_ladder(week, report.unit.unit), tier=_tier(week, report.unit.unit))
        for report in reports
    )


def _ladder(week: WeekFlags, unit: str) -> str:
    """`support; contestability to be signed`; "" where the unit is on the lowest step."""
    its = [row for row in week.standings if unit in row.covers]
    highest = max(its, key=lambda row: row.step, default=None)
    proposed = [row.proposed.word for row in its if row.proposed is not None]
    words = [highest.step.word] if highest and highest.step > Step.CHALLENGE else []
    return "; ".join([*words, *(f"{word} to be signed" for word in proposed)])


def _tier(week: WeekFlags, unit: str) -> str:
    found = week.tiers.get(unit)
    return (found.tier or "") if found else ""


def _report(
    workspace: Workspace,
    unit: Unit,
    rows: Sequence[IndicatorRow],
    flags: Sequence[Flag],
    supporting: Mapping[str, Sequence[Flag]],
    actions: Sequence[Action],
    last: date,
) -> UnitReport:
    own = tuple(
        flag for flag in flags if flag.unit == unit.unit and not flag.supports and flag.state is not State.CLEARED
    )
    shown = [flag for flag in own if flag.shown]
    theirs = tuple(action for action in actions if action.unit == unit.unit and action.state in OPEN_STATES)
    commander, since = _command(workspace, unit)
    return UnitReport(
        unit=unit,
        commander=commander,
        in_post_since=since,
        sentence=_sentence(shown, own),
        supporting_sentence=_how_sure(workspace, shown[0]) if shown else "",
        flags=own,
        supporting={flag.flag: tuple(supporting.get(flag.flag, ())) for flag in own},
        rows=tuple(rows),
        actions=theirs,
        tried=_tried(theirs),
        asked=_distinct([flag.question for flag in shown]),
        support=_distinct([flag.support for flag in shown]),
    )


def _command(workspace: Workspace, unit: Unit) -> tuple[str, date | None]:
    """The commander's name, and since when: the first day of the rows in a row that name the same person."""
    if not unit.commander:
        return "", None
    person = workspace.person(unit.commander)
    since = unit.valid_from
    for row in sorted(
        (row for row in workspace.units if row.unit == unit.unit),
        key=lambda row: row.valid_from or date.min,
        reverse=True,
    ):
        if row.commander != unit.commander:
            break
        since = row.valid_from
    return (person.title if person else unit.commander), since


def _sentence(shown: Sequence[Flag], own: Sequence[Flag]) -> str:
    if shown:
        return shown[0].sentence
    return "Nothing is outside what chance would do." if not own else "Nothing here is for the room this week."


def _how_sure(workspace: Workspace, flag: Flag) -> str:
    """How likely chance alone is, and what to expect if nothing is done."""
    words: list[str] = []
    if flag.p_value is not None:
        odds = _rounded(1 / flag.p_value) if flag.p_value > 1e-6 else 0
        often = f"about 1 of {odds:,} such comparisons" if odds else "fewer than 1 of a million such comparisons"
        unchanged = "If the target were being met" if flag.family == "target" else "With no real change"
        words.append(f"{unchanged}, chance would do this in {often}." if odds != 1 else "")
    elif flag.family == "floor":
        words.append("A floor is a certain figure: it needs no test.")
    if flag.expected_low is not None and flag.expected_high is not None and flag.outcome is Outcome.CONCERN:
        indicator = workspace.indicator(flag.indicator)
        low, high = figure(flag.expected_low, indicator), figure(flag.expected_high, indicator)
        words.append(f"If nothing is done, expect {low}–{high} {_over(flag)}.")
    return " ".join(word for word in words if word)


def _over(flag: Flag) -> str:
    """Of which window the band is, and what it rests on; a forecast of the family's own needs neither word."""
    rests = flag.inputs.get("if_nothing_is_done")
    if rests is None:
        return "by then"
    when = "over the next four weeks" if rests["window"] == "four_weeks" else "next week"
    if rests["basis"] == LEARNT:
        return f"{when} (learnt from {rests['earlier_flags']:,} earlier flags)"
    return f"{when} (not yet learnt here: from its own year alone)"


def _rounded(odds: float) -> int:
    """Two digits that count: 6,820 reads as if it were known to the last one."""
    return int(round(odds, min(0, 2 - len(str(round(odds))))))


def _tried(actions: Sequence[Action]) -> str:
    return "\n".join(f"{action.action} {action.what} ({action.state.replace('_', ' ')})" for action in actions[:3])


def _distinct(texts: Sequence[str]) -> str:
    return "\n".join(list(dict.fromkeys(text for text in texts if text))[:QUESTIONS_AT_MOST])
