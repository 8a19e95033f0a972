"""Pictures of a unit in a running house: its days, its poster, and words where nothing is drawn."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image

from bot.house import House
from bot.pictures import TallyDrawings, UnitPictures, days_of
from handlers.office_statistics import Tallied
from reports.charts import Day
from reports.drawing import Drawing
from scoring.contest import Calendar
from scoring.daily_tallies import taken_at
from scoring.instant import DAY_MS, HOUR_MS, Instant
from scoring.rules import UnitRule
from scoring.tallies import Count

UNIT = "TDP-07"
NOON = Instant(1_765_342_800_000)
"""12:00 on 10/12/2025 in Hà Nội."""

WINDOW = Calendar(
    Instant(NOON - 2 * DAY_MS - 5 * HOUR_MS), Instant(NOON + 4 * DAY_MS + 12 * HOUR_MS)
)


@pytest.fixture
async def drawing() -> AsyncIterator[Drawing]:
    drawing = Drawing()
    yield drawing
    await drawing.close()


def midnight(days: int) -> Instant:
    return Instant(NOON - 12 * HOUR_MS + days * DAY_MS)


def test_days_add_up_and_those_to_come_are_unknown(house: House):
    gained = ((midnight(-3), Count(5, 2, 2)), (midnight(-1), Count(9, 4, 8)))

    days = days_of(house.desk.rendering, WINDOW, NOON, gained, 11)

    known = [("08/12", 2), ("09/12", 6), ("10/12", 11)]
    to_come = [(f"{day}/12", None) for day in range(11, 15)]
    assert days == tuple(Day(name, people) for name, people in known + to_come)


def test_after_the_closing_the_last_day_has_them_all(house: House):
    days = days_of(house.desk.rendering, WINDOW, Instant(NOON + 30 * DAY_MS), (), 11)

    assert [day.people for day in days] == [0, 0, 0, 0, 0, 0, 11]


async def test_unit_has_a_picture_and_a_poster_that_open(house: House, drawing: Drawing):
    pictures = UnitPictures(house, drawing, "hoithi_bot")

    for file in (await pictures.unit_picture(UNIT), await pictures.unit_poster(UNIT)):
        assert file is not None
        assert file.is_picture
        assert UNIT in file.name
        assert min(Image.open(BytesIO(file.content)).size) > 500


async def test_unknown_unit_has_no_picture(house: House, drawing: Drawing):
    assert await UnitPictures(house, drawing, "hoithi_bot").unit_picture("TDP-99") is None


async def test_words_must_do_where_nothing_can_be_drawn(house: House, drawing: Drawing):
    await drawing.close()
    pictures = UnitPictures(house, drawing, "hoithi_bot")

    assert await pictures.unit_picture(UNIT) is None
    assert await pictures.unit_poster(UNIT) is None


async def test_tally_has_a_page_for_every_sixteen_units_of_a_block(house: House, drawing: Drawing):
    units = UnitPictures(house, drawing, "hoithi_bot")
    drawings = TallyDrawings(house, drawing, units)
    rules = [UnitRule(one.code, one.block, one.size, one.target) for one in house.desk.units.units]
    counts = ({UNIT: Count(9, 7, 9)}, (midnight(-1), {UNIT: Count(5, 4, 4)}))
    tally = taken_at(NOON, WINDOW.closes, rules, counts)

    pictures = await drawings.ward_pictures(tally)

    blocks = [sum(unit.block == block for unit in rules) for block in house.desk.units.blocks]
    assert len(pictures) == drawings.ward_pages(tally) == sum(-(-size // 16) for size in blocks)
    assert (await drawings.unit_picture(tally, UNIT)) is not None
    assert (await drawings.unit_picture(tally, "TDP-99")) is None


async def test_statistics_are_one_picture(house: House, drawing: Drawing):
    lines = [(f"Nhóm {place}", Tallied(str(place), place, 2 * place)) for place in range(16)]

    picture = await UnitPictures(house, drawing, "hoithi_bot").counts_picture("Theo nhóm", lines)

    assert picture is not None
    assert min(Image.open(BytesIO(picture.content)).size) > 500
