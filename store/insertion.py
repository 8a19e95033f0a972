"""Inserts that skip what is there already, for both databases, built once.

`ON CONFLICT` belongs to the dialects' own inserts; this is the one place that picks.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

Values = Mapping[str, object]


class InsertNew:
    """`INSERT … ON CONFLICT DO NOTHING RETURNING`: what does not come back was there.

    To PostgreSQL a batch is one array a column: one statement whatever the number of rows, parsed
    and planned once. A list of values would be another statement for each number.
    """

    __slots__ = ("_postgres", "_returning", "_sqlite", "_table")

    def __init__(self, table: Table, *returning: Column[Any]) -> None:
        self._table = table
        self._returning = returning
        self._sqlite = sqlite_insert(table).on_conflict_do_nothing().returning(*returning)
        self._postgres: dict[tuple[str, ...], Any] = {}
        """By the names of the columns given."""

    def execute(self, connection: Connection, rows: Sequence[Values]) -> Sequence[Row[Any]]:
        """The returned columns of the rows that are new, in no order.

        All rows name the same columns; the first says which.
        """
        if not rows:
            return ()
        if connection.dialect.name == "sqlite":
            return connection.execute(self._sqlite, list(rows)).all()
        names = tuple(rows[0])
        statement = self._postgres.get(names)
        if statement is None:
            statement = self._postgres[names] = self._of_arrays(names)
        return connection.execute(statement, _arrays(names, rows)).all()

    def _of_arrays(self, names: Sequence[str]) -> Any:
        return (
            postgres_insert(self._table)
            .from_select(names, _unnested(self._table, names))
            .on_conflict_do_nothing()
            .returning(*self._returning)
        )


class InsertOrUpdate:
    """`INSERT … ON CONFLICT DO UPDATE` of the named columns; other columns stay."""

    __slots__ = ("_statements",)

    def __init__(self, table: Table, keys: Sequence[str], changed: Sequence[str]) -> None:
        sqlite, postgres = sqlite_insert(table), postgres_insert(table)
        self._statements: dict[str, Any] = {
            "sqlite": sqlite.on_conflict_do_update(
                index_elements=keys, set_={name: sqlite.excluded[name] for name in changed}
            ),
            "postgresql": postgres.on_conflict_do_update(
                index_elements=keys, set_={name: postgres.excluded[name] for name in changed}
            ),
        }

    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        if rows:
            connection.execute(self._statements[connection.dialect.name], list(rows))


class InsertOrAdd:
    """`INSERT … ON CONFLICT DO UPDATE` that adds the other columns to what stands.

    Rows are locked in the order given: give them sorted by key, the same everywhere.
    """

    __slots__ = ("_names", "_postgres", "_sqlite")

    def __init__(self, table: Table, keys: Sequence[str]) -> None:
        self._names = [column.name for column in table.columns]
        sqlite, postgres = sqlite_insert(table), postgres_insert(table)
        self._sqlite = sqlite.on_conflict_do_update(
            index_elements=keys, set_=_added(table, keys, sqlite.excluded)
        )
        self._postgres = postgres.from_select(
            self._names, _unnested(table, self._names)
        ).on_conflict_do_update(index_elements=keys, set_=_added(table, keys, postgres.excluded))

    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            connection.execute(self._sqlite, list(rows))
            return
        connection.execute(self._postgres, _arrays(self._names, rows))


def _added(table: Table, keys: Sequence[str], excluded: Any) -> dict[str, Any]:
    counted = (column for column in table.columns if column.name not in keys)
    return {column.name: column + excluded[column.name] for column in counted}


def _unnested(table: Table, names: Sequence[str]) -> Any:
    """A row for each place of the arrays that are bound by the columns' names."""
    columns = (table.columns[name] for name in names)
    return select(*(func.unnest(bindparam(one.name, type_=ARRAY(one.type))) for one in columns))


def _arrays(names: Sequence[str], rows: Sequence[Values]) -> dict[str, list[object]]:
    return {name: [row[name] for row in rows] for name in names}
