"""What the list of who is never ranked does to papers: void and restore, back-dated.

An entry that comes after an attempt voids the whole person, its removal restores, each under the
number of a decision, with the ledger's entry and a line of the audit trail.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, union, update

from handlers.office_roles import Ordered
from handlers.records import AuditEntry
from scoring.entries import Entry, restore_entry, void_entry
from store.audit import write_audit
from store.exclusions import IS_UNRANKED, excluded_among
from store.ledger_queue import queue_entries
from store.tables import ACCOUNT, ACCOUNT_PERSON, ATTEMPT, PARTICIPANT, ROLE, VOID
from store.unit_counts import recounted

WHY = "excluded"
"""The code of these voids in the ledger."""

_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_HOLDERS = select(ROLE.c.account).where(ROLE.c.phone_index == bindparam("phone"), IS_UNRANKED)
_TOUCHED = union(
    select(PARTICIPANT.c.number).where(PARTICIPANT.c.phone_index == bindparam("phone")),
    select(ACCOUNT.c.person).where(ACCOUNT.c.id.in_(_HOLDERS), ACCOUNT.c.person.is_not(None)),
    select(ACCOUNT_PERSON.c.person).where(ACCOUNT_PERSON.c.account.in_(_HOLDERS)),
)
_LOCK = (
    select(PARTICIPANT.c.number)
    .where(PARTICIPANT.c.number.in_(_PEOPLE))
    .order_by(PARTICIPANT.c.number)
    .with_for_update(key_share=True)
)
_PLAYED = union(
    select(PARTICIPANT.c.number, PARTICIPANT.c.registered_by.label("account")).where(
        PARTICIPANT.c.number.in_(_PEOPLE)
    ),
    select(ACCOUNT.c.person, ACCOUNT.c.id).where(ACCOUNT.c.person.in_(_PEOPLE)),
    select(ACCOUNT_PERSON.c.person, ACCOUNT_PERSON.c.account).where(
        ACCOUNT_PERSON.c.person.in_(_PEOPLE)
    ),
)
_STARTED = select(ATTEMPT.c.person).where(ATTEMPT.c.person.in_(_PEOPLE)).distinct()
_IN_FORCE = (VOID.c.attempt == 0, VOID.c.restored_at.is_(None))
_VOIDED = select(VOID.c.person, VOID.c.why).where(VOID.c.person.in_(_PEOPLE), *_IN_FORCE)
_VOID = insert(VOID)
_RESTORE = (
    update(VOID)
    .where(VOID.c.person == bindparam("of_person"), VOID.c.why == WHY, *_IN_FORCE)
    .values(restored_by=bindparam("by"), restored_at=bindparam("now"))
)


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
        tuple(one for one in people if one not in out and voided.get(one) == WHY),
    )


def settle_papers(connection: Connection, papers: Papers, ordered: Ordered, doc: str) -> None:
    """Void and restore under the decision `doc`."""
    by, at = ordered.entry.role, ordered.at
    with recounted(connection, {*papers.to_void, *papers.to_restore}):
        if papers.to_void:
            connection.execute(_VOID, [_void_values(one, ordered, doc) for one in papers.to_void])
        for person in papers.to_restore:
            connection.execute(_RESTORE, {"of_person": person, "by": ordered.account, "now": at})
    entries: list[Entry] = [void_entry((one, 0), WHY, doc, by) for one in papers.to_void]
    entries += [restore_entry((one, 0), WHY, doc, by) for one in papers.to_restore]
    queue_entries(connection, [(entry, at) for entry in entries])
    write_audit(connection, list(_lines(papers, ordered.entry, doc)))


def _void_values(person: int, ordered: Ordered, doc: str) -> dict[str, object]:
    return {
        "person": person,
        "attempt": 0,
        "why": WHY,
        "doc": doc,
        "account": ordered.account,
        "at": ordered.at,
    }


def _lines(papers: Papers, entry: AuditEntry, doc: str) -> Iterator[AuditEntry]:
    detail = {"attempt": 0, "doc": doc, "why": WHY}
    for act, people in (("void", papers.to_void), ("restore", papers.to_restore)):
        for person in people:
            yield replace(entry, act=act, subject=f"person:{person}", detail=detail)
