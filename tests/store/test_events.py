from typing import Any

from handlers.records import Dialogue, Event, Move, MoveDialogue


async def test_events_of_two_channels_are_two(world: Any):
    visitor = await world.visit(world.sender())
    moves = [
        MoveDialogue(visitor.account, Dialogue("help"), world.now, None, Event(channel, "e1"))
        for channel in ("tg", "web")
    ]

    assert [await world.store.people.move(move) for move in moves] == [
        (Move.MOVED, 1),
        (Move.MOVED, 2),
    ]


async def test_t53_a_dead_letter_is_kept_once(world: Any):
    for _ in range(2):
        await world.store.events.dead_letter("tg", "e1", "ValueError", world.now)

    assert await world.rows("dead_letter") == [
        {"channel": "tg", "event": "e1", "why": "ValueError", "at": world.now}
    ]
