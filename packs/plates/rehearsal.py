"""Plates of a rehearsal and of a scorecard: one page each, as PDF (vectors) or PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from reportlab.pdfgen.canvas import Canvas

from compstat.packs import type as t
from compstat.packs.plates.renderer import draw_plate, plate_font

Page = Mapping[str, Any]
WIDTH, HEIGHT = 842.0, 595.0  # A4 on its side, points
MARGIN: Final = 40.0
PIXELS_PER_INCH: Final = 160
INK, GREY, HAIRLINE, SLATE, PALE = "#1b1f24", "#6a737d", "#c3c9cf", "#4a545d", "#dfe3e7"
MOST_TICKS: Final = 12


def draw_rehearsal(path: Path, kind: str, organisation: str, page: Page) -> None:
    """Flags week by week beside what chance would raise; by rule; beside the usual methods. kind: .pdf or .png."""

    def fill(figure: Figure) -> None:
        known = "as known then" if page["as_known"] else "as known now"
        shown, chance = page["shown_per_week"], page["expected_by_chance_per_week"]
        sentence = f"{shown:.1f} flags shown a week, {chance:.1f} of them expected by chance alone"
        where = f"{organisation} · {page['from']} to {page['to']} · {known} · rules.toml {page['rules_version']}"
        _head(figure, "Rehearsal of the rules", where, sentence)
        _weeks(_axes(figure, (MARGIN + 24, 300, WIDTH - 2 * MARGIN - 24, 165)), page["weeks"])
        rules = [(row["rule"], row["shown_per_week"], row["raised_per_week"]) for row in page["rules"]]
        half = WIDTH / 2 - MARGIN
        _bars(figure, (MARGIN, 44, half - 20, 205), "Flags a week by rule: shown, and raised (pale)", rules)
        if page["usual_methods"]:
            ours = ("these rules: concerns", page["concern_cells_per_week"], page["listed_cells_per_week"])
            usual = [(row["what"], row["listed_per_week"], row["listed_per_week"]) for row in page["usual_methods"]]
            words = "Cells listed a week by each method; of these rules: concerns, and the watch list (pale)"
            _bars(figure, (WIDTH / 2 + 10, 44, half - 10, 205), words, [ours, *usual])
        else:
            number = len(page["weeks"])
            units = [(row["unit"], row["shown"] / number, row["raised"] / number) for row in page["units"][:14]]
            _bars(figure, (WIDTH / 2 + 10, 44, half - 10, 205), "Flags a week by unit: shown, and raised (pale)", units)

    _write(path, kind, "Rehearsal of the rules", fill)


def draw_scorecard(path: Path, kind: str, organisation: str, page: Page) -> None:
    """Share back within chance, flagged against just missed, with intervals. kind: .pdf or .png."""

    def fill(figure: Figure) -> None:
        where = f"{organisation} · flags of {page['from']} to {page['to']}"
        _head(figure, "What became of it", where, "Share of figures back within chance: flagged, and just missed")
        rows = [row for row in page["rows"] if row["known"]]
        _intervals(_axes(figure, (230, 80, WIDTH - 230 - MARGIN - 60, 385)), rows)
        _text(figure, MARGIN, 30, t.fit(page["caution"], t.LABEL, WIDTH - 2 * MARGIN), t.LABEL, GREY)

    _write(path, kind, "What became of it", fill)


def _write(path: Path, kind: str, title: str, fill: Callable[[Figure], None]) -> None:
    t.register_fonts()
    if kind.lower() == ".pdf":
        canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1, initialFontName=t.REGULAR, lang="en-GB")
        canvas.setTitle(title)
        canvas.setCreator("compstat")
        draw_plate(canvas, 0, 0, WIDTH, HEIGHT, fill)
        canvas.save()
        return
    with matplotlib.rc_context({"text.parse_math": False}):
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=PIXELS_PER_INCH)
        FigureCanvasAgg(figure)
        fill(figure)
        figure.savefig(path, format="png", metadata={"Software": None})


def _head(figure: Figure, title: str, where: str, sentence: str) -> None:
    measure = WIDTH - 2 * MARGIN
    _text(figure, MARGIN, HEIGHT - 56, title, t.TITLE, INK)
    _text(figure, MARGIN, HEIGHT - 72, t.fit(where, t.CELL, measure), t.CELL, GREY)
    _text(figure, MARGIN, HEIGHT - 100, t.fit(sentence, t.SENTENCE, measure), t.SENTENCE, INK)


def _text(figure: Figure, x: float, y: float, words: str, style: t.Style, colour: str) -> None:
    figure.text(x / WIDTH, y / HEIGHT, t.shown(words), color=colour, fontproperties=plate_font(style))


def _axes(figure: Figure, box: tuple[float, float, float, float]) -> Any:
    """Bare axes in a box of points: left, bottom, width, height."""
    left, bottom, width, height = box
    axes = figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(HAIRLINE)
    axes.tick_params(length=0, colors=GREY)
    axes.set_axisbelow(True)
    return axes


def _ticks(labels: Sequence[Any]) -> None:
    for label in labels:
        label.set_fontproperties(plate_font(t.LABEL))
        label.set_color(GREY)


def _weeks(axes: Any, weeks: Sequence[Page]) -> None:
    """Columns of flags shown, with raised behind them; the expected by chance as a line."""
    places = range(len(weeks))
    raised, shown = ([week[name] for week in weeks] for name in ("raised", "shown"))
    chance = [week["expected_by_chance"] for week in weeks]
    axes.bar(places, raised, width=0.8, color=PALE)
    axes.bar(places, shown, width=0.8, color=SLATE)
    axes.plot(places, chance, color="white", linewidth=3.0)  # so that the dots are seen on dark columns too
    axes.plot(places, chance, color=INK, linewidth=1.2, linestyle=(0, (2, 2)))
    axes.set_xlim(-0.6, len(weeks) - 0.4)
    axes.set_ylim(0, max(*raised, 1) * 1.05)
    every = -(-len(weeks) // MOST_TICKS)
    axes.set_xticks(list(places)[::every], [week["week"] for week in weeks][::every])
    step = max(1, round(max(*raised, 1) / 4))
    axes.set_yticks(*_whole_ticks(range(0, max(*raised, 1) + 1, step)))
    axes.grid(axis="y", color=HAIRLINE, linewidth=0.4)
    _ticks([*axes.get_xticklabels(), *axes.get_yticklabels()])
    words = "Flags a week: shown (dark), raised and not shown (pale), expected shown by chance alone (dotted)"
    axes.text(0, 1.04, words, transform=axes.transAxes, color=GREY, fontproperties=plate_font(t.COLUMN))


def _whole_ticks(places: Sequence[int]) -> tuple[Sequence[int], list[str]]:
    """Places with their words: left to itself matplotlib writes them as formulas."""
    return places, [f"{place:,}" for place in places]


def _bars(
    figure: Figure,
    box: tuple[float, float, float, float],
    title: str,
    rows: Sequence[tuple[str, float, float]],
) -> None:
    """A line a name: its first figure dark over its second one pale, the first in words at the end."""
    left, bottom, width, height = box
    room = min(width * 0.55, max((t.width_of(name, t.COLUMN) for name, _, _ in rows), default=0.0) + 8)
    axes = _axes(figure, (left + room, bottom, width - room - 40, height))
    axes.spines["bottom"].set_visible(False)
    places = range(len(rows))
    axes.barh(places, [raised for _, _, raised in rows], height=0.62, color=PALE)
    axes.barh(places, [shown for _, shown, _ in rows], height=0.62, color=SLATE)
    most = max([raised for _, _, raised in rows], default=1.0) or 1.0
    axes.set_xlim(0, most)
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_yticks(list(places), [t.fit(name, t.COLUMN, room - 6) for name, _, _ in rows])
    _ticks(axes.get_yticklabels())
    for place, (_, shown, raised) in zip(places, rows, strict=True):
        words = f"{shown:.1f}" if shown == raised else f"{shown:.1f} of {raised:.1f}"
        axes.text(raised + most / 60, place, words, color=INK, va="center_baseline", fontproperties=plate_font(t.LABEL))
    _text(figure, left, bottom + height + 8, title, t.COLUMN, GREY)


def _intervals(axes: Any, rows: Sequence[Page]) -> None:
    """A line a rule, group and time: the share as a mark (filled: flagged), its interval as a line, its numbers."""
    for place, row in enumerate(rows):
        flagged = row["group"] == "flagged"
        share, low, high = (100 * row[f"back_within_chance{end}"] for end in ("", "_low", "_high"))
        axes.plot([low, high], [place, place], color=SLATE, linewidth=1.4 if flagged else 0.8)
        face = SLATE if flagged else "white"
        axes.plot(
            [share], [place], marker="o", markersize=6, markerfacecolor=face, markeredgecolor=SLATE, clip_on=False
        )
        words = f"{share:.0f}% of {row['known']:,}"
        axes.text(103, place, words, color=INK, va="center_baseline", fontproperties=plate_font(t.COLUMN))
    names = [
        f"{row['rule']}, {'flagged' if row['group'] == 'flagged' else 'just missed'}, {row['periods_later']} later"
        for row in rows
    ]
    axes.set_yticks(range(len(rows)), [t.fit(name, t.COLUMN, 180) for name in names])
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"])
    axes.grid(axis="x", color=HAIRLINE, linewidth=0.4)
    _ticks([*axes.get_xticklabels(), *axes.get_yticklabels()])
    words = "Filled: flagged. Open: p just above the cut. Lines: 95% intervals. At the right: share, and of how many"
    axes.text(0, 1.03, words, transform=axes.transAxes, color=GREY, fontproperties=plate_font(t.COLUMN))
