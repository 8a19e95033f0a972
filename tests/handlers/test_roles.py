"""Roles in chat: offered by a link, claimed, approved once, listed, withdrawn, given up (T40)."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot.notices import message_screen
from handlers.incoming import Command, Tap
from handlers.records import Grant, Notice, OutboxMessage, Role, Sender
from handlers.reply import Effect
from scoring.instant import HOUR_MS, Instant

Meet = Callable[..., Any]
Appoint = Callable[..., Any]
JUDGE = Grant(Role.JUDGE)


@pytest.fixture
async def chief(meet: Meet, appoint: Appoint) -> Any:
    """An organiser."""
    resident = meet(id="2001", name="Phạm Văn Chính")
    await appoint(resident, Role.ORGANISER)
    return resident


@pytest.fixture
def judge(meet: Meet) -> Any:
    """Somebody who is to be a judge."""
    return meet(id="2002", name="Lê Thị Bình")


async def invite(chief: Any, role: str = "Ban Giám khảo") -> str:
    """The payload of a fresh link."""
    await chief.command("moi")
    await chief.tap(role)
    await chief.tap("Tạo lời mời")
    return payload_of(chief)


def payload_of(chief: Any) -> str:
    found = re.search(r"\?start=(\S+)", chief.screen.text)
    assert found is not None
    return found[1]


async def claim(resident: Any, payload: str, phone: str = "84987654321") -> None:
    await resident.command("start", payload)
    await resident.tap("Đồng ý")
    await resident.share_phone(phone)
    await resident.tap(f"Dùng tên: {resident.name}")
    await resident.tap("Đúng, gửi cho người mời")


async def approve(chief: Any, desk: Any, store: Any) -> None:
    await receive(desk, store, chief)
    await chief.tap("Duyệt")
    await chief.tap("Đúng người, duyệt")


async def notices(desk: Any, store: Any, resident: Any) -> list[Any]:
    """What the outbox holds for somebody, as it would be sent now; None: stale."""
    asked = text("SELECT id, message, arguments FROM outbox WHERE chat = :chat ORDER BY id")
    rows = await store.database.read(lambda one: one.execute(asked, {"chat": resident.id}).all())
    messages = [
        OutboxMessage(
            row.id, "tg", resident.id, Notice(row.message, orjson.loads(row.arguments)), 1
        )
        for row in rows
    ]
    return [await message_screen(desk, message) for message in messages]


async def receive(desk: Any, store: Any, resident: Any) -> Any:
    """The last notice, before its reader's eyes."""
    screen = (await notices(desk, store, resident))[-1]
    resident.last = replace(resident.last, screens=(screen,))
    return screen


async def grants_of(desk: Any, resident: Any) -> tuple[Grant, ...]:
    visitor = await desk.people.visit(Sender("tg", resident.id), resident.id, Instant(0))
    return tuple(visitor.grants)


async def acts(store: Any) -> list[str]:
    """Acts of the audit trail, oldest first."""
    return [entry.act for _, entry in reversed(await store.audit.latest(50))]


async def test_t40_judge_is_invited_claims_and_is_approved(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await claim(judge, await invite(chief))
    waiting = judge.screen.text
    told = await receive(desk, store, chief)
    await chief.tap("Duyệt")
    asked = chief.screen.text
    await chief.tap("Đúng người, duyệt")

    assert "Đang chờ người mời duyệt" in waiting
    assert "Họ và tên: <b>Lê Thị Bình</b>" in told.text
    assert "0987 654 321 (đã xác minh)" in told.text
    assert asked == "Duyệt <b>Lê Thị Bình</b> vào vai trò <b>Ban Giám khảo</b>?"
    assert "Đã duyệt." in chief.screen.text
    assert await grants_of(desk, judge) == (JUDGE,)
    (welcome,) = await notices(desk, store, judge)
    assert "/vaitro – Xem vai trò, xin thôi" in welcome.text
    assert "/moi" not in welcome.text
    assert await acts(store) == ["role.invite", "invitation.claim", "role.approve"]


async def test_t40_refused_claim_gives_nothing_and_is_forgotten(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await claim(judge, await invite(chief))
    await receive(desk, store, chief)

    await chief.tap("Không duyệt")
    await chief.tap("Đúng, không duyệt")

    assert await grants_of(desk, judge) == ()
    stale, refusal = (
        (await notices(desk, store, chief))[-1],
        (await notices(desk, store, judge))[-1],
    )
    assert stale is None
    assert "không được duyệt" in refusal.text


async def test_t40_approved_twice_from_two_devices_is_one_effect(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await claim(judge, await invite(chief))
    await receive(desk, store, chief)
    await chief.tap("Duyệt")
    press = Tap(chief.button("Đúng người, duyệt").data)

    replies = await asyncio.gather(*(chief.say(press) for _ in range(4)))

    assert sorted(reply.effect.value for reply in replies) == ["done"] + ["stale"] * 3
    assert (await acts(store)).count("role.approve") == 1


async def test_t42_outbox_and_draft_hold_no_names(chief: Any, judge: Any, store: Any) -> None:
    await claim(judge, await invite(chief))

    kept = ""
    for table in ("outbox", "dialogue", "invitation", "audit"):
        asked = text(f"SELECT * FROM {table}")  # noqa: S608 (of the test itself)
        kept += str(await store.database.read(lambda one, asked=asked: one.execute(asked).all()))

    assert "Bình" not in kept
    assert "987654321" not in kept


async def test_t40_leader_s_unit_is_searched_and_picked(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await chief.command("moi")
    await chief.tap("Tổ trưởng")
    await chief.text("to dan pho")
    await chief.tap("Chọn đơn vị khác")
    first_block = chief.labels[0]
    await chief.tap(first_block)
    unit = next(one for one in desk.units.units if one.title == chief.labels[0])
    await chief.tap(unit.title)
    asked = chief.screen.text
    await chief.tap("Tạo lời mời")
    await claim(judge, payload_of(chief))
    await approve(chief, desk, store)

    assert asked == f"Tạo lời mời vào vai trò <b>Tổ trưởng, phụ trách {unit.title}</b>?"
    assert await grants_of(desk, judge) == (Grant(Role.LEADER, unit.code),)


async def test_unit_that_alone_fits_what_was_typed_is_chosen_at_once(chief: Any) -> None:
    await chief.command("moi")
    await chief.tap("Tổ trưởng")

    await chief.text("to 7")

    (asked,) = chief.last.screens
    assert "phụ trách Tổ dân phố 7 (Nhân Trạch)</b>?" in asked.text
    assert chief.labels[0] == "Tạo lời mời"


async def test_t40_link_is_one_message_to_pass_on(chief: Any) -> None:
    payload = await invite(chief)

    link = chief.screen

    assert len(payload) == 47
    assert f"https://t.me/hoithi_bot?start={payload}" in link.text
    assert [(one.label, one.data) for row in link.buttons for one in row] == [("Mở lời mời", "")]


async def test_t40_second_reader_of_a_link_is_refused_and_the_inviter_told(
    chief: Any, judge: Any, meet: Meet, desk: Any, store: Any
) -> None:
    payload = await invite(chief)
    await claim(judge, payload)
    other = meet(id="2003", name="Trần Văn Nam")

    for _ in range(3):
        await other.command("start", payload)

    assert "đã có người khác nhận" in other.screen.text
    told = [screen for screen in await notices(desk, store, chief) if screen is not None]
    assert len(told) == 2
    assert "một tài khoản khác mở lại" in told[1].text
    await approve_first(chief, told[0])
    assert await grants_of(desk, other) == ()
    assert await grants_of(desk, judge) == (JUDGE,)


async def approve_first(chief: Any, screen: Any) -> None:
    chief.last = replace(chief.last, screens=(screen,))
    await chief.tap("Duyệt")
    await chief.tap("Đúng người, duyệt")


async def test_t40_slower_of_two_claimants_is_refused(
    chief: Any, judge: Any, meet: Meet, desk: Any, store: Any
) -> None:
    payload = await invite(chief)
    slow = meet(id="2003", name="Trần Văn Nam")
    await slow.command("start", payload)
    await slow.tap("Đồng ý")
    await slow.share_phone("84911222333")
    await slow.tap("Dùng tên: Trần Văn Nam")

    await claim(judge, payload)
    reply = await slow.tap("Đúng, gửi cho người mời")

    assert reply.effect is Effect.REFUSED
    assert "đã có người khác nhận" in slow.screen.text
    assert (await notices(desk, store, chief))[-1] is not None


async def test_t40_link_expires_after_a_day(chief: Any, judge: Any) -> None:
    payload = await invite(chief)
    judge.clock.wait(24 * HOUR_MS)

    await judge.command("start", payload)

    assert "không còn hiệu lực" in judge.screen.text


async def test_t40_link_is_withdrawn_before_and_after_its_claim(
    chief: Any, judge: Any, desk: Any
) -> None:
    payload = await invite(chief)
    await chief.command("moi")
    await chief.tap("Rút lời mời số 1")
    await chief.tap("Đúng, rút lời mời")
    await judge.command("start", payload)
    withdrawn = judge.screen.text

    await claim(judge, await invite(chief))
    await chief.command("moi")

    assert "không còn hiệu lực" in withdrawn
    assert "Xem người nhận lời mời số 2" in chief.labels
    assert "<b>chờ anh/chị duyệt</b>" in chief.screen.text
    assert await grants_of(desk, judge) == ()


async def test_t40_own_link_and_a_role_that_is_held_are_not_claimed(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await claim(judge, await invite(chief))
    await approve(chief, desk, store)
    payload = await invite(chief)

    await chief.command("start", payload)
    await judge.command("start", payload)

    assert "do chính anh/chị tạo" in chief.screen.text
    assert "đã có vai trò này" in judge.screen.text


@pytest.mark.parametrize("payload", ["inv-", "inv-x", "inv-" + "A" * 60, "inv-" + "-" * 43])
async def test_t39_forged_invitation_opens_nothing(judge: Any, payload: str) -> None:
    await judge.command("start", payload)

    assert "Không có lời mời này" in judge.screen.text


async def test_t31_contact_of_somebody_else_is_no_phone(chief: Any, judge: Any) -> None:
    await judge.command("start", await invite(chief))
    await judge.tap("Đồng ý")

    await judge.share_phone("84911222333", is_own=False)
    await judge.text("12345")
    await judge.text("0911 222 333")

    assert "Bước 2/2" in judge.screen.text
    await judge.text("Lê Thị Bình")
    assert "0911 222 333 (chưa xác minh)" in judge.screen.text


async def test_claim_is_left_corrected_and_gone_through_backwards(chief: Any, judge: Any) -> None:
    payload = await invite(chief)
    await judge.command("start", payload)
    await judge.tap("Không đồng ý")
    left = judge.screen.text
    await judge.command("start", payload)
    await judge.tap("Đồng ý")
    await judge.share_phone()
    await judge.text("Bình")
    await judge.sticker()
    await judge.text("Lê Thị Bình")
    await judge.tap("Sửa số điện thoại")
    await judge.text("0911 222 333")
    summary = judge.screen.text
    await judge.tap("Sửa họ tên")
    await judge.tap("◀ Quay lại")
    await judge.text("quay lai")

    assert "Xin chào" in left
    assert "0911 222 333" in summary
    assert "Anh/chị có đồng ý nhận lời mời không?" in judge.screen.text


async def test_claim_is_opened_again_where_it_stands(chief: Any, judge: Any) -> None:
    payload = await invite(chief)
    await judge.command("start", payload)
    await judge.tap("Đồng ý")
    await judge.share_phone()

    await judge.command("start", payload)

    assert "Bước 2/2" in judge.screen.text


async def test_claim_waits_for_an_open_paper_and_a_registration(
    chief: Any, judge: Any, meet: Meet
) -> None:
    payload = await invite(chief)
    await judge.register()
    await judge.open_paper()
    other = meet(id="2003")
    await other.command("dangky")

    await judge.command("start", payload)
    await other.command("start", payload)

    assert "Câu 1/15" in judge.screen.text
    assert "Đang làm bài thi" in judge.last.screens[0].text
    assert "Đang đăng ký dự thi dở" in other.screen.text


async def test_t33_claim_after_an_attempt_asks_for_the_decision(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await judge.register()
    await judge.open_paper()
    await judge.answer_all()
    await judge.text("5")
    await judge.tap("Nộp bài")
    await claim(judge, await invite(chief))

    await approve(chief, desk, store)
    asked = chief.screen.text
    await chief.text("không nhớ")
    await chief.text("12/QĐ-UBND")
    await chief.tap("Đúng người, duyệt")

    assert "Xin gõ số quyết định" in asked
    assert "Đã duyệt." in chief.screen.text
    assert await grants_of(desk, judge) == (JUDGE,)
    assert await acts(store) == ["role.invite", "invitation.claim", "void", "role.approve"]
    await judge.command("thi")
    assert "khoản 2.2" in judge.screen.text


async def test_t33_judge_practises_and_opens_no_paper(
    chief: Any, judge: Any, desk: Any, store: Any
) -> None:
    await judge.register()
    await judge.command("thi")
    begin = Tap(judge.button("Bắt đầu làm bài").data)
    await claim(judge, await invite(chief))
    await approve(chief, desk, store)

    await judge.say(begin)
    refused = judge.screen.text
    await judge.tap("Luyện tập")

    assert "chỉ luyện tập được" in refused
    assert "Luyện tập, câu 1/5" in judge.screen.text


async def test_t40_organiser_lists_and_withdraws_with_a_reason(
    chief: Any, judge: Any, appoint: Appoint, desk: Any, store: Any
) -> None:
    await appoint(judge, Role.JUDGE, phone="+84987654321")

    await chief.command("vaitro")
    listed = chief.screen.text
    account = (await store.roles.held())[-1].account
    await chief.tap("Thu hồi: Lê Thị Bình")
    await chief.text("Hết")
    await chief.text("Chuyển công tác")
    asked = chief.screen.text
    await chief.tap("Đúng, thu hồi")

    assert f"Ban Giám khảo: Lê Thị Bình (…321), tài khoản {account}" in listed
    assert "Lý do: Chuyển công tác" in asked
    assert await grants_of(desk, judge) == ()
    assert "đã được Ban Tổ chức thu hồi" in (await notices(desk, store, judge))[-1].text
    last = (await store.audit.latest(1))[0][1]
    assert (last.act, last.why, last.role) == ("role.withdraw", "Chuyển công tác", "organiser")


async def test_t40_withdrawal_once_asked_for_takes_effect_once(
    chief: Any, judge: Any, appoint: Appoint, store: Any
) -> None:
    await appoint(judge, Role.JUDGE)
    await chief.command("vaitro")
    await chief.tap("Thu hồi: Lê Thị Bình")
    await chief.text("Chuyển công tác")
    press = Tap(chief.button("Đúng, thu hồi").data)

    effects = [(await chief.say(press)).effect for _ in range(2)]

    assert effects == [Effect.DONE, Effect.STALE]
    assert (await acts(store)).count("role.withdraw") == 1


async def test_last_organiser_is_told_why_he_stays(chief: Any, desk: Any) -> None:
    await chief.command("vaitro")
    await chief.tap("Xin thôi: Ban Tổ chức")

    reply = await chief.tap("Đúng, tôi xin thôi")

    assert reply.effect is Effect.REFUSED
    assert "người cuối cùng của Ban Tổ chức" in chief.screen.text
    assert await grants_of(desk, chief) == (Grant(Role.ORGANISER),)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ORGANISER])
async def test_everybody_sees_his_own_role_and_may_give_it_up(
    chief: Any, judge: Any, appoint: Appoint, desk: Any, role: Role
) -> None:
    await appoint(judge, role, "TDP-06" if role is Role.LEADER else "")

    await judge.command("vaitro")
    seen = judge.screen.text
    await judge.tap(next(one for one in judge.labels if one.startswith("Xin thôi")))
    await judge.tap("Đúng, tôi xin thôi")

    assert desk.text(f"role.{role.value}") in seen
    assert chief.name not in seen
    assert await grants_of(desk, judge) == ()


async def test_t40_role_of_somebody_else_is_not_given_up_for_him(
    chief: Any, judge: Any, appoint: Appoint, desk: Any
) -> None:
    await appoint(judge, Role.JUDGE)
    await judge.command("vaitro")
    leave = judge.button("Xin thôi: Ban Giám khảo")
    await judge.tap("Xin thôi: Ban Giám khảo")
    await judge.tap("Đúng, tôi xin thôi")

    reply = await judge.say(Tap(leave.data))

    assert reply.effect is Effect.REFUSED
    assert await grants_of(desk, chief) == (Grant(Role.ORGANISER),)


async def test_long_list_of_roles_has_pages(chief: Any, meet: Meet, appoint: Appoint) -> None:
    for number in range(10):
        await appoint(meet(id=f"30{number}"), Role.LEADER, f"TDP-0{number}")

    await chief.command("vaitro")
    await chief.tap("Trang sau ▶")

    assert "trang 2/2" in chief.screen.text
    assert sum(one.startswith("Thu hồi") for one in chief.labels) == 2


async def test_typed_answer_delivered_twice_is_one_step(
    chief: Any, judge: Any, appoint: Appoint
) -> None:
    await appoint(judge, Role.JUDGE)
    await chief.command("vaitro")
    await chief.tap("Thu hồi: Lê Thị Bình")

    await chief.text("Chuyển công tác", event="900")
    reply = await chief.text("Chuyển công tác", event="900")

    assert reply.effect is Effect.REPEATED


async def test_command_delivered_twice_opens_one_dialogue(chief: Any) -> None:
    replies = [await chief.say(Command("moi", ""), event="901") for _ in range(2)]

    assert [reply.effect for reply in replies] == [Effect.DONE, Effect.STALE]


async def test_home_of_organisers_and_leaders_begins_with_their_own_door(
    meet: Meet, appoint: Appoint
):
    mai, lan, hoa = meet(id="2001"), meet(id="2002"), meet(id="2003")
    await appoint(mai, Role.ORGANISER)
    await appoint(lan, Role.LEADER, "TDP-06")

    for one in (mai, lan, hoa):
        await one.command("start")

    doors = [one.labels[0] for one in (mai, lan, hoa)]
    assert doors == ["Quản lý cuộc thi", "Số liệu của đơn vị", "Đăng ký dự thi"]
