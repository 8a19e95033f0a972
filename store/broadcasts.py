"""Broadcasts: a row each, and their messages in the outbox, written slice by slice.

Every change of state is a comparison in SQL, so that two presses, two organisers or two processes
have one effect. A slice of rows and how far it went are one transaction: killed anywhere, the
filling goes on where it was, with no chat left out and none told twice.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, bindparam, exists, func, insert, literal, select, update

from handlers.broadcasts import (
    FROM,
    OF_ROLES,
    Audience,
    Broadcast,
    BroadcastAct,
    BroadcastId,
    BroadcastState,
    Progress,
    Stage,
    audience_from,
)
from handlers.records import AccountId, AuditEntry, Notice, Role
from scoring.instant import Instant
from store.attempt_counts import has_left, has_opened
from store.audit import write_audit
from store.group_commit import Kind, Writer
from store.outbox import DEAD, DROPPED, HELD, PENDING, arguments_text, outbox_values
from store.sql import Database
from store.tables import ACCOUNT, ACCOUNT_PERSON, BROADCAST, OUTBOX, PARTICIPANT, ROLE

WORDS, DONE = "broadcast.words", "broadcast.done"
SLICE = 2_000
"""Accounts looked at in one transaction: some tens of milliseconds."""

_ONE = select(BROADCAST).where(BROADCAST.c.id == bindparam("broadcast"))
_LATEST = select(BROADCAST).order_by(BROADCAST.c.id.desc())
_OPEN = (
    select(BROADCAST)
    .where(BROADCAST.c.state.in_([BroadcastState.FILLING.value, BroadcastState.RUNNING.value]))
    .order_by(BROADCAST.c.id)
)
_STATES = (
    select(OUTBOX.c.state, func.count().label("messages"))
    .where(OUTBOX.c.batch == bindparam("batch"))
    .group_by(OUTBOX.c.state)
)
_BY_ACT = {
    BroadcastAct.START: BroadcastState.FILLING,
    BroadcastAct.STOP: BroadcastState.STOPPED,
    BroadcastAct.PAUSE: BroadcastState.PAUSED,
}
_WAITING = ("pending", "claimed")
_REMEMBERED = 64


class _Deed(NamedTuple):
    broadcast: BroadcastId
    act: BroadcastAct | None
    """None: send the dead letters again."""
    entry: AuditEntry


class _Fill(NamedTuple):
    broadcast: BroadcastId
    filled_to: int
    attempts_limit: int
    at: Instant


class BroadcastsStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        self._heads: dict[BroadcastId, tuple[str, Audience]] = {}

    async def count(self, audience: Audience, attempts_limit: int) -> int:
        chats = _chats(audience, attempts_limit, ACCOUNT.c.id)
        counted = select(func.count()).select_from(chats.subquery())
        return await self._database.read(lambda one: int(one.execute(counted).scalar_one()))

    async def draft(
        self, audience: Audience, words: str, account: AccountId, at: Instant
    ) -> BroadcastId:
        values = {
            "audience": orjson.dumps(audience.as_json()).decode(),
            "words": words,
            "state": BroadcastState.DRAFT.value,
            "total": 0,
            "filled_to": 0,
            "is_filled": False,
            "account": account,
            "made_at": at,
        }
        made: int = await self._writer.commit(_DRAFT, values)
        return BroadcastId(made)

    async def act(self, broadcast: BroadcastId, act: BroadcastAct, entry: AuditEntry) -> bool:
        done: int = await self._writer.commit(_ACT, _Deed(broadcast, act, entry))
        return done > 0

    async def resend_dead(self, broadcast: BroadcastId, entry: AuditEntry) -> int:
        count: int = await self._writer.commit(_ACT, _Deed(broadcast, None, entry))
        return count

    async def try_out(self, broadcast: BroadcastId, account: AccountId, at: Instant) -> bool:
        sent: bool = await self._writer.commit(_TRY, (broadcast, account, at))
        return sent

    async def find(self, broadcast: BroadcastId) -> tuple[Broadcast, Progress] | None:
        def read(connection: Connection) -> tuple[Broadcast, Progress] | None:
            row = connection.execute(_ONE, {"broadcast": broadcast}).first()
            return None if row is None else (_broadcast_of(row), _progress(connection, broadcast))

        return await self._database.read(read)

    async def latest(self, limit: int) -> tuple[Broadcast, ...]:
        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(_LATEST.limit(limit)).all()

        return tuple(_broadcast_of(row) for row in await self._database.read(read))

    async def words(self, broadcast: BroadcastId) -> str | None:
        head = await self._head(broadcast)
        return None if head is None else head[0]

    async def audience(self, broadcast: BroadcastId) -> Audience | None:
        head = await self._head(broadcast)
        return None if head is None else head[1]

    async def _head(self, broadcast: BroadcastId) -> tuple[str, Audience] | None:
        """What never changes of it; None where it is not there (any more)."""
        known = self._heads.get(broadcast)
        if known is None:
            found = await self.find(broadcast)
            if found is None:
                return None
            if len(self._heads) >= _REMEMBERED:
                self._heads.clear()
            known = self._heads[broadcast] = (found[0].words, found[0].audience)
        return known

    async def go_on(self, attempts_limit: int, at: Instant) -> bool:
        """Write the next slice of what is being filled, or end what is done; False: nothing to do.

        Any process may; who was slower changes nothing.
        """

        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(_OPEN).all()

        for row in await self._database.read(read):
            if not row.is_filled:
                order = _Fill(BroadcastId(row.id), row.filled_to, attempts_limit, at)
                await self._writer.commit(_FILL, order)
                return True
            if await self._writer.commit(_END, (BroadcastId(row.id), at)):
                return True
        return False


def batch_of(broadcast: int) -> str:
    return f"broadcast:{broadcast}"


def _chats(audience: Audience, attempts_limit: int, *columns: Any) -> Any:
    """The reachable accounts of an audience, by id; one row an account."""
    found = select(*columns).where(ACCOUNT.c.is_reachable.is_(True)).order_by(ACCOUNT.c.id)
    if audience.stage in OF_ROLES:
        stands = [ROLE.c.account == ACCOUNT.c.id, ROLE.c.withdrawn_at.is_(None)]
        if audience.stage is Stage.LEADERS:
            stands.append(ROLE.c.role == Role.LEADER.value)
        if audience.units:
            stands.append(ROLE.c.unit.in_(audience.units))
        return found.where(exists().where(*stands))
    person = [
        ACCOUNT_PERSON.c.account == ACCOUNT.c.id,
        PARTICIPANT.c.number == ACCOUNT_PERSON.c.person,
        PARTICIPANT.c.erased_at.is_(None),
    ]
    if audience.units:
        person.append(PARTICIPANT.c.unit.in_(audience.units))
    if audience.stage is Stage.UNSTARTED:
        person.append(~has_opened())
    elif audience.stage is Stage.SPARE:
        person.append(has_opened())
        if attempts_limit:
            person.append(has_left(attempts_limit))
    return found.where(exists().where(*person))


def _draft(connection: Connection, drafts: Sequence[dict[str, object]]) -> list[int]:
    return [
        connection.execute(insert(BROADCAST).values(values).returning(BROADCAST.c.id)).scalar_one()
        for values in drafts
    ]


def _act_all(connection: Connection, deeds: Sequence[_Deed]) -> list[int]:
    return [_act(connection, deed) for deed in deeds]


def _act(connection: Connection, deed: _Deed) -> int:
    """How much it changed; nothing where the state it needs is gone."""
    if deed.act is None:
        count = _change_rows(connection, deed.broadcast, (DEAD,), PENDING)
        if count:
            _reopen(connection, deed.broadcast)
            write_audit(connection, [deed.entry])
        return count
    if not _moved(connection, deed):
        return 0
    if deed.act is BroadcastAct.PAUSE:
        _change_rows(connection, deed.broadcast, (PENDING,), HELD)
    elif deed.act is BroadcastAct.RESUME:
        _change_rows(connection, deed.broadcast, (HELD,), PENDING)
    elif deed.act is BroadcastAct.STOP:
        _change_rows(connection, deed.broadcast, (PENDING, HELD), DROPPED)
    write_audit(connection, [deed.entry])
    return 1


def _moved(connection: Connection, deed: _Deed) -> bool:
    """Whether this act changed the state: it compares and writes at once."""
    act = deed.act
    if act is None:
        return False
    states = [state.value for state in FROM[act]]
    change = update(BROADCAST).where(
        BROADCAST.c.id == deed.broadcast, BROADCAST.c.state.in_(states)
    )
    if act is BroadcastAct.RESUME:
        filled, filling = BroadcastState.RUNNING.value, BroadcastState.FILLING.value
        for is_filled, state in ((True, filled), (False, filling)):
            of = change.where(BROADCAST.c.is_filled.is_(is_filled))
            if connection.execute(of.values(state=state)).rowcount:
                return True
        return False
    values: dict[str, object] = {"state": _BY_ACT[act].value}
    if act is BroadcastAct.START:
        values["started_at"] = deed.entry.at
    if act is BroadcastAct.STOP:
        values["ended_at"] = deed.entry.at
    return bool(connection.execute(change.values(values)).rowcount)


def _reopen(connection: Connection, broadcast: BroadcastId) -> None:
    done = BROADCAST.c.state == BroadcastState.DONE.value
    change = update(BROADCAST).where(BROADCAST.c.id == broadcast, done)
    connection.execute(change.values(state=BroadcastState.RUNNING.value, ended_at=None))


def _change_rows(
    connection: Connection, broadcast: BroadcastId, states: Sequence[str], to: str
) -> int:
    change = update(OUTBOX).where(OUTBOX.c.batch == batch_of(broadcast), OUTBOX.c.state.in_(states))
    return int(connection.execute(change.values(state=to, not_before_ms=0)).rowcount)


def _fill_all(connection: Connection, orders: Sequence[_Fill]) -> list[None]:
    for order in orders:
        _fill(connection, order)
    return [None] * len(orders)


def _fill(connection: Connection, order: _Fill) -> None:
    """Rows for the next accounts; who comes second finds the filling further on."""
    row = connection.execute(_ONE.with_for_update(), {"broadcast": order.broadcast}).one()
    is_ours = row.state == BroadcastState.FILLING.value and row.filled_to == order.filled_to
    if not is_ours:
        return
    beyond = select(ACCOUNT.c.id).where(ACCOUNT.c.id > order.filled_to)
    ids = beyond.order_by(ACCOUNT.c.id).limit(SLICE).subquery()
    upper = connection.execute(select(func.max(ids.c.id))).scalar()
    change = update(BROADCAST).where(BROADCAST.c.id == order.broadcast)
    if upper is None:
        connection.execute(change.values(is_filled=True, state=BroadcastState.RUNNING.value))
        return
    count = _write_rows(connection, order, audience_from(orjson.loads(row.audience)), upper)
    connection.execute(change.values(filled_to=upper, total=BROADCAST.c.total + count))


def _write_rows(connection: Connection, order: _Fill, audience: Audience, upper: int) -> int:
    """One statement: the database copies the chats of a slice; how many."""
    notice = Notice(WORDS, {"broadcast": order.broadcast})
    text, batch = arguments_text(notice), batch_of(order.broadcast)
    fixed = outbox_values(("", ""), WORDS, text, order.at, batch)
    del fixed["channel"], fixed["chat"]
    values = (literal(value, OUTBOX.c[name].type) for name, value in fixed.items())
    columns = (ACCOUNT.c.channel, ACCOUNT.c.chat, *values)
    chats = _chats(audience, order.attempts_limit, *columns)
    chats = chats.where(ACCOUNT.c.id > order.filled_to, ACCOUNT.c.id <= upper)
    copied = insert(OUTBOX).from_select(["channel", "chat", *fixed], chats)
    return int(connection.execute(copied).rowcount)


def _end_all(connection: Connection, orders: Sequence[tuple[BroadcastId, Instant]]) -> list[bool]:
    return [_end(connection, broadcast, at) for broadcast, at in orders]


def _end(connection: Connection, broadcast: BroadcastId, at: Instant) -> bool:
    """Done when nothing of it waits: who made it is told, once."""
    waits = exists().where(
        OUTBOX.c.batch == batch_of(broadcast), OUTBOX.c.state.in_([*_WAITING, HELD])
    )
    is_running = BROADCAST.c.state == BroadcastState.RUNNING.value
    change = update(BROADCAST).where(BROADCAST.c.id == broadcast, is_running, ~waits)
    ended = change.values(state=BroadcastState.DONE.value, ended_at=at)
    row = connection.execute(ended.returning(BROADCAST.c.account)).first()
    if row is None:
        return False
    notice = Notice(DONE, {"broadcast": broadcast})
    _tell(connection, row.account, notice, at)
    return True


def _try_all(
    connection: Connection, orders: Sequence[tuple[BroadcastId, AccountId, Instant]]
) -> list[bool]:
    return [
        _tell(connection, account, Notice(WORDS, {"broadcast": broadcast, "is_trial": True}), at)
        for broadcast, account, at in orders
    ]


def _tell(connection: Connection, account: int | None, notice: Notice, at: Instant) -> bool:
    """A single message to an account; False where it cannot be reached."""
    statement = select(ACCOUNT.c.channel, ACCOUNT.c.chat).where(
        ACCOUNT.c.id == account, ACCOUNT.c.is_reachable.is_(True)
    )
    row = connection.execute(statement).first()
    if row is None:
        return False
    values = outbox_values((row.channel, row.chat), notice.message, arguments_text(notice), at)
    connection.execute(insert(OUTBOX).values(values))
    return True


def _progress(connection: Connection, broadcast: BroadcastId) -> Progress:
    rows = connection.execute(_STATES, {"batch": batch_of(broadcast)})
    counts = {row.state: row.messages for row in rows}
    return Progress(
        sent=counts.get("sent", 0),
        waiting=sum(counts.get(state, 0) for state in _WAITING),
        held=counts.get(HELD, 0),
        unreachable=counts.get("unreachable", 0),
        dead=counts.get(DEAD, 0),
        dropped=counts.get(DROPPED, 0),
    )


def _broadcast_of(row: Row[Any]) -> Broadcast:
    def instant(value: int | None) -> Instant | None:
        return None if value is None else Instant(value)

    return Broadcast(
        id=BroadcastId(row.id),
        audience=audience_from(orjson.loads(row.audience)),
        words=row.words,
        state=BroadcastState(row.state),
        total=row.total,
        account=None if row.account is None else AccountId(row.account),
        made_at=Instant(row.made_at),
        started_at=instant(row.started_at),
        ended_at=instant(row.ended_at),
    )


_DRAFT = Kind(62, _draft)
_TRY = Kind(63, _try_all)
_FILL = Kind(64, _fill_all)
_ACT = Kind(65, _act_all)
_END = Kind(66, _end_all)
