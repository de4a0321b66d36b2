"""A matplotlib renderer that draws on a reportlab canvas: vectors, our embedded fonts, no files in between.

pyplot is never imported, and no font is looked for on the machine: text is measured and drawn with the pack's fonts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib
from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from reportlab.lib.colors import Color

from compstat.packs import type as t

_STYLE = {
    "font.size": t.COLUMN.size,
    "axes.linewidth": 0.5,
    "text.parse_math": False,  # text from data is never a formula
    "axes.formatter.use_mathtext": True,  # else the tick formatter looks for a font on the machine
    "path.simplify": False,
}


def draw_plate(
    canvas: Any, x: float, y: float, width: float, height: float, fill: Callable[[Figure], None]
) -> None:
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


class CanvasRenderer(RendererBase):  # type: ignore[misc]  # untyped base
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
        canvas = self._canvas
        stroke = gc.get_linewidth() > 0 and gc.get_rgb()[3] > 0
        if not stroke and rgbFace is None:
            return
        canvas.saveState()
        self._clip(gc)
        if stroke:
            canvas.setStrokeColor(Color(*gc.get_rgb()[:3]))
            canvas.setLineWidth(gc.get_linewidth())
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                canvas.setDash(list(dashes), offset)
        if rgbFace is not None:
            canvas.setFillColor(Color(*rgbFace[:3]))
        canvas.drawPath(self._outline(path, transform), stroke=int(stroke), fill=int(rgbFace is not None))
        canvas.restoreState()

    def _outline(self, path: Path, transform: Any) -> Any:
        outline = self._canvas.beginPath()
        at = (0.0, 0.0)
        for points, code in path.iter_segments(transform, simplify=False, curves=True):
            if code == Path.MOVETO:
                outline.moveTo(*points)
            elif code == Path.LINETO:
                outline.lineTo(*points)
            elif code == Path.CURVE3:  # a quadratic curve as the cubic it equals
                cx, cy, ex, ey = points
                first = (at[0] + 2 / 3 * (cx - at[0]), at[1] + 2 / 3 * (cy - at[1]))
                outline.curveTo(*first, ex + 2 / 3 * (cx - ex), ey + 2 / 3 * (cy - ey), ex, ey)
            elif code == Path.CURVE4:
                outline.curveTo(*points)
            elif code == Path.CLOSEPOLY:
                outline.close()
                continue
            at = (points[-2], points[-1])
        return outline

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


def plate_font(style: t.Style) -> FontProperties:
    """The pack's font for matplotlib, by its file, so that none is looked for on the machine."""
    return FontProperties(fname=t.font_file(style.font), size=style.size)


def _style_of(prop: Any) -> t.Style:
    """The pack's font behind matplotlib's; the regular weight where a plate named none."""
    file = prop.get_file()
    font = next((name for name in (t.LIGHT, t.SEMIBOLD, t.BOLD) if file == str(t.font_file(name))), t.REGULAR)
    return t.Style(font, prop.get_size_in_points())
