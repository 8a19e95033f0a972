"""T07 for a report: a bot that is killed in the middle of a file serves no half of it, ever."""

import io
from pathlib import Path
from signal import SIGKILL
from typing import Any

import aiohttp
import pytest
from openpyxl import load_workbook

from bot.scratch import PREFIX
from tests.e2e.test_file_links import link_of, staff_of
from tests.e2e.test_polling_and_webhook import transport

LABEL = "Tải bảng Excel toàn cuộc thi"


async def test_t07_killed_in_mid_report_leaves_no_file_to_serve_nor_on_the_disk(
    launch: Any, meet: Any, http: Any, tmp_path: Path
) -> None:
    crash, system = tmp_path / "crash", tmp_path / "system"
    system.mkdir()
    bot = await launch(**transport("webhook"), HOITHI_CRASH=str(crash), TMPDIR=str(system))
    organiser = await staff_of(meet, tmp_path, "organiser")
    await organiser.text("/thongke")
    url, code = await link_of(organiser, LABEL)
    crash.write_text("report_half", encoding="ascii")

    with pytest.raises(aiohttp.ClientError):
        await download(http, url, code)
    died = await bot.process.wait()
    left = files_in(system)
    await bot.start()
    cleared = files_in(system)
    # The link was not used up by what nobody got.
    whole = await download(http, url, code)
    await bot.stop()

    assert died == -SIGKILL
    assert left != [] == cleared
    assert load_workbook(io.BytesIO(whole))["Người dự thi"]["B1"].value == "Họ và tên"
    assert list(system.glob(f"{PREFIX}*")) == []


async def download(http: Any, url: str, code: str) -> bytes:
    async with http.post(url, data={"code": code, "step": "download"}) as response:
        content: bytes = await response.read()
        return content


def files_in(system: Path) -> list[Path]:
    folders = system.glob(f"{PREFIX}*")
    return [one for folder in folders for one in folder.rglob("*") if one.is_file()]
