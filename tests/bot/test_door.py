"""The door: what a person is told when our own code fails on an input five times."""

from typing import Any

import pytest

from bot import door as module
from bot.door import Door
from bot.platforms.telegram import Received
from bot.platforms.telegram_types import Chat, Message, Update, User


class Letters:
    def __init__(self) -> None:
        self.buried: list[tuple[str, str]] = []

    async def dead_letter(self, channel: str, event: str, _: str, __: int) -> None:
        self.buried.append((channel, event))


class Posts:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def post(self, _: str, screens: tuple[Any, ...], __: int | None) -> None:
        self.texts += [screen.text for screen in screens]


async def test_t53_text_that_always_fails_is_a_dead_letter_and_gets_words(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def fail(_: object, __: object) -> None:
        tries.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(module, "answer", fail)
    letters, posts = Letters(), Posts()
    door = Door(desk, posts, letters, "bot", lambda: True)  # type: ignore[arg-type]
    update = Update(77, message=Message(1, Chat(5), User(5), text="xin chào"))

    await door.accept(update, Received(desk.clock.now(), 0))

    assert (len(tries), letters.buried) == (5, [("tg", "77")])
    assert posts.texts == [desk.text("system.failed")]
