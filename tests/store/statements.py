"""Every statement that is sent while something runs, with its values."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

Statements = list[tuple[str, Any]]


@contextmanager
def sent() -> Iterator[Statements]:
    """Every statement that any connection sends meanwhile, with its values."""
    statements: Statements = []

    def keep(_: Any, __: Any, statement: str, values: Any, ___: Any, is_many: bool) -> None:
        statements.append((statement, values[0] if is_many else values))

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
