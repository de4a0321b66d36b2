"""What can be taken out, each as a frame: figures, flags, windows, actions; as known at a moment."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from compstat.calendar import EARLIEST, LATEST
from compstat.store import Store
from compstat.workspace.workspace import Workspace

if TYPE_CHECKING:
    import polars as pl

END_OF_TIME = datetime(9999, 12, 31)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Window:
    """One window of one cell as it is taken out."""

    week: str
    unit: str
    indicator: str
    window: str
    first_day: date
    last_day: date
    current: float | None
    year_ago: float | None
    percent: float | None
    present: int
    expected: int
    reason: str | None
    known_at: datetime


def observations(store: Store, as_of: datetime | None, first: date | None, last: date | None) -> pl.DataFrame:
    """Every figure known at a moment (None: now) of the periods that start between two days, and its batch.

    One row a unit, indicator and period. The columns are a long file of returns, so that the export loads again.
    """
    import polars as pl

    columns = store.arrays(
        "reporting/observations", known_at=as_of or END_OF_TIME, first=first or EARLIEST, last=last or LATEST
    )
    frame = pl.DataFrame({name: _series(name, values) for name, values in columns.items()})
    return frame.with_columns(pl.col("period_start").cast(pl.Date), pl.col("recorded_at").cast(pl.Datetime("us")))


def flags(
    store: Store,
    workspace: Workspace,
    cycle: str | None,
    weeks: Iterable[date],
    as_of: datetime | None,
    progress: Progress = lambda _words: None,
) -> pl.DataFrame:
    """The flags of each week as the rules raise them from the figures known at the moment; one row a flag and week."""
    from compstat.rules.flag import Flag
    from compstat.rules.weeks import flags_of_week

    rows: list[Flag] = []
    for week in weeks:
        progress(f"judging {workspace.calendar.cadence('weekly').label(week)}")
        rows += flags_of_week(store, workspace, workspace.cycle(cycle), week, as_of).flags
    return frame_of(Flag, rows)


def windows(
    store: Store, workspace: Workspace, cycle: str | None, weeks: Iterable[date], as_of: datetime | None
) -> pl.DataFrame:
    """Every window of each week with its days: now, a year ago, per cent; one row a week, unit, indicator and window.

    A figure is null where a return is missing, and `reason` says so.
    """
    from compstat.meeting.figures import cell_figures, window_totals
    from compstat.windows.scope import known_at, open_scope

    known = known_at(store, as_of)
    rows: list[Window] = []
    for week in weeks if known else ():
        assert known is not None, "looked at above"
        scope = open_scope(store, workspace, workspace.cycle(cycle), week, known)
        totals = window_totals(store, scope)
        for unit, code in (cell for cell in scope.cells if cell in totals):
            indicator = workspace.indicator(code)
            spans = scope.windows[indicator.cadence]
            for name, figures in cell_figures(scope, indicator, unit, totals[unit, code]).items():
                span = getattr(spans, name)
                own = (figures.current, figures.year_ago, figures.percent, figures.present, figures.expected)
                rows.append(Window(scope.label, unit, code, name, span.first, span.last, *own, figures.reason, known))
    return frame_of(Window, rows)


def actions(workspace: Workspace, cycle: str | None, as_of: datetime | None) -> pl.DataFrame:
    """Every action as its events up to the moment make it, of one cycle or of all; one row an action."""
    from compstat.tracker.action import Action
    from compstat.tracker.tracker import open_tracker

    return frame_of(Action, open_tracker(workspace).actions_as_of(as_of or END_OF_TIME, cycle=cycle))


def weeks_between(first: date, last: date) -> list[date]:
    """First days of the weeks from one to the other."""
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]


def frame_of(kind: type, rows: Sequence[Any]) -> pl.DataFrame:
    """Rows of a dataclass as a frame, a field a column of the field's own type; what is no plain value as JSON text."""
    import polars as pl

    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    columns = {name: [_cell(getattr(row, name)) for row in rows] for name in names}
    return pl.DataFrame(columns, schema={name: _column_type(hints[name]) for name in names}, strict=False)


def _column_type(hint: Any) -> Any:
    import polars as pl

    if get_origin(hint) in {Union, types.UnionType}:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    plain = {float: pl.Float64, int: pl.Int64, bool: pl.Boolean, date: pl.Date, datetime: pl.Datetime("us")}
    return plain.get(hint, pl.String)


def _cell(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | date) or type(value) is str:
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return json.dumps(dict(value), ensure_ascii=False, default=_plain)
    return json.dumps({field.name: getattr(value, field.name) for field in fields(value)}, default=_plain)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else str(value)


def _series(name: str, values: Any) -> pl.Series:
    """A column of the store: null where it is masked."""
    import numpy as np
    import polars as pl

    plain = np.ma.getdata(values)
    missing = np.ma.getmaskarray(values)
    if plain.dtype.kind == "O":
        return pl.Series(name, [None if no else text for text, no in zip(plain, missing, strict=True)], pl.String)
    series = pl.Series(name, plain)
    return series.set(pl.Series(missing), None) if missing.any() else series
