"""The clock's end of a contest, what logs may hold, and what the platform may answer."""

import asyncio
import base64
import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
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


NAME, PHONE = "Hoàng Thị Chim Vàng Anh", "+84911222333"
CLOSES_MS = 1_765_731_600_000


async def test_t42_t43_no_identity_and_no_token_in_anything_that_leaves_the_chat(
    launch: Launch, meet: Meet, stand_in: Any, config: Path, http: Any
) -> None:
    """A whole contest at the most talkative level, with faults, a kill, and the closing."""
    bot = await launch(log_level="debug")
    hoa, nam = await meet(NAME, PHONE), await meet("Trần Văn Canh Gác", "+84988777666")
    await asyncio.gather(hoa.register(), nam.register())
    await asyncio.gather(hoa.open_paper(), nam.open_paper())
    await order_faults(stand_in)
    for place in range(1, 16):
        await hoa.answer(place)
    await nam.answer(1)
    await hoa.text("271828")
    await hoa.tap("Nộp bài")
    await hoa.sees("ĐÃ NỘP BÀI")
    shown = await asked(http, bot)
    await bot.kill()
    move_clock(config, CLOSES_MS - 1_000)
    await bot.start()
    await nam.sees("tự động được nộp")
    await hoa.text("/thi")
    await hoa.sees("Cuộc thi đã kết thúc")
    shown += await asked(http, bot)
    calls = await stand_in.get("/transcript")
    await bot.stop()

    logs = "".join(bot.log)
    stored = b"".join(one.read_bytes() for one in (config.parent / "data").glob("hoithi.sqlite*"))
    buttons = buttons_in(calls)
    for secret in (NAME, "Chim Vàng Anh", "Canh Gác", PHONE, "911222333", "0911 222 333"):
        assert secret not in logs
        assert secret not in shown
        assert secret.encode() not in stored
        assert secret.encode() not in buttons
    for person in (hoa, nam):
        # Not as a number by itself; inside the fraction of a second it is none.
        assert re.search(rf"(?<![.\d]){person.id}\b", logs + shown) is None
    assert "271828" not in logs + shown
    assert "123456:TTTT" not in logs + shown
    # The haystacks are what they are taken for.
    assert b"register TDP-06" in buttons
    assert all(event in logs for event in ("chat_limited", "markup_not_parsed", "attempt_ended"))
    assert all(word in shown for word in ("hoithi_updates_total", '"sql": true'))


async def order_faults(stand_in: Any) -> None:
    """What makes the bot say something about a chat; one of them repeats a name to it."""
    for fault in (
        {"method": "editMessageText", "status": 500},
        {"method": "answerCallbackQuery", "drop": True},
        {"method": "editMessageText", "status": 429, "retry_after": 1},
        {
            "method": "editMessageText",
            "status": 400,
            "description": f'Bad Request: can\'t parse entities: unsupported tag "{NAME}"',
        },
    ):
        await stand_in.post("/faults", {"times": 1} | fault)


async def asked(http: Any, bot: Any) -> str:
    """What anybody may read of the bot over HTTP."""
    texts = []
    for path in ("/metrics", "/readyz", "/healthz"):
        async with http.get(bot.web + path) as response:
            texts.append(await response.text())
    return "".join(texts)


def move_clock(config: Path, contest_ms: int) -> None:
    with closing(sqlite3.connect(config.parent / "data" / "hoithi.sqlite")) as base, base:
        moment = (contest_ms, time.time_ns() // 1_000_000)
        base.execute("UPDATE clock_anchor SET contest_ms = ?, machine_ms = ?", moment)


def buttons_in(calls: list[dict[str, Any]]) -> bytes:
    """Everything inside the buttons that were ever sent."""
    sent = json.dumps([one["params"].get("reply_markup") for one in calls]).replace("\\", "")
    data = re.findall(r'"callback_data":\s*"([A-Za-z0-9_-]+)"', sent)
    return b"".join(base64.urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in data)


async def until_used(stand_in: Any, method: str) -> None:
    """Wait until the fault has met its call."""
    for _ in range(200):
        calls = await stand_in.get("/transcript")
        if any((one["method"], one["status"]) == (method, 400) for one in calls):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the fault was never met")
