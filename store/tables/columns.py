"""What tables are made of: the one metadata, and the kinds of columns.

Decides names of constraints and how instants, keys and flags are kept; which columns there are is
the tables' own.
"""

from typing import Any, cast

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, Table, false
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the key is plain INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")
NEVER_REUSED: dict[str, Any] = {"sqlite_autoincrement": True}


class Row(SQLModel, registry=registry(metadata=metadata)):
    """Base of the tables: one metadata of our own, with fixed names for constraints."""


def big(*, nullable: bool = False, reference: str | None = None) -> Any:
    keys = () if reference is None else (ForeignKey(reference),)
    return Field(sa_column=Column(BigInteger, *keys, nullable=nullable))


def serial() -> Any:
    return Field(default=None, sa_column=Column(_SERIAL, primary_key=True, autoincrement=True))


def key_of(reference: str) -> Any:
    key = Column(BigInteger, ForeignKey(reference), primary_key=True, autoincrement=False)
    return Field(sa_column=key)


def flag() -> Any:
    return Field(sa_column=Column(Boolean, nullable=False, server_default=false()))


def big_key() -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


def table_of(row: type[SQLModel]) -> Table:
    return cast("Table", row.__table__)  # type: ignore[attr-defined]
