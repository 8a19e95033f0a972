"""Opening attempts: limits, numbers and "one open attempt" in one transaction (FAULTS R4, T36).

A person's row is locked first, so counting and inserting are one step whatever the isolation
level; the unique indexes hold besides. An attempt that is void by itself (after an incident, say)
does not count against the limits, of the contest or of its day; its number stays used, so that
numbers are dense. Who is void as a person has used what he used.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, exists, select

from handlers.records import AttemptNotStarted, AttemptStarted, Session, StartAttempt
from scoring.attempt import AttemptId, open_attempt
from scoring.entries import Entry, start_entry
from scoring.limits import History, StartRefusal, refusal_after
from store.closing import is_closed
from store.exclusions import excluded_among
from store.group_commit import Kind
from store.insertion import InsertNew
from store.ledger_queue import queue_entries
from store.lists import among
from store.rebuild import paper_text, played_by_account
from store.tables import ATTEMPT, PARTICIPANT, VOID

SALT_BYTES = 16

_INSERT = InsertNew(ATTEMPT, ATTEMPT.c.id, ATTEMPT.c.person)
_LOCK = (
    select(PARTICIPANT.c.number)
    .where(among(PARTICIPANT.c.number, "people"))
    .order_by(PARTICIPANT.c.number)
    .with_for_update(key_share=True)
)
_HAD = select(
    ATTEMPT.c.person,
    ATTEMPT.c.opened_at,
    ATTEMPT.c.ended_at,
    exists()
    .where(
        VOID.c.person == ATTEMPT.c.person,
        VOID.c.attempt == ATTEMPT.c.number,
        VOID.c.restored_at.is_(None),
    )
    .label("is_void"),
).where(among(ATTEMPT.c.person, "people"))
_OPEN_ACCOUNTS = select(ATTEMPT.c.account).where(
    among(ATTEMPT.c.account, "accounts"), ATTEMPT.c.ended_at.is_(None)
)

_Outcome = AttemptStarted | AttemptNotStarted


def _start(connection: Connection, orders: Sequence[StartAttempt]) -> list[_Outcome]:
    if is_closed(connection):
        return [_found(connection, order, StartRefusal.CLOSED) for order in orders]
    people = sorted({order.person for order in orders})
    connection.execute(_LOCK, {"people": people}).all()
    had: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_HAD, {"people": people}):
        had[row.person].append(row)
    accounts = sorted({order.account for order in orders})
    busy = set(connection.execute(_OPEN_ACCOUNTS, {"accounts": accounts}).scalars())
    # After the lock: an entry of the list that came first is seen, one that comes later sees us.
    excluded = excluded_among(connection, {(order.person, order.account) for order in orders})
    asked: dict[int, StartAttempt] = {}
    verdicts: dict[int, _Outcome] = {}
    for at, order in enumerate(orders):
        if _is_open(order, had[order.person], busy, asked.values()):
            continue
        is_excluded = (order.person, order.account) in excluded
        refused = _refused(order, had[order.person], is_excluded=is_excluded)
        if refused is None:
            asked[at] = order
        else:
            verdicts[at] = refused
    verdicts |= _begin(connection, asked)
    return [verdicts.get(at) or _found(connection, order) for at, order in enumerate(orders)]


def _is_open(
    order: StartAttempt, had: Sequence[Any], busy: set[int], asked: Iterable[StartAttempt]
) -> bool:
    """Whether person or account has an open attempt, or will have by an order before."""
    if any(row.ended_at is None for row in had) or order.account in busy:
        return True
    return any(one.person == order.person or one.account == order.account for one in asked)


def _refused(
    order: StartAttempt, had: Sequence[Any], *, is_excluded: bool
) -> AttemptNotStarted | None:
    if is_excluded:
        return AttemptNotStarted(StartRefusal.EXCLUDED)
    if order.number != len(had) + 1:
        return AttemptNotStarted(None)
    void = sum(row.is_void for row in had)
    today = sum(row.opened_at >= order.day_start and not row.is_void for row in had)
    refusal = refusal_after(History(len(had), today, void), order.limits)
    return None if refusal is None else AttemptNotStarted(refusal)


def _begin(connection: Connection, orders: dict[int, StartAttempt]) -> dict[int, _Outcome]:
    """Insert the attempts; what is not in the outcome met another process's attempt."""
    rows = [_values_of(order) for order in orders.values()]
    ids = {row.person: AttemptId(row.id) for row in _INSERT.execute(connection, rows)}
    begun = {at: order for at, order in orders.items() if order.person in ids}
    queue_entries(connection, [(_entry_of(order), order.at) for order in begun.values()])
    return {at: _started(order, ids[order.person]) for at, order in begun.items()}


def _entry_of(order: StartAttempt) -> Entry:
    owner = (order.person, order.number)
    return start_entry(owner, order.at, order.due, order.commitments, order.paper)


def _started(order: StartAttempt, attempt: AttemptId) -> AttemptStarted:
    owner = (order.person, order.number)
    fresh = open_attempt(attempt, owner, order.paper, order.at, order.due)
    session = Session(order.account, fresh, is_helped=order.is_helped)
    return AttemptStarted(session, is_new=True)


def _found(
    connection: Connection, order: StartAttempt, refusal: StartRefusal | None = None
) -> _Outcome:
    session = played_by_account(connection, order.account)
    if session is None:
        return AttemptNotStarted(refusal)
    return AttemptStarted(session, is_new=False)


def _values_of(order: StartAttempt) -> dict[str, object]:
    return {
        "person": order.person,
        "number": order.number,
        "account": order.account,
        "paper": paper_text(order.paper),
        "bank": order.commitments.bank,
        "rules": order.commitments.rules,
        "opened_at": order.at,
        "due": order.due,
        "wait_ms": 0,
        "extra_ms": 0,
        "guess_salt": secrets.token_bytes(SALT_BYTES),
    }


START = Kind(20, _start)
