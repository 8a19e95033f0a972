"""What charts are drawn from, as values with all their words, and the pictures made of them.

The values are built by `reports.chart_texts`; how they look is the painters', which bring
matplotlib: only the process that draws loads them (`reports.drawing`), so this module stays light.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart: `told` beside its name, `change` at the end of its bar.

    The last `grown` of its people are drawn lighter. A `target` or `attempts` of 0 is not drawn.
    """

    name: str
    told: str
    people: int
    attempts: int = 0
    grown: int = 0
    change: str = ""
    target: int = 0

    @property
    def is_reached(self) -> bool:
        return 0 < self.target <= self.people


@dataclass(frozen=True, slots=True)
class BarsLegend:
    """What the signs mean; an empty one is not explained."""

    people: str = ""
    attempts: str = ""
    grown: str = ""
    reached: str = ""
    none: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class BarsPage:
    """One picture of horizontal bars; `scale` is the most that any page has to show, for all."""

    title: str
    about: str
    total: str
    note: str
    legend: BarsLegend
    bars: tuple[Bar, ...]
    scale: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the contest with the people there were at its end; None for what is to come."""

    name: str
    people: int | None


@dataclass(frozen=True, slots=True)
class DaysChart:
    """A unit's way to its target: `figure` large, `attempts` beside it, the rest below.

    `target` 0 is none; `goal` and `pace` name the lines of the target and of the pace needed.
    """

    title: str
    about: str
    figure: str
    figure_word: str
    attempts: str
    facts: tuple[str, ...]
    advice: str
    days: tuple[Day, ...]
    target: int
    goal: str
    pace: str

    @property
    def people(self) -> int:
        """How many there are now: the last day that is known."""
        known = [day.people for day in self.days if day.people is not None]
        return known[-1] if known else 0

    @property
    def is_reached(self) -> bool:
        return 0 < self.target <= self.people


@dataclass(frozen=True, slots=True)
class Hour:
    """What came in one hour of the day."""

    people: int
    attempts: int


@dataclass(frozen=True, slots=True)
class HoursChart:
    """24 hours from midnight on; `peak` is told at the highest column."""

    title: str
    about: str
    people: str
    attempts: str
    peak: str
    hour_names: tuple[str, ...]
    hours: tuple[Hour, ...]


def bars_pictures(pages: tuple[BarsPage, ...]) -> tuple[bytes, ...]:
    """A PNG for each page."""
    from reports.bars_painter import bars_figure  # noqa: PLC0415 (brings matplotlib)
    from reports.canvas import png_of  # noqa: PLC0415 (the same)

    return tuple(png_of(bars_figure(page)) for page in pages)


def days_picture(chart: DaysChart) -> bytes:
    from reports.canvas import png_of  # noqa: PLC0415 (brings matplotlib)
    from reports.columns_painter import days_figure  # noqa: PLC0415 (the same)

    return png_of(days_figure(chart))


def hours_picture(chart: HoursChart) -> bytes:
    from reports.canvas import png_of  # noqa: PLC0415 (brings matplotlib)
    from reports.columns_painter import hours_figure  # noqa: PLC0415 (the same)

    return png_of(hours_figure(chart))
