"""A leader's own units and no other: every path that names one, by every way (FAULTS T41)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text as sql

from handlers.access import DEEDS
from handlers.buttons import PlainButton
from handlers.incoming import Command, Tap
from handlers.records import Role, Sender
from handlers.reply import Attached, Effect, Reply
from handlers.staff_table import COMMANDS, DIALOGUES, DOORS
from scoring.tallies import Count
from tests.handlers.grouping import (
    Group,
    HandCounts,
    account_of,
    brought,
    code_of,
    command_in,
    make,
    receive,
)
from tests.leaders import appoint, dismiss

Meet = Callable[..., Any]
OWN, FOREIGN = "TDP-06", "TDP-07"
FOREIGN_TITLE = "Tổ dân phố 7"
FOREIGN_GROUP = Group("-700", title="Nhóm Tổ Bảy")

LINK = "{link}"
"""Stands for the number of the foreign unit's link."""

NAMES_ANOTHER: Mapping[str, tuple[str, ...]] = {
    "baocao": (FOREIGN, FOREIGN.lower(), "to 7", "*"),
    "poster": (FOREIGN,),
    "unit_file": (FOREIGN,),
    "finished": (FOREIGN, f"{FOREIGN} 5"),
    "groups": (FOREIGN, "*"),
    "group_yes": (LINK,),
    "group_no": (LINK,),
    "group_swap": (f"{LINK} 1", LINK),
    "group_try": (LINK,),
    "group_drop": (LINK,),
}
"""How each deed that is bound to a unit can be made to name another's."""

PATHS = [(deed, argument) for deed, arguments in NAMES_ANOTHER.items() for argument in arguments]


class Posters:
    async def unit_poster(self, code: str) -> Attached:
        return Attached(f"{code}.pdf", b"pdf", is_picture=False)


@pytest.fixture
async def foreign_link(store: Any, meet: Meet, desk: Any, clock: Any) -> str:
    """The other unit has a leader of its own, and a group that waits for his word."""
    desk.office.counts = HandCounts({clock.now(): {FOREIGN: Count(44, 43, 42)}})
    desk.office.posters = Posters()
    desk.customs = replace(desk.customs, is_naming_finishers=True)
    other = await make(store, meet(name="Ngô Văn Ba"), Role.LEADER, FOREIGN)
    await other.command("baocao")
    await other.tap("Nhóm chat của đơn vị")
    await command_in(FOREIGN_GROUP, other, "start", code_of(other))
    await receive(store, other)
    return "1"


@pytest.fixture
async def leader(store: Any, meet: Meet) -> Any:
    return await make(store, meet(name="Trần Thị Lan"), Role.LEADER, OWN)


def pressed(leader: Any, deed: str, argument: str) -> Tap:
    """A button that was made for him: as he may have had it while he led the other unit."""
    button = PlainButton(deed, argument)
    return Tap(leader.desk.contest.signer.write(button, Sender("tg", leader.id)))


async def chats(store: Any) -> list[tuple[Any, ...]]:
    asked = sql("SELECT unit, state, can_send FROM unit_chat ORDER BY id")
    found = await store.database.read(lambda one: one.execute(asked).all())
    return [tuple(row) for row in found]


async def refusals(store: Any) -> list[tuple[str, str]]:
    asked = sql("SELECT subject, detail FROM audit WHERE act = 'refused' ORDER BY id")
    found = await store.database.read(lambda one: one.execute(asked).all())
    return [tuple(row) for row in found]


def tells_nothing(reply: Reply) -> bool:
    told = [FOREIGN_TITLE, FOREIGN_GROUP.title, "43", "42"]
    texts = "".join(screen.text for screen in reply.screens)
    has_file = any(screen.file for screen in reply.screens)
    return not has_file and all(word not in texts for word in told)


def test_t41_every_deed_of_a_unit_is_tried_on_another():
    bound = {name for name, rule in DEEDS.items() if rule.is_of_unit}

    assert set(NAMES_ANOTHER) == bound
    assert bound <= {*COMMANDS, *DOORS}
    assert {one.deed for one in DIALOGUES.values() if DEEDS[one.deed].is_of_unit} == {"group_drop"}


@pytest.mark.parametrize(("deed", "argument"), PATHS)
async def test_t41_button_that_names_another_s_unit_is_refused_and_on_record(
    foreign_link: str, leader: Any, store: Any, deed: str, argument: str
):
    before = await chats(store)

    reply = await leader.say(pressed(leader, deed, argument.replace(LINK, foreign_link)))

    assert reply.effect is Effect.REFUSED
    assert tells_nothing(reply)
    assert await chats(store) == before
    subject = "ward" if argument == "*" else f"unit:{FOREIGN}"
    assert await refusals(store) == [(subject, f'{{"deed":"{deed}"}}')]


@pytest.mark.parametrize(
    ("deed", "argument"), [(deed, argument) for deed, argument in PATHS if deed in COMMANDS]
)
@pytest.mark.usefixtures("foreign_link")
async def test_t41_command_that_names_another_s_unit_is_refused(
    leader: Any, deed: str, argument: str
):
    reply = await leader.say(Command(deed, argument))

    assert reply.effect is Effect.REFUSED
    assert tells_nothing(reply)


@pytest.mark.parametrize(("deed", "argument"), PATHS)
async def test_t41_button_of_another_leader_is_nobody_else_s(
    foreign_link: str, leader: Any, store: Any, deed: str, argument: str
):
    before = await chats(store)
    others = PlainButton(deed, argument.replace(LINK, foreign_link))
    data = leader.desk.contest.signer.write(others, Sender("tg", "1001"))

    reply = await leader.say(Tap(data))

    assert reply.effect is Effect.STALE
    assert tells_nothing(reply)
    assert await chats(store) == before


@pytest.mark.parametrize("number", ["2", "99", "0", "-1", "1x", "", "9" * 19])
@pytest.mark.usefixtures("foreign_link")
async def test_t41_guessed_numbers_lead_nowhere(leader: Any, store: Any, number: str):
    before = await chats(store)

    replies = [
        await leader.say(pressed(leader, deed, number))
        for deed in NAMES_ANOTHER
        if deed.startswith("group_")
    ]

    assert all(map(tells_nothing, replies))
    assert await chats(store) == before


async def test_t41_dialogue_begun_in_time_ends_with_the_unit(
    foreign_link: str, leader: Any, store: Any
):
    """He led the other unit when he asked to end its link, and does not when he presses."""
    account = await account_of(store, leader)
    await appoint(store, account, Role.LEADER, FOREIGN)
    await leader.say(pressed(leader, "group_yes", foreign_link))
    await leader.say(pressed(leader, "group_drop", foreign_link))
    yes = leader.button("Đúng, gỡ nhóm này")
    await dismiss(store, account, FOREIGN)

    reply = await leader.say(Tap(yes.data))

    assert reply.effect is Effect.REFUSED
    assert await chats(store) == [(FOREIGN, "linked", True)]


async def test_t41_own_unit_is_open_by_the_same_paths(
    leader: Any, store: Any, foreign_link: str, desk: Any
):
    await command_in(Group("-600"), leader, "start", "x")
    await leader.command("baocao")
    await leader.tap("Nhóm chat của đơn vị")
    await command_in(Group("-600"), leader, "start", code_of(leader))
    await receive(store, leader)
    (own,) = [link for link in (1, 2) if str(link) != foreign_link]

    replies = {}
    for deed, argument in (
        ("group_yes", f"{own}"),
        ("baocao", OWN),
        ("poster", OWN),
        ("unit_file", OWN),
        ("finished", OWN),
        ("groups", OWN),
        ("group_try", f"{own}"),
        ("group_drop", f"{own}"),
    ):
        replies[deed] = await leader.say(pressed(leader, deed, argument))
    await brought(store, desk, "-600")

    assert {deed: reply.effect for deed, reply in replies.items()} == dict.fromkeys(
        replies, Effect.DONE
    )
