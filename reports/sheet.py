"""A sheet of paper as marks on it: what is where, in points from the top left corner. Pure values.

Decides how text is fitted to its room: letters shrink, words wrap, nothing ever runs out of it.
Painters (`sheet_pdf`, `sheet_png`) put the marks on a page or a picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from reports.codes import QUIET, Squares
from reports.line_breaks import loosened, pieces_of
from reports.typeface import drawable, font_file

LINE = 1.24
"""From one line to the next, in sizes of its letters: two marks may stand on a capital."""

Anchor = Literal["left", "center", "right"]
_NAMES = {False: "BeVietnamPro-Regular", True: "BeVietnamPro-Bold"}


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, its baseline at `y`."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    is_bold: bool = True
    anchor: Anchor = "center"


@dataclass(frozen=True, slots=True)
class Box:
    """Filled, or a frame of `thick` points."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    thick: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code; `side` holds its quiet zone. Pressed on a screen it opens its link."""

    x: float
    y: float
    side: float
    squares: Squares
    link: str

    @property
    def square(self) -> float:
        return self.side / (len(self.squares) + 2 * QUIET)

    def runs(self) -> Iterator[tuple[float, float, float]]:
        """Dark stretches of rows as (x, y, width), each a square high."""
        step = self.square
        for row, squares in enumerate(self.squares):
            begin = 0
            for place in range(1, len(squares) + 1):
                if place == len(squares) or squares[place] != squares[begin]:
                    if squares[begin]:
                        x = self.x + (QUIET + begin) * step
                        yield x, self.y + (QUIET + row) * step, (place - begin) * step
                    begin = place


Mark = Words | Box | Disc | Code


@dataclass(frozen=True, slots=True)
class Sheet:
    """`title` is the document's; marks are put down in their order."""

    title: str
    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What text may take: no wider, no more lines, letters between two sizes where possible."""

    width: float
    lines: int
    biggest: float
    smallest: float


@dataclass(frozen=True, slots=True)
class Fitted:
    size: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE


def font_name(*, is_bold: bool) -> str:
    """The typeface's name in ReportLab, known from the first use on."""
    name = _NAMES[is_bold]
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, font_file(is_bold=is_bold)))
    return name


def width_of(text: str, size: float, *, is_bold: bool = True) -> float:
    return float(pdfmetrics.stringWidth(drawable(text), font_name(is_bold=is_bold), size))


def fit(text: str, *rooms: Room) -> Fitted:
    """Bold letters as large as the first room that holds them allows, its lines about as long.

    Lines end where `line_breaks` lets them, or, where that holds in no room, between any two
    syllables. Where none holds them, the last room's lines get letters smaller than it wants:
    whatever a text is, it keeps the width and the number of lines.
    """
    for pieces in (pieces_of(text), loosened(text)):
        for room in rooms:
            if fitted := _fitted(pieces, room):
                return fitted
    return _squeezed(loosened(text), rooms[-1])


def _fitted(pieces: Sequence[str], room: Room) -> Fitted | None:
    size = room.biggest
    while size >= room.smallest:
        lines = _wrapped(pieces, room.width, size)
        if len(lines) <= room.lines and _widest(lines, size) <= room.width:
            return Fitted(size, _balanced(pieces, lines, size))
        size -= 0.5
    return None


def _squeezed(pieces: Sequence[str], room: Room) -> Fitted:
    lines = _wrapped(pieces, room.width, room.smallest)
    kept = lines[: room.lines - 1]
    lines = [*kept, " ".join(lines[len(kept) :])]
    return Fitted(
        room.smallest * min(1.0, room.width / _widest(lines, room.smallest)), tuple(lines)
    )


def _wrapped(pieces: Sequence[str], width: float, size: float) -> list[str]:
    lines = [""]
    for word in pieces:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _balanced(pieces: Sequence[str], lines: list[str], size: float) -> tuple[str, ...]:
    """The same number of lines in the least width: no word is left alone at the end."""
    best, width = lines, _widest(lines, size)
    while width > size:
        width -= size / 4
        tried = _wrapped(pieces, width, size)
        if len(tried) > len(lines):
            break
        best = tried
    return tuple(best)


def _widest(lines: list[str], size: float) -> float:
    return max(width_of(line, size) for line in lines)
