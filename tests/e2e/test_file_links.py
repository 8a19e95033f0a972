"""A judge and an organiser with real files, a real bot and a real browser; pictures are kept."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from question_bank.importers.child import read_file
from question_bank.importers.toml_file import read_bank
from store.sql import connect
from tests import staffing
from tests.e2e.test_browser import PHONE, QUIET, SCREENSHOTS, chromium
from tests.e2e.test_polling_and_webhook import transport

ROOT = Path(__file__).parents[2]
DESK = {"width": 1280, "height": 900}
HEAD = "Câu hỏi,A,B,C,D,Đáp án,Chủ đề,Nguồn,Giải thích\n"
ROW = (
    "Người dân phường nộp hồ sơ {} trực tuyến ở đâu?,Cổng Dịch vụ công quốc gia,Trang mạng xã hội "
    "{},Hộp thư điện tử {},Tổng đài {},A,Thủ tục hành chính và dịch vụ công trực tuyến,"
    '"Luật mẫu, Điều {}",Vì quy định như vậy.\n'
)
Launch = Callable[..., Any]
Meet = Callable[..., Any]


def good_file(count: int = 4) -> bytes:
    return (HEAD + "".join(ROW.format(*[at] * 5) for at in range(1, count + 1))).encode()


def bad_file() -> bytes:
    """Two problems: no key in row 3, and two options alike in row 4."""
    rows = [ROW.format(*[at] * 5) for at in range(1, 5)]
    rows[1] = rows[1].replace(",A,Thủ tục", ",,Thủ tục")
    rows[2] = rows[2].replace("Tổng đài 3", "Hộp thư điện tử 3")
    return (HEAD + "".join(rows)).encode()


@pytest.fixture
def bank(config: Path, tmp_path: Path) -> Path:
    """A bank that this test may write to."""
    folder = tmp_path / "bank"
    shutil.copytree(ROOT / "question_bank/questions", folder)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"{ROOT}/question_bank/questions", str(folder)), "utf-8")
    return folder


def drafts_in(bank: Path) -> list[Any]:
    return [one for one in read_bank(bank).questions if one.status == "draft"]


def appoint(base: Path, sender: int, role: str) -> None:
    with closing(sqlite3.connect(base, timeout=10)) as opened, opened:
        opened.execute(
            "INSERT INTO role (account, role, unit, name_box, phone_box, phone_index, "
            "is_phone_verified, granted_at) "
            "SELECT id, ?, '', x'', x'', x'', 0, 0 FROM account WHERE external_id = ?",
            (role, str(sender)),
        )


async def staff_of(meet: Meet, tmp_path: Path, role: str) -> Any:
    person = await meet()
    await person.start()
    await person.sees("Xin chào")
    appoint(tmp_path / "data" / "hoithi.sqlite", person.id, role)
    await person.text("/nganhang")
    await person.sees("Câu đã duyệt theo chủ đề")
    return person


async def link_of(person: Any, label: str) -> tuple[str, str]:
    """Address and code of the link behind a button of the menu."""
    await person.tap(label)
    text = await person.sees("rồi gõ mã")
    return await person.address("Mở trang tải tệp"), re.search(r"gõ mã (\d{6})", text)[1]


async def link_to_send(launch: Launch, meet: Meet, tmp_path: Path) -> tuple[str, str]:
    """Address and code of an organiser's link to send questions by, at a bot of its own."""
    await launch(**transport("webhook"))
    organiser = await staff_of(meet, tmp_path, "organiser")
    return await link_of(organiser, "Đưa câu hỏi vào ngân hàng")


async def prove(page: Page, code: str) -> None:
    await page.get_by_label("Mã 6 số").fill(code)
    await page.get_by_role("button", name="Tiếp tục").click()


@asynccontextmanager
async def browsing(size: dict[str, int]) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page of that size, and what went wrong in it or was asked of anybody else."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        context = await browser.new_context(viewport=size, accept_downloads=True)
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        yield page, wrong
        await browser.close()


async def keep(page: Page, name: str, size: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"link-{size}-{name}.png", full_page=True)


@pytest.mark.browser
@pytest.mark.parametrize(("size", "viewport"), [("desk", DESK), ("phone", PHONE)])
async def test_an_organiser_sends_questions_from_a_browser(
    launch: Launch, meet: Meet, tmp_path: Path, bank: Path, size: str, viewport: dict[str, int]
) -> None:
    url, code = await link_to_send(launch, meet, tmp_path)
    bad, good = tmp_path / "cau-hoi.csv", tmp_path / "cau-hoi-da-sua.csv"
    bad.write_bytes(bad_file())
    good.write_bytes(good_file())

    async with browsing(viewport) as (page, wrong):
        await page.goto(url)
        await keep(page, "1-code", size)
        await prove(page, "123")
        await page.get_by_text("đúng 6 chữ số").wait_for()
        await keep(page, "2-wrong", size)
        await prove(page, code)
        await page.locator("input[type=file]").set_input_files(bad)
        await page.get_by_text("Đã chọn: cau-hoi.csv").wait_for()
        await keep(page, "3-upload", size)
        await page.get_by_role("button", name="Gửi tệp để xem trước").click()
        await page.get_by_text("Chưa dùng được: có 2 lỗi").wait_for()
        found = await page.locator("tbody tr").all_inner_texts()
        await keep(page, "4-problems", size)
        await page.locator("input[type=file]").set_input_files(good)
        await page.get_by_role("button", name="Gửi tệp để xem trước").click()
        await page.get_by_text("đọc được 4 mục, không có lỗi").wait_for()
        await keep(page, "5-preview", size)
        before = drafts_in(bank)
        await page.get_by_role("button", name="Đưa vào").click()
        await page.get_by_text("Đã đưa 4 câu nháp vào ngân hàng").wait_for()
        await keep(page, "6-done", size)
        await page.goto(url)
        await page.get_by_text("Đường dẫn đã dùng rồi").wait_for()
        await keep(page, "7-used", size)

    drafts = drafts_in(bank)
    assert len(found) == 2
    assert "Dòng 3" in found[0]
    assert "Dòng 4" in found[1]
    assert (len(before), len(drafts)) == (0, 4)
    # A refused code and a used link are said by their status, which the console repeats.
    assert [said for said in wrong if "status of 4" not in said] == []


@pytest.mark.browser
async def test_a_judge_takes_the_bank_home_once(
    launch: Launch, meet: Meet, tmp_path: Path, bank: Path
) -> None:
    await launch(**transport("webhook"))
    judge = await staff_of(meet, tmp_path, "judge")
    url, code = await link_of(judge, "Excel, có đáp án")

    async with browsing(PHONE) as (page, wrong):
        await page.goto(url)
        await keep(page, "download", "phone")
        await page.get_by_label("Mã 6 số").fill(f"{(int(code) + 1) % 1_000_000:06}")
        await page.get_by_role("button", name="Tải tệp xuống").click()
        await page.get_by_text("Mã chưa đúng").wait_for()
        await page.get_by_label("Mã 6 số").fill(code)
        async with page.expect_download() as waiting:
            await page.get_by_role("button", name="Tải tệp xuống").click()
        download = await waiting.value
        await download.save_as(tmp_path / "taken.xlsx")
        await page.get_by_text("Đang chuẩn bị tệp").wait_for()
        await page.get_by_text("Mã chưa đúng").wait_for(state="hidden")
        is_seen = "one => one.getBoundingClientRect().bottom <= innerHeight"
        assert await page.locator("[data-role=preparing]").evaluate(is_seen)
        await keep(page, "downloaded", "phone")

    reading = read_file(tmp_path / "taken.xlsx")
    assert download.suggested_filename == "ngan-hang-co-dap-an.xlsx"
    assert len(reading.drafts) == len(read_bank(bank).questions)
    # A refused code is said by its status, which the console repeats.
    assert [said for said in wrong if "status of 4" not in said] == []


@pytest.mark.browser
async def test_what_a_proxy_or_the_network_answers_is_told(
    launch: Launch, meet: Meet, tmp_path: Path, bank: Path
) -> None:
    url, code = await link_to_send(launch, meet, tmp_path)
    file = tmp_path / "cau-hoi.csv"
    file.write_bytes(good_file())

    async with browsing(PHONE) as (page, _):
        await page.goto(url)
        await prove(page, code)
        await page.locator("input[type=file]").set_input_files(file)
        send = page.get_by_role("button", name="Gửi tệp để xem trước")
        await page.route("**/file", lambda route: route.fulfill(status=413, body="<h1>413</h1>"))
        await send.click()
        await page.get_by_text("Tệp nặng quá 10 MB").wait_for()
        await page.unroute("**/file")
        await page.route("**/file", lambda route: route.abort())
        await send.click()
        await page.get_by_text("Đường truyền bị ngắt").wait_for()
        await page.unroute("**/file")
        await send.click()
        await page.get_by_text("đọc được 4 mục, không có lỗi").wait_for()

    assert drafts_in(bank) == []


@pytest.mark.browser
async def test_page_works_without_its_script(
    launch: Launch, meet: Meet, tmp_path: Path, bank: Path
) -> None:
    url, code = await link_to_send(launch, meet, tmp_path)
    good = tmp_path / "cau-hoi.csv"
    good.write_bytes(good_file())

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(url)
        await prove(page, code)
        await page.locator("input[type=file]").set_input_files(good)
        await page.get_by_role("button", name="Gửi tệp để xem trước").click()
        await page.get_by_role("button", name="Đưa vào").click()
        await page.get_by_text("Đã đưa 4 câu nháp").wait_for()
        await browser.close()

    assert len(drafts_in(bank)) == 4


async def test_a_file_sent_to_one_worker_is_taken_by_another(
    launch: Launch, meet: Meet, http: Any, tmp_path: Path, bank: Path
) -> None:
    """Nothing of it is in a process's memory: the bot is killed in between."""
    import aiohttp  # noqa: PLC0415

    bot = await launch(log_level="debug", **transport("webhook"))
    organiser = await staff_of(meet, tmp_path, "organiser")
    url, code = await link_of(organiser, "Đưa câu hỏi vào ngân hàng")
    form = aiohttp.FormData({"code": code})
    form.add_field("file", good_file(), filename="cau-hoi.csv")
    async with http.post(f"{url}/file", data=form) as response:
        html = await response.text()
    upload = re.search(r'name="upload" value="(\d+)"', html)[1]

    await bot.kill()
    await bot.start()
    async with http.post(url, data={"code": code, "step": "take", "upload": upload}) as response:
        status = response.status
    await bot.stop()

    log = "".join(bot.log)
    assert status == 200
    assert len(drafts_in(bank)) == 4
    token = url.rpartition("/")[2]
    assert "file_previewed" in log
    assert token not in log
    assert code not in log


@pytest.mark.postgres
async def test_several_workers_share_their_links(
    launch: Launch, meet: Meet, http: Any, postgres_url: str
) -> None:
    arguments = ("--workers", "3")
    await launch(arguments=arguments, DATABASE_URL=postgres_url, **transport("webhook"))
    judge = await meet()
    await judge.start()
    await judge.sees("Xin chào")
    database = connect(postgres_url)
    await staffing.appoint(database, str(judge.id), "judge")
    await database.close()
    await judge.text("/nganhang")
    url, code = await link_of(judge, "Word, không đáp án")

    async def press() -> int:
        async with http.post(url, data={"code": code, "step": "download"}) as response:
            await response.read()
            return int(response.status)

    statuses = await asyncio.gather(*(press() for _ in range(12)))

    assert sorted(statuses) == [200] + [410] * 11
