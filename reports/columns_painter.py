"""Columns over time: a unit's people by day against its target, and what came by hour of the day.

Decides places and sizes; axes and their ticks are matplotlib's.
"""

from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.canvas import (
    BLUE,
    GREEN,
    GREY,
    INK,
    MARGIN,
    PHONE_WIDTH,
    SKY,
    SMALL,
    TRACK,
    VERMILION,
    Canvas,
    Type,
    type_of,
    width_of,
    wrapped,
)
from reports.charts import DaysChart, HoursChart
from reports.numbers import number_shown
from reports.typeface import drawable

INNER = PHONE_WIDTH - 2 * MARGIN
TITLE, ABOUT = Type(46, is_bold=True), Type(32, colour=GREY)
FIGURE_SIZE, LEAST_FIGURE = 150, 110
WORD, TOLD = Type(56, is_bold=True), Type(44, is_bold=True)
FACT, ADVICE_SIZES = Type(34), (38, 36, 34, 32)
ADVICE_WIDTH = INNER - 52
LABEL, LEGEND = Type(SMALL), Type(SMALL, colour=GREY)
VALUE = Type(SMALL, is_bold=True)
PLOT_HEIGHT = 460
FEW_LABELS = 10
"""More columns than this get a label every second, third … time."""


def days_figure(chart: DaysChart) -> Figure:
    """The chart as a figure; the target's line is named `target`, the pace's `pace`."""
    titles = wrapped(chart.title, INNER, TITLE)
    look = _advice_look(chart)
    advice = wrapped(chart.advice, ADVICE_WIDTH, look)
    size, is_beside = _figure_size(chart)
    facts = [(fact, FACT) for fact in chart.facts]
    if not is_beside:
        facts.insert(0, (chart.attempts, TOLD))
    head = MARGIN + 56 * len(titles) + 82 + int(size) + 48 * len(facts) + 52 * len(advice)
    legend = 60 if chart.target else 0
    canvas = Canvas(PHONE_WIDTH, head + legend + 30 + PLOT_HEIGHT + 90)
    y = _draw_titles(canvas, titles, chart.about) + 16 + size
    _draw_figure(canvas, chart, y, (size, is_beside))
    y += 20
    for fact, fact_look in facts:
        y += 48
        canvas.fitted((MARGIN, y - 8, INNER), fact, fact_look)
    _draw_advice(canvas, advice, look, y)
    if chart.target:
        _draw_lines_legend(canvas, chart, head + 30)
    axes = canvas.axes((MARGIN, head + legend + 30, INNER, PLOT_HEIGHT))
    _plot_days(axes, chart)
    return canvas.figure


def hours_figure(chart: HoursChart) -> Figure:
    titles = wrapped(chart.title, INNER, TITLE)
    head = MARGIN + 56 * len(titles) + 46 + 70
    canvas = Canvas(PHONE_WIDTH, head + 60 + PLOT_HEIGHT + 180)
    y = _draw_titles(canvas, titles, chart.about)
    x = float(MARGIN)
    for colour, words in ((BLUE, chart.people), (SKY, chart.attempts)):
        canvas.box(x, y + 24, 28, 28, colour)
        canvas.text(x + 40, y + 48, words, LEGEND)
        x += 40 + width_of(words, LEGEND) + 48
    axes = canvas.axes((MARGIN + 70, head + 60, INNER - 70, PLOT_HEIGHT + 100))
    _plot_hours(axes, chart)
    return canvas.figure


def _draw_titles(canvas: Canvas, titles: list[str], about: str) -> float:
    """How far down it goes."""
    y = MARGIN - 8.0
    for line in titles:
        y += 56
        canvas.text(MARGIN, y - 12, line, TITLE)
    canvas.fitted((MARGIN, y + 36, INNER), about, ABOUT)
    return y + 46


def _figure_size(chart: DaysChart) -> tuple[float, bool]:
    """How large the figure is, and whether the attempts have room beside it."""
    word = width_of(chart.figure_word, WORD) + 16
    beside = word + width_of(chart.attempts, TOLD) + 48
    for rest, least, is_beside in ((beside, LEAST_FIGURE, True), (word, SMALL, False)):
        room = (INNER - rest) / width_of(chart.figure, Type(100, is_bold=True)) * 100
        if room >= least:
            return min(FIGURE_SIZE, room), is_beside
    return SMALL, False


def _draw_figure(
    canvas: Canvas, chart: DaysChart, baseline: float, room: tuple[float, bool]
) -> None:
    size, is_beside = room
    colour = GREEN if chart.is_reached else BLUE
    figure = Type(size, is_bold=True, colour=colour)
    canvas.text(MARGIN, baseline, chart.figure, figure)
    x = MARGIN + width_of(chart.figure, figure) + 16
    canvas.text(x, baseline, chart.figure_word, replace(WORD, colour=colour))
    if is_beside:
        canvas.text(PHONE_WIDTH - MARGIN, baseline, chart.attempts, TOLD, "right")


def _advice_look(chart: DaysChart) -> Type:
    """Letters shrink a little where that saves a line."""
    looks = [
        Type(size, is_bold=True, colour=GREEN if chart.is_reached else INK) for size in ADVICE_SIZES
    ]
    fitting = (look for look in looks if width_of(chart.advice, look) <= ADVICE_WIDTH)
    return next(fitting, looks[0])


def _draw_advice(canvas: Canvas, lines: list[str], look: Type, y: float) -> None:
    is_reached = look.colour == GREEN
    if is_reached and lines:
        canvas.tick(MARGIN + 20, y + 30, 20, GREEN)
    for line in lines:
        y += 52
        canvas.text(MARGIN + (52 if is_reached else 0), y - 8, line, look)


def _draw_lines_legend(canvas: Canvas, chart: DaysChart, y: float) -> None:
    x = float(MARGIN)
    canvas.line([(x, y), (x + 44, y)], VERMILION, 5)
    canvas.text(x + 58, y + 10, chart.goal, LEGEND)
    if not _has_pace(chart):
        return
    x += 58 + width_of(chart.goal, LEGEND) + 40
    _dot(canvas.line([(x, y), (x + 44, y)], INK, 6))
    canvas.text(x + 58, y + 10, chart.pace, LEGEND)


def _has_pace(chart: DaysChart) -> bool:
    is_left = any(day.people is None for day in chart.days)
    return bool(chart.target) and is_left and not chart.is_reached


def _plot_days(axes: Axes, chart: DaysChart) -> None:
    known = [(place, day.people) for place, day in enumerate(chart.days) if day.people is not None]
    places, heights = [place for place, _ in known], [people for _, people in known]
    top = max([chart.target * 1.12, *(people * 1.12 for people in heights), 1])
    axes.bar(places, heights, 0.72, color=GREEN if chart.is_reached else BLUE, zorder=2)
    step = -(-len(chart.days) // FEW_LABELS)
    anchor = "center" if step == 1 else "right"
    for place, people in known if step == 1 else known[-1:]:
        _label(axes, (place, people + top * 0.015), number_shown(people), anchor)
    if chart.target:
        axes.axhline(chart.target, color=VERMILION, linewidth=4, zorder=3, gid="target")
    if _has_pace(chart):
        last = (places[-1] + 0.4, heights[-1]) if known else (-0.4, 0)
        ends = [last[0], len(chart.days) - 1], [last[1], chart.target]
        (line,) = axes.plot(*ends, color=INK, linewidth=6, zorder=4, gid="pace")
        _dot(line)
    _bare(axes)
    axes.spines["bottom"].set_visible(True)
    axes.set_xlim(-0.6, len(chart.days) - 0.4)
    axes.set_ylim(0, top)
    # Today's label stands always.
    shown = range(max(0, len(known) - 1) % step, len(chart.days), step)
    names = [chart.days[place].name for place in shown]
    axes.set_xticks(shown, names, fontproperties=type_of(LABEL))


def _plot_hours(axes: Axes, chart: HoursChart) -> None:
    places = range(len(chart.hours))
    attempts = [hour.attempts for hour in chart.hours]
    axes.bar(places, attempts, 0.86, color=SKY, zorder=2)
    axes.bar(places, [hour.people for hour in chart.hours], 0.44, color=BLUE, zorder=3)
    top = max([1, *attempts])
    if chart.peak:
        place = attempts.index(top)
        anchor = ("left", "center", "center", "right")[4 * place // len(attempts)]
        _label(axes, (place, top * 1.03), chart.peak, anchor)
    _bare(axes)
    axes.spines["bottom"].set_visible(True)
    axes.set_xlim(-0.6, len(chart.hours) - 0.4)
    axes.set_ylim(0, top * 1.14)
    axes.tick_params(labelleft=True)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number_shown(round(value))))
    axes.grid(axis="y", color=TRACK, linewidth=3, zorder=0)
    shown = range(0, len(chart.hours), 4)
    axes.set_xticks(shown, [chart.hour_names[place] for place in shown])
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(type_of(LABEL))


def _dot(line: Line2D) -> None:
    line.set_linestyle((0, (0.1, 2)))
    line.set_dash_capstyle("round")


def _bare(axes: Axes) -> None:
    """No frame and no tick marks: the numbers stand at the columns."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, pad=18, labelleft=False)


def _label(axes: Axes, place: tuple[float, float], text: str, anchor: str) -> None:
    axes.text(
        *place,
        drawable(text),
        fontproperties=type_of(VALUE),
        color=VALUE.colour,
        horizontalalignment=anchor,
        verticalalignment="bottom",
        parse_math=False,
        zorder=5,
    )
