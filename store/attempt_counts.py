"""How many attempts somebody has had, as a part of statements about PARTICIPANT.

An attempt that is void by itself has given its place back (rules 4.5): whoever asks for people
with an attempt left counts without those, as the opening of attempts does (`store.starts`).
"""

from sqlalchemy import ColumnElement, exists, func, or_, select

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


def has_opened() -> ColumnElement[bool]:
    """Whether there was any, void or not: asked so, the database need not count them."""
    return exists().where(ATTEMPT.c.person == PARTICIPANT.c.number).correlate(PARTICIPANT)


def has_left(limit: int) -> ColumnElement[bool]:
    """Whether one of so many in all is left.

    Numbers are dense: of most people the missing attempt of number `limit` says it at once.
    """
    numbered = ATTEMPT.c.person == PARTICIPANT.c.number, ATTEMPT.c.number >= limit
    return or_(~exists().where(*numbered).correlate(PARTICIPANT), counted() < limit)


def counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Those that are held against the limits (rules 4.1, 4.5); `conditions` are of ATTEMPT."""
    of_person = select(func.count()).where(ATTEMPT.c.person == PARTICIPANT.c.number, *conditions)
    return of_person.where(~_IS_VOID).correlate(PARTICIPANT).scalar_subquery()
