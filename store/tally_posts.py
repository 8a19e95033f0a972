"""Tallies posted once: the claim of the job, the figures and every message are one transaction.

Whoever is killed anywhere has posted all of it or nothing. Decides which chats a tally goes to: a
unit's linked chats, its leaders in private where there is none, the organisers' channel or each
organiser. What was taken is kept under (job, planned instant), and a second taking changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, insert, or_, select, update

from handlers.daily_tallies import FINAL, SKIPPED, PostTally, TallyKey
from handlers.daily_tallies import UNIT as UNIT_MESSAGE
from handlers.records import Notice, Role
from scoring.daily_tallies import Tally, tally_from_json, tally_json
from scoring.instant import MINUTE_MS, Instant
from scoring.tallies import Count
from store.group_commit import Kind, Writer
from store.insertion import InsertNew
from store.outbox import HELD, PENDING, arguments_text, outbox_values
from store.sql import Database
from store.tables import ACCOUNT, JOB_RUN, OUTBOX, ROLE, TALLY, UNIT_CHAT
from store.tallies import CountsStore

BATCH = "tally"
"""Names all of a contest's tallies in the outbox; they go out before what tells many at once."""

WARD_UNIT = ""
AWAITED_MS = 10 * MINUTE_MS
"""The final tally of this age is not awaited any more: it can wait for the morning."""

_CLAIM = InsertNew(JOB_RUN, JOB_RUN.c.job, JOB_RUN.c.planned_at)
_KEEP = InsertNew(TALLY, TALLY.c.job)
_KEPT = select(TALLY.c.figures).where(
    TALLY.c.job == bindparam("job"), TALLY.c.planned_at == bindparam("planned_at")
)
_DONE = select(JOB_RUN.c.done_at).where(
    JOB_RUN.c.job == bindparam("job"), JOB_RUN.c.planned_at == bindparam("planned_at")
)
_CHATS = (
    select(UNIT_CHAT.c.unit, UNIT_CHAT.c.channel, UNIT_CHAT.c.chat, UNIT_CHAT.c.thread)
    .where(
        UNIT_CHAT.c.state == "linked",
        UNIT_CHAT.c.can_send.is_(True),
        UNIT_CHAT.c.at <= bindparam("planned_at"),
    )
    .order_by(UNIT_CHAT.c.unit, UNIT_CHAT.c.channel, UNIT_CHAT.c.chat)
)
_PRIVATE = (
    select(ROLE.c.role, ROLE.c.unit, ACCOUNT.c.channel, ACCOUNT.c.chat)
    .join(ACCOUNT, ACCOUNT.c.id == ROLE.c.account)
    .where(
        ROLE.c.role.in_([Role.LEADER.value, Role.ORGANISER.value]),
        ROLE.c.withdrawn_at.is_(None),
        ROLE.c.granted_at <= bindparam("planned_at"),
        ACCOUNT.c.is_reachable.is_(True),
    )
    .order_by(ROLE.c.unit, ACCOUNT.c.id)
)
_TELL = insert(OUTBOX)
_OURS = OUTBOX.c.batch == BATCH
_IS_QUIET = or_(OUTBOX.c.message != FINAL, OUTBOX.c.created_at < bindparam("awaited_since"))
_NOISY = select(OUTBOX.c.id).where(_OURS, OUTBOX.c.state == PENDING, _IS_QUIET).limit(1)
_HUSH = update(OUTBOX).where(_OURS, OUTBOX.c.state == PENDING, _IS_QUIET).values(state=HELD)
_HUSHED = select(OUTBOX.c.id).where(_OURS, OUTBOX.c.state == HELD).limit(1)
# Begun anew, so that pictures of one tally stay in order.
_LET_GO = update(OUTBOX).where(_OURS, OUTBOX.c.state == HELD).values(state=PENDING, not_before_ms=0)


class _Where(NamedTuple):
    channel: str
    chat: str
    thread: int | None = None


class _Skip(NamedTuple):
    keys: tuple[TallyKey, ...]
    at: Instant


class _Hush(NamedTuple):
    """None: let go again."""

    at: Instant | None


class TalliesStore:
    def __init__(self, database: Database, writer: Writer, counts: CountsStore) -> None:
        self._database = database
        self._writer = writer
        self._counts = counts

    async def between(
        self, since: Instant, until: Instant
    ) -> tuple[Mapping[str, Count], Mapping[str, Count]]:
        return await self._counts.between(since, until)

    async def kept(self, key: TallyKey) -> Tally | None:
        asked = {"job": key.job, "planned_at": key.planned_at}
        figures = await self._database.read(lambda one: one.execute(_KEPT, asked).scalar())
        return None if figures is None else tally_from_json(orjson.loads(figures))

    async def is_done(self, key: TallyKey) -> bool:
        asked = {"job": key.job, "planned_at": key.planned_at}
        return await self._database.read(lambda one: one.execute(_DONE, asked).first() is not None)

    async def post(self, order: PostTally) -> bool:
        is_posted: bool = await self._writer.commit(_POST, order)
        return is_posted

    async def skip(self, keys: Sequence[TallyKey], at: Instant) -> int:
        count: int = await self._writer.commit(_POST, _Skip(tuple(keys), at))
        return count

    async def hush(self, at: Instant) -> int:
        """Asked by each tick of the night: the writer is troubled only where there is something."""
        asked = {"awaited_since": at - AWAITED_MS}
        is_noisy = await self._database.read(lambda one: one.execute(_NOISY, asked).first())
        return 0 if is_noisy is None else int(await self._writer.commit(_HUSH_KIND, _Hush(at)))

    async def let_go(self) -> int:
        is_hushed = await self._database.read(lambda one: one.execute(_HUSHED).first())
        return 0 if is_hushed is None else int(await self._writer.commit(_HUSH_KIND, _Hush(None)))


def _do_all(connection: Connection, orders: Sequence[PostTally | _Skip]) -> list[bool | int]:
    return [
        _post(connection, order) if isinstance(order, PostTally) else _skip(connection, order)
        for order in orders
    ]


def _post(connection: Connection, order: PostTally) -> bool:
    if not _claimed(connection, [order.key], order.at):
        return False
    figures = orjson.dumps(tally_json(order.tally), option=orjson.OPT_SORT_KEYS).decode()
    kept = {"job": order.kept.job, "planned_at": order.kept.planned_at, "figures": figures}
    _KEEP.execute(connection, [kept])
    chats = _chats(connection, order.key.planned_at)
    rows = [
        _row(where, _unit_notice(order.kept, unit), order.at)
        for unit in order.units
        for where in chats[unit]
    ]
    rows += [_row(where, notice, order.at) for where in chats[WARD_UNIT] for notice in order.ward]
    if rows:
        connection.execute(_TELL, rows)
    return True


def _skip(connection: Connection, order: _Skip) -> int:
    """One note of all that are left out now."""
    claimed = _claimed(connection, order.keys, order.at)
    if claimed:
        notice = Notice(SKIPPED, {"left_out": [[key.job, key.planned_at] for key in claimed]})
        chats = _chats(connection, max(key.planned_at for key in claimed))
        rows = [_row(where, notice, order.at) for where in chats[WARD_UNIT]]
        if rows:
            connection.execute(_TELL, rows)
    return len(claimed)


def _claimed(connection: Connection, keys: Sequence[TallyKey], at: Instant) -> list[TallyKey]:
    """Those that were not done before, in the order given."""
    rows = [{"job": key.job, "planned_at": key.planned_at, "done_at": at} for key in keys]
    fresh = {(row.job, row.planned_at) for row in _CLAIM.execute(connection, rows)}
    return [key for key in keys if (key.job, key.planned_at) in fresh]


def _chats(connection: Connection, planned_at: Instant) -> Mapping[str, Sequence[_Where]]:
    """Where each unit is written to, and under `WARD_UNIT` the organisers.

    Whoever was appointed, or linked, after a tally's time is not told of it when it comes late.
    """
    asked = {"planned_at": planned_at}
    linked: dict[str, list[_Where]] = defaultdict(list)
    for row in connection.execute(_CHATS, asked):
        linked[row.unit].append(_Where(row.channel, row.chat, row.thread or None))
    private: dict[str, list[_Where]] = defaultdict(list)
    for row in connection.execute(_PRIVATE, asked):
        unit = row.unit if row.role == Role.LEADER.value else WARD_UNIT
        where = _Where(row.channel, row.chat)
        # Who has a role twice is told once.
        if unit not in linked and where not in private[unit]:
            private[unit].append(where)
    return defaultdict(list, private | linked)


def _unit_notice(kept: TallyKey, unit: str) -> Notice:
    arguments = {"job": kept.job, "planned_at": kept.planned_at, "unit": unit}
    return Notice(UNIT_MESSAGE, arguments)


def _row(where: _Where, notice: Notice, at: Instant) -> dict[str, object]:
    address = (where.channel, where.chat)
    values = outbox_values(address, notice.message, arguments_text(notice), at, BATCH)
    # A few hundred that are awaited at an hour: not behind tens of thousands of reminders.
    return values | {"thread": where.thread, "is_bulk": False}


def _hush_all(connection: Connection, orders: Iterable[_Hush]) -> list[int]:
    return [_hush(connection, order) for order in orders]


def _hush(connection: Connection, order: _Hush) -> int:
    if order.at is None:
        return int(connection.execute(_LET_GO).rowcount)
    return int(connection.execute(_HUSH, {"awaited_since": order.at - AWAITED_MS}).rowcount)


_POST = Kind(93, _do_all)
_HUSH_KIND = Kind(94, _hush_all)
