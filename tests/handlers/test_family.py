"""Several people on one phone: each with a number, a name on every screen, and a way out (T31)."""

from dataclasses import replace

import pytest

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.records import Role, Sender, Visitor
from handlers.reply import Effect
from scoring.instant import Instant
from store.house import Store
from tests.leaders import dismiss
from tests.playing import Appoint, HandClock, Meet, Resident

DAY_MS = 24 * 60 * 60 * 1_000


async def help_relative(hoa: Resident, name: str = "Nguyễn Văn Ba", born: str = "1940") -> None:
    """Register a relative on Hoa's phone, from the home screen."""
    await hoa.command("start")
    await hoa.tap("Thi giúp người nhà")
    await hoa.tap("Đăng ký thêm người nhà")
    await hoa.tap("Đồng ý")
    await hoa.text("0912 345 678")
    await hoa.text(name)
    await hoa.text(born)
    assert "cùng đơn vị <b>Tổ dân phố 6 (Nhân Trạch)</b> với anh/chị" in hoa.screen.text
    await hoa.tap("Đúng")
    await hoa.tap("Đúng, hoàn tất")


async def test_t31_a_relative_gets_a_number_of_his_own_and_his_name_on_the_paper(
    meet: Meet, store: Store
):
    hoa = meet()
    await hoa.register()

    await help_relative(hoa)
    home = hoa.screen.text
    await hoa.open_paper()
    first = hoa.screen.text
    await hoa.tap("B")
    second = hoa.screen.text
    store.sessions.drop(Sender("tg", hoa.id))
    await hoa.tap("B")

    assert "Đang thi giúp: <b>Nguyễn Văn Ba</b>" in home
    assert "Số báo danh: <b>2</b>" in home
    for text in (first, second, hoa.screen.text):
        assert "Đang thi giúp: <b>Nguyễn Văn Ba, số báo danh 2</b>" in text


async def test_own_papers_name_nobody(meet: Meet):
    hoa = meet()
    await hoa.register()
    await help_relative(hoa)

    await hoa.command("start")
    await hoa.tap("Thi giúp người nhà")
    await hoa.tap("Nguyễn Thị Hoa (số 1)")
    await hoa.open_paper()

    assert "Đang thi giúp" not in hoa.screen.text


async def test_nobody_is_switched_to_while_a_paper_is_open(meet: Meet):
    hoa = meet()
    await hoa.register()
    await help_relative(hoa)
    await hoa.command("start")
    await hoa.tap("Thi giúp người nhà")
    other = hoa.button("Nguyễn Thị Hoa (số 1)")
    await hoa.open_paper()

    reply = await hoa.press(other)

    assert "cần nộp trước" in reply.toast
    assert "số báo danh 2" in hoa.screen.text


async def test_a_button_switches_to_nobody_of_another_account(meet: Meet, desk: Desk):
    hoa, nam = meet(), meet(name="Trần Văn Nam")
    await hoa.register()
    await nam.register(phone="84987654321")
    await hoa.command("start")
    await hoa.tap("Thi giúp người nhà")

    forged = desk.labelled(Sender("tg", hoa.id), "x", PlainButton("helping", "2"))
    await hoa.press(forged)

    assert "Số báo danh: <b>1</b>" in hoa.screen.text


async def test_t31_a_family_is_as_large_as_the_setting_allows(meet: Meet):
    hoa = meet()
    await hoa.register()
    for at in range(3):
        await help_relative(hoa, f"Nguyễn Văn {'ABC'[at]}n", "1940")

    await hoa.command("start")
    await hoa.tap("Thi giúp người nhà")

    assert "Đăng ký thêm người nhà" not in hoa.labels
    assert len([label for label in hoa.labels if "(số " in label]) == 4


async def test_t31_a_fifth_on_the_same_phone_is_refused_elsewhere_too(meet: Meet):
    hoa, nam = meet(), meet(name="Trần Văn Nam")
    await hoa.register()
    for at in range(3):
        await help_relative(hoa, f"Nguyễn Văn {'ABC'[at]}n", "1940")

    await nam.register()

    assert "đăng ký cho 4 người" in nam.last.screens[0].text


@pytest.mark.parametrize("is_shared", [True, False])
async def test_t31_a_typed_phone_counts_and_is_unverified(
    meet: Meet, store: Store, is_shared: bool
):
    hoa = meet()
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")
    if is_shared:
        await hoa.share_phone("84912345678")
    else:
        await hoa.text("0912345678")
    await hoa.tap("Dùng tên: Nguyễn Thị Hoa")
    await hoa.text("1955")
    await hoa.text("to 6")
    await hoa.tap("Tổ dân phố 6 (Nhân Trạch)")
    await hoa.tap("Đúng, hoàn tất")
    await hoa.open_paper()
    await hoa.command("dulieu")

    visitor = await visit(store, hoa)
    assert visitor.participant.data.is_phone_verified is is_shared
    assert visitor.session is not None


async def test_t31_somebody_elses_contact_is_not_taken(meet: Meet):
    hoa = meet()
    await hoa.command("dangky")
    await hoa.tap("Đồng ý")

    reply = await hoa.share_phone("84987654321", is_own=False)

    assert "Gửi số điện thoại của tôi" in reply.screens[0].text


async def test_an_official_enters_for_an_elder_marked_and_capped(
    meet: Meet, appoint: Appoint, desk: Desk, store: Store, clock: HandClock
):
    desk.customs = replace(desk.customs, assisted_limit=1)
    mai = meet(id="2001", name="Lê Thị Mai")
    await appoint(mai, Role.SECRETARY)

    await enter(mai, "Nguyễn Thị Tư", "0903000001")
    first = mai.screen.text
    await enter(mai, "Nguyễn Thị Năm", "0903000002")
    refused = " ".join(screen.text for screen in mai.last.screens)
    await mai.command("huy")
    clock.wait(DAY_MS)
    await enter(mai, "Nguyễn Thị Năm", "0903000002")

    people = await store.people.helped((await visit(store, mai)).account)
    assert "Đang thi giúp: <b>Nguyễn Thị Tư</b>" in first
    assert "nhập hộ đủ 1 người" in refused
    assert [(one.number, one.relation.value) for one in people] == [
        (1, "assisted"),
        (2, "assisted"),
    ]


async def test_a_correction_is_of_whom_it_was_begun_for_and_of_nobody_switched_to(
    meet: Meet, store: Store
):
    hoa = meet()
    await hoa.register()
    await help_relative(hoa)
    await hoa.command("start")
    await hoa.tap("Thi giúp người nhà")
    to_herself = hoa.button("Nguyễn Thị Hoa (số 1)")
    await hoa.command("dulieu")
    await hoa.tap("Sửa thông tin")
    await hoa.tap("Sửa họ tên")
    await hoa.text("Nguyễn Văn Bảy")
    done = hoa.button("Đúng, hoàn tất")
    await hoa.press(to_herself)

    await hoa.press(done)

    names = [await store.people.name_of(number) for number in (1, 2)]
    assert names == ["Nguyễn Thị Hoa", "Nguyễn Văn Ba"]


async def test_who_loses_the_role_in_the_middle_enters_nobody(
    meet: Meet, appoint: Appoint, store: Store
):
    mai = meet(id="2001", name="Lê Thị Mai")
    await appoint(mai, Role.SECRETARY)
    account = (await visit(store, mai)).account
    await mai.command("thiho")
    await mai.tap("Nhập cho một người")
    await mai.tap("Đồng ý")
    await mai.text("0903000001")
    await mai.text("Nguyễn Thị Tư")
    await mai.text("1940")
    await mai.text("to 6")
    await mai.tap("Tổ dân phố 6 (Nhân Trạch)")
    await dismiss(store, account)

    await mai.tap("Đúng, hoàn tất")

    visitor = await visit(store, mai)
    assert await store.people.helped(account) == ()
    assert (visitor.participant, visitor.dialogue.name) == (None, "")


async def test_an_official_cannot_give_the_own_number_for_an_elder(meet: Meet, appoint: Appoint):
    mai = meet(id="2001", name="Lê Thị Mai")
    await appoint(mai, Role.SECRETARY)
    await mai.command("thiho")
    await mai.tap("Nhập cho một người")

    await mai.tap("Đồng ý")
    asked = mai.last.screens[-1]
    reply = await mai.share_phone("84912000001")

    assert "Không dùng số của cán bộ" in asked.text
    assert asked.keyboard is None
    assert "không phải của người dự thi" in reply.screens[0].text
    assert mai.screen.text == asked.text


async def enter(mai: Resident, name: str, phone: str) -> None:
    await mai.command("thiho")
    await mai.tap("Nhập cho một người")
    await mai.tap("Đồng ý")
    await mai.text(phone)
    await mai.text(name)
    await mai.text("1940")
    await mai.text("to 6")
    await mai.tap("Tổ dân phố 6 (Nhân Trạch)")
    await mai.tap("Đúng, hoàn tất")


async def visit(store: Store, who: Resident) -> Visitor:
    return await store.people.visit(Sender("tg", who.id), who.id, Instant(0))


async def test_a_resident_enters_for_nobody(meet: Meet):
    assert (await meet().command("thiho")).effect is Effect.REFUSED


async def test_erased_data_are_gone_and_the_number_comes_back(meet: Meet, store: Store):
    hoa = meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer_all()
    await hoa.text("120")
    await hoa.tap("Nộp bài")
    await hoa.command("dulieu")
    await hoa.tap("Rút khỏi cuộc thi, xóa thông tin")
    sure = hoa.screen.text
    await hoa.tap("Đúng, rút và xóa")
    erased = hoa.screen.text
    gone = await store.people.name_of(1)
    await hoa.register()
    await hoa.command("thi")

    assert "không lấy lại được" in sure
    assert "số báo danh 1" in erased
    assert gone == ""
    assert await store.people.name_of(1) == "Nguyễn Thị Hoa"
    assert "Hôm nay đã thi đủ 1 lượt" in hoa.screen.text


async def test_nothing_is_erased_while_a_paper_is_open(meet: Meet, store: Store):
    hoa = meet()
    await hoa.register()
    await hoa.command("dulieu")
    await hoa.tap("Rút khỏi cuộc thi, xóa thông tin")
    confirm = hoa.button("Đúng, rút và xóa")
    await hoa.open_paper()

    reply = await hoa.press(confirm)

    assert "xin nộp bài trước" in reply.toast
    assert await store.people.name_of(1) == "Nguyễn Thị Hoa"
