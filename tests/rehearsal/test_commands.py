"""Which command list a person sees: in private, in groups, as an administrator."""

from typing import Any

import pytest


def listed(name: str) -> list[dict[str, str]]:
    return [{"command": name, "description": name}]


async def test_the_narrowest_list_of_a_group_wins(client: Any) -> None:
    hoa, nam = await client.person("Hoa"), await client.person("Nam")
    group = await client.group(hoa, nam, kind="supergroup")
    # From the widest to the narrowest, as Telegram resolves them.
    scopes: list[dict[str, Any]] = [
        {"type": "default"},
        {"type": "all_group_chats"},
        {"type": "all_chat_administrators"},
        {"type": "chat", "chat_id": group},
        {"type": "chat_administrators", "chat_id": group},
        {"type": "chat_member", "chat_id": group, "user_id": nam},
    ]
    seen = []

    for scope in scopes:
        await client.result("setMyCommands", commands=listed(scope["type"]), scope=scope)
        views = [
            (await client.get(f"/groups/{group}/chat?person={person}"))["commands"]
            for person in (hoa, nam)
        ]
        seen.append(tuple(view[0]["command"] for view in views))

    assert seen == [
        ("default", "default"),
        ("all_group_chats", "all_group_chats"),
        ("all_chat_administrators", "all_group_chats"),
        ("chat", "chat"),
        ("chat_administrators", "chat"),
        ("chat_administrators", "chat_member"),
    ]


async def test_a_language_comes_before_none_within_a_scope(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    scope = {"type": "all_group_chats"}

    await client.result("setMyCommands", commands=listed("chung"), scope=scope)
    await client.result("setMyCommands", commands=listed("viet"), scope=scope, language_code="vi")
    shown = await client.get(f"/groups/{group}/chat?person={hoa}")

    assert shown["commands"] == listed("viet")


async def test_groups_do_not_see_the_list_of_private_chats(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)

    scope = {"type": "all_private_chats"}
    await client.result("setMyCommands", commands=listed("thi"), scope=scope)

    assert (await client.get(f"/groups/{group}/chat?person={hoa}"))["commands"] == []
    assert (await client.get(f"/people/{hoa}/chat"))["commands"] == listed("thi")


async def test_lists_are_read_and_taken_back_by_scope(client: Any) -> None:
    hoa = await client.person("Hoa")
    group = await client.group(hoa)
    scope = {"type": "chat_administrators", "chat_id": group}

    await client.result("setMyCommands", commands=listed("quanly"), scope=scope)
    known = await client.result("getMyCommands", scope=scope)
    await client.result("deleteMyCommands", scope=scope)

    assert known == listed("quanly")
    assert await client.result("getMyCommands", scope=scope) == []


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({"type": "chat", "chat_id": 5}, "Bad Request: chat not found"),
        ({"type": "chat", "chat_id": -5}, "Bad Request: chat not found"),
        (
            {"type": "chat"},
            "Bad Request: can't parse BotCommandScope: Empty chat_id specified",
        ),
        (
            {"type": "chat_member", "chat_id": -4000000001},
            "Bad Request: can't parse BotCommandScope: Invalid user_id specified",
        ),
        (
            {"type": "chat_administrators", "chat_id": -4000000001},
            "Forbidden: bot is not a member of the group chat",
        ),
    ],
)
async def test_scopes_are_refused_in_the_real_words(
    client: Any, scope: dict[str, Any], reason: str
) -> None:
    hoa = await client.person("Hoa")
    await client.group(hoa, bot=False)

    assert await client.refusal("setMyCommands", commands=listed("x"), scope=scope) == reason
