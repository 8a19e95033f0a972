"""Files by one-time link: who is offered which, how it reads, and what each step of a link does."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.access import DEEDS, Deed, may_do
from handlers.buttons import PlainButton
from handlers.declared import ARGUMENTS
from handlers.desk import Desk
from handlers.file_links import LINK_MS, offer_download
from handlers.file_purposes import MEDIA_TYPES, PURPOSES
from handlers.file_works import (
    Download,
    FileOrder,
    Terms,
    Trouble,
)
from handlers.incoming import Incoming, Tap, Text
from handlers.link_visits import (
    Asked,
    Done,
    Ending,
    LinkVisits,
    Opened,
    Previewed,
    Refused,
    Sending,
    Troubled,
    give_up,
)
from handlers.office_links import SentFile
from handlers.ports import StoreAwayError
from handlers.records import EventId, Grant, Role, Sender
from handlers.reply import Place
from handlers.staff import Staff
from question_bank.census import census_of
from scoring.instant import Instant
from store.house import Store
from store.tables import UPLOAD
from tests.linking import FILE, URL, Scene
from tests.playing import bank_of
from tests.staffing import appoint, dismiss

Meet = Callable[..., Any]


class CountedBank:
    """A bank on disk, as the menu asks of it."""

    async def census(self) -> Any:
        bank = bank_of({"de_an_06": 3, "an_toan_so": 2})
        drafts = tuple(replace(one, status="draft") for one in bank.questions[:1])
        return census_of(
            replace(bank, questions=(*drafts, *bank.questions[1:])),
            {"de_an_06": 2, "an_toan_so": 1},
        )


async def test_menu_of_a_judge_counts_and_tells_no_question(scene: Scene, desk: Desk):
    desk.office.bank = CountedBank()

    await scene.judge.command("nganhang")

    text = scene.judge.screen.text
    assert "Đã duyệt: <b>4</b> câu" in text
    assert "chờ duyệt: <b>1</b> câu" in text
    assert "an_toan_so: 1 câu, mỗi đề rút 1\nde_an_06: 3 câu, mỗi đề rút 2\n" in text
    assert "là gì?" not in text
    assert scene.judge.labels == [
        "Excel, không đáp án",
        "Word, không đáp án",
        "Excel, có đáp án",
        "Word, có đáp án",
        "Bản lưu .toml, có đáp án",
        "Tệp mẫu Excel",
        "Tệp mẫu Word",
        "Đưa câu hỏi vào ngân hàng",
        "Màn hình chính",
    ]


async def press(resident: Any, deed: str, argument: str = "") -> Any:
    """A button as we make them for this very person, shown or not."""
    signer = resident.desk.contest.signer
    return await resident.say(
        Tap(signer.write(PlainButton(deed, argument), Sender("tg", resident.id)))
    )


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize(
    "deed", ["bank_paper", "bank_keys", "bank_template", "bank_import", "results_file", "ward_file"]
)
async def test_t40_a_link_is_given_to_whom_the_deed_allows_it(
    scene: Scene, meet: Meet, deed: str, role: Role | None
):
    somebody = meet()
    await somebody.command("start")
    if role is not None:
        await appoint(scene.store.database, somebody.id, role.value)

    reply = await press(somebody, deed, "xlsx")

    is_given = bool(reply.screens[-1].buttons[0][0].url)
    assert is_given == (role in DEEDS[deed].roles)
    assert [act for act, _ in await scene.acts()] == ["file_offered" if is_given else "refused"]


async def test_t41_a_leader_has_files_of_his_own_unit_only(
    scene: Scene, meet: Meet, monkeypatch: pytest.MonkeyPatch
):
    """With a deed of units, as a unit's report will be."""
    deed = Deed(frozenset({Role.LEADER, Role.JUDGE}), is_of_unit=True)
    monkeypatch.setitem(DEEDS, "bank_paper", deed)
    leader = meet()
    await leader.command("start")
    account = await appoint(scene.store.database, leader.id, "leader", unit="TDP-06")
    visitor = await leader.desk.people.visit(Sender("tg", leader.id), leader.id, Instant(0))
    now_ms, said = scene.clock.machine_ms(), Text("")
    incoming = Incoming(Sender("tg", leader.id), leader.id, EventId("e"), Instant(0), now_ms, said)
    staff = Staff(leader.desk, incoming, visitor, "bank_paper", frozenset({"TDP-06"}))

    foreign = await offer_download(staff, "bank-xlsx", {"unit": "TDP-07"})
    own = await offer_download(staff, "bank-xlsx", {"unit": "TDP-06"})
    scene.take_link(own)
    sent = await scene.visits.download(scene.token, scene.code)
    lost = await offer_download(staff, "bank-xlsx", {"unit": "TDP-06"})
    await dismiss(scene.store.database, account)
    await appoint(scene.store.database, leader.id, "leader", unit="TDP-07")
    scene.take_link(lost)
    moved = await scene.visits.download(scene.token, scene.code)

    assert foreign.screens[0].buttons[0][0].url == ""
    assert (type(sent), moved.ending) == (Sending, Ending.ROLE_LOST)
    assert (await scene.acts())[0] == ("refused", "bank_paper")


async def test_organisers_menu_has_no_door_to_keys(scene: Scene, meet: Meet):
    organiser = meet()
    await organiser.command("start")
    await appoint(scene.store.database, organiser.id, "organiser")

    await organiser.command("nganhang")

    assert organiser.labels == [
        "Excel, không đáp án",
        "Word, không đáp án",
        "Tệp mẫu Excel",
        "Tệp mẫu Word",
        "Đưa câu hỏi vào ngân hàng",
        "Màn hình chính",
    ]
    assert "Chưa đọc được ngân hàng" in organiser.screen.text


async def test_message_carries_address_and_code_and_cannot_be_forwarded(scene: Scene):
    await scene.judge.command("nganhang")
    reply = await scene.judge.tap("Excel, có đáp án")

    (screen,) = reply.screens
    scene.take_link(reply)
    button = screen.buttons[0][0]
    assert (screen.is_protected, screen.place, screen.file) == (True, Place.BELOW, None)
    assert (button.label, button.data) == ("Mở trang tải tệp", "")
    assert button.url == f"{URL}/l/{scene.token}"
    assert scene.code not in button.url
    assert scene.token not in screen.text
    assert "Ngân hàng câu hỏi có đáp án" in screen.text
    assert "tài liệu kín" in screen.text
    assert await scene.acts() == [("file_offered", "file:bank-keys-xlsx")]


async def test_without_an_address_the_command_line_is_named(scene: Scene, desk: Desk):
    desk.office.public_url = ""
    await scene.judge.command("nganhang")

    reply = await scene.judge.tap("Word, không đáp án")

    text = reply.screens[0].text
    assert "hoithi questions export ngan-hang-cau-hoi.docx --without-keys" in text
    assert [one.url for row in reply.screens[0].buttons for one in row] == [""]
    assert await scene.acts() == []


@pytest.mark.parametrize(
    ("typed", "purpose"),
    [
        ("docx", "bank-docx"),
        ("", "bank-xlsx"),
        ("exe", "bank-xlsx"),
        ("import", "bank-xlsx"),
        ("keys-xlsx", "bank-xlsx"),
    ],
)
async def test_a_suffix_that_there_is_not_gives_the_excel_file(
    scene: Scene, typed: str, purpose: str
):
    await press(scene.judge, "bank_paper", typed)

    assert await scene.acts() == [("file_offered", f"file:{purpose}")]


async def test_looking_uses_nothing(scene: Scene):
    await scene.ask("Excel, có đáp án")

    looks = [await scene.visits.look(scene.token) for _ in range(20)]

    assert {type(one) for one in looks} == {Asked}
    assert looks[0].seen.role is Role.JUDGE
    assert isinstance(await scene.visits.download(scene.token, scene.code), Sending)


async def test_t41_a_file_is_sent_once(scene: Scene):
    await scene.ask("Excel, có đáp án")

    views = await asyncio.gather(
        *(scene.visits.download(scene.token, scene.code) for _ in range(2))
    )
    later = await scene.visits.download(scene.token, scene.code)

    assert sorted(type(one).__name__ for one in views) == ["Refused", "Sending"]
    assert later == Refused(Ending.USED, later.link)
    assert await scene.acts() == [
        ("file_offered", "file:bank-keys-xlsx"),
        ("file_downloaded", "file:bank-keys-xlsx"),
    ]


async def test_code_is_taken_with_spaces_in_it(scene: Scene):
    await scene.ask("Excel, có đáp án")

    spaced = f" {scene.code[:3]} {scene.code[3:]} "

    assert isinstance(await scene.visits.download(scene.token, spaced), Sending)


async def test_what_is_no_code_costs_no_guess(scene: Scene):
    await scene.ask("Excel, có đáp án")

    views = [
        await scene.visits.download(scene.token, code) for code in ("", "12345", "abcdef", "9" * 9)
    ]

    assert [view.is_malformed for view in views] == [True] * 4
    assert [(await scene.visits.look(scene.token)).seen.link.wrong] == [0]


async def test_t41_five_wrong_codes_and_the_right_one_opens_nothing(scene: Scene):
    await scene.ask("Excel, có đáp án")

    views = [await scene.visits.download(scene.token, scene.wrong) for _ in range(5)]
    after = await scene.visits.download(scene.token, scene.code)

    assert [getattr(view, "left", None) for view in views] == [4, 3, 2, 1, None]
    assert (views[4].ending, after.ending) == (Ending.WRONG_CODES, Ending.WRONG_CODES)
    assert scene.works.produced == 0
    acts = [act for act, _ in await scene.acts()]
    assert acts == ["file_offered"] + ["file_code_wrong"] * 5


@pytest.mark.parametrize(("later_ms", "is_open"), [(-1, True), (0, False), (1, False)])
async def test_t41_a_link_lasts_ten_minutes_of_the_machine(
    scene: Scene, later_ms: int, is_open: bool
):
    await scene.ask("Excel, có đáp án")
    scene.clock.wait(LINK_MS + later_ms)

    view = await scene.visits.download(scene.token, scene.code)

    assert isinstance(view, Sending) == is_open
    assert isinstance(view, Refused) == (not is_open)


async def test_t41_the_code_of_one_account_opens_nothing_of_another(scene: Scene, meet: Meet):
    other = meet()
    await other.command("start")
    await appoint(scene.store.database, other.id, "judge")
    await scene.ask("Excel, có đáp án")
    code = scene.code
    await other.command("nganhang")
    scene.take_link(await other.tap("Excel, có đáp án"))
    await _until_codes_differ(scene, other, code)

    view = await scene.visits.download(scene.token, code)

    assert (type(view), view.left) == (Asked, 4)


async def _until_codes_differ(scene: Scene, other: Any, code: str) -> None:
    """Of a million codes two may be the same."""
    while scene.code == code:
        await other.command("nganhang")
        scene.take_link(await other.tap("Excel, có đáp án"))


async def test_t40_whoever_has_lost_the_role_is_refused_at_every_step(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    sent = await scene.visits.upload(scene.token, scene.code, FILE)
    await dismiss(scene.store.database, scene.account)

    views = [
        await scene.visits.look(scene.token),
        await scene.visits.open(scene.token, scene.code),
        await scene.visits.upload(scene.token, scene.code, FILE),
        await scene.visits.take(scene.token, scene.code, sent.upload),
        await scene.visits.drop(scene.token, scene.code, sent.upload),
    ]

    assert {view.ending for view in views} == {Ending.ROLE_LOST}
    assert scene.works.taken == []
    acts = await scene.acts()
    assert [act for act, _ in acts[-4:]] == ["refused"] * 4


async def test_t40_another_role_than_the_deeds_is_none(scene: Scene):
    await scene.ask("Excel, có đáp án")
    await dismiss(scene.store.database, scene.account)
    await appoint(scene.store.database, scene.judge.id, "organiser", "technician")

    view = await scene.visits.download(scene.token, scene.code)

    assert view.ending is Ending.ROLE_LOST


async def test_a_file_that_cannot_be_made_costs_no_link(scene: Scene):
    await scene.ask("Excel, có đáp án")
    scene.works.trouble = Trouble(("why",))

    troubled = await scene.visits.download(scene.token, scene.code)
    scene.works.trouble = None

    assert (type(troubled), troubled.trouble.lines) == (Troubled, ("why",))
    assert isinstance(await scene.visits.download(scene.token, scene.code), Sending)


async def test_a_file_is_looked_through_and_taken_with_the_second_press(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")

    opened = await scene.visits.open(scene.token, scene.code)
    bad = await scene.visits.upload(scene.token, scene.code, SentFile("a.xlsx", b"bad"))
    good = await scene.visits.upload(scene.token, scene.code, FILE)
    done = await scene.visits.take(scene.token, scene.code, good.upload)
    again = await scene.visits.take(scene.token, scene.code, good.upload)

    assert [type(one) for one in (opened, bad, good, done)] == [Opened, Previewed, Previewed, Done]
    assert bad.upload is None
    assert again.ending is Ending.USED
    assert scene.works.taken == [(FILE, FileOrder(scene.account, {}))]
    assert [act for act, _ in await scene.acts()] == [
        "file_offered",
        "file_uploaded",
        "file_uploaded",
        "bank_import",
    ]


async def test_audit_counts_errors_and_names_no_file(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    await scene.visits.upload(scene.token, scene.code, SentFile("Lê Thị Bí Mật.XLSX", b"bad"))
    await scene.visits.upload(scene.token, scene.code, SentFile("Lê Thị Bí Mật.Hoa", b"bad"))

    lines = [entry for _, entry in await scene.store.audit.latest(2)]

    assert [dict(one.detail) for one in lines] == [
        {"errors": 1, "kind": "other"},
        {"errors": 1, "kind": "xlsx"},
    ]
    assert "Bí Mật" not in str(lines)
    assert {(one.role, one.account) for one in lines} == {("judge", scene.account)}


async def test_t41_two_second_presses_take_a_file_once(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    sent = await scene.visits.upload(scene.token, scene.code, FILE)

    views = await asyncio.gather(
        *(scene.visits.take(scene.token, scene.code, sent.upload) for _ in range(3))
    )

    assert sorted(type(one).__name__ for one in views) == ["Done", "Refused", "Refused"]
    assert len(scene.works.taken) == 1


async def test_a_dropped_file_is_not_taken_and_the_link_stands(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    sent = await scene.visits.upload(scene.token, scene.code, FILE)

    dropped = await scene.visits.drop(scene.token, scene.code, sent.upload)
    taken = await scene.visits.take(scene.token, scene.code, sent.upload)
    anew = await scene.visits.upload(scene.token, scene.code, FILE)

    assert (type(dropped), dropped.was_dropped) == (Opened, True)
    assert (type(taken), taken.was_dropped) == (Opened, False)
    assert isinstance(await scene.visits.take(scene.token, scene.code, anew.upload), Done)


async def test_t41_a_file_of_another_link_is_not_taken(scene: Scene, meet: Meet):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    sent = await scene.visits.upload(scene.token, scene.code, FILE)
    other = meet()
    await other.command("start")
    await appoint(scene.store.database, other.id, "judge")
    await other.command("nganhang")
    scene.take_link(await other.tap("Đưa câu hỏi vào ngân hàng"))

    views = [
        await scene.visits.take(scene.token, scene.code, sent.upload),
        await scene.visits.drop(scene.token, scene.code, sent.upload),
    ]

    assert [type(one) for one in views] == [Opened, Opened]
    assert scene.works.taken == []
    assert [row.state for row in await _uploads(scene.store)] == ["waiting"]


async def _uploads(store: Store) -> Any:
    return await store.database.read(lambda one: one.execute(select(UPLOAD)).all())


async def test_what_fails_after_the_second_press_has_a_line(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    sent = await scene.visits.upload(scene.token, scene.code, FILE)
    scene.works.trouble = Trouble(("disk full",))

    view = await scene.visits.take(scene.token, scene.code, sent.upload)

    assert (type(view), view.trouble.lines) == (Troubled, ("disk full",))
    assert (await scene.acts())[-1][0] == "file_failed"


async def test_what_hinders_is_said_before_a_file_is_chosen(scene: Scene):
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    scene.works.terms = Terms(("note",), ("no room",))

    opened = await scene.visits.open(scene.token, scene.code)
    sent = await scene.visits.upload(scene.token, scene.code, FILE)

    assert [type(one) for one in (opened, sent)] == [Troubled, Troubled]
    assert opened.trouble.lines == ("no room",)


async def test_a_link_for_one_way_does_not_go_the_other(scene: Scene):
    await scene.ask("Excel, có đáp án")
    down = [
        await scene.visits.open(scene.token, scene.code),
        await scene.visits.upload(scene.token, scene.code, FILE),
        await scene.visits.take(scene.token, scene.code, 1),
    ]
    await scene.ask("Đưa câu hỏi vào ngân hàng")
    up = await scene.visits.download(scene.token, scene.code)

    assert [type(one) for one in (*down, up)] == [Asked] * 4
    assert scene.works.produced == 0


@pytest.mark.parametrize("fate", ["used meanwhile", "sql away"])
async def test_a_file_made_for_nothing_is_let_go(scene: Scene, tmp_path: Path, fate: str):
    path = tmp_path / "made.xlsx"

    async def produce(_: FileOrder) -> Path:
        path.write_bytes(b"x")
        if fate == "used meanwhile":
            await scene.visits.download(scene.token, scene.code)
        else:
            scene.visits.office.links = Away()
        return path

    works = {"bank-keys-xlsx": Download(produce)}
    visits = LinkVisits(scene.visits.office, scene.clock, works)
    await scene.ask("Excel, có đáp án")

    with nullcontext() if fate == "used meanwhile" else pytest.raises(StoreAwayError):
        view = await visits.download(scene.token, scene.code)
        assert view.ending is Ending.USED

    assert not path.exists()


class Away:
    async def claim(self, _: object) -> bool:
        raise StoreAwayError("away")


async def test_what_nobody_is_sent_is_let_go(tmp_path: Path):
    path, closed = tmp_path / "a.xlsx", []
    path.write_bytes(b"x")

    async def chunks() -> Any:
        try:
            yield b"x"
        finally:
            closed.append(1)

    opened = chunks()
    await anext(opened)
    for content in (b"x", path, path, opened):
        await give_up(content)

    assert not path.exists()
    assert closed == [1]


def test_every_purpose_has_its_deed_title_and_kind():
    for purpose in PURPOSES.values():
        assert purpose.deed in DEEDS
        assert purpose.title in ARGUMENTS
        assert purpose.is_upload != bool(purpose.name)
        assert purpose.is_upload or purpose.media_type in MEDIA_TYPES.values()


def test_t40_no_technician_has_any_file():
    grants = (Grant(Role.TECHNICIAN),)

    assert [name for name, one in PURPOSES.items() if may_do(one.deed, grants)] == []
