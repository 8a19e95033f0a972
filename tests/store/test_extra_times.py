"""Time given to an open paper: once, in the ledger, at once for whoever plays it."""

import asyncio
from dataclasses import replace
from typing import Any

from handlers.office_persons import Given, GiveTime
from handlers.office_roles import Ordered
from handlers.records import AuditEntry, Dialogue, MoveDialogue
from scoring.contest import Calendar, Timeline
from scoring.instant import MINUTE_MS, Instant
from tests.store.conftest import CLOSES, OPENS

WHY = "mất điện"


def giving(world: Any, minutes: int = 10, at: Instant | None = None, **changes: Any) -> GiveTime:
    entry = AuditEntry(at or world.now, None, "secretary", "person.extra", "person:1", why=WHY)
    order = GiveTime(1, 1, minutes * MINUTE_MS, world.timeline, Ordered(entry))
    return replace(order, **changes)


async def test_time_is_given_and_counts_at_once(world: Any):
    sender, session = await world.open_paper()

    given = await world.store.extra_times.give(giving(world))

    after = await world.store.sessions.load(sender)
    assert given is Given.DONE
    assert after.attempt == replace(session.attempt, extra_ms=10 * MINUTE_MS)
    assert (await world.store.extra_times.open_paper(1)) == after.attempt


async def test_the_ledger_the_trail_and_the_person_hear_of_it(world: Any):
    _, session = await world.open_paper()

    await world.store.extra_times.give(giving(world))

    entry = (await world.rows("ledger_queue"))[-1]
    notice = (await world.rows("outbox"))[0]
    due = session.attempt.due + 10 * MINUTE_MS
    assert entry["fields_text"] == (
        f'{{"a":1,"by":"secretary","k":"extra","ms":600000,"p":1,"why":"{WHY}"}}'
    )
    assert [row["act"] for row in await world.rows("audit")] == ["person.extra"]
    assert (notice["message"], notice["arguments"]) == (
        "notice.extra",
        f'{{"person":1,"due":{due}}}',
    )


async def test_a_paper_whose_time_is_up_is_not_revived(world: Any):
    _, session = await world.open_paper()
    due = session.attempt.due

    late = await world.store.extra_times.give(giving(world, at=due))
    in_time = await world.store.extra_times.give(giving(world, at=Instant(due - 1)))

    assert (late, in_time) == (Given.ENDED, Given.DONE)


async def test_an_ended_or_missing_paper_gets_none(world: Any):
    _, session = await world.open_paper()
    await world.store.attempts.finish(world.finishing(session))

    assert await world.store.extra_times.give(giving(world)) is Given.ENDED
    assert await world.store.extra_times.give(giving(world, person=9)) is Given.ENDED
    assert await world.store.extra_times.open_paper(1) is None


async def test_rules_5_5_nothing_beyond_the_contests_last_instant(world: Any):
    world.now = Instant(CLOSES - 20 * MINUTE_MS)
    await world.open_paper()

    first = await world.store.extra_times.give(giving(world, 60))
    second = await world.store.extra_times.give(giving(world, 60))

    extended = Timeline(Calendar(OPENS, Instant(CLOSES + 180 * MINUTE_MS)))
    later = await world.store.extra_times.give(giving(world, 60, timeline=extended))
    assert (first, second, later) == (Given.DONE, Given.NO_ROOM, Given.DONE)


async def test_a_stale_step_gives_nothing(world: Any):
    await world.open_paper()
    staff = await world.visit(world.sender())
    move = MoveDialogue(staff.account, Dialogue("extra_time"), world.now)
    _, step = await world.store.people.move(move)
    entry = replace(giving(world).ordered.entry, account=staff.account)
    order = giving(world, ordered=Ordered(entry, step))

    both = await asyncio.gather(
        world.store.extra_times.give(order), world.store.extra_times.give(order)
    )

    assert sorted(one.value for one in both) == ["done", "superseded"]
    assert (await world.rows("attempt"))[0]["extra_ms"] == 10 * MINUTE_MS


async def test_t38_two_staff_at_once_both_give(world: Any, another: Any):
    await world.open_paper()
    async with another() as other:
        both = await asyncio.gather(
            world.store.extra_times.give(giving(world, 5)),
            other.extra_times.give(giving(world, 10)),
        )

    assert both == [Given.DONE, Given.DONE]
    assert (await world.rows("attempt"))[0]["extra_ms"] == 15 * MINUTE_MS


async def test_t24_time_and_ending_at_once_end_or_lengthen_it(world: Any, another: Any):
    """Who comes second is told: an ended paper gets no time."""
    async with another() as other:
        for person in range(1, 6):
            _, session = await world.open_paper()
            given, finished = await asyncio.gather(
                world.store.extra_times.give(giving(world, person=person)),
                other.attempts.finish(world.finishing(session)),
            )
            row = (await world.rows("attempt"))[person - 1]
            assert finished is not None
            assert row["extra_ms"] == (10 * MINUTE_MS if given is Given.DONE else 0)
