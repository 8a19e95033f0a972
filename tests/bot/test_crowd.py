"""T54: who waits for us longer than three seconds is told once that many are here."""

from typing import Any

from bot.apology import Apology
from bot.crowd import PATIENCE_S, Crowd
from bot.platforms.telegram import Decoded, Received, decode
from bot.platforms.telegram_errors import Called, Outcome
from bot.platforms.telegram_types import CallbackQuery, Chat, Message, Update, User
from scoring.instant import Instant
from tests.timing import HandTimer, settle


class Platform:
    def __init__(self) -> None:
        self.calls: list[tuple[str, int | str]] = []

    async def call(self, method: str, payload: Any) -> Called:
        self.calls.append((method, payload.get("chat_id") or payload["callback_query_id"]))
        return Called(Outcome.DONE)


def input_of(person: int, *, tap: bool = True, chat: int = 0) -> Decoded:
    message = Message(1, Chat(chat or person), User(person), text="/thi")
    query = CallbackQuery(f"q{person}", User(person), message, "x")
    update = Update(1, callback_query=query) if tap else Update(1, message=message)
    decoded = decode(update, Received(Instant(0), 0), "bot")
    assert decoded is not None
    return decoded


class Hall:
    def __init__(self) -> None:
        self.hand, self.platform = HandTimer(), Platform()
        self.crowd = Crowd(Apology(self.platform, "đông", is_alert=False), self.hand.timer)

    async def wait(self, seconds: float) -> list[tuple[str, int | str]]:
        """Everybody who has been told once so much time has passed."""
        self.hand.now += seconds
        self.crowd.look()
        await settle()
        return self.platform.calls


async def test_t54_nobody_is_told_before_three_seconds() -> None:
    hall = Hall()
    hall.crowd.enter(input_of(1))

    assert await hall.wait(PATIENCE_S - 0.1) == []
    assert await hall.wait(0.1) == [("answerCallbackQuery", "q1")]


async def test_t54_each_is_told_once_a_tap_by_a_toast_a_text_by_a_message() -> None:
    hall = Hall()
    for one in (input_of(1), input_of(1), input_of(2, tap=False), input_of(3, tap=False)):
        hall.crowd.enter(one)

    await hall.wait(PATIENCE_S)
    told = await hall.wait(PATIENCE_S)

    assert told == [("answerCallbackQuery", "q1"), ("sendMessage", 2), ("sendMessage", 3)]


async def test_t54_who_was_answered_in_time_or_came_late_is_not_told() -> None:
    hall = Hall()
    answered, waits, late = input_of(1), input_of(2), input_of(3)
    hall.crowd.enter(answered)
    hall.crowd.enter(waits)
    hall.crowd.leave(answered)
    await hall.wait(PATIENCE_S - 1)
    hall.crowd.enter(late)

    assert await hall.wait(1) == [("answerCallbackQuery", "q2")]


async def test_t54_after_a_calm_people_are_told_anew() -> None:
    hall = Hall()
    first, again = input_of(1), input_of(1)
    hall.crowd.enter(first)
    await hall.wait(PATIENCE_S)
    hall.crowd.leave(first)
    await hall.wait(0.5)
    hall.crowd.enter(again)

    assert await hall.wait(PATIENCE_S) == [("answerCallbackQuery", "q1")] * 2


async def test_t54_nothing_is_written_into_a_group() -> None:
    hall = Hall()
    hall.crowd.enter(input_of(4, tap=False, chat=-100))

    assert await hall.wait(PATIENCE_S) == []
