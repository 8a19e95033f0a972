"""How many attempts somebody has had, as a part of statements about PARTICIPANT.

An attempt that is void by itself has given its place back (rules 4.5): whoever asks for people
with an attempt left counts without those, as the opening of attempts does (`store.starts`).
"""

from sqlalchemy import ColumnElement, exists, func, select

from store.tables import ATTEMPT, PARTICIPANT, VOID

_IS_VOID = (
    exists()
    .where(
        VOID.c.person == ATTEMPT.c.person,
        VOID.c.attempt == ATTEMPT.c.number,
        VOID.c.restored_at.is_(None),
    )
    .correlate(ATTEMPT)
)


def opened(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """All of them, those that are void too; `conditions` are of ATTEMPT."""
    of_person = select(func.count()).where(ATTEMPT.c.person == PARTICIPANT.c.number, *conditions)
    return of_person.correlate(PARTICIPANT).scalar_subquery()


def counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Those that are held against the limits (rules 4.1, 4.5)."""
    return opened(~_IS_VOID, *conditions)
