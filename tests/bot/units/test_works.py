"""The list of units by one-time link: taken home, changed, sent in, and approved by another."""

import asyncio
import re
from dataclasses import dataclass, replace

import pytest

from bot.units.importing import prepare, propose, standing_of
from bot.units.reading import read_units
from bot.units.works import UnitWorks
from bot.units.writing import units_csv
from handlers.desk import Desk
from handlers.file_works import Download, FileOrder, Upload
from handlers.link_visits import Asked, Done, LinkVisits, Previewed, Troubled, View
from handlers.office_links import SentFile
from handlers.records import AccountId, AuditEntry, Role, Sender
from handlers.unit_lists import bare
from handlers.units import Contact, Unit, Units
from scoring.instant import day_start
from store.house import Store
from tests.playing import Appoint, HandClock, Meet, Resident

WHY = "Sáp nhập tổ dân phố"


@dataclass
class Link:
    """An organiser's link to the upload page, and the real visits that happen at it."""

    visits: LinkVisits
    token: str = ""
    code: str = ""

    async def ask(self, resident: Resident) -> None:
        await resident.command("donvi")
        await resident.tap("Gửi danh sách mới")
        await resident.text(WHY)
        self.token = resident.screen.buttons[0][0].url.rpartition("/")[2]
        self.code = str(re.search(r"<code>(\d{6})</code>", resident.screen.text)[1])  # type: ignore[index]

    async def send(self, file: SentFile) -> int:
        shown = await self.visits.upload(self.token, self.code, file)
        assert isinstance(shown, Previewed)
        assert shown.upload is not None
        return shown.upload

    async def take(self, upload: int) -> View:
        return await self.visits.take(self.token, self.code, upload)


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


@pytest.fixture
async def link(desk: Desk, works: UnitWorks, clock: HandClock, mai: Resident) -> Link:
    desk.office.public_url = "https://bot.example.vn"
    made = Link(LinkVisits(desk.office, clock, works.works))
    await made.ask(mai)
    return made


def changed(units: Units) -> Units:
    new = Unit("N-1", "to-dan-pho", "Tổ dân phố mới", target=50)
    return replace(units, units=(*units.units[1:], new))


def file_of(units: Units) -> SentFile:
    return SentFile("moi.csv", units_csv(units, with_leaders=True))


def upload_of(works: UnitWorks) -> Upload:
    work = works.works["units-import"]
    assert isinstance(work, Upload)
    return work


async def account_of(store: Store, clock: HandClock, resident: Resident) -> AccountId:
    sender = Sender("tg", resident.id)
    return (await store.people.visit(sender, resident.id, day_start(clock.now()))).account


async def acts(store: Store) -> list[str]:
    lines = await store.audit.latest(100)
    return [entry.act for _, entry in reversed(lines)]


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


async def test_the_same_list_is_not_sound(works: UnitWorks, desk: Desk):
    preview = await upload_of(works).preview(file_of(desk.units), FileOrder(AccountId(1)))

    assert (preview.is_sound, preview.errors) == (False, 1)


async def test_what_is_taken_waits_for_another_organiser(
    link: Link, desk: Desk, store: Store, clock: HandClock, mai: Resident
):
    upload = await link.send(file_of(changed(desk.units)))

    done = await link.take(upload)

    (made,) = await store.proposals.open()
    account = await account_of(store, clock, mai)
    trail = await acts(store)
    await mai.command("duyet")
    await mai.tap("Số 1: danh sách đơn vị")
    assert isinstance(done, Done)
    assert "đề nghị số 1" in done.taken.lines[0]
    assert (made.proposal.made_by, made.proposal.why) == (account, WHY)
    assert mai.labels[0] == "Rút đề nghị"
    assert trail[-2:] == ["units_import", "units.propose"]


async def test_t41_two_presses_at_once_propose_once(link: Link, desk: Desk, store: Store):
    upload = await link.send(file_of(changed(desk.units)))

    views = await asyncio.gather(*(link.take(upload) for _ in range(2)))

    assert sorted(type(one).__name__ for one in views) == ["Done", "Refused"]
    assert len(await store.proposals.open()) == 1
    assert [act for act in await acts(store) if act.startswith("units")] == [
        "units_import",
        "units.propose",
    ]


async def test_a_list_overtaken_by_its_equal_costs_no_link(
    link: Link, desk: Desk, store: Store, clock: HandClock, mai: Resident
):
    file = file_of(changed(desk.units))
    upload = await link.send(file)
    standing = await standing_of(store.unit_lists)
    assert standing is not None
    prepared = await prepare(file.content, file.name, standing)
    typed = AuditEntry(clock.now(), None, "cli", "units.propose", "units", why=WHY)
    made = await propose(prepared, typed, store.proposals, desk.catalogue)
    approved = replace(typed, account=await account_of(store, clock, mai))
    await store.proposals.approve(made, approved)

    view = await link.take(upload)

    assert isinstance(view, Troubled)
    assert await store.proposals.open() == ()
    assert isinstance(await link.visits.look(link.token), Asked)


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
