"""Links between chats and units, over both databases: asked, made, replaced, ended, moved, lost."""

import asyncio
import itertools
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from handlers.incoming import GroupStatus
from handlers.office_groups import (
    WARD,
    AskForLink,
    AskOutcome,
    GroupChat,
    LinkState,
    SettleLink,
    SettleOutcome,
    Standing,
)
from handlers.records import AuditEntry, Event, EventId, Role, Sender
from scoring.instant import HOUR_MS, MINUTE_MS, Instant
from store.chats import ChatsStore
from store.unit_chat_asking import MOST_PENDING
from tests.leaders import appoint, dismiss

OWN, OTHER = "TDP-06", "TDP-07"
GROUP = GroupChat("tg", "-100", "group", "Nhóm Tổ 6")
ADMIN = GroupStatus(is_member=True, is_administrator=True)
MEMBER = GroupStatus(is_member=True)
GONE = GroupStatus(is_member=False, can_send=False)


@dataclass
class Links:
    """What tests do with links, in few words."""

    world: Any
    events: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def store(self) -> Any:
        return self.world.store.unit_chats

    async def leader(self, unit: str = OWN, role: Role = Role.LEADER) -> Any:
        visitor = await self.world.visit(self.world.sender())
        await appoint(self.world.store, visitor.account, role, unit)
        return visitor.account

    def entry(self, account: Any, later_ms: int = 0) -> AuditEntry:
        return AuditEntry(Instant(self.world.now + later_ms), account, "leader", "")

    def event(self) -> Event:
        return Event("tg", EventId(f"g{next(self.events)}"))

    def asking(
        self, account: Any, group: GroupChat = GROUP, unit: str = OWN, later_ms: int = 0
    ) -> AskForLink:
        at = Instant(self.world.now + later_ms)
        return AskForLink(group, unit, account, at, self.event())

    async def ask(self, account: Any, group: GroupChat = GROUP, **given: Any) -> AskOutcome:
        outcome: AskOutcome = await self.store.ask(self.asking(account, group, **given))
        return outcome

    async def settle(
        self,
        account: Any,
        link: int = 1,
        later_ms: int = 0,
        replaces: int | None = None,
        *,
        is_yes: bool = True,
    ) -> SettleOutcome:
        entry = self.entry(account, later_ms)
        outcome: SettleOutcome = await self.store.settle(SettleLink(link, is_yes, entry, replaces))
        return outcome

    async def link(self, account: Any, group: GroupChat = GROUP, unit: str = OWN) -> int:
        """A group that is linked to the account's unit; its link's id."""
        await self.ask(account, group, unit=unit)
        (row,) = [
            one for one in await self.rows() if (one["chat"], one["unit"]) == (group.chat, unit)
        ]
        assert await self.settle(account, row["id"]) is SettleOutcome.LINKED
        return int(row["id"])

    async def stand(
        self, status: GroupStatus, sender: Sender | None = None, group: GroupChat = GROUP
    ) -> None:
        standing = Standing(group, status, sender, self.world.now, self.event())
        await self.store.stand(standing)

    async def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await self.world.rows("unit_chat")
        return rows

    async def states(self) -> list[tuple[str, str, str]]:
        return [(row["chat"], row["unit"], row["state"]) for row in await self.rows()]

    async def told(self) -> list[tuple[str, str]]:
        """(chat, message) of all that was lined up, in order."""
        return [(row["chat"], row["message"]) for row in await self.world.rows("outbox")]

    async def acts(self) -> list[tuple[str, str, Any]]:
        rows = await self.world.rows("audit")
        return [(row["act"], row["subject"], row["account"]) for row in rows]


@pytest.fixture
def links(world: Any) -> Links:
    return Links(world)


async def test_link_is_asked_for_made_and_welcomed_once(links: Links):
    leader = await links.leader()

    asked = await links.ask(leader)
    settled = [await links.settle(leader), await links.settle(leader)]

    assert asked is AskOutcome.ASKED
    assert settled == [SettleOutcome.LINKED] * 2
    assert await links.told() == [("chat-s1", "groups.asked"), ("-100", "groups.welcome")]
    assert await links.acts() == [("group.link", "unit:TDP-06", leader)]
    (found,) = await links.store.linked(OWN)
    assert (found.group, found.unit, found.state) == (GROUP, OWN, LinkState.LINKED)
    assert (found.can_send, found.account) == (True, leader)
    assert await links.store.linked(OTHER) == ()
    assert await links.store.all_linked() == (found,)
    assert await links.store.of_chat("tg", "-100") == found
    assert await links.store.of_chat("tg", "-101") is None


async def test_title_is_not_kept_in_the_clear(links: Links):
    leader = await links.leader()

    await links.link(leader)

    boxes = [row["title_box"] for row in await links.rows()]
    assert all("Nhóm".encode() not in box for box in boxes)
    assert (await links.store.find(1)).group.title == "Nhóm Tổ 6"


async def test_t01_same_code_delivered_twice_asks_once(links: Links):
    leader = await links.leader()
    order = links.asking(leader)

    outcomes = [await links.store.ask(order) for _ in range(2)]

    assert outcomes == [AskOutcome.ASKED] * 2
    assert await links.told() == [("chat-s1", "groups.asked")]


async def test_t01_same_code_at_once_from_many_processes_asks_once(links: Links, another: Any):
    leader = await links.leader()
    orders = [links.asking(leader) for _ in range(8)]
    async with another() as second:
        stores = [links.store, second.unit_chats]
        outcomes = await asyncio.gather(
            *(stores[at % 2].ask(order) for at, order in enumerate(orders))
        )

    assert set(outcomes) == {AskOutcome.ASKED}
    assert await links.told() == [("chat-s1", "groups.asked")]
    assert await links.states() == [("-100", OWN, "pending")]


@pytest.mark.parametrize(
    ("later_ms", "questions"),
    [(10 * MINUTE_MS - 1, 1), (10 * MINUTE_MS, 2)],
    ids=["within ten minutes", "after them"],
)
async def test_question_that_was_missed_is_asked_again_after_a_while(
    links: Links, later_ms: int, questions: int
):
    leader = await links.leader()
    await links.ask(leader)

    outcome = await links.ask(leader, later_ms=later_ms)

    assert outcome is AskOutcome.ASKED
    assert await links.told() == [("chat-s1", "groups.asked")] * questions


@pytest.mark.parametrize(
    ("later_ms", "outcome"),
    [(HOUR_MS - 1, AskOutcome.REFUSED), (HOUR_MS, AskOutcome.ASKED)],
    ids=["within the hour", "after it"],
)
async def test_who_said_no_is_left_in_peace_for_an_hour(
    links: Links, later_ms: int, outcome: AskOutcome
):
    leader = await links.leader()
    await links.ask(leader)

    refused = await links.settle(leader, is_yes=False)

    assert refused is SettleOutcome.REFUSED
    assert await links.acts() == [("group.refuse", "unit:TDP-06", leader)]
    assert await links.ask(leader, later_ms=later_ms) is outcome
    assert await links.settle(leader, is_yes=False) is (
        SettleOutcome.GONE if outcome is AskOutcome.REFUSED else SettleOutcome.REFUSED
    )


async def test_code_that_goes_round_fills_nobody_s_chat(links: Links):
    leader = await links.leader()
    groups = [replace(GROUP, chat=f"-{number}") for number in range(MOST_PENDING + 3)]

    outcomes = [await links.ask(leader, group) for group in groups]

    assert outcomes == [AskOutcome.ASKED] * MOST_PENDING + [AskOutcome.REFUSED] * 3
    assert len(await links.told()) == MOST_PENDING


async def test_code_ends_with_the_role(links: Links):
    leader = await links.leader()
    await dismiss(links.world.store, leader, OWN)

    outcome = await links.ask(leader)

    assert outcome is AskOutcome.ENDED
    assert (await links.states(), await links.told()) == ([], [])


async def test_t41_code_of_one_unit_asks_for_no_other(links: Links):
    leader = await links.leader(OWN)

    assert await links.ask(leader, unit=OTHER) is AskOutcome.ENDED


async def test_code_in_another_topic_moves_the_messages_there(links: Links):
    leader = await links.leader()
    await links.link(leader, replace(GROUP, thread=4))

    outcome = await links.ask(leader, replace(GROUP, thread=9))

    assert outcome is AskOutcome.LINKED
    (found,) = await links.store.linked(OWN)
    assert found.group.thread == 9


async def test_welcome_goes_to_the_topic_that_was_spoken_in(links: Links):
    leader = await links.leader()

    await links.link(leader, replace(GROUP, thread=4))

    rows = await links.world.rows("outbox")
    assert [(row["message"], row["thread"]) for row in rows] == [
        ("groups.asked", None),
        ("groups.welcome", 4),
    ]


async def test_second_unit_replaces_only_what_its_leader_has_seen(links: Links):
    first, second = await links.leader(OWN), await links.leader(OTHER)
    old = await links.link(first)
    await links.ask(second, unit=OTHER)

    unseen = await links.settle(second, 2)
    wrong = await links.settle(second, 2, replaces=2)
    seen = await links.settle(second, 2, replaces=old)

    assert [unseen, wrong, seen] == [SettleOutcome.OTHER_UNIT] * 2 + [SettleOutcome.LINKED]
    assert await links.states() == [("-100", OWN, "unlinked"), ("-100", OTHER, "linked")]
    assert (await links.told())[-2:] == [("chat-s1", "groups.replaced"), ("-100", "groups.welcome")]
    assert (await links.acts())[1:] == [
        ("group.unlink", "unit:TDP-06", second),
        ("group.link", "unit:TDP-07", second),
    ]


async def test_two_leaders_who_say_yes_at_once_link_one_unit(links: Links, another: Any):
    first, second = await links.leader(OWN), await links.leader(OTHER)
    await links.ask(first)
    await links.ask(second, unit=OTHER)
    async with another() as process:
        outcomes = await asyncio.gather(
            links.store.settle(SettleLink(1, True, links.entry(first))),
            process.unit_chats.settle(SettleLink(2, True, links.entry(second))),
        )

    assert sorted(one.value for one in outcomes) == ["linked", "other_unit"]
    assert sorted(state for *_, state in await links.states()) == ["linked", "pending"]


async def test_link_is_ended_once_and_can_be_made_again(links: Links):
    leader, organiser = await links.leader(), await links.leader("", Role.ORGANISER)
    link = await links.link(leader)

    ended = [await links.store.unlink(link, links.entry(organiser)) for _ in range(2)]
    again = await links.link(leader)

    assert (ended, again) == ([True, False], link)
    assert await links.told() == [
        ("chat-s1", "groups.asked"),
        ("-100", "groups.welcome"),
        ("chat-s1", "groups.unlinked"),
        ("chat-s1", "groups.asked"),
        ("-100", "groups.welcome"),
    ]
    assert await links.acts() == [
        ("group.link", "unit:TDP-06", leader),
        ("group.unlink", "unit:TDP-06", organiser),
        ("group.link", "unit:TDP-06", leader),
    ]


async def test_leader_who_ends_a_link_himself_is_not_told(links: Links):
    leader = await links.leader()
    link = await links.link(leader)

    await links.store.unlink(link, links.entry(leader))

    assert ("chat-s1", "groups.unlinked") not in await links.told()


@pytest.mark.parametrize("way", ["status", "refusal of the platform"])
async def test_group_that_put_the_bot_out_is_lost_and_its_leader_told_once(links: Links, way: str):
    leader = await links.leader()
    await links.link(leader)
    chats = ChatsStore(links.world.store.writer, links.world.store.sessions, "tg")

    for _ in range(3):
        await (links.stand(GONE) if way == "status" else chats.depart("-100"))

    assert await links.states() == [("-100", OWN, "lost")]
    assert (await links.told())[2:] == [("chat-s1", "groups.lost")]
    assert (await links.acts())[1:] == [("group.lost", "unit:TDP-06", None)]
    assert await links.store.linked(OWN) == ()


@pytest.mark.parametrize("state", ["pending", "refused", "unlinked", "lost", "linked"])
async def test_link_that_ended_is_forgotten_with_its_title_after_a_while(links: Links, state: str):
    leader = await links.leader()
    if state in {"pending", "refused"}:
        await links.ask(leader)
    else:
        await links.link(leader)
    match state:
        case "refused":
            await links.settle(leader, is_yes=False)
        case "unlinked":
            await links.store.unlink(1, links.entry(leader))
        case "lost":
            await links.stand(GONE)
    forget, now = links.world.store.retention.forget, links.world.now

    young = await forget(Instant(0), now, now)
    before = await links.states()
    old = await forget(Instant(0), Instant(now + 1), now)

    is_kept = state == "linked"
    assert (young, before) == (0, [("-100", OWN, state)])
    assert (old, await links.states()) == ((0, before) if is_kept else (1, []))
    assert (await links.store.find(1) is not None) == is_kept


@pytest.mark.parametrize("what", ["lost", "muted", "unlinked"])
async def test_who_lost_the_role_hears_no_more_of_his_group_and_who_leads_now_does(
    links: Links, what: str
):
    old, new, other = [await links.leader(unit) for unit in (OWN, OWN, OTHER)]
    organiser = await links.leader("", Role.ORGANISER)
    link = await links.link(old)
    await dismiss(links.world.store, old, OWN)

    match what:
        case "lost":
            await links.stand(GONE)
        case "muted":
            await links.stand(GroupStatus(is_member=True, can_send=False))
        case _:
            await links.store.unlink(link, links.entry(organiser))

    assert len({old, new, other, organiser}) == 4
    assert (await links.told())[2:] == [("chat-s2", f"groups.{what}")]


async def test_group_of_a_unit_that_nobody_leads_is_lost_in_silence(links: Links):
    leader = await links.leader()
    await links.leader("", Role.ORGANISER)
    await links.link(leader)
    await dismiss(links.world.store, leader, OWN)

    await links.stand(GONE)

    assert (await links.told())[2:] == []


async def test_group_that_is_gone_before_the_leader_answers_is_not_linked(links: Links):
    leader = await links.leader()
    await links.ask(leader)

    await links.stand(GONE)

    assert await links.settle(leader) is SettleOutcome.GONE
    assert await links.told() == [("chat-s1", "groups.asked")]


async def test_group_that_takes_the_bot_in_again_is_asked_for_anew(links: Links):
    leader = await links.leader()
    await links.link(leader)
    await links.stand(GONE)

    await links.stand(MEMBER)
    before = await links.states()
    await links.link(leader)

    assert before == [("-100", OWN, "lost")]
    assert await links.states() == [("-100", OWN, "linked")]


async def test_muted_group_s_leader_is_told_each_time_it_begins(links: Links):
    leader = await links.leader()
    link = await links.link(leader)
    chats = ChatsStore(links.world.store.writer, links.world.store.sessions, "tg")

    for _ in range(2):
        await chats.mute("-100")
    muted = await links.store.find(link)
    await links.stand(MEMBER)
    freed = await links.store.find(link)
    await links.stand(GroupStatus(is_member=True, can_send=False))

    assert (muted.can_send, muted.state, freed.can_send) == (False, LinkState.LINKED, True)
    assert (await links.told())[2:] == [("chat-s1", "groups.muted")] * 2


async def test_chat_that_let_nothing_in_is_tried_again_on_order(links: Links):
    leader = await links.leader()
    link = await links.link(leader, replace(GROUP, thread=4))
    chats = ChatsStore(links.world.store.writer, links.world.store.sessions, "tg")
    await chats.mute("-100")

    tried = [await links.store.try_again(one, links.entry(leader)) for one in (link, 99)]

    assert tried == [True, False]
    assert (await links.store.find(link)).can_send is True
    last = (await links.world.rows("outbox"))[-1]
    assert (last["chat"], last["message"], last["thread"]) == ("-100", "groups.trial", 4)


async def test_topic_that_is_gone_is_left_for_good(links: Links):
    leader = await links.leader()
    link = await links.link(leader, replace(GROUP, thread=4))
    chats = ChatsStore(links.world.store.writer, links.world.store.sessions, "tg")

    await chats.leave_thread("-100")

    assert (await links.store.find(link)).group.thread is None


async def test_organiser_who_makes_the_bot_administrator_is_asked_for_the_ward(links: Links):
    organiser = await links.leader("", Role.ORGANISER)
    channel = GroupChat("tg", "-200", "channel", "Phường Phú Lương")
    sender = Sender("tg", "s1")

    for status in (MEMBER, ADMIN, ADMIN):
        await links.stand(status, sender, channel)
    await links.settle(organiser)

    assert await links.told() == [("chat-s1", "groups.asked"), ("-200", "groups.welcome")]
    assert await links.acts() == [("group.link", "ward", organiser)]
    (found,) = await links.store.linked(WARD)
    assert (found.group, found.unit) == (channel, WARD)


@pytest.mark.parametrize("who", ["stranger", "leader", "nobody", "former organiser"])
async def test_t40_nobody_else_is_asked_for_the_ward(links: Links, who: str):
    account = await links.leader(OWN if who == "leader" else "", Role.LEADER)
    if who == "former organiser":
        await appoint(links.world.store, account, Role.ORGANISER, "x")
        await dismiss(links.world.store, account, "x")
    sender = {"nobody": None, "stranger": Sender("tg", "99")}.get(who, Sender("tg", "s1"))

    await links.stand(ADMIN, sender)

    assert (await links.states(), await links.told()) == ([], [])


async def test_organiser_is_not_asked_about_a_unit_s_own_group(links: Links):
    leader = await links.leader()
    await links.leader("", Role.ORGANISER)
    await links.link(leader)

    await links.stand(ADMIN, Sender("tg", "s2"))

    assert await links.states() == [("-100", OWN, "linked")]


async def test_t15_links_and_waiting_messages_go_with_a_group_once(links: Links):
    leader = await links.leader()
    await links.link(leader, replace(GROUP, thread=4))

    for _ in range(2):
        await links.store.move("tg", "-100", "-1009", links.world.now)
    chats = ChatsStore(links.world.store.writer, links.world.store.sessions, "tg")
    await chats.move("-100", "-1009")

    assert await links.states() == [("-1009", OWN, "linked")]
    (found,) = await links.store.linked(OWN)
    assert (found.group.kind, found.group.thread) == ("supergroup", None)
    assert found.group.title == "Nhóm Tổ 6"
    assert await links.told() == [("chat-s1", "groups.asked"), ("-1009", "groups.welcome")]
    assert (await links.acts())[1:] == [("group.move", "unit:TDP-06", None)]


MOVES = {
    # (state under the old id, state under the new one): what stands in the end
    ("linked", None): ["linked"],
    ("pending", None): ["pending"],
    ("linked", "pending"): ["linked"],
    ("linked", "refused"): ["linked"],
    ("linked", "linked"): ["linked"],
    ("pending", "linked"): ["linked"],
    ("unlinked", "linked"): ["linked"],
    # Lost just now: by the move itself.
    ("lost", None): ["linked"],
    ("lost", "pending"): ["linked"],
    ("lost", "linked"): ["linked"],
    ("unlinked", "pending"): ["pending"],
}


@pytest.mark.parametrize("states", MOVES, ids=str)
async def test_t15_what_was_said_under_the_new_id_already_stands(
    links: Links, states: tuple[str, str | None]
):
    leader = await links.leader()
    for chat, state in zip(("-100", "-1009"), states, strict=True):
        if state is not None:
            await put(links, chat, OWN, state, leader)

    await links.store.move("tg", "-100", "-1009", links.world.now)

    assert await links.states() == [("-1009", OWN, state) for state in MOVES[states]]


async def test_t15_link_that_was_lost_long_before_stays_lost(links: Links):
    leader = await links.leader()
    await links.link(leader)
    await links.stand(GONE)

    later = Instant(links.world.now + 5 * MINUTE_MS + 1)
    await links.store.move("tg", "-100", "-1009", later)

    assert await links.states() == [("-1009", OWN, "lost")]


async def test_t15_question_that_was_open_when_the_bot_left_is_no_link(links: Links):
    leader = await links.leader()
    await links.ask(leader)
    await links.stand(GONE)

    await links.store.move("tg", "-100", "-1009", links.world.now)

    assert await links.states() == [("-1009", OWN, "unlinked")]
    assert await links.settle(leader) is SettleOutcome.GONE


async def test_t15_other_unit_s_link_under_the_new_id_was_made_later(links: Links):
    first, second = await links.leader(OWN), await links.leader(OTHER)
    await put(links, "-100", OWN, "linked", first)
    await put(links, "-1009", OTHER, "linked", second)

    await links.store.move("tg", "-100", "-1009", links.world.now)

    assert await links.states() == [("-1009", OWN, "unlinked"), ("-1009", OTHER, "linked")]


async def put(links: Links, chat: str, unit: str, state: str, leader: int) -> None:
    """A link in that state, by the way that leads to it."""
    group = replace(GROUP, chat=chat)
    if state == "pending":
        await links.ask(leader, group, unit=unit)
        return
    await links.ask(leader, group, unit=unit)
    link = next(row["id"] for row in await links.rows() if row["chat"] == chat)
    assert await links.settle(leader, link, is_yes=state != "refused") is not SettleOutcome.GONE
    if state == "unlinked":
        await links.store.unlink(link, links.entry(leader))
    if state == "lost":
        await links.stand(GONE, group=group)
