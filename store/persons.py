"""People as staff look them up: by number, phone or whole name; nothing of scores is read.

What of it is shown, and masked, is the handlers'.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, func, select

from handlers.office_persons import (
    PEOPLE_A_PAGE,
    Found,
    PersonFile,
    SeenAttempt,
    StandingVoid,
)
from handlers.records import PersonNumber
from scoring.attempt import Act
from scoring.instant import Instant
from store.encryption import Vault
from store.identity import name_index, participant_of
from store.sql import Database
from store.tables import ACCOUNT, ATTEMPT, PARTICIPANT, TRANSITION, VOID

_PERSON = (
    select(PARTICIPANT, ACCOUNT.c.channel)
    .join(ACCOUNT, ACCOUNT.c.id == PARTICIPANT.c.registered_by)
    .where(PARTICIPANT.c.number == bindparam("person"))
)
_ANSWERED_SO_FAR = (
    select(func.count(func.distinct(TRANSITION.c.place)))
    .where(TRANSITION.c.attempt == ATTEMPT.c.id, TRANSITION.c.act == int(Act.ANSWER))
    .scalar_subquery()
)
_ATTEMPTS = (
    select(
        ATTEMPT.c.number,
        ATTEMPT.c.opened_at,
        ATTEMPT.c.ended_at,
        ATTEMPT.c.end,
        ATTEMPT.c.extra_ms,
        case((ATTEMPT.c.ended_at.is_(None), _ANSWERED_SO_FAR), else_=ATTEMPT.c.answered).label(
            "answered"
        ),
    )
    .where(ATTEMPT.c.person == bindparam("person"))
    .order_by(ATTEMPT.c.number)
)
_VOIDS = (
    select(VOID)
    .where(VOID.c.person == bindparam("person"), VOID.c.restored_at.is_(None))
    .order_by(VOID.c.attempt)
)


def _page_of(column: Any) -> tuple[Select[Any], Select[Any]]:
    """How many have the index in that column, and one page of them."""
    conditions = (column == bindparam("index"), PARTICIPANT.c.erased_at.is_(None))
    page = select(PARTICIPANT).where(*conditions).order_by(PARTICIPANT.c.number)
    return (
        select(func.count()).where(*conditions),
        page.limit(PEOPLE_A_PAGE).offset(bindparam("skipped")),
    )


_BY_PHONE = _page_of(PARTICIPANT.c.phone_index)
_BY_NAME = _page_of(PARTICIPANT.c.name_index)


class PersonsStore:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def file_of(self, number: int) -> PersonFile | None:
        return await self._database.read(lambda one: self._file_of(one, number))

    async def by_phone(self, phone: str, page: int) -> Found:
        return await self._page(_BY_PHONE, self._vault.index("phone", phone), page)

    async def by_name(self, name: str, page: int) -> Found:
        return await self._page(_BY_NAME, name_index(self._vault, name), page)

    async def _page(
        self, statements: tuple[Select[Any], Select[Any]], index: bytes, page: int
    ) -> Found:
        counted, listed = statements
        asked: Mapping[str, object] = {"index": index, "skipped": (page - 1) * PEOPLE_A_PAGE}

        def read(connection: Connection) -> Found:
            total = int(connection.execute(counted, {"index": index}).scalar_one())
            rows = connection.execute(listed, asked).all()
            return Found(total, tuple(participant_of(self._vault, row) for row in rows))

        return await self._database.read(read)

    def _file_of(self, connection: Connection, number: int) -> PersonFile | None:
        asked = {"person": number}
        row = connection.execute(_PERSON, asked).first()
        if row is None:
            return None
        attempts: Any = connection.execute(_ATTEMPTS, asked).all()
        voids: Any = connection.execute(_VOIDS, asked).all()
        return PersonFile(
            number=PersonNumber(row.number),
            participant=None if row.erased_at is not None else participant_of(self._vault, row),
            channel=row.channel,
            is_flagged=row.is_flagged,
            moved_from=row.moved_from,
            attempts=tuple(map(_attempt_of, attempts)),
            voids=tuple(map(_void_of, voids)),
        )


def _attempt_of(row: Row[Any]) -> SeenAttempt:
    is_ended = row.ended_at is not None
    return SeenAttempt(
        number=row.number,
        opened_at=Instant(row.opened_at),
        ended_at=Instant(row.ended_at) if is_ended else None,
        end=Act(row.end) if is_ended else None,
        answered=row.answered or 0,
        extra_ms=row.extra_ms,
    )


def _void_of(row: Row[Any]) -> StandingVoid:
    return StandingVoid(row.attempt, row.why, row.doc, Instant(row.at))
