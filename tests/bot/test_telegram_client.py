"""Our way to call the Bot API beside the library's own: the same request, the same outcome."""

import json
import warnings
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.platforms.telegram_client import TelegramClient
from bot.platforms.telegram_errors import Called, Outcome, called_of
from handlers.reply import Attached

TOKEN = "123456:" + "T" * 35
PAYLOADS = (
    {"chat_id": 5, "text": "Câu 2 <b>&amp;</b> ở đây", "parse_mode": "HTML"},
    {"chat_id": -100, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "A"}]]}},
    {"callback_query_id": "9", "text": "Đã ghi", "show_alert": False},
    {"offset": 0, "timeout": 0, "allowed_updates": ["message"]},
    {},
)
ANSWERS: dict[str, tuple[int, Any]] = {
    "done": (200, {"ok": True, "result": {"message_id": 7}}),
    "true": (200, {"ok": True, "result": True}),
    "later": (
        429,
        {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 37}},
    ),
    "moved": (
        400,
        {"ok": False, "description": "group upgraded", "parameters": {"migrate_to_chat_id": -1007}},
    ),
    "blocked": (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}),
    "same": (400, {"ok": False, "description": "Bad Request: message is not modified"}),
    "gone": (400, {"ok": False, "description": "Bad Request: message to edit not found"}),
    "markup": (400, {"ok": False, "description": "Bad Request: can't parse entities"}),
    "token": (401, {"ok": False, "description": "Unauthorized"}),
    "no-such": (404, {"ok": False, "description": "Not Found"}),
    "server": (500, {"ok": False, "description": "Internal Server Error"}),
    "page": (502, "<html>Bad Gateway</html>"),
    "page-200": (200, "<html>Hello</html>"),
}


class Api:
    """A Bot API that gives one answer and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any] = ANSWERS["done"]
        self.asked: list[tuple[str, Any]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        if request.content_type == "multipart/form-data":
            self.asked.append((request.path, await parts_of(request)))
        else:
            body = await request.read()
            self.asked.append((request.path, parameters_of(body, request.content_type)))
        if request.path.endswith("/getMe"):
            me = {"id": 1, "is_bot": True, "first_name": "B", "username": "b_bot"}
            return web.json_response({"ok": True, "result": me})
        status, said = self.answer
        text = said if isinstance(said, str) else json.dumps(said)
        return web.Response(status=status, text=text)


def parameters_of(body: bytes, kind: str) -> dict[str, Any]:
    """The parameters of a JSON body, or of a form: there what is no text stands in JSON."""
    if kind == "application/json":
        return dict(json.loads(body))
    found = dict(parse_qsl(body.decode()))
    return {name: _plain(name, value) for name, value in found.items()}


async def parts_of(request: web.Request) -> dict[str, Any]:
    """The fields of a form with files; a file is (name, bytes)."""
    return {
        name: value if isinstance(value, str) else (value.filename, value.file.read())
        for name, value in (await request.post()).items()
    }


def _plain(name: str, value: str) -> Any:
    return value if name in {"text", "parse_mode", "callback_query_id"} else json.loads(value)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    app = web.Application()
    app.router.add_post("/{rest:.*}", api.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    yield api
    await runner.cleanup()


async def by_library(api: Api, payload: dict[str, Any]) -> Called:
    """As the library's own way has it, over its own transport."""
    async with Bot(TOKEN, base_url=f"{api.url}/bot") as bot:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                result = await bot.do_api_request("sendMessage", api_kwargs=dict(payload))
            except TelegramError as error:
                return called_of(error)
    return Called(Outcome.DONE, result)


async def by_us(api: Api, payload: dict[str, Any]) -> Called:
    client = TelegramClient(TOKEN, api.url)
    try:
        await client.open()
        return await client.call("sendMessage", payload)
    finally:
        await client.close()


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: ",".join(payload) or "nothing")
async def test_request_is_the_librarys(api: Api, payload: dict[str, Any]) -> None:
    await by_us(api, payload)
    ours = api.asked[-1]
    await by_library(api, payload)
    theirs = api.asked[-1]

    assert ours == theirs == (f"/bot{TOKEN}/sendMessage", payload)


@pytest.mark.parametrize("name", ANSWERS)
async def test_t12_t13_outcome_is_the_librarys(api: Api, name: str) -> None:
    api.answer = ANSWERS[name]

    ours, theirs = await by_us(api, PAYLOADS[0]), await by_library(api, PAYLOADS[0])

    assert (ours.outcome, ours.result, ours.wait_s) == (
        theirs.outcome,
        theirs.result,
        theirs.wait_s,
    )


async def test_a_file_goes_as_a_form_with_its_parameters(api: Api) -> None:
    keyboard = {"inline_keyboard": [[{"text": "A", "url": "https://example.vn/"}]]}
    payload = {
        "chat_id": -100,
        "caption": "31/50",
        "message_thread_id": 9,
        "reply_markup": keyboard,
        "photo": Attached("so-lieu.png", b"\x89PNG bytes"),
    }
    client = TelegramClient(TOKEN, api.url)
    await client.open()

    called = await client.call("sendPhoto", payload)
    await client.close()

    path, sent = api.asked[-1]
    assert called == Called(Outcome.DONE, {"message_id": 7})
    assert path == f"/bot{TOKEN}/sendPhoto"
    assert json.loads(sent.pop("reply_markup")) == keyboard
    assert sent == {
        "chat_id": "-100",
        "caption": "31/50",
        "message_thread_id": "9",
        "photo": ("so-lieu.png", b"\x89PNG bytes"),
    }
