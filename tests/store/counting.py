"""What the buckets of units must hold, counted from the rows by SQL of the tests' own."""

# ruff: noqa: S608 (statements of numbers of our own)

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, text

from handlers.records import AttemptStarted, Sender
from scoring.attempt import Act
from scoring.instant import MINUTE_MS, Instant, day_start
from scoring.limits import AttemptLimits

HOUR = 3_600_000
LEAST = 2
"""Answers that make a participation, in the rules of the world's contest."""

UNLIMITED = AttemptLimits(0, 0)
_WHOLE = (
    "NOT EXISTS (SELECT 1 FROM void v WHERE v.person = p.number AND v.attempt = 0"
    " AND v.restored_at IS NULL)"
)
_REGISTERED = f"""
SELECT p.unit, p.registered_at / {HOUR} * {HOUR} AS hour, count(*)
FROM participant p WHERE {_WHOLE} GROUP BY 1, 2
"""
_TAKEN = f"""
SELECT p.unit AS unit, a.person AS person, a.number AS number,
  (a.ended_at - CASE WHEN a."end" = {int(Act.CLOSE)} THEN 1 ELSE 0 END) / {HOUR} * {HOUR} AS hour
FROM attempt a JOIN participant p ON p.number = a.person
WHERE a.ended_at IS NOT NULL AND a.answered >= {LEAST} AND {_WHOLE}
AND NOT EXISTS (SELECT 1 FROM void v WHERE v.person = a.person AND v.attempt = a.number
  AND v.restored_at IS NULL)
"""
_ATTEMPTS = f"SELECT unit, hour, count(*) FROM ({_TAKEN}) t GROUP BY 1, 2"
_PEOPLE = f"""
SELECT unit, hour, count(*) FROM ({_TAKEN}) t WHERE number =
  (SELECT min(number) FROM ({_TAKEN}) f WHERE f.person = t.person) GROUP BY 1, 2
"""

Numbers = dict[tuple[str, int], tuple[int, int, int]]
"""Registered, people and attempts by unit and hour."""


async def rows_counted(world: Any) -> Numbers:
    """From the people, attempts and voids."""
    statements = [_REGISTERED, _PEOPLE, _ATTEMPTS]

    def read(connection: Connection) -> list[list[Any]]:
        return [list(connection.execute(text(one))) for one in statements]

    found: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for at, rows in enumerate(await world.store.database.read(read)):
        for unit, hour, count in rows:
            found[unit, hour][at] = count
    return {key: (one[0], one[1], one[2]) for key, one in found.items()}


async def buckets(world: Any) -> Numbers:
    """As they stand, the empty ones left out."""
    return {
        (row["unit"], row["hour"]): (row["registered"], row["people"], row["attempts"])
        for row in await world.rows("unit_hour")
        if (row["registered"], row["people"], row["attempts"]) != (0, 0, 0)
    }


async def opened(world: Any, sender: Sender, at: Instant, answers: int) -> Any:
    """A further attempt of a participant with so many answers; its session, None: not now."""
    visitor = await world.store.people.visit(sender, f"chat-{sender.id}", day_start(at))
    number = visitor.history.attempts + 1
    order = world.starting(
        visitor, number, at=at, due=Instant(at + 15 * MINUTE_MS), limits=UNLIMITED
    )
    outcome = await world.store.attempts.start(order)
    if not isinstance(outcome, AttemptStarted):
        return None
    session = outcome.session
    for _ in range(answers):
        session = await world.answer(sender, session)
    return session


async def take_part(
    world: Any, sender: Sender, at: Instant, answers: int = LEAST, act: Act = Act.SUBMIT
) -> None:
    """An attempt that ends at `at`."""
    session = await opened(world, sender, Instant(at - 5 * MINUTE_MS), answers)
    if session is not None:
        await world.store.attempts.finish(world.finishing(session, act, at=at))
