"""A matplotlib renderer that draws on a reportlab canvas: vectors, our embedded fonts, no files in between.

pyplot is never imported, and no font is looked for on the machine: text is measured and drawn with the pack's fonts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from reportlab.lib.colors import Color
from reportlab.pdfgen.pathobject import PDFPathObject

from compstat.packs import type as t

_OPERATORS = {Path.MOVETO: " m", Path.LINETO: " l", Path.CURVE3: " c", Path.CURVE4: " c"}
_STYLE: Any = {
    "font.size": t.COLUMN.size,
    "axes.linewidth": 0.5,
    "text.parse_math": False,  # text from data is never a formula
    "axes.formatter.use_mathtext": True,  # else the tick formatter looks for a font on the machine
    "path.simplify": False,
}


def draw_plate(canvas: Any, x: float, y: float, width: float, height: float, fill: Callable[[Figure], None]) -> None:
    """Draw the figure that `fill` makes into the box with its lower left corner at (x, y), sizes in points."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a reader's own matplotlibrc must not change a pack
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
        FigureCanvasBase(figure)
        fill(figure)
        canvas.saveState()
        canvas.translate(x, y)
        figure.draw(CanvasRenderer(canvas, width, height))
        canvas.restoreState()


class CanvasRenderer(RendererBase):
    """Paths and text of a figure as calls on a canvas; one pixel is one point."""

    def __init__(self, canvas: Any, width: float, height: float) -> None:
        super().__init__()
        self._canvas, self._width, self._height = canvas, width, height

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._width, self._height

    def flipy(self) -> bool:
        return False

    def points_to_pixels(self, points: Any) -> Any:
        return points

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803
        """Stroke and fill one path, clipped to the graphics context's rectangle."""
        self._draw(gc, _outline(path, transform), rgbFace, [(0.0, 0.0)])

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """Draw one shape at every point of `path`; its outline is written once."""
        points = [(float(x), float(y)) for x, y in trans.transform(path.vertices)]
        self._draw(gc, _outline(marker_path, marker_trans), rgbFace, points)

    def _draw(self, gc: Any, outline: PDFPathObject, face: Any, points: Sequence[tuple[float, float]]) -> None:
        canvas = self._canvas
        stroke = gc.get_linewidth() > 0 and gc.get_rgb()[3] > 0
        if not stroke and face is None:
            return
        canvas.saveState()
        self._clip(gc)
        if stroke:
            canvas.setStrokeColor(Color(*gc.get_rgb()[:3]))
            canvas.setLineWidth(gc.get_linewidth())
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                canvas.setDash(list(dashes), offset)
        if face is not None:
            canvas.setFillColor(Color(*face[:3]))
        last = (0.0, 0.0)
        for x, y in points:
            if (x, y) != last:
                canvas.translate(x - last[0], y - last[1])
                last = (x, y)
            canvas.drawPath(outline, stroke=int(stroke), fill=int(face is not None))
        canvas.restoreState()

    def _clip(self, gc: Any) -> None:
        rectangle = gc.get_clip_rectangle()
        if rectangle is not None:
            outline = self._canvas.beginPath()
            outline.rect(*rectangle.bounds)
            self._canvas.clipPath(outline, stroke=0, fill=0)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Draw a line of text from (x, y), turned by `angle` degrees."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x, y)
        if angle:
            canvas.rotate(angle)
        t.left(canvas, 0, 0, s, _style_of(prop), Color(*gc.get_rgb()[:3]))
        canvas.restoreState()

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Size of a line of text: Source Sans rises to 0.71 and falls to 0.2 of its size."""
        style = _style_of(prop)
        return t.width_of(s, style), 0.91 * style.size, 0.2 * style.size

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        raise NotImplementedError("plates are vectors: draw shapes, not pixels")


def _outline(path: Path, transform: Any) -> PDFPathObject:
    """The path in hundredths of a point; a quadratic curve as the cubic it equals."""
    code: list[str] = []
    at = (0.0, 0.0)
    for points, kind in path.iter_segments(transform, simplify=False, curves=True):
        if kind == Path.CLOSEPOLY:
            code.append("h")
            continue
        ends = [float(value) for value in points]
        if kind == Path.CURVE3:
            cx, cy, ex, ey = ends
            first = (at[0] + 2 / 3 * (cx - at[0]), at[1] + 2 / 3 * (cy - at[1]))
            ends = [*first, ex + 2 / 3 * (cx - ex), ey + 2 / 3 * (cy - ey), ex, ey]
        at = (ends[-2], ends[-1])
        code.append(" ".join(f"{value:.2f}" for value in ends) + _OPERATORS[kind])
    return PDFPathObject(code=code)


def plate_font(style: t.Style) -> FontProperties:
    """The pack's font for matplotlib, by its file, so that none is looked for on the machine."""
    return FontProperties(fname=t.font_file(style.font), size=style.size)


def _style_of(prop: Any) -> t.Style:
    """The pack's font behind matplotlib's; the regular weight where a plate named none."""
    file = prop.get_file()
    font = next((name for name in (t.LIGHT, t.SEMIBOLD, t.BOLD) if file == str(t.font_file(name))), t.REGULAR)
    return t.Style(font, prop.get_size_in_points())
