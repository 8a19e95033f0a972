"""Statistics against rows that a test can count by hand; scores only behind the closing."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from handlers.office_statistics import Property, Tallied
from handlers.records import Relation
from scoring.attempt import Act
from scoring.instant import HOUR_MS, day_of, day_start
from store.tables import JOB_RUN, UNIT_HOUR, VOID

LEAST = 2


async def take_part(world: Any, answers: int, **changes: Any) -> int:
    """A participant who answered so many; his number."""
    sender = world.sender()
    order = await world.registering(sender, replace(world.new_data(), **changes.pop("data", {})))
    await world.store.people.register(replace(order, **changes))
    visitor = await world.visit(sender)
    outcome = await world.store.attempts.start(world.starting(visitor))
    session = outcome.session
    for _ in range(answers):
        session = await world.answer(sender, session)
    await world.store.attempts.finish(world.finishing(session, Act.SUBMIT))
    return int(visitor.participant.number)


async def write(world: Any, *statements: Any) -> None:
    def execute(connection: Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    await world.store.database.write(execute)


async def test_people_and_participations_by_age_audience_relation_and_channel(world: Any):
    await take_part(world, 3, age_band=5, data={"audience": "hoc-sinh"})
    await take_part(world, 3, age_band=5)
    await take_part(world, 2, age_band=1, relation=Relation.FAMILY)
    await take_part(world, 1, age_band=1)
    by = world.store.statistics.by

    assert await by(Property.AGE) == (Tallied("1", 1, 1), Tallied("5", 2, 2))
    assert sorted(await by(Property.AUDIENCE), key=lambda one: one.value) == [
        Tallied("", 2, 2),
        Tallied("hoc-sinh", 1, 1),
    ]
    assert await by(Property.RELATION) == (Tallied("family", 1, 1), Tallied("own", 2, 2))
    assert await by(Property.CHANNEL) == (Tallied("tg", 3, 3),)


async def test_what_is_void_does_not_count(world: Any):
    first, second = await take_part(world, 3), await take_part(world, 3)
    await take_part(world, 3)
    voids = {"why": "other", "doc": "1", "at": 0}
    await write(
        world,
        VOID.insert().values(person=first, attempt=0, **voids),
        VOID.insert().values(person=second, attempt=1, **voids),
        VOID.insert().values(person=second + 1, attempt=1, restored_at=1, **voids),
    )

    assert await world.store.statistics.by(Property.CHANNEL) == (Tallied("tg", 1, 1),)


async def test_hours_and_days_add_up_over_units(world: Any):
    morning = day_start(world.now) + 9 * HOUR_MS
    later = morning + 24 * HOUR_MS
    rows = [
        {"unit": "to-1", "hour": morning, "registered": 0, "people": 2, "attempts": 3},
        {"unit": "to-2", "hour": morning, "registered": 0, "people": 1, "attempts": 1},
        {
            "unit": "to-1",
            "hour": later,
            "registered": 0,
            "people": 4,
            "attempts": 4,
        },
    ]
    await write(world, UNIT_HOUR.insert().values(rows))
    by, today = world.store.statistics.by, day_of(world.now)

    assert await by(Property.HOUR) == (Tallied("9", 7, 8),)
    assert await by(Property.DAY) == (
        Tallied(str(today), 3, 4),
        Tallied(str(today + 1), 4, 4),
    )
    assert await by(Property.UNIT) == (Tallied("to-1", 6, 7), Tallied("to-2", 1, 1))


async def test_scores_are_told_only_behind_the_closing(world: Any):
    await take_part(world, 3)
    by_score = world.store.statistics.by_score
    before = await by_score()
    closing = JOB_RUN.insert().values(job="closing", planned_at=0, done_at=0)

    await write(world, closing)
    after = await by_score()

    assert before is None
    assert sum(count for _, count in after) == 1
