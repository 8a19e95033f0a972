"""Heartbeats: who lives, and when nobody did (DESIGN §6).

A beat that comes more than `SILENCE_MS` after the last of any process ends an outage: it is
recorded with its beat, once, whoever notices first. A rolling restart leaves no such gap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from scoring.contest import Calendar, Span
from scoring.entries import outage_entry
from scoring.instant import MINUTE_MS, SECOND_MS, Instant
from store.closing import is_closed
from store.group_commit import Kind, Writer
from store.insertion import InsertNew, InsertOrUpdate
from store.ledger_queue import queue_entries
from store.outbox import outbox_values
from store.sql import Database
from store.tables import ACCOUNT, ATTEMPT, HEARTBEAT, OUTAGE, OUTBOX, PROCESS

SILENCE_MS = 20 * SECOND_MS
"""Nobody having beaten for longer than this is an outage."""

TAPS_DIE_MS = 150 * SECOND_MS
"""How long a tap lives in the platform's queue (facts of the Bot API): then it must be shown
again what was asked."""

RESHOWN = "paper.reshown"

_FORGOTTEN_MS = 24 * 60 * MINUTE_MS

_FIRST = InsertNew(HEARTBEAT, HEARTBEAT.c.lock)
_LAST = select(HEARTBEAT.c.last_ms).with_for_update()
_BEAT = update(HEARTBEAT).values(last_ms=bindparam("beat_ms"))
_ALIVE = InsertOrUpdate(PROCESS, ["id"], ["beat_ms"])
_FORGET = delete(PROCESS).where(PROCESS.c.beat_ms < bindparam("before"))
_LEAVE = delete(PROCESS).where(PROCESS.c.id == bindparam("process"))
_OUTAGES = select(OUTAGE.c.begins, OUTAGE.c.ends).order_by(OUTAGE.c.id)
_RECORD = insert(OUTAGE)


@dataclass(frozen=True, slots=True)
class Life:
    """Which process it is, and how long ago it beat by a clock without a date; None: never yet."""

    process: str
    started_ms: int
    silent_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Beat:
    """A process's sign of life at `machine_ms`; `at` tells contest time at a machine's instant."""

    life: Life
    machine_ms: int
    at: Callable[[int], Instant]
    window: Calendar


class HeartbeatStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def beat(self, beat: Beat) -> Span | None:
        """Be alive; the outage that ends with this beat, if it is one of the contest's."""
        outage: Span | None = await self._writer.commit(_BEAT_KIND, beat)
        return outage

    async def others(self, process: str) -> int:
        """How many processes have not left: live ones, and those that died in a day."""
        statement = select(func.count()).where(PROCESS.c.id != process)
        return await self._database.read(lambda one: int(one.execute(statement).scalar_one()))

    async def leave(self, process: str) -> None:
        """A process that stops in order is not waited for."""
        await self._writer.commit(_LEAVE_KIND, process)

    async def outages(self) -> tuple[Span, ...]:
        """In the order they were recorded, in contest time."""
        return await self._database.read(outages_in)


def outages_in(connection: Connection) -> tuple[Span, ...]:
    """In the order they were recorded, in contest time."""
    rows = connection.execute(_OUTAGES)
    return tuple(Span(Instant(row.begins), Instant(row.ends)) for row in rows)


async def last_beat(database: Database) -> int | None:
    """When any process last beat, by the machine's clock; None: never."""

    def read(connection: Connection) -> int | None:
        return connection.execute(select(HEARTBEAT.c.last_ms)).scalar()

    return await database.read(read)


def _beat_all(connection: Connection, beats: Sequence[Beat]) -> list[Span | None]:
    return [_beat_one(connection, beat) for beat in beats]


def _beat_one(connection: Connection, beat: Beat) -> Span | None:
    if not _FIRST.execute(connection, [{"lock": 1, "last_ms": beat.machine_ms}]):
        last_ms = connection.execute(_LAST).scalar_one()
        connection.execute(_BEAT, {"beat_ms": beat.machine_ms})
    else:
        last_ms = beat.machine_ms
    life = beat.life
    row = {"id": life.process, "started_ms": life.started_ms, "beat_ms": beat.machine_ms}
    _ALIVE.execute(connection, [row])
    connection.execute(_FORGET, {"before": beat.machine_ms - _FORGOTTEN_MS})
    silence_ms = beat.machine_ms - last_ms
    if life.silent_ms is not None:
        # Who beat himself in between knows better than a date that may have jumped.
        silence_ms = min(silence_ms, life.silent_ms)
    if silence_ms <= SILENCE_MS:
        return None
    return _end_outage(connection, beat, silence_ms)


def _end_outage(connection: Connection, beat: Beat, silence_ms: int) -> Span | None:
    """Record it where it took time of the contest's; show open papers again where taps died."""
    outage = Span(beat.at(beat.machine_ms - silence_ms), beat.at(beat.machine_ms))
    is_ours = outage.begins < beat.window.closes and beat.window.opens < outage.ends
    if not is_ours or is_closed(connection):
        return None
    values = {"begins": outage.begins, "ends": outage.ends, "machine_ms": silence_ms}
    connection.execute(_RECORD, [values])
    entry = outage_entry(outage.begins, outage.ends)
    queue_entries(connection, [(entry, outage.ends)])
    if silence_ms > TAPS_DIE_MS and outage.ends < beat.window.closes:
        _show_again(connection, outage)
    return outage


def _show_again(connection: Connection, outage: Span) -> None:
    """One statement: the database copies the chats of all open papers."""
    arguments = orjson.dumps({"given_ms": outage.ends - outage.begins}).decode()
    fixed = outbox_values(("", ""), RESHOWN, arguments, outage.ends)
    del fixed["channel"], fixed["chat"]
    chats = (
        select(
            ACCOUNT.c.channel,
            ACCOUNT.c.chat,
            *(literal(value, OUTBOX.c[name].type) for name, value in fixed.items()),
        )
        .join(ATTEMPT, ATTEMPT.c.account == ACCOUNT.c.id)
        .where(ATTEMPT.c.ended_at.is_(None), ACCOUNT.c.is_reachable.is_(True))
        .order_by(ATTEMPT.c.id)
    )
    connection.execute(insert(OUTBOX).from_select(["channel", "chat", *fixed], chats))


def _leave_all(connection: Connection, processes: Sequence[str]) -> list[None]:
    connection.execute(_LEAVE, [{"process": process} for process in sorted(processes)])
    return [None] * len(processes)


_BEAT_KIND = Kind(57, _beat_all)
_LEAVE_KIND = Kind(58, _leave_all)
