"""One report a unit: who commands it, what is flagged, what was tried, what is asked and offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from compstat.meeting.answers import asked_words, tried_words, with_support
from compstat.meeting.briefing import IndicatorRow, LadderPlace, UnitReport
from compstat.meeting.flag_windows import outlook_window
from compstat.meeting.share_bases import told
from compstat.meeting.summary import NO_BASES, nothing_tested
from compstat.quality.checks import improbably_good
from compstat.quality.checks.check import Found
from compstat.rules.flag import Flag, Outcome, State
from compstat.rules.ladder.tier import EarnedTier
from compstat.rules.weeks import WeekFlags
from compstat.rules.wording import ahead_words, figure
from compstat.tracker.action import Action
from compstat.workspace.ladders import Step
from compstat.workspace.tables import Unit
from compstat.workspace.workspace import Workspace

IMPROBABLY_GOOD, IMPROBABLY_GOOD_MEANS = improbably_good.CHECK.code, improbably_good.CHECK.means


def unit_reports(
    workspace: Workspace,
    rows: Mapping[str, Sequence[IndicatorRow]],
    flags: Sequence[Flag],
    actions: Sequence[Action],
    last: date,
    meets: date,
    found: Sequence[Found] = (),
    bases: Mapping[str, str] = NO_BASES,
) -> tuple[UnitReport, ...]:
    """A report for every unit with a return, in the order of units.csv.

    actions: closed ones too. last: the newest period's last day; meets: the meeting's. found: by the data checks.
    bases: what the percentages of flags are of.
    """
    supporting: dict[str, list[Flag]] = defaultdict(list)
    for flag in flags:
        if flag.supports:
            supporting[flag.supports].append(flag)
    order = list(dict.fromkeys(row.unit for row in workspace.units))
    reports = [
        _report(
            workspace, workspace.unit(code, last), rows[code], flags, supporting, actions, (last, meets), found, bases
        )
        for code in order
        if code in rows
    ]
    return tuple(with_support(reports))


def with_standing(
    reports: Sequence[UnitReport], week: WeekFlags, places: Sequence[LadderPlace]
) -> tuple[UnitReport, ...]:
    """The reports with where each unit stands on the ladders, its own first, and the tier it has earned."""
    return tuple(_standing(report, week.tiers.get(report.unit.unit), places) for report in reports)


def _standing(report: UnitReport, earned: EarnedTier | None, places: Sequence[LadderPlace]) -> UnitReport:
    unit = report.unit.unit
    its = sorted((row for row in places if unit in row.covers), key=lambda row: row.unit != unit)
    tier = (earned.tier or "") if earned else ""
    return replace(report, ladder=_ladder(its), tier=tier, places=tuple(its), earned=earned)


def _ladder(its: Sequence[LadderPlace]) -> str:
    """`support; contestability to be signed`; "" where the unit is on the lowest step."""
    highest = max((Step[row.step.upper()] for row in its), default=Step.CHALLENGE)
    words = [highest.word] if highest > Step.CHALLENGE else []
    return "; ".join([*words, *(f"{row.proposed} to be signed" for row in its if row.proposed)])


def _report(
    workspace: Workspace,
    unit: Unit,
    rows: Sequence[IndicatorRow],
    flags: Sequence[Flag],
    supporting: Mapping[str, Sequence[Flag]],
    actions: Sequence[Action],
    days: tuple[date, date],
    found: Sequence[Found],
    bases: Mapping[str, str],
) -> UnitReport:
    last, meets = days
    own = tuple(
        flag for flag in flags if flag.unit == unit.unit and not flag.supports and flag.state is not State.CLEARED
    )
    shown = [flag for flag in own if flag.shown]
    theirs = tuple(action for action in actions if action.unit == unit.unit and action.is_open)
    commander, since = _command(workspace, unit)
    return UnitReport(
        unit=unit,
        commander=commander,
        in_post_since=since,
        sentence=told(shown[0], workspace.indicator(shown[0].indicator), bases) if shown else _quiet(own, rows),
        supporting_sentence=_how_sure(workspace, shown[0]) if shown else "",
        flags=own,
        supporting={flag.flag: tuple(supporting.get(flag.flag, ())) for flag in own},
        rows=tuple(rows),
        actions=theirs,
        tried=tried_words([action for action in actions if action.unit == unit.unit], last, meets),
        asked=asked_words(workspace, [flag for flag in shown if flag.outcome is not Outcome.COMMEND]),
        cautions=_cautions(workspace, own, found),
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


def _quiet(own: Sequence[Flag], rows: Sequence[IndicatorRow]) -> str:
    """What is said of a unit without a flag shown."""
    if own:
        return "Nothing here is for the room this week."
    if all(row.indicator.better == "neutral" for row in rows):
        return nothing_tested(row.indicator for row in rows)
    return "Nothing that could be tested is outside what chance would do."


def _how_sure(workspace: Workspace, flag: Flag) -> str:
    """How likely chance alone is, and, where that was learnt here, what to expect if nothing is done."""
    words: list[str] = []
    if flag.p_value is not None:
        odds = _rounded(1 / flag.p_value) if flag.p_value > 1e-6 else 0
        often = f"about 1 of {odds:,} such comparisons" if odds else "fewer than 1 of a million such comparisons"
        unchanged = "If the target were being met" if flag.family == "target" else "With no real change"
        words.append(f"{unchanged}, chance would do this in {often}." if odds != 1 else "")
    elif flag.family == "floor":
        words.append("A floor is a certain figure: it needs no test.")
    if flag.outcome is Outcome.CONCERN:
        words.append(_outlook(workspace, flag))
    return " ".join(word for word in words if word)


def _outlook(workspace: Workspace, flag: Flag) -> str:
    """What to expect if nothing is done; "" where no earlier flags here have taught it: compstat explain tells that."""
    window = outlook_window(flag)
    if window is None or flag.expected_low is None or flag.expected_high is None:
        return ""
    indicator = workspace.indicator(flag.indicator)
    ends = [max(end, 0.0) if indicator.non_negative else end for end in (flag.expected_low, flag.expected_high)]
    low, high = (figure(end, indicator) for end in ends)
    when = ahead_words(indicator.cadence, window)
    earlier = flag.inputs["if_nothing_is_done"]["earlier_flags"]
    return f"If nothing is done, expect {low}–{high} {when} (learnt from {earlier:,} earlier flags)."


def _rounded(odds: float) -> int:
    """Two digits that count: 6,820 reads as if it were known to the last one."""
    return int(round(odds, min(0, 2 - len(str(round(odds))))))


def _cautions(workspace: Workspace, flags: Sequence[Flag], found: Sequence[Found]) -> tuple[str, ...]:
    """What the check of improvements says of this unit's commended figures."""
    commended = {(flag.unit, flag.indicator) for flag in flags if flag.outcome is Outcome.COMMEND}
    its = [one for one in found if one.finding.code == IMPROBABLY_GOOD and (one.unit, one.indicator) in commended]
    return tuple(f"{workspace.indicator(one.indicator).title}: {IMPROBABLY_GOOD_MEANS}" for one in its if one.indicator)
