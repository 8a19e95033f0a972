"""A picture as a sheet of pixels: text, boxes, lines and signs on a matplotlib `Figure`.

Decides colours, sizes and how a picture becomes the same PNG bytes every time. Never pyplot: it
keeps figures and is one for all. Loaded only where something is drawn (`reports.drawing`).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from reports.typeface import drawable, font_file

PIXELS_PER_INCH = 72
"""At this a point of type is a pixel, so one number serves for both."""

PHONE_WIDTH = 1080
MARGIN = 48
SMALL = 29
"""The least letters, in pixels of a picture as wide as a phone shows it."""

# Okabe and Ito's palette: told apart with any kind of colour blindness.
BLUE, SKY = "#0072B2", "#56B4E9"
GREEN, MINT = "#009E73", "#7BD3B8"
VERMILION, ORANGE = "#D55E00", "#E69F00"
INK, GREY, TRACK, PAPER = "#1A1A1A", "#555555", "#ECEFF1", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Type:
    """How text looks: height of its letters' body in pixels."""

    size: float
    is_bold: bool = False
    colour: str = INK


class Canvas:
    """`width` by `height` pixels; x to the right, y downwards from the top left corner."""

    def __init__(self, width: int, height: int, colour: str = PAPER) -> None:
        inches = (width / PIXELS_PER_INCH, height / PIXELS_PER_INCH)
        self.figure = Figure(figsize=inches, dpi=PIXELS_PER_INCH, facecolor=colour)
        FigureCanvasAgg(self.figure)
        self._axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self.width, self.height = width, height

    def text(self, x: float, y: float, text: str, look: Type, anchor: str = "left") -> Text:
        """Text with its baseline at `y`; `anchor` is left, center or right."""
        return self._axes.text(
            x,
            y,
            drawable(text),
            fontproperties=type_of(look),
            color=look.colour,
            horizontalalignment=anchor,
            verticalalignment="baseline",
            parse_math=False,
        )

    def fitted(
        self, place: tuple[float, float, float], text: str, look: Type, anchor: str = "left"
    ) -> Text:
        """Text at (x, y) no wider than the third: letters shrink to `SMALL`, then it is cut."""
        x, y, width = place
        size = look.size
        while size > SMALL and width_of(text, Type(size, look.is_bold)) > width:
            size -= 1
        kept = cut(text, width, Type(size, look.is_bold))
        return self.text(x, y, kept, Type(size, look.is_bold, look.colour), anchor)

    def box(  # noqa: PLR0913, PLR0917 (a box has four numbers)
        self, x: float, y: float, width: float, height: float, colour: str, name: str = ""
    ) -> None:
        """A filled box; `name` is its id in the figure."""
        patch = Rectangle((x, y), width, height, facecolor=colour, linewidth=0, gid=name or None)
        self._axes.add_patch(patch)

    def rounded(self, box: tuple[float, float, float, float], radius: float, colour: str) -> None:
        """A filled box (x, y, width, height) with round corners."""
        x, y, width, height = box
        style = f"round,pad=0,rounding_size={radius}"
        patch = FancyBboxPatch((x, y), width, height, style, facecolor=colour, linewidth=0)
        self._axes.add_patch(patch)

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, thick: float, name: str = ""
    ) -> Line2D:
        """A line through points; `name` is its id in the figure."""
        line = Line2D(
            [x for x, _ in points],
            [y for _, y in points],
            color=colour,
            linewidth=thick,
            solid_capstyle="round",
            solid_joinstyle="round",
            gid=name or None,
        )
        self._axes.add_line(line)
        return line

    def disc(
        self, x: float, y: float, radius: float, colour: str, *, is_filled: bool = True
    ) -> None:
        patch = Circle(
            (x, y),
            radius if is_filled else radius - 1.5,
            facecolor=colour if is_filled else "none",
            edgecolor=colour,
            linewidth=0 if is_filled else 3,
        )
        self._axes.add_patch(patch)

    def tick(self, x: float, y: float, radius: float, colour: str) -> None:
        """The sign for reached: a tick on a disc. The typeface has none, so it is drawn."""
        self.disc(x, y, radius, colour)
        self.line(
            [
                (x - 0.45 * radius, y + 0.02 * radius),
                (x - 0.10 * radius, y + 0.38 * radius),
                (x + 0.48 * radius, y - 0.36 * radius),
            ],
            PAPER,
            0.24 * radius,
        )

    def axes(self, box: tuple[float, float, float, float]) -> Axes:
        """Real axes over a box (x, y, width, height) of the canvas."""
        x, y, width, height = box
        bottom = 1 - (y + height) / self.height
        return self.figure.add_axes(
            (x / self.width, bottom, width / self.width, height / self.height)
        )


@lru_cache(64)
def type_of(look: Type) -> FontProperties:
    return FontProperties(fname=font_file(is_bold=look.is_bold), size=look.size)


@lru_cache(4_096)
def width_of(text: str, look: Type) -> float:
    """How wide text is, in pixels."""
    measured = text_to_path.get_text_width_height_descent(drawable(text), type_of(look), False)  # noqa: FBT003 (no mathematics)
    return float(measured[0])


def cut(text: str, width: float, look: Type) -> str:
    """The text, or as much of it as is no wider, with an ellipsis."""
    if width_of(text, look) <= width:
        return text
    kept = drawable(text)
    while kept and width_of(f"{kept}…", look) > width:
        kept = kept[:-1].rstrip()
    return f"{kept}…"


def wrapped(text: str, width: float, look: Type) -> list[str]:
    """The words of a text in as few lines as keep the width; a word longer than a line is cut."""
    lines: list[str] = []
    for word in drawable(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, look) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [cut(line, width, look) for line in lines]


def png_of(figure: Figure) -> bytes:
    """The picture's bytes: the same for the same figure, without date or maker."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PIXELS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()
