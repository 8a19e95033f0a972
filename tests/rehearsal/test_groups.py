"""Groups and channels over HTTP: who is in them, and the updates of each change."""

from typing import Any

import pytest

ANONYMOUS = 1087968824


def kinds(updates: list[dict[str, Any]]) -> list[str]:
    return [next(key for key in each if key != "update_id") for each in updates]


async def test_a_group_has_its_people_and_a_negative_id(client: Any) -> None:
    hoa, nam = await client.person("Hoa", starts=False), await client.person("Nam", starts=False)

    group = await client.post("/groups", title="Tổ 6", by=hoa, members=[nam])
    other = await client.post("/groups", title="Tổ 7", by=nam, kind="supergroup")

    assert (group["id"], group["kind"], group["bot"]) == (-4_000_000_001, "group", "left")
    assert [(each["id"], each["status"]) for each in group["members"]] == [
        (hoa, "creator"),
        (nam, "member"),
    ]
    assert other["id"] == -1_002_000_000_002
    assert [each["id"] for each in await client.get("/groups")] == [group["id"], other["id"]]
    assert [each["id"] for each in await client.get(f"/groups?person={hoa}")] == [group["id"]]
    assert client.heard() == []


async def test_the_startgroup_link_adds_the_bot_and_says_its_code(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, bot=False)
    client.heard()

    await client.post(f"/groups/{group}/bot/add", by=hoa, code="TDP-06")
    added, joined, started = client.heard()

    change = added["my_chat_member"]
    assert (change["chat"]["id"], change["chat"]["type"]) == (group, "group")
    assert change["from"]["id"] == hoa
    assert change["old_chat_member"]["status"] == "left"
    assert change["new_chat_member"]["status"] == "member"
    assert joined["message"]["new_chat_members"][0]["username"] == "hoithi_dien_tap_bot"
    message = started["message"]
    assert message["text"] == "/start@hoithi_dien_tap_bot TDP-06"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 26}]
    assert (message["from"]["id"], message["chat"]["id"]) == (hoa, group)


async def test_the_startgroup_link_of_a_bot_already_there_only_says_its_code(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    client.heard()

    await client.post(f"/groups/{group}/bot/add", by=hoa, code="TDP-07")
    await client.post(f"/groups/{group}/bot/add", by=hoa)
    await client.post(f"/groups/{group}/bot/add", 400, by=hoa, code="có dấu")

    assert [each["message"]["text"] for each in client.heard()] == [
        "/start@hoithi_dien_tap_bot TDP-07"
    ]


async def test_the_link_with_rights_adds_an_administrator(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind="supergroup", bot=False)
    client.heard()

    await client.post(f"/groups/{group}/bot/add", by=hoa, admin=True)
    change = client.heard()[0]["my_chat_member"]["new_chat_member"]

    assert change["status"] == "administrator"
    assert change["can_delete_messages"] is True
    assert change["can_be_edited"] is False


@pytest.mark.parametrize(
    ("kind", "deed", "statuses"),
    [
        ("group", "bot/remove", ("member", "left")),
        ("supergroup", "bot/remove", ("member", "kicked")),
        ("group", "bot/promote", ("member", "administrator")),
        ("supergroup", "bot/mute", ("member", "restricted")),
        ("channel", "bot/remove", ("administrator", "kicked")),
        ("channel", "bot/demote", ("administrator", "left")),
        ("channel", "bot/mute", ("administrator", "administrator")),
    ],
)
async def test_each_change_of_its_standing_is_told_the_bot(
    client: Any, kind: str, deed: str, statuses: tuple[str, str]
) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa, kind=kind)
    client.heard()

    await client.post(f"/groups/{group}/{deed}", by=hoa)
    changes = [each["my_chat_member"] for each in client.heard() if "my_chat_member" in each]

    assert [
        (each["old_chat_member"]["status"], each["new_chat_member"]["status"]) for each in changes
    ] == [statuses]


async def test_a_muted_channel_administrator_may_not_post(client: Any) -> None:
    hoa = await client.person("Hoa")
    channel = await client.group(hoa, kind="channel")
    client.heard()

    await client.post(f"/groups/{channel}/bot/mute", by=hoa)
    change = client.heard()[0]["my_chat_member"]

    assert change["old_chat_member"]["can_post_messages"] is True
    assert change["new_chat_member"]["can_post_messages"] is False


async def test_a_plain_group_that_is_muted_tells_nothing(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    client.heard()

    shown = await client.post(f"/groups/{group}/bot/mute", by=hoa)
    await client.post(f"/groups/{group}/text", 403, by=nam, text="x")
    await client.post(f"/groups/{group}/text", by=hoa, text="x")

    assert shown["muted"] is True
    assert client.heard() == []


async def test_a_removed_bot_hears_its_removal_last(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    client.heard()

    await client.post(f"/groups/{group}/bot/remove", by=hoa)
    await client.post(f"/groups/{group}/text", by=hoa, text="/baocao@hoithi_dien_tap_bot")
    updates = client.heard()
    await client.post(f"/groups/{group}/bot/remove", 409, by=hoa)

    assert kinds(updates) == ["message", "my_chat_member"]
    assert updates[0]["message"]["left_chat_member"]["is_bot"] is True


async def test_members_come_and_go_with_service_lines(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa)
    client.heard()

    await client.post(f"/groups/{group}/add", by=hoa, person=nam)
    await client.post(f"/groups/{group}/remove", 403, by=nam, person=hoa)
    await client.post(f"/groups/{group}/remove", by=nam, person=nam)
    came, went = [each["message"] for each in client.heard()]

    assert [each["id"] for each in came["new_chat_members"]] == [nam]
    assert went["left_chat_member"]["id"] == nam
    await client.post(f"/groups/{group}/text", 403, by=nam, text="x")


async def test_an_administrator_bot_that_asked_hears_of_members(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, kind="supergroup")
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    client.stand_in.world.queue.allow(["chat_member"])
    client.heard()

    await client.post(f"/groups/{group}/add", by=hoa, person=nam)
    await client.post(f"/groups/{group}/promote", by=hoa, person=nam)
    await client.post(f"/groups/{group}/remove", by=hoa, person=nam)
    first, second, third = [each["chat_member"] for each in client.heard()]

    assert first["old_chat_member"]["status"] == "left"
    assert first["new_chat_member"] == first["old_chat_member"] | {"status": "member"}
    assert second["new_chat_member"]["status"] == "administrator"
    assert second["new_chat_member"]["user"]["id"] == nam
    assert third["new_chat_member"] == first["old_chat_member"]


async def test_an_anonymous_administrator_writes_as_the_group_and_taps_as_himself(
    client: Any,
) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam, kind="supergroup")
    await client.post(f"/groups/{group}/promote", by=hoa, person=nam)
    await client.post(f"/groups/{group}/anonymous", by=nam)
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    button = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await client.result("sendMessage", chat_id=group, text="x", reply_markup=button)
    client.heard()

    await client.post(f"/groups/{group}/text", by=nam, text="xin chào")
    await client.post(f"/groups/{group}/tap", by=nam, message_id=sent["message_id"], data="a")
    said, tapped = client.heard()

    assert (said["message"]["from"]["id"], said["message"]["from"]["is_bot"]) == (ANONYMOUS, True)
    assert said["message"]["sender_chat"]["id"] == group
    assert tapped["callback_query"]["from"]["id"] == nam
    assert tapped["callback_query"]["message"]["chat"]["id"] == group
    shown = (await client.messages(group))[-1]
    assert shown["author"] == {"id": nam, "name": "Tổ 6"}


async def test_anonymity_needs_an_administrator_of_a_supergroup(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    plain = await client.group(hoa, nam)
    group = await client.group(hoa, nam, kind="supergroup")

    await client.post(f"/groups/{plain}/anonymous", 409, by=hoa)
    await client.post(f"/groups/{group}/anonymous", 403, by=nam)
    await client.post(f"/groups/{group}/anonymous", by=hoa)
    shown = await client.post(f"/groups/{group}/anonymous", by=hoa)

    assert [each["anonymous"] for each in shown["members"]] == [False, False]


async def test_privacy_mode_is_kept_over_http(make_client: Any) -> None:
    heard = []
    for reads_all in (False, True):
        client = await make_client(reads_all=reads_all)
        hoa = await client.person("Hoa")
        group = await client.group(hoa)
        client.heard()
        await client.post(f"/groups/{group}/text", by=hoa, text="xin chào")
        await client.post(f"/groups/{group}/text", by=hoa, text="/tinhhinh")
        sent = await client.result("sendMessage", chat_id=group, text="x")
        await client.post(f"/groups/{group}/text", by=hoa, text="/baocao")
        await client.post(f"/groups/{group}/other_bot", by=hoa, text="tôi là bot khác")
        await client.post(f"/groups/{group}/text", by=hoa, text="/trogiup")
        reply = {"by": hoa, "text": "được", "reply_to": sent["message_id"]}
        await client.post(f"/groups/{group}/text", **reply)
        heard.append([each["message"]["text"] for each in client.heard()])
        me = await client.result("getMe")
        assert me["can_read_all_group_messages"] is reads_all

    assert heard == [
        ["/baocao", "được"],
        ["xin chào", "/tinhhinh", "/baocao", "/trogiup", "được"],
    ]


async def test_edits_are_told_only_if_the_message_is_heard(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    said = await client.post(f"/groups/{group}/text", by=hoa, text="xin chào")
    client.heard()
    place = {"message_id": said["message_id"]}

    await client.post(f"/groups/{group}/edit", by=hoa, text="chào", **place)
    await client.post(f"/groups/{group}/edit", 404, by=nam, text="x", **place)
    await client.post(f"/groups/{group}/edit", by=hoa, text="/baocao@hoithi_dien_tap_bot", **place)

    assert kinds(client.heard()) == ["edited_message"]


async def test_a_channel_posts_as_itself(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    channel = await client.group(hoa, nam, kind="channel", username="kenh_hoi_thi")
    client.heard()

    await client.post(f"/groups/{channel}/text", by=hoa, text="xin chào")
    await client.post(f"/groups/{channel}/text", 403, by=nam, text="x")
    sent = await client.result("sendMessage", chat_id="@kenh_hoi_thi", text="y")
    post = client.heard()[0]["channel_post"]

    assert "from" not in post
    assert post["sender_chat"]["id"] == post["chat"]["id"] == channel
    assert (sent["chat"]["id"], sent["chat"]["username"]) == (channel, "kenh_hoi_thi")
    assert "from" not in sent


async def test_a_tap_in_a_group_out_of_reach_shows_only_its_place(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    button = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await client.result("sendMessage", chat_id=group, text="x", reply_markup=button)
    await client.post(f"/groups/{group}/bot/remove", by=hoa)
    client.heard()

    await client.post(f"/groups/{group}/tap", by=hoa, message_id=sent["message_id"], data="a")
    await client.post(f"/groups/{group}/tap", 404, by=hoa, message_id=99, data="a")
    message = client.heard()[0]["callback_query"]["message"]

    assert (message["date"], message["message_id"]) == (0, sent["message_id"])
    assert set(message) == {"chat", "message_id", "date"}


async def test_lanes_are_the_chats_for_messages_and_the_persons_for_taps(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    button = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await client.result("sendMessage", chat_id=group, text="x", reply_markup=button)
    client.heard()

    for person in (hoa, nam):
        await client.post(f"/groups/{group}/text", by=person, text="/baocao")
        await client.post(
            f"/groups/{group}/tap", by=person, message_id=sent["message_id"], data="a"
        )
    lanes = [each.key for each in client.stand_in.world.queue.pending()]

    assert lanes == [
        f"chat {group}",
        f"callback_query {hoa}",
        f"chat {group}",
        f"callback_query {nam}",
    ]


async def test_a_toast_in_a_group_is_for_who_tapped(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam)
    button = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await client.result("sendMessage", chat_id=group, text="x", reply_markup=button)
    tap = {"by": nam, "message_id": sent["message_id"], "data": "a"}
    tapped = await client.post(f"/groups/{group}/tap", **tap)
    waiting = await client.get(f"/groups/{group}/chat?person={nam}")

    query = {"callback_query_id": tapped["callback_id"], "text": "Không phải của anh/chị"}
    await client.result("answerCallbackQuery", **query)
    toasts = [
        (await client.get(f"/groups/{group}/chat?person={person}"))["toasts"]
        for person in (hoa, nam)
    ]

    assert waiting["pending"] == [tapped["callback_id"]]
    assert [[each["text"] for each in shown] for shown in toasts] == [
        [],
        ["Không phải của anh/chị"],
    ]


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/groups", {"title": "x", "by": 99}, 404),
        ("/groups", {"title": "", "by": 1001}, 400),
        ("/groups/-5/text", {"by": 1001, "text": "x"}, 404),
        ("/groups/{group}/text", {"by": 1002, "text": "x"}, 403),
        ("/groups/{group}/text", {"by": 1001, "text": "x", "reply_to": 99}, 404),
        ("/groups/{group}/text", {"by": 1001, "text": "x", "topic": 9}, 404),
        ("/groups/{group}/add", {"by": 1001, "person": 99}, 404),
        ("/groups/{group}/add", {"by": 1001, "person": 1001}, 409),
        ("/groups/{group}/promote", {"by": 1001, "person": 1002}, 404),
        ("/groups/{group}/topics", {"by": 1001, "name": "x"}, 409),
        ("/groups/{group}/dance", {"by": 1001}, 404),
    ],
)
async def test_wrong_deeds_are_told_in_json(
    client: Any, path: str, asked: dict[str, Any], status: int
) -> None:
    await client.person()
    await client.person()
    group = await client.group(1001)

    assert (await client.post(path.format(group=group), status, **asked))["error"]


async def test_pages_of_members_are_told_what_happens_in_their_groups(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa)
    told = []

    async with client.session.get(f"{client.url}/people/{hoa}/events") as stream:
        await stream.content.readuntil(b"\n\n")
        async with client.session.get(f"{client.url}/people/{nam}/events") as other:
            await other.content.readuntil(b"\n\n")
            await client.result("sendMessage", chat_id=group, text="x")
            await client.result("sendMessage", chat_id=nam, text="y")
            for reader in (stream, other):
                block = (await reader.content.readuntil(b"\n\n")).decode()
                told.append(block.split("event: ")[1].split("\n")[0])

    assert told == ["group", "message"]
