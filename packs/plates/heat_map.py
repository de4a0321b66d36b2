"""Heat map of unit x indicator by outcome: a shape and a tone each, so that it reads in grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from matplotlib.figure import Figure

from compstat.packs import type as t
from compstat.packs.plates.renderer import draw_plate, plate_font

ROW_HEIGHT: Final = 13.0
NAME_MOST: Final = 150.0
COUNT_WIDTH: Final = 26.0
LONGEST_HEADING: Final = 140.0
CELL_MOST: Final = 34.0
# outcome -> marker, size, face, edge, edge width; tones are greys, the colour is in the small shape only
_SHAPES: Final = {
    "concern": ("^", 6.4, "#c85a00", "#c85a00", 0.5),
    "watch": ("^", 5.6, "white", "#6a737d", 0.9),
    "commend": ("o", 5.4, "white", "#0b5cad", 1.3),
    "data": ("x", 4.6, "none", "#6a737d", 1.1),
    "missing": ("x", 4.6, "none", "#6a737d", 1.1),
    "none": (".", 2.4, "#8b949c", "#8b949c", 0.0),
}
_TONES: Final = {"concern": "#cdd3d8", "watch": "#e6eaed", "commend": "#e6eaed"}


def heat_map_height(indicators: Sequence[str], rows: int) -> float:
    """Height of a plate with so many rows under these headings."""
    return _heading_height(indicators) + rows * ROW_HEIGHT + 4


def heat_map_width(indicators: Sequence[str], units: Sequence[str], most: float) -> float:
    """Width of a plate with these headings and names, at most so many points."""
    return min(most, _name_width(units) + CELL_MOST * len(indicators) + _slant(indicators))


def _name_width(units: Sequence[str]) -> float:
    widest = max((t.width_of(name, t.CELL_BOLD) for name in units), default=0.0)
    return min(widest + 10, NAME_MOST)


def _slant(indicators: Sequence[str]) -> float:
    """White at the right: for the count of concerns, and for the last heading, which leans over it."""
    last = min(t.width_of(indicators[-1], t.COLUMN), LONGEST_HEADING) if indicators else 0.0
    return max(COUNT_WIDTH, last * 0.5 - 8)


def _heading_height(indicators: Sequence[str]) -> float:
    longest = max((t.width_of(name, t.COLUMN) for name in indicators), default=0.0)
    return min(longest, LONGEST_HEADING) * 0.87 + 10  # turned by 60 degrees


def draw_heat_map(
    canvas: Any,
    place: tuple[float, float, float],
    units: Sequence[tuple[str, str]],
    indicators: Sequence[tuple[str, str]],
    outcomes: Mapping[tuple[str, str], str],
) -> None:
    """Draw the plate with its upper left corner at `place` (x, top, width).

    units, indicators: (code, name) in order. outcomes: by (unit, indicator) code; a pair left out is not tested.
    """
    x, top, width = place
    height = heat_map_height([name for _, name in indicators], len(units))

    def fill(figure: Figure) -> None:
        _fill(figure, (width, height), units, indicators, outcomes)

    draw_plate(canvas, x, top - height, width, height, fill)


def _fill(
    figure: Figure,
    size: tuple[float, float],
    units: Sequence[tuple[str, str]],
    indicators: Sequence[tuple[str, str]],
    outcomes: Mapping[tuple[str, str], str],
) -> None:
    width, height = size
    heading = _heading_height([name for _, name in indicators])
    names = _name_width([name for _, name in units])
    grid = width - names - _slant([name for _, name in indicators])
    cells = len(units) * ROW_HEIGHT
    axes = figure.add_axes((names / width, (height - heading - cells) / height, grid / width, cells / height))
    axes.set_xlim(-0.5, len(indicators) - 0.5)
    axes.set_ylim(len(units) - 0.5, -0.5)
    axes.axis("off")
    _lines(axes, len(units), len(indicators), -0.5 - names * len(indicators) / grid)
    _tones(axes, units, indicators, outcomes)
    _shapes(axes, units, indicators, outcomes)
    _names(axes, grid, names, units, indicators, outcomes)


def _lines(axes: Any, rows: int, columns: int, start: float) -> None:
    nan = float("nan")  # one path with breaks, not a line object a row
    across = [x for _ in range(rows + 1) for x in (start, columns - 0.5, nan)]
    down = [y for n in range(rows + 1) for y in (n - 0.5, n - 0.5, nan)]
    axes.plot(across, down, color="#c3c9cf", linewidth=0.4, clip_on=False, zorder=1)


def _tones(
    axes: Any,
    units: Sequence[tuple[str, str]],
    indicators: Sequence[tuple[str, str]],
    outcomes: Mapping[tuple[str, str], str],
) -> None:
    from matplotlib.collections import PolyCollection

    squares: list[list[tuple[float, float]]] = []
    tones = []
    for row, (unit, _) in enumerate(units):
        for column, (indicator, _) in enumerate(indicators):
            tone = _TONES.get(outcomes.get((unit, indicator), ""))
            if tone:
                sides = [(-0.46, -0.44), (0.46, -0.44), (0.46, 0.44), (-0.46, 0.44)]
                squares.append([(column + x, row + y) for x, y in sides])
                tones.append(tone)
    axes.add_collection(PolyCollection(squares, facecolors=tones, linewidths=0, zorder=2), autolim=False)


def _shapes(
    axes: Any,
    units: Sequence[tuple[str, str]],
    indicators: Sequence[tuple[str, str]],
    outcomes: Mapping[tuple[str, str], str],
) -> None:
    for outcome, (marker, size, face, edge, line) in _SHAPES.items():
        at = [
            (column, row)
            for row, (unit, _) in enumerate(units)
            for column, (indicator, _) in enumerate(indicators)
            if outcomes.get((unit, indicator)) == outcome
        ]
        if at:
            columns, rows = zip(*at, strict=True)
            axes.plot(
                columns, rows, linestyle="none", marker=marker, markersize=size, markerfacecolor=face,
                markeredgecolor=edge, markeredgewidth=line, clip_on=False, zorder=3,
            )  # fmt: skip


def _names(
    axes: Any,
    grid: float,
    room: float,
    units: Sequence[tuple[str, str]],
    indicators: Sequence[tuple[str, str]],
    outcomes: Mapping[tuple[str, str], str],
) -> None:
    ink, grey = "#1b1f24", "#6a737d"
    per_point = len(indicators) / grid
    for row, (unit, name) in enumerate(units):
        concerns = sum(outcomes.get((unit, indicator)) == "concern" for indicator, _ in indicators)
        style = t.CELL_BOLD if concerns else t.CELL
        axes.text(
            -0.5 - room * per_point, row, t.fit(name, style, room - 8), color=ink,
            va="center_baseline", fontproperties=plate_font(style), clip_on=False,
        )  # fmt: skip
        if concerns:
            axes.text(
                len(indicators) - 0.5 + 14 * per_point, row, str(concerns), color=ink, ha="right",
                va="center_baseline", fontproperties=plate_font(t.CELL_BOLD), clip_on=False,
            )  # fmt: skip
    for column, (_, name) in enumerate(indicators):
        words = t.fit(name, t.COLUMN, LONGEST_HEADING)
        axes.text(
            column - 0.15, -0.5 - 4 / ROW_HEIGHT, words, color=grey, rotation=60,
            rotation_mode="anchor", fontproperties=plate_font(t.COLUMN), ha="left", va="baseline", clip_on=False,
        )  # fmt: skip
