from dataclasses import replace
from typing import Any

from handlers.records import Dialogue, Event, Move, MoveDialogue
from scoring.instant import Instant


async def test_a_forgotten_event_would_count_again(world: Any):
    visitor = await world.visit(world.sender())
    move = MoveDialogue(visitor.account, Dialogue("help"), world.now, None, Event("tg", "e1"))
    await world.store.people.move(move)
    forget = world.store.retention.forget

    kept = await forget(world.now, Instant(0), world.now)
    gone = await forget(Instant(world.now + 1), Instant(0), world.now)
    again = await forget(Instant(world.now + 1), Instant(0), world.now)

    assert (kept, gone, again) == (0, 1, 0)
    assert await world.store.people.move(move) == (Move.MOVED, 2)


async def test_an_abandoned_dialogue_dies_with_what_was_typed(world: Any):
    old, young = world.sender(), world.sender()
    later = Instant(world.now + 1)
    for sender, at in ((old, world.now), (young, later)):
        visitor = await world.visit(sender)
        dialogue = Dialogue("registration", draft={"name": "Nguyễn Văn An"})
        await world.store.people.move(MoveDialogue(visitor.account, dialogue, at))

    gone = await world.store.retention.forget(Instant(0), later, Instant(later + 1))

    assert gone == 1
    dead, alive = (await world.visit(old)).dialogue, (await world.visit(young)).dialogue
    assert (dead.name, dead.step, dead.draft) == ("", 2, {})
    assert (alive.name, alive.step, alive.draft["name"]) == ("registration", 1, "Nguyễn Văn An")


async def test_a_button_of_a_dead_dialogue_fits_no_later_one(world: Any):
    visitor = await world.visit(world.sender())
    begin = MoveDialogue(visitor.account, Dialogue("registration"), world.now)
    _, step = await world.store.people.move(begin)
    await world.store.retention.forget(Instant(0), Instant(world.now + 1), world.now)

    pressed = replace(begin, from_step=step)

    assert await world.store.people.move(pressed) == (Move.SUPERSEDED, step + 1)
