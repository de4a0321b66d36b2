"""Everything a pack says, gathered from the store and the tracker as known at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from scipy.special import gammaincinv

from compstat.calendar import WEEKDAYS, Span
from compstat.meeting.agenda import running_order, seating
from compstat.meeting.answers import asked_of_most
from compstat.meeting.briefing import Briefing, IndicatorRow, QualityStatement, UnitReport
from compstat.meeting.check_notes import check_notes, waiver_words
from compstat.meeting.days import day
from compstat.meeting.figures import WINDOWS, window_totals
from compstat.meeting.indicator_rows import total_rows, unit_rows
from compstat.meeting.ladder_places import ladder_places
from compstat.meeting.not_flagged import heat_cells, not_flagged
from compstat.meeting.promises import promise_windows, score_promises
from compstat.meeting.share_bases import share_bases
from compstat.meeting.statement import SILENT_AFTER, Statement, statement
from compstat.meeting.summary import action_note, one_minute, read_with_care
from compstat.meeting.unit_reports import unit_reports, with_standing
from compstat.quality.restated import Restated
from compstat.rules.flag import Flag, Outcome, State
from compstat.rules.weeks import flags_of_week
from compstat.store import Store
from compstat.tracker.action import OPEN_STATES, Action
from compstat.tracker.tracker import Tracker
from compstat.windows.scope import END_OF_TIME, known_at
from compstat.workspace.settings import Cycle
from compstat.workspace.tables import Indicator
from compstat.workspace.workspace import Workspace

NOTES_AT_MOST = 20  # of one kind in the data quality statement
HALF_OUTSIDE = 0.05  # each side of a 90% interval


def gather(
    store: Store,
    tracker: Tracker,
    workspace: Workspace,
    cycle: Cycle,
    week: date,
    as_of: datetime | None = None,
    progress: Callable[[str], None] = lambda _words: None,
) -> Briefing:
    """The briefing of one week. Raises UsageError when nothing was known at that moment."""
    flags = flags_of_week(store, workspace, cycle, week, as_of, progress)
    scope = flags.evaluation.scope
    progress("gathering figures")
    totals = window_totals(store, scope)
    data = statement(store, flags, as_of, _last_pack(store, scope.week, scope.known_at))
    every = tracker.actions_as_of(as_of or END_OF_TIME, cycle=cycle.cycle)
    actions = tuple(action for action in every if action.state in OPEN_STATES)
    meets = meeting_day(cycle, scope.last)
    rows = unit_rows(flags, totals)
    bases = share_bases(rows, flags.flags)
    reports = unit_reports(workspace, rows, flags.flags, every, scope.last, meets, data.found, bases)
    places = ladder_places(flags)
    reports = with_standing(reports, flags, places)
    challenged = _with_shown(reports, {Outcome.CONCERN, Outcome.DATA}, flags.flags)
    together = asked_of_most(challenged)
    commended = _with_shown(reports, {Outcome.COMMEND}, flags.flags)
    held, planned = _meetings(tracker, workspace, cycle, scope.week, as_of)
    weekly = scope.windows.get(cycle.cadence) or next(iter(scope.windows.values()))
    notes = {
        "actions": action_note(actions, meets),
        "good-practice": ", ".join(report.unit.title for report in commended[:3]),
    }
    items = {"actions": len(actions), "good-practice": len(commended), "challenge": len(challenged)}
    decisions, quiet = flags.evaluation.decisions, not_flagged(flags)
    cleared = tuple(flag for flag in flags.flags if flag.state is State.CLEARED)
    return Briefing(
        organisation=workspace.settings.organisation.name,
        cycle=cycle,
        pack=workspace.settings.pack,
        week=scope.label,
        period=Span(scope.week, scope.last),
        meets_on=meets,
        known_at=scope.known_at,
        draft=data.sign_off is None,
        one_minute=one_minute(workspace, flags.flags, actions, meets, decisions.tests, _indicators(rows), bases),
        tests=decisions.tests,
        shown=len(flags.shown),
        raised=len(flags.flags) - len(cleared),
        expected_by_chance=decisions.expected_by_chance,
        agenda=running_order(workspace, cycle, challenged, notes, items),
        seats=seating(workspace, cycle),
        actions=actions,
        total_name=workspace.settings.totals.name,
        totals=tuple(total_rows(flags, totals, workspace.settings.totals.level)),
        window_dates={name: (getattr(weekly, name), getattr(weekly, f"{name}_year_ago")) for name in WINDOWS},
        heat=heat_cells(flags, data, quiet),
        flags=flags.flags,
        challenged=together.reports,
        units=reports,
        commended=commended,
        held_back=tuple(flag for flag in flags.flags if not flag.shown and flag.state is not State.CLEARED),
        not_flagged=quiet,
        quality=_quality(workspace, data),
        rules_version=workspace.rules.version,
        read_with_care=read_with_care(workspace, data, reports, scope.last),
        meetings_held=held,
        meetings_planned=planned,
        names=_names(workspace),
        bases=bases,
        asked_of_most=together.asked,
        offered_to_most=together.offered,
        acted_at=_acted_at(tracker, cycle, every, as_of),
        excess_intervals=_intervals(flags.flags),
        q=workspace.rules.decision.q,
        watch_p=workspace.rules.decision.watch_p,
        cleared=cleared,
        scores=score_promises(store, workspace, cycle, every, scope.week, scope.known_at),
        promise_windows=promise_windows(store, workspace, cycle, actions, scope.known_at),
        places=places,
    )


def _indicators(rows: Mapping[str, Sequence[IndicatorRow]]) -> list[Indicator]:
    return [row.indicator for its_own in rows.values() for row in its_own]


def meeting_day(cycle: Cycle, last: date) -> date:
    """The first such weekday after the week's last day."""
    ahead = (WEEKDAYS.index(cycle.meets_on) - last.weekday() - 1) % 7 + 1
    return last + timedelta(days=ahead)


def _last_pack(store: Store, week: date, known: datetime) -> datetime | None:
    """When the figures of the week before were known to its meeting: what the reader last held."""
    before = datetime.combine(week + timedelta(days=6), datetime.max.time())
    return known_at(store, min(before, known))


def _with_shown(reports: Sequence[UnitReport], outcomes: set[Outcome], flags: Sequence[Flag]) -> tuple[UnitReport, ...]:
    """The units with a flag shown of these outcomes, in the order of their best flag."""
    order = list(dict.fromkeys(flag.unit for flag in flags if flag.shown and flag.outcome in outcomes))
    by_unit = {report.unit.unit: report for report in reports}
    return tuple(by_unit[unit] for unit in order if unit in by_unit)


def _meetings(
    tracker: Tracker, workspace: Workspace, cycle: Cycle, week: date, as_of: datetime | None
) -> tuple[int, int]:
    """Meetings held this year by the record, and planned: one a period since the first on record."""
    held = [one for one in tracker.meetings(as_of) if one.cycle == cycle.cycle]
    weeks = sorted({workspace.calendar.week_of(one.week) for one in held if "W" in one.week})
    this_year = [day for day in weeks if day.year == week.year and day <= week]
    if not this_year:
        return 0, 0
    return len(this_year), (week - this_year[0]).days // 7 + (1 if week in this_year else 0)


def _acted_at(tracker: Tracker, cycle: Cycle, actions: Sequence[Action], as_of: datetime | None) -> datetime | None:
    """The newest entry about these actions or a meeting of the cycle, in UTC without a zone as the store's moments."""
    shown = {action.action for action in actions}
    moments = [event.at for event in tracker.events(as_of=as_of) if event.action in shown]
    moments += [one.at for one in tracker.meetings(as_of) if one.cycle == cycle.cycle]
    return max(moments).replace(tzinfo=None) if moments else None


def _quality(workspace: Workspace, data: Statement) -> QualityStatement:
    signer = workspace.person(data.sign_off.signed_by) if data.sign_off else None
    notes = [_restated_words(workspace, one) for one in data.restated[:NOTES_AT_MOST]]
    notes += [
        f"{_cell_words(workspace, unit, code)}: no return for more than {SILENT_AFTER} periods"
        for unit, code in data.silent[:NOTES_AT_MOST]
    ]
    return QualityStatement(
        returns_expected=data.expected,
        returns_present=data.present,
        missing=data.missing,
        batches=tuple((one.batch, one.recorded_at, one.source, one.rows) for one in data.batches if not one.withdrawn),
        notes=tuple(notes),
        signed_by=(signer.title if signer else data.sign_off.signed_by) if data.sign_off else None,
        signed_at=data.sign_off.signed_at if data.sign_off else None,
        checks=check_notes(workspace, data),
        waivers=waiver_words(workspace, data),
        audits=tuple(audit.sentence(workspace) for audit in data.audits),
    )


def _restated_words(workspace: Workspace, one: Restated) -> str:
    cell = f"{_cell_words(workspace, one.unit, one.indicator)}, {day(one.period_start)}"
    if one.was is None or one.now is None:
        return f"{cell}: taken back ({one.source})"
    return f"{cell}: was {one.was:,g}, is {one.now:,g} ({one.source})"


def _cell_words(workspace: Workspace, unit: str, indicator: str) -> str:
    return f"{workspace.unit(unit).title}, {workspace.indicator(indicator).title.lower()}"


def _names(workspace: Workspace) -> dict[str, str]:
    names = {row.person: row.title for row in workspace.people}
    names |= {row.unit: row.title for row in workspace.units}
    return names | {row.indicator: row.title for row in workspace.indicators}


def _intervals(flags: Sequence[Flag]) -> dict[str, tuple[float, float]]:
    """The 90% interval of the excess of flags on counts: Gamma points of the level, less the expected."""
    intervals: dict[str, tuple[float, float]] = {}
    for flag in flags:
        window = flag.inputs.get(str(flag.inputs.get("leading_window")))
        if not isinstance(window, dict):
            continue
        phi, count, expected = window["dispersion"], window["count"], window["expected"]
        low, high = gammaincinv(count / phi + 0.5, [HALF_OUTSIDE, 1 - HALF_OUTSIDE]) * phi - expected
        intervals[flag.flag] = (float(low), float(high))
    return intervals
