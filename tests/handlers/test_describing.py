"""Proposals about units and rules as organisers read and approve them in chat."""

from dataclasses import replace

import orjson
import pytest
from sqlalchemy import select

from bot.notices import message_screen
from bot.units.importing import ACT, Standing, prepare, propose, standing_of
from bot.units.writing import units_csv
from handlers.amendments import rules_content
from handlers.desk import Desk
from handlers.proposals import Proposal
from handlers.records import AuditEntry, Notice, OutboxMessage, Role
from handlers.units import Unit, Units
from scoring.rules import rules_json
from store.house import Store
from store.tables import OUTBOX
from tests.playing import Appoint, HandClock, Meet, Resident


@pytest.fixture
async def mai(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.ORGANISER)
    return resident


def changed(units: Units) -> Units:
    """TDP-06 goes, N-1 comes, TDP-07 is renamed."""
    kept = [one for one in units.units if one.code not in {"TDP-06", "TDP-07"}]
    renamed = next(one for one in units.units if one.code == "TDP-07")
    new = Unit("N-1", "to-dan-pho", "Tổ dân phố mới", target=50)
    return replace(units, units=(*kept, replace(renamed, name="Tổ dân phố 77"), new))


async def propose_list(desk: Desk, store: Store, *maps: str) -> None:
    """As the upload page does: a file's bytes, prepared and proposed."""
    await store.unit_lists.begin(desk.units, desk.clock.now())
    standing = await standing_of(store.unit_lists)
    assert standing is not None
    data = units_csv(changed(desk.units), with_leaders=True)
    prepared = await prepare(data, "moi.csv", standing, maps)
    entry = AuditEntry(desk.clock.now(), None, "cli", ACT, "units", why="Sáp nhập tổ dân phố")
    await propose(prepared, entry, store.proposals, desk.catalogue)


async def told(store: Store, message: str) -> list[OutboxMessage]:
    of = select(OUTBOX).where(OUTBOX.c.message == message).order_by(OUTBOX.c.id)
    rows = await store.database.read(lambda one: one.execute(of).all())
    return [
        OutboxMessage(
            row.id, row.channel, row.chat, Notice(message, orjson.loads(row.arguments)), 1
        )
        for row in rows
    ]


async def test_a_list_is_told_in_words_and_moves_who_is_in_it(
    mai: Resident, meet: Meet, desk: Desk, store: Store
):
    hoa = meet()
    await hoa.register()
    await propose_list(desk, store, "TDP-06=N-1")

    await mai.command("duyet")
    await mai.tap("Số 1: danh sách đơn vị")
    shown = mai.screen.text
    await mai.tap("Duyệt")
    await mai.tap("Đúng, duyệt")
    newest = await store.unit_lists.newest()
    assert newest is not None
    settled, wanted = mai.screen.text, changed(desk.units)
    desk.units = newest.units

    (message,) = await told(store, "notice.unit_moved")
    screen = await message_screen(desk, message)
    assert "danh sách mới có 18 đơn vị" in shown
    assert "Thêm: <b>1</b> đơn vị: N-1" in shown
    assert "Bỏ: <b>1</b> đơn vị: TDP-06" in shown
    assert "Sửa thông tin: <b>1</b> đơn vị: TDP-07" in shown
    assert "<b>1</b> người được chuyển sang đơn vị thay thế, <b>0</b> người" in shown
    assert "bởi người gõ lệnh trên máy chủ" in shown
    assert "đã duyệt, có hiệu lực" in settled
    assert "Thêm: <b>1</b> đơn vị: N-1" in settled
    assert newest.units == wanted
    assert message.chat == hoa.id
    assert screen is not None
    assert "<b>Tổ dân phố mới</b>" in screen.text


async def test_a_message_about_a_unit_that_went_again_is_stale(desk: Desk):
    message = OutboxMessage(1, "tg", "1", Notice("notice.unit_moved", {"unit": "ZZ"}), 1)

    assert await message_screen(desk, message) is None


async def test_people_without_a_new_unit_are_counted_as_flagged(
    mai: Resident, meet: Meet, desk: Desk, store: Store
):
    await meet().register()
    await propose_list(desk, store)

    await mai.command("duyet")
    await mai.tap("Số 1: danh sách đơn vị")

    assert "<b>0</b> người được chuyển" in mai.screen.text
    assert "<b>1</b> người thuộc đơn vị bị bỏ" in mai.screen.text


async def test_a_registration_under_way_asks_for_the_unit_again(
    meet: Meet, desk: Desk, store: Store
):
    hoa = meet()
    await hoa.command("start", "TDP-06")
    await hoa.tap("Đăng ký dự thi")
    await hoa.tap("Đồng ý")
    await hoa.share_phone("84912345678")
    await hoa.tap(f"Dùng tên: {hoa.name}")
    await hoa.text("1955")
    desk.units = changed(desk.units)

    await hoa.tap("Đúng")

    assert "Đúng, hoàn tất" not in hoa.labels
    assert await store.unit_lists.people_by_unit() == {}


async def test_t26_amended_rules_are_told_before_and_after(
    mai: Resident, meet: Meet, desk: Desk, store: Store, clock: HandClock
):
    hoa = meet()
    await hoa.register()
    standing = rules_json(desk.contest.rules)
    content = rules_content(standing, standing | {"counted": "first"}, "Tính <lượt> đầu.")
    proposal = Proposal("rules", content, "sửa lỗi", None, clock.now())
    entry = AuditEntry(clock.now(), None, "cli", "rules.propose", "rules", why="sửa lỗi")
    await store.proposals.propose(proposal, entry)

    await mai.command("duyet")
    await mai.tap("Số 1: sửa thể lệ")
    shown = mai.screen.text
    await mai.tap("Duyệt")
    await mai.tap("Đúng, duyệt")

    messages = await told(store, "notice.rules_amended")
    screen = await message_screen(desk, messages[0])
    assert "best → <b>first</b>" in shown
    assert "<i>Tính &lt;lượt&gt; đầu.</i>" in shown
    assert "đã duyệt, có hiệu lực" in mai.screen.text
    assert [one.chat for one in messages] == [hoa.id]
    assert screen is not None
    assert "Tính &lt;lượt&gt; đầu." in screen.text


async def test_nothing_is_proposed_that_changes_nothing_or_follows_no_list(
    desk: Desk, store: Store
):
    data = units_csv(desk.units, with_leaders=True)
    entry = AuditEntry(desk.clock.now(), None, "cli", ACT, "units", why="thử")
    same = await prepare(data, "a.csv", Standing(desk.units, 1))
    broken = await prepare(b"x", "a.csv", Standing(desk.units, 1))
    no_list = await prepare(units_csv(changed(desk.units), with_leaders=True), "a.csv",
                            Standing(desk.units))  # fmt: skip

    for prepared in (same, broken, no_list):
        with pytest.raises(ValueError, match="nothing to propose"):
            await propose(prepared, entry, store.proposals, desk.catalogue)
    assert await store.proposals.open() == ()
