"""Command menus of role holders follow from SQL: set, changed, taken away, tried again."""

from typing import Any

import pytest

from bot.house import House
from bot.menus import Menus
from handlers.menus import chat_menu
from handlers.records import Grant, Role

JUDGE, CHIEF = (Grant(Role.JUDGE),), (Grant(Role.ORGANISER),)


class Held:
    """What SQL says now."""

    def __init__(self) -> None:
        self.now: dict[str, tuple[Grant, ...]] = {}

    async def __call__(self) -> dict[str, tuple[Grant, ...]]:
        return self.now


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def menus(platform: Any, house: House, held: Held) -> Menus:
    return Menus(platform.client, house.desk, held)


async def menu_of(platform: Any, **scope: Any) -> list[str]:
    called = await platform.client.call("getMyCommands", {"scope": scope})
    return [one["command"] for one in called.result]


async def calls(platform: Any) -> int:
    """How often a menu was set or taken away so far."""
    made = [
        await platform.get(f"/transcript?method={method}")
        for method in ("setMyCommands", "deleteMyCommands")
    ]
    return sum(len(each) for each in made)


async def test_menu_follows_the_role_and_leaves_with_it(
    platform: Any, house: House, menus: Menus, held: Held
) -> None:
    chat = await platform.person()
    scope = {"type": "chat", "chat_id": int(chat)}
    shown = []

    for grants in (JUDGE, CHIEF, ()):
        held.now = {chat: grants}
        await menus.look()
        shown.append(await menu_of(platform, **scope))

    catalogue = house.desk.catalogue
    expected = [[name for name, _ in chat_menu(catalogue, one)] for one in (JUDGE, CHIEF)]
    assert shown == [*expected, []]


async def test_menu_that_is_right_is_not_set_again(platform: Any, menus: Menus, held: Held) -> None:
    held.now = {await platform.person(): JUDGE}

    for _ in range(3):
        await menus.look()

    assert await calls(platform) == 1


async def test_start_takes_away_what_was_withdrawn_while_nobody_looked(
    platform: Any, house: House, menus: Menus, held: Held
) -> None:
    chat = await platform.person()
    held.now = {chat: JUDGE}
    await menus.look()
    held.now = {chat: ()}

    await Menus(platform.client, house.desk, held).look()

    assert await menu_of(platform, type="chat", chat_id=int(chat)) == []


async def test_chat_of_a_contest_begun_anew_loses_its_menu(
    platform: Any, menus: Menus, held: Held
) -> None:
    chat = await platform.person()
    held.now = {chat: JUDGE}
    await menus.look()
    held.now = {}

    await menus.look()

    assert await menu_of(platform, type="chat", chat_id=int(chat)) == []


async def test_failed_call_is_made_again_and_a_platform_in_distress_left_alone(
    platform: Any, menus: Menus, held: Held
) -> None:
    first, second = await platform.person(), await platform.person()
    held.now = {first: JUDGE, second: JUDGE}
    await platform.fault(method="setMyCommands", times=1, status=429, retry_after=7)

    waits = [await menus.look(), await menus.look()]

    assert waits == [7.0, 0.0]
    for chat in (first, second):
        assert "vaitro" in await menu_of(platform, type="chat", chat_id=int(chat))


async def test_introduction_sets_what_is_everybodys(
    platform: Any, house: House, menus: Menus
) -> None:
    await menus.introduce()

    residents = [name for name, _ in house.desk.catalogue.commands]
    assert await menu_of(platform, type="all_private_chats") == residents
    assert "trogiup" in await menu_of(platform, type="all_group_chats")
    assert "thi" not in await menu_of(platform, type="all_group_chats")
