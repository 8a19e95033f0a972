"""The audit trail: who did what, when and why; written with what it tells of (DESIGN §4)."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, insert, select

from handlers.records import USE, AccountId, AuditEntry
from question_bank.canonical import canonical
from scoring.instant import Instant
from store.group_commit import Kind, Writer
from store.sql import Database
from store.tables import AUDIT

_INSERT = insert(AUDIT)


def write_audit(connection: Connection, entries: Sequence[AuditEntry]) -> None:
    """Enter lines in the order given, in the transaction of what they tell of."""
    if entries:
        connection.execute(_INSERT, [_values_of(entry) for entry in entries])


class AuditStore:
    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def record(self, entry: AuditEntry) -> None:
        await self._writer.commit(_RECORD, entry)

    async def latest(
        self, limit: int, before: int | None = None, *, has_uses: bool = False
    ) -> tuple[tuple[int, AuditEntry], ...]:
        """Lines with their ids, newest first, below the id `before`; looks where asked for."""
        asked = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
        if not has_uses:
            asked = asked.where(AUDIT.c.act != USE)
        if before is not None:
            asked = asked.where(AUDIT.c.id < before)

        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(asked).all()

        return tuple((row.id, _entry_of(row)) for row in await self._database.read(read))

    async def tells(self, key: str, value: str) -> bool:
        """Whether some line's detail has the value under the key."""
        asked = select(AUDIT.c.id).where(_tells(key, value)).limit(1)
        found = await self._database.read(lambda connection: connection.execute(asked).first())
        return found is not None


def _tells(key: str, value: str) -> ColumnElement[bool]:
    # As the canonical text of `detail` has it.
    return AUDIT.c.detail.contains(canonical({key: value}).decode()[1:-1], autoescape=True)


def _values_of(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "account": entry.account,
        "role": entry.role,
        "act": entry.act,
        "subject": entry.subject,
        "detail": canonical(dict(entry.detail)).decode("utf-8"),
        "why": entry.why,
    }


def _entry_of(row: Row[Any]) -> AuditEntry:
    account = None if row.account is None else AccountId(row.account)
    detail = orjson.loads(row.detail)
    return AuditEntry(Instant(row.at), account, row.role, row.act, row.subject, detail, row.why)


def _record(connection: Connection, entries: Sequence[AuditEntry]) -> list[None]:
    write_audit(connection, entries)
    return [None] * len(entries)


_RECORD = Kind(80, _record)
