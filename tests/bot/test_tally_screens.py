"""How tallies look when they are sent: words always, pictures where they can be drawn, once."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.drawn_once import DrawnOnce
from bot.notices import message_screen
from handlers.daily_tallies import FINAL, MORNING, UNIT, WARD, PostTally, TallyKey
from handlers.ports import HoithiError, StoreAwayError
from handlers.records import Notice, OutboxMessage, Role, Sender
from handlers.reply import Attached, Place
from handlers.tally_texts import morning_text, page_text, unit_text, ward_text
from scoring.daily_tallies import Tally, taken_at
from scoring.instant import DAY_MS, Instant
from scoring.tallies import Count
from tests.leaders import appoint, dismiss
from tests.store.linking import link

EVENING = Instant(1_765_371_600_000)
CLOSES = Instant(1_765_731_600_000)
KEY = TallyKey("tally", EVENING)
UNIT_CODE = "TDP-06"


@dataclass
class Painter:
    """Two pictures of the ward and one of each unit; `fails` with an error."""

    fails: Exception | None = None
    drawn: Counter[str] = field(default_factory=Counter)

    def ward_pages(self, tally: Tally) -> int:  # noqa: ARG002
        return 2

    async def ward_pictures(self, tally: Tally) -> tuple[Attached, ...]:  # noqa: ARG002
        await self._draw("")
        return (Attached("1.png", b"1"), Attached("2.png", b"2"))

    async def unit_picture(self, tally: Tally, unit: str) -> Attached | None:  # noqa: ARG002
        await self._draw(unit)
        return Attached(f"{unit}.png", b"u")

    async def _draw(self, what: str) -> None:
        self.drawn[what] += 1
        await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails


@pytest.fixture
async def tally(desk: Any, store: Any) -> Tally:
    taken = taken_at(
        EVENING,
        CLOSES,
        desk.contest.rules.units,
        ({UNIT_CODE: Count(3, 2, 2)}, (Instant(EVENING - DAY_MS), {})),
    )
    await store.tallies.post(PostTally(KEY, KEY, taken, (), (), EVENING))
    return taken


def message(name: str, **arguments: object) -> OutboxMessage:
    named = {"job": KEY.job, "planned_at": KEY.planned_at} | arguments
    return OutboxMessage(1, "tg", "-11", Notice(name, named), 1)


async def test_without_pictures_the_words_go_alone(desk: Any, tally: Tally) -> None:
    screens = [
        await message_screen(desk, message(UNIT, unit=UNIT_CODE)),
        await message_screen(desk, message(WARD, page=1)),
        await message_screen(desk, message(FINAL, page=1)),
        await message_screen(desk, message(MORNING)),
    ]

    line = tally.line_of(UNIT_CODE)
    assert line is not None
    ward = ward_text(desk, tally)
    texts = [unit_text(desk, tally, line), ward, ward, morning_text(desk, tally)]
    assert [one and one.text for one in screens] == texts
    assert {(one.place, one.file) for one in screens if one} == {(Place.BELOW, None)}


async def test_each_page_has_its_picture_and_the_first_the_words(desk: Any, tally: Tally) -> None:
    desk.office.tally_pictures = Painter()

    screens = [await message_screen(desk, message(WARD, page=page)) for page in (1, 2, 3)]

    assert [one and (one.file.name, one.text) for one in screens] == [
        ("1.png", ward_text(desk, tally)),
        ("2.png", page_text(desk, tally, 2, 2)),
        None,
    ]


@pytest.mark.usefixtures("tally")
async def test_a_unit_s_picture_goes_with_its_words(desk: Any) -> None:
    desk.office.tally_pictures = Painter()

    screen = await message_screen(desk, message(UNIT, unit=UNIT_CODE))

    assert screen is not None
    assert screen.file == Attached(f"{UNIT_CODE}.png", b"u")


@pytest.mark.usefixtures("tally")
async def test_a_picture_that_cannot_be_drawn_costs_nobody_the_words(desk: Any) -> None:
    desk.office.tally_pictures = Painter(HoithiError("too slow"))

    screens = [
        await message_screen(desk, message(UNIT, unit=UNIT_CODE)),
        await message_screen(desk, message(WARD, page=1)),
    ]

    assert [one and one.file for one in screens] == [None, None]


@pytest.mark.usefixtures("tally")
async def test_a_store_that_is_away_is_waited_for(desk: Any) -> None:
    desk.office.tally_pictures = Painter(StoreAwayError("away"))

    with pytest.raises(StoreAwayError):
        await message_screen(desk, message(UNIT, unit=UNIT_CODE))


@pytest.mark.usefixtures("tally")
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(message(UNIT, unit="TDP-99"), id="no such unit"),
        pytest.param(message(UNIT, unit=UNIT_CODE, planned_at=1), id="no such tally"),
        pytest.param(message(MORNING, planned_at=None), id="no instant"),
        pytest.param(message("tally.skipped"), id="nothing left out"),
    ],
)
async def test_what_is_not_there_any_more_is_stale(desk: Any, said: OutboxMessage) -> None:
    assert await message_screen(desk, said) is None


@pytest.mark.usefixtures("tally")
@pytest.mark.parametrize(
    ("role", "unit", "said"),
    [
        (Role.LEADER, UNIT_CODE, message(UNIT, unit=UNIT_CODE)),
        (Role.ORGANISER, "", message(WARD, page=1)),
        (Role.ORGANISER, "", message(MORNING)),
        (Role.ORGANISER, "", message("tally.skipped", left_out=[[KEY.job, KEY.planned_at]])),
    ],
)
async def test_who_has_lost_the_role_meanwhile_hears_no_tally(
    desk: Any, store: Any, role: Role, unit: str, said: OutboxMessage
) -> None:
    visitor = await store.people.visit(Sender("tg", "77"), "77", desk.clock.now())
    await appoint(store, visitor.account, role, unit)
    await appoint(store, visitor.account, Role.LEADER, "TDP-07")
    private = replace(said, chat="77")

    before = await message_screen(desk, private)
    await dismiss(store, visitor.account, unit)
    after = await message_screen(desk, private)

    assert before is not None
    assert after is None


@pytest.mark.usefixtures("tally")
@pytest.mark.parametrize(("unit", "is_told"), [(UNIT_CODE, True), ("TDP-07", False)])
async def test_a_linked_chat_hears_of_its_unit_whoever_it_belongs_to(
    desk: Any, store: Any, unit: str, is_told: bool
) -> None:
    await store.people.visit(Sender("tg", "77"), "77", desk.clock.now())
    await link(store, unit, "77", kind="private")

    screen = await message_screen(desk, replace(message(UNIT, unit=UNIT_CODE), chat="77"))

    assert (screen is not None) == is_told


@pytest.mark.usefixtures("tally")
async def test_a_forum_s_topic_is_kept(desk: Any) -> None:
    one = message(UNIT, unit=UNIT_CODE)
    to_topic = OutboxMessage(1, one.channel, one.chat, one.notice, 1, thread=7)

    screen = await message_screen(desk, to_topic)

    assert screen is not None
    assert screen.thread == 7


async def test_a_hundred_messages_of_a_tally_are_drawn_once_each(tally: Tally) -> None:
    painter = Painter()
    once = DrawnOnce(painter)

    wards = await asyncio.gather(*(once.ward_pictures(tally) for _ in range(40)))
    units = await asyncio.gather(*(once.unit_picture(tally, f"U{at % 60}") for at in range(120)))

    assert {len(one) for one in wards} == {2}
    assert [one and one.name for one in units[:60]] == [f"U{at}.png" for at in range(60)]
    assert set(painter.drawn.values()) == {1}
    assert len(painter.drawn) == 61


async def test_the_next_tally_is_drawn_anew(tally: Tally) -> None:
    painter = Painter()
    once = DrawnOnce(painter)
    later = taken_at(Instant(EVENING + DAY_MS), CLOSES, (), ({}, (EVENING, {})))

    for one in (tally, later, later):
        await once.ward_pictures(one)

    assert painter.drawn[""] == 2


async def test_a_drawing_that_failed_is_tried_again(tally: Tally) -> None:
    painter = Painter(HoithiError("too slow"))
    once = DrawnOnce(painter)

    failed = await asyncio.gather(
        *(once.unit_picture(tally, "U1") for _ in range(3)), return_exceptions=True
    )
    await asyncio.sleep(0)
    painter.fails = None
    picture = await once.unit_picture(tally, "U1")

    assert [type(one) for one in failed] == [HoithiError] * 3
    assert picture == Attached("U1.png", b"u")
    assert painter.drawn["U1"] == 2


async def test_who_is_cut_off_leaves_the_drawing_to_the_others(tally: Tally) -> None:
    painter = Painter()
    once = DrawnOnce(painter)
    waits = [asyncio.create_task(once.unit_picture(tally, "U1")) for _ in range(2)]
    await asyncio.sleep(0)

    waits[0].cancel()
    found = await asyncio.gather(*waits, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1] == Attached("U1.png", b"u")
