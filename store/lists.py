"""Lists in statements: one statement whatever their length.

An `IN` of every length would be a statement of its own: parsed, planned and kept by the server,
and by the driver once a connection.
"""

from typing import Any

from sqlalchemy import Column, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    """Its clauses are the column and the parameter.

    Of no type: what SQLAlchemy takes for a boolean is compared with 1 where there are none, and
    then SQLite looks into no index.
    """

    inherit_cache = True


def among(column: Column[Any], name: str) -> _Among:
    """Whether the column's value is in the list bound as `name`; never in an empty one."""
    return _Among(column, bindparam(name, expanding=True, type_=column.type))


@compiles(_Among)
def _in(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, listed = element.clauses
    return str(compiler.process(column.in_(listed), **options))


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, listed = element.clauses
    array = bindparam(listed.key, type_=ARRAY(column.type))
    return str(compiler.process(column == any_(array), **options))
