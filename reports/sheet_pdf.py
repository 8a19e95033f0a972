"""Sheets as pages of a PDF: fonts inside, codes as vectors, the same bytes every time."""

import io
from collections.abc import Callable, Iterable
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfgen.canvas import Canvas

from reports.sheet import Box, Code, Disc, Mark, Sheet, Words, font_name
from reports.typeface import drawable

SIZES = {"a4": A4, "a5": A5}


def pdf_of(sheets: Iterable[Sheet], size: str | None) -> bytes:
    """A page for each sheet, scaled to a size of paper; without one, pages as large as sheets."""
    buffer = io.BytesIO()
    # Invariant: no date, no chance in its id. Its first font would be one that is not inside.
    name = font_name(is_bold=True)
    canvas = Canvas(buffer, invariant=1, pageCompression=1, lang="vi", initialFontName=name)
    for number, sheet in enumerate(sheets):
        width, height = SIZES[size] if size else (sheet.width, sheet.height)
        if not number:
            canvas.setTitle(drawable(sheet.title))
            canvas.setAuthor("")
            canvas.setCreator("hoithi")
        canvas.setPageSize((width, height))
        canvas.scale(width / sheet.width, height / sheet.height)
        for mark in sheet.marks:
            _PAINTERS[type(mark)](canvas, sheet.height, mark)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _words(canvas: Canvas, height: float, mark: Words) -> None:
    canvas.setFont(font_name(is_bold=mark.is_bold), mark.size)
    canvas.setFillColor(HexColor(mark.colour))
    draw = {
        "left": canvas.drawString,
        "center": canvas.drawCentredString,
        "right": canvas.drawRightString,
    }[mark.anchor]
    draw(mark.x, height - mark.y, drawable(mark.text))


def _box(canvas: Canvas, height: float, mark: Box) -> None:
    canvas.setFillColor(HexColor(mark.colour))
    canvas.setStrokeColor(HexColor(mark.colour))
    canvas.setLineWidth(mark.thick)
    canvas.rect(
        mark.x,
        height - mark.y - mark.height,
        mark.width,
        mark.height,
        stroke=int(mark.thick > 0),
        fill=int(not mark.thick),
    )


def _disc(canvas: Canvas, height: float, mark: Disc) -> None:
    canvas.setFillColor(HexColor(mark.colour))
    canvas.circle(mark.x, height - mark.y, mark.radius, stroke=0, fill=1)


def _code(canvas: Canvas, height: float, mark: Code) -> None:
    """One path: between rectangles painted one by one, thin light lines would show."""
    _box(canvas, height, Box(mark.x, mark.y, mark.side, mark.side, "#FFFFFF"))
    path = canvas.beginPath()
    for x, y, width in mark.runs():
        path.rect(x, height - y - mark.square, width, mark.square)
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)
    area = (mark.x, height - mark.y - mark.side, mark.x + mark.side, height - mark.y)
    canvas.linkURL(mark.link, area, relative=1, thickness=0)


_PAINTERS: dict[type[Mark], Callable[[Canvas, float, Any], None]] = {
    Words: _words,
    Box: _box,
    Disc: _disc,
    Code: _code,
}
