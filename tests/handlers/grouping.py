"""People who speak in groups, what the outbox brings them, and counts that a test sets by hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text as sql

from bot.notices import message_screen
from handlers.dispatch import answer
from handlers.incoming import Command, Content, GroupStatus, Incoming
from handlers.records import EventId, Notice, OutboxMessage, Role, Sender
from handlers.reply import Reply, Screen
from scoring.instant import Instant, day_start
from scoring.tallies import Count
from store.house import Store
from tests.leaders import appoint
from tests.playing import Resident

ADMIN = GroupStatus(is_member=True, is_administrator=True)
GONE = GroupStatus(is_member=False, can_send=False)


@dataclass(frozen=True)
class Group:
    """Where somebody speaks."""

    chat: str = "-100"
    kind: str = "group"
    title: str = "Nhóm Tổ 6"
    thread: int | None = None


async def say_in(
    group: Group, who: Resident, content: Content, *, is_anonymous: bool = False
) -> Reply:
    """What the bot answers to something said in a group; `who` gets nothing of it himself."""
    who.clock.wait(1_000)
    sender = Sender("tg", "1087968824" if is_anonymous else who.id)
    incoming = Incoming(
        sender=sender,
        chat=group.chat,
        event=EventId(f"{who.id}-{next(who.events)}"),
        received_at=who.clock.now(),
        received_ms=who.clock.machine_ms(),
        content=content,
        sender_name=who.name,
        is_private=False,
        chat_kind=group.kind,
        title=group.title,
        thread=group.thread,
        is_anonymous=is_anonymous,
    )
    return await answer(who.desk, incoming)


async def command_in(
    group: Group, who: Resident, name: str, argument: str = "", *, is_anonymous: bool = False
) -> Reply:
    return await say_in(group, who, Command(name, argument), is_anonymous=is_anonymous)


async def account_of(store: Store, who: Resident) -> int:
    sender = Sender("tg", who.id)
    visitor = await store.people.visit(sender, who.id, day_start(who.clock.now()))
    return visitor.account


async def make(store: Store, who: Resident, role: Role, *units: str) -> Resident:
    """The resident with the role, for each of the units."""
    account = await account_of(store, who)
    for unit in units or ("",):
        await appoint(store, account, role, unit)
    return who


async def brought(store: Store, desk: Any, chat: str) -> list[Screen]:
    """What the outbox would send to the chat now, as it would look; sent, it is sent once."""

    def take(connection: Any) -> list[Any]:
        found = sql("SELECT * FROM outbox WHERE chat = :chat AND state = 'pending' ORDER BY id")
        rows = connection.execute(found, {"chat": chat}).all()
        done = sql("UPDATE outbox SET state = 'sent' WHERE chat = :chat")
        connection.execute(done, {"chat": chat})
        return list(rows)

    screens = []
    for row in await store.database.write(take):
        notice = Notice(row.message, json.loads(row.arguments))
        message = OutboxMessage(row.id, "tg", chat, notice, 1, thread=row.thread)
        screen = await message_screen(desk, message)
        if screen is not None:
            screens.append(screen)
    return screens


async def receive(store: Store, who: Resident) -> list[str]:
    """The resident reads what the outbox brought; its buttons are the last that he saw."""
    screens = await brought(store, who.desk, who.id)
    if screens:
        who.last = Reply(tuple(screens))
        who.shown += [one for screen in screens for row in screen.buttons for one in row]
    return [screen.text for screen in screens]


def code_of(who: Resident, label: str = "Gắn nhóm chat của đơn vị") -> str:
    """The code in the address of the button that links a group."""
    return who.button(label).url.partition("startgroup=")[2]


@dataclass
class HandCounts:
    """Counts by day's beginning: what stands at an instant is the latest that was set before."""

    by_instant: dict[Instant, Mapping[str, Count]] = field(default_factory=dict)

    async def until(self, instant: Instant) -> Mapping[str, Count]:
        known = [at for at in sorted(self.by_instant) if at <= instant]
        return self.by_instant[known[-1]] if known else {}

    async def by_day(self, unit: str) -> tuple[tuple[Instant, Count], ...]:
        return tuple((at, counts[unit]) for at, counts in sorted(self.by_instant.items()))


def moved(group: Group, chat: str) -> Group:
    return replace(group, chat=chat, kind="supergroup")
