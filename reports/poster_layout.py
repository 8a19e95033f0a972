"""Where things stand on a poster: drawn for A4, and scaled to A5, whose sides are alike.

Decides sizes and colours: a public notice that is read from two metres, and does not lose its
meaning on a printer without colours. The codes take what room is left.
"""

from collections.abc import Iterator

from reports.codes import squares_of
from reports.line_breaks import kept_together
from reports.posters import Door, Poster
from reports.sheet import (
    LINE,
    Anchor,
    Box,
    Code,
    Disc,
    Fitted,
    Mark,
    Room,
    Sheet,
    Words,
    fit,
    width_of,
)

WIDTH, HEIGHT = 595.28, 841.89
MIDDLE = WIDTH / 2
RED, GOLD, NAVY, INK, WHITE, PALE = (
    "#A3171C",
    "#D9A441",
    "#12355B",
    "#1A1A1A",
    "#FFFFFF",
    "#FFE9B0",
)
EDGE = 20.0
"""What printers leave white."""

INSET = EDGE + 11
INNER = WIDTH - 2 * INSET
STEP_RADIUS, STEP_HEIGHT = 25.0, 62.0
NAME_HEIGHT, TYPED_HEIGHT = 31.0, 28.0
LEAST_SIDE, MOST_SIDE = 205.0, 300.0
"""Of a code with its quiet zone: 7 cm on A4 are read from more than half a metre."""

SHRINKING = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6)
"""How far letters give way to the codes where words are many."""


def poster_sheet(poster: Poster) -> Sheet:
    layouts = (_Layout(poster, scale) for scale in SHRINKING)
    layout = next((one for one in layouts if one.side >= LEAST_SIDE), None)
    layout = layout or _Layout(poster, SHRINKING[-1])
    return Sheet(f"{poster.title} – {poster.whom}", WIDTH, HEIGHT, tuple(layout.marks))


class _Layout:
    """Marks put down from the top and from the foot; the codes between them, `side` large."""

    def __init__(self, poster: Poster, scale: float) -> None:
        self._scale = scale
        self.marks: list[Mark] = [
            Box(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE, GOLD, 2.4),
            Box(EDGE + 5, EDGE + 5, WIDTH - 2 * EDGE - 10, HEIGHT - 2 * EDGE - 10, GOLD, 0.8),
        ]
        y = self._put_title(poster)
        y = self._put_whom(poster, y)
        y = self._put_steps(poster, y)
        bottom = self._put_hotline(poster)
        self.side = self._put_codes(poster.doors, y, bottom)

    def _room(self, margin: float, lines: int, biggest: float, smallest: float) -> Room:
        return Room(INNER - 2 * margin, lines, biggest * self._scale, smallest * self._scale)

    def _put_title(self, poster: Poster) -> float:
        """The red band; how far down it goes."""
        invitation = fit(poster.invitation, self._room(22, 1, 18, 10))
        words = kept_together(poster.title, poster.together)
        title = fit(words, self._room(22, 3, 32, 26), self._room(22, 4, 28, 14))
        height = invitation.height + title.height + 30
        self.marks.append(Box(INSET, INSET, INNER, height, RED))
        self.marks.append(Box(INSET, INSET + height, INNER, 4, GOLD))
        y = INSET + 12
        self.marks.extend(lines_of(invitation, MIDDLE, y, PALE))
        self.marks.extend(lines_of(title, MIDDLE, y + invitation.height + 4, WHITE))
        return INSET + height + 4

    def _put_whom(self, poster: Poster, y: float) -> float:
        rooms = self._room(8, 1, 52, 34), self._room(8, 2, 36, 22), self._room(8, 3, 22, 10)
        whom = fit(kept_together(poster.whom, poster.together).upper(), *rooms)
        # The marks of a capital stand higher than its line.
        y += 8 + 0.14 * whom.size
        self.marks.extend(lines_of(whom, MIDDLE, y, NAVY))
        y += whom.height
        if poster.place:
            place = fit(poster.place, self._room(8, 1, 24, 16), self._room(8, 2, 16, 9))
            self.marks.extend(lines_of(place, MIDDLE, y, NAVY))
            y += place.height
        window = fit(poster.window, self._room(15, 1, 20, 17), self._room(15, 2, 20, 10))
        self.marks.extend(lines_of(window, MIDDLE, y + 4, RED))
        return y + 4 + window.height + 8

    def _put_steps(self, poster: Poster, y: float) -> float:
        """Numbered discs with a word or two each, side by side."""
        self.marks.append(Box(INSET + 30, y, INNER - 60, 1.2, GOLD))
        heading = fit(poster.heading, self._room(15, 1, 22, 10))
        self.marks.extend(lines_of(heading, MIDDLE, y + 6, NAVY))
        y += 6 + heading.height + 4
        column = INNER / len(poster.steps)
        width = column - 2 * STEP_RADIUS - 16
        room, low = Room(width, 1, 25, 22), Room(width, 2, 25, 8)
        size = min(fit(step, room, low).size for step in poster.steps)
        rooms = Room(width, 1, size, size), Room(width, 2, size, size / 2)
        words = [fit(step, *rooms) for step in poster.steps]
        wide = max(width_of(line, one.size) for one in words for line in one.lines)
        left = INSET + (column - 2 * STEP_RADIUS - 8 - wide) / 2
        for number, one in enumerate(words):
            self._put_step(str(number + 1), one, left + column * number, y + STEP_HEIGHT / 2)
        return y + STEP_HEIGHT + 6

    def _put_step(self, number: str, words: Fitted, left: float, y: float) -> None:
        self.marks.append(Disc(left + STEP_RADIUS, y, STEP_RADIUS, NAVY))
        self.marks.append(Words(left + STEP_RADIUS, y + 11.5, number, 32, WHITE))
        x = left + 2 * STEP_RADIUS + 8
        self.marks.extend(lines_of(words, x, y - words.height / 2, INK, "left"))

    def _put_hotline(self, poster: Poster) -> float:
        """At the foot; how far up it goes."""
        hotline = fit(poster.hotline, self._room(20, 1, 16, 14), self._room(20, 3, 16, 9))
        y = HEIGHT - INSET - hotline.height - 6
        self.marks.append(Box(INSET + 30, y - 7, INNER - 60, 1.2, GOLD))
        self.marks.extend(lines_of(hotline, MIDDLE, y, INK))
        return y - 12

    def _put_codes(self, doors: tuple[Door, ...], top: float, bottom: float) -> float:
        column = INNER / len(doors)
        room = bottom - top - NAME_HEIGHT - TYPED_HEIGHT
        side = min(room, column - 12, MOST_SIDE)
        top += (room - side) / 2
        typed_room = Room(column - 16, 1, 19, 6)
        size = min(fit(door.typed, typed_room).size for door in doors)
        for number, door in enumerate(doors):
            middle = INSET + column * (number + 0.5)
            name = fit(door.name, Room(column - 20, 1, 25, 8))
            self.marks.extend(lines_of(name, middle, top, NAVY))
            y = top + NAME_HEIGHT
            self.marks.append(Code(middle - side / 2, y, side, squares_of(door.link), door.link))
            typed = Fitted(size, (door.typed,))
            self.marks.extend(lines_of(typed, middle, y + side, INK))
        return side


def lines_of(
    fitted: Fitted, x: float, top: float, colour: str, anchor: Anchor = "center"
) -> Iterator[Words]:
    """The lines of fitted text, the first below `top`."""
    for number, line in enumerate(fitted.lines):
        baseline = top + fitted.size * (0.96 + number * LINE)
        yield Words(x, baseline, line, fitted.size, colour, anchor=anchor)
