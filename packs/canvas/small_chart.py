"""The small chart: up to 104 periods of one cell with its limits, mean, target, flagged points and last value."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from compstat.meeting.briefing import ChartSeries
from compstat.packs import type as t
from compstat.packs.canvas.marks import mark
from compstat.packs.canvas.paths import polylines
from compstat.packs.canvas.placing import rows_for, spread
from compstat.packs.words import month, number

LABELS_AT_RIGHT: Final = 36.0  # last value and target
TITLE_HEIGHT: Final = 13.0
NOTE_ROW: Final = 7.6
TICKS_HEIGHT: Final = 11.0


@dataclass(frozen=True, slots=True)
class Box:
    """Where a chart stands, in points from the lower left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plotting area and its two scales."""

    left: float
    bottom: float
    width: float
    height: float
    periods: int
    low: float
    high: float

    @property
    def middle(self) -> float:
        return self.bottom + self.height / 2

    def x(self, n: int) -> float:
        return self.left + self.width * (n / (self.periods - 1) if self.periods > 1 else 0.5)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + self.height * min(1.0, max(0.0, share))


def small_chart(
    canvas: Any, box: Box, title: str, measure: str, series: ChartSeries, outcome: str | None = None
) -> None:
    """Draw the chart of one cell into the box; the mark of its flag's `outcome` stands before the title.

    A flag about a year or a slow drift marks no point, and is seen there alone.
    """
    top = box.y + box.height
    if t.width_of(title, t.LABEL_BOLD) + t.width_of(measure, t.LABEL) + 6 > box.width:
        measure = measure.removeprefix("number ").removeprefix("amount ")  # a long name: its unit in fewer words
    unit = t.width_of(measure, t.LABEL)
    indent = 9.0 if outcome else 0.0
    if outcome:
        mark(canvas, outcome, box.x + 3.2, top - 6, 3.0)
    t.left(canvas, box.x + indent, top - 9, title, t.LABEL_BOLD, width=box.width - indent - unit - 6)
    t.right(canvas, box.x + box.width, top - 9, measure, t.LABEL, t.GREY)
    plot = _plot_of(box, series)
    present = [value for value in series.values if value is not None]
    if not present:
        t.left(canvas, plot.left, plot.bottom + plot.height / 2, "no returns", t.LABEL, t.GREY)
        return
    sparse = series.mean is None and (series.predictive_upper is not None or bool(series.no_limit or series.remark))
    _band(canvas, plot, series)
    (_columns if sparse else _line)(canvas, plot, series)
    _notes(canvas, plot, series)
    _points(canvas, plot, series)
    _right_labels(canvas, plot, series)
    _ticks(canvas, plot, series)
    if words := series.no_limit or series.remark:
        t.left(canvas, plot.left, top - TITLE_HEIGHT - 6, words, t.LABEL, t.GREY, width=plot.width)


def _plot_of(box: Box, series: ChartSeries) -> _Plot:
    levels = (series.mean, series.lower, series.upper, series.predictive_upper, series.target, series.floor)
    known = [value for value in (*series.values, *levels) if value is not None] or [0.0, 1.0]
    low, high = min(known), max(known)
    if series.is_count:
        low = min(0.0, min((value for value in series.values if value is not None), default=0.0))
    pad = 0.06 * (high - low) or max(abs(high) * 0.1, 0.5)
    low = low if series.is_count else low - pad
    notes = NOTE_ROW * (min(2, len(series.notes)) + bool(series.no_limit or series.remark))
    height = box.height - TITLE_HEIGHT - TICKS_HEIGHT - notes - 3
    return _Plot(
        box.x,
        box.y + TICKS_HEIGHT,
        box.width - LABELS_AT_RIGHT,
        height,
        len(series.values),
        low,
        high + pad,
    )


def _band(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    """Limits and mean from where their segment begins: a break or a rebase ends what holds before it."""
    left = plot.x(series.limits_from) if series.limits_from else plot.left
    if series.lower is not None and series.upper is not None:
        low, high = plot.y(series.lower), plot.y(series.upper)
        canvas.setFillColor(t.BAND)
        canvas.rect(left, low, plot.left + plot.width - left, high - low, stroke=0, fill=1)
    if series.mean is not None:
        _level(canvas, plot, series.mean, t.STEEL, (), left)
    if series.mean is None and series.predictive_upper is not None:
        _level(canvas, plot, series.predictive_upper, t.STEEL, (4, 2), left)
    if series.target is not None:
        _level(canvas, plot, series.target, t.INK, (1.6, 1.6))
    if series.floor is not None:
        _level(canvas, plot, series.floor, t.INK, (5, 1.6))


def _level(
    canvas: Any, plot: _Plot, value: float, colour: Any, dashes: tuple[float, ...], left: float | None = None
) -> None:
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.7 if dashes else 0.4)
    canvas.setDash(list(dashes)) if dashes else canvas.setDash()
    y = plot.y(value)
    canvas.line(plot.left if left is None else left, y, plot.left + plot.width, y)
    canvas.setDash()


def _line(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    """A line through the returns, broken where one is missing; a return between two gaps is a dot."""
    canvas.setStrokeColor(t.SLATE)
    canvas.setLineWidth(0.55)
    canvas.setLineJoin(1)
    runs = [
        [(plot.x(n), plot.y(value)) for n, value in run if value is not None]
        for missing, run in groupby(enumerate(series.values), key=lambda item: item[1] is None)
        if not missing
    ]
    canvas.drawPath(polylines(runs), stroke=1, fill=0)
    lonely = [run[0] for run in runs if len(run) == 1]
    canvas.setFillColor(t.SLATE)
    for x, y in lonely:
        canvas.circle(x, y, 0.8, stroke=0, fill=1)


def _columns(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    """Columns for low counts, for which limits round a mean mean nothing."""
    canvas.setStrokeColor(t.SLATE)
    canvas.setLineWidth(max(0.4, 0.6 * plot.width / max(plot.periods, 1)))
    base = plot.y(0)
    columns = [((plot.x(n), base), (plot.x(n), plot.y(value))) for n, value in enumerate(series.values) if value]
    canvas.drawPath(polylines(columns), stroke=1, fill=0)
    canvas.setLineWidth(0.4)
    canvas.setStrokeColor(t.HAIRLINE)
    canvas.line(plot.left, base, plot.left + plot.width, base)


def _notes(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    """Fine dotted verticals with words above; the newest word has its place first, others move up or give way."""
    notes = []
    for when, words in sorted(series.notes, reverse=True):
        n = next((n for n, start in enumerate(series.starts) if start >= when), None)
        if n is not None:
            notes.append((plot.x(n), t.shown(words)))
    top = plot.bottom + plot.height
    edge = plot.left + plot.width + LABELS_AT_RIGHT
    spans = []
    for x, words in notes:
        width = min(t.width_of(words, t.LABEL), plot.width)
        left = x if x + width <= edge else max(plot.left, edge - width)
        spans.append((left, left + width + 4))
    canvas.setLineWidth(0.5)
    for (x, words), row, (left, right) in zip(notes, rows_for(spans, 2), spans, strict=True):
        canvas.setStrokeColor(t.GREY)
        canvas.setDash([0.6, 1.6])
        canvas.line(x, plot.bottom, x, top + 1.5 + NOTE_ROW * (row or 0))
        canvas.setDash()
        if row is not None:
            t.left(canvas, left, top + 2.5 + NOTE_ROW * row, words, t.LABEL, t.GREY, width=right - left - 3.9)


def _points(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    for n, (value, flagged) in enumerate(zip(series.values, series.marks, strict=True)):
        if value is not None and flagged is not None:
            mark(canvas, flagged, plot.x(n), plot.y(value), 2.4)
    newest = series.values[-1]
    if newest is None:
        mark(canvas, "missing", plot.x(plot.periods - 1), plot.middle, 2.8)
    elif series.marks[-1] is None:
        canvas.setFillColor(t.INK)
        canvas.circle(plot.x(plot.periods - 1), plot.y(newest), 1.5, stroke=0, fill=1)


def _right_labels(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    """Newest value, target, floor, predictive limit beside their lines, moved apart; the first gives way last.

    An older value never stands for a newest one that did not come.
    """
    newest = series.values[-1]
    labels: list[tuple[float, str, t.Style, Any]] = []
    if newest is not None:
        colour = {"concern": t.CONCERN, "improvement": t.IMPROVEMENT}.get(series.marks[-1] or "", t.INK)
        labels.append((plot.y(newest), number(newest, series.decimals), t.LABEL_BOLD, colour))
    else:
        labels.append((plot.middle, series.missing, t.LABEL, t.INK))
    levels = [("plan" if series.plan else "target", series.target), ("floor", series.floor)]
    if series.mean is None:
        levels.append(("limit", series.predictive_upper))
    labels += [
        (plot.y(value), _level_words(word, value), t.LABEL, t.GREY) for word, value in levels if value is not None
    ]
    heights = [label[0] for label in labels]
    for place, (_, words, style, colour) in zip(
        spread(heights, 8.4, plot.bottom + 1, plot.bottom + plot.height), labels, strict=True
    ):
        if place is not None:
            x = plot.left + plot.width + (6 if words is labels[0][1] else 4)  # the newest stands clear of its mark
            t.left(canvas, x, place - style.size * 0.33, words, style, colour)


def _level_words(word: str, value: float) -> str:
    figure = number(value, 0 if value == round(value) else 1)
    longest = f"{word} {figure}"
    return longest if t.width_of(longest, t.LABEL) <= LABELS_AT_RIGHT - 4 else figure


def _ticks(canvas: Any, plot: _Plot, series: ChartSeries) -> None:
    canvas.setStrokeColor(t.GREY)
    canvas.setLineWidth(0.5)
    last = plot.periods - 1
    places = {n: plot.x(n) for n in sorted({0, last // 2, last})}
    ticks = [((x, plot.bottom), (x, plot.bottom - 2)) for x in places.values()]
    canvas.drawPath(polylines(ticks), stroke=1, fill=0)
    for n, x in places.items():
        draw = t.left if n == 0 else t.right if n == last else t.centre
        draw(canvas, x, plot.bottom - 9, month(series.starts[n]), t.LABEL, t.GREY)
