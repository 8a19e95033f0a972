"""Reports as Word files: which figures go into a unit's, and into the one of all units.

Counts come from the buckets and a unit's total is what its days add up to, so that a paper never
contradicts itself. What a report looks like is the reports', imported when first asked for.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.house import House
from handlers.file_works import Content, Download, FileOrder, Trouble, Work
from handlers.office_tallies import Counts
from handlers.rendering import Rendering
from handlers.units import Unit, Units
from reports.sums import DayFigures, added, day_figures, unit_figures
from scoring.contest import Calendar
from scoring.instant import Instant, day_of
from scoring.tallies import NOBODY, Count

_ByDay = Mapping[int, Count]


@dataclass(frozen=True, slots=True)
class Contested:
    """What the contest is at the report's instant; `window` as it is known then."""

    units: Units
    window: Calendar
    min_answers: int
    at: Instant


class WordReports:
    def __init__(self, rendering: Rendering, counts: Counts, contested: Contested) -> None:
        self._rendering = rendering
        self._counts = counts
        self._contested = contested

    async def of_unit(self, unit: Unit, chart: bytes | None = None) -> bytes:
        """The unit's report; `chart` is a picture of its days (PNG)."""
        from reports.unit_report import Figures, unit_report  # noqa: PLC0415 (as said above)

        known = self._contested
        counted, days = await self._counts.until(known.at), await self._days(unit.code)
        each = unit_figures(known.units, {**counted, unit.code: added(days.values())}, "")
        line = next(one.line for one in each if one.code == unit.code)
        figures = Figures(self._of_days(days), known.at, known.min_answers, chart)
        asked = (self._rendering, known.units, unit, line, figures)
        return await asyncio.to_thread(unit_report, *asked)

    async def of_ward(self) -> bytes:
        """The report of all units, those that have left the list too."""
        from reports.unit_report import Figures, ward_report  # noqa: PLC0415 (as said above)

        known = self._contested
        codes = {unit.code for unit in known.units.units}.union(await self._counts.until(known.at))
        by_unit = {code: await self._days(code) for code in sorted(codes)}
        counted = {code: added(days.values()) for code, days in by_unit.items()}
        gone = self._rendering.catalogue.text("workbook.block_gone")
        lines = unit_figures(known.units, counted, gone)
        days = _together(by_unit.values())
        figures = Figures(self._of_days(days), known.at, known.min_answers)
        return await asyncio.to_thread(ward_report, self._rendering, lines, figures)

    async def _days(self, code: str) -> _ByDay:
        """What each day brought; what ended with the window belongs to its last day."""
        last = day_of(Instant(self._contested.window.closes - 1))
        gained = await self._counts.by_day(code)
        return _together([{min(day_of(at), last): count} for at, count in gained])

    def _of_days(self, days: _ByDay) -> tuple[DayFigures, ...]:
        window, at = self._contested.window, self._contested.at
        last = max([day_of(min(at, Instant(window.closes - 1))), *days])
        return day_figures(days, min([day_of(window.opens), last, *days]), last)


class ReportWorks:
    """The reports behind one-time links."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def works(self) -> Mapping[str, Work]:
        return {
            "unit-report-docx": Download(self._unit),
            "ward-report-docx": Download(self._ward),
        }

    async def _unit(self, order: FileOrder) -> Content | Trouble:
        desk = self._house.desk
        unit = desk.units.find(str(order.arguments.get("unit", "")))
        if unit is None:
            return Trouble((desk.text("page.report_no_unit"),))
        pictures = desk.office.pictures
        picture = None if pictures is None else await pictures.unit_picture(unit.code)
        return await self._reports().of_unit(unit, None if picture is None else picture.content)

    async def _ward(self, _: FileOrder) -> Content | Trouble:
        return await self._reports().of_ward()

    def _reports(self) -> WordReports:
        desk, at = self._house.desk, self._house.clock.now()
        contest = desk.contest
        window, rules = contest.timeline.window_at(at), contest.rules
        contested = Contested(desk.units, window, rules.min_answers, at)
        return WordReports(desk.rendering, desk.office.counts, contested)


def _together(each: Iterable[_ByDay]) -> dict[int, Count]:
    days: dict[int, Count] = {}
    for by_day in each:
        for day, count in by_day.items():
            days[day] = days.get(day, NOBODY) + count
    return days
