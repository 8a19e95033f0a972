"""A sheet as a picture, for chats and web pages: the same marks as on paper."""

from reports.canvas import Canvas, Type, png_of
from reports.sheet import Box, Code, Disc, Sheet, Words


def picture_of(sheet: Sheet, width: int) -> bytes:
    """A PNG so many pixels wide."""
    scale = width / sheet.width
    canvas = Canvas(width, round(sheet.height * scale))
    for mark in sheet.marks:
        match mark:
            case Words():
                look = Type(mark.size * scale, mark.is_bold, mark.colour)
                canvas.text(mark.x * scale, mark.y * scale, mark.text, look, mark.anchor)
            case Disc():
                canvas.disc(mark.x * scale, mark.y * scale, mark.radius * scale, mark.colour)
            case Box():
                _box(canvas, mark, scale)
            case Code():
                _code(canvas, mark, scale)
    return png_of(canvas.figure)


def _box(canvas: Canvas, mark: Box, scale: float) -> None:
    x, y, width, height = (one * scale for one in (mark.x, mark.y, mark.width, mark.height))
    if mark.thick:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        canvas.line(corners, mark.colour, mark.thick * scale)
    else:
        canvas.box(x, y, width, height, mark.colour)


def _code(canvas: Canvas, mark: Code, scale: float) -> None:
    side = mark.side * scale
    canvas.box(mark.x * scale, mark.y * scale, side, side, "#FFFFFF")
    for x, y, width in mark.runs():
        canvas.box(x * scale, y * scale, width * scale, mark.square * scale, "#000000")
