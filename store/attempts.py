"""Attempts: what handlers and the sweeper ask of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from handlers.records import (
    AccountId,
    AttemptFinished,
    AttemptNotStarted,
    AttemptRecord,
    AttemptStarted,
    Event,
    FinishAttempt,
    Move,
    PersonNumber,
    Sender,
    Session,
    StartAttempt,
)
from scoring.attempt import Act, Transition
from scoring.grading import Grade
from scoring.instant import Instant
from store.finishes import FINISH
from store.group_commit import Writer
from store.participations import LEAST_ANSWERS
from store.rebuild import IS_OPEN, attempts_in, attempts_where, paper_of
from store.sql import Database
from store.starts import START
from store.tables import ACCOUNT, ATTEMPT, TRANSITION, VOID
from store.transitions import RECORD, RecordTransition, standing_at

_VOID_DOC = (
    select(VOID.c.doc)
    .where(
        VOID.c.person == ATTEMPT.c.person,
        VOID.c.attempt.in_([0, ATTEMPT.c.number]),
        VOID.c.restored_at.is_(None),
    )
    .order_by(VOID.c.attempt.desc())
    .limit(1)
    .correlate(ATTEMPT)
    .scalar_subquery()
)
"""The attempt's own decision before that on all its person's results."""

_OF_PERSON = (
    select(
        ATTEMPT,
        _VOID_DOC.label("void_doc"),
        select(func.count(func.distinct(TRANSITION.c.place)))
        .where(TRANSITION.c.attempt == ATTEMPT.c.id, TRANSITION.c.act == int(Act.ANSWER))
        .scalar_subquery()
        .label("answered_so_far"),
    )
    .where(ATTEMPT.c.person == bindparam("person"))
    .order_by(ATTEMPT.c.number)
)
_CHAT = select(ACCOUNT.c.channel, ACCOUNT.c.chat).where(ACCOUNT.c.id == bindparam("account"))
_DUE = ATTEMPT.c.due + ATTEMPT.c.wait_ms + ATTEMPT.c.extra_ms

ANY_TIME = Instant(0)


class AttemptsStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def record(
        self, transition: Transition, event: Event | None = None
    ) -> Transition | Move | None:
        standing: Transition | Move | None = await self._writer.commit(
            RECORD, RecordTransition(transition, event)
        )
        return standing

    async def start(self, order: StartAttempt) -> AttemptStarted | AttemptNotStarted:
        outcome: AttemptStarted | AttemptNotStarted = await self._writer.commit(START, order)
        return outcome

    async def finish(self, order: FinishAttempt) -> AttemptFinished | None:
        outcome: AttemptFinished | None = await self._writer.commit(FINISH, order)
        return outcome

    async def recorded_at(self, attempt: int, view: int) -> Transition | None:
        return await self._database.read(lambda one: standing_at(one, attempt, view))

    async def of_person(self, person: PersonNumber) -> tuple[AttemptRecord, ...]:
        def read(connection: Connection) -> tuple[AttemptRecord, ...]:
            rows = connection.execute(_OF_PERSON, {"person": person}).all()
            least = LEAST_ANSWERS.of(connection, {row.rules for row in rows})
            return tuple(_record_of(row, least) for row in rows)

        return await self._database.read(read)

    async def open_attempts(
        self,
        due_before: Instant | None,
        limit: int,
        due_after: Instant = ANY_TIME,
        beyond: int = 0,
    ) -> tuple[tuple[Sender, Session], ...]:
        """Open attempts by id; with `due_before`, those whose own limit has come by then.

        `due_after` leaves out those whose limit had come by that instant already. Time given
        back by pauses is not in the limit: `scoring.deadline` has the last word. Ids up to
        `beyond` are left out: the next batch of many.
        """
        window = (due_after, due_before)
        return await self._database.read(lambda one: _open_attempts(one, window, limit, beyond))

    async def chat_of(self, account: AccountId) -> tuple[str, str]:
        """(channel, chat) of an account; LookupError when there is none."""

        def read(connection: Connection) -> tuple[str, str] | None:
            row = connection.execute(_CHAT, {"account": account}).first()
            return None if row is None else (row.channel, row.chat)

        chat = await self._database.read(read)
        if chat is None:
            raise LookupError(f"no account {account}")
        return chat


def _open_attempts(
    connection: Connection, window: tuple[Instant, Instant | None], limit: int, beyond: int
) -> tuple[tuple[Sender, Session], ...]:
    due_after, due_before = window
    wanted = select(ATTEMPT.c.id).where(IS_OPEN, ATTEMPT.c.id > beyond)
    if due_before is not None:
        # The first comparison is the one an index answers; time given back is never negative.
        wanted = wanted.where(ATTEMPT.c.due <= due_before, due_before >= _DUE, due_after < _DUE)
    ids = list(connection.execute(wanted.order_by(ATTEMPT.c.id).limit(limit)).scalars())
    if not ids:
        return ()
    rows = connection.execute(attempts_where(ATTEMPT.c.id.in_(ids)))
    return _sessions_of(connection, attempts_in(rows))


def _sessions_of(
    connection: Connection, attempts: Sequence[tuple[Row[Any], Any]]
) -> tuple[tuple[Sender, Session], ...]:
    owners = {row.account for row, _ in attempts}
    named = select(ACCOUNT.c.id, ACCOUNT.c.channel, ACCOUNT.c.external_id).where(
        ACCOUNT.c.id.in_(sorted(owners))
    )
    senders = {row.id: Sender(row.channel, row.external_id) for row in connection.execute(named)}
    return tuple(
        (senders[row.account], Session(AccountId(row.account), attempt))
        for row, attempt in attempts
    )


def _record_of(row: Row[Any], least: Mapping[str, int]) -> AttemptRecord:
    is_ended = row.ended_at is not None
    answered = row.answered if is_ended else row.answered_so_far
    grade = Grade(row.correct or 0, answered, len(paper_of(row.paper).places))
    return AttemptRecord(
        id=row.id,
        number=row.number,
        opened_at=Instant(row.opened_at),
        ended_at=Instant(row.ended_at) if is_ended else None,
        end=Act(row.end) if is_ended else None,
        grade=grade,
        duration_ms=row.duration_ms or 0,
        min_answers=least.get(row.rules, 0),
        guess=row.guess,
        void_doc=row.void_doc,
    )
