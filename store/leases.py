"""Leases: who alone may do a named thing, until when on the machine's clock (DESIGN §6).

Taken, renewed and given back by one statement each; a dead holder's lease runs out by itself.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.group_commit import Kind, Writer
from store.tables import LEASE


class _Take(NamedTuple):
    name: str
    holder: str
    now_ms: int
    until_ms: int


class _Release(NamedTuple):
    name: str
    holder: str


def _taking(insert: Any) -> Any:
    """The lease is the caller's if it is free, run out, or his already."""
    values: dict[str, Any] = {name: bindparam(name) for name in ("name", "holder", "until_ms")}
    statement = insert(LEASE).values(values)
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": given.holder, "until_ms": given.until_ms},
        where=or_(LEASE.c.holder == given.holder, bindparam("now_ms") >= LEASE.c.until_ms),
    ).returning(LEASE.c.holder)


_TAKE = {"sqlite": _taking(sqlite_insert), "postgresql": _taking(postgres_insert)}
_RELEASE = delete(LEASE).where(
    LEASE.c.name == bindparam("of_name"), LEASE.c.holder == bindparam("of_holder")
)
_HELD = (
    select(LEASE.c.name)
    .where(
        LEASE.c.name == bindparam("of_name"),
        LEASE.c.holder == bindparam("of_holder"),
        LEASE.c.until_ms > bindparam("now_ms"),
    )
    .with_for_update(read=True)
)


def is_held(connection: Connection, name: str, holder: str, now_ms: int) -> bool:
    """Whether the lease is the holder's; nobody else gets it before this transaction ends."""
    asked = {"of_name": name, "of_holder": holder, "now_ms": now_ms}
    return connection.execute(_HELD, asked).first() is not None


class LeasesStore:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def take(self, name: str, holder: str, now_ms: int, until_ms: int) -> bool:
        """Take or renew the lease until `until_ms`; False: another holds it."""
        is_taken: bool = await self._writer.commit(
            _TAKE_KIND, _Take(name, holder, now_ms, until_ms)
        )
        return is_taken

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back, if it is this holder's."""
        await self._writer.commit(_RELEASE_KIND, _Release(name, holder))


def _take(connection: Connection, orders: Sequence[_Take]) -> list[bool]:
    taking = _TAKE[connection.dialect.name]
    return [connection.execute(taking, order._asdict()).first() is not None for order in orders]


def _release(connection: Connection, orders: Sequence[_Release]) -> list[None]:
    for order in orders:
        connection.execute(_RELEASE, {"of_name": order.name, "of_holder": order.holder})
    return [None] * len(orders)


_TAKE_KIND = Kind(2, _take)
_RELEASE_KIND = Kind(78, _release)
