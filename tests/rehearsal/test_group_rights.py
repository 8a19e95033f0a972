"""What the bot is refused in groups and channels, in the real words."""

from typing import Any

import aiohttp
import pytest

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0"
PHONE = {"keyboard": [[{"text": "Gửi số", "request_contact": True}]]}


async def refused(client: Any, method: str, **params: Any) -> tuple[int, str]:
    body = await client.api(method, **params)
    return body.get("error_code", 200), body.get("description", "")


async def photo(client: Any, chat: int, method: str = "Photo") -> tuple[int, str]:
    form = aiohttp.FormData({"chat_id": str(chat)})
    form.add_field(method.lower(), PNG, filename="p.png", content_type="image/png")
    url = f"{client.url}/bot{client.token}/send{method}"
    async with client.session.post(url, data=form) as response:
        body = await response.json()
    return response.status, body.get("description", "")


@pytest.mark.parametrize(
    ("kind", "deed", "reason"),
    [
        ("group", "bot/remove", "bot was kicked from the group chat"),
        ("supergroup", "bot/remove", "bot was kicked from the supergroup chat"),
        ("channel", "bot/remove", "bot was kicked from the channel chat"),
        ("channel", "bot/demote", "bot is not a member of the channel chat"),
        ("group", "delete", "the group chat was deleted"),
        ("supergroup", "delete", "bot was kicked from the supergroup chat"),
    ],
)
async def test_t15_a_bot_that_was_removed_is_forbidden(
    client: Any, kind: str, deed: str, reason: str
) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind=kind)
    sent = await client.result("sendMessage", chat_id=group, text="x")
    await client.post(f"/groups/{group}/{deed}", by=hoa)

    send = await refused(client, "sendMessage", chat_id=group, text="x")
    edit = await refused(
        client, "editMessageText", chat_id=group, message_id=sent["message_id"], text="y"
    )

    assert send == edit == (403, f"Forbidden: {reason}")


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_bot_that_never_came_is_no_member(client: Any, kind: str) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind=kind, bot=False)

    assert await refused(client, "sendMessage", chat_id=group, text="x") == (
        403,
        f"Forbidden: bot is not a member of the {kind} chat",
    )


async def test_a_bot_that_left_is_no_member_and_hears_of_it(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    client.heard()

    left = await client.result("leaveChat", chat_id=group)
    line, change = client.heard()

    assert left is True
    assert line["message"]["left_chat_member"]["id"] == line["message"]["from"]["id"]
    assert change["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert await refused(client, "sendMessage", chat_id=group, text="x") == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )
    assert await refused(client, "leaveChat", chat_id=hoa) == (
        400,
        "Bad Request: can't leave private chats",
    )


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_muted_bot_is_told_what_it_may_not_send(client: Any, kind: str) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind=kind)
    await client.post(f"/groups/{group}/bot/mute", by=hoa)
    words = "Bad Request: not enough rights to send {} to the chat"

    muted = [
        await refused(client, "sendMessage", chat_id=group, text="x"),
        await photo(client, group),
        await photo(client, group, "Document"),
    ]
    await client.post(f"/groups/{group}/bot/unmute", by=hoa)

    assert muted == [
        (400, words.format("text messages")),
        (400, words.format("photos")),
        (400, words.format("documents")),
    ]
    assert await photo(client, group) == (200, "")


async def test_a_channel_needs_an_administrator_who_may_post(client: Any) -> None:
    hoa = await client.person("Hoa")
    channel = await client.group(hoa, kind="channel")
    await client.post(f"/groups/{channel}/bot/mute", by=hoa)

    assert await refused(client, "sendMessage", chat_id=channel, text="x") == (
        400,
        "Bad Request: need administrator rights in the channel chat",
    )


async def test_a_muted_plain_group_lets_its_administrators_write(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    await client.post(f"/groups/{group}/bot/mute", by=hoa)

    assert (await client.result("sendMessage", chat_id=group, text="x"))["text"] == "x"


async def test_keyboards_of_private_chats_are_refused_elsewhere(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    channel = await client.group(hoa, kind="channel")

    assert await refused(client, "sendMessage", chat_id=group, text="x", reply_markup=PHONE) == (
        400,
        "Bad Request: phone number can be requested in private chats only",
    )
    assert await refused(client, "sendMessage", chat_id=channel, text="x", reply_markup=PHONE) == (
        400,
        "Bad Request: inline keyboard expected",
    )


@pytest.mark.parametrize(
    ("kind", "is_admin", "reason"),
    [
        ("group", False, "message can't be deleted for everyone"),
        ("supergroup", False, "message can't be deleted"),
        ("group", True, ""),
        ("supergroup", True, ""),
    ],
)
async def test_only_an_administrator_deletes_what_others_wrote(
    client: Any, kind: str, is_admin: bool, reason: str
) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind=kind)
    if is_admin:
        await client.post(f"/groups/{group}/bot/promote", by=hoa)
    said = await client.post(f"/groups/{group}/text", by=hoa, text="x")
    sent = await client.result("sendMessage", chat_id=group, text="x")

    others = await refused(client, "deleteMessage", chat_id=group, message_id=said["message_id"])
    own = await refused(client, "deleteMessage", chat_id=group, message_id=sent["message_id"])

    assert others == ((400, f"Bad Request: {reason}") if reason else (200, ""))
    assert own == (200, "")


@pytest.mark.parametrize(
    ("kind", "is_old", "reason"),
    [
        ("group", True, "Bad Request: message can't be deleted for everyone"),
        ("supergroup", True, ""),
        ("group", False, ""),
    ],
)
async def test_after_two_days_only_a_supergroup_lets_delete(
    client: Any, kind: str, is_old: bool, reason: str
) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind=kind)
    sent = await client.result("sendMessage", chat_id=group, text="x")
    if is_old:
        message = client.stand_in.world.groups.find(group).find(sent["message_id"])
        message.date -= 48 * 3600 + 1

    got = await refused(client, "deleteMessage", chat_id=group, message_id=sent["message_id"])

    assert got[1] == reason


async def test_members_are_shown_as_they_are(client: Any) -> None:
    hoa, nam, lan = [await client.person(name) for name in ("Hoa", "Nam", "Lan")]
    group = await client.group(hoa, nam, kind="supergroup")
    await client.post(f"/groups/{group}/promote", by=hoa, person=nam)
    bot_id = client.stand_in.world.settings.bot_id

    statuses = [
        (await client.result("getChatMember", chat_id=group, user_id=each))["status"]
        for each in (hoa, nam, lan, bot_id)
    ]
    listed = await client.result("getChatAdministrators", chat_id=group)
    count = await client.result("getChatMemberCount", chat_id=group)

    assert statuses == ["creator", "administrator", "left", "member"]
    assert [each["user"]["id"] for each in listed] == [hoa, nam]
    assert count == 3
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    listed = await client.result("getChatAdministrators", chat_id=group)
    assert [each["user"]["id"] for each in listed] == [hoa, nam, bot_id]


async def test_members_are_refused_in_the_real_words(client: Any) -> None:
    hoa = await client.person("Hoa")
    stranger = await client.person("Nam", starts=False)
    group = await client.group(hoa, kind="supergroup")
    channel = await client.group(hoa, kind="channel")
    gone = await client.group(hoa, bot=False)

    async def words(method: str, chat_id: int, **params: Any) -> str:
        return (await refused(client, method, chat_id=chat_id, **params))[1]

    assert await words("getChatMember", group) == "Bad Request: invalid user_id specified"
    assert await words("getChatMember", group, user_id=99) == "Bad Request: member not found"
    assert await words("getChatMember", hoa, user_id=stranger) == "Bad Request: member not found"
    assert await words("getChatMember", stranger, user_id=hoa) == "Bad Request: chat not found"
    assert await words("getChatAdministrators", hoa) == (
        "Bad Request: there are no administrators in the private chat"
    )
    assert await words("getChatAdministrators", gone) == (
        "Forbidden: bot is not a member of the group chat"
    )
    await client.post(f"/groups/{group}/hide_members", by=hoa)
    assert await words("getChatMember", group, user_id=hoa) == "Bad Request: CHAT_ADMIN_REQUIRED"
    client.stand_in.world.groups.find(channel).bot = "member"
    assert await words("getChatAdministrators", channel) == (
        "Bad Request: member list is inaccessible"
    )


async def test_own_member_may_be_asked_for_everywhere(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    bot_id = client.stand_in.world.settings.bot_id
    await client.post(f"/groups/{group}/bot/remove", by=hoa)

    statuses = [
        (await client.result("getChatMember", chat_id=chat, user_id=bot_id))["status"]
        for chat in (group, hoa)
    ]
    person = await client.result("getChatMember", chat_id=hoa, user_id=hoa)

    assert statuses == ["left", "member"]
    assert (person["status"], person["user"]["id"]) == ("member", hoa)


async def test_get_chat_shows_a_group_whole(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, title="Tổ 6", forum=True, username="to_sau_phu_luong")

    shown = await client.result("getChat", chat_id="@to_sau_phu_luong")

    assert (shown["id"], shown["title"], shown["type"]) == (group, "Tổ 6", "supergroup")
    assert shown["is_forum"] is True
    assert shown["permissions"]["can_send_messages"] is True
    assert await client.refusal("getChat", chat_id="@nobody") == "Bad Request: chat not found"


async def test_a_public_chat_may_still_be_read_by_a_bot_that_left(client: Any) -> None:
    hoa = await client.person("Hoa")
    public = await client.group(hoa, kind="supergroup", username="cong_khai")
    hidden = await client.group(hoa, kind="supergroup")
    for group in (public, hidden):
        await client.result("leaveChat", chat_id=group)

    assert (await client.result("getChat", chat_id=public))["id"] == public
    assert await client.refusal("getChat", chat_id=hidden) == (
        "Forbidden: bot is not a member of the supergroup chat"
    )
