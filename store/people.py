"""People: who speaks, what they may be told, and what becomes of their dialogues.

Reads are one round of few statements; every change goes through the group commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, or_, select, update

from handlers.records import (
    AccountId,
    CorrectData,
    Dialogue,
    EraseData,
    Event,
    Grant,
    Move,
    MoveDialogue,
    Participant,
    PersonNumber,
    RecordConsent,
    Register,
    Registered,
    RegisterRefusal,
    Role,
    Sender,
    Visitor,
)
from scoring.instant import Instant
from scoring.limits import History
from store.dialogues import Mover, dialogue_of
from store.encryption import Vault
from store.events import was_taken
from store.exclusions import is_excluded_by
from store.group_commit import Kind, Writer
from store.helping import HelpingStore
from store.identity import participant_of
from store.insertion import InsertNew
from store.lists import among
from store.rebuild import IS_OPEN, played_by_account
from store.registrations import Registrar, consent_values
from store.sql import Database
from store.tables import ACCOUNT, ATTEMPT, CONSENT, DIALOGUE, PARTICIPANT, ROLE, VOID

PUBLISH_PURPOSE = "publish_name"
"""The consent whose answer stands with the participant."""

_OPENED = select(func.count()).where(ATTEMPT.c.person == ACCOUNT.c.person)
# An attempt that is void by itself leaves its place to another (`store.starts`).
_VOID_ATTEMPTS = select(func.count()).where(
    VOID.c.person == ACCOUNT.c.person, VOID.c.attempt > 0, VOID.c.restored_at.is_(None)
)
_IS_VOID = exists().where(
    VOID.c.person == ATTEMPT.c.person,
    VOID.c.attempt == ATTEMPT.c.number,
    VOID.c.restored_at.is_(None),
)
_IS_PLAYING = or_(
    exists().where(ATTEMPT.c.account == ACCOUNT.c.id, IS_OPEN),
    exists().where(ATTEMPT.c.person == ACCOUNT.c.person, IS_OPEN),
)
_HAS_ROLE = exists().where(ROLE.c.account == ACCOUNT.c.id, ROLE.c.withdrawn_at.is_(None))
_GRANTS = (
    select(ROLE.c.role, ROLE.c.unit)
    .where(ROLE.c.account == bindparam("account_id"), ROLE.c.withdrawn_at.is_(None))
    .order_by(ROLE.c.id)
)
# One trip tells nearly everything: what an open paper looks like is asked only where there is one.
_VISIT = (
    select(
        ACCOUNT.c.id,
        ACCOUNT.c.chat,
        ACCOUNT.c.is_reachable,
        DIALOGUE.c.name.label("dialogue_name"),
        DIALOGUE.c.step,
        DIALOGUE.c.draft_box,
        _OPENED.scalar_subquery().label("opened"),
        _VOID_ATTEMPTS.scalar_subquery().label("void"),
        _OPENED.where(ATTEMPT.c.opened_at >= bindparam("day_start"), ~_IS_VOID)
        .scalar_subquery()
        .label("opened_today"),
        _IS_PLAYING.label("is_playing"),
        _HAS_ROLE.label("has_role"),
        is_excluded_by(ACCOUNT.c.id).label("is_excluded"),
        PARTICIPANT,
    )
    .select_from(
        ACCOUNT.outerjoin(DIALOGUE, DIALOGUE.c.account == ACCOUNT.c.id).outerjoin(
            PARTICIPANT, PARTICIPANT.c.number == ACCOUNT.c.person
        )
    )
    .where(
        ACCOUNT.c.channel == bindparam("channel"),
        ACCOUNT.c.external_id == bindparam("external_id"),
    )
)
_ACCOUNT = select(ACCOUNT.c.id).where(
    ACCOUNT.c.channel == bindparam("channel"),
    ACCOUNT.c.external_id == bindparam("external_id"),
)
_INSERT_ACCOUNT = InsertNew(ACCOUNT, ACCOUNT.c.id)
_REACHED = (
    update(ACCOUNT)
    .where(
        ACCOUNT.c.channel == bindparam("of_channel"),
        ACCOUNT.c.external_id == bindparam("of_external_id"),
    )
    .values(chat=bindparam("new_chat"), is_reachable=True)
)
_DEPART = update(ACCOUNT).where(ACCOUNT.c.id == bindparam("account_id")).values(is_reachable=False)
_CONSENT = insert(CONSENT)
_LOCK_PEOPLE = (
    select(PARTICIPANT.c.number)
    .where(among(PARTICIPANT.c.number, "people"))
    .order_by(PARTICIPANT.c.number)
    .with_for_update(key_share=True)
)
_LAST_CONSENT = (
    select(CONSENT.c.is_given, CONSENT.c.text_version)
    .where(CONSENT.c.person == bindparam("person"), CONSENT.c.purpose == bindparam("purpose"))
    .order_by(CONSENT.c.id.desc())
    .limit(1)
)
_PUBLISH = (
    update(PARTICIPANT)
    .where(PARTICIPANT.c.number == bindparam("person_number"))
    .values(is_publishing_name=bindparam("is_given"))
)


@dataclass(frozen=True, slots=True)
class _Arrive:
    """Make the sender's account, or note where its chat is."""

    sender: Sender
    chat: str
    at: Instant


class PeopleStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._helping = HelpingStore(database, writer, vault)
        registrar = Registrar(vault)
        self._register = Kind(0, registrar.register)
        self._correct = Kind(1, registrar.correct)
        self._move = Kind(10, Mover(vault).execute)

    async def visit(self, sender: Sender, chat: str, day_start: Instant) -> Visitor:
        visited = await self._database.read(lambda one: self._visit(one, sender, day_start))
        if visited is None or visited[1] != (chat, True):
            await self._writer.commit(_ARRIVE, _Arrive(sender, chat, day_start))
        if visited is None:
            visited = await self._database.read(lambda one: self._visit(one, sender, day_start))
        if visited is None:
            raise LookupError("an account vanished while it was visited")
        return visited[0]

    async def account_of(self, sender: Sender) -> AccountId | None:
        asked = {"channel": sender.channel, "external_id": sender.id}

        def read(connection: Connection) -> int | None:
            return connection.execute(_ACCOUNT, asked).scalar()

        found = await self._database.read(read)
        return None if found is None else AccountId(found)

    async def register(self, order: Register) -> Registered | RegisterRefusal:
        outcome: Registered | RegisterRefusal = await self._writer.commit(self._register, order)
        return outcome

    async def correct(self, order: CorrectData) -> Registered | RegisterRefusal:
        outcome: Registered | RegisterRefusal = await self._writer.commit(self._correct, order)
        return outcome

    async def consent(self, order: RecordConsent) -> None:
        await self._writer.commit(_RECORD_CONSENT, order)

    async def move(self, order: MoveDialogue) -> tuple[Move, int]:
        outcome: tuple[Move, int] = await self._writer.commit(self._move, order)
        return outcome

    async def was_taken(self, event: Event) -> bool:
        return await self._database.read(lambda one: was_taken(one, event))

    async def helped(self, account: AccountId) -> tuple[Participant, ...]:
        return await self._helping.helped(account)

    async def switch(self, account: AccountId, person: PersonNumber) -> bool:
        return await self._helping.switch(account, person)

    async def name_of(self, person: PersonNumber) -> str:
        return await self._helping.name_of(person)

    async def erase(self, order: EraseData) -> bool:
        return await self._helping.erase(order)

    async def depart(self, account: AccountId) -> None:
        await self._writer.commit(_DEPART_KIND, account)

    def _visit(
        self, connection: Connection, sender: Sender, day_start: Instant
    ) -> tuple[Visitor, tuple[str, bool]] | None:
        """The visitor, and where its chat is known to be and whether it was reachable."""
        names = {"channel": sender.channel, "external_id": sender.id, "day_start": day_start}
        row = connection.execute(_VISIT, names).first()
        if row is None:
            return None
        has_person = row.number is not None
        visitor = Visitor(
            account=AccountId(row.id),
            participant=participant_of(self._vault, row) if has_person else None,
            dialogue=_dialogue_in(self._vault, row),
            session=played_by_account(connection, row.id) if row.is_playing else None,
            history=History(row.opened, row.opened_today, row.void),
            grants=grants_of(connection, row.id) if row.has_role else (),
            is_excluded=has_person and row.is_excluded,
        )
        return visitor, (row.chat, row.is_reachable)


def grants_of(connection: Connection, account: int) -> tuple[Grant, ...]:
    rows = connection.execute(_GRANTS, {"account_id": account})
    return tuple(Grant(Role(row.role), row.unit) for row in rows)


def _dialogue_in(vault: Vault, row: Row[Any]) -> Dialogue:
    return dialogue_of(vault, row.id, row)


def _arrive(connection: Connection, arrivals: Sequence[_Arrive]) -> list[None]:
    by_sender = {(one.sender.channel, one.sender.id): one for one in arrivals}
    ordered = [by_sender[key] for key in sorted(by_sender)]
    fresh = _INSERT_ACCOUNT.execute(
        connection,
        [
            {
                "channel": one.sender.channel,
                "external_id": one.sender.id,
                "chat": one.chat,
                "is_reachable": True,
                "created_at": one.at,
            }
            for one in ordered
        ],
    )
    if len(fresh) < len(ordered):
        chats = [
            {
                "of_channel": one.sender.channel,
                "of_external_id": one.sender.id,
                "new_chat": one.chat,
            }
            for one in ordered
        ]
        connection.execute(_REACHED, chats)
    return [None] * len(arrivals)


def _consent(connection: Connection, orders: Sequence[RecordConsent]) -> list[None]:
    people = sorted({order.person for order in orders})
    connection.execute(_LOCK_PEOPLE, {"people": people}).all()
    for order in orders:
        _consent_once(connection, order)
    return [None] * len(orders)


def _consent_once(connection: Connection, order: RecordConsent) -> None:
    """Record a consent unless it says what the last one of its purpose says (FAULTS T01)."""
    consent = order.consent
    asked = {"person": order.person, "purpose": consent.purpose}
    last = connection.execute(_LAST_CONSENT, asked).first()
    if last is not None and tuple(last) == (consent.is_given, consent.text_version):
        return
    connection.execute(_CONSENT, consent_values(order.person, order.account, consent))
    if consent.purpose == PUBLISH_PURPOSE:
        published = {"person_number": order.person, "is_given": consent.is_given}
        connection.execute(_PUBLISH, published)


def _depart(connection: Connection, accounts: Sequence[int]) -> list[None]:
    connection.execute(_DEPART, [{"account_id": one} for one in sorted(set(accounts))])
    return [None] * len(accounts)


_ARRIVE = Kind(5, _arrive)
_RECORD_CONSENT = Kind(15, _consent)
_DEPART_KIND = Kind(16, _depart)
