from typing import Any

from scoring.contest import Decision, Ruling
from store.decisions import ClockAnchor
from store.house import Store


async def test_decisions_come_back_in_order(world: Any):
    decisions = (
        Decision(Ruling.PAUSE, world.now),
        Decision(Ruling.EXTEND, world.now + 1, world.now + 2),
    )
    for decision in decisions:
        await world.store.decisions.record(decision, "organiser", "power cut")

    assert await world.store.decisions.all() == decisions


async def test_the_clock_keeps_its_last_anchor(store: Store):
    assert await store.clock.load() is None

    await store.clock.save(ClockAnchor(1, 2, 60.0))
    await store.clock.save(ClockAnchor(3, 4, 1.0))

    assert await store.clock.load() == ClockAnchor(3, 4, 1.0)
