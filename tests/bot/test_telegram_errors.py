"""What each answer of the Bot API means, over real HTTP and through the library (T11-T15)."""

from typing import Any

import pytest

from bot.delivery import Delivery
from bot.platforms.telegram_client import TelegramClient
from bot.platforms.telegram_errors import Called, Outcome
from bot.timing import Timer
from handlers.reply import Place, Screen

HTML = "<html><body>502 Bad Gateway</body></html>"
BLOCKED = "Forbidden: bot was blocked by the user"

ANSWERS = {
    "t11 1": ({"status": 429, "retry_after": 1}, Outcome.LATER, 1.0),
    "t11 37": ({"status": 429, "retry_after": 37}, Outcome.LATER, 37.0),
    "t11 0": ({"status": 429, "retry_after": 0}, Outcome.LATER, 0.0),
    "t11 absent": ({"status": 429}, Outcome.LATER, None),
    "t11 a million": ({"status": 429, "retry_after": 1_000_000}, Outcome.LATER, 1e6),
    "t12 500": ({"status": 500}, Outcome.UNKNOWN, None),
    "t12 502": ({"status": 502}, Outcome.UNKNOWN, None),
    "t12 504": ({"status": 504}, Outcome.UNKNOWN, None),
    "t12 no answer in time": ({"delay_s": 2.0}, Outcome.UNKNOWN, None),
    "t12 hung up": ({"drop": True}, Outcome.UNKNOWN, None),
    "t12 cut body": ({"cut": True}, Outcome.UNKNOWN, None),
    "t12 page with 200": ({"body": HTML}, Outcome.UNKNOWN, None),
    "t12 page with 502": ({"status": 502, "body": HTML}, Outcome.UNKNOWN, None),
    "t12 page with 403": ({"status": 403, "body": HTML}, Outcome.UNKNOWN, None),
    "t12 page with 400": ({"status": 400, "body": HTML}, Outcome.UNKNOWN, None),
    "t12 JSON of another shape": ({"body": "[]"}, Outcome.UNKNOWN, None),
    "token revoked": ({"status": 401}, Outcome.UNSENT, None),
    "t13 not modified": (
        {"status": 400, "description": "Bad Request: message is not modified: specified new"},
        Outcome.DONE,
        None,
    ),
    "t13 gone": (
        {"status": 400, "description": "Bad Request: message to edit not found"},
        Outcome.GONE,
        None,
    ),
    "t13 too old": (
        {"status": 400, "description": "Bad Request: query is too old and response timeout"},
        Outcome.DONE,
        None,
    ),
    "t13 markup": (
        {"status": 400, "description": "Bad Request: can't parse entities: Unclosed start tag"},
        Outcome.UNPARSED,
        None,
    ),
    "t13 never seen": (
        {"status": 400, "description": "Bad Request: SOMETHING_NEW"},
        Outcome.REFUSED,
        None,
    ),
    "t13 too large": ({"status": 413}, Outcome.REFUSED, None),
    "t14 blocked": ({"status": 403, "description": BLOCKED}, Outcome.UNREACHABLE, None),
    "t14 put out of a group": (
        {"status": 403, "description": "Forbidden: bot was kicked from the supergroup chat"},
        Outcome.UNREACHABLE,
        None,
    ),
    "t14 not in the channel": (
        {"status": 403, "description": "Forbidden: bot is not a member of the channel chat"},
        Outcome.UNREACHABLE,
        None,
    ),
    "t14 deactivated": (
        {"status": 403, "description": "Forbidden: user is deactivated"},
        Outcome.UNREACHABLE,
        None,
    ),
    "t14 not found": (
        {"status": 400, "description": "Bad Request: chat not found"},
        Outcome.UNREACHABLE,
        None,
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_answer_has_its_outcome(platform: Any, name: str) -> None:
    fault, outcome, wait_s = ANSWERS[name]
    chat = await platform.person()
    await platform.fault(**fault)

    called = await send(platform.client, chat)

    assert (called.outcome, called.wait_s) == (outcome, wait_s)


async def test_t15_migrated_group_is_told_with_its_new_id(platform: Any) -> None:
    chat = await platform.person()
    await platform.fault(
        status=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": -1001234567890},
    )

    called = await send(platform.client, chat)

    assert (called.outcome, called.result) == (Outcome.MIGRATED, "-1001234567890")


async def test_t12_call_without_a_connection_was_not_sent() -> None:
    client = TelegramClient("123456:" + "T" * 35, "http://127.0.0.1:9")

    called = await send(client, "5")
    await client.close()

    assert called.outcome is Outcome.UNSENT


@pytest.mark.parametrize(
    ("words", "outcome", "reason"),
    [
        ("message is too long", Outcome.REFUSED, "too_long"),
        ("text must be non-empty", Outcome.REFUSED, "empty"),
        ("BUTTON_DATA_INVALID", Outcome.REFUSED, "button"),
        ("not enough rights to send text messages to the chat", Outcome.MUTED, "no_rights"),
        ("not enough rights to send photos to the chat", Outcome.MUTED, "no_rights"),
        ("have no write access to the chat", Outcome.MUTED, "no_rights"),
        ("CHAT_WRITE_FORBIDDEN", Outcome.MUTED, "no_rights"),
        ("CHAT_RESTRICTED", Outcome.MUTED, "no_rights"),
        ("need administrator rights in the channel chat", Outcome.MUTED, "no_rights"),
        ("message thread not found", Outcome.NO_THREAD, "topic"),
        ("TOPIC_CLOSED", Outcome.NO_THREAD, "topic"),
        ("TOPIC_DELETED", Outcome.NO_THREAD, "topic"),
        ("NGUYEN_THI_HOA", Outcome.REFUSED, "other"),
    ],
)
async def test_t13_refusal_is_kept_as_a_code_that_names_nobody(
    platform: Any, words: str, outcome: Outcome, reason: str
) -> None:
    chat = await platform.person()
    await platform.fault(status=400, description=f"Bad Request: {words}")

    called = await send(platform.client, chat)

    assert (called.outcome, called.reason) == (outcome, reason)


LOST = {
    "5xx": {"status": 502},
    "no answer in time": {"status": 500, "delay_s": 2.0},
    "hung up": {"drop": True},
    "cut body": {"cut": True},
    "page": {"body": HTML},
}


@pytest.mark.parametrize("is_done", [False, True], ids=["before effect", "after effect"])
@pytest.mark.parametrize("name", LOST)
async def test_t12_lost_answer_costs_one_message_more_at_most(
    platform: Any, name: str, is_done: bool
) -> None:
    chat = await platform.person()
    delivery = Delivery(platform.client, Nothing(), Nothing(), timer=Timer(sleep=at_once))  # type: ignore[arg-type]
    await platform.fault(apply=is_done, **LOST[name])
    await platform.fault(method="editMessageText", apply=is_done, times=2, **LOST[name])

    delivery.post(chat, (Screen("Câu 1", place=Place.BELOW),), tapped=None)
    await delivery.drain(20)
    message = len((await platform.get(f"/people/{chat}/chat"))["messages"])
    delivery.post(chat, (Screen("Câu 2"),), tapped=message)
    await delivery.drain(20)

    texts = await platform.texts(chat)
    assert texts == (["Câu 1", "Câu 2"] if is_done else ["Câu 2"])


async def send(client: TelegramClient, chat: str) -> Called:
    return await client.call("sendMessage", {"chat_id": int(chat), "text": "x"})


async def at_once(_: float) -> None:
    return None


class Nothing:
    async def load(self, _: str) -> None:
        return None
