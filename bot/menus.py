"""The command menus of chats, brought to what the roles in SQL say: set, changed and taken away.

One process looks every few seconds and calls the platform for what differs from what it has set;
a call that fails is made again at the next look. Which commands a role has is `handlers.menus`'.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.platforms.telegram_errors import Called, Outcome
from handlers.desk import Desk
from handlers.menus import MenuLine, chat_menu, group_menu
from handlers.ports import StoreAwayError
from handlers.records import Grant

EVERY_S = 3.0
SETTLED = frozenset({Outcome.DONE, Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.GONE})
"""Outcomes after which the same call would come to the same."""

Commands = tuple[MenuLine, ...]
Held = Callable[[], Awaitable[Mapping[str, tuple[Grant, ...]]]]
"""Grants by private chat, of everybody who holds or held a role; empty: all are withdrawn."""

log = structlog.get_logger(__name__)


class Caller(Protocol):
    async def call(self, method: str, payload: Mapping[str, object]) -> Called: ...


@dataclass(slots=True)
class Menus:
    """One per process that speaks for all; knows only what it has set itself."""

    caller: Caller
    desk: Desk
    held: Held
    _set: dict[str, Commands | None] = field(default_factory=dict)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            wait_s = EVERY_S
            try:
                wait_s = max(wait_s, await self.look())
            except StoreAwayError:
                log.warning("menus_not_read")
            await asyncio.sleep(wait_s)

    async def introduce(self) -> None:
        """The menus that are everybody's: in private chats and in groups."""
        catalogue = self.desk.catalogue
        await self._call("all_private_chats", {}, catalogue.commands)
        await self._call("all_group_chats", {}, group_menu(catalogue))

    async def look(self) -> float:
        """Bring every role holder's menu up to date; how long the platform wants to be left alone.

        A chat that SQL knows no more (a rehearsal begun anew) loses its menu like one without role.
        """
        held = await self.held()
        for chat in sorted({*held, *self._set}):
            grants = held.get(chat, ())
            wanted = chat_menu(self.desk.catalogue, grants) if grants else None
            if chat in self._set and self._set[chat] == wanted:
                continue
            called = await self._call("chat", {"chat_id": int(chat)}, wanted)
            if called.outcome is Outcome.LATER:
                return called.wait_s or 0.0
            if called.outcome in SETTLED:
                self._set[chat] = wanted
        return 0.0

    async def _call(
        self, kind: str, where: Mapping[str, object], commands: Commands | None
    ) -> Called:
        scope: dict[str, object] = {"type": kind, **where}
        if commands is None:
            called = await self.caller.call("deleteMyCommands", {"scope": scope})
        else:
            listed = [{"command": name, "description": words} for name, words in commands]
            called = await self.caller.call("setMyCommands", {"scope": scope, "commands": listed})
        log.info("menu_set", scope=kind, outcome=called.outcome.value)
        return called
