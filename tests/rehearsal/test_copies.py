"""Forwards and copies, by the bot and by people: where a message came from, what it keeps."""

from typing import Any

import pytest

LINKS = {"inline_keyboard": [[{"text": "Mở", "url": "https://a.vn/x"}]]}
BUTTONS = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}


async def test_a_forward_names_its_origin_and_keeps_only_links(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    forwards = []
    for markup in (LINKS, BUTTONS):
        sent = await client.result(
            "sendMessage", chat_id=hoa, text="<b>x</b>", parse_mode="HTML", reply_markup=markup
        )
        params = {"chat_id": group, "from_chat_id": hoa, "message_id": sent["message_id"]}
        forwards.append(await client.result("forwardMessage", **params))

    first, second = forwards
    assert first["forward_origin"]["type"] == "user"
    assert first["forward_origin"]["sender_user"]["username"] == "hoithi_dien_tap_bot"
    assert first["forward_date"] == first["forward_origin"]["date"]
    assert (first["text"], first["entities"]) == ("x", [{"type": "bold", "offset": 0, "length": 1}])
    assert first["reply_markup"] == LINKS
    assert "reply_markup" not in second
    place = {"chat_id": group, "message_id": first["message_id"]}
    assert await client.refusal("editMessageText", text="y", **place) == (
        "Bad Request: message can't be edited"
    )


async def test_a_copy_is_the_bots_own(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    sent = await client.result("sendMessage", chat_id=hoa, text="x", reply_markup=BUTTONS)

    source = {"chat_id": group, "from_chat_id": hoa, "message_id": sent["message_id"]}
    copied = await client.result("copyMessage", reply_markup=LINKS, **source)
    place = {"chat_id": group, "message_id": copied["message_id"]}
    edited = await client.result("editMessageText", text="y", **place)

    assert set(copied) == {"message_id"}
    assert (edited["text"], "forward_origin" in edited) == ("y", False)


async def test_what_is_protected_is_copied_by_the_bot_alone(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    sent = await client.result("sendMessage", chat_id=hoa, text="Câu 1", protect_content=True)
    source = {"from_chat_id": hoa, "message_id": sent["message_id"]}

    refused = await client.refusal("forwardMessage", chat_id=group, **source)
    copied = await client.result("copyMessage", chat_id=group, **source)
    asked = {"message_id": sent["message_id"], "to_chat": group}
    await client.post(f"/people/{hoa}/forward", 409, **asked)

    assert sent["has_protected_content"] is True
    assert refused == "Bad Request: the message can't be forwarded"
    assert (await client.messages(group))[-1]["message_id"] == copied["message_id"]


@pytest.mark.parametrize("verb", ["forward", "copy"])
async def test_sources_are_refused_in_the_real_words(client: Any, verb: str) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    line = (await client.messages(group))[0]["message_id"]

    async def words(**source: Any) -> str:
        return str(await client.refusal(f"{verb}Message", chat_id=hoa, **source))

    assert await words(from_chat_id=hoa, message_id=99) == (
        f"Bad Request: message to {verb} not found"
    )
    assert await words(from_chat_id=5, message_id=1) == "Bad Request: chat not found"
    participle = {"forward": "forwarded", "copy": "copied"}[verb]
    assert await words(from_chat_id=group, message_id=line) == (
        f"Bad Request: the message can't be {participle}"
    )


async def test_a_person_forwards_between_own_chats(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    sent = await client.result("sendMessage", chat_id=hoa, text="Mời", reply_markup=LINKS)
    said = await client.post(f"/groups/{group}/text", by=nam, text="chào")
    client.heard()

    asked = {"message_id": sent["message_id"], "to_chat": group}
    await client.post(f"/people/{hoa}/forward", **asked)
    back = {"message_id": said["message_id"], "from_chat": group, "to_chat": hoa}
    await client.post(f"/people/{hoa}/forward", **back)
    await client.post(f"/people/{hoa}/forward", 404, **asked | {"to_chat": nam})
    heard = client.heard()

    shown = (await client.messages(group))[-1]
    assert (shown["text"], shown["forwarded"], shown["markup"]) == ("Mời", True, LINKS)
    # A forward is no command, so only the private chat's reaches the bot.
    assert [each["message"]["text"] for each in heard] == ["chào"]
    assert heard[0]["message"]["forward_origin"]["sender_user"]["id"] == nam


async def test_the_origin_of_a_channels_post_is_the_channel(client: Any) -> None:
    hoa = await client.person("Hoa")
    channel = await client.group(hoa, kind="channel")
    post = await client.result("sendMessage", chat_id=channel, text="x")
    params = {"chat_id": hoa, "from_chat_id": channel, "message_id": post["message_id"]}

    once = await client.result("forwardMessage", **params)
    params = {"chat_id": hoa, "from_chat_id": hoa, "message_id": once["message_id"]}
    twice = await client.result("forwardMessage", **params)

    assert once["forward_origin"]["type"] == "channel"
    assert once["forward_origin"]["chat"]["id"] == once["forward_from_chat"]["id"] == channel
    assert once["forward_from_message_id"] == post["message_id"]
    assert twice["forward_origin"] == once["forward_origin"]


async def test_the_origin_of_an_anonymous_message_is_the_group(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind="supergroup")
    await client.post(f"/groups/{group}/anonymous", by=hoa)
    said = await client.post(f"/groups/{group}/text", by=hoa, text="x")

    sent = await client.result(
        "forwardMessage", chat_id=hoa, from_chat_id=group, message_id=said["message_id"]
    )

    assert sent["forward_origin"]["type"] == "chat"
    assert sent["forward_origin"]["sender_chat"]["id"] == group
