"""The list of who is never ranked, as organisers and secretaries keep it.

Who holds such a role is on it as long as the role stands (`store.roles` enters him).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from handlers.office_roles import Exclude, Excluded, ListOutcome, Ordered, Readmit
from scoring.instant import Instant
from store.audit import write_audit
from store.dialogues import end_step
from store.encryption import Vault
from store.excluded_papers import papers_touched, settle_papers
from store.exclusions import IS_UNRANKED, PHONE_BOX, list_phone
from store.group_commit import Kind, Writer
from store.registrations import lock_counter
from store.sql import Database
from store.tables import EXCLUSION, ROLE

_ALL = select(EXCLUSION).order_by(EXCLUSION.c.at, EXCLUSION.c.phone_index)
_ONE = select(EXCLUSION).where(EXCLUSION.c.phone_index == bindparam("phone"))
_DELETE = delete(EXCLUSION).where(EXCLUSION.c.phone_index == bindparam("phone"))
_HOLDS = (
    select(ROLE.c.id)
    .where(ROLE.c.phone_index == bindparam("phone"), ROLE.c.withdrawn_at.is_(None), IS_UNRANKED)
    .limit(1)
)


class ExclusionsStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._change = Kind(83, self._execute)

    async def listed(self) -> tuple[Excluded, ...]:
        def read(connection: Connection) -> Sequence[Row[Any]]:
            return connection.execute(_ALL).all()

        return tuple(self._excluded(row) for row in await self._database.read(read))

    async def find(self, key: str) -> Excluded | None:
        index = _index_of(key)

        def read(connection: Connection) -> Row[Any] | None:
            return connection.execute(_ONE, {"phone": index}).first()

        row = await self._database.read(read)
        return None if row is None else self._excluded(row)

    async def add(self, order: Exclude) -> ListOutcome:
        outcome: ListOutcome = await self._writer.commit(self._change, order)
        return outcome

    async def remove(self, order: Readmit) -> ListOutcome:
        outcome: ListOutcome = await self._writer.commit(self._change, order)
        return outcome

    def _execute(
        self, connection: Connection, orders: Sequence[Exclude | Readmit]
    ) -> list[ListOutcome]:
        lock_counter(connection)
        return [self._whole(connection, order) for order in orders]

    def _whole(self, connection: Connection, order: Exclude | Readmit) -> ListOutcome:
        """What must be asked first leaves nothing behind: neither entry nor ended dialogue."""
        with connection.begin_nested() as nested:
            outcome = self._changed(connection, order)
            if outcome is ListOutcome.NEEDS_DOC:
                nested.rollback()
        return outcome

    def _changed(self, connection: Connection, order: Exclude | Readmit) -> ListOutcome:
        ordered = order.ordered
        at, account = ordered.at, ordered.account
        if not end_step(connection, self._vault, at, account, ordered.step):
            return ListOutcome.SUPERSEDED
        if isinstance(order, Exclude):
            index = self._vault.index("phone", order.phone)
            if not list_phone(connection, self._vault, order.phone, order.why, ordered):
                return ListOutcome.ALREADY
        else:
            index = _index_of(order.key)
            if connection.execute(_HOLDS, {"phone": index}).first() is not None:
                return ListOutcome.HOLDS_ROLE
            if not connection.execute(_DELETE, {"phone": index}).rowcount:
                return ListOutcome.ALREADY
        return _settled(connection, index, ordered, order.doc)

    def _excluded(self, row: Row[Any]) -> Excluded:
        key = row.phone_index.hex()
        phone = self._vault.unseal(row.phone_box, PHONE_BOX, key).decode()
        return Excluded(key, phone, row.why, Instant(row.at))


def _settled(connection: Connection, index: bytes, ordered: Ordered, doc: str) -> ListOutcome:
    papers = papers_touched(connection, index)
    if not papers.is_none and not doc:
        return ListOutcome.NEEDS_DOC
    # Tells one entry from another and leads to nobody.
    line = replace(ordered.entry, subject=f"exclusion:{index.hex()[:8]}")
    write_audit(connection, [line])
    settle_papers(connection, papers, ordered, doc)
    return ListOutcome.DONE


def _index_of(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        return b""
