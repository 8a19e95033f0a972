from dataclasses import dataclass, field

import pytest

from scheduler.forgetting import Forgetter
from scoring.instant import HOUR_MS, Instant

NOW = Instant(1_765_332_000_000)


@dataclass
class Shelf:
    """Has `waiting` to forget, at most 500 a call."""

    waiting: int = 0
    asked: list[tuple[int, int]] = field(default_factory=list)

    async def forget(self, events_before: Instant, dialogues_before: Instant, now: Instant) -> int:
        self.asked.append((now - events_before, now - dialogues_before))
        taken = min(self.waiting, 500)
        self.waiting -= taken
        return taken


@dataclass
class Clock:
    at: Instant = NOW

    def now(self) -> Instant:
        return self.at

    def machine_ms(self) -> int:
        return self.at


async def test_forgetting_goes_on_until_nothing_is_old():
    shelf = Shelf(waiting=1_200)

    await Forgetter(shelf, Clock()).tick()

    assert shelf.waiting == 0
    assert shelf.asked == [(48 * HOUR_MS, 7 * 24 * HOUR_MS)] * 4


@pytest.mark.parametrize(
    ("later_ms", "looks"), [(0, 1), (HOUR_MS - 1, 1), (HOUR_MS, 2), (-1, 2)], ids=str
)
async def test_forgetting_looks_once_an_hour(later_ms: int, looks: int):
    shelf, clock = Shelf(), Clock()
    forgetter = Forgetter(shelf, clock)
    await forgetter.tick()

    clock.at = Instant(NOW + later_ms)
    await forgetter.tick()

    assert len(shelf.asked) == looks
