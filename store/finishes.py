"""Ending attempts: the last transition, the grade and the ledger's `submit` in one transaction.

The rows decide: what was answered is replayed from SQL after the ending row is in. The unit's
counts go along (`store.unit_counts`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from handlers.records import AttemptFinished, FinishAttempt
from scoring.attempt import Act, Attempt, Transition
from scoring.deadline import waited_ms
from scoring.entries import ENDS, submit_entry
from scoring.grading import Grade, grade_of
from store.group_commit import Kind
from store.ledger_queue import queue_entries
from store.lists import among
from store.outbox import outbox_values
from store.participations import LEAST_ANSWERS
from store.rebuild import attempts_in, attempts_where
from store.tables import ACCOUNT, ATTEMPT, OUTBOX
from store.transitions import first_with_key, insert_transitions
from store.unit_counts import count_endings

CLOSED_BATCH = "closed"
"""The notices of all papers that the contest's end ended."""

_ENDED = attempts_where(among(ATTEMPT.c.id, "ids"))
_UPDATE = (
    update(ATTEMPT)
    .where(ATTEMPT.c.id == bindparam("attempt_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("ended_at", "end", "correct", "answered", "guess", "duration_ms")
        }
    )
)
_CHATS = select(ACCOUNT.c.id, ACCOUNT.c.channel, ACCOUNT.c.chat, ACCOUNT.c.is_reachable).where(
    among(ACCOUNT.c.id, "accounts")
)
_TELL = insert(OUTBOX)


class _Ended:
    """One order that ended its attempt, with what follows from the rows."""

    __slots__ = (
        "account",
        "attempt",
        "duration_ms",
        "grade",
        "guess_salt",
        "order",
        "rules",
        "wait_ms",
    )

    def __init__(self, order: FinishAttempt, row: Row[Any], attempt: Attempt) -> None:
        ended_at = order.at
        self.order = order
        self.attempt = attempt
        self.account: int = row.account
        self.guess_salt: bytes = row.guess_salt
        self.rules: str = row.rules
        self.grade: Grade = grade_of(attempt, order.bank)
        self.wait_ms = waited_ms(attempt, order.timeline, ended_at)
        self.duration_ms = max(0, ended_at - attempt.opened_at - self.wait_ms)

    def values(self) -> dict[str, object]:
        return {
            "attempt_id": self.attempt.id,
            "new_ended_at": self.order.at,
            "new_end": int(self.order.act),
            "new_correct": self.grade.correct,
            "new_answered": self.grade.answered,
            "new_guess": self.attempt.guess,
            "new_duration_ms": self.duration_ms,
        }

    def outcome(self, least: Mapping[str, int]) -> AttemptFinished:
        least_answers = least.get(self.rules, 0)
        return AttemptFinished(self.attempt, self.grade, self.duration_ms, least_answers)

    def arguments(self) -> dict[str, object]:
        """What a notice says of the attempt."""
        return {
            "number": self.attempt.number,
            "correct": self.grade.correct,
            "size": self.grade.size,
            "answered": self.grade.answered,
            "duration_ms": self.duration_ms,
            "ended_at": self.order.at,
            "end": ENDS[self.order.act],
        }


def _finish(
    connection: Connection, orders: Sequence[FinishAttempt]
) -> list[AttemptFinished | None]:
    endings = [_ending_of(order) for order in orders]
    taken = insert_transitions(connection, endings)
    won = first_with_key(endings, taken)
    winners = {endings[at].attempt: orders[at] for at in won}
    ended = _read_ended(connection, winners)
    if ended:
        connection.execute(_UPDATE, [one.values() for one in ended])
        count_endings(connection, {one.attempt.id: one.attempt.person for one in ended})
        _queue(connection, ended)
        _tell(connection, [one for one in ended if one.order.notice is not None])
    least = LEAST_ANSWERS.of(connection, {one.rules for one in ended})
    outcomes = {one.attempt.id: one.outcome(least) for one in ended}
    return [outcomes[ending.attempt] if at in won else None for at, ending in enumerate(endings)]


def _ending_of(order: FinishAttempt) -> Transition:
    attempt = order.session.attempt
    return Transition(attempt.id, attempt.view, order.act, attempt.place, None, order.at)


def _read_ended(connection: Connection, winners: dict[Any, FinishAttempt]) -> list[_Ended]:
    if not winners:
        return []
    rows = connection.execute(_ENDED, {"ids": sorted(winners)})
    return [_Ended(winners[row.id], row, attempt) for row, attempt in attempts_in(rows)]


def _queue(connection: Connection, ended: Sequence[_Ended]) -> None:
    entries = [
        (submit_entry(one.attempt, one.grade.correct, one.wait_ms, one.guess_salt), one.order.at)
        for one in ended
    ]
    queue_entries(connection, entries)


def _tell(connection: Connection, ended: Sequence[_Ended]) -> None:
    """A notice to the account that opened the attempt, if its chat can be reached."""
    if not ended:
        return
    accounts = sorted({one.account for one in ended})
    chats = {row.id: row for row in connection.execute(_CHATS, {"accounts": accounts})}
    rows = [
        outbox_values(
            (chats[one.account].channel, chats[one.account].chat),
            str(one.order.notice),
            orjson.dumps(one.arguments()).decode(),
            one.order.at,
            CLOSED_BATCH if one.order.act is Act.CLOSE else None,
        )
        for one in ended
        if chats[one.account].is_reachable
    ]
    if rows:
        connection.execute(_TELL, rows)


FINISH = Kind(40, _finish)
