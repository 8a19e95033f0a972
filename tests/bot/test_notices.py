"""What the outbox's messages look like when they are sent, and which come too late."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.notices import message_screen
from handlers.broadcasts import Audience, Stage
from handlers.records import Notice, OutboxMessage, Role, Sender
from handlers.reply import Place
from scoring.contest import Decision, Ruling, Timeline
from scoring.instant import MINUTE_MS, Instant
from tests.leaders import appoint, dismiss

OPENS, CLOSES = Instant(1_765_152_000_000), Instant(1_765_731_600_000)
Meet = Callable[..., Any]
RESHOWN = Notice("paper.reshown", {"given_ms": 3 * MINUTE_MS + 20_000})


def message(chat: str, notice: Notice) -> OutboxMessage:
    return OutboxMessage(1, "tg", chat, notice, 1)


async def at_question_three(meet: Meet) -> Any:
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.tap("B")
    await hoa.tap("C")
    return hoa


async def test_t20_reshown_paper_is_the_present_question_live_at_the_bottom(
    meet: Meet, desk: Any
) -> None:
    hoa = await at_question_three(meet)
    shown = hoa.screen

    screen = await message_screen(desk, message(hoa.id, RESHOWN))

    assert (screen.is_live, screen.place, screen.buttons) == (True, Place.BELOW, shown.buttons)
    first, _, rest = screen.text.partition("\n\n")
    assert "Hệ thống vừa bị gián đoạn" in first
    assert "bù 3 phút 20 giây" in first
    assert rest == shown.text


async def test_t20_button_of_the_reshown_paper_counts(meet: Meet, desk: Any) -> None:
    hoa = await at_question_three(meet)

    screen = await message_screen(desk, message(hoa.id, RESHOWN))
    hoa.last = replace(hoa.last, screens=(screen,))
    await hoa.tap("D")

    assert "Câu 4/15" in hoa.screen.text


async def test_t20_nothing_given_back_is_not_spoken_of(meet: Meet, desk: Any) -> None:
    hoa = await at_question_three(meet)

    screen = await message_screen(desk, message(hoa.id, Notice("paper.reshown", {"given_ms": 0})))

    assert "được bù" not in screen.text


@pytest.mark.parametrize("ended_by", ["owner", "expiry", "closing", "decision"])
async def test_t20_paper_that_has_ended_is_not_shown_again(
    meet: Meet, desk: Any, clock: Any, ended_by: str
) -> None:
    if ended_by == "closing":
        clock.go_to(Instant(CLOSES - 5 * MINUTE_MS))
    hoa = await at_question_three(meet)
    if ended_by == "owner":
        for _ in range(13):
            await hoa.tap("B")
        await hoa.text("7")
        await hoa.tap("Nộp bài")
    elif ended_by == "expiry":
        clock.wait(20 * MINUTE_MS)
    elif ended_by == "closing":
        clock.go_to(CLOSES)
    else:
        closing = Decision(Ruling.CLOSE, clock.now())
        desk.contest = replace(
            desk.contest, timeline=Timeline(desk.contest.rules.calendar, (closing,))
        )
        clock.wait(10_000)

    assert await message_screen(desk, message(hoa.id, RESHOWN)) is None


LATE = [
    pytest.param(
        Notice("notice.reminder", {"opens": OPENS, "closes": CLOSES, "minutes": 15}),
        OPENS,
        id="reminder: the contest is open",
    ),
    pytest.param(Notice("notice.opened", {"closes": CLOSES}), CLOSES, id="opened: it is closed"),
    pytest.param(
        Notice("notice.opened_late", {"opens": OPENS, "closes": CLOSES}),
        CLOSES,
        id="opened late: it is closed",
    ),
    pytest.param(Notice("notice.nudge", {"due": CLOSES - 9}), CLOSES - 9, id="paper is over"),
    pytest.param(
        Notice("notice.nudge_submit", {"due": CLOSES - 9}), CLOSES - 9, id="paper was handed in"
    ),
]


@pytest.mark.parametrize(("notice", "end"), LATE)
async def test_notice_is_stale_from_its_end_on(
    desk: Any, clock: Any, notice: Notice, end: int
) -> None:
    clock.go_to(Instant(end - 1))
    in_time = await message_screen(desk, message("5", notice))
    clock.go_to(Instant(end))

    assert in_time is not None
    assert await message_screen(desk, message("5", notice)) is None


async def test_notice_of_the_opening_is_stale_after_an_early_closing(desk: Any, clock: Any) -> None:
    closing = Decision(Ruling.CLOSE, clock.now())
    desk.contest = replace(desk.contest, timeline=Timeline(desk.contest.rules.calendar, (closing,)))
    clock.wait(10_000)

    notice = Notice("notice.opened", {"closes": CLOSES})
    assert await message_screen(desk, message("5", notice)) is None


async def test_reminder_says_when_and_leads_to_practice(desk: Any, clock: Any) -> None:
    clock.go_to(Instant(OPENS - 12 * 3_600_000))
    notice = Notice("notice.reminder", {"opens": OPENS, "closes": CLOSES, "minutes": 15})

    screen = await message_screen(desk, message("5", notice))

    assert "mở lúc 07 giờ 00 phút ngày 08/12/2025" in screen.text
    assert "24 giờ 00 phút ngày 14/12/2025" in screen.text
    assert [one.label for row in screen.buttons for one in row] == ["Luyện tập", "Màn hình chính"]


async def test_outcome_of_a_paper_is_told_whenever_it_comes(desk: Any, clock: Any) -> None:
    arguments = {
        "number": 1,
        "correct": 9,
        "size": 15,
        "answered": 12,
        "duration_ms": 60_000,
        "ended_at": CLOSES,
        "end": "close",
    }
    clock.go_to(Instant(CLOSES + 10**9))

    screen = await message_screen(desk, message("5", Notice("notice.closed", arguments)))

    assert "đúng <b>9/15</b> câu, thời gian 1 phút 00 giây" in screen.text


@pytest.mark.parametrize(
    ("stage", "units", "role", "unit"),
    [
        (Stage.LEADERS, ("TDP-06",), Role.LEADER, "TDP-06"),
        (Stage.LEADERS, (), Role.LEADER, "TDP-06"),
        (Stage.STAFF, (), Role.SECRETARY, ""),
    ],
)
async def test_a_broadcast_to_roles_is_stale_for_who_lost_his(
    meet: Meet, desk: Any, store: Any, stage: Stage, units: tuple[str, ...], role: Role, unit: str
) -> None:
    lan = meet()
    account = (await store.people.visit(Sender("tg", lan.id), lan.id, OPENS)).account
    await appoint(store, account, role, unit)
    number = await store.broadcasts.draft(Audience(stage, units), "Họp lúc 8 giờ", account, OPENS)
    told = message(lan.id, Notice("broadcast.words", {"broadcast": number}))
    tried = message(lan.id, Notice("broadcast.words", {"broadcast": number, "is_trial": True}))

    before = await message_screen(desk, told)
    await dismiss(store, account, unit)
    after = [await message_screen(desk, one) for one in (told, tried)]

    assert "Họp lúc 8 giờ" in before.text
    assert after[0] is None
    assert "Họp lúc 8 giờ" in after[1].text


async def test_a_broadcast_to_leaders_of_other_units_is_none_for_a_leader(
    meet: Meet, desk: Any, store: Any
) -> None:
    lan = meet()
    account = (await store.people.visit(Sender("tg", lan.id), lan.id, OPENS)).account
    await appoint(store, account, Role.LEADER, "TDP-06")
    await appoint(store, account, Role.TECHNICIAN)
    audience = Audience(Stage.LEADERS, ("TDP-07",))
    number = await store.broadcasts.draft(audience, "Họp lúc 8 giờ", account, OPENS)

    told = message(lan.id, Notice("broadcast.words", {"broadcast": number}))

    assert await message_screen(desk, told) is None


async def test_who_wrote_to_many_is_led_back_to_the_list(desk: Any, store: Any, meet: Meet) -> None:
    hoa = meet()
    await hoa.register()
    account = (await desk.people.visit(Sender("tg", hoa.id), hoa.id, Instant(0))).account
    made = await store.broadcasts.draft(Audience(Stage.REGISTERED), "x", account, OPENS)

    screen = await message_screen(
        desk, message(hoa.id, Notice("broadcast.done", {"broadcast": made}))
    )

    assert screen is not None
    assert screen.text.endswith("Đã gửi 0 trên 0 tin.")
    assert [one.label for row in screen.buttons for one in row] == ["Danh sách thông báo"]
