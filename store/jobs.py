"""Scheduled work, once each: (job, planned instant) is claimed in the transaction of its effect.

However many processes wake for it, one claims the row; the others change nothing (FAULTS T29).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, literal, select

from handlers.records import AccountId, Notice
from scoring.entries import close_entry
from scoring.instant import Instant
from store.closing import CLOSING, hold_closing
from store.group_commit import Kind, Writer
from store.insertion import InsertNew
from store.ledger_queue import queue_entries
from store.outbox import arguments_text, outbox_values
from store.sql import Database
from store.tables import ACCOUNT, ATTEMPT, JOB_RUN, OUTBOX, PARTICIPANT

_CLAIM = InsertNew(JOB_RUN, JOB_RUN.c.job)
_TELL = insert(OUTBOX)
_REACHABLE = ACCOUNT.c.is_reachable.is_(True)


class _Job(NamedTuple):
    job: str
    planned_at: Instant
    at: Instant
    notice: Notice | None = None
    account: int = 0


class JobsStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def announce(self, job: str, planned_at: Instant, notice: Notice, at: Instant) -> bool:
        """Tell every reachable account that has a participant; False: done before."""
        is_claimed: bool = await self._writer.commit(_ANNOUNCE, _Job(job, planned_at, at, notice))
        return is_claimed

    async def tell(
        self, job: str, planned_at: Instant, account: AccountId, notice: Notice, at: Instant
    ) -> bool:
        """Tell one account, once per job, planned instant and account; False: done before.

        Recorded as job `JOB/ACCOUNT`.
        """
        work = _Job(f"{job}/{account}", planned_at, at, notice, account)
        is_claimed: bool = await self._writer.commit(_TELL_ONE, work)
        return is_claimed

    async def close(self, planned_at: Instant, at: Instant) -> bool:
        """Enter `close` in the ledger; False: an attempt is still open, or done before."""
        is_claimed: bool = await self._writer.commit(_CLOSE, _Job(CLOSING, planned_at, at))
        return is_claimed

    async def is_done(self, job: str, planned_at: Instant) -> bool:
        statement = select(JOB_RUN.c.done_at).where(
            JOB_RUN.c.job == job, JOB_RUN.c.planned_at == planned_at
        )
        return await self._database.read(lambda one: one.execute(statement).first() is not None)


def _announce(connection: Connection, jobs: Sequence[_Job]) -> list[bool]:
    return [_claimed(connection, job) and _tell_all(connection, job) for job in jobs]


def _tell_one(connection: Connection, jobs: Sequence[_Job]) -> list[bool]:
    return [_claimed(connection, job) and _tell_account(connection, job) for job in jobs]


def _close(connection: Connection, jobs: Sequence[_Job]) -> list[bool]:
    return [_close_one(connection, job) for job in jobs]


def _claimed(connection: Connection, job: _Job) -> bool:
    values = {"job": job.job, "planned_at": job.planned_at, "done_at": job.at}
    return bool(_CLAIM.execute(connection, [values]))


def _row_for(job: _Job, channel: str, chat: str, batch: str | None = None) -> dict[str, object]:
    notice = job.notice or Notice("")
    return outbox_values((channel, chat), notice.message, arguments_text(notice), job.at, batch)


def _tell_all(connection: Connection, job: _Job) -> bool:
    """One statement: the database copies the chats, however many there are.

    Who registered after the planned instant has seen by himself what is announced.
    """
    fixed = _row_for(job, "", "", job.job)
    del fixed["channel"], fixed["chat"]
    chats = select(
        ACCOUNT.c.channel,
        ACCOUNT.c.chat,
        *(literal(value, OUTBOX.c[name].type) for name, value in fixed.items()),
    )
    is_early = PARTICIPANT.c.registered_at <= job.planned_at
    chats = chats.join(PARTICIPANT, PARTICIPANT.c.number == ACCOUNT.c.person)
    chats = chats.where(_REACHABLE, is_early).order_by(ACCOUNT.c.id)
    connection.execute(insert(OUTBOX).from_select(["channel", "chat", *fixed], chats))
    return True


def _tell_account(connection: Connection, job: _Job) -> bool:
    statement = select(ACCOUNT.c.channel, ACCOUNT.c.chat).where(
        ACCOUNT.c.id == job.account, _REACHABLE
    )
    row = connection.execute(statement).first()
    if row is not None:
        connection.execute(_TELL, [_row_for(job, row.channel, row.chat)])
    return True


def _close_one(connection: Connection, job: _Job) -> bool:
    hold_closing(connection)
    is_open = select(ATTEMPT.c.id).where(ATTEMPT.c.ended_at.is_(None)).limit(1)
    if connection.execute(is_open).first() is not None or not _claimed(connection, job):
        return False
    counts = connection.execute(_COUNTS).one()
    entry = close_entry(counts.persons, counts.attempts, counts.submits)
    queue_entries(connection, [(entry, job.at)])
    return True


def _count(*columns: Any) -> Any:
    return select(func.count(*columns)).scalar_subquery()


_COUNTS = select(
    _count(PARTICIPANT.c.number).label("persons"),
    _count(ATTEMPT.c.id).label("attempts"),
    _count(ATTEMPT.c.ended_at).label("submits"),
)

_ANNOUNCE = Kind(50, _announce)
_TELL_ONE = Kind(51, _tell_one)
_CLOSE = Kind(52, _close)
