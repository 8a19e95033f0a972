"""Posting tallies over the real stores: once, late, by night, and at the end of all."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot.notices import message_screen
from handlers.daily_tallies import NoPictures
from handlers.records import Notice, OutboxMessage, Role
from scheduler.tallies import Tallier
from scheduler.tally_plan import Hours
from scheduler.ticker import Ticker
from scoring.daily_tallies import Tally, tally_from_json
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant
from scoring.tallies import Count
from tests.store.linking import link

OPENS, CLOSES = Instant(1_765_152_000_000), Instant(1_765_731_600_000)
EVENING = Instant(OPENS + 2 * DAY_MS + 13 * HOUR_MS)  # 20:00 on 10/12/2025 in Hà Nội
MORNING = Instant(EVENING + 11 * HOUR_MS)
SETTLED = 10_000
UNIT = "TDP-06"
Meet = Callable[..., Any]
Appoint = Callable[..., Any]


@pytest.fixture
def tallier(desk: Any, clock: Any) -> Tallier:
    return Tallier(desk, clock, Hours(20 * HOUR_MS, 7 * HOUR_MS))


@pytest.fixture
def ticker(desk: Any, store: Any, clock: Any) -> Ticker:
    return Ticker(desk, store.jobs, store.attempts, clock, 0)


async def take_part(person: Any) -> None:
    await person.open_paper()
    await person.answer_all()
    await person.text("7")
    await person.tap("Nộp bài")


async def rows(store: Any, statement: str) -> list[tuple[Any, ...]]:
    found = await store.database.read(lambda one: one.execute(text(statement)).all())
    return [tuple(row) for row in found]


async def outbox(store: Any, job: str | None = None) -> list[tuple[str, str, dict[str, Any]]]:
    said = await rows(store, "SELECT chat, message, arguments FROM outbox ORDER BY id")
    found = [(chat, message, orjson.loads(arguments)) for chat, message, arguments in said]
    return [one for one in found if job is None or one[2].get("job") == job]


async def kept(store: Any, job: str) -> Tally:
    ((figures,),) = await rows(store, f"SELECT figures FROM tally WHERE job = '{job}'")  # noqa: S608
    return tally_from_json(orjson.loads(figures))


async def shown(desk: Any, store: Any, job: str) -> list[str]:
    screens = [
        await message_screen(desk, OutboxMessage(1, "tg", chat, Notice(message, arguments), 1))
        for chat, message, arguments in await outbox(store, job)
    ]
    return [screen.text for screen in screens if screen is not None]


@pytest.fixture
async def day(meet: Meet, store: Any) -> Any:
    """Two of a unit have registered, one has taken part before the evening's hour, one after."""
    for unit, chat in ((UNIT, "-11"), ("", "-1")):
        await link(store, unit, chat)
    hoa, nam = meet(), meet(name="Trần Văn Nam")
    await hoa.register()
    await nam.register("84912345679")
    await take_part(hoa)
    return nam


@pytest.mark.parametrize(
    ("now", "is_posted"),
    [
        pytest.param(EVENING + SETTLED - 1, False, id="not settled"),
        pytest.param(EVENING + SETTLED, True, id="settled"),
        pytest.param(EVENING + HOUR_MS, False, id="quiet hours"),
        pytest.param(MORNING, True, id="over midnight"),
    ],
)
@pytest.mark.usefixtures("day")
async def test_t30_the_evening_s_tally_goes_out_once(
    clock: Any, store: Any, tallier: Tallier, now: int, is_posted: bool
) -> None:
    clock.go_to(Instant(now))

    for _ in range(3):
        await tallier.tick()

    said = [(chat, message) for chat, message, _ in await outbox(store, "tally")]
    assert said == ([("-11", "tally.unit"), ("-1", "tally.ward")] if is_posted else [])


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(EVENING + SETTLED, id="in time"),
        pytest.param(EVENING + HOUR_MS - 1, id="an hour late"),
        pytest.param(MORNING + SETTLED, id="the next morning"),
        pytest.param(MORNING + 8 * HOUR_MS, id="nineteen hours late"),
    ],
)
async def test_t30_it_says_the_same_whenever_it_goes_out(
    day: Any, clock: Any, store: Any, desk: Any, tallier: Tallier, now: int
) -> None:
    """What came after its hour is not in it, and neither is the hour at which it was posted."""
    if now > EVENING + 30 * MINUTE_MS:
        clock.go_to(Instant(EVENING + 1))
        await take_part(day)
    clock.go_to(Instant(now))
    await tallier.tick()
    first = await shown(desk, store, "tally"), await rows(store, "SELECT figures FROM tally")

    await store.database.write(lambda one: one.execute(text("DELETE FROM job_run")))
    await store.database.write(lambda one: one.execute(text("DELETE FROM outbox")))
    tallier.done.clear()
    await tallier.tick()

    again = await shown(desk, store, "tally"), await rows(store, "SELECT figures FROM tally")
    tally = await kept(store, "tally")
    assert again == first
    assert (tally.total, tally.grown) == (Count(2, 1, 1), Count(2, 1, 1))
    assert first[0][0] == (
        "<b>Tổ dân phố 6 (Nhân Trạch)</b>\n"
        "Số liệu đến 20 giờ 00 phút ngày 10/12/2025\n\n"
        "Người đã tham gia: <b>1</b> (chỉ tiêu 50), trong một ngày +1\n"
        "Lượt thi hợp lệ: <b>1</b>, trong một ngày +1\n"
        "Đã đăng ký: 2\n"
        "Còn thiếu <b>49</b> người. Mỗi ngày cần thêm 13 người.\n"
        "Đứng thứ 1 trong 9 đơn vị của nhóm “Tổ dân phố”."
    )


@pytest.mark.usefixtures("day")
async def test_the_morning_s_digest_goes_to_the_organisers_alone(
    clock: Any, store: Any, tallier: Tallier
) -> None:
    clock.go_to(Instant(MORNING + SETTLED))

    await tallier.tick()

    said = await outbox(store, "tally_morning")
    assert [(chat, message) for chat, message, _ in said] == [("-1", "tally.morning")]


@pytest.mark.usefixtures("day")
async def test_after_two_days_of_downtime_what_was_left_out_is_told_once(
    clock: Any, store: Any, desk: Any, tallier: Tallier
) -> None:
    clock.go_to(Instant(EVENING + 2 * DAY_MS + SETTLED))

    for _ in range(3):
        await tallier.tick()

    notes = [one for one in await outbox(store) if one[1] == "tally.skipped"]
    ((chat, name, arguments),) = notes
    screen = await message_screen(desk, OutboxMessage(1, "tg", chat, Notice(name, arguments), 1))
    assert chat == "-1"
    assert screen is not None
    assert screen.text.split("\n\n")[-1].split("\n") == [
        "Số liệu buổi tối, 20 giờ 00 phút ngày 08/12/2025",
        "Bản tin buổi sáng, 07 giờ 00 phút ngày 09/12/2025",
        "Số liệu buổi tối, 20 giờ 00 phút ngày 09/12/2025",
        "Bản tin buổi sáng, 07 giờ 00 phút ngày 10/12/2025",
        "Số liệu buổi tối, 20 giờ 00 phút ngày 10/12/2025",
        "Bản tin buổi sáng, 07 giờ 00 phút ngày 11/12/2025",
        "Số liệu buổi tối, 20 giờ 00 phút ngày 11/12/2025",
    ]
    posted = {one[2]["planned_at"] for one in await outbox(store, "tally")}
    assert posted == {EVENING + 2 * DAY_MS}


async def test_the_last_one_waits_for_the_papers_that_the_closing_ends(
    day: Any, clock: Any, store: Any, tallier: Tallier, ticker: Ticker
) -> None:
    clock.go_to(Instant(CLOSES - 5 * MINUTE_MS))
    await day.open_paper()
    for _ in range(9):
        await day.tap("B")
    clock.go_to(Instant(CLOSES + SETTLED))

    await tallier.tick()
    before = await outbox(store, "tally_final")
    await ticker.tick()
    await tallier.tick()

    tally = await kept(store, "tally_final")
    said = [(chat, message) for chat, message, _ in await outbox(store, "tally_final")]
    assert before == []
    assert said == [("-1", "tally.final")]
    assert (tally.total, tally.is_final) == (Count(2, 2, 2), True)


@pytest.mark.usefixtures("day")
async def test_units_hear_of_the_end_in_the_morning_the_same_as_the_organisers(
    clock: Any, store: Any, desk: Any, tallier: Tallier, ticker: Ticker
) -> None:
    clock.go_to(Instant(CLOSES + SETTLED))
    await ticker.tick()
    await tallier.tick()
    clock.go_to(Instant(CLOSES + 7 * HOUR_MS + SETTLED))

    await tallier.tick()

    said = await outbox(store, "tally_final")
    texts = await shown(desk, store, "tally_final")
    assert [(chat, message) for chat, message, _ in said] == [
        ("-1", "tally.final"),
        ("-11", "tally.unit"),
    ]
    assert ["Khi cuộc thi kết thúc, 24 giờ 00 phút ngày 14/12/2025" in one for one in texts] == [
        True,
        False,
    ]
    assert "Kết quả tham gia khi cuộc thi kết thúc, 24 giờ 00" in texts[1]


@pytest.mark.usefixtures("day")
async def test_by_night_nothing_is_left_to_be_sent(
    clock: Any, store: Any, tallier: Tallier
) -> None:
    clock.go_to(Instant(EVENING + SETTLED))
    await tallier.tick()

    states = []
    for now in (EVENING + HOUR_MS - 1, EVENING + HOUR_MS, MORNING - 1, MORNING):
        clock.go_to(Instant(now))
        await tallier.tick()
        states.append({one for (one,) in await rows(store, "SELECT state FROM outbox")})

    assert states == [{"pending"}, {"held"}, {"held"}, {"pending"}]


@pytest.mark.usefixtures("day")
async def test_a_tally_of_several_pictures_has_a_message_each(
    clock: Any, store: Any, desk: Any, tallier: Tallier
) -> None:
    class Three(NoPictures):
        def ward_pages(self, tally: Tally) -> int:  # noqa: ARG002
            return 3

    desk.office.tally_pictures = Three()
    clock.go_to(Instant(EVENING + SETTLED))

    await tallier.tick()

    said = [one[2]["page"] for one in await outbox(store, "tally") if one[1] == "tally.ward"]
    assert said == [1, 2, 3]


async def test_leaders_and_organisers_without_a_chat_are_told_in_private(
    meet: Meet, clock: Any, store: Any, tallier: Tallier, appoint: Appoint
) -> None:
    hoa, nam = meet(), meet()
    await appoint(hoa, Role.LEADER, UNIT)
    await appoint(nam, Role.ORGANISER)
    clock.go_to(Instant(EVENING + SETTLED))

    await tallier.tick()

    said = [(chat, message) for chat, message, _ in await outbox(store, "tally")]
    assert said == [(hoa.id, "tally.unit"), (nam.id, "tally.ward")]
