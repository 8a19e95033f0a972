"""Time that an organiser gives to an open attempt, with the ledger's `extra`.

Decides under the attempt's lock whether it still runs: a paper whose time is up is not revived.
The cached sessions of whoever plays it are dropped after the commit, so that the new limit counts.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from handlers.office_persons import Given, GiveTime
from handlers.records import Notice, PersonNumber, Sender
from scoring.attempt import Attempt
from scoring.deadline import due_of, ending_of
from scoring.entries import extra_entry
from store.audit import write_audit
from store.dialogues import end_step
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.ledger_queue import queue_entries
from store.rebuild import IS_OPEN, attempts_in, attempts_where
from store.sessions import SessionsStore
from store.sql import Database
from store.tables import ACCOUNT, ACCOUNT_PERSON, ATTEMPT
from store.telling import tell_person

_LOCK = (
    select(ATTEMPT.c.id)
    .where(
        ATTEMPT.c.person == bindparam("person"), ATTEMPT.c.number == bindparam("attempt"), IS_OPEN
    )
    .with_for_update(key_share=True)
)
_OPEN = attempts_where(ATTEMPT.c.person == bindparam("person"), IS_OPEN)
_GIVE = (
    update(ATTEMPT)
    .where(ATTEMPT.c.id == bindparam("attempt_id"))
    .values(extra_ms=ATTEMPT.c.extra_ms + bindparam("ms"))
)
_PLAYERS = (
    select(ACCOUNT.c.channel, ACCOUNT.c.external_id)
    .join(ACCOUNT_PERSON, ACCOUNT_PERSON.c.account == ACCOUNT.c.id)
    .where(ACCOUNT_PERSON.c.person == bindparam("person"))
    .order_by(ACCOUNT.c.id)
)


class _Outcome(NamedTuple):
    given: Given
    players: tuple[Sender, ...] = ()


class ExtraTimesStore:
    def __init__(
        self, database: Database, writer: Writer, vault: Vault, sessions: SessionsStore
    ) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._sessions = sessions
        self._give = Kind(25, self._give_all)

    async def open_paper(self, person: PersonNumber) -> Attempt | None:
        return await self._database.read(lambda one: _open_of(one, person))

    async def give(self, order: GiveTime) -> Given:
        outcome: _Outcome = await self._writer.commit(self._give, order)
        for player in outcome.players:
            self._sessions.drop(player)
        return outcome.given

    def _give_all(self, connection: Connection, orders: Sequence[GiveTime]) -> list[_Outcome]:
        return [self._give_one(connection, order) for order in orders]

    def _give_one(self, connection: Connection, order: GiveTime) -> _Outcome:
        ordered = order.ordered
        if not end_step(connection, self._vault, ordered.at, ordered.account, ordered.step):
            return _Outcome(Given.SUPERSEDED)
        of = {"person": order.person, "attempt": order.attempt}
        if connection.execute(_LOCK, of).first() is None:
            return _Outcome(Given.ENDED)
        attempt = _open_of(connection, order.person)
        if attempt is None or ending_of(attempt, order.timeline, ordered.at) is not None:
            return _Outcome(Given.ENDED)
        longer = replace(attempt, extra_ms=attempt.extra_ms + order.extra_ms)
        due = due_of(longer, order.timeline, ordered.at)
        if due <= due_of(attempt, order.timeline, ordered.at):
            return _Outcome(Given.NO_ROOM)
        _write(connection, order, attempt, due)
        players = connection.execute(_PLAYERS, {"person": order.person})
        senders = tuple(Sender(row.channel, row.external_id) for row in players)
        return _Outcome(Given.DONE, senders)


def _write(connection: Connection, order: GiveTime, attempt: Attempt, due: int) -> None:
    entry, owner = order.ordered.entry, (order.person, order.attempt)
    connection.execute(_GIVE, {"attempt_id": attempt.id, "ms": order.extra_ms})
    given = extra_entry(owner, order.extra_ms, entry.why, entry.role)
    queue_entries(connection, [(given, entry.at)])
    write_audit(connection, [entry])
    notice = Notice("notice.extra", {"person": order.person, "due": due})
    tell_person(connection, order.person, notice, entry.at)


def _open_of(connection: Connection, person: int) -> Attempt | None:
    found = attempts_in(connection.execute(_OPEN, {"person": person}))
    return found[0][1] if found else None
