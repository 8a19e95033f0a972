"""Several people on one account: whom it plays for, and what is left of who asks to be erased.

An account plays for one person at a time (`account.person`); a paper must be over before it plays
for another. Erasure keeps the number, the attempts and a keyed hash of the identity (DESIGN §8).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update

from handlers.records import AccountId, EraseData, Participant, PersonNumber
from scoring.entries import erase_entry
from store.closing import is_closed
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.identity import ERASED, participant_of
from store.ledger_queue import queue_entries
from store.sql import Database
from store.tables import ACCOUNT, ACCOUNT_PERSON, ATTEMPT, PARTICIPANT

_HELPED = (
    select(PARTICIPANT)
    .join(ACCOUNT_PERSON, ACCOUNT_PERSON.c.person == PARTICIPANT.c.number)
    .where(ACCOUNT_PERSON.c.account == bindparam("account"), PARTICIPANT.c.erased_at.is_(None))
    .order_by(PARTICIPANT.c.number)
)
_NAME = select(PARTICIPANT).where(PARTICIPANT.c.number == bindparam("person"))
_IS_PLAYING = exists().where(ATTEMPT.c.account == ACCOUNT.c.id, ATTEMPT.c.ended_at.is_(None))
_SWITCH = (
    update(ACCOUNT)
    .where(
        ACCOUNT.c.id == bindparam("of_account"),
        exists().where(
            ACCOUNT_PERSON.c.account == ACCOUNT.c.id,
            ACCOUNT_PERSON.c.person == bindparam("to_person"),
        ),
        ~_IS_PLAYING,
    )
    .values(person=bindparam("to_person"))
)
_LOCK = (
    select(PARTICIPANT.c.number)
    .where(PARTICIPANT.c.number == bindparam("person"), PARTICIPANT.c.erased_at.is_(None))
    .with_for_update()
)
_OPEN = select(func.count()).where(
    ATTEMPT.c.person == bindparam("person"), ATTEMPT.c.ended_at.is_(None)
)
_LEAVE = update(ACCOUNT).where(ACCOUNT.c.person == bindparam("of_person")).values(person=None)
_FORGET = delete(ACCOUNT_PERSON).where(ACCOUNT_PERSON.c.person == bindparam("of_person"))
_ERASE = update(PARTICIPANT).where(PARTICIPANT.c.number == bindparam("of_person"))


class _Switch(NamedTuple):
    account: AccountId
    person: PersonNumber


class HelpingStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault

    async def helped(self, account: AccountId) -> tuple[Participant, ...]:
        """Everybody who takes part through the account, by number."""

        def read(connection: Connection) -> tuple[Participant, ...]:
            rows = connection.execute(_HELPED, {"account": account}).all()
            return tuple(participant_of(self._vault, row) for row in rows)

        return await self._database.read(read)

    async def name_of(self, person: PersonNumber) -> str:
        """A participant's name; "" once it is erased."""

        def read(connection: Connection) -> str:
            row = connection.execute(_NAME, {"person": person}).first()
            if row is None or not row.name_box:
                return ""
            return participant_of(self._vault, row).data.name

        return await self._database.read(read)

    async def switch(self, account: AccountId, person: PersonNumber) -> bool:
        done: bool = await self._writer.commit(_SWITCH_KIND, _Switch(account, person))
        return done

    async def erase(self, order: EraseData) -> bool:
        done: bool = await self._writer.commit(_ERASE_KIND, order)
        return done


def _switch(connection: Connection, orders: Sequence[_Switch]) -> list[bool]:
    return [
        bool(
            connection.execute(
                _SWITCH, {"of_account": order.account, "to_person": order.person}
            ).rowcount
        )
        for order in orders
    ]


def _erase_all(connection: Connection, orders: Sequence[EraseData]) -> list[bool]:
    return [erase_person(connection, order.person, order.at, order.account) for order in orders]


def erase_person(connection: Connection, person: int, at: Any, account: int | None = None) -> bool:
    """Destroy what names the person, with the ledger's entry; False: a paper is open, or done.

    `account`: only if it is one of this account's people.
    """
    if account is not None and not _is_of(connection, person, account):
        return False
    if connection.execute(_LOCK, {"person": person}).first() is None:
        return False
    if connection.execute(_OPEN, {"person": person}).scalar_one():
        return False
    connection.execute(_LEAVE, {"of_person": person})
    connection.execute(_FORGET, {"of_person": person})
    connection.execute(_ERASE.values({**ERASED, "erased_at": at}), {"of_person": person})
    if not is_closed(connection):
        queue_entries(connection, [(erase_entry(person, is_full=True), at)])
    return True


def _is_of(connection: Connection, person: int, account: int) -> bool:
    found = select(func.count()).where(
        ACCOUNT_PERSON.c.account == account, ACCOUNT_PERSON.c.person == person
    )
    return bool(connection.execute(found).scalar_one())


_SWITCH_KIND = Kind(21, _switch)
_ERASE_KIND = Kind(22, _erase_all)
