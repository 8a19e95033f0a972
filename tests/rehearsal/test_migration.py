"""A plain group becomes a supergroup: two service lines, a new id, messages numbered anew."""

from typing import Any

import pytest


async def test_t15_both_lines_and_the_new_standing_are_told(client: Any) -> None:
    hoa = await client.person("Hoa")
    old = await client.group(hoa)
    client.heard()

    new = (await client.post(f"/groups/{old}/migrate", by=hoa))["id"]
    left, joined, arrived = client.heard()

    assert (left["message"]["chat"]["id"], left["message"]["from"]["id"]) == (old, hoa)
    assert left["message"]["migrate_to_chat_id"] == new
    change = joined["my_chat_member"]
    assert (change["chat"]["id"], change["chat"]["type"]) == (new, "supergroup")
    assert change["new_chat_member"]["status"] == "member"
    line = arrived["message"]
    assert (line["chat"]["id"], line["migrate_from_chat_id"]) == (new, old)
    assert (line["from"]["id"], line["sender_chat"]["id"]) == (1087968824, new)
    assert line["message_id"] == 1


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"text": "x", "message_id": 3}),
        ("deleteMessage", {"message_id": 3}),
        ("getChatAdministrators", {}),
    ],
)
async def test_t15_the_old_chat_tells_the_new_id(
    client: Any, method: str, params: dict[str, Any]
) -> None:
    hoa = await client.person("Hoa")
    old = await client.group(hoa)
    await client.result("sendMessage", chat_id=old, text="y")
    new = (await client.post(f"/groups/{old}/migrate", by=hoa))["id"]

    body = await client.api(method, chat_id=old, **params)

    assert body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }


async def test_t15_old_messages_are_not_in_the_new_chat(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    old = await client.group(hoa, nam)
    sent = [await client.result("sendMessage", chat_id=old, text="x") for _ in range(3)]
    new = (await client.post(f"/groups/{old}/migrate", by=hoa))["id"]

    place = {"chat_id": new, "message_id": sent[-1]["message_id"]}
    edited = await client.refusal("editMessageText", text="y", **place)
    first = await client.result("sendMessage", chat_id=new, text="y")

    assert edited == "Bad Request: message to edit not found"
    assert first["message_id"] == 2
    assert (await client.result("getChat", chat_id=old))["type"] == "group"
    assert [each["id"] for each in await client.get(f"/groups?person={nam}")] == [new]
    await client.post(f"/groups/{old}/text", 409, by=hoa, text="x")
    await client.post(f"/groups/{new}/text", by=nam, text="x")


async def test_an_administrator_stays_one_and_a_bot_that_was_gone_stays_gone(client: Any) -> None:
    hoa = await client.person("Hoa")
    admin, gone = await client.group(hoa), await client.group(hoa)
    await client.post(f"/groups/{admin}/bot/promote", by=hoa)
    await client.post(f"/groups/{gone}/bot/remove", by=hoa)
    client.heard()

    first = await client.post(f"/groups/{admin}/migrate", by=hoa)
    second = await client.post(f"/groups/{gone}/migrate", by=hoa)

    assert (first["bot"], second["bot"]) == ("administrator", "left")
    assert [next(iter(each.keys() - {"update_id"})) for each in client.heard()] == [
        "message",
        "my_chat_member",
        "message",
    ]


async def test_only_an_administrator_upgrades_and_only_once(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    old = await client.group(hoa, nam)

    await client.post(f"/groups/{old}/migrate", 403, by=nam)
    new = (await client.post(f"/groups/{old}/migrate", by=hoa))["id"]

    await client.post(f"/groups/{old}/migrate", 409, by=hoa)
    await client.post(f"/groups/{new}/migrate", 409, by=hoa)
