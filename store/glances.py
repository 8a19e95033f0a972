"""The contest at a glance: a few counts, none of which reads people or papers one by one."""

from typing import Any

from sqlalchemy import Connection, func, select

from handlers.office_steering import Glance
from handlers.proposals import ProposalState
from handlers.records import Role
from store.outbox import DEAD, IS_WAITING
from store.sql import Database
from store.tables import ATTEMPT, COUNTER, OUTBOX, PROPOSAL, ROLE, UNIT_HOUR


def _count(*conditions: Any) -> Any:
    return select(func.count()).where(*conditions).scalar_subquery()


def _sum(column: Any) -> Any:
    return select(func.coalesce(func.sum(column), 0)).scalar_subquery()


_LOOK = select(
    select(func.coalesce(func.max(COUNTER.c.value), 0))
    .where(COUNTER.c.name == "person")
    .scalar_subquery()
    .label("registered"),
    _sum(UNIT_HOUR.c.people).label("people"),
    _sum(UNIT_HOUR.c.attempts).label("attempts"),
    _count(ATTEMPT.c.ended_at.is_(None)).label("open_attempts"),
    select(func.count()).select_from(OUTBOX).where(IS_WAITING).scalar_subquery().label("waiting"),
    _count(OUTBOX.c.state == DEAD).label("dead"),
    _count(PROPOSAL.c.state == ProposalState.OPEN.value).label("proposals"),
    select(func.count(func.distinct(ROLE.c.account)))
    .where(ROLE.c.role == Role.ORGANISER.value, ROLE.c.withdrawn_at.is_(None))
    .scalar_subquery()
    .label("organisers"),
)


class GlancesStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self) -> Glance:
        def read(connection: Connection) -> Glance:
            return Glance(*connection.execute(_LOOK).one())

        return await self._database.read(read)
