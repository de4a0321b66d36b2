"""What `compstat show` prints: a unit's or an indicator's figures, a series; for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from compstat.meeting.briefing import IndicatorRow, WindowFigures
    from compstat.meeting.series import Series
    from compstat.rules.weeks import WeekFlags

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
# What a narrow terminal may leave out: the figure of a year ago follows from now and change.
DROP = (("the figures of a year ago", (2, 5, 8)), ("the year to date", (7, 9)), ("the four weeks", (4, 6)))
DROP_OF_SERIES = (("the reasons", (6,)), ("the mean", (2,)))


def print_page(found: WeekFlags, about: Mapping[str, object], rows: list[tuple[str, IndicatorRow]]) -> None:
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


def print_rows(found: WeekFlags, title: str, rows: list[tuple[str, IndicatorRow]]) -> None:
    from compstat.cli.text import number, print_table, printable, signed
    from compstat.meeting.figures import decimals_of

    scope = found.evaluation.scope
    print(printable(f"{title}, {scope.label}, as known {scope.known_at:%Y-%m-%d %H:%M}\n"))
    lines = []
    for name, row in rows:
        cells = [name]
        for window in ("week", "four_weeks", "year_to_date"):
            figures = row.windows[window]
            decimals = decimals_of(row.indicator)
            cells += [
                number(figures.current, decimals),
                number(figures.year_ago, decimals),
                signed(_change(figures, decimals), decimals),
            ]
        lines.append([*cells, ", ".join(f"{flag.outcome} {flag.flag}" for flag in row.flags)])
    print_table(HEADINGS, lines, right=range(1, 10), drop=DROP)
    if not rows:
        print("No returns.")


def _change(figures: WindowFigures, decimals: int) -> float | None:
    """The difference of the figures as they are printed; None where they are no fair comparison."""
    from compstat.meeting.figures import printed_change

    change = None if figures.change is None else printed_change(figures.current, figures.year_ago, decimals)
    return None if change is None else round(change, decimals) + 0.0  # no -0


def print_series_json(found: Series, known: datetime) -> None:
    from dataclasses import asdict

    from compstat.cli.text import print_json

    points = [
        {"period_start": start, **asdict(point), "holiday": holiday}
        for start, point, holiday in zip(found.starts, found.chart.points, found.holidays, strict=True)
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


def print_series(found: Series) -> None:
    from compstat.cli.text import number, print_table

    marked = any(found.holidays)
    rows = [
        [
            start.isoformat(),
            number(point.value, 1),
            number(point.mean, 1),
            number(point.lower_limit, 1),
            number(point.upper_limit, 1),
            point.point_type.replace("_", " ") if point.reason else "",
            (point.reason or "").replace("_", " "),
            *([holiday or ""] if marked else []),
        ]
        for start, point, holiday in zip(found.starts, found.chart.points, found.holidays, strict=True)
    ]
    print_table(
        ["period", "value", "mean", "lower", "upper", "", "", *(["holiday"] if marked else [])],
        rows,
        right=[1, 2, 3, 4],
        drop=DROP_OF_SERIES,
    )
    trial = "; trial limits: fewer than 13 points" if found.chart.trial_limits else ""
    words = (found.chart.variation or "no value").replace("_", " ")
    assurance = f"; target {found.target:g}: {found.assurance.replace('_', ' ')}" if found.assurance else ""
    print(f"\nNewest point: {words}{assurance}{trial}")
