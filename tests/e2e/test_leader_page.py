"""A leader reads the unit's figures in a real browser, with their picture, and the poster."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from handlers.records import Role
from store.sql import connect
from tests.chromium import QUIET, chromium
from tests.leaders import appoint

PHONE = {"width": 412, "height": 915}
TITLE = "Tổ dân phố 6 (Nhân Trạch)"


@pytest.mark.browser
async def test_leader_goes_from_home_to_figures_with_picture_and_poster(
    launch: Any, meet: Any, stand_in: Any, tmp_path: Any
) -> None:
    await launch()
    resident = await meet()
    await resident.register()
    leader = await meet(name="Trần Thị Lan", phone="+84900000001")
    await leader.start()
    await leader.sees("Xin chào")
    database = connect(f"sqlite:///{tmp_path / 'data' / 'hoithi.sqlite'}")
    await appoint(SimpleNamespace(database=database), 2, Role.LEADER, "TDP-06")
    await database.close()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = await browser.new_page(viewport=PHONE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{stand_in.url}/?person={leader.id}")

        await page.locator("[data-role=composer]").fill("/start")
        await page.locator("[data-role=send]").click()
        await _press(page, "Số liệu của đơn vị")
        await page.get_by_text("Đã đăng ký: 1 người").wait_for()
        report = await _pictures(page, 1)
        await _press(page, "Mã QR của đơn vị")
        await page.get_by_text(f"Mã QR của {TITLE}").wait_for()
        both = await _pictures(page, len(report) + 1)

        texts = [one["text"].splitlines()[:6] for one in await leader.messages()]
        assert errors == []
        await browser.close()
    # The evening before may be caught up with a picture of its own.
    assert set(report) == {1080}
    assert len(both) == len(report) + 1
    shown = next(one for one in texts if one[:1] == [TITLE] and one[1].startswith("Tính đến"))
    assert shown[3:6] == [
        "Đã tham gia: 0 người, 0 lượt thi",
        "Riêng hôm nay: 0 người, 0 lượt",
        "Đã đăng ký: 1 người",
    ]


async def _press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).last.click()


async def _pictures(page: Page, count: int) -> list[int]:
    """The widths of the pictures shown, once that many are loaded."""
    shown = page.locator(".log .photo img")
    await shown.nth(count - 1).wait_for()
    # The page's policy forbids `wait_for_function`, which evaluates text in the page.
    loaded = "(all) => Promise.all(all.map((one) => one.decode().then(() => one.naturalWidth)))"
    return list(await shown.evaluate_all(loaded))
