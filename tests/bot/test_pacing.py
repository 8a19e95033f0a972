"""Pacing of bulk: the platform's limits hold over every stretch of time (DESIGN §6, FAULTS T11)."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pacing import LATE_MS, Pace, Pacing
from bot.timing import growing_s

Wish = tuple[int, str]
CHATS = st.sampled_from(["1", "2", "3", "-100", "-200"])


def sent(wishes: list[Wish], pace: Pace) -> list[Wish]:
    """What leaves of (milliseconds since the last wish, chat)."""
    pacing, now, left = Pacing(pace), 0, []
    for after, chat in wishes:
        now += after
        if pacing.admit(chat, now):
            left.append((now, chat))
    return left


def most_within(instants: list[int], length: int) -> int:
    """The most instants in any half-open stretch of that length."""
    return max((sum(at <= one < at + length for one in instants) for at in instants), default=0)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 400), CHATS), max_size=120))
def test_no_stretch_of_time_holds_more_than_allowed(wishes: list[Wish]):
    left = sent(wishes, Pace(a_second=5, chat_ms=1_000, a_minute=4))

    assert most_within([at for at, _ in left], 1_000) <= 5
    for chat in {chat for _, chat in left}:
        own = [at for at, to in left if to == chat]
        assert all(later - at >= 1_000 for at, later in pairwise(own))
        assert not chat.startswith("-") or most_within(own, 60_000) <= 4


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 400), max_size=120), st.integers(1, 40))
def test_what_leaves_keeps_its_distance_however_it_was_admitted(waits: list[int], a_second: int):
    pacing, now, left = Pacing(Pace(a_second)), 0.0, []
    for after in waits:
        now += after
        # Claimed whenever it was, it asks again when it was told to.
        while (wait := pacing.leave("1", now)) > 0:
            now += wait
        left.append(now)

    gap = 1_000 / a_second
    assert most_within([*map(int, left)], 999) <= a_second
    assert all(later - at >= gap - LATE_MS - 0.001 for at, later in pairwise(left))
    # Two distances together make up for one delay at most.
    assert all(
        two - at >= 2 * gap - LATE_MS - 0.001 for at, two in zip(left, left[2:], strict=False)
    )


def test_what_leaves_counts_for_its_chat_from_then_on():
    pacing = Pacing()
    pacing.admit("1", 0)

    assert pacing.leave("1", 300.0) == 0

    assert (pacing.admit("1", 1_299), pacing.admit("1", 1_300)) == (False, True)


@settings(deadline=None)
@given(st.integers(1, 29))
def test_what_may_leave_does_leave(count: int):
    assert len(sent([(0, str(chat)) for chat in range(count)], Pace())) == count


def test_full_second_of_messages_is_29_and_the_next_one_waits():
    left = sent([(0, str(chat)) for chat in range(100)], Pace())
    pacing = Pacing()
    for at, chat in left:
        pacing.admit(chat, at)

    assert len(left) == 29
    assert [pacing.wait_ms(at) for at in (0, 400, 999, 1_000)] == [1_000, 600, 1, 0]


def test_group_gets_twenty_a_minute():
    left = sent([(1_000, "-100")] * 90, Pace())

    assert [at for at, _ in left] == [*range(1_000, 21_000, 1_000), *range(61_000, 81_000, 1_000)]


def test_heir_of_the_lease_waits_for_what_the_other_may_have_sent():
    pacing = Pacing()

    pacing.take_over(5_000)

    assert (pacing.admit("1", 5_999), pacing.admit("1", 6_000)) == (False, True)


@pytest.mark.parametrize("wait_s", [0, 1, 37, 1_000_000])
def test_t11_limited_chat_waits_exactly_so_long_and_others_go_on(wait_s: int):
    pacing = Pacing()

    pacing.limit("1", wait_s * 1_000, 500, is_reply=False)

    end = 500 + wait_s * 1_000
    assert pacing.admit("2", 500)
    assert ("1" in pacing.closed_chats(end - 1)) == (wait_s > 0)
    assert pacing.admit("1", end)


STRIKES = [
    pytest.param([(0, "1", 3), (100, "2", 9), (200, "3", 5)], 9_100, id="longest of three"),
    pytest.param([(0, "1", 3), (100, "1", 3), (200, "2", 3)], 0, id="two chats only"),
    pytest.param([(0, "1", 3), (100, "2", 3), (5_000, "3", 3)], 0, id="not within five seconds"),
    pytest.param([(0, "1", 3), (100, "2", 3), (4_999, "3", 3)], 7_999, id="just within"),
    pytest.param(
        [(0, "1", 1), (1, "2", 1), (2, "3", 1), (3, "4", 60)], 60_003, id="a fourth is longer"
    ),
]


@pytest.mark.parametrize(("strikes", "until"), STRIKES)
def test_t11_three_chats_within_five_seconds_stop_bulk(
    strikes: list[tuple[int, str, int]], until: int
):
    pacing = Pacing()

    for at, chat, wait_s in strikes:
        pacing.limit(chat, wait_s * 1_000, at, is_reply=False)

    last = strikes[-1][0]
    assert pacing.wait_ms(last) == max(0, until - last)
    assert pacing.admit("other", max(until, last))


def test_t11_limited_reply_makes_bulk_stand_back_for_a_moment():
    pacing = Pacing()

    pacing.limit("1", 1_000_000, 0, is_reply=True)

    assert (pacing.admit("2", 4_999), pacing.admit("2", 5_000)) == (False, True)


def test_nothing_is_remembered_for_ever():
    pacing = Pacing(Pace(a_second=10_000))
    for chat in range(-500, 500):
        pacing.admit(str(chat), 0)
        pacing.limit(str(chat), 10, 0, is_reply=False)

    assert pacing.closed_chats(60_000) == frozenset()
    assert (len(pacing._chats), pacing._groups, pacing._held) == (0, {}, {})


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_delay_grows_is_jittered_and_has_an_end(failures: int, chance: float):
    delay = growing_s(failures, chance)

    assert growing_s(failures, 0.0) <= delay <= 2 * growing_s(failures, 0.0) <= 60.0
    assert failures > 6 or growing_s(failures + 1, 0.0) == 2 * growing_s(failures, 0.0)
