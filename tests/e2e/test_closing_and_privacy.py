"""The clock's end of a contest, what logs may hold, and what the platform may answer."""

import asyncio
import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Launch = Callable[..., Any]
Meet = Callable[..., Any]


async def test_t25_paper_ends_by_itself_and_its_owner_is_told(launch: Launch, meet: Meet) -> None:
    await launch(HOITHI_CLOCK="2025-12-10T09:00:00+07:00*100")
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer(1)

    told = await hoa.sees("Đã hết giờ làm bài")

    assert "trả lời 1/15 câu" in told
    assert "thời gian 15 phút 00 giây" in told


async def test_t24_closing_submits_open_papers_as_they_stand(launch: Launch, meet: Meet) -> None:
    await launch(HOITHI_CLOCK="2025-12-14T23:59:40+07:00")
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await hoa.answer(1)

    told = await hoa.sees("Cuộc thi đã kết thúc")

    assert "lúc 00:00:00 ngày 15/12/2025" in told
    await hoa.text("/thi")
    assert await hoa.sees("Cuộc thi đã kết thúc lúc 24 giờ 00 phút ngày 14/12/2025")


async def test_t28_opening_is_announced_once_though_late(launch: Launch, meet: Meet) -> None:
    bot = await launch(HOITHI_CLOCK="2025-12-08T06:59:00+07:00*20")
    hoa = await meet()
    await hoa.register()
    await bot.stop()
    await asyncio.sleep(10)  # 200 s of contest time: past the opening by more than two minutes

    await bot.start()

    await hoa.sees("Thông báo này gửi muộn")
    await bot.stop()
    await bot.start()
    await hoa.text("/trogiup")
    await hoa.sees("Trợ giúp")
    shown = [one for one in await hoa.messages() if "Cuộc thi đã mở" in one["text"]]
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("editMessageText", "Bad Request: message to edit not found"),
        ("editMessageText", "Bad Request: message can't be edited"),
    ],
)
async def test_t13_lost_message_is_sent_anew(
    launch: Launch, meet: Meet, stand_in: Any, method: str, text: str
) -> None:
    await launch()
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await stand_in.post(
        "/faults", {"method": method, "times": 1, "status": 400, "description": text}
    )

    await hoa.tap("A")

    await hoa.sees("Câu 2/15")
    assert sum("Câu 2/15" in one["text"] for one in await hoa.messages()) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {
            "method": "editMessageText",
            "description": "Bad Request: message is not modified: specified new message content "
            "and reply markup are exactly the same as a current content and reply markup of the "
            "message",
        },
        {
            "method": "answerCallbackQuery",
            "description": "Bad Request: query is too old and response timeout expired or query "
            "ID is invalid",
        },
        {"method": "editMessageText", "description": "Bad Request: SOMETHING_NEW"},
    ],
    ids=["not-modified", "too-old", "unknown"],
)
async def test_t13_refusals_hold_nobody_up(
    launch: Launch, meet: Meet, stand_in: Any, fault: dict[str, Any]
) -> None:
    await launch()
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    await stand_in.post("/faults", {"times": 1, "status": 400} | fault)
    await hoa.tap("A")
    await until_used(stand_in, fault["method"])

    await hoa.text("/thi")

    await hoa.sees("Câu 2/15")
    calls = [one for one in await stand_in.get("/transcript") if one["method"] == fault["method"]]
    assert sum(one["status"] == 400 for one in calls) == 1


async def test_t42_t43_no_name_phone_or_token_in_logs_and_callbacks(
    launch: Launch, meet: Meet, stand_in: Any, config: Path
) -> None:
    bot = await launch(log_level="debug")
    name, phone = "Hoàng Thị Chim Vàng Anh", "+84911222333"
    hoa = await meet(name, phone)
    await hoa.register()
    await hoa.open_paper()
    await stand_in.post("/faults", {"method": "editMessageText", "times": 1, "status": 500})
    await stand_in.post("/faults", {"method": "answerCallbackQuery", "times": 1, "drop": True})
    for place in range(1, 4):
        await hoa.answer(place)
    calls = await stand_in.get("/transcript")
    await bot.kill()

    logs = "".join(bot.log)
    stored = b"".join(one.read_bytes() for one in (config.parent / "data").glob("hoithi.sqlite*"))
    sent = json.dumps([one["params"].get("reply_markup") for one in calls]).replace("\\", "")
    data = re.findall(r'"callback_data":\s*"([A-Za-z0-9_-]+)"', sent)
    buttons = b"".join(base64.urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in data)
    for secret in (name, "Chim Vàng Anh", phone, "911222333", "0911 222 333"):
        assert secret not in logs
        assert secret.encode() not in stored
        assert secret.encode() not in buttons
    assert b"register TDP-06" in buttons  # the haystack is what it is taken for
    assert "123456:TTTT" not in logs


async def until_used(stand_in: Any, method: str) -> None:
    """Wait until the fault has met its call."""
    for _ in range(200):
        calls = await stand_in.get("/transcript")
        if any((one["method"], one["status"]) == (method, 400) for one in calls):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the fault was never met")
