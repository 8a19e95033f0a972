"""Inserts that skip what is there already, for both databases, built once.

`ON CONFLICT` belongs to the dialects' own inserts; this is the one place that picks.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, Table, bindparam, func, select
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
            statement = self._postgres[names] = self._ofarrays(names)
        return connection.execute(statement, arrays(names, rows)).all()

    def _ofarrays(self, names: Sequence[str]) -> Any:
        return (
            postgres_insert(self._table)
            .from_select(names, unnested({name: self._table.columns[name] for name in names}))
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
            self._names, unnested(dict(table.columns))
        ).on_conflict_do_update(index_elements=keys, set_=_added(table, keys, postgres.excluded))

    def execute(self, connection: Connection, rows: Sequence[Values]) -> None:
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            connection.execute(self._sqlite, list(rows))
            return
        connection.execute(self._postgres, arrays(self._names, rows))


def _added(table: Table, keys: Sequence[str], excluded: Any) -> dict[str, Any]:
    counted = (column for column in table.columns if column.name not in keys)
    return {column.name: column + excluded[column.name] for column in counted}


def unnested(columns: Mapping[str, Column[Any]]) -> Select[Any]:
    """PostgreSQL's: a row for each place of the arrays bound by these names.

    Of two rows with one key an update takes either.
    """
    return select(
        *(
            func.unnest(bindparam(name, type_=ARRAY(one.type))).label(name)
            for name, one in columns.items()
        )
    )


def arrays(names: Sequence[str], rows: Sequence[Values]) -> dict[str, list[object]]:
    return {name: [row[name] for row in rows] for name in names}
