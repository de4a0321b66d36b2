"""The few sentences of the first page: what to know in one minute, and what to read with care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compstat.meeting.briefing import UnitReport
from compstat.meeting.days import day
from compstat.meeting.statement import Statement
from compstat.rules.flag import Flag, Outcome
from compstat.tracker.action import OPEN_STATES, Action, ActionState
from compstat.workspace.workspace import Workspace

CONCERNS_IN_A_MINUTE = 3
DAYS_A_BREAK_IS_NEWS = 364
LINES_TO_READ = 5
MINUS = "\N{MINUS SIGN}"
NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def in_words(count: int) -> str:
    """`three`, `fourteen` as 14: small numbers in words."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def one_minute(workspace: Workspace, flags: Sequence[Flag], actions: Sequence[Action], meets: date) -> tuple[str, ...]:
    """At most five sentences: the gravest concerns, the actions, the best news."""
    shown = [flag for flag in flags if flag.shown]
    concerns = [flag for flag in shown if flag.outcome is Outcome.CONCERN][:CONCERNS_IN_A_MINUTE]
    lines = [_flag_line(workspace, flag) for flag in concerns] or ["No unit is outside what chance would do."]
    lines += _action_lines(actions, meets)
    lines += [_flag_line(workspace, flag) for flag in shown if flag.outcome is Outcome.COMMEND][:1]
    return tuple(lines)


def _flag_line(workspace: Workspace, flag: Flag) -> str:
    return f"{workspace.unit(flag.unit).title}, {flag.sentence[:1].lower()}{flag.sentence[1:]}"


def overdue(actions: Sequence[Action], day: date) -> list[Action]:
    """The open actions whose due date is before this day."""
    return [action for action in actions if action.state in OPEN_STATES and action.due < day]


def _action_lines(actions: Sequence[Action], meets: date) -> list[str]:
    if not actions:
        return ["No action is open."]
    late = len(overdue(actions, meets))
    verb = "is" if late == 1 else "are"
    line = f"{in_words(late).capitalize()} of {in_words(len(actions))} open actions {verb} overdue"
    first = actions[0]
    if first.times_carried > 1:
        line += f"; {first.action} has been carried {in_words(first.times_carried)} times and is item 1"
    return [f"{line}."]


def action_note(actions: Sequence[Action], meets: date) -> str:
    """`14 open, 3 overdue, 2 claimed`."""
    if not actions:
        return "none open"
    claimed = sum(action.state is ActionState.CLAIMED for action in actions)
    return f"{len(actions)} open, {len(overdue(actions, meets))} overdue, {claimed} claimed"


def read_with_care(
    workspace: Workspace, statement: Statement, units: Sequence[UnitReport], last: date
) -> tuple[str, ...]:
    """What a reader must keep in mind: missing returns, restatements, breaks, and how many had nothing."""
    lines = [*_missing(workspace, statement), *_restated(workspace, statement)]
    for row in workspace.breaks:
        if 0 <= (last - row.start).days <= DAYS_A_BREAK_IS_NEWS:
            name = workspace.indicator(row.indicator).title
            lines.append(f"{name}: the {row.kind} changed on {day(row.start)}; no comparison across it is shown.")
    quiet = sum(not report.flags for report in units)
    of_all = f"{in_words(quiet).capitalize()} of {in_words(len(units))} units"
    have = "has" if quiet == 1 else "have"
    lines.append(f"{of_all} {have} no flag of any kind; “Not flagged, and why” says how close each came.")
    return tuple(lines[:LINES_TO_READ])


def _missing(workspace: Workspace, statement: Statement) -> list[str]:
    if not statement.missing:
        return []
    unit, indicator = statement.missing[0]
    first = f"{workspace.unit(unit).title}, {workspace.indicator(indicator).title.lower()}"
    more = f" and {len(statement.missing) - 1} more" if len(statement.missing) > 1 else ""
    count = in_words(len(statement.missing)).capitalize()
    return [f"{count} of {statement.expected:,} returns did not come ({first}{more}); none is estimated."]


def _restated(workspace: Workspace, statement: Statement) -> list[str]:
    if not statement.restated:
        return []
    cells = {(one.unit, one.indicator) for one in statement.restated}
    names = sorted(f"{workspace.unit(unit).title} {workspace.indicator(code).title.lower()}" for unit, code in cells)
    where = ", ".join(names[:2]) + (" and others" if len(names) > 2 else "")
    together = _together(workspace, statement)
    count = in_words(len(statement.restated)).capitalize()
    figures = "figure was" if len(statement.restated) == 1 else "figures were"
    return [f"{count} earlier {figures} restated since the last pack ({where}{together})."]


def _together(workspace: Workspace, statement: Statement) -> str:
    """`, +6 together` of counts; nothing where shares or means are among them, which do not add up."""
    indicators = {one.indicator for one in statement.restated}
    if any(workspace.indicator(code).aggregate != "sum" for code in indicators) or None in {
        value for one in statement.restated for value in (one.was, one.now)
    }:
        return ""
    change = sum((one.now or 0) - (one.was or 0) for one in statement.restated)
    return f", {change:+,g} together".replace("-", MINUS)
