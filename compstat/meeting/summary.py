"""The few sentences of the first page: what to know in one minute, and what to read with care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from compstat.meeting.briefing import UnitReport
from compstat.meeting.days import day
from compstat.meeting.share_bases import told
from compstat.meeting.statement import Statement
from compstat.rules.flag import Flag, Outcome, State
from compstat.tracker.action import OPEN_STATES, Action, ActionState
from compstat.workspace.tables import Indicator
from compstat.workspace.workspace import Workspace

CONCERNS_IN_A_MINUTE = 3
DAYS_A_BREAK_IS_NEWS = 364
LINES_TO_READ = 5
MINUS = "\N{MINUS SIGN}"
NO_BASES: Mapping[str, str] = {}
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


def one_minute(
    workspace: Workspace,
    flags: Sequence[Flag],
    actions: Sequence[Action],
    meets: date,
    tests: int,
    indicators: Iterable[Indicator],
    bases: Mapping[str, str] = NO_BASES,
) -> tuple[str, ...]:
    """At most five sentences: the gravest concerns, the actions, the best news.

    indicators: those looked at. bases: what the percentages of flags are of.
    """
    shown = [flag for flag in flags if flag.shown]
    concerns = [flag for flag in shown if flag.outcome is Outcome.CONCERN][:CONCERNS_IN_A_MINUTE]
    lines = [_flag_line(workspace, flag, bases) for flag in concerns] or [_no_concern(flags, tests, indicators)]
    lines += _action_lines(actions, meets)
    best = [flag for flag in shown if flag.outcome is Outcome.COMMEND][:1]
    lines += [f"Good news: {_flag_line(workspace, flag, bases)}" for flag in best]
    return tuple(lines)


def nothing_tested(indicators: Iterable[Indicator]) -> str:
    """Why no test was made at all; it is no all clear."""
    if all(indicator.better == "neutral" for indicator in indicators):
        return "Nothing was tested: no indicator says which way is better (indicators.csv, column better)."
    return "Nothing could be tested: “Not flagged, and why” gives the reasons."


def _no_concern(flags: Sequence[Flag], tests: int, indicators: Iterable[Indicator]) -> str:
    """What is said where no concern is shown: an all clear only after tests, and with nothing on watch."""
    listed = [flag for flag in flags if not flag.shown and flag.supports is None and flag.state is not State.CLEARED]
    watched = sum(flag.outcome is Outcome.WATCH for flag in listed)
    if not tests and not listed:
        return nothing_tested(indicators)
    nothing = "No concern" if any(flag.shown for flag in flags) else "No flag"
    if watched:
        return f"{nothing} is for the room this week; {watched:,} {_are(watched)} on the watch list."
    if listed:
        return f"{nothing} is for the room this week; {len(listed):,} {_are(len(listed))} held back."
    return "No unit is outside what chance would do, as far as it could be tested."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _flag_line(workspace: Workspace, flag: Flag, bases: Mapping[str, str]) -> str:
    words = told(flag, workspace.indicator(flag.indicator), bases)
    return f"{workspace.unit(flag.unit).title}, {words[:1].lower()}{words[1:]}"


def overdue(actions: Sequence[Action], day: date) -> list[Action]:
    """The open actions whose due date is before this day."""
    return [action for action in actions if action.state in OPEN_STATES and action.due < day]


def _action_lines(actions: Sequence[Action], meets: date) -> list[str]:
    if not actions:
        return ["No action is open."]
    line = _overdue_words(len(overdue(actions, meets)), len(actions))
    first = min(actions, key=lambda action: (-action.times_carried, action.original_due, action.action))
    if first.times_carried > 1:
        line += f"; {first.action} has been carried {in_words(first.times_carried)} times and is item 1"
    return [f"{line}."]


def _overdue_words(late: int, count: int) -> str:
    """`None of the three open actions is overdue`, `Two of three ...`, `The one open action is overdue`."""
    if count == 1:
        return f"The one open action is {'overdue' if late else 'not overdue'}"
    if late in {0, count}:
        whole = "None of the" if not late else "Both" if count == 2 else "All"
        number = "" if late == count == 2 else f" {in_words(count)}"
        return f"{whole}{number} open actions {'is' if not late else 'are'} overdue"
    return f"{in_words(late).capitalize()} of {in_words(count)} open actions {_are(late)} overdue"


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
    lines.append(f"{of_all} {have} no flag of any kind, shown or not; “Not flagged, and why” says how close each came.")
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
