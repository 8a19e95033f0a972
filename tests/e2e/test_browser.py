"""A resident takes the contest in a real browser, at the size of a phone; pictures are kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from tests.chromium import QUIET, chromium

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
PHONE = {"width": 390, "height": 844}
Launch = Callable[..., Any]


@pytest.mark.browser
async def test_whole_contest_in_the_chat_page(launch: Launch, stand_in: Any) -> None:
    await launch()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = await browser.new_page(viewport=PHONE, device_scale_factor=2)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{stand_in.url}/?start=TDP-06&name=Nguyễn Thị Hoa")

        await _take_contest(page)

        assert await page.get_by_text("ĐÃ NỘP BÀI").count() == 1
        assert errors == []
        await browser.close()


async def _take_contest(page: Page) -> None:
    shots = iter(range(1, 100))

    async def keep(name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        await page.wait_for_timeout(250)
        await page.screenshot(path=SCREENSHOTS / f"{next(shots):02d}-{name}.png")

    async def press(label: str) -> None:
        await page.get_by_role("button", name=label, exact=True).last.click()

    async def see(words: str) -> None:
        await page.get_by_text(words).last.wait_for()

    await see("Xin chào. Đây là nơi đăng ký")
    await keep("start")
    await press("Đăng ký dự thi")
    await see("Trước khi đăng ký")
    await keep("consent")
    await press("Đồng ý")
    await see("Bước 1/4")
    await keep("phone")
    await press("Gửi số điện thoại của tôi")
    await page.locator("[data-role=share-contact-confirm]").click()
    await see("Bước 2/4")
    await keep("name")
    await page.locator("[data-role=composer]").fill("Nguyễn Thị Hoa")
    await page.locator("[data-role=send]").click()
    await see("Bước 3/4")
    await page.locator("[data-role=composer]").fill("1955")
    await page.locator("[data-role=send]").click()
    await see("Bước 4/4")
    await keep("unit")
    await press("Đúng")
    await see("Xin kiểm tra lại")
    await keep("summary")
    await press("Đúng, hoàn tất")
    await see("Đăng ký thành công")
    await keep("registered")
    await press("Vào thi")
    await press("Bắt đầu làm bài")
    for place in range(1, 16):
        await see(f"Câu {place}/15")
        if place in {1, 8}:
            await keep(f"question-{place}")
        # Two letters in turn: the same place within 0.7 s would be a double tap.
        await press("B" if place % 2 else "C")
    await see("Câu dự đoán")
    await keep("prediction")
    await page.locator("[data-role=composer]").fill("120")
    await page.locator("[data-role=send]").click()
    await see("Xem lại trước khi nộp")
    await keep("review")
    await press("Nộp bài")
    await see("ĐÃ NỘP BÀI")
    await keep("receipt")
