"""Reminding over the real stores: whom, when, and that a kill leaves nobody out or twice told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, text

from bot.notices import message_screen
from handlers.records import Notice, OutboxMessage, Role, Sender
from handlers.reply import Screen
from scheduler import reminders as module
from scheduler.reminder_plan import ReminderDays
from scheduler.reminders import Reminder
from scoring.contest import Decision, Ruling, Timeline
from scoring.instant import DAY_MS, HOUR_MS, Instant, day_start
from store import reminders as store_module
from store.tables import UNIT_HOUR
from tests.leaders import dismiss

OPENS, CLOSES = Instant(1_765_152_000_000), Instant(1_765_731_600_000)
EVENING = Instant(OPENS + 2 * DAY_MS + 12 * HOUR_MS)  # 19:00 on 10/12/2025, day 3
ALL_DAYS = frozenset(range(1, 8))
DAYS = ReminderDays(19 * HOUR_MS, ALL_DAYS, ALL_DAYS)
UNIT = "TDP-06"
Meet = Callable[..., Any]
Appoint = Callable[..., Any]


@pytest.fixture
def reminder(desk: Any) -> Reminder:
    return Reminder(desk, DAYS)


async def outbox(store: Any) -> list[OutboxMessage]:
    found = await store.database.read(
        lambda one: one.execute(text("SELECT * FROM outbox ORDER BY id")).all()
    )
    return [
        OutboxMessage(
            row.id, row.channel, row.chat, Notice(row.message, orjson.loads(row.arguments)), 1
        )
        for row in found
    ]


async def told(store: Any) -> list[tuple[str, str]]:
    return [(one.chat, one.notice.message) for one in await outbox(store)]


async def shown(desk: Any, store: Any) -> list[Screen | None]:
    return [await message_screen(desk, one) for one in await outbox(store)]


async def gained(store: Any, people: int) -> None:
    row = {"unit": UNIT, "hour": OPENS, "registered": people, "people": people, "attempts": 60}
    await store.database.write(lambda one: one.execute(insert(UNIT_HOUR), [row]))


async def test_leaders_and_residents_are_reminded_once(
    meet: Meet, clock: Any, store: Any, reminder: Reminder, appoint: Appoint
) -> None:
    leader, hoa = meet(), meet()
    await appoint(leader, Role.LEADER, UNIT)
    await hoa.register()
    clock.go_to(EVENING)

    for _ in range(3):
        await reminder.tick()

    assert await told(store) == [(leader.id, "remind.leaders"), (hoa.id, "remind.unstarted")]


async def test_before_its_time_nobody_is_reminded(
    meet: Meet, clock: Any, store: Any, reminder: Reminder
) -> None:
    await meet().register()
    clock.go_to(Instant(EVENING - 1))

    await reminder.tick()

    assert await told(store) == []


@pytest.mark.parametrize(
    ("people", "is_reminded"),
    [pytest.param(49, True, id="one short"), pytest.param(50, False, id="on target")],
)
async def test_leaders_are_reminded_under_target(
    meet: Meet,
    clock: Any,
    store: Any,
    reminder: Reminder,
    appoint: Appoint,
    people: int,
    is_reminded: bool,
) -> None:
    leader = meet()
    await appoint(leader, Role.LEADER, UNIT)
    await gained(store, people)
    clock.go_to(EVENING)

    await reminder.tick()

    assert bool(await told(store)) == is_reminded


async def test_a_leader_reads_how_far_his_unit_is(
    meet: Meet, clock: Any, store: Any, desk: Any, reminder: Reminder, appoint: Appoint
) -> None:
    leader = meet()
    await appoint(leader, Role.LEADER, UNIT)
    await gained(store, 30)
    clock.go_to(EVENING)
    await reminder.tick()

    (screen,) = await shown(desk, store)

    assert screen is not None
    assert screen.text == (
        "<b>Số liệu đến 19 giờ 00 phút ngày 10/12/2025</b>\n\n"
        "<b>Tổ dân phố 6 (Nhân Trạch)</b>: 30 người, 60 lượt; chỉ tiêu 50, còn thiếu 20 người. "
        "Mỗi ngày cần thêm 5 người.\n\n"
        "Kính nhờ anh/chị vận động bà con tham gia."
    )
    assert [[button.label for button in row] for row in screen.buttons] == [["Tắt lời nhắc"]]


async def test_a_leader_reads_of_units_that_he_leads_still(
    meet: Meet, clock: Any, store: Any, desk: Any, reminder: Reminder, appoint: Appoint
) -> None:
    leader = meet()
    for unit in (UNIT, "TDP-07"):
        await appoint(leader, Role.LEADER, unit)
    clock.go_to(EVENING)
    await reminder.tick()
    visitor = await store.people.visit(Sender("tg", leader.id), leader.id, EVENING)

    (both,) = await shown(desk, store)
    await dismiss(store, visitor.account, UNIT)
    (one,) = await shown(desk, store)
    await dismiss(store, visitor.account, "TDP-07")
    (none,) = await shown(desk, store)

    texts = [screen.text for screen in (both, one) if screen is not None]
    assert [text.count("Tổ dân phố 6 (") for text in texts] == [1, 0]
    assert [text.count("Tổ dân phố 7") for text in texts] == [1, 1]
    assert none is None


async def test_a_resident_may_begin_or_switch_off(
    meet: Meet, clock: Any, store: Any, desk: Any, reminder: Reminder
) -> None:
    hoa = meet()
    await hoa.register()
    clock.go_to(EVENING)
    await reminder.tick()

    (screen,) = await shown(desk, store)

    assert screen is not None
    assert screen.text == (
        "<b>Anh/chị đã đăng ký nhưng chưa thi lần nào.</b>\n"
        "Cuộc thi kéo dài đến 24 giờ 00 phút ngày 14/12/2025. Mỗi bài có 15 câu, làm trong 15 "
        "phút, thi ngay tại đây. Kính mời anh/chị bấm “Vào thi”."
    )
    labels = [[button.label for button in row] for row in screen.buttons]
    assert labels == [["Vào thi"], ["Tắt lời nhắc"]]
    hoa.last = replace(hoa.last, screens=(screen,))
    await hoa.tap("Vào thi")
    assert "Lượt thi thứ 1" in hoa.screen.text


async def test_one_tap_switches_off_and_another_on(
    meet: Meet, clock: Any, store: Any, desk: Any, reminder: Reminder
) -> None:
    hoa = meet()
    await hoa.register()
    clock.go_to(EVENING)
    await reminder.tick()
    (screen,) = await shown(desk, store)
    hoa.last = replace(hoa.last, screens=(screen,))

    off = await hoa.tap("Tắt lời nhắc")
    clock.go_to(Instant(EVENING + DAY_MS))
    await reminder.tick()
    after_a_day = await told(store)
    await hoa.tap("Bật lời nhắc")
    clock.go_to(Instant(EVENING + 2 * DAY_MS))
    await reminder.tick()

    assert off.screens[0].text == (
        "Đã tắt lời nhắc. Muốn nhận lại, xin bấm nút dưới đây, hoặc gõ /dulieu."
    )
    assert len(after_a_day) == 1
    assert len(await told(store)) == 2


async def test_own_data_say_how_it_stands(meet: Meet) -> None:
    hoa = meet()
    await hoa.register()

    await hoa.command("dulieu")
    before = hoa.screen.text
    await hoa.tap("Tắt lời nhắc")
    await hoa.command("dulieu")

    assert "\n\nLời nhắc: đang bật, mỗi ngày nhiều nhất một lần.\n\n" in before
    assert "\n\nLời nhắc: đang tắt.\n\n" in hoa.screen.text
    assert "Bật lời nhắc" in hoa.labels


async def test_who_is_no_participant_may_switch_too(meet: Meet, store: Any, clock: Any) -> None:
    leader = meet()
    await leader.command("dulieu")

    await leader.tap("Tắt lời nhắc")

    sender = Sender("tg", leader.id)
    visitor = await store.people.visit(sender, leader.id, day_start(clock.now()))
    assert await store.reminders.is_on(visitor.account) is False


@pytest.mark.parametrize("case", ["night", "tomorrow", "paused", "switched off", "began"])
async def test_what_is_no_reminder_any_more_is_not_sent(
    meet: Meet, clock: Any, store: Any, desk: Any, reminder: Reminder, case: str
) -> None:
    hoa = meet()
    await hoa.register()
    clock.go_to(EVENING)
    await reminder.tick()
    match case:
        case "night":
            clock.go_to(Instant(EVENING + 2 * HOUR_MS))
        case "tomorrow":
            clock.go_to(Instant(EVENING + 12 * HOUR_MS))
        case "paused":
            decision = Decision(Ruling.PAUSE, Instant(EVENING - HOUR_MS))
            timeline = Timeline(desk.contest.rules.calendar, (decision,))
            desk.contest = replace(desk.contest, timeline=timeline)
        case "switched off":
            await hoa.command("dulieu")
            await hoa.tap("Tắt lời nhắc")
        case "began":
            await hoa.open_paper()

    assert await shown(desk, store) == [None]


async def test_slices_go_on_in_the_ticks_to_come_and_after_a_kill(
    meet: Meet, clock: Any, store: Any, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "SLICE", 2)
    monkeypatch.setattr(module, "MOST_SLICES", 2)
    people = [meet() for _ in range(7)]
    for at, person in enumerate(people):
        await person.register(f"8491234567{at}")
    clock.go_to(EVENING)

    first = Reminder(desk, DAYS)
    await first.tick()
    reached = [len(await told(store))]
    for _ in range(2):
        # Another process, which knows nothing of what the first did.
        other = Reminder(desk, DAYS)
        for _ in range(3):
            await other.tick()
        reached.append(len(await told(store)))

    assert reached == [4, 7, 7]
    assert await told(store) == [(one.id, "remind.unstarted") for one in people]
    assert await store.reminders.is_done("remind_residents", EVENING)


async def test_who_registers_later_the_same_evening_is_not_reminded(
    meet: Meet, clock: Any, store: Any, reminder: Reminder
) -> None:
    await meet().register()
    clock.go_to(EVENING)
    await reminder.tick()
    await meet().register("84912345679")

    await reminder.tick()

    assert len(await told(store)) == 1
