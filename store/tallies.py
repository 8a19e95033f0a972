"""Counts by unit, summed from buckets: the cost does not grow with those who took part.

A bucket counts as soon as its hour has begun: for a full hour the sum is what had been counted
when it struck; within an hour, what has been counted so far. The instant of long ago that is no
full hour takes the whole hour in which it lies.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, func, literal, select

from scoring.instant import CONTEST_OFFSET_MS, DAY_MS, Instant
from scoring.tallies import Count
from store.sql import Database
from store.tables import UNIT_HOUR

_COLUMNS = (UNIT_HOUR.c.registered, UNIT_HOUR.c.people, UNIT_HOUR.c.attempts)
_DAY = (UNIT_HOUR.c.hour + literal(CONTEST_OFFSET_MS)) // literal(DAY_MS)
_BEFORE = UNIT_HOUR.c.hour < bindparam("since")
_UNTIL = (
    select(
        UNIT_HOUR.c.unit,
        *(func.sum(column).label(column.name) for column in _COLUMNS),
        *(
            func.sum(case((_BEFORE, column), else_=0)).label(f"{column.name}_before")
            for column in _COLUMNS
        ),
    )
    .where(UNIT_HOUR.c.hour < bindparam("until"))
    .group_by(UNIT_HOUR.c.unit)
    .order_by(UNIT_HOUR.c.unit)
)
_BY_DAY = (
    select(_DAY.label("day"), *(func.sum(column).label(column.name) for column in _COLUMNS))
    .where(UNIT_HOUR.c.unit == bindparam("unit"))
    .group_by(_DAY)
    .order_by(_DAY)
)

Counted = Mapping[str, Count]
NEVER = Instant(0)


class CountsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def until(self, instant: Instant) -> Counted:
        counted, _ = await self.between(NEVER, instant)
        return counted

    async def between(self, since: Instant, until: Instant) -> tuple[Counted, Counted]:
        """What had been counted by `until`, and by `since`, in one look."""
        asked = {"since": since, "until": until}

        def read(connection: Connection) -> list[Row[Any]]:
            return list(connection.execute(_UNTIL, asked))

        rows = await self._database.read(read)
        now = {row.unit: _count(row[1:4]) for row in rows}
        return now, {row.unit: _count(row[4:7]) for row in rows}

    async def by_day(self, unit: str) -> tuple[tuple[Instant, Count], ...]:
        """What a unit gained on each day of the contest's calendar on which it gained anything."""

        def read(connection: Connection) -> list[Row[Any]]:
            return list(connection.execute(_BY_DAY, {"unit": unit}))

        return tuple(
            (Instant(row.day * DAY_MS - CONTEST_OFFSET_MS), _count(row[1:]))
            for row in await self._database.read(read)
        )


def _count(sums: Sequence[Any]) -> Count:
    """PostgreSQL sums into decimals."""
    return Count(*(int(one) for one in sums))
