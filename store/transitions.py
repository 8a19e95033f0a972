"""Recording transitions: the tap's one statement (FAULTS R2).

The unique key (attempt, view) decides; what does not come back from the insert stands already.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from handlers.records import Event, Move
from scoring.attempt import Act, AttemptId, Transition
from scoring.instant import Instant
from store.events import take_events
from store.group_commit import Kind
from store.insertion import InsertNew
from store.lists import among
from store.tables import TRANSITION

_INSERT = InsertNew(TRANSITION, TRANSITION.c.attempt, TRANSITION.c.view)
# More than the pairs asked for: SQLite would scan the table for pairs in a list.
_STANDING = select(TRANSITION).where(
    among(TRANSITION.c.attempt, "attempts"), among(TRANSITION.c.view, "views")
)
_STANDING_ONE = select(TRANSITION).where(
    TRANSITION.c.attempt == bindparam("attempt"), TRANSITION.c.view == bindparam("at_view")
)

_Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RecordTransition:
    transition: Transition
    event: Event | None


def insert_transitions(
    connection: Connection, transitions: Sequence[Transition]
) -> dict[_Key, Transition]:
    """Insert what is new, by (attempt, view): of several for one key, the first of the list."""
    first = {(one.attempt, one.view): one for one in reversed(transitions)}
    # One order in every process: two batches never wait for each other's keys.
    rows = [_values_of(first[key]) for key in sorted(first)]
    return {
        (row.attempt, row.view): first[AttemptId(row.attempt), row.view]
        for row in _INSERT.execute(connection, rows)
    }


def standing_at(connection: Connection, attempt: int, view: int) -> Transition | None:
    row = connection.execute(_STANDING_ONE, {"attempt": attempt, "at_view": view}).first()
    return None if row is None else transition_of(row)


def transition_of(row: Row[Any]) -> Transition:
    return Transition(
        AttemptId(row.attempt), row.view, Act(row.act), row.place, row.choice, Instant(row.at)
    )


def _record(
    connection: Connection, works: Sequence[RecordTransition]
) -> list[Transition | Move | None]:
    is_new = take_events(connection, [(work.event, work.transition.at) for work in works])
    asked = [work.transition for work, new in zip(works, is_new, strict=True) if new]
    taken = insert_transitions(connection, asked)
    keys: set[_Key] = {(one.attempt, one.view) for one in asked}
    standing = taken | _standing(connection, keys - {*taken})
    won = first_with_key(asked, taken)
    outcomes = iter(
        None if at in won else standing[one.attempt, one.view] for at, one in enumerate(asked)
    )
    return [next(outcomes) if new else Move.REPEATED for new in is_new]


def first_with_key(transitions: Sequence[Transition], taken: Container[_Key]) -> set[int]:
    """Which of the list (by place, from 0) are the ones that were inserted."""
    places = {(one.attempt, one.view): at for at, one in reversed([*enumerate(transitions)])}
    return {at for key, at in places.items() if key in taken}


def _standing(connection: Connection, keys: set[_Key]) -> dict[_Key, Transition]:
    if not keys:
        return {}
    asked = {"attempts": sorted({one for one, _ in keys}), "views": sorted({at for _, at in keys})}
    found = map(transition_of, connection.execute(_STANDING, asked))
    return {(one.attempt, one.view): one for one in found if (one.attempt, one.view) in keys}


def _values_of(one: Transition) -> dict[str, object]:
    return {
        "attempt": one.attempt,
        "view": one.view,
        "act": int(one.act),
        "place": one.place,
        "choice": one.choice,
        "at": one.at,
    }


RECORD = Kind(30, _record)
