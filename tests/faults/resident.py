"""A resident at the stand-in: acts in the chat, reads the screen, waits for it to change."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal import deeds
from rehearsal.chats import Chat, Message
from tests.faults.ground import Ground
from tests.nursery import WAIT_S

_TIMES = re.compile(r"\d{1,2}:\d{2}(:\d{2})?|\d+ phút \d+ giây")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a message shows: words with times taken out, and the buttons' labels."""

    text: str
    labels: tuple[str, ...]


@dataclass
class Resident:
    """One person; `chat` is his, as the stand-in keeps it."""

    ground: Ground
    chat: Chat

    @classmethod
    def meet(cls, ground: Ground, name: str = "Nguyễn Thị Hoa", phone: str = "") -> "Resident":
        world = ground.world
        person = world.chats.add(name, phone, "", "vi")
        world.events.changed[person.id] = asyncio.Event()
        return cls(ground, world.chats.find(person.id))

    @property
    def id(self) -> int:
        return self.chat.person.id

    def say(self, text: str) -> int:
        return int(deeds.write(self.ground.world, self.chat, text)["update_id"])

    def contact(self) -> int:
        given = deeds.Contact()
        return int(deeds.share_contact(self.ground.world, self.chat, given)["update_id"])

    def tap(self, label: str) -> int:
        """Tap the newest button of that label; the update's id."""
        found = self.button(label)
        if found is None:
            raise AssertionError(f"{self.id} has no button {label!r}: {self.shown()}")
        return self.press(*found)

    def press(self, message: int, data: str) -> int:
        """Tap exactly this button, even if it is not shown any more; the update's id."""
        return int(self._tapped(message, data)["update_id"])

    def press_again(self, message: int, data: str) -> int:
        """As `press`, on the newest message that has this button: it may have been sent twice."""
        for one in reversed(self.said()):
            if any(button["callback_data"] == data for button in _buttons(one)):
                return self.press(one.id, data)
        return self.press(message, data)

    def press_for_toast(self, message: int, data: str) -> str:
        """As `press`; the tap's own id, which a toast names."""
        return str(self._tapped(message, data)["callback_id"])

    def _tapped(self, message: int, data: str) -> dict[str, Any]:
        asked = deeds.Tap(message, data, forge=True)
        return deeds.tap(self.ground.world, self.chat, asked)

    def button(self, *labels: str) -> tuple[int, str] | None:
        """Message and data of the newest button of one of those labels."""
        for message in reversed(self.said()):
            for button in _buttons(message):
                if button["text"] in labels:
                    return message.id, button["callback_data"]
        return None

    def newest_button(self) -> tuple[int, str] | None:
        """Message and data of the last button of the newest message that has any."""
        for message in reversed(self.said()):
            for button in reversed(_buttons(message)):
                return message.id, button["callback_data"]
        return None

    def said(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [
            one for one in self.chat.messages.values() if one.sender == "bot" and not one.is_deleted
        ]

    def screens(self) -> list[Screen]:
        return [screen_of(one) for one in self.said()]

    def text(self) -> str:
        """The words of everything the bot shows, newest last."""
        return "\n".join(one.text for one in self.said())

    def shown(self) -> str:
        return " | ".join(one.text[:60] for one in self.said()[-3:])

    async def sees(self, words: str) -> Message:
        """The newest message with the words, once it is there."""

        def look() -> Message | None:
            return next((one for one in reversed(self.said()) if words in one.text), None)

        found: Message = await self.until(look, repr(words))
        return found

    async def until(self, look: Callable[[], Any], what: str) -> Any:
        found = await self.shortly(look, WAIT_S)
        if not found:
            log = self.ground.log_since_start()[-2000:]
            raise AssertionError(f"{self.id} never saw {what}; last: {self.shown()}\n{log}")
        return found

    async def shortly(self, look: Callable[[], Any], within_s: float) -> Any:
        """What `look` finds, asked again whenever the chat changes; None if nothing in time."""
        changed = self.ground.world.events.changed[self.id]
        try:
            async with asyncio.timeout(within_s):
                while True:
                    changed.clear()
                    if found := look():
                        return found
                    await changed.wait()
        except TimeoutError:
            return None


def screen_of(message: Message) -> Screen:
    return Screen(
        _TIMES.sub("…", message.text), tuple(button["text"] for button in _buttons(message))
    )


def _buttons(message: Message) -> list[dict[str, Any]]:
    keyboard = message.inline_keyboard or {}
    return [button for row in keyboard.get("inline_keyboard", []) for button in row]
