"""Word reports behind their links: whose figures they hold, and what they add up to."""

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from PIL import Image

from bot.house import House
from bot.word_reports import ReportWorks
from handlers.file_works import Download, FileOrder, Trouble
from handlers.records import AccountId
from handlers.reply import Attached
from scoring.instant import DAY_MS, Instant, day_start
from scoring.tallies import Count

UNIT, OTHER, GONE = "TDP-07", "TDP-06", "TDP-99"


class Counted:
    """Buckets of three units by hand; one has left the list."""

    def __init__(self, house: House) -> None:
        window = house.desk.contest.timeline.window_at(house.clock.now())
        today = day_start(house.clock.now())
        self.days: Mapping[str, tuple[tuple[Instant, Count], ...]] = {
            UNIT: ((Instant(today - DAY_MS), Count(5, 3, 4)), (today, Count(2, 1, 1))),
            OTHER: ((today, Count(9, 8, 8)), (window.closes, Count(0, 1, 1))),
            GONE: ((today, Count(1, 1, 1)),),
        }

    async def until(self, _: Instant) -> Mapping[str, Count]:
        return {code: sum((one for _, one in days), Count()) for code, days in self.days.items()}

    async def by_day(self, code: str) -> tuple[tuple[Instant, Count], ...]:
        return self.days.get(code, ())


class Pictures:
    async def unit_picture(self, code: str) -> Attached:
        buffer = io.BytesIO()
        Image.new("RGB", (80, 40)).save(buffer, "png")
        return Attached(f"{code}.png", buffer.getvalue())


@pytest.fixture(autouse=True)
def counted(house: House) -> Counted:
    house.desk.office.counts = Counted(house)
    return house.desk.office.counts


async def made(house: House, name: str, **arguments: object) -> Any:
    work = ReportWorks(house).works[name]
    assert isinstance(work, Download)
    content = await work.produce(FileOrder(AccountId(1), arguments))
    return content if isinstance(content, Trouble) else Document(io.BytesIO(bytes(content)))


def rows_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def days_in(document: Any) -> list[list[str]]:
    """The grid of days: registered, people, attempts, and people so far."""
    return next(
        rows for rows in map(rows_of, document.tables) if rows[0][0] == "Ngày" and len(rows) > 2
    )


async def test_units_days_add_up_to_its_total(house: House):
    document = await made(house, "unit-report-docx", unit=UNIT)

    *_, yesterday, today, total = [row for row in days_in(document) if row[1:4] != ["0", "0", "0"]]
    assert yesterday[1:] == ["5", "3", "4", "3"]
    assert today[1:] == ["2", "1", "1", "4"]
    assert total[1:4] == ["7", "4", "5"]


async def test_unit_report_has_the_units_chart_where_one_is_drawn(house: House):
    house.desk.office.pictures = None
    without = await made(house, "unit-report-docx", unit=UNIT)
    house.desk.office.pictures = Pictures()

    with_chart = await made(house, "unit-report-docx", unit=UNIT)

    assert len(with_chart.inline_shapes) == len(without.inline_shapes) + 1


async def test_unit_that_left_the_list_meanwhile_is_told(house: House):
    trouble = await made(house, "unit-report-docx", unit=GONE)

    assert trouble == Trouble((house.desk.text("page.report_no_unit"),))


async def test_ward_report_has_every_unit_and_those_that_are_gone(house: House):
    document = await made(house, "ward-report-docx")

    units = rows_of(document.tables[-2])
    heads = [row[0] for row in units]
    titles = [row[1] for row in units]
    listed = house.desk.units
    assert heads.count(str(len(listed.units) + 1)) == 1
    assert [one.title for one in listed.units if one.title not in titles] == []
    assert units[-1][3:6] == ["17", "14", "15"]


async def test_what_ended_with_the_window_belongs_to_its_last_day(house: House):
    contest = house.desk.contest
    window = contest.timeline.window_at(house.clock.now())
    house.clock.anchor = replace(house.clock.anchor, contest=Instant(window.closes + DAY_MS))

    document = await made(house, "unit-report-docx", unit=OTHER)

    *_, last, total = days_in(document)
    assert last == ["14/12/2025", "0", "1", "1", "9"]
    assert total[1:4] == ["9", "9", "9"]
