"""The order of a chat's messages, move by move."""

from collections.abc import Callable

import pytest

from bot.chat_order import BegunRow, ChatOrder

Move = Callable[[ChatOrder], object]


@pytest.mark.parametrize(
    ("moves", "is_free"),
    [
        pytest.param([], True, id="nothing was begun"),
        pytest.param([lambda one: one.begin(1, "a")], False, id="under way"),
        pytest.param([lambda one: one.begin(1, "b")], True, id="another's is under way"),
        pytest.param(
            [lambda one: one.begin(1, "a"), lambda one: one.end_under_way(1)], True, id="ended"
        ),
        pytest.param(
            [
                lambda one: one.begin(1, "a"),
                lambda one: one.put_off(1, 9),
                lambda one: one.end_under_way(1),
            ],
            False,
            id="put off",
        ),
        pytest.param(
            [
                lambda one: one.begin(1, "a"),
                lambda one: one.put_off(1, 9),
                lambda one: one.begin(1, "a"),
                lambda one: one.end_under_way(1),
            ],
            True,
            id="put off, tried again, ended",
        ),
        pytest.param(
            [
                lambda one: one.begin(1, "a"),
                lambda one: one.put_off(1, 9),
                lambda one: one.end(1),
            ],
            True,
            id="put off and dropped since",
        ),
        pytest.param(
            [lambda one: one.begin(1, "a"), lambda one: one.begin(1, "b")], True, id="moved since"
        ),
        pytest.param(
            [lambda one: one.take_over([BegunRow(1, "a", 9)])], False, id="begun by another"
        ),
        pytest.param(
            [
                lambda one: one.take_over([BegunRow(1, "a", 9)]),
                lambda one: one.take_over([BegunRow(2, "b", 9)]),
            ],
            True,
            id="ended by another",
        ),
        pytest.param(
            [
                lambda one: one.begin(1, "a"),
                lambda one: one.take_over([BegunRow(1, "a", 9)]),
                lambda one: one.end_under_way(1),
            ],
            True,
            id="under way here whatever SQL says",
        ),
    ],
)
def test_chat_is_free(moves: list[Move], is_free: bool) -> None:
    order = ChatOrder()

    for move in moves:
        move(order)

    assert order.admit("a") is is_free


def test_due_is_what_each_chat_waits_for_once_its_time_has_come() -> None:
    order = ChatOrder()
    begun = [BegunRow(7, "a", 5), BegunRow(3, "a", 8), BegunRow(4, "b", 6), BegunRow(5, "c", 5)]
    order.take_over(begun)
    order.begin(2, "c")

    due = [[row.id for row in order.due(at)] for at in (4, 5, 6, 8)]

    assert due == [[], [], [4], [3, 4]]


def test_chat_is_crowded_while_another_row_was_seen_to_wait() -> None:
    order = ChatOrder()
    order.begin(1, "a")
    order.begin(2, "b")
    seen = [order.admit(chat) for chat in ("a", "c")]

    while_under_way = order.crowded()
    order.put_off(1, 9)
    while_put_off = order.crowded()
    order.end(1)

    assert seen == [False, True]
    assert (while_under_way, while_put_off, order.crowded()) == ({"a"}, {"a"}, frozenset())
