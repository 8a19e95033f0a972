"""Proposals name who made and who settled them, to organisers only."""

import pytest

from bot.notices import message_screen
from handlers.desk import Desk
from handlers.proposals import Proposal
from handlers.records import AccountId, AuditEntry, Notice, OutboxMessage, Role, Sender
from scoring.instant import day_start
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident
from tests.staffing import dismiss

MADE, SETTLED = "proposal.made", "proposal.settled"


@pytest.fixture
async def mai(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.ORGANISER)
    return resident


@pytest.fixture
async def tuan(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2002", name="Phạm Anh Tuấn")
    await appoint(resident, Role.ORGANISER)
    return resident


@pytest.fixture
async def duc(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2003", name="Vũ Minh Đức")
    await appoint(resident, Role.ORGANISER)
    return resident


async def propose_closing(by: Resident) -> None:
    await by.command("dongsom", "bão vào đất liền")
    await by.tap("Đúng, gửi đề nghị")


async def told(desk: Desk, resident: Resident, name: str) -> str | None:
    notice = Notice(name, {"proposal": 1})
    screen = await message_screen(desk, OutboxMessage(1, "tg", resident.id, notice, 1))
    return None if screen is None else screen.text


async def account_of(store: Store, resident: Resident, clock: HandClock) -> AccountId:
    sender = Sender("tg", resident.id)
    return (await store.people.visit(sender, resident.id, day_start(clock.now()))).account


async def test_who_made_and_who_settled_is_named_with_the_role(
    mai: Resident, tuan: Resident, duc: Resident, desk: Desk
):
    await propose_closing(mai)
    made = await told(desk, tuan, MADE)
    await tuan.command("duyet", "show 1")
    waiting = tuan.screen.text
    await tuan.tap("Duyệt")
    await tuan.tap("Đúng, duyệt")
    approved = tuan.screen.text
    await duc.command("duyet", "show 1")

    assert "Người lập: Lê Thị Mai (Ban Tổ chức)." in str(made)
    assert "bởi Lê Thị Mai (Ban Tổ chức)." in waiting
    assert "Xử lý lúc" not in waiting
    assert "bởi Phạm Anh Tuấn (Ban Tổ chức)." in approved
    assert duc.screen.text == approved
    settled = str(await told(desk, duc, SETTLED))
    assert "Người lập: Lê Thị Mai (Ban Tổ chức).\nNgười xử lý: Phạm Anh Tuấn" in settled


async def test_the_second_person_sees_whom_a_closing_meets_now(
    mai: Resident, tuan: Resident, meet: Meet
):
    await propose_closing(mai)
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()

    await tuan.command("duyet", "show 1")
    shown = tuan.screen.text
    await tuan.tap("Duyệt")
    asked = tuan.screen.text
    await tuan.tap("Đúng, duyệt")

    whom = "Lúc này đang làm bài: <b>1</b> người. Đã đăng ký: <b>1</b> người"
    assert whom in shown
    assert whom in asked
    assert "Lúc này" not in tuan.screen.text


async def test_opposite_presses_leave_one_outcome_that_names_who_was_first(
    mai: Resident, tuan: Resident, duc: Resident, store: Store
):
    await propose_closing(mai)
    for one, button in ((tuan, "Duyệt"), (duc, "Không duyệt")):
        await one.command("duyet", "show 1")
        await one.tap(button)

    await duc.tap("Đúng, khép lại")
    late = await tuan.tap("Đúng, duyệt")

    assert late.toast == "Đề nghị này đã có người xử lý trước."
    assert "không được duyệt" in tuan.screen.text
    assert "bởi Vũ Minh Đức (Ban Tổ chức)." in tuan.screen.text
    assert await store.decisions.all() == ()


async def test_whose_role_has_ended_is_a_number(
    mai: Resident, tuan: Resident, store: Store, clock: HandClock
):
    await propose_closing(mai)
    account = await account_of(store, mai, clock)
    await dismiss(store.database, account)

    await tuan.command("duyet", "show 1")

    assert f"bởi tài khoản số {account} (nay không còn giữ vai trò)." in tuan.screen.text
    assert "Mai" not in tuan.screen.text


async def test_who_lost_his_role_hears_the_outcome_of_his_own_without_names(
    mai: Resident, tuan: Resident, store: Store, clock: HandClock, desk: Desk
):
    await propose_closing(mai)
    await dismiss(store.database, await account_of(store, mai, clock))
    made = await told(desk, mai, MADE)
    await tuan.command("duyet", "show 1")
    await tuan.tap("Không duyệt")
    await tuan.tap("Đúng, khép lại")

    settled = str(await told(desk, mai, SETTLED))

    assert made is None
    assert "không được duyệt" in settled
    assert "Tuấn" not in settled
    assert "Người" not in settled


async def test_a_secretary_is_named_as_one(
    meet: Meet, appoint: Appoint, tuan: Resident, store: Store, clock: HandClock
):
    lan = meet(id="2004", name="Trần Thị Lan")
    await appoint(lan, Role.SECRETARY)
    account, now = await account_of(store, lan, clock), clock.now()
    content = {"person": 1, "attempt": 0, "why": "proxy", "doc": "12/QĐ-BTC", "by": "secretary"}
    entry = AuditEntry(now, account, "secretary", "void.propose")
    await store.proposals.propose(Proposal("void", content, "thi hộ", account, now), entry)

    await tuan.command("duyet", "show 1")

    assert "bởi Trần Thị Lan (Tổ Thư ký)." in tuan.screen.text
