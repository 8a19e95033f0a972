"""The list of units by one-time link: taken home, changed, sent in, and approved by another."""

from dataclasses import replace

import pytest

from bot.units.reading import read_units
from bot.units.works import UnitWorks
from bot.units.writing import units_csv
from handlers.desk import Desk
from handlers.file_works import Claim, Download, FileOrder, Preview, Taken, Trouble, Upload
from handlers.office_links import ClaimLink, SentFile
from handlers.records import AccountId, AuditEntry, Role, Sender
from handlers.unit_lists import bare
from handlers.units import Contact, Unit, Units
from scoring.instant import day_start
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident

WHY = "Sáp nhập tổ dân phố"


class Links:
    """Grants claims, or does not, and remembers them."""

    def __init__(self, *, grants: bool = True) -> None:
        self.grants = grants
        self.claimed: list[ClaimLink] = []

    async def claim(self, order: ClaimLink) -> bool:
        self.claimed.append(order)
        return self.grants


@pytest.fixture
async def mai(meet: Meet, appoint: Appoint) -> Resident:
    resident = meet(id="2001", name="Lê Thị Mai")
    await appoint(resident, Role.ORGANISER)
    return resident


@pytest.fixture
async def works(desk: Desk, store: Store, clock: HandClock) -> UnitWorks:
    leaders = (Contact("Trần Văn Bình", "+84912345678"),)
    first, *rest = desk.units.units
    desk.units = replace(desk.units, units=(replace(first, leaders=leaders), *rest))
    await store.unit_lists.begin(desk.units, clock.now())
    return UnitWorks(store.unit_lists, store.proposals, desk.catalogue, clock.now)


def changed(units: Units) -> Units:
    new = Unit("N-1", "to-dan-pho", "Tổ dân phố mới", target=50)
    return replace(units, units=(*units.units[1:], new))


def file_of(units: Units) -> SentFile:
    return SentFile("moi.csv", units_csv(units, with_leaders=True))


def upload_of(works: UnitWorks) -> Upload:
    work = works.works["units-import"]
    assert isinstance(work, Upload)
    return work


async def order_of(store: Store, clock: HandClock, resident: Resident) -> FileOrder:
    sender = Sender("tg", resident.id)
    visitor = await store.people.visit(sender, resident.id, day_start(clock.now()))
    return FileOrder(visitor.account, {"why": WHY})


def claim_of(links: Links, clock: HandClock) -> Claim:
    entry = AuditEntry(clock.now(), AccountId(1), "organiser", "units_import", "file:units-import")
    return Claim(links, ClaimLink("t" * 43, "units_import", 1, entry, 1))  # type: ignore[arg-type]


async def downloaded(works: UnitWorks, name: str) -> bytes:
    work = works.works[name]
    assert isinstance(work, Download)
    made = await work.produce(FileOrder(AccountId(1)))
    assert isinstance(made, bytes)
    return made


async def test_what_is_downloaded_is_the_list_in_force(works: UnitWorks, desk: Desk):
    plain = read_units("a.xlsx", await downloaded(works, "units-xlsx"), desk.units)
    full = read_units("a.xlsx", await downloaded(works, "units-leaders-xlsx"), desk.units)
    empty = read_units("a.xlsx", await downloaded(works, "units-template-xlsx"), desk.units)

    assert plain.units == bare(desk.units)
    assert full.units == desk.units
    assert empty.problems == ("a.xlsx: danh sách đơn vị trống; cần ít nhất một đơn vị",)


async def test_a_list_is_shown_with_whom_it_meets_and_changes_nothing(
    works: UnitWorks, desk: Desk, store: Store, meet: Meet
):
    await meet().register()

    preview = await upload_of(works).preview(file_of(changed(desk.units)), FileOrder(AccountId(1)))

    assert (preview.is_sound, preview.seen, preview.errors) == (True, 18, 0)
    facts = dict(preview.facts)
    assert facts["Thêm 1"] == "N-1 Tổ dân phố mới"
    assert facts["Bỏ 1"].startswith("TDP-06 ")
    assert facts["Số người bị ảnh hưởng"] == "1"
    assert await store.proposals.open() == ()


async def test_mistakes_are_told_in_the_columns_of_the_page(works: UnitWorks):
    file = SentFile("moi.csv", "Tên,Nhóm\nTổ 1,x\nTổ 2,y\n".encode())

    preview = await upload_of(works).preview(file, FileOrder(AccountId(1)))

    assert (preview.is_sound, preview.errors) == (False, 2)
    assert (preview.remarks[0].place, preview.remarks[0].what) == ("dòng 2", "không có nhóm “x”")
    assert preview.remarks[0].wanted.startswith("cần một trong:")


async def test_the_same_list_is_not_taken(works: UnitWorks, desk: Desk, clock: HandClock):
    file, links = file_of(desk.units), Links()

    preview = await upload_of(works).preview(file, FileOrder(AccountId(1)))
    taken = await upload_of(works).take(file, FileOrder(AccountId(1)), claim_of(links, clock))

    assert isinstance(preview, Preview)
    assert not preview.is_sound
    assert isinstance(taken, Trouble)
    assert links.claimed == []


async def test_what_is_taken_waits_for_another_organiser(
    works: UnitWorks, desk: Desk, store: Store, clock: HandClock, mai: Resident
):
    order = await order_of(store, clock, mai)

    taken = await upload_of(works).take(
        file_of(changed(desk.units)), order, claim_of(Links(), clock)
    )

    (made,) = await store.proposals.open()
    await mai.command("duyet")
    await mai.tap("Số 1: danh sách đơn vị")
    assert isinstance(taken, Taken)
    assert "đề nghị số 1" in taken.lines[0]
    assert (made.proposal.made_by, made.proposal.why) == (order.account, WHY)
    assert mai.labels[0] == "Rút đề nghị"


async def test_a_link_that_is_used_up_proposes_nothing(
    works: UnitWorks, desk: Desk, store: Store, clock: HandClock, mai: Resident
):
    order = await order_of(store, clock, mai)
    claim = claim_of(Links(grants=False), clock)

    assert await upload_of(works).take(file_of(changed(desk.units)), order, claim) is None
    assert await store.proposals.open() == ()


async def test_the_menu_counts_asks_for_a_reason_and_gives_a_link(desk: Desk, mai: Resident):
    desk.office.public_url = "https://bot.example.vn"

    await mai.command("donvi")
    menu, labels = mai.screen.text, mai.labels[:4]
    await mai.tap("Gửi danh sách mới")
    asked = mai.screen.text
    await mai.text("x")
    again = mai.screen.text
    await mai.text(WHY)

    assert "Tổ dân phố: <b>9</b>" in menu
    assert labels == [
        "Tải danh sách (Excel)", "Tải danh sách kèm tổ trưởng", "Lấy tệp mẫu", "Gửi danh sách mới",
    ]  # fmt: skip
    assert "Xin gõ lý do" in asked
    assert "Xin gõ lý do từ 5" in again
    assert mai.screen.buttons[0][0].url.startswith("https://bot.example.vn/l/")
    assert "Gửi danh sách đơn vị mới" in mai.screen.text


async def test_t40_a_secretary_and_a_resident_get_no_list(meet: Meet, appoint: Appoint):
    binh = meet(id="2009", name="Trần Văn Bình")
    await appoint(binh, Role.SECRETARY)

    for resident in (binh, meet()):
        await resident.command("donvi")
        assert "Việc này dành cho" in resident.screen.text
