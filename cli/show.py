"""`compstat show`: a unit, an indicator, or one series, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption, WeekOption
from compstat.cli.session import Session, session_of
from compstat.cli.show_text import print_page, print_rows, print_series, print_series_json

if TYPE_CHECKING:
    from datetime import date

    from compstat.meeting.briefing import IndicatorRow
    from compstat.rules.weeks import WeekFlags

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Show a unit, an indicator, or one series.",
    epilog="Example: compstat show unit harbour",
)


@app.command(epilog="Example: compstat show unit harbour --week 2026-W46")
def unit(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code or name.")],
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every indicator of one unit: week, four weeks, year to date and rolling year against a year ago."""
    from compstat.cli.names import unit_code

    session = session_of(context)
    code = unit_code(session.workspace, code)
    found, rows = _week(session, week, cycle, as_of)
    own = rows.get(code, [])
    if as_json:
        on = found.evaluation.scope.last
        commander, since = session.workspace.unit(code, on).commander, session.workspace.commander_since(code, on)
        about = {"unit": code, "commander": commander, "commander_since": since, **_standing(found, code)}
        print_page(found, about, [(code, row) for row in own])
    else:
        title = session.workspace.unit(code, found.evaluation.scope.last).title
        print_rows(found, title, [(row.indicator.title, row) for row in own])
        _print_commander(session, code, found.evaluation.scope.last)
        _print_standing(found, code)


def _standing(found: WeekFlags, unit: str) -> dict[str, object]:
    """The unit's step on the ladder and its tier, with the reasons; null where none is declared."""
    tier = found.tiers.get(unit)
    steps = [row.step for row in found.standings if row.unit == unit]
    return {
        "step": max(steps).word if steps else None,
        "tier": tier.tier if tier else None,
        "tier_because": tier.because if tier else None,
        "tier_change": tier.change if tier else None,
        "review_every": tier.review_every if tier else None,
    }


def _print_commander(session: Session, unit: str, on: date) -> None:
    """Who answers for the unit, and since when where the command changed: the history stays the unit's own."""
    from compstat.cli.text import printable

    code = session.workspace.unit(unit, on).commander
    if code is None:
        return
    person, since = session.workspace.person(code), session.workspace.commander_since(unit, on)
    tenure = f", in post since {since}" if since else ""
    print(printable(f"\nCommander: {person.title if person else code}{tenure}"))


def _print_standing(found: WeekFlags, unit: str) -> None:
    from compstat.cli.text import print_sentence

    for row in found.standings:
        if row.unit == unit:
            print_sentence(f"\nLadder {row.ladder}: {row.step.word} ({row.because})")
    tier = found.tiers.get(unit)
    if tier:
        print_sentence(f"\nTier: {tier.tier or 'none'}, {tier.because}; {tier.change}")


@app.command(epilog="Example: compstat show indicator burglary --week 2026-W46")
def indicator(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="The indicator's code or name.")],
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """One indicator in every unit. No league table: units in the order of their codes, each beside its own past."""
    from compstat.cli.names import indicator_code

    session = session_of(context)
    code = indicator_code(session.workspace, code)
    title = session.workspace.indicator(code).title
    found, rows = _week(session, week, cycle, as_of)
    every = [(unit_code, row) for unit_code, own in rows.items() for row in own if row.indicator.indicator == code]
    if as_json:
        print_page(found, {"indicator": code}, every)
    else:
        names = [(session.workspace.unit(unit_code).title, row) for unit_code, row in every]
        print_rows(found, title, names)


@app.command(epilog="Example: compstat show series harbour burglary --from 2025-W01")
def series(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code or name.")],
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="The indicator's code or name.")],
    first: Annotated[str | None, typer.Option("--from", help="First period: 2025-W01, 2025-01 or a date.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last period.")] = None,
    screen: Annotated[
        bool, typer.Option("--screen/--no-screen", help="Leave outlying moving ranges out of the limits.")
    ] = True,
    fix_after: Annotated[
        int | None, typer.Option(min=1, help="Limits from the first so many points of each segment.")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """One series as an XmR chart: mean, limits, special causes; the arithmetic of NHSRplotthedots."""
    from compstat.cli.moments import moment, no_returns
    from compstat.cli.names import indicator_code, unit_code
    from compstat.meeting.series import SeriesWanted, read_series
    from compstat.store import open_store
    from compstat.windows.scope import known_at

    workspace = session_of(context).workspace
    wanted = SeriesWanted(
        unit_code(workspace, unit),
        indicator_code(workspace, indicator),
        _day(workspace, first),
        _day(workspace, last),
        screen,
        fix_after,
    )
    with open_store(workspace.store_path, read_only=True) as store:
        known = known_at(store, moment(as_of))
        if known is None:
            raise no_returns()
        found = read_series(store, workspace, wanted, known)
    if as_json:
        print_series_json(found, known)
    else:
        print_series(found)


def _day(workspace: Any, words: str | None) -> date | None:
    from contextlib import suppress
    from datetime import datetime

    from compstat.cli.moments import week_start

    if words is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(words, "%Y-%m-%d" if words.count("-") == 2 else "%Y-%m").date()
    return week_start(workspace, words)  # a week, or an error that says what was wanted


def _week(
    session: Session, week: str, cycle: str | None, as_of: str | None
) -> tuple[WeekFlags, dict[str, list[IndicatorRow]]]:
    from compstat.cli.moments import moment, week_start
    from compstat.cli.progress import steps
    from compstat.meeting.figures import window_totals
    from compstat.meeting.indicator_rows import unit_rows
    from compstat.rules.weeks import flags_of_week
    from compstat.store import open_store

    workspace = session.workspace
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle, moment(as_of))
        found = flags_of_week(store, workspace, workspace.cycle(cycle), start, moment(as_of), progress)
        totals = window_totals(store, found.evaluation.scope)
    return found, unit_rows(found, totals)
