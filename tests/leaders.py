"""Roles given in a line: tests of what leaders and organisers do need somebody who may."""

from typing import Any

from sqlalchemy import LargeBinary, insert, update

from handlers.records import Role
from store.tables import ROLE


async def appoint(store: Any, account: int, role: Role, unit: str = "") -> None:
    """Give the account a role, whatever else the table asks of one who claims it."""
    given = {"account": account, "role": role.value, "unit": unit, "granted_at": 0}
    for column in ROLE.columns:
        if not column.nullable and not column.primary_key and column.name not in given:
            given[column.name] = b"box" if isinstance(column.type, LargeBinary) else True
    await store.database.write(lambda one: one.execute(insert(ROLE).values(given)))


async def dismiss(store: Any, account: int, unit: str = "") -> None:
    """Take the account's role for the unit away."""
    is_his = (ROLE.c.account == account) & (ROLE.c.unit == unit)
    gone = update(ROLE).where(is_his).values(withdrawn_at=1)
    await store.database.write(lambda one: one.execute(gone))
