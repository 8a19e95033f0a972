import io
from typing import Any

import aiohttp
import pytest

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0"

FORM = "application/x-www-form-urlencoded"
METHODS = [
    "sendMessage",
    "editMessageText",
    "editMessageReplyMarkup",
    "deleteMessage",
    "answerCallbackQuery",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "sendPhoto",
    "sendDocument",
    "getFile",
    "getChat",
    "sendChatAction",
    "setMyDescription",
]
FIELDS = [
    "chat_id",
    "text",
    "message_id",
    "reply_markup",
    "entities",
    "reply_parameters",
    "link_preview_options",
    "scope",
    "commands",
    "allowed_updates",
    "offset",
    "limit",
    "timeout",
    "url",
    "secret_token",
    "max_connections",
    "photo",
    "document",
    "file_id",
    "callback_query_id",
    "action",
    "language_code",
]


async def ask(client: Any, path: str, **request: Any) -> tuple[int, dict[str, Any]]:
    async with client.session.post(client.url + path, **request) as response:
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot{token}/getNothing", 404, "Not Found: method not found"),
        ("/bot{token}/", 404, "Not Found: method not found"),
    ],
)
async def test_wrong_addresses_are_refused(
    client: Any, path: str, status: int, description: str
) -> None:
    answer = await ask(client, path.format(token=client.token))

    assert answer == (
        status,
        {"ok": False, "error_code": status, "description": description},
    )


@pytest.mark.parametrize(
    ("request_", "status", "description"),
    [
        (
            {"data": b"{", "headers": {"Content-Type": "application/json"}},
            400,
            "Bad Request: can't parse JSON object",
        ),
        (
            {"data": b"text=%FF", "headers": {"Content-Type": FORM}},
            400,
            "Bad Request: strings must be encoded in UTF-8",
        ),
        (
            {"data": io.BytesIO(b"text=" + b"x" * (1 << 20)), "headers": {"Content-Type": FORM}},
            413,
            "Request Entity Too Large: too many parameters",
        ),
    ],
)
async def test_broken_bodies_are_refused(
    client: Any, request_: dict[str, Any], status: int, description: str
) -> None:
    got = await ask(client, f"/bot{client.token}/sendMessage", **request_)

    assert (got[0], got[1]["description"]) == (status, description)


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "x",
        "[]",
        "{}",
        '"x"',
        "[[[1]]]",
        "-1",
        "1e99",
        "9" * 5000,
        "null",
        "đ",
        '{"type": [], "message_id": []}',
        '[{"type": [], "offset": 0, "length": 1}]',
        '{"inline_keyboard": [[{"text": [], "style": {}}]]}',
    ],
)
async def test_junk_is_refused_never_a_crash(client: Any, junk: str) -> None:
    person = await client.person()
    known = await client.result("sendMessage", chat_id=person, text="x")

    for method in METHODS:
        for field in FIELDS:
            usual = {"chat_id": person, "text": "x", "message_id": known["message_id"]}
            body = await client.api(method, **usual | {"offset": 0, "timeout": 0, field: junk})
            assert body["ok"] or body["error_code"] in {400, 409}, (method, field)
            await client.result("deleteWebhook")


async def test_photo_and_document_can_be_fetched_again(client: Any) -> None:
    person = await client.person()
    form = aiohttp.FormData(
        {"chat_id": str(person), "caption": "<b>Hình</b>", "parse_mode": "HTML"}
    )
    form.add_field("photo", PNG, filename="p.png", content_type="image/png")

    _, sent = await ask(client, f"/bot{client.token}/sendPhoto", data=form)
    size = sent["result"]["photo"][0]
    again = await client.result("sendPhoto", chat_id=person, photo=size["file_id"])
    file = await client.result("getFile", file_id=size["file_id"])
    async with client.session.get(
        f"{client.url}/file/bot{client.token}/{file['file_path']}"
    ) as response:
        data = await response.read()

    assert (size["width"], size["height"], size["file_size"]) == (2, 3, len(PNG))
    assert sent["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert again["photo"] == [size]
    assert data == PNG
    shown = (await client.messages(person))[1]
    assert (shown["kind"], shown["text"], shown["file"]["name"]) == ("photo", "Hình", "p.png")
    async with client.session.get(client.url + shown["file"]["url"]) as response:
        assert await response.read() == PNG


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendDocument", {}, "there is no document in the request"),
        (
            "sendPhoto",
            {"photo": "x"},
            "wrong remote file identifier specified: Wrong string length",
        ),
        (
            "sendPhoto",
            {"photo": "xxxx"},
            "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        ("sendPhoto", {"photo": "AgACxxxx"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "https://a.vn/x.png"}, "failed to get HTTP URL content"),
        ("getFile", {}, "file_id not specified"),
        ("sendDocument", {"caption": "x" * 1025}, "message caption is too long"),
        ("getFile", {"file_id": "x"}, "invalid file_id"),
    ],
)
async def test_files_are_refused_in_the_real_words(
    client: Any, method: str, params: dict[str, str], reason: str
) -> None:
    person = await client.person()

    assert await client.refusal(method, chat_id=person, **params) == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (PNG[:16] + b"\0\0\x10\0\0\0\0\x01" + PNG[24:], "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_pictures_are_looked_at(client: Any, data: bytes, reason: str) -> None:
    person = await client.person()
    form = aiohttp.FormData({"chat_id": str(person), "photo": "attach://it"})
    form.add_field("it", data, filename="p.png", content_type="image/png")

    _, body = await ask(client, f"/bot{client.token}/sendPhoto", data=form)

    assert body["description"] == f"Bad Request: {reason}"


async def test_commands_are_kept_per_scope_and_language(client: Any) -> None:
    person, other = await client.person(), await client.person(language_code="en")
    default = [{"command": "help", "description": "Trợ giúp"}]
    english = [{"command": "help", "description": "Help"}]
    own = [{"command": "admin", "description": "Ban tổ chức"}]
    scope = {"type": "chat", "chat_id": person}

    await client.result("setMyCommands", commands=default)
    await client.result("setMyCommands", commands=english, language_code="en")
    await client.result("setMyCommands", commands=own, scope=scope)

    assert await client.result("getMyCommands") == default
    assert await client.result("getMyCommands", language_code="en") == english
    assert (await client.get(f"/people/{person}/chat"))["commands"] == own
    assert (await client.get(f"/people/{other}/chat"))["commands"] == english
    assert (await client.get("/bot"))["commands"] == default
    await client.result("deleteMyCommands", scope=scope)
    assert (await client.get(f"/people/{person}/chat"))["commands"] == default


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"commands": [{"command": "Có", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "a", "description": ""}]},
            "command description must be non-empty",
        ),
        (
            {"commands": [{"command": "a"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        ({"commands": {}}, "expected an Array of BotCommand"),
        (
            {"scope": {"type": "mars"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
    ],
)
async def test_commands_are_refused_in_the_real_words(
    client: Any, params: dict[str, Any], reason: str
) -> None:
    assert await client.refusal("setMyCommands", **params) == f"Bad Request: {reason}"


async def test_descriptions_are_shown(client: Any) -> None:
    await client.result("setMyDescription", description="Hội thi của phường")
    await client.result("setMyShortDescription", short_description="Hội thi")

    assert (await client.get("/bot"))["description"] == "Hội thi của phường"
    assert await client.result("getMyDescription") == {"description": "Hội thi của phường"}
    assert (await client.api("setMyDescription", description="x" * 513))["error_code"] == 400


async def test_transcript_holds_every_call(client: Any) -> None:
    person = await client.person()
    await client.result("sendMessage", chat_id=person, text="x")
    await client.api("editmessagetext", chat_id=person, text="x")

    calls = await client.get("/transcript")
    edits = await client.get("/transcript?method=editMessageText")

    assert [(each["method"], each["status"]) for each in calls] == [
        ("sendMessage", 200),
        ("editMessageText", 400),
    ]
    assert calls[0]["params"] == {"chat_id": str(person), "text": "x"}
    assert edits == calls[1:]
    await client.delete("/transcript")
    assert await client.get("/transcript") == []
