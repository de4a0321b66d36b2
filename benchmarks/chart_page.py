"""A page of 12 small charts, against the same page made of one pyplot PNG (200 dpi) a chart, placed by reportlab."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from large_case import LAST_WEEK, Case
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from timing import Measured, in_turns

from compstat.meeting.briefing import ChartSeries
from compstat.packs import type as t
from compstat.packs.canvas.small_chart import Box, small_chart
from compstat.packs.furniture import Footer, PackCanvas
from compstat.statistics.special_cause import judge

GOAL = 0.02
CHARTS, PERIODS = 12, 104
PAPER = t.PAPERS["A4"]
FOOTER = Footer("Benchmark", "figures as known 16 Nov 2026", draft=False)
GUTTER, HEIGHT = 16.0, 170.0
FLAGGED = ("concern", None, "improvement", None)  # a flag marks the four newest weeks, as in a pack
WIDTH = (PAPER.measure - 2 * GUTTER) / 3


def measure(case: Case, runs: int) -> list[Measured]:
    """From figures to a page on the disk; both sides are warm (fonts read, pyplot imported) before the first run."""
    mpl.use("Agg")
    series = _invented()
    ours_path, theirs_path = case.folder / "canvas.pdf", case.folder / "pyplot.pdf"
    taken = in_turns(lambda _run: _canvas_page(ours_path, series), lambda _run: _pyplot_page(theirs_path, series), runs)
    note = f"{CHARTS} charts of {PERIODS} weeks as vectors, against PNG at 200 dpi; one page, one file"
    return [taken.measured("page of charts", GOAL, note)]


def _invented() -> list[ChartSeries]:
    dice = np.random.default_rng(4)
    values = dice.poisson(np.linspace(8, 60, CHARTS)[:, np.newaxis], (CHARTS, PERIODS)).astype(np.float64)
    found = judge(values)
    starts = tuple(LAST_WEEK - timedelta(weeks=PERIODS - 1 - n) for n in range(PERIODS))
    return [
        ChartSeries(
            starts=starts,
            values=tuple(values[n].tolist()),
            marks=(None,) * (PERIODS - 4) + (FLAGGED[n % len(FLAGGED)],) * 4,
            mean=float(found.mean[n]),
            lower=float(found.lower[n]),
            upper=float(found.upper[n]),
            predictive_upper=None,
            target=float(found.mean[n]) * 0.9,
            is_count=True,
            decimals=0,
            notes=((date(2026, 3, 2), "new commander"),),
        )
        for n in range(CHARTS)
    ]


def _boxes() -> list[Box]:
    return [
        Box(PAPER.left + n % 3 * (WIDTH + GUTTER), PAPER.top - (n // 3 + 1) * HEIGHT, WIDTH, HEIGHT - 10)
        for n in range(CHARTS)
    ]


def _canvas_page(path: Path, series: list[ChartSeries]) -> None:
    canvas = PackCanvas(path, PAPER, FOOTER, "A page of charts")
    for n, (box, one) in enumerate(zip(_boxes(), series, strict=True), 1):
        small_chart(canvas, box, f"Indicator {n}", "offences a week", one)
    canvas.showPage()
    canvas.save()


def _pyplot_page(path: Path, series: list[ChartSeries]) -> None:
    canvas = Canvas(str(path), pagesize=PAPER[:2], invariant=1, pageCompression=1)
    for n, (box, one) in enumerate(zip(_boxes(), series, strict=True), 1):
        canvas.drawImage(ImageReader(_pyplot_png(box, f"Indicator {n}", one)), *_place(box))
    canvas.showPage()
    canvas.save()


def _place(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


def _pyplot_png(box: Box, title: str, series: ChartSeries) -> io.BytesIO:
    """With what the small chart shows: band, mean, target, line, flagged points, last value, ticks, note."""
    from matplotlib import pyplot as plt

    axes: Any  # its hints know no dates
    figure, axes = plt.subplots(figsize=(box.width / 72, box.height / 72))
    figure.subplots_adjust(left=0.1, right=0.9, bottom=0.12, top=0.85)  # a layout engine would take longer yet
    starts, values = list(series.starts), list(series.values)
    axes.axhspan(series.lower, series.upper, color="#eef1f4")
    axes.axhline(series.mean, color="#7d868e", linewidth=0.4)
    axes.axhline(series.target, color="#1b1f24", linewidth=0.7, linestyle=":")
    axes.plot(starts, values, color="#4a545d", linewidth=0.55)
    for kind, shape, colour in (("concern", "^", "#c85a00"), ("improvement", "o", "#0b5cad")):
        flagged = [place for place, mark in enumerate(series.marks) if mark == kind]
        axes.plot([starts[n] for n in flagged], [values[n] for n in flagged], shape, color=colour, markersize=4)
    axes.annotate(f"{values[-1]:.0f}", (starts[-1], values[-1]), fontsize=9, fontweight="bold")
    for when, words in series.notes:
        axes.axvline(when, color="#6a737d", linewidth=0.5, linestyle=":")
        axes.annotate(words, (when, 1.0), xycoords=("data", "axes fraction"), fontsize=6.8)
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_title("offences a week", fontsize=6.8, loc="right")
    axes.set_xticks([starts[0], starts[len(starts) // 2], starts[-1]])
    axes.tick_params(labelsize=6.8)
    axes.set_ylim(bottom=0)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=200)
    plt.close(figure)
    picture.seek(0)
    return picture
