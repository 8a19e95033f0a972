"""Voids and restores as they are written: rows, ledger, counts and audit trail together.

The one place for whoever voids: staff (`store.voids`) and the list of who is never ranked
(`store.excluded_papers`). Callers hold the people's locks; the unique index decides besides.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, update

from handlers.records import AuditEntry
from scoring.entries import restore_entry, void_entry
from store.audit import write_audit
from store.insertion import InsertNew
from store.ledger_queue import queue_entries
from store.tables import VOID
from store.unit_counts import recounted

_VOID = InsertNew(VOID, VOID.c.person, VOID.c.attempt)
_RESTORE = (
    update(VOID)
    .where(
        VOID.c.person == bindparam("of_person"),
        VOID.c.attempt == bindparam("of_attempt"),
        VOID.c.why == bindparam("of_why"),
        VOID.c.restored_at.is_(None),
    )
    .values(restored_by=bindparam("by"), restored_at=bindparam("now"))
)


class Papers(NamedTuple):
    """An attempt of a person, or with 0 all there is; `why` a code, `doc` a decision's number."""

    person: int
    attempt: int
    why: str
    doc: str


def write_voids(
    connection: Connection, papers: Sequence[Papers], entry: AuditEntry
) -> tuple[Papers, ...]:
    """Let papers not count under the entry's authority; those that were not void before."""
    with recounted(connection, {one.person for one in papers}):
        rows = _VOID.execute(connection, [_values_of(one, entry) for one in papers])
    fresh = {(row.person, row.attempt) for row in rows}
    done = tuple(one for one in papers if (one.person, one.attempt) in fresh)
    _tell_of(connection, done, entry, "void")
    return done


def write_restores(
    connection: Connection, papers: Sequence[Papers], entry: AuditEntry
) -> tuple[Papers, ...]:
    """Let papers that are void for `why` count again; those that were void until now."""
    done: list[Papers] = []
    with recounted(connection, {one.person for one in papers}):
        for one in papers:
            of = {"of_person": one.person, "of_attempt": one.attempt, "of_why": one.why}
            by = {"by": entry.account, "now": entry.at}
            if connection.execute(_RESTORE, {**of, **by}).rowcount:
                done.append(one)
    _tell_of(connection, done, entry, "restore")
    return tuple(done)


def _values_of(papers: Papers, entry: AuditEntry) -> dict[str, object]:
    return {**papers._asdict(), "account": entry.account, "at": entry.at}


def _tell_of(connection: Connection, papers: Sequence[Papers], entry: AuditEntry, act: str) -> None:
    build = void_entry if act == "void" else restore_entry
    entries = [build(one[:2], one.why, one.doc, entry.role) for one in papers]
    queue_entries(connection, [(one, entry.at) for one in entries])
    write_audit(connection, [_line(one, entry, act) for one in papers])


def _line(papers: Papers, entry: AuditEntry, act: str) -> AuditEntry:
    detail = {"attempt": papers.attempt, "doc": papers.doc, "why": papers.why}
    return replace(entry, act=act, subject=f"person:{papers.person}", detail=detail)
