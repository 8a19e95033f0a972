"""Statistics: how many people and attempts by a property, counted when somebody asks.

Units, hours and days come from the counts that attempts leave behind; the rest is grouped once
over the attempts. Scores are told only after `close` is in the ledger.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select

from handlers.office_statistics import Property, Tallied
from scoring.instant import HOUR_MS, Instant, day_of, day_start
from store.closing import CLOSING
from store.participations import has_enough_answers
from store.sql import Database
from store.tables import ACCOUNT, ATTEMPT, JOB_RUN, PARTICIPANT, UNIT_HOUR, VOID

_PEOPLE, _ATTEMPTS = func.sum(UNIT_HOUR.c.people), func.sum(UNIT_HOUR.c.attempts)
_BY_UNIT = (
    select(UNIT_HOUR.c.unit, _PEOPLE, _ATTEMPTS)
    .group_by(UNIT_HOUR.c.unit)
    .order_by(UNIT_HOUR.c.unit)
)
_BY_HOUR = (
    select(UNIT_HOUR.c.hour, _PEOPLE, _ATTEMPTS)
    .group_by(UNIT_HOUR.c.hour)
    .order_by(UNIT_HOUR.c.hour)
)
_IS_VOID = exists().where(
    VOID.c.person == ATTEMPT.c.person,
    VOID.c.attempt.in_([0, ATTEMPT.c.number]),
    VOID.c.restored_at.is_(None),
)
_CLOSED = select(JOB_RUN.c.done_at).where(JOB_RUN.c.job == CLOSING).limit(1)
_COLUMNS: Mapping[Property, Any] = {
    Property.AUDIENCE: PARTICIPANT.c.audience,
    Property.AGE: PARTICIPANT.c.age_band,
    Property.CHANNEL: ACCOUNT.c.channel,
    Property.RELATION: PARTICIPANT.c.relation,
}


class StatisticsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def by(self, asked: Property) -> tuple[Tallied, ...]:
        def read(connection: Connection) -> tuple[Tallied, ...]:
            if asked in _COLUMNS:
                rows = connection.execute(_grouped(connection, _COLUMNS[asked]))
                return tuple(
                    Tallied("" if row[0] is None else str(row[0]), *row[1:]) for row in rows
                )
            return _from_hours(connection, asked)

        return await self._database.read(read)

    async def by_score(self) -> tuple[tuple[int, int], ...] | None:
        """Right answers and how many participations have so many; None before the closing."""

        def read(connection: Connection) -> tuple[tuple[int, int], ...] | None:
            if connection.execute(_CLOSED).first() is None:
                return None
            statement = (
                select(ATTEMPT.c.correct, func.count())
                .where(*_counted(connection))
                .group_by(ATTEMPT.c.correct)
                .order_by(ATTEMPT.c.correct.desc())
            )
            return tuple((row[0], row[1]) for row in connection.execute(statement))

        return await self._database.read(read)


def _counted(connection: Connection) -> tuple[Any, ...]:
    """What makes an attempt a participation that counts."""
    return (ATTEMPT.c.ended_at.is_not(None), has_enough_answers(connection), ~_IS_VOID)


def _grouped(connection: Connection, column: Any) -> Select[Any]:
    return (
        select(column, func.count(func.distinct(ATTEMPT.c.person)), func.count())
        .select_from(ATTEMPT)
        .join(PARTICIPANT, PARTICIPANT.c.number == ATTEMPT.c.person)
        .join(ACCOUNT, ACCOUNT.c.id == ATTEMPT.c.account)
        .where(and_(*_counted(connection)))
        .group_by(column)
        .order_by(column)
    )


def _from_hours(connection: Connection, asked: Property) -> tuple[Tallied, ...]:
    """Units as they stand; hours of the day and days added up from the hours there were."""
    if asked is Property.UNIT:
        return tuple(
            Tallied(row[0], int(row[1]), int(row[2])) for row in connection.execute(_BY_UNIT)
        )
    key: Callable[[Instant], int] = day_of if asked is Property.DAY else _hour_of_day
    sums: dict[int, list[int]] = {}
    for hour, people, attempts in connection.execute(_BY_HOUR):
        both = sums.setdefault(key(Instant(hour)), [0, 0])
        both[0] += int(people)
        both[1] += int(attempts)
    return tuple(Tallied(str(value), *sums[value]) for value in sorted(sums))


def _hour_of_day(at: Instant) -> int:
    return (at - day_start(at)) // HOUR_MS
