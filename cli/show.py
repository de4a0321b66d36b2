"""`compstat show`: a unit, an indicator, or one series, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption, WeekOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from datetime import date

    from compstat.meeting.briefing import IndicatorRow
    from compstat.meeting.series import Series
    from compstat.rules.weeks import WeekFlags

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Show a unit, an indicator, or one series.")

HEADINGS = (
    "",
    "now",
    "year ago",
    "change",
    "four weeks",
    "year ago",
    "change",
    "year to date",
    "year ago",
    "change",
    "",
)


@app.command(epilog="Example: compstat show unit harbour --week 2026-W46")
def unit(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code in units.csv.")],
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every indicator of one unit: week, four weeks, year to date and rolling year against a year ago."""
    session = session_of(context)
    session.workspace.unit(code)
    found, rows = _week(session, week, cycle, as_of)
    own = rows.get(code, [])
    if as_json:
        _print_page(found, {"unit": code}, [(code, row) for row in own])
    else:
        title = session.workspace.unit(code, found.evaluation.scope.last).title
        _print_rows(found, title, [(row.indicator.title, row) for row in own])


@app.command(epilog="Example: compstat show indicator burglary --week 2026-W46")
def indicator(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="The indicator's code in indicators.csv.")],
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """One indicator in every unit. No league table: units in the order of their codes, each beside its own past."""
    session = session_of(context)
    title = session.workspace.indicator(code).title
    found, rows = _week(session, week, cycle, as_of)
    every = [(unit_code, row) for unit_code, own in rows.items() for row in own if row.indicator.indicator == code]
    if as_json:
        _print_page(found, {"indicator": code}, every)
    else:
        names = [(session.workspace.unit(unit_code).title, row) for unit_code, row in every]
        _print_rows(found, title, names)


@app.command(epilog="Example: compstat show series harbour burglary --from 2025-W01")
def series(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(help="The unit's code in units.csv.")],
    indicator: Annotated[str, typer.Argument(help="The indicator's code in indicators.csv.")],
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
    from compstat.meeting.series import SeriesWanted, read_series
    from compstat.rules.scope import known_at
    from compstat.store import open_store

    workspace = session_of(context).workspace
    wanted = SeriesWanted(unit, indicator, _day(workspace, first), _day(workspace, last), screen, fix_after)
    with open_store(workspace.store_path, read_only=True) as store:
        known = known_at(store, moment(as_of))
        if known is None:
            raise no_returns()
        found = read_series(store, workspace, wanted, known)
    if as_json:
        _print_series_json(found, known)
    else:
        _print_series(found)


def _day(workspace: Any, words: str | None) -> date | None:
    from datetime import date

    from compstat.cli.moments import week_start

    if words is None:
        return None
    if len(words) == 7 and words[4] == "-" and words[5:].isdigit():
        return date.fromisoformat(f"{words}-01")
    return date.fromisoformat(words) if len(words) == 10 else week_start(workspace, words)


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
        start = week_start(workspace, week, store)
        found = flags_of_week(store, workspace, workspace.cycle(cycle), start, moment(as_of), progress)
        totals = window_totals(store, found.evaluation.scope)
    return found, unit_rows(found, totals)


def _print_page(found: WeekFlags, about: dict[str, str], rows: list[tuple[str, IndicatorRow]]) -> None:
    from compstat.cli.text import print_json

    scope = found.evaluation.scope
    spans = scope.windows.get(scope.cycle.cadence) or next(iter(scope.windows.values()))
    names = [name for name in spans.__slots__ if name != "cadence"]
    windows = {name: {"first": getattr(spans, name).first, "last": getattr(spans, name).last} for name in names}
    page = {**about, "week": scope.label, "known_at": scope.known_at, "windows": windows}
    print_json({**page, "indicators": [_row_json(code, row) for code, row in rows]})


def _row_json(unit_code: str, row: IndicatorRow) -> dict[str, Any]:
    page: dict[str, Any] = {"unit": unit_code, "indicator": row.indicator.indicator}
    for name, figures in row.windows.items():
        page[f"{name}_current"] = figures.current
        page[f"{name}_year_ago"] = figures.year_ago
        page[f"{name}_percent"] = figures.percent
        page[f"{name}_present"] = figures.present
        page[f"{name}_expected"] = figures.expected
        page[f"{name}_reason"] = figures.reason
    return {
        **page,
        "variation": row.variation,
        "assurance": row.assurance,
        "target": row.target,
        "flags": [flag.flag for flag in row.flags],
    }


def _print_rows(found: WeekFlags, title: str, rows: list[tuple[str, IndicatorRow]]) -> None:
    from compstat.cli.text import number, print_table, printable, signed

    scope = found.evaluation.scope
    print(printable(f"{title}, {scope.label}, as known {scope.known_at:%Y-%m-%d %H:%M}\n"))
    lines = []
    for name, row in rows:
        cells = [name]
        for window in ("week", "four_weeks", "year_to_date"):
            figures = row.windows[window]
            decimals = row.chart.decimals
            cells += [
                number(figures.current, decimals),
                number(figures.year_ago, decimals),
                signed(figures.change, decimals),
            ]
        lines.append([*cells, ", ".join(f"{flag.outcome} {flag.flag}" for flag in row.flags)])
    print_table(HEADINGS, lines, right=range(1, 10))
    if not rows:
        print("No returns.")


def _print_series_json(found: Series, known: Any) -> None:
    from dataclasses import asdict

    from compstat.cli.text import print_json

    points = [
        {"period_start": start, **asdict(point)} for start, point in zip(found.starts, found.chart.points, strict=True)
    ]
    print_json(
        {
            "unit": found.unit,
            "indicator": found.indicator,
            "known_at": known,
            "points": points,
            "variation": found.chart.variation,
            "assurance": found.assurance,
            "target": found.target,
            "trial_limits": found.chart.trial_limits,
        }
    )


def _print_series(found: Series) -> None:
    from compstat.cli.text import number, print_table

    rows = [
        [
            start.isoformat(),
            number(point.value, 1),
            number(point.mean, 1),
            number(point.lower_limit, 1),
            number(point.upper_limit, 1),
            point.point_type.replace("_", " ") if point.reason else "",
            (point.reason or "").replace("_", " "),
        ]
        for start, point in zip(found.starts, found.chart.points, strict=True)
    ]
    print_table(["period", "value", "mean", "lower", "upper", "", ""], rows, right=[1, 2, 3, 4])
    trial = "; trial limits: fewer than 13 points" if found.chart.trial_limits else ""
    words = (found.chart.variation or "no value").replace("_", " ")
    assurance = f"; target {found.target:g}: {found.assurance.replace('_', ' ')}" if found.assurance else ""
    print(f"\nNewest point: {words}{assurance}{trial}")
