"""Organisers' decisions and the contest clock's anchor: small tables read often, written seldom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from scoring.contest import Decision, Ruling
from scoring.instant import Instant
from store.group_commit import Kind, Writer
from store.insertion import InsertOrUpdate
from store.sql import Database
from store.tables import CLOCK_ANCHOR, DECISION

_ALL = select(DECISION).order_by(DECISION.c.id)
_INSERT = insert(DECISION)
_ANCHOR = select(CLOCK_ANCHOR)
_SAVE = InsertOrUpdate(CLOCK_ANCHOR, ["lock"], ["contest_ms", "machine_ms", "rate"])


@dataclass(frozen=True, slots=True)
class ClockAnchor:
    """Contest time was `contest_ms` at `machine_ms` and runs `rate` times as fast."""

    contest_ms: int
    machine_ms: int
    rate: float


class DecisionsStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> tuple[Decision, ...]:
        """In the order they were recorded."""
        return await self._database.read(decisions_in)

    async def record(self, decision: Decision, by: str, why: str) -> None:
        """Keep a decision; `by` is an account or a role, never a person's name."""
        values = {
            "ruling": decision.ruling.value,
            "recorded_at": decision.recorded_at,
            "until": decision.until,
            "by": by,
            "why": why,
        }
        await self._writer.commit(_RECORD, values)


class ClockStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def load(self) -> ClockAnchor | None:
        def read(connection: Connection) -> Row[Any] | None:
            return connection.execute(_ANCHOR).first()

        row = await self._database.read(read)
        return None if row is None else ClockAnchor(row.contest_ms, row.machine_ms, row.rate)

    async def save(self, anchor: ClockAnchor) -> None:
        await self._writer.commit(_SAVE_ANCHOR, anchor)


def decisions_in(connection: Connection) -> tuple[Decision, ...]:
    """In the order they were recorded."""
    return tuple(_decision_of(row) for row in connection.execute(_ALL))


def _decision_of(row: Row[Any]) -> Decision:
    until = None if row.until is None else Instant(row.until)
    return Decision(Ruling(row.ruling), Instant(row.recorded_at), until)


def _record(connection: Connection, decisions: Sequence[dict[str, object]]) -> list[None]:
    connection.execute(_INSERT, list(decisions))
    return [None] * len(decisions)


def _save(connection: Connection, anchors: Sequence[ClockAnchor]) -> list[None]:
    last = anchors[-1]
    values = {
        "lock": 1,
        "contest_ms": last.contest_ms,
        "machine_ms": last.machine_ms,
        "rate": last.rate,
    }
    _SAVE.execute(connection, [values])
    return [None] * len(anchors)


_RECORD = Kind(55, _record)
_SAVE_ANCHOR = Kind(56, _save)
