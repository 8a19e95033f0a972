"""What a transaction leaves to its end: rows that everybody writes are locked last, and in order.

Kinds that share a transaction would else hold such rows in the order in which they run, and two
transactions could wait for each other. Every `Database.write` takes these steps before it commits.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Step = Callable[[Connection, Sequence[Any]], None]

_LEFT = "hoithi.last_steps"


def leave(connection: Connection, step: Step, item: object) -> None:
    """Let `step` be taken once at the end of the transaction, with all that was left to it."""
    connection.info.setdefault(_LEFT, {}).setdefault(step, []).append(item)


def with_last_steps(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """The work, and after it what it left to the end."""

    def whole(connection: Connection) -> T:
        # What a transaction before left when it failed went with it.
        connection.info.pop(_LEFT, None)
        result = work(connection)
        for step, items in connection.info.pop(_LEFT, {}).items():
            step(connection, items)
        return result

    return whole
