"""Lanes: order, merging of stale renders, and what each outcome of the platform leads to."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.delivery import BUSY_REPLIES, CROWDED_S, Delivery
from bot.lanes import EDIT_REPEATS, LANE_LIMIT
from bot.platforms.telegram_errors import Called, Outcome
from handlers.reply import Attached, Button, ContactKeyboard, Place, Screen
from tests.bot.posting import Papers
from tests.timing import HandTimer, settle

DONE = Called(Outcome.DONE, {"message_id": 7})


class Platform:
    """Answers calls from a list, or by their text, then with success; keeps what was asked."""

    def __init__(self, *answers: Called, by_text: dict[str, list[Called]] | None = None) -> None:
        self.answers = list(answers)
        self.by_text = by_text or {}
        self.calls: list[tuple[str, Mapping[str, object]]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def call(self, method: str, payload: Mapping[str, object]) -> Called:
        self.calls.append((method, payload))
        await self.gate.wait()
        own = self.by_text.get(str(payload.get("text")))
        if own:
            return own.pop(0)
        return self.answers.pop(0) if self.answers else DONE

    @property
    def texts(self) -> list[tuple[str, object]]:
        return [(method, payload.get("text")) for method, payload in self.calls]


class Chats:
    def __init__(self) -> None:
        self.left: list[str] = []
        self.moved: list[tuple[str, str]] = []
        self.given_back: list[tuple[str, int, int]] = []
        self.muted: list[str] = []
        self.without_thread: list[str] = []

    async def mute(self, chat: str) -> None:
        self.muted.append(chat)

    async def leave_thread(self, chat: str) -> None:
        self.without_thread.append(chat)

    async def depart(self, chat: str) -> None:
        self.left.append(chat)

    async def move(self, chat: str, to: str) -> None:
        self.moved.append((chat, to))

    async def give_back(self, chat: str, attempt: int, wait_ms: int) -> None:
        self.given_back.append((chat, attempt, wait_ms))


def lane(
    platform: Platform, hand: HandTimer | None = None, **given: Any
) -> tuple[Delivery, Papers, Chats]:
    papers, chats = Papers(), Chats()
    timer = (hand or HandTimer()).timer
    return Delivery(platform, papers, chats, timer=timer, **given), papers, chats


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


@pytest.mark.parametrize(
    ("is_picture", "method", "field"),
    [(True, "sendPhoto", "photo"), (False, "sendDocument", "document")],
)
async def test_a_file_is_a_message_of_its_own_with_its_text_below(
    is_picture: bool, method: str, field: str
) -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)
    file = Attached("tally.png", b"\x89PNG", is_picture)

    delivery.post("-5", (screen("31/50", file=file, thread=9, is_protected=True),), tapped=3)
    await delivery.drain(1)

    assert platform.calls == [
        (
            method,
            {
                "chat_id": -5,
                "parse_mode": "HTML",
                "caption": "31/50",
                field: file,
                "protect_content": True,
                "message_thread_id": 9,
            },
        )
    ]


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


@pytest.mark.parametrize(
    ("named", "waits"),
    [
        pytest.param(1.0, [1.0, 1.0], id="1"),
        pytest.param(37.0, [37.0, 37.0], id="37"),
        pytest.param(1e6, [1e6, 1e6], id="a million"),
        pytest.param(0.0, [0.0, 0.5], id="0, then not in a circle"),
        pytest.param(None, [0.25, 0.5], id="absent: growing"),
    ],
)
async def test_t11_waits_exactly_as_told_in_its_own_lane_only(
    named: float | None, waits: list[float]
) -> None:
    hand = HandTimer()
    limited = {"x": [Called(Outcome.LATER, wait_s=named)] * 2}
    platform = Platform(by_text=limited)
    delivery, _, _ = lane(platform, hand)

    delivery.post("5", (screen("x"),), tapped=None)
    delivery.post("6", (screen("y"),), tapped=None)
    await settle()
    others = [text for _, text in platform.texts if text != "x"]
    while hand.next_at is not None:
        await hand.pass_s(hand.next_at - hand.now)

    assert others == ["y"]
    assert hand.slept == waits
    assert hand.now == 1_000.0 + sum(waits)
    assert [text for _, text in platform.texts].count("x") == 3


async def test_t11_chat_that_is_limited_gets_no_notice_either() -> None:
    hand = HandTimer()
    platform = Platform(Called(Outcome.LATER, wait_s=37))
    heard: list[tuple[str, float, bool]] = []
    delivery, _, _ = lane(platform, hand, limited=lambda *given: heard.append(given))

    first = await delivery.send("5", screen("notice"))
    await hand.pass_s(30)
    again = await delivery.send("5", screen("notice"))
    delivery.post("5", (screen("reply"),), tapped=None)
    await hand.pass_s(6.9)
    before = len(platform.calls)
    await hand.pass_s(0.2)

    assert (first.outcome, again.outcome) == (Outcome.LATER, Outcome.LATER)
    assert (first.wait_s, again.wait_s, heard) == (37, 7, [("5", 37, False)])
    assert (before, platform.texts[-1]) == (1, ("sendMessage", "reply"))


async def test_notice_is_not_queued_behind_replies() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)
    platform.gate.clear()
    delivery.post("5", (screen("a"), screen("b")), tapped=None)
    await settle()

    called = await delivery.send("5", screen("notice"))
    is_busy = delivery.is_busy()
    platform.gate.set()
    await delivery.drain(1)

    assert (called.outcome, called.wait_s, is_busy) == (Outcome.LATER, 1.0, True)
    assert ([text for _, text in platform.texts], delivery.is_busy()) == (["a", "b"], False)


async def test_t12_unknown_outcome_repeats_edits_freely_and_messages_once() -> None:
    hand = HandTimer()
    unknown = Called(Outcome.UNKNOWN)
    platform = Platform(*[unknown] * 9)
    delivery, _, _ = lane(platform, hand)

    delivery.post("5", (screen("edit"),), tapped=3)
    await hand.pass_s(60)
    edits = len(platform.calls)
    delivery.post("5", (screen("send"),), tapped=None)
    await hand.pass_s(60)
    sends = len(platform.calls) - edits
    called = await delivery.send("5", screen("notice"))

    assert (edits, sends) == (EDIT_REPEATS + 1, 2)
    assert hand.slept == [0.25, 0.5, 1.0, 2.0, 4.0, 0.25]
    assert (called.outcome, len(platform.calls)) == (Outcome.UNKNOWN, edits + sends + 1)


async def test_t12_message_that_could_not_be_handed_over_is_sent_when_it_can_be() -> None:
    hand = HandTimer()
    platform = Platform(*[Called(Outcome.UNSENT)] * 20)
    delivery, _, _ = lane(platform, hand)

    delivery.post("5", (screen("x"),), tapped=None)
    await hand.pass_s(1_000)

    assert len(platform.calls) == 21
    assert max(hand.slept) == 30.0


async def test_t15_migrated_group_gets_the_message_under_its_new_id() -> None:
    platform = Platform(Called(Outcome.MIGRATED, "-1007"))
    delivery, _, chats = lane(platform)

    called = await delivery.send("-7", screen("x"))

    assert called.outcome is Outcome.DONE
    assert [payload["chat_id"] for _, payload in platform.calls] == [-7, -1007]
    assert chats.moved == [("-7", "-1007")]


async def test_t15_group_that_moves_in_a_circle_is_given_up() -> None:
    moved = Called(Outcome.MIGRATED, "-1007")
    platform = Platform(moved, moved)
    delivery, _, _ = lane(platform)

    called = await delivery.send("-7", screen("x"))

    assert (called.outcome, len(platform.calls)) == (Outcome.MIGRATED, 2)


async def test_t44_flood_of_one_chat_waits_in_a_bounded_lane() -> None:
    platform = Platform()
    delivery, _, _ = lane(platform)
    platform.gate.clear()
    delivery.post("5", (screen("first"),), tapped=None)
    await settle()
    for number in range(1_000):
        delivery.post("5", (screen(str(number)),), tapped=None)
    delivery.post("6", (screen("other"),), tapped=None)
    await settle()

    platform.gate.set()
    await delivery.drain(1)

    texts = [text for _, text in platform.texts]
    assert texts == ["first", "other", *map(str, range(1_000 - LANE_LIMIT, 1_000))]


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
    await settle()
    called = await delivery.send("not a number", screen("b"))

    assert called.outcome is Outcome.REFUSED


async def test_t14_blocked_chat_is_marked_unreachable() -> None:
    platform = Platform(Called(Outcome.UNREACHABLE))
    delivery, _, chats = lane(platform)

    delivery.post("5", (screen("x"),), tapped=None)
    await delivery.drain(1)

    assert chats.left == ["5"]


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


@pytest.mark.parametrize(
    ("age_ms", "given_back"),
    [(0, []), (2_000, []), (2_001, [("5", 9, 2_001)]), (60_000, [("5", 9, 60_000)])],
    ids=["at once", "two seconds", "1 ms more", "a minute"],
)
async def test_time_that_a_paper_waited_here_is_given_back(
    age_ms: int, given_back: list[tuple[str, int, int]]
) -> None:
    delivery, _, chats = lane(Platform())

    delivery.post("5", (screen("Câu 2", attempt=9), screen("Mới", place=Place.BELOW)), 3, age_ms)
    await delivery.drain(1)

    assert chats.given_back == given_back


async def test_t11_time_held_by_a_429_is_given_back() -> None:
    hand = HandTimer()
    delivery, _, chats = lane(Platform(Called(Outcome.LATER, wait_s=37)), hand)

    delivery.post("5", (screen("Câu 2", attempt=9),), tapped=3)
    await hand.pass_s(40)

    assert chats.given_back == [("5", 9, 37_000)]


@pytest.mark.parametrize(
    ("chats", "late_s", "is_crowded"),
    [
        pytest.param(2 * BUSY_REPLIES + 1, CROWDED_S + 0.1, True, id="many, late"),
        pytest.param(2 * BUSY_REPLIES, CROWDED_S + 0.1, False, id="not so many"),
        pytest.param(2 * BUSY_REPLIES + 1, CROWDED_S, False, id="not late"),
    ],
)
async def test_t54_crowded_is_where_many_wait_and_the_last_was_shown_late(
    chats: int, late_s: float, is_crowded: bool
) -> None:
    hand = HandTimer()
    platform = Platform()
    delivery, _, _ = lane(platform, hand)
    delivery.post("0", (screen("x"),), None)
    platform.gate.clear()
    await settle()
    await hand.pass_s(late_s)
    platform.gate.set()
    await delivery.drain(1)
    platform.gate.clear()

    for chat in range(1, chats + 1):
        delivery.post(str(chat), (screen("x"),), None)

    assert delivery.is_crowded() is is_crowded
    platform.gate.set()
    await delivery.drain(1)
    assert not delivery.is_crowded()


async def test_t54_a_wait_that_the_platform_ordered_is_no_crowd() -> None:
    hand = HandTimer()
    platform = Platform(Called(Outcome.LATER, wait_s=30.0))
    delivery, _, _ = lane(platform, hand)
    delivery.post("0", (screen("x"),), None)
    await hand.pass_s(31)
    platform.gate.clear()

    for chat in range(1, 3 * BUSY_REPLIES):
        delivery.post(str(chat), (screen("x"),), None)

    assert not delivery.is_crowded()
    platform.gate.set()
    await delivery.drain(1)


async def test_message_to_a_topic_that_is_gone_goes_once_to_the_group_as_a_whole() -> None:
    platform = Platform(Called(Outcome.NO_THREAD, reason="topic"))
    delivery, _, chats = lane(platform)

    called = await delivery.send("-7", screen("Số liệu", thread=9))

    assert called.outcome is Outcome.DONE
    threads = [payload.get("message_thread_id") for _, payload in platform.calls]
    assert (threads, chats.without_thread, chats.muted) == ([9, None], ["-7"], [])


async def test_group_whose_general_topic_is_closed_too_lets_nothing_in() -> None:
    closed = Called(Outcome.NO_THREAD, reason="topic")
    platform = Platform(closed, closed)
    delivery, _, chats = lane(platform)

    called = await delivery.send("-7", screen("Số liệu", thread=9))

    assert (called.outcome, len(platform.calls)) == (Outcome.NO_THREAD, 2)
    assert (chats.muted, chats.left) == (["-7"], [])


async def test_muted_group_is_on_record_and_not_given_up() -> None:
    platform = Platform(Called(Outcome.MUTED, reason="no_rights"))
    delivery, _, chats = lane(platform)

    called = await delivery.send("-7", screen("Số liệu"))

    assert (called.outcome, len(platform.calls)) == (Outcome.MUTED, 1)
    assert (chats.muted, chats.left) == (["-7"], [])


async def test_group_that_takes_no_pictures_gets_the_words() -> None:
    platform = Platform(Called(Outcome.MUTED, reason="no_rights"))
    delivery, _, chats = lane(platform)
    picture = Attached("bieu-do.png", b"png")

    called = await delivery.send("-7", screen("Số liệu", file=picture))

    assert called.outcome is Outcome.DONE
    assert [method for method, _ in platform.calls] == ["sendPhoto", "sendMessage"]
    assert platform.calls[1][1]["text"] == "Số liệu"
    assert chats.muted == []
