"""The door: what a person is told when our own code fails on an input five times."""

import asyncio
import contextlib
import logging
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from bot import door as module
from bot.apology import Apology
from bot.crowd import Crowd
from bot.door import Door, Guards
from bot.platforms.telegram import Received
from bot.platforms.telegram_client import Called, Outcome
from bot.platforms.telegram_types import CallbackQuery, Chat, Message, Update, User
from bot.probation import Probation
from bot.webhooks import take_into
from handlers.incoming import Incoming
from handlers.ports import StoreAwayError
from handlers.reply import NOTHING, Effect, Reply


class Letters:
    def __init__(self) -> None:
        self.buried: list[tuple[str, str]] = []

    async def dead_letter(self, channel: str, event: str, _: str, __: int) -> None:
        self.buried.append((channel, event))


class Platform:
    """Keeps what was called."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def call(self, method: str, payload: Any) -> Called:
        self.calls.append((method, dict(payload)))
        return Called(Outcome.DONE)


class Posts:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_late = False

    def post(self, _: str, screens: tuple[Any, ...], *__: object) -> None:
        self.texts += [screen.text for screen in screens]

    def is_crowded(self) -> bool:
        return self.is_late


class Uncounted:
    """Tries of a lost Redis: every one is the first."""

    async def is_first(self, *_: str) -> bool:
        return True

    async def count(self, *_: str) -> int:
        return 1

    async def forget(self, *_: str) -> None: ...

    def forget_soon(self, *_: str) -> None: ...


def door_of(desk: Any, posts: Posts, letters: Letters, platform: Platform) -> Door:
    apology = Apology(platform, "bận")
    crowd = Crowd(Apology(platform, "đông", is_alert=False))
    guards = Guards(letters, lambda: True, Probation(Uncounted()), apology, crowd)
    return Door(desk, posts, "bot", guards)  # type: ignore[arg-type]


async def test_t53_text_that_always_fails_is_a_dead_letter_and_gets_words(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def fail(_: object, __: object) -> None:
        tries.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(module, "answer", fail)
    letters, posts = Letters(), Posts()
    door = door_of(desk, posts, letters, Platform())
    update = Update(77, message=Message(1, Chat(5), User(5), text="xin chào"))

    await door.accept(update, Received(desk.clock.now(), 0))

    assert (len(tries), letters.buried) == (5, [("tg", "77")])
    assert posts.texts == [desk.text("system.failed")]


async def test_t10_each_person_is_told_once_while_sql_is_away(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tap by a toast, a message by a message; told again only after SQL has come back."""
    is_away = True

    async def answer(_: object, __: object) -> Reply:
        if is_away:
            raise StoreAwayError("away")
        return NOTHING

    monkeypatch.setattr(module, "answer", answer)
    platform = Platform()
    door = door_of(desk, Posts(), Letters(), platform)

    async def speak(person: int, *, tap: bool) -> None:
        message = Message(1, Chat(person), User(person), text="a")
        query = CallbackQuery("q", User(person), message, "x")
        update = Update(1, callback_query=query) if tap else Update(1, message=message)
        with contextlib.suppress(StoreAwayError):
            await door.accept(update, door.received())
        await asyncio.sleep(0)

    for person, tap in ((1, True), (1, True), (2, False), (2, True), (3, False)):
        await speak(person, tap=tap)
    told = list(platform.calls)
    is_away = False
    await speak(1, tap=True)
    is_away = True
    await speak(1, tap=True)

    toast = {"callback_query_id": "q", "text": "bận", "show_alert": True}
    assert told == [
        ("answerCallbackQuery", toast),
        ("sendMessage", {"chat_id": 2, "text": "bận"}),
        ("sendMessage", {"chat_id": 3, "text": "bận"}),
    ]
    assert platform.calls[3:] == [("answerCallbackQuery", toast)]


@pytest.mark.parametrize(
    ("body", "buried", "said"),
    [
        (rb'{"update_id":7,"message":{"message_id":1,"chat":{"id":5},"text":"\ud800?"}}', [], 1),
        (b'{"update_id":8,"message":7}', [("tg", "8")], 0),
        (b'{"update_id":9,"message":{"message_id":"x"}}', [("tg", "9")], 0),
        (b"[1]", [], 0),
        (b"\xff", [], 0),
        (b'{"message":{}}', [], 0),
    ],
    ids=["half a pair", "no message", "no number", "a list", "no text", "no id"],
)
async def test_t44_a_body_that_is_no_update_is_a_dead_letter_and_answered(
    desk: Any, body: bytes, buried: list[tuple[str, str]], said: int
) -> None:
    letters, posts = Letters(), Posts()
    door = door_of(desk, posts, letters, Platform())
    body = body.replace(b'"chat"', b'"from":{"id":5},"chat"')

    assert await take_into(door)(body) is None

    assert letters.buried == buried
    assert bool(posts.texts) == bool(said)


@pytest.mark.parametrize("effect", Effect, ids=lambda one: one.value)
async def test_updates_are_counted_by_kind_and_outcome(
    desk: Any, monkeypatch: pytest.MonkeyPatch, effect: Effect
) -> None:
    """A step passes three stages here, one after the other; what is no step is in none."""

    async def answer(_: object, incoming: Incoming) -> Reply:
        if effect is Effect.STEP:
            desk.decided(incoming)
        return Reply(effect=effect)

    monkeypatch.setattr(module, "answer", answer)
    door = door_of(desk, Posts(), Letters(), Platform())
    message = Message(1, Chat(5), User(5), text="a")
    bodies = (
        Update(1, callback_query=CallbackQuery("q", User(5), message, "x")),
        Update(2, message=message),
        Update(3, message=Message(1, Chat(5), User(5, is_bot=True), text="a")),
    )

    for update in bodies:
        await take_into(door)(msgspec.json.encode(update))

    counts = door.counts
    assert dict(counts.updates) == {
        ("tap", effect.value): 1,
        ("text", effect.value): 1,
        ("other", "ignored"): 1,
    }
    steps = 2 if effect is Effect.STEP else 0
    stages = (counts.decided, counts.committed, counts.acknowledged)
    assert [sum(stage.counts) for stage in stages] == [steps] * 3
    assert [stage.total for stage in stages] == sorted(stage.total for stage in stages)
    assert counts.received_s is not None


async def test_t10_update_that_meets_sql_away_is_counted_as_that(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(_: object, __: object) -> Reply:
        raise StoreAwayError("away")

    monkeypatch.setattr(module, "answer", answer)
    door = door_of(desk, Posts(), Letters(), Platform())

    with pytest.raises(StoreAwayError):
        await door.accept(
            Update(1, message=Message(1, Chat(5), User(5), text="a")), door.received()
        )

    assert dict(door.counts.updates) == {("text", "away"): 1}


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
async def test_line_for_each_update_is_written_at_debug_only(
    desk: Any, monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    async def answer(_: object, __: object) -> Reply:
        return NOTHING

    monkeypatch.setattr(module, "answer", answer)
    monkeypatch.setattr(logging.getLogger(), "level", level)
    logging.getLogger().manager._clear_cache()
    door = door_of(desk, Posts(), Letters(), Platform())
    update = Update(31, message=Message(1, Chat(987654), User(987654), text="bí mật"))

    with capture_logs() as lines:
        await door.accept(update, door.received())

    said = [{"event": "update", "log_level": "debug", "update": "31"}]
    said = [one | {"kind": "text", "outcome": "done"} for one in said]
    assert lines == (said if level == logging.DEBUG else [])


@pytest.mark.parametrize(
    ("own", "is_late", "said"),
    [("", False, ""), ("", True, "crowded"), ("câu này đã qua", True, "câu này đã qua")],
    ids=["calm", "crowded", "its own words"],
)
async def test_t54_a_tap_whose_screen_will_be_late_says_so_in_its_own_answer(
    desk: Any, monkeypatch: pytest.MonkeyPatch, own: str, is_late: bool, said: str
) -> None:
    async def answer(_: object, __: object) -> Reply:
        return Reply(toast=own)

    monkeypatch.setattr(module, "answer", answer)
    platform, posts = Platform(), Posts()
    posts.is_late = is_late
    door = door_of(desk, posts, Letters(), platform)
    message = Message(1, Chat(5), User(5), text="a")
    update = Update(1, callback_query=CallbackQuery("q", User(5), message, "x"))

    accepted = await door.accept(update, door.received())

    assert accepted.toast is not None
    assert accepted.toast.get("text", "") == (
        desk.text("toast.crowded") if said == "crowded" else said
    )
    assert platform.calls == []
