"""The chat page in a real browser: groups, pictures, files and topics by hand, without any bot."""

import asyncio
import io
import json
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, Page, async_playwright

from tests.chromium import QUIET, chromium

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
XLSX = bytes(range(256)) * 40


def picture(width: int = 60, height: int = 40) -> bytes:
    """A whole PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x2b\x6c\xa3" * width) * height)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


class Screen:
    """One page of the stand-in; `phone(person)` is one of its phones."""

    def __init__(self, client: Any, page: Page) -> None:
        self.client = client
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def open(self, *people: int) -> None:
        await self.page.goto(f"{self.client.url}/?person={','.join(map(str, people))}")

    def phone(self, person: int) -> Locator:
        return self.page.locator(f'.phone[data-person="{person}"]')

    async def attach(self, person: int, kind: str, name: str, data: bytes) -> None:
        phone = self.phone(person)
        await phone.locator("[data-role=attach]").click()
        async with self.page.expect_file_chooser() as chosen:
            await phone.locator(f"[data-role=attach-{kind}]").click()
        given = {"name": name, "mimeType": "image/png" if kind == "photo" else "", "buffer": data}
        await (await chosen.value).set_files([given])

    async def sent(self) -> dict[str, Any]:
        """The newest message that came to the bot."""
        async with asyncio.timeout(10):
            while not (heard := self.client.heard()):  # noqa: ASYNC110 (the queue wakes nobody)
                await asyncio.sleep(0.02)
        return dict(heard[-1]["message"])


@pytest.fixture
async def make_screen(client: Any) -> AsyncIterator[Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)

        async def make(size: dict[str, int] = PHONE) -> Screen:
            return Screen(client, await browser.new_page(viewport=size))

        yield make
        await browser.close()


async def send_photo(client: Any, chat: int, **fields: Any) -> dict[str, Any]:
    form = aiohttp.FormData({"chat_id": str(chat)} | {key: str(v) for key, v in fields.items()})
    form.add_field("photo", io.BytesIO(picture()), filename="p.png", content_type="image/png")
    url = f"{client.url}/bot{client.token}/sendPhoto"
    async with client.session.post(url, data=form) as response:
        return dict((await response.json())["result"])


async def test_a_picture_is_shown_with_its_caption_and_can_be_sent_back(
    client: Any, make_screen: Any
) -> None:
    hoa = await client.person("Hoa")
    screen = await make_screen()
    await screen.open(hoa)
    links = {"inline_keyboard": [[{"text": "Xem trang", "url": "https://example.vn/x"}]]}
    await send_photo(client, hoa, caption="Tổ 6: 31 người", reply_markup=json.dumps(links))
    client.heard()

    phone = screen.phone(hoa)
    image = phone.locator(".message[data-from=bot] .photo img")
    await image.wait_for()
    await screen.page.wait_for_function("document.querySelector('.photo img').complete")
    natural = await image.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    link = phone.get_by_role("link", name="Xem trang")
    await screen.attach(hoa, "photo", "anh.png", picture(80, 30))
    await phone.locator("[data-role=caption]").fill("Đã treo áp phích")
    await phone.locator("[data-role=send-file]").click()
    message = await screen.sent()
    file = await client.result("getFile", file_id=message["photo"][-1]["file_id"])
    async with client.session.get(
        f"{client.url}/file/bot{client.token}/{file['file_path']}"
    ) as response:
        data = await response.read()

    assert natural == [60, 40]
    assert await phone.get_by_text("Tổ 6: 31 người").count() == 1
    assert await link.get_attribute("target") == "_blank"
    assert message["caption"] == "Đã treo áp phích"
    assert data == picture(80, 30)
    assert screen.errors == []


async def test_t46_a_file_goes_up_and_comes_down(client: Any, make_screen: Any) -> None:
    hoa = await client.person("Hoa")
    client.heard()
    screen = await make_screen()
    await screen.open(hoa)

    await screen.attach(hoa, "file", "Danh sách đơn vị.xlsx", XLSX)
    await screen.phone(hoa).locator("[data-role=send-file]").click()
    message = await screen.sent()
    chip = screen.phone(hoa).locator("a.card.file")
    async with screen.page.expect_download() as downloading:
        await chip.click()
    download = await downloading.value
    data = await asyncio.to_thread((await download.path()).read_bytes)

    assert message["document"]["file_name"] == "Danh sách đơn vị.xlsx"
    assert download.suggested_filename == "Danh sách đơn vị.xlsx"
    assert data == XLSX
    assert screen.errors == []


async def test_a_startgroup_link_of_the_bot_leads_to_a_group_with_its_code(
    client: Any, make_screen: Any
) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    username = client.stand_in.world.settings.username
    link = f"https://t.me/{username}?startgroup=LK-7F3K"
    markup = {"inline_keyboard": [[{"text": "Thêm bot vào nhóm", "url": link}]]}
    await client.result("sendMessage", chat_id=hoa, text="Mời", reply_markup=markup)
    client.heard()
    screen = await make_screen()
    await screen.open(hoa)
    phone = screen.phone(hoa)

    await phone.get_by_role("link", name="Thêm bot vào nhóm").click()
    await phone.locator("[data-role=chat-new]").click()
    await phone.locator("[data-role=group-title]").fill("Tổ dân phố số 6")
    await phone.locator("[data-role=group-make]").click()
    await phone.locator("[data-role=bot-add-confirm]").click()
    await phone.get_by_text(f"/start@{username}").wait_for()
    message = await screen.sent()

    assert message["text"] == f"/start@{username} LK-7F3K"
    assert message["chat"]["title"] == "Tổ dân phố số 6"
    (group,) = await client.get("/groups")
    assert [each["id"] for each in group["members"]] == [hoa, nam]
    assert screen.errors == []


async def test_members_talk_in_a_group_and_reply_to_the_bot(client: Any, make_screen: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    screen = await make_screen(DESKTOP)
    await screen.open(hoa, nam)
    for person in (hoa, nam):
        await screen.phone(person).locator("[data-role=chats]").click()
        await screen.phone(person).locator(f'[data-role="open-{group}"]').click()
    client.heard()

    await send_photo(client, group, caption="Tổ 6: 31/50")
    said = screen.phone(nam).locator(".message[data-from=bot]")
    await said.locator(".meta").click()
    await screen.phone(nam).get_by_role("button", name="Trả lời", exact=True).click()
    await screen.phone(nam).locator("[data-role=composer]").fill("Cảm ơn bot")
    await screen.phone(nam).locator("[data-role=send]").click()
    theirs = screen.phone(hoa).locator(".message[data-from=other]", has_text="Cảm ơn bot")
    await theirs.wait_for()
    message = await screen.sent()

    assert message["reply_to_message"]["caption"] == "Tổ 6: 31/50"
    assert await theirs.locator(".author").text_content() == "Nam: "
    assert await theirs.locator(".quote").inner_text() == "Tổ 6: 31/50"
    assert await screen.phone(hoa).locator(".photo img").count() == 1
    assert screen.errors == []


async def test_an_administrator_runs_the_group_from_its_menu(client: Any, make_screen: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    screen = await make_screen()
    await screen.open(hoa)
    phone = screen.phone(hoa)
    await phone.locator("[data-role=chats]").click()
    await phone.locator(f'[data-role="open-{group}"]').click()

    async def choose(role: str) -> None:
        await phone.locator("[data-role=menu]").click()
        await phone.locator(f"[data-role={role}]").click()

    await choose("forum")
    await phone.locator(".topics [role=tab]").wait_for()
    await choose("topic-new")
    await phone.locator("[data-role=topic-name]").fill("Báo cáo")
    await phone.locator("[data-role=topic-make]").click()
    await phone.locator(".topics [aria-selected=true]", has_text="Báo cáo").wait_for()
    await choose("bot-promote")
    await phone.locator(".chat-status", has_text="bot quản trị").wait_for()
    client.heard()
    await phone.locator("[data-role=composer]").fill("Xin chào")
    await phone.locator("[data-role=send]").click()
    message = await screen.sent()
    await choose("bot-remove")
    await phone.locator(".chat-status", has_text="đã đưa bot ra").wait_for()
    old = await client.get(f"/groups/{group}")
    new = await client.get(f"/groups/{old['moved_to']}")

    assert (message["is_topic_message"], message["message_thread_id"]) == (
        True,
        new["topics"][1]["id"],
    )
    assert (new["kind"], new["bot"]) == ("supergroup", "kicked")
    assert screen.errors == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP, {"width": 320, "height": 640}])
async def test_nothing_is_wider_than_the_screen(
    client: Any, make_screen: Any, size: dict[str, int]
) -> None:
    hoa = await client.person("Nguyễn Thị Thanh Xuân")
    group = await client.group(hoa, title="Tổ dân phố số 6 khu đô thị mới Phú Lương", forum=True)
    for number in range(6):
        await client.post(f"/groups/{group}/topics", by=hoa, name=f"Chủ đề thứ {number}")
    await send_photo(client, group, caption="x" * 300)
    screen = await make_screen(size)
    await screen.open(hoa)
    phone = screen.phone(hoa)

    widths = []
    for role in ("chats", f"open-{group}"):
        await phone.locator(f'[data-role="{role}"]').click()
        await screen.page.wait_for_timeout(200)
        widths.append(await screen.page.evaluate("document.documentElement.scrollWidth"))
    inside = await phone.evaluate(
        "phone => [...phone.querySelectorAll('.message, .composer, .chat-head')]"
        ".filter(each => each.scrollWidth > each.clientWidth + 1).length"
    )

    assert max(widths) <= size["width"]
    assert inside == 0
    assert screen.errors == []
