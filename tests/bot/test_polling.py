"""Two processes that poll with one token: the first goes on, the other steps back (FAULTS T16)."""

import asyncio
from typing import Any

import pytest

from bot.platforms.telegram_client import SecondPollerError
from bot.polling import ESTABLISHED_S, PATIENCE, POLL_S, Poller, Standing
from tests.timing import HandTimer

OTHER = SecondPollerError("Conflict: terminated by other getUpdates request")
WEBHOOK = SecondPollerError("Conflict: can't use getUpdates method while webhook is active")


class Source:
    """Telegram with nothing to tell: a poll lasts, or ends with the next conflict."""

    def __init__(self, hand: HandTimer, *ends: SecondPollerError | None) -> None:
        self.hand = hand
        self.ends = list(ends)
        self.asked: list[tuple[float, int]] = []
        self.calls: list[str] = []

    async def get_updates(self, _: int, wait_s: int, __: tuple[str, ...]) -> list[Any]:
        self.asked.append((self.hand.now - 1_000.0, wait_s))
        end = self.ends.pop(0) if self.ends else None
        if end is not None:
            raise end
        await self.hand.sleep(wait_s)
        return []

    async def call(self, method: str, _: dict[str, object]) -> None:
        self.calls.append(method)


class Door:
    def received(self) -> None:
        return None


async def asked(hand: HandTimer, source: Source, for_s: float) -> list[tuple[float, int]]:
    poller = Poller(source, Door(), hand.timer)  # type: ignore[arg-type]
    running = asyncio.create_task(poller.run())
    await hand.pass_s(for_s)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return source.asked


async def test_t16_first_process_asks_again_soon_and_goes_on() -> None:
    hand = HandTimer()
    source = Source(hand, None, OTHER)

    found = await asked(hand, source, 40)

    assert found == [(0, 5), (5, POLL_S), (6, POLL_S), (31, POLL_S)]


async def test_t16_newcomer_steps_back_for_longer_each_time() -> None:
    hand = HandTimer()
    source = Source(hand, OTHER, OTHER, OTHER)

    found = await asked(hand, source, 41)

    assert found == [(0, 5), (5, 5), (15, 5), (35, 5), (40, POLL_S)]


async def test_webhook_left_from_before_is_taken_away() -> None:
    hand = HandTimer()
    source = Source(hand, WEBHOOK)

    found = await asked(hand, source, 2)

    assert (found, source.calls) == ([(0, 5), (1, 5)], ["deleteWebhook"])


def test_t16_two_that_were_both_first_part_by_chance() -> None:
    standing = Standing()
    standing.polled(ESTABLISHED_S)

    waits = [standing.conflict(0.5) for _ in range(PATIENCE + 2)]

    assert waits == [1.0] * PATIENCE + [7.5, 15.0]
    assert not standing.is_established


@pytest.mark.parametrize(("took_s", "is_established"), [(4.9, False), (5.0, True), (60.0, True)])
def test_t16_standing_comes_with_undisturbed_time(took_s: float, is_established: bool) -> None:
    standing = Standing()

    assert standing.polled(took_s) == is_established
    assert standing.is_established == is_established
