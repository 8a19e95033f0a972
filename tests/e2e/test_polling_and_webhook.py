"""The same contest over long polling and over webhooks, with a real bot process."""

import asyncio
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SECRET = "s" * 32
Launch = Callable[..., Any]
Meet = Callable[..., Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def transport(kind: str) -> dict[str, str]:
    if kind == "polling":
        return {}
    port = free_port()
    return {
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
    }


@pytest.mark.parametrize("kind", ["polling", "webhook"])
async def test_whole_contest_over_a_socket(launch: Launch, meet: Meet, kind: str) -> None:
    await launch(**transport(kind))
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    for place in range(1, 16):
        await hoa.answer(place)

    await hoa.text("120")
    await hoa.tap("Nộp bài")

    receipt = await hoa.sees("ĐÃ NỘP BÀI")
    assert "Dự đoán: 120" in receipt
    assert await hoa.sees("Nếu đạt giải")


async def test_t17_webhook_is_refused_without_its_secret(launch: Launch, http: Any) -> None:
    bot = await launch(**transport("webhook"))
    url = f"{bot.web}/telegram/webhook"
    wrong = "wrong-secret-value"
    header = "X-Telegram-Bot-Api-Secret-Token"
    body = b'{"update_id": 1}'

    statuses = []
    for headers in ({}, {header: wrong}, {header: SECRET[:-1]}, {header: SECRET + "s"}):
        async with http.post(url, data=body, headers=headers) as response:
            statuses.append(response.status)
    async with http.get(url) as response:
        statuses.append(response.status)
    async with http.post(f"{bot.web}/other", data=body) as response:
        statuses.append(response.status)
    async with http.post(url, data=body, headers={header: SECRET}) as response:
        statuses.append(response.status)
    await bot.stop()

    assert statuses == [401, 401, 401, 401, 405, 404, 200]
    assert wrong not in "".join(bot.log)


async def test_t01_t03_a_hundred_posts_of_two_taps_are_one_answer(
    launch: Launch, meet: Meet, http: Any, tmp_path: Path
) -> None:
    """Two callbacks on one view, each posted fifty times at once over connections of their own."""
    bot = await launch(**transport("webhook"))
    hoa = await meet()
    await hoa.register()
    await hoa.open_paper()
    taps = [await hoa.find(letter) for letter in "AB"]

    async def post(number: int) -> tuple[int, str]:
        message, data = taps[number % 2]
        body = {
            "update_id": 9_000 + number % 2,
            "callback_query": {
                "id": str(number % 2),
                "from": {"id": hoa.id, "first_name": "Hoa"},
                "message": {"message_id": message, "chat": {"id": hoa.id, "type": "private"}},
                "data": data,
            },
        }
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        url = f"{bot.web}/telegram/webhook"
        async with http.post(url, json=body, headers=headers) as response:
            return response.status, (await response.json()).get("text", "")

    answers = await asyncio.gather(*(post(number) for number in range(100)))

    await hoa.sees("Câu 2/15")
    assert {status for status, _ in answers} == {200}
    assert sum(bool(text) for _, text in answers) == 50
    with closing(sqlite3.connect(tmp_path / "data" / "hoithi.sqlite")) as base:
        assert base.execute("SELECT count(*) FROM transition").fetchone() == (1,)


async def test_command_menu_and_description_are_set(launch: Launch, stand_in: Any) -> None:
    await launch()

    bot = await stand_in.get("/bot")

    assert [one["command"] for one in bot["commands"]] == [
        "start",
        "dangky",
        "thi",
        "luyentap",
        "ketqua",
        "thele",
        "dulieu",
        "trogiup",
        "huy",
    ]


async def test_messages_typed_while_the_bot_was_away_each_get_their_answer(
    launch: Launch, meet: Meet
) -> None:
    bot = await launch()
    hoa = await meet()
    await hoa.start()
    await hoa.sees("Xin chào")
    await bot.stop()
    for text in ("/thele", "/trogiup", "xin chào"):
        await hoa.text(text)

    await bot.start()

    for words in ("Điều 1. Mục đích", "Trợ giúp", "Xin chọn một nút bên dưới"):
        await hoa.sees(words)


async def test_shared_contact_of_another_person_is_not_taken(launch: Launch, meet: Meet) -> None:
    await launch()
    hoa, nam = await meet(), await meet("Trần Văn Nam", "+84987654321")
    await hoa.text("/dangky")
    await hoa.tap("Đồng ý")
    await hoa.sees("Bước 1/4")

    await hoa.stand_in.post(f"/people/{hoa.id}/contact", {"of": nam.id})

    assert "không phải số của chính tài khoản" in await hoa.sees("Đây không phải số")


async def test_many_people_at_once(launch: Launch, meet: Meet) -> None:
    await launch()
    people = [await meet(f"Nguyễn Văn {chr(65 + i)}n", f"+8491234{i:04d}") for i in range(10)]

    await asyncio.gather(*(one.register() for one in people))

    numbers = sorted(
        [
            int((await one.sees("Số báo danh: ")).split("Số báo danh: ")[1].split()[0].strip("."))
            for one in people
        ]
    )
    assert numbers == list(range(1, 11))
