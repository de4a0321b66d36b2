"""What a unit tried, what it is asked and what it is offered: a line each, for the blocks at the foot of its page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
MOST_AT_LEAST = 3  # units: what fewer are asked stands on their own pages
AS_MOST = "As most units: see where “Challenge” begins."
ALSO_OFFERED = re.compile(r" \(Also offered to [^)]*\.\)$")


def tried_words(actions: Sequence[Action], last: date, meets: date) -> str:
    """A line an action: what is under way or verified within the year, then what was promised and not begun."""
    year = last - timedelta(days=DAYS_TRIED)
    begun = [action for action in actions if _is_begun(action) or _is_recent(action, year)]
    waiting = [action for action in actions if action.state is ActionState.OPEN and not _is_begun(action)]
    lines = [f"{action.action} {action.what} ({_state(action, meets)})" for action in begun[:ACTIONS_AT_MOST]]
    lines += [NOT_BEGUN] if waiting else []
    lines += [f"{action.action} {action.what} ({_due(action, meets)})" for action in waiting[:ACTIONS_AT_MOST]]
    return "\n".join(lines)


def _is_begun(action: Action) -> bool:
    """Under way by its state, or by what its owner wrote of it while nobody set the state."""
    return action.state in BEGUN or (action.state is ActionState.OPEN and action.owner_noted)


def _is_recent(action: Action, year: date) -> bool:
    return action.state is ActionState.VERIFIED and action.raised_at.date() > year


def _state(action: Action, meets: date) -> str:
    state = "begun" if action.state is ActionState.OPEN else action.state.replace("_", " ")
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


@dataclass(frozen=True, slots=True)
class Together:
    """What most of the challenged units are asked and offered, and how many; their reports without it."""

    asked: tuple[tuple[str, int], ...]
    offered: tuple[tuple[str, int], ...]
    reports: tuple[UnitReport, ...]


def asked_of_most(challenged: Sequence[UnitReport]) -> Together:
    """Taken off the units' pages, but for a word where it stands: one line on eleven pages is read on none of them."""
    asked, offered = [_questions(one.asked) for one in challenged], [_offered(one.support) for one in challenged]
    all_asked, all_offered = _of_most(asked), _of_most(offered)
    reports = [
        replace(one, asked=_own(its_asked, all_asked), support=_own(its_offers, all_offered))
        for one, its_asked, its_offers in zip(challenged, asked, offered, strict=True)
    ]
    return Together(all_asked, all_offered, tuple(reports))


def _questions(asked: str) -> dict[str, str]:
    """Each line and its question, without the indicators it is about."""
    return {line: line.partition(": ")[2] for line in asked.split("\n") if line}


def _offered(support: str) -> dict[str, str]:
    """Each line and its offer, without who else has it."""
    return {line: ALSO_OFFERED.sub("", line) for line in support.split("\n") if line}


def _of_most(lines: Sequence[dict[str, str]]) -> tuple[tuple[str, int], ...]:
    """What stands on the pages of most units, in the order of the pages."""
    counts = Counter(words for its_own in lines for words in dict.fromkeys(its_own.values()))
    least = max(MOST_AT_LEAST, len(lines) // 2 + 1)
    return tuple((words, count) for words, count in counts.items() if count >= least)


def _own(lines: dict[str, str], most: tuple[tuple[str, int], ...]) -> str:
    common = {words for words, _ in most}
    own = [line for line, words in lines.items() if words not in common]
    return "\n".join(own + ([AS_MOST] if len(own) < len(lines) else []))


def _offers(report: UnitReport) -> list[str]:
    found = [flag.support for flag in report.flags if flag.shown and flag.outcome is not Outcome.COMMEND]
    return list(dict.fromkeys(words for words in found if words))[:QUESTIONS_AT_MOST]


def _offer(words: str, units: Sequence[str], report: UnitReport) -> str:
    others = [unit for unit in units if unit != report.unit.title]
    if not others:
        return words
    more = f" and {len(others) - 2} more" if len(others) > 2 else ""
    return f"{words} (Also offered to {', '.join(others[:2])}{more}.)"
