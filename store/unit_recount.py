"""The counts of units once more, from the rows alone: what the buckets are held against.

Statements of its own, so that a mistake in keeping the buckets is not repeated here. A slice of
people is one statement, and so one moment.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)

from scoring.attempt import Act
from scoring.instant import HOUR_MS, Instant
from scoring.tallies import NOBODY, Count
from store.participations import has_enough_answers
from store.sql import Database
from store.tables import ATTEMPT, PARTICIPANT, UNIT_HOUR, VOID

Counted = dict[tuple[str, int], Count]
"""By unit and the first instant of the hour."""

_OF_PERSON = and_(VOID.c.person == PARTICIPANT.c.number, VOID.c.restored_at.is_(None))
_COUNTS = and_(
    PARTICIPANT.c.number > bindparam("beyond"),
    PARTICIPANT.c.number <= bindparam("upper"),
    ~exists().where(_OF_PERSON, VOID.c.attempt == 0),
)
_BUCKETS = select(UNIT_HOUR).where(UNIT_HOUR.c.hour < bindparam("before"))
_MOST = select(func.coalesce(func.max(PARTICIPANT.c.number), 0))


class RecountStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def people(self) -> int:
        """The highest person number."""
        return await self._database.read(lambda one: int(one.execute(_MOST).scalar_one()))

    async def buckets(self, before: Instant) -> Counted:
        """What the hours that begin before an instant hold."""

        def read(connection: Connection) -> Counted:
            rows = connection.execute(_BUCKETS, {"before": before})
            return {
                (row.unit, row.hour): Count(row.registered, row.people, row.attempts)
                for row in rows
            }

        return await self._database.read(read)

    async def rows(self, before: Instant, beyond: int, upper: int) -> Counted:
        """What they should hold of the people above `beyond`, up to `upper`."""
        asked = {"before": before, "beyond": beyond, "upper": upper}

        def read(connection: Connection) -> Counted:
            found: Counted = {}
            statement = _counted(has_enough_answers(connection))
            for unit, hour, *numbers in connection.execute(statement, asked):
                count = Count(*(int(number) for number in numbers))
                found[unit, hour] = found.get((unit, hour), NOBODY) + count
            return found

        return await self._database.read(read)


def _counted(is_enough: ColumnElement[bool]) -> Any:
    """Unit, hour, registered, people and attempts; a bucket may come in several rows."""
    taken = _taken(is_enough).cte("taken")
    first = (
        select(taken.c.unit, func.min(taken.c.hour).label("hour"))
        .group_by(taken.c.person, taken.c.unit)
        .subquery()
    )
    registered = _hour(PARTICIPANT.c.registered_at)
    nobody, count = literal(0), func.count()
    before: Any = bindparam("before")
    return union_all(
        select(PARTICIPANT.c.unit, registered, count, nobody, nobody)
        .where(_COUNTS, registered < before)
        .group_by(PARTICIPANT.c.unit, registered),
        select(first.c.unit, first.c.hour, nobody, count, nobody)
        .where(first.c.hour < before)
        .group_by(first.c.unit, first.c.hour),
        select(taken.c.unit, taken.c.hour, nobody, nobody, count)
        .where(taken.c.hour < before)
        .group_by(taken.c.unit, taken.c.hour),
    )


def _taken(is_enough: ColumnElement[bool]) -> Any:
    """Participations; what the closing ended belongs to the hour before it."""
    ended_at = ATTEMPT.c.ended_at - case((ATTEMPT.c.end == int(Act.CLOSE), 1), else_=0)
    return (
        select(ATTEMPT.c.person, PARTICIPANT.c.unit, _hour(ended_at).label("hour"))
        .join(PARTICIPANT, PARTICIPANT.c.number == ATTEMPT.c.person)
        .where(
            _COUNTS,
            ATTEMPT.c.ended_at.is_not(None),
            is_enough,
            ~exists().where(_OF_PERSON, VOID.c.attempt == ATTEMPT.c.number),
        )
    )


def _hour(at: Any) -> Any:
    return at // literal(HOUR_MS) * literal(HOUR_MS)
