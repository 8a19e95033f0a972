"""Lanes: order, merging of stale renders, and what each outcome of the platform leads to."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot import delivery as module
from bot.delivery import Delivery
from bot.platforms.telegram_client import Called, Outcome
from handlers.reply import Button, ContactKeyboard, Place, Screen

DONE = Called(Outcome.DONE, {"message_id": 7})


class Platform:
    """Answers calls from a list, then with success; keeps what was asked."""

    def __init__(self, *answers: Called) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, Mapping[str, object]]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def call(self, method: str, payload: Mapping[str, object]) -> Called:
        self.calls.append((method, payload))
        await self.gate.wait()
        return self.answers.pop(0) if self.answers else DONE

    @property
    def texts(self) -> list[tuple[str, object]]:
        return [(method, payload.get("text")) for method, payload in self.calls]


class Papers:
    def __init__(self) -> None:
        self.kept: dict[str, int] = {}

    async def load(self, chat: str) -> int | None:
        return self.kept.get(chat)

    def keep(self, chat: str, message: int) -> None:
        self.kept[chat] = message


class Left:
    def __init__(self) -> None:
        self.chats: list[str] = []

    async def __call__(self, chat: str) -> None:
        self.chats.append(chat)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_S", (0.0,) * 5)


def lane(platform: Platform) -> tuple[Delivery, Papers, Left]:
    papers, left = Papers(), Left()
    return Delivery(platform, papers, left), papers, left


def screen(text: str, **given: Any) -> Screen:
    return Screen(text, **given)


async def test_tapped_message_is_edited_in_place() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)

    delivery.post("5", (screen("Câu 2"),), tapped=3)
    await delivery.drain(1)

    assert [(m, p["message_id"]) for m, p in platform.calls] == [("editMessageText", 3)]


async def test_keyboard_that_cannot_be_edited_in_is_sent() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)

    delivery.post("5", (screen("Xong", removes_keyboard=True),), tapped=3)
    await delivery.drain(1)

    assert platform.texts == [("sendMessage", "Xong")]


async def test_stale_edits_of_one_message_are_skipped() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)
    platform.gate.clear()
    delivery.post("5", (screen("1"),), tapped=3)
    await asyncio.sleep(0)
    for text in ("2", "3", "4"):
        delivery.post("5", (screen(text),), tapped=3)

    platform.gate.set()
    await delivery.drain(1)

    assert platform.texts == [("editMessageText", "1"), ("editMessageText", "4")]


async def test_equal_messages_merge_and_different_ones_keep_their_order() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)
    platform.gate.clear()
    for text in ("a", "b", "b", "c"):
        delivery.post("5", (screen(text, place=Place.BELOW),), tapped=None)

    platform.gate.set()
    await delivery.drain(1)

    assert [text for _, text in platform.texts] == ["a", "b", "c"]


async def test_t11_waits_as_told_in_its_own_lane_only(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await real(0)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    platform = Platform(Called(Outcome.LATER, wait_s=37))
    delivery, _, _ = lane(platform)

    delivery.post("5", (screen("x"),), tapped=None)
    delivery.post("6", (screen("y"),), tapped=None)
    await delivery.drain(1)

    assert waits == [37]
    assert sorted(str(text) for _, text in platform.texts) == ["x", "x", "y"]


async def test_t12_unknown_outcome_repeats_edits_freely_and_messages_once() -> None:
    unknown = Called(Outcome.UNKNOWN)
    platform = Platform(*[unknown] * 9)
    delivery, _, _ = lane(platform)

    delivery.post("5", (screen("edit"),), tapped=3)
    await delivery.drain(1)
    edits = len(platform.calls)
    delivery.post("5", (screen("send"),), tapped=None)
    await delivery.drain(1)

    assert (edits, len(platform.calls) - edits) == (6, 2)


async def test_t13_message_that_is_gone_is_sent_anew() -> None:
    platform = Platform(Called(Outcome.GONE))
    delivery, _, _ = lane(platform)

    delivery.post("5", (screen("Câu 2"),), tapped=3)
    await delivery.drain(1)

    assert platform.texts == [("editMessageText", "Câu 2"), ("sendMessage", "Câu 2")]


async def test_t13_unknown_refusal_is_not_repeated() -> None:
    platform = Platform(Called(Outcome.REFUSED, why="something new"))
    delivery, _, _ = lane(platform)

    called = await delivery.send("5", screen("x"))

    assert (called.outcome, len(platform.calls)) == (Outcome.REFUSED, 1)


async def test_contact_keyboard_leaves_no_message_to_retire() -> None:
    platform = Platform()
    delivery, papers, _ = lane(platform)
    keyboard = ContactKeyboard("Gửi số", "Quay lại")
    delivery.post("5", (screen("Số", keyboard=keyboard, is_live=True),), tapped=3)
    await delivery.drain(1)

    delivery.post("5", (screen("Tên", place=Place.BELOW, is_live=True),), tapped=None)
    await delivery.drain(1)

    assert [method for method, _ in platform.calls] == ["sendMessage", "sendMessage"]
    assert papers.kept == {"5": 7}


async def test_t37_text_whose_markup_is_refused_goes_out_plain() -> None:
    platform = Platform(Called(Outcome.UNPARSED))
    delivery, _, _ = lane(platform)

    delivery.post("5", (screen("<b>Chào</b> &lt;Hoa&gt;"),), tapped=None)
    await delivery.drain(1)

    assert platform.texts == [
        ("sendMessage", "<b>Chào</b> &lt;Hoa&gt;"),
        ("sendMessage", "Chào <Hoa>"),
    ]
    assert "parse_mode" not in platform.calls[1][1]


async def test_defect_costs_one_message_and_not_the_lane() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)

    delivery.post("not a number", (screen("a"),), tapped=None)
    called = await delivery.send("not a number", screen("b"))

    assert called.outcome is Outcome.REFUSED


async def test_t14_blocked_chat_is_marked_unreachable() -> None:
    platform = Platform(Called(Outcome.UNREACHABLE))
    delivery, _, left = lane(platform)

    delivery.post("5", (screen("x"),), tapped=None)
    await delivery.drain(1)

    assert left.chats == ["5"]


async def test_paper_sent_below_takes_the_keyboard_off_the_one_before() -> None:
    platform = Platform()
    delivery, papers, _ = lane(platform)
    row = ((Button("A", "x"),),)
    delivery.post("5", (screen("Câu 1", buttons=row, is_live=True),), tapped=3)
    await delivery.drain(1)

    delivery.post("5", (screen("Câu 1", place=Place.BELOW, is_live=True),), tapped=None)
    await delivery.drain(1)

    assert [method for method, _ in platform.calls] == [
        "editMessageText",
        "editMessageReplyMarkup",
        "sendMessage",
    ]
    assert platform.calls[1][1] == {"chat_id": 5, "message_id": 3}
    assert papers.kept == {"5": 7}
