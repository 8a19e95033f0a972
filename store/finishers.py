"""Names of those who have finished, for a unit's leader: read in order of number, a page at a time.

Boxes are opened for the page only. Who is too young, withdrew or does not count is left out here,
so that nothing further in can name him.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, or_, select

from handlers.office_finishers import Finisher, NamesAsked
from handlers.records import PersonNumber
from store.encryption import Vault
from store.identity import participant_of
from store.participations import has_enough_answers
from store.sql import Database
from store.tables import ATTEMPT, PARTICIPANT, VOID

CHUNK = 100


class FinishersStore:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def named(self, asked: NamesAsked) -> tuple[Finisher, ...]:
        """By number, `asked.limit` at most."""
        return await self._database.read(lambda one: tuple(self._named(one, asked)))

    def _named(self, connection: Connection, asked: NamesAsked) -> Iterator[Finisher]:
        left, after = asked.limit, asked.after
        while left > 0 and (rows := _rows(connection, asked, after)):
            after = rows[-1].number
            for row in rows:
                person = participant_of(self._vault, row)
                if person.data.born <= asked.born_until and left > 0:
                    left -= 1
                    yield Finisher(PersonNumber(row.number), person.data.name)


def _rows(connection: Connection, asked: NamesAsked, after: int) -> Sequence[Row[Any]]:
    """The unit's next people with a participation that counts."""
    is_void = exists().where(
        VOID.c.person == ATTEMPT.c.person,
        VOID.c.restored_at.is_(None),
        or_(VOID.c.attempt == 0, VOID.c.attempt == ATTEMPT.c.number),
    )
    has_finished = exists().where(
        and_(
            ATTEMPT.c.person == PARTICIPANT.c.number,
            ATTEMPT.c.ended_at.is_not(None),
            has_enough_answers(connection),
            ~is_void,
        )
    )
    statement = (
        select(PARTICIPANT)
        .where(
            PARTICIPANT.c.number > after,
            PARTICIPANT.c.unit == asked.unit,
            PARTICIPANT.c.erased_at.is_(None),
            has_finished,
        )
        .order_by(PARTICIPANT.c.number)
        .limit(CHUNK)
    )
    return connection.execute(statement).all()
