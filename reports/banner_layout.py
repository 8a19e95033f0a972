"""Where things stand on the banner of the ward's page: words to the left, the code to the right."""

from reports.codes import squares_of
from reports.line_breaks import kept_together
from reports.poster_layout import GOLD, NAVY, PALE, RED, WHITE, lines_of
from reports.posters import Banner
from reports.sheet import Box, Code, Mark, Room, Sheet, fit

WIDTH, HEIGHT = 1200.0, 300.0
SIDE = 252.0
WORDS = WIDTH - SIDE - 3 * 24
TITLE = (Room(WORDS - 30, 2, 42, 34), Room(WORDS - 30, 3, 40, 16))
WINDOW, CALL = Room(WORDS - 30, 1, 25, 12), Room(WORDS - 80, 1, 28, 12)


def banner_sheet(banner: Banner) -> Sheet:
    marks: list[Mark] = [Box(0, 0, WIDTH, HEIGHT, RED)]
    middle = 24 + WORDS / 2
    title, window, call = (
        fit(kept_together(banner.title, banner.together), *TITLE),
        fit(banner.window, WINDOW),
        fit(banner.call, CALL),
    )
    free = HEIGHT - title.height - window.height - call.height - 16
    y = free / 4
    marks.extend(lines_of(title, middle, y, WHITE))
    y += title.height + free / 4
    marks.extend(lines_of(window, middle, y, PALE))
    y += window.height + free / 4
    marks.append(Box(24 + 20, y, WORDS - 40, call.height + 16, GOLD))
    marks.extend(lines_of(call, middle, y + 8, NAVY))
    left, top = WIDTH - SIDE - 24, (HEIGHT - SIDE) / 2
    marks.append(Code(left, top, SIDE, squares_of(banner.door.link), banner.door.link))
    return Sheet(banner.title, WIDTH, HEIGHT, tuple(marks))
