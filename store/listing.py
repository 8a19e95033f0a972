"""Lists of people and attempts, read a page at a time: memory does not grow with the contest.

Decides what a list as of an instant holds. Results are told once `close` is in the ledger, never
before. A page is found by the key where the one before ended, so that each costs the same.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from handlers.listing import OWN, ListedAttempt, ListedPerson, ListingSize
from handlers.records import PersonNumber
from scoring.attempt import Act
from scoring.instant import Instant
from store.closing import is_closed
from store.encryption import Vault
from store.participations import has_enough_answers
from store.sql import Database
from store.tables import ACCOUNT, ATTEMPT, PARTICIPANT, VOID

PAGE = 500
"""Rows read at a time: what other readers of the same process wait for at most."""


def _big(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _is_void(person: Any, *attempts: Any) -> Any:
    """Whether one of the attempts of the person is void at the instant; 0: the whole person."""
    of_person = (VOID.c.person == person, VOID.c.attempt.in_(attempts), VOID.c.at <= _big("at"))
    is_standing = or_(VOID.c.restored_at.is_(None), VOID.c.restored_at > _big("at"))
    return exists().where(*of_person, is_standing)


_REGISTERED = PARTICIPANT.c.registered_at <= _big("at")
_OPENED = ATTEMPT.c.opened_at <= _big("at")
_PEOPLE = (
    select(
        PARTICIPANT, ACCOUNT.c.channel, _is_void(PARTICIPANT.c.number, 0).label("is_person_void")
    )
    .select_from(PARTICIPANT.outerjoin(ACCOUNT, ACCOUNT.c.id == PARTICIPANT.c.registered_by))
    .where(PARTICIPANT.c.number > _big("beyond"), _REGISTERED)
    .order_by(PARTICIPANT.c.number)
    .limit(_big("page"))
)

_IS_ATTEMPT_VOID = _is_void(ATTEMPT.c.person, 0, ATTEMPT.c.number)
_ENDED = ATTEMPT.c.ended_at <= _big("at")


def _attempts_of(counts: Any) -> Select[Any]:
    """What the attempts of a page of people come to; `counts`: whether one is a participation."""
    return (
        select(
            ATTEMPT.c.person,
            func.count().label("opened"),
            func.count(case((counts, 1))).label("participations"),
            func.min(case((counts, ATTEMPT.c.ended_at))).label("first_at"),
        )
        .where(ATTEMPT.c.person > _big("beyond"), ATTEMPT.c.person <= _big("last"), _OPENED)
        .group_by(ATTEMPT.c.person)
    )


def _attempts(counts: Any) -> Select[Any]:
    """A page of attempts."""
    return (
        select(
            ATTEMPT,
            PARTICIPANT.c.unit,
            _IS_ATTEMPT_VOID.label("is_void"),
            case((counts, 1), else_=0).label("is_participation"),
        )
        .join(PARTICIPANT, PARTICIPANT.c.number == ATTEMPT.c.person)
        .where(
            tuple_(ATTEMPT.c.person, ATTEMPT.c.number) > tuple_(_big("person"), _big("number")),
            _OPENED,
        )
        .order_by(ATTEMPT.c.person, ATTEMPT.c.number)
        .limit(_big("page"))
    )


def _counting(connection: Connection) -> Any:
    """Whether an attempt is a participation that counts at the instant."""
    return and_(_ENDED, has_enough_answers(connection), ~_IS_ATTEMPT_VOID)


_ALL_PEOPLE = select(func.count()).select_from(PARTICIPANT).where(_REGISTERED)
_ALL_ATTEMPTS = select(func.count()).select_from(ATTEMPT).where(_OPENED)


class ListingStore:
    """Implements `handlers.listing.Listing`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def size(self, at: Instant) -> ListingSize:
        def read(connection: Connection) -> ListingSize:
            return ListingSize(
                connection.execute(_ALL_PEOPLE, {"at": at}).scalar_one(),
                connection.execute(_ALL_ATTEMPTS, {"at": at}).scalar_one(),
                is_closed(connection),
            )

        return await self._database.read(read)

    async def people(self, at: Instant) -> AsyncGenerator[tuple[ListedPerson, ...], None]:
        asked: dict[str, int] = {"at": at, "beyond": 0, "page": PAGE}
        while True:
            rows, counts = await self._database.read(partial(_people_in, asked))
            if rows:
                # Boxes are opened off the event loop: a page of them is some milliseconds.
                yield await asyncio.to_thread(_people_of, self._vault, rows, counts)
            if len(rows) < asked["page"]:
                return
            asked["beyond"] = rows[-1].number

    async def attempts(self, at: Instant) -> AsyncGenerator[tuple[ListedAttempt, ...], None]:
        asked: dict[str, int] = {"at": at, "person": 0, "number": 0, "page": PAGE}
        while True:
            rows, is_told = await self._database.read(partial(_attempts_in, asked))
            if rows:
                yield tuple(_attempt_of(row, at, is_told=is_told) for row in rows)
            if len(rows) < asked["page"]:
                return
            asked |= {"person": rows[-1].person, "number": rows[-1].number}


_People = tuple[Sequence[Row[Any]], dict[int, Row[Any]]]


def _people_in(asked: dict[str, int], connection: Connection) -> _People:
    """A page of participants, and what their attempts come to by number."""
    rows = connection.execute(_PEOPLE, asked).all()
    if not rows:
        return rows, {}
    statement = _attempts_of(_counting(connection))
    counts = connection.execute(statement, asked | {"last": rows[-1].number})
    return rows, {row.person: row for row in counts}


def _attempts_in(asked: dict[str, int], connection: Connection) -> tuple[Sequence[Row[Any]], bool]:
    statement = _attempts(_counting(connection))
    return connection.execute(statement, asked).all(), is_closed(connection)


def _people_of(
    vault: Vault, rows: Sequence[Row[Any]], counts: dict[int, Row[Any]]
) -> tuple[ListedPerson, ...]:
    return tuple(_person_of(vault, row, counts.get(row.number)) for row in rows)


def _person_of(vault: Vault, row: Row[Any], counted: Row[Any] | None) -> ListedPerson:
    kept = row._mapping  # noqa: SLF001 (the row's public mapping)

    def text(column: str) -> str | None:
        """What is in the box; None where there is none, or it was emptied on request."""
        box = kept[f"{column}_box"]
        return vault.unseal(box, f"participant.{column}", row.number).decode() if box else None

    born, first_at = text("born"), counted.first_at if counted else None
    return ListedPerson(
        number=PersonNumber(row.number),
        name=text("name"),
        born=None if born is None else int(born),
        phone=text("phone"),
        is_phone_verified=row.is_phone_verified,
        guardian_phone=text("guardian"),
        unit=row.unit,
        audience=row.audience,
        registered_at=Instant(row.registered_at),
        channel=row.channel or "",
        # A column of migration 0005: before it everybody spoke for himself.
        relation=kept.get("relation", OWN),
        is_flagged=row.is_flagged,
        opened=counted.opened if counted else 0,
        participations=counted.participations if counted else 0,
        first_at=None if first_at is None else Instant(first_at),
        is_void=row.is_person_void,
    )


def _attempt_of(row: Row[Any], at: Instant, *, is_told: bool) -> ListedAttempt:
    is_ended = row.ended_at is not None and row.ended_at <= at
    is_told = is_told and is_ended
    return ListedAttempt(
        person=PersonNumber(row.person),
        unit=row.unit,
        number=row.number,
        opened_at=Instant(row.opened_at),
        ended_at=Instant(row.ended_at) if is_ended else None,
        end=Act(row.end) if is_ended else None,
        answered=row.answered if is_ended else None,
        duration_ms=row.duration_ms if is_ended else None,
        correct=row.correct if is_told else None,
        guess=row.guess if is_told else None,
        is_participation=bool(row.is_participation),
        is_void=row.is_void,
    )
