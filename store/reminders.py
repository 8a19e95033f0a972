"""Reminders: at most one a day an account, marked in the transaction that lines the message up.

The mark is set first, comparing: whoever was reminded today, switched reminders off or is at a
paper is not marked, and only who was marked is written to. A slice of accounts, its claim and its
messages are one transaction: killed anywhere, the reminding goes on where it was.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from handlers.office_reminders import (
    LEADERS,
    SPARE,
    UNSTARTED,
    LinedUp,
    RemindLeaders,
    RemindSlice,
    UnderTarget,
)
from handlers.records import AccountId, Notice, Role
from scoring.instant import Instant
from scoring.limits import AttemptLimits
from store.attempt_counts import counted, has_left, has_opened
from store.exclusions import is_excluded_by
from store.group_commit import Kind, Writer
from store.insertion import InsertNew
from store.lists import among
from store.outbox import arguments_text, outbox_values
from store.rebuild import IS_OPEN
from store.sql import Database
from store.tables import (
    ACCOUNT,
    ACCOUNT_PERSON,
    ATTEMPT,
    JOB_RUN,
    OUTBOX,
    PARTICIPANT,
    ROLE,
    VOID,
)

SLICE = 2_000
"""Accounts looked at in one transaction: some tens of milliseconds."""

MOST_UNITS = 20
"""Of one leader, told of in one reminder."""

LEADERS_JOB, RESIDENTS_JOB = "remind_leaders", "remind_residents"
_CLAIM = InsertNew(JOB_RUN, JOB_RUN.c.job)
_MOST = select(func.coalesce(func.max(ACCOUNT.c.id), 0))
_COUNTED_TODAY = counted(ATTEMPT.c.opened_at >= bindparam("day_start"))
_MAY_HEAR = and_(
    ACCOUNT.c.is_reachable.is_(True),
    ACCOUNT.c.is_reminded.is_(True),
    or_(ACCOUNT.c.reminded_at.is_(None), ACCOUNT.c.reminded_at < bindparam("day_start")),
)
_LEADERS = (
    select(ROLE.c.account, ROLE.c.unit)
    .where(ROLE.c.role == Role.LEADER.value, ROLE.c.withdrawn_at.is_(None))
    .order_by(ROLE.c.account, ROLE.c.id)
)
_MARK = update(ACCOUNT).values(reminded_at=bindparam("now")).where(_MAY_HEAR)
_MARK_LEADERS = _MARK.where(among(ACCOUNT.c.id, "accounts")).returning(
    ACCOUNT.c.id, ACCOUNT.c.channel, ACCOUNT.c.chat
)
_TELL = insert(OUTBOX)
_OF_CHAT = and_(ACCOUNT.c.channel == bindparam("channel"), ACCOUNT.c.chat == bindparam("chat"))
_PLAYS = exists().where(ATTEMPT.c.account == ACCOUNT.c.id, IS_OPEN)
_WANTED = select(ACCOUNT.c.id).where(_OF_CHAT, ACCOUNT.c.is_reminded.is_(True), ~_PLAYS)
_IS_ON = select(ACCOUNT.c.is_reminded).where(ACCOUNT.c.id == bindparam("account"))
_SWITCH = (
    update(ACCOUNT)
    .where(ACCOUNT.c.id == bindparam("account_id"))
    .values(is_reminded=bindparam("is_on"))
)


class _Finish(NamedTuple):
    job: str
    planned_at: Instant
    at: Instant


_Order = RemindLeaders | RemindSlice | _Finish


class RemindersStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def is_done(self, job: str, planned_at: Instant) -> bool:
        statement = select(JOB_RUN.c.done_at).where(
            JOB_RUN.c.job == job, JOB_RUN.c.planned_at == planned_at
        )
        return await self._database.read(lambda one: one.execute(statement).first() is not None)

    async def remind_leaders(self, order: RemindLeaders) -> int | None:
        count: int | None = await self._writer.commit(_REMIND, order)
        return count

    async def slices(self) -> int:
        most = await self._database.read(lambda one: int(one.execute(_MOST).scalar_one()))
        return -(-most // SLICE)

    async def remind_slice(self, order: RemindSlice) -> int | None:
        count: int | None = await self._writer.commit(_REMIND, order)
        return count

    async def finish(self, job: str, planned_at: Instant, at: Instant) -> None:
        await self._writer.commit(_REMIND, _Finish(job, planned_at, at))

    async def is_wanted(self, reminder: LinedUp) -> bool:
        stage = _stage_of(reminder.message, reminder.limits)
        wanted = _WANTED if stage is None else _WANTED.where(_has_person(stage))
        asked: dict[str, object] = {"channel": reminder.channel, "chat": reminder.chat}
        if reminder.message == SPARE:
            asked["day_start"] = reminder.day_start
        return await self._database.read(lambda one: one.execute(wanted, asked).first() is not None)

    async def is_on(self, account: AccountId) -> bool:
        asked = {"account": account}
        return bool(await self._database.read(lambda one: one.execute(_IS_ON, asked).scalar()))

    async def switch(self, account: AccountId, *, is_on: bool) -> None:
        await self._writer.commit(_SWITCH_KIND, {"account_id": account, "is_on": is_on})


def _remind_all(connection: Connection, orders: Sequence[_Order]) -> list[int | None]:
    return [_remind(connection, order) for order in orders]


def _remind(connection: Connection, order: _Order) -> int | None:
    if not _claimed(connection, order):
        return None
    if isinstance(order, RemindLeaders):
        return _remind_leaders(connection, order)
    return _remind_slice(connection, order) if isinstance(order, RemindSlice) else 0


def _claimed(connection: Connection, order: _Order) -> bool:
    if isinstance(order, RemindLeaders):
        job = LEADERS_JOB
    elif isinstance(order, RemindSlice):
        job = f"{RESIDENTS_JOB}/{order.slice}"
    else:
        job = order.job
    values = {"job": job, "planned_at": order.planned_at, "done_at": order.at}
    return bool(_CLAIM.execute(connection, [values]))


def _remind_leaders(connection: Connection, order: RemindLeaders) -> int:
    """One message a leader, of all his units that are under target."""
    under = {one.unit: one for one in order.units}
    units: dict[int, list[UnderTarget]] = defaultdict(list)
    for row in connection.execute(_LEADERS):
        if row.unit in under and len(units[row.account]) < MOST_UNITS:
            units[row.account].append(under[row.unit])
    accounts = sorted(account for account, of in units.items() if of)
    if not accounts:
        return 0
    asked = {"accounts": accounts, "now": order.at, "day_start": order.day_start}
    marked = sorted(connection.execute(_MARK_LEADERS, asked), key=lambda row: int(row.id))
    rows = [_leader_row(row, units[row.id], order) for row in marked]
    if rows:
        connection.execute(_TELL, rows)
    return len(rows)


def _leader_row(row: Any, units: Sequence[UnderTarget], order: RemindLeaders) -> dict[str, object]:
    told = [[one.unit, one.count.people, one.count.attempts, one.target, one.pace] for one in units]
    notice = Notice(LEADERS, {"planned_at": order.planned_at, "units": told})
    where = (row.channel, row.chat)
    return outbox_values(where, LEADERS, arguments_text(notice), order.at, LEADERS_JOB)


def _remind_slice(connection: Connection, order: RemindSlice) -> int:
    return sum(_remind_stage(connection, order, message) for message in (UNSTARTED, SPARE))


def _stage_of(message: str, limits: AttemptLimits) -> ColumnElement[bool] | None:
    """What must hold of a PARTICIPANT whom the message concerns; None: it concerns no participant.

    Who may take part without end has always an attempt left: nobody is reminded of that.
    """
    if message == UNSTARTED:
        return ~has_opened()
    if message != SPARE:
        return None
    is_left = has_left(limits.attempts) if limits.attempts else false()
    is_left_today = _COUNTED_TODAY < limits.per_day if limits.per_day else true()  # noqa: SIM300
    return and_(has_opened(), is_left, is_left_today)


def _remind_stage(connection: Connection, order: RemindSlice, message: str) -> int:
    """Mark those whom the message concerns, and line it up for whom was marked."""
    stage = _stage_of(message, order.limits)
    if stage is None:
        return 0
    beyond = order.slice * SLICE
    mark = _MARK.where(
        ACCOUNT.c.id > beyond, ACCOUNT.c.id <= beyond + SLICE, ~_PLAYS, _has_person(stage)
    )
    asked = {"now": order.at, "day_start": order.day_start}
    ids = sorted(connection.execute(mark.returning(ACCOUNT.c.id), asked).scalars())
    if not ids:
        return 0
    text = arguments_text(Notice(message, {"planned_at": order.planned_at}))
    fixed = outbox_values(("", ""), message, text, order.at, RESIDENTS_JOB)
    del fixed["channel"], fixed["chat"]
    values = (literal(value, OUTBOX.c[name].type) for name, value in fixed.items())
    chats = select(ACCOUNT.c.channel, ACCOUNT.c.chat, *values).where(ACCOUNT.c.id.in_(ids))
    copied = insert(OUTBOX).from_select(["channel", "chat", *fixed], chats.order_by(ACCOUNT.c.id))
    connection.execute(copied)
    return len(ids)


def _has_person(stage: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody takes part through the account to whom a reminder is of use.

    Never the withdrawn, the void or those who may not be ranked, nor who is at a paper.
    """
    of_person = VOID.c.person == PARTICIPANT.c.number
    is_void = exists().where(of_person, VOID.c.attempt == 0, VOID.c.restored_at.is_(None))
    is_playing = exists().where(ATTEMPT.c.person == PARTICIPANT.c.number, IS_OPEN)
    return exists().where(
        ACCOUNT_PERSON.c.account == ACCOUNT.c.id,
        PARTICIPANT.c.number == ACCOUNT_PERSON.c.person,
        PARTICIPANT.c.erased_at.is_(None),
        ~is_void.correlate(PARTICIPANT),
        ~is_playing.correlate(PARTICIPANT),
        ~is_excluded_by(ACCOUNT_PERSON.c.account),
        stage,
    )


def _switch(connection: Connection, orders: Sequence[dict[str, object]]) -> list[None]:
    connection.execute(_SWITCH, sorted(orders, key=lambda one: str(one["account_id"])))
    return [None] * len(orders)


_SWITCH_KIND = Kind(23, _switch)
_REMIND = Kind(95, _remind_all)
