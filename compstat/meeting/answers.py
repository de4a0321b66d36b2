"""What a unit tried, what it is asked and what it is offered: a line each, for the blocks at the foot of its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from compstat.meeting.briefing import UnitReport
from compstat.meeting.days import day
from compstat.rules.flag import Flag, Outcome
from compstat.tracker.action import Action, ActionState
from compstat.workspace.workspace import Workspace

QUESTIONS_AT_MOST = 3
ACTIONS_AT_MOST = 3  # of a kind
DAYS_TRIED = 364  # an action verified longer ago is history
BEGUN = frozenset({ActionState.IN_PROGRESS, ActionState.CLAIMED})
NOT_BEGUN = "Promised, not begun:"


def tried_words(actions: Sequence[Action], last: date, meets: date) -> str:
    """A line an action: what is under way or verified within the year, then what was promised and not begun."""
    year = last - timedelta(days=DAYS_TRIED)
    begun = [action for action in actions if action.state in BEGUN or _is_recent(action, year)]
    waiting = [action for action in actions if action.state is ActionState.OPEN]
    lines = [f"{action.action} {action.what} ({_state(action, meets)})" for action in begun[:ACTIONS_AT_MOST]]
    lines += [NOT_BEGUN] if waiting else []
    lines += [f"{action.action} {action.what} ({_due(action, meets)})" for action in waiting[:ACTIONS_AT_MOST]]
    return "\n".join(lines)


def _is_recent(action: Action, year: date) -> bool:
    return action.state is ActionState.VERIFIED and action.raised_at.date() > year


def _state(action: Action, meets: date) -> str:
    state = action.state.replace("_", " ")
    return f"{state}, {_due(action, meets)}" if action.is_overdue(meets) else state


def _due(action: Action, meets: date) -> str:
    days = (meets - action.due).days
    return f"{days:,} day{'' if days == 1 else 's'} overdue" if days > 0 else f"due {day(action.due)}"


def asked_words(workspace: Workspace, flags: Sequence[Flag]) -> str:
    """A line a question, under the names of the indicators it is about."""
    about: dict[str, list[str]] = defaultdict(list)
    for flag in flags:
        if flag.question:
            about[flag.question].append(workspace.indicator(flag.indicator).title)
    asked = [f"{', '.join(dict.fromkeys(names))}: {question}" for question, names in about.items()]
    return "\n".join(asked[:QUESTIONS_AT_MOST])


def with_support(reports: Sequence[UnitReport]) -> list[UnitReport]:
    """The reports with what each challenged unit is offered; the same people cannot be in two places unawares."""
    offers = {report.unit.unit: _offers(report) for report in reports}
    names = {report.unit.unit: report.unit.title for report in reports}
    offered: dict[str, list[str]] = defaultdict(list)
    for unit, words in offers.items():
        for offer in words:
            offered[offer].append(names[unit])
    return [
        replace(report, support="\n".join(_offer(words, offered[words], report) for words in offers[report.unit.unit]))
        for report in reports
    ]


def _offers(report: UnitReport) -> list[str]:
    found = [flag.support for flag in report.flags if flag.shown and flag.outcome is not Outcome.COMMEND]
    return list(dict.fromkeys(words for words in found if words))[:QUESTIONS_AT_MOST]


def _offer(words: str, units: Sequence[str], report: UnitReport) -> str:
    others = [unit for unit in units if unit != report.unit.title]
    if not others:
        return words
    more = f" and {len(others) - 2} more" if len(others) > 2 else ""
    return f"{words} (Also offered to {', '.join(others[:2])}{more}.)"
