import asyncio
from typing import Any

import pytest
from aiohttp import web


async def last(client: Any) -> dict[str, Any]:
    return dict((await client.updates(-1))[0])


async def test_people_are_numbered_from_1001(client: Any) -> None:
    first = await client.post("/people", name="Hoa", phone="+84912345678")
    second = await client.post("/people", name="Nam")

    assert (first["id"], first["name"], first["phone"]) == (1001, "Hoa", "+84912345678")
    assert second["id"] == 1002
    assert second["phone"]
    assert [each["id"] for each in await client.get("/people")] == [1001, 1002]


async def test_start_brings_its_payload(client: Any) -> None:
    person = await client.person(starts=False)

    await client.post(f"/people/{person}/start", payload="TDP-06")
    message = (await last(client))["message"]

    assert message["text"] == "/start TDP-06"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "vi"
    await client.post(f"/people/{person}/start", 400, payload="có dấu")


@pytest.mark.parametrize(
    ("phone", "shown"), [("+84912345678", "84912345678"), ("0912 345 678", "84912345678")]
)
async def test_own_contact_has_the_own_id(client: Any, phone: str, shown: str) -> None:
    person = await client.person("Hoa", phone=phone)

    await client.post(f"/people/{person}/contact")
    message = (await last(client))["message"]

    assert message["contact"] == {"phone_number": shown, "first_name": "Hoa", "user_id": person}
    assert "forward_origin" not in message


async def test_contact_of_another_has_that_id_or_none(client: Any) -> None:
    person, other = await client.person("Hoa"), await client.person("Nam")

    await client.post(f"/people/{person}/contact", of=other)
    known = (await last(client))["message"]
    await client.post(f"/people/{person}/contact", phone="0900000000", name="Lạ")
    unknown = (await last(client))["message"]
    await client.post(f"/people/{person}/contact", forwarded=True)
    forwarded = (await last(client))["message"]

    assert (known["from"]["id"], known["contact"]["user_id"]) == (person, other)
    assert unknown["contact"] == {"phone_number": "0900000000", "first_name": "Lạ"}
    assert forwarded["contact"]["user_id"] == person
    assert forwarded["forward_origin"]["sender_user"]["id"] == person


async def test_block_and_unblock_tell_the_bot(client: Any) -> None:
    person = await client.person()

    await client.post(f"/people/{person}/block")
    blocked = (await last(client))["my_chat_member"]
    await client.post(f"/people/{person}/text", 409, text="x")
    await client.post(f"/people/{person}/start")
    back = await client.updates(-2)

    assert blocked["chat"]["id"] == person
    assert blocked["old_chat_member"]["status"] == "member"
    assert blocked["new_chat_member"]["status"] == "kicked"
    assert blocked["new_chat_member"]["user"]["is_bot"] is True
    assert back[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert back[1]["message"]["text"] == "/start"
    assert back[1]["message"]["message_id"] == 2


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "document", "location"])
async def test_things_have_their_real_shape(client: Any, kind: str) -> None:
    person = await client.person()

    await client.post(f"/people/{person}/{kind}")
    message = (await last(client))["message"]

    assert kind in message
    assert "text" not in message
    if kind != "location":
        file = message[kind][0] if kind == "photo" else message[kind]
        assert (await client.result("getFile", file_id=file["file_id"]))["file_path"]


async def test_edit_sends_edited_message(client: Any) -> None:
    person = await client.person()
    sent = await client.post(f"/people/{person}/text", text="a")

    await client.post(f"/people/{person}/edit", message_id=sent["message_id"], text="b")
    message = (await last(client))["edited_message"]

    assert (message["text"], message["message_id"]) == ("b", sent["message_id"])
    assert message["edit_date"] >= message["date"]
    await client.post(f"/people/{person}/edit", 404, message_id=99, text="b")


async def test_raw_updates_are_injected_as_they_are(client: Any) -> None:
    person = await client.person()
    poll = {"poll": {"id": "1"}}

    given = await client.post(f"/people/{person}/raw", update=poll)
    own = await client.post(f"/people/{person}/raw", update=poll | {"update_id": 7})
    got = await client.updates()

    assert got[1] == {"update_id": given["update_id"]} | poll
    assert (own["update_id"], got[2]["update_id"]) == (7, 7)
    await client.post(f"/people/{person}/raw", 400, update={})


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/people", {}, 400),
        ("/people", {"name": ""}, 400),
        ("/people/1/text", {"text": "x"}, 404),
        ("/people/1001/text", {"text": ""}, 400),
        ("/people/1001/text", {"words": "x"}, 400),
        ("/people/1001/dance", {}, 404),
        ("/people/1001/contact", {"of": 5}, 404),
        ("/updates/repeat", {"update_id": 5}, 404),
        ("/clock", {"to": 1}, 404),
    ],
)
async def test_wrong_requests_are_told_in_json(
    client: Any, path: str, asked: dict[str, Any], status: int
) -> None:
    await client.person()

    assert (await client.post(path, status, **asked))["error"]


async def test_another_site_is_kept_out(client: Any) -> None:
    for origin, status in (("https://evil.example", 403), (client.url, 200)):
        headers = {"Origin": origin}
        async with client.session.get(f"{client.url}/people", headers=headers) as response:
            assert response.status == status


async def test_events_tell_what_happens(client: Any) -> None:
    person = await client.person()
    button = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    async with client.session.get(f"{client.url}/people/{person}/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b": hello\n"
        await client.result("sendMessage", chat_id=person, text="x", reply_markup=button)
        tap = await client.post(f"/people/{person}/tap", message_id=2, data="a")
        query = {"callback_query_id": tap["callback_id"], "text": "ok"}
        await client.result("answerCallbackQuery", **query)
        await client.result("editMessageText", chat_id=person, message_id=2, text="y")
        await client.result("deleteMessage", chat_id=person, message_id=2)
        await client.result(
            "sendMessage", chat_id=person, text="z", reply_markup={"keyboard": [["B"]]}
        )
        await client.result("sendChatAction", chat_id=person, action="typing")
        await client.result("setMyCommands", commands=[])
        names: list[str] = []
        async with asyncio.timeout(5):
            while len(names) < 9:
                line = (await stream.content.readline()).decode()
                if line.startswith("event: "):
                    names.append(line.removeprefix("event: ").strip())

    assert names == [
        "message",
        "toast",
        "answered",
        "edit",
        "delete",
        "message",
        "keyboard",
        "typing",
        "commands",
    ]


async def test_page_is_served_from_its_folder_only(
    client: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<p>Hội thi</p>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr("rehearsal.controls.PAGE", page)

    for path, status in (("/", 200), ("/page/index.html", 200), ("/page/none.js", 404)):
        async with client.session.get(client.url + path) as response:
            assert response.status == status
    await client.get("/page/%2e%2e/secret.txt", 404)
    await client.get("/page/..%2fsecret.txt", 404)


async def test_units_are_handed_on(make_client: Any) -> None:
    units = ({"code": "TDP-06", "name": "Tổ 6"},)
    client = await make_client(units=units)

    assert await client.get("/units") == list(units)


async def test_clock_is_the_bots(make_client: Any) -> None:
    seen: list[tuple[str, str, bytes]] = []

    async def clock(request: web.Request) -> web.Response:
        token = request.headers["Authorization"]
        seen.append((request.method, token, await request.read()))
        return web.json_response({"now": 5}, status=200 if request.method == "GET" else 400)

    app = web.Application()
    app.router.add_route("*", "/clock", clock)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = await make_client(bot_url=url, clock_token="tok")

    shown = await client.get("/clock")
    refused = await client.post("/clock", 400, to=7)
    await runner.cleanup()
    gone = await client.get("/clock", 502)

    assert shown == refused == {"now": 5}
    assert seen == [("GET", "Bearer tok", b""), ("POST", "Bearer tok", b'{"to": 7}')]
    assert gone["error"]
