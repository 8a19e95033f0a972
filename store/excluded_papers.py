"""What the list of who is never ranked does to papers: void and restore, back-dated.

An entry that comes after an attempt voids the whole person, its removal restores, each under the
number of a decision, with the ledger's entry and a line of the audit trail.
"""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, union

from handlers.office_persons import EXCLUDED
from handlers.office_roles import Ordered
from store import void_rows
from store.exclusions import IS_UNRANKED, excluded_among
from store.lists import among
from store.tables import ACCOUNT, ACCOUNT_PERSON, ATTEMPT, PARTICIPANT, ROLE, VOID
from store.void_rows import write_restores, write_voids

_HOLDERS = select(ROLE.c.account).where(ROLE.c.phone_index == bindparam("phone"), IS_UNRANKED)
_TOUCHED = union(
    select(PARTICIPANT.c.number).where(PARTICIPANT.c.phone_index == bindparam("phone")),
    select(ACCOUNT.c.person).where(ACCOUNT.c.id.in_(_HOLDERS), ACCOUNT.c.person.is_not(None)),
    select(ACCOUNT_PERSON.c.person).where(ACCOUNT_PERSON.c.account.in_(_HOLDERS)),
)
_LOCK = (
    select(PARTICIPANT.c.number)
    .where(among(PARTICIPANT.c.number, "people"))
    .order_by(PARTICIPANT.c.number)
    .with_for_update(key_share=True)
)
_PLAYED = union(
    select(PARTICIPANT.c.number, PARTICIPANT.c.registered_by.label("account")).where(
        among(PARTICIPANT.c.number, "people")
    ),
    select(ACCOUNT.c.person, ACCOUNT.c.id).where(among(ACCOUNT.c.person, "people")),
    select(ACCOUNT_PERSON.c.person, ACCOUNT_PERSON.c.account).where(
        among(ACCOUNT_PERSON.c.person, "people")
    ),
)
_STARTED = select(ATTEMPT.c.person).where(among(ATTEMPT.c.person, "people")).distinct()
_IN_FORCE = (VOID.c.attempt == 0, VOID.c.restored_at.is_(None))
_VOIDED = select(VOID.c.person, VOID.c.why).where(among(VOID.c.person, "people"), *_IN_FORCE)


class Papers(NamedTuple):
    """People whose attempts the list takes away, and those to whom it gives them back."""

    to_void: tuple[int, ...] = ()
    to_restore: tuple[int, ...] = ()

    @property
    def is_none(self) -> bool:
        return not self.to_void and not self.to_restore


def papers_touched(connection: Connection, phone_index: bytes) -> Papers:
    """What the list as it now stands does to papers of a phone and of its role holders.

    Locks those people until the transaction ends.
    """
    people = sorted(connection.execute(_TOUCHED, {"phone": phone_index}).scalars())
    if not people:
        return Papers()
    asked = {"people": people}
    connection.execute(_LOCK, asked).all()
    voided = {row.person: row.why for row in connection.execute(_VOIDED, asked)}
    started = set(connection.execute(_STARTED, asked).scalars())
    played = {(row.number, row.account) for row in connection.execute(_PLAYED, asked)}
    out = {person for person, _ in excluded_among(connection, played)}
    return Papers(
        tuple(one for one in people if one in out and one in started and one not in voided),
        tuple(one for one in people if one not in out and voided.get(one) == EXCLUDED),
    )


def settle_papers(connection: Connection, papers: Papers, ordered: Ordered, doc: str) -> None:
    """Void and restore under the decision `doc`."""
    write_voids(connection, [_whole(one, doc) for one in papers.to_void], ordered.entry)
    write_restores(connection, [_whole(one, doc) for one in papers.to_restore], ordered.entry)


def _whole(person: int, doc: str) -> void_rows.Papers:
    return void_rows.Papers(person, 0, EXCLUDED, doc)
