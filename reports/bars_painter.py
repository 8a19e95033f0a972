"""Horizontal bars for a phone held upright: names above their bars, so that long ones fit.

Decides places and sizes. What is reached, new or missing is told by a sign and by words, never by
colour alone.
"""

from matplotlib.figure import Figure

from reports.canvas import (
    BLUE,
    GREEN,
    GREY,
    MARGIN,
    MINT,
    PAPER,
    PHONE_WIDTH,
    SKY,
    SMALL,
    TRACK,
    VERMILION,
    Canvas,
    Type,
    width_of,
    wrapped,
)
from reports.charts import Bar, BarsLegend, BarsPage

INNER = PHONE_WIDTH - 2 * MARGIN
CHANGE_WIDTH = 96
"""Kept free behind the longest bar for what came since."""

TALL_ROW, LOW_ROW, ROWS_HEIGHT = 108, 94, 1_500
GAP = 18
TITLE, TOTAL = Type(46, is_bold=True), Type(58, is_bold=True, colour=BLUE)
ABOUT, NOTE = Type(32, colour=GREY), Type(34, is_bold=True)
NAME, TOLD, CHANGE = Type(31), Type(30, is_bold=True), Type(SMALL, is_bold=True)
LEGEND = Type(SMALL, colour=GREY)
SIGN = 14


def bars_figure(page: BarsPage) -> Figure:
    """The page as a figure; its parts are named by kind and bar, as `target:Tổ 6`."""
    row = max(LOW_ROW, min(TALL_ROW, ROWS_HEIGHT // max(1, len(page.bars))))
    titles = wrapped(page.title, INNER, TITLE)
    legend = _legend_lines(page.legend)
    head = _head_height(page, len(titles), len(legend))
    canvas = Canvas(PHONE_WIDTH, head + row * len(page.bars) + MARGIN)
    _draw_head(canvas, page, titles, legend)
    for index, bar in enumerate(page.bars):
        _draw_bar(canvas, bar, page, (head + row * index, row))
    return canvas.figure


def scale_of(page: BarsPage) -> float:
    """Pixels for one."""
    return (INNER - CHANGE_WIDTH) / max(1, page.scale)


def _head_height(page: BarsPage, titles: int, legends: int) -> int:
    height = MARGIN + 56 * titles + 46
    height += 80 if page.total else 0
    height += 52 if page.note else 0
    return height + 8 + 42 * legends + 24


def _draw_head(
    canvas: Canvas, page: BarsPage, titles: list[str], legend: list[list[tuple[str, str]]]
) -> None:
    y = MARGIN - 8.0
    for line in titles:
        y += 56
        canvas.text(MARGIN, y - 12, line, TITLE)
    y += 46
    canvas.fitted((MARGIN, y - 10, INNER), page.about, ABOUT)
    if page.total:
        y += 80
        canvas.fitted((MARGIN, y - 14, INNER), page.total, TOTAL)
    if page.note:
        y += 52
        canvas.fitted((MARGIN, y - 12, INNER), page.note, NOTE)
    y += 8
    for entries in legend:
        y += 42
        _draw_legend(canvas, entries, y - 8)


def _legend_lines(legend: BarsLegend) -> list[list[tuple[str, str]]]:
    """Signs with their words, in lines that keep the width."""
    entries = [
        (sign, words)
        for sign, words in (
            ("people", legend.people),
            ("attempts", legend.attempts),
            ("grown", legend.grown),
            ("target", legend.target),
            ("reached", legend.reached),
            ("none", legend.none),
        )
        if words
    ]
    lines: list[list[tuple[str, str]]] = []
    used = 0.0
    for sign, words in entries:
        wide = _legend_width(words)
        if not lines or used + wide > INNER:
            lines.append([])
            used = 0.0
        lines[-1].append((sign, words))
        used += wide + 2 * GAP
    return lines


def _legend_width(words: str) -> float:
    return 2 * SIGN + GAP / 2 + width_of(words, LEGEND)


def _draw_legend(canvas: Canvas, entries: list[tuple[str, str]], y: float) -> None:
    x = float(MARGIN)
    for sign, words in entries:
        _draw_sign(canvas, sign, x + SIGN, y - 10)
        canvas.text(x + 2 * SIGN + GAP / 2, y, words, LEGEND)
        x += _legend_width(words) + 2 * GAP


def _draw_sign(canvas: Canvas, sign: str, x: float, y: float) -> None:
    if sign == "reached":
        canvas.tick(x, y, SIGN, GREEN)
    elif sign == "none":
        canvas.disc(x, y, SIGN - 2, GREY, is_filled=False)
    elif sign == "target":
        canvas.line([(x, y - SIGN), (x, y + SIGN)], VERMILION, 6)
    else:
        colour = {"people": BLUE, "attempts": SKY, "grown": SKY}[sign]
        canvas.box(x - SIGN, y - SIGN, 2 * SIGN, 2 * SIGN, colour)
        if sign == "grown":
            canvas.box(x - SIGN, y - SIGN, SIGN, 2 * SIGN, BLUE)
            canvas.box(x - 1.5, y - SIGN, 3, 2 * SIGN, PAPER)


def _draw_bar(canvas: Canvas, bar: Bar, page: BarsPage, place: tuple[int, int]) -> None:
    """A row: sign, name and words on its line, the bar under it."""
    top, row = place
    x, baseline = float(MARGIN), top + 34
    told = canvas.text(PHONE_WIDTH - MARGIN, baseline, bar.told, TOLD, "right")
    room = INNER - width_of(told.get_text(), TOLD) - GAP
    if bar.is_reached or not bar.people:
        _draw_sign(canvas, "reached" if bar.is_reached else "none", x + SIGN, baseline - 10)
        x, room = x + 2 * SIGN + GAP / 2, room - 2 * SIGN - GAP / 2
    canvas.fitted((x, baseline, room), bar.name, Type(NAME.size, bar.is_reached))
    _draw_lengths(canvas, bar, page, (top + 46, row - 46 - GAP))


def _draw_lengths(canvas: Canvas, bar: Bar, page: BarsPage, place: tuple[int, int]) -> None:
    y, height = place
    one = scale_of(page)
    most = page.scale * one
    if page.legend.attempts:
        canvas.box(MARGIN, y, bar.attempts * one, height, SKY, f"attempts:{bar.name}")
        y, height = y + height // 4, height // 2
    else:
        canvas.box(MARGIN, y, most, height, TRACK)
    end = min(most, bar.people * one)
    _draw_people(canvas, bar, end, one, (y, height))
    if bar.people * one > most:
        _draw_break(canvas, MARGIN + most - 40, y, height)
    target = MARGIN + bar.target * one
    is_target_shown = 0 < bar.target <= page.scale
    if is_target_shown:
        _draw_target(canvas, bar, target, place)
    if bar.change:
        x = MARGIN + end + 12
        if is_target_shown and x - 12 <= target < x + width_of(bar.change, CHANGE) + 12:
            x = target + 14
        canvas.text(x, y + height / 2 + 10, bar.change, CHANGE)


def _draw_people(canvas: Canvas, bar: Bar, end: float, one: float, place: tuple[int, int]) -> None:
    """The bar itself, `end` pixels long; what came last in a lighter colour behind a border."""
    y, height = place
    dark, light = (GREEN, MINT) if bar.is_reached else (BLUE, SKY)
    old = max(0.0, end - min(bar.grown, bar.people) * one)
    canvas.box(MARGIN, y, old, height, dark, f"people:{bar.name}")
    if end > old:
        canvas.box(MARGIN + old, y, end - old, height, light, f"grown:{bar.name}")
        # The border is seen without colours, too.
        canvas.box(MARGIN + old - 1.5, y, 3, height, PAPER)


def _draw_break(canvas: Canvas, x: float, y: float, height: float) -> None:
    """Two strokes through a bar that is longer than the page shows."""
    for step in (0, 14):
        canvas.line([(x + step, y + height), (x + step + 12, y)], PAPER, 5)


def _draw_target(canvas: Canvas, bar: Bar, x: float, place: tuple[int, int]) -> None:
    """A stroke through the bar only: it crosses no words, and the rows' strokes make one line."""
    y, height = place
    ends = [(x, y - 5), (x, y + height + 5)]
    canvas.line(ends, PAPER, 9)
    canvas.line(ends, VERMILION, 5, f"target:{bar.name}")
