"""Forums: topics have ids, open and close, and every message says which one it is in."""

from typing import Any

import pytest

THREAD = "Bad Request: message thread not found"


@pytest.fixture
async def hoa(client: Any) -> int:
    return int(await client.person("Hoa"))


async def forum(client: Any, hoa: int, *names: str) -> tuple[int, list[int]]:
    """A forum's id and those of its topics."""
    group = await client.group(hoa, forum=True)
    for name in names:
        shown = await client.post(f"/groups/{group}/topics", by=hoa, name=name)
    return group, [each["id"] for each in shown["topics"][1:]]


async def test_a_topic_has_the_id_of_the_line_that_opens_it(client: Any, hoa: int) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")

    line = client.heard()[-1]["message"]

    assert line["message_id"] == line["message_thread_id"] == topic
    assert line["is_topic_message"] is True
    assert line["forum_topic_created"]["name"] == "Báo cáo"
    assert line["chat"] == {
        "id": group,
        "title": "Tổ 6",
        "type": "supergroup",
        "is_forum": True,
    }


async def test_messages_say_their_topic(client: Any, hoa: int) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")
    client.heard()

    in_topic = await client.result("sendMessage", chat_id=group, text="x", message_thread_id=topic)
    general = await client.result("sendMessage", chat_id=group, text="y")
    said = {"by": hoa, "text": "/baocao@hoithi_dien_tap_bot"}
    await client.post(f"/groups/{group}/text", topic=topic, **said)
    await client.post(f"/groups/{group}/text", **said)
    asked, bare = [each["message"] for each in client.heard()]

    for message in (in_topic, asked):
        assert (message["message_thread_id"], message["is_topic_message"]) == (topic, True)
        assert message["reply_to_message"]["forum_topic_created"]["name"] == "Báo cáo"
    for message in (general, bare):
        assert "message_thread_id" not in message
        assert "is_topic_message" not in message
    assert [each.get("thread") for each in await client.messages(group)][-4:] == [
        topic,
        None,
        topic,
        None,
    ]


async def test_a_reply_goes_into_the_topic_of_what_it_answers(client: Any, hoa: int) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")
    said = await client.post(f"/groups/{group}/text", by=hoa, text="x", topic=topic)

    answer = await client.result(
        "sendMessage",
        chat_id=group,
        text="y",
        reply_parameters={"message_id": said["message_id"]},
    )

    assert answer["message_thread_id"] == topic
    assert answer["reply_to_message"]["message_id"] == said["message_id"]


@pytest.mark.parametrize(("kind", "is_sent"), [("group", True), ("supergroup", True)])
async def test_a_thread_is_ignored_where_there_are_no_topics(
    client: Any, hoa: int, kind: str, is_sent: bool
) -> None:
    group = await client.group(hoa, kind=kind)

    sent = await client.result("sendMessage", chat_id=group, text="x", message_thread_id=77)

    assert ("message_thread_id" not in sent) is is_sent


async def test_unknown_general_and_private_threads_are_not_found(client: Any, hoa: int) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")

    for chat, thread in ((group, 1), (group, topic + 50), (hoa, 5)):
        params = {"chat_id": chat, "text": "x", "message_thread_id": thread}
        assert await client.refusal("sendMessage", **params) == THREAD


async def test_a_deleted_topic_is_not_found_and_its_messages_are_gone(
    client: Any, hoa: int
) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")
    sent = await client.result("sendMessage", chat_id=group, text="x", message_thread_id=topic)

    await client.post(f"/groups/{group}/topics/delete", by=hoa, topic=topic)
    place = {"chat_id": group, "message_id": sent["message_id"]}

    assert await client.refusal("editMessageText", text="y", **place) == (
        "Bad Request: message to edit not found"
    )
    params = {"chat_id": group, "text": "x", "message_thread_id": topic}
    assert await client.refusal("sendMessage", **params) == THREAD
    await client.post(f"/groups/{group}/topics/delete", 404, by=hoa, topic=topic)


async def test_a_closed_topic_is_for_administrators(client: Any, hoa: int) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")
    client.heard()
    params = {"chat_id": group, "text": "x", "message_thread_id": topic}

    await client.post(f"/groups/{group}/topics/close", by=hoa, topic=topic)
    closed = await client.refusal("sendMessage", **params)
    general = await client.result("sendMessage", chat_id=group, text="x")
    await client.post(f"/groups/{group}/bot/promote", by=hoa)
    as_admin = await client.result("sendMessage", **params)
    await client.post(f"/groups/{group}/bot/demote", by=hoa)
    await client.post(f"/groups/{group}/topics/reopen", by=hoa, topic=topic)
    reopened = await client.result("sendMessage", **params)
    lines = [each["message"] for each in client.heard() if "message" in each]

    assert closed == "Bad Request: TOPIC_CLOSED"
    assert general["text"] == as_admin["text"] == reopened["text"] == "x"
    assert ["forum_topic_closed" in lines[0], "forum_topic_reopened" in lines[1]] == [True, True]


async def test_the_general_topic_can_be_closed_too(client: Any, hoa: int) -> None:
    group, (topic,) = await forum(client, hoa, "Báo cáo")

    await client.post(f"/groups/{group}/topics/close", by=hoa, topic=1)

    assert await client.refusal("sendMessage", chat_id=group, text="x") == (
        "Bad Request: TOPIC_CLOSED"
    )
    sent = await client.result("sendMessage", chat_id=group, text="x", message_thread_id=topic)
    assert sent["message_thread_id"] == topic


async def test_a_plain_group_is_upgraded_before_it_has_topics(client: Any, hoa: int) -> None:
    group = await client.group(hoa)

    shown = await client.post(f"/groups/{group}/forum", by=hoa)

    assert (shown["kind"], shown["forum"]) == ("supergroup", True)
    assert [each["name"] for each in shown["topics"]] == ["General"]
    assert (await client.get(f"/groups/{group}"))["moved_to"] == shown["id"]
