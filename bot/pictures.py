"""What is drawn of the figures: a unit's way to its target, its poster, and each tally's charts.

Decides which figures go into a picture; what it looks like is the reports', and it is drawn in
their own process, so that a slow picture holds up nobody.
"""

from collections.abc import Sequence

from bot.house import House
from bot.posters import facts_of
from handlers.office_statistics import Tallied
from handlers.rendering import Rendering
from handlers.reply import Attached
from handlers.unit_report import lines_at
from reports.chart_texts import (
    Group,
    TallyShown,
    UnitShown,
    overview_pages,
    statistics_pages,
    unit_chart,
)
from reports.charts import BarsPage, Day, bars_pictures, days_picture
from reports.drawing import Drawing, DrawingError
from reports.poster_texts import poster_of
from reports.posters import poster_png
from scoring.contest import Calendar
from scoring.daily_tallies import Tally
from scoring.instant import CONTEST_OFFSET_MS, DAY_MS, Instant, day_of, day_start
from scoring.tallies import Count, UnitLine


class UnitPictures:
    """A unit as it is now, and what it puts on its wall."""

    def __init__(self, house: House, drawing: Drawing, username: str) -> None:
        self._house = house
        self._drawing = drawing
        self._facts = facts_of(house.config, username, "")

    async def unit_picture(self, code: str) -> Attached | None:
        at = self._house.clock.now()
        lines = await lines_at(self._house.desk, at)
        line = next((one for one in lines if one.code == code), None)
        if line is None:
            return None
        try:
            return await self.line_picture(line, at, day_start(at))
        except DrawingError:
            return None

    async def counts_picture(
        self, title: str, lines: Sequence[tuple[str, Tallied]]
    ) -> Attached | None:
        desk = self._house.desk
        at = desk.rendering.border(self._house.clock.now())
        groups = [
            Group(name, Count(people=one.people, attempts=one.attempts)) for name, one in lines
        ]
        pages = statistics_pages(desk.catalogue, title, at, groups)
        try:
            contents = await self._drawing.draw(bars_pictures, pages[:1])
        except DrawingError:
            return None
        return Attached("thong-ke.png", contents[0])

    async def unit_poster(self, code: str) -> Attached | None:
        unit = self._house.desk.units.find(code)
        try:
            content = await self._drawing.draw(poster_png, poster_of(self._facts, unit))
        except DrawingError:
            return None
        return Attached(f"ap-phich-{code}.png", content)

    async def line_picture(self, line: UnitLine, at: Instant, since: Instant) -> Attached:
        """A line as it was at an instant; its growth counts from `since`.

        Raises:
            DrawingError: nothing came of it.
        """
        desk = self._house.desk
        unit, border = desk.units.find(line.code), desk.rendering.border
        gained = await desk.office.counts.by_day(line.code)
        window = desk.contest.timeline.window_at(at)
        shown = UnitShown(
            line.code if unit is None else unit.title,
            line,
            border(at),
            border(since),
            days_of(desk.rendering, window, at, gained, line.count.people),
        )
        content = await self._drawing.draw(days_picture, unit_chart(desk.catalogue, shown))
        return Attached(f"{line.code}.png", content)


class TallyDrawings:
    """A tally's pictures, of the figures that it was taken with."""

    def __init__(self, house: House, drawing: Drawing, units: UnitPictures) -> None:
        self._house = house
        self._drawing = drawing
        self._units = units

    def ward_pages(self, tally: Tally) -> int:
        return max(1, len(self._pages(tally)))

    async def ward_pictures(self, tally: Tally) -> tuple[Attached, ...]:
        contents = await self._drawing.draw(bars_pictures, self._pages(tally))
        return tuple(
            Attached(f"so-lieu-{number}.png", content) for number, content in enumerate(contents, 1)
        )

    async def unit_picture(self, tally: Tally, unit: str) -> Attached | None:
        line = tally.line_of(unit)
        if line is None:
            return None
        return await self._units.line_picture(line, tally.at, tally.since)

    def _pages(self, tally: Tally) -> tuple[BarsPage, ...]:
        """Block by block; in each, those with the most people first."""
        desk = self._house.desk
        titles = {unit.code: unit.title for unit in desk.units.units}
        titles = {line.code: titles.get(line.code, line.code) for line in tally.lines}
        at, since = desk.rendering.border(tally.at), desk.rendering.border(tally.since)
        pages: list[BarsPage] = []
        for block, title in desk.units.blocks.items():
            lines = [line for line in tally.lines if line.block == block]
            lines.sort(key=lambda line: -line.count.people)
            shown = TallyShown(title, tuple(lines), titles, at, since)
            pages += overview_pages(desk.catalogue, shown) if lines else ()
        return tuple(pages)


def days_of(
    rendering: Rendering,
    window: Calendar,
    at: Instant,
    gained: Sequence[tuple[Instant, Count]],
    people: int,
) -> tuple[Day, ...]:
    """The contest's days: people at the end of each that is over, `people` for the day of `at`.

    What was gained before the first day stands with it; days to come are unknown.
    """
    first, last = day_of(window.opens), day_of(Instant(window.closes - 1))
    today = min(day_of(at), last)
    days = []
    for day in range(first, last + 1):
        begin = Instant(day * DAY_MS - CONTEST_OFFSET_MS)
        known: int | None = None
        if day == today:
            known = people
        elif day < today:
            known = sum(count.people for when, count in gained if when <= begin)
        days.append(Day(rendering.short_day(begin), known))
    return tuple(days)
