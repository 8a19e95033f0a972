"""Attempts as SQL's rows tell them: what a session is rebuilt from (FAULTS R5).

One statement reads attempts with their transitions; the engine's `replay` does the rest.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, case, select, true, union_all
from sqlalchemy.sql import ColumnElement

from handlers.records import AccountId, Relation, Sender, Session
from question_bank.draw import Paper
from scoring.attempt import Act, Attempt, AttemptId, Transition, open_attempt, replay
from scoring.instant import Instant
from store.tables import ACCOUNT, ATTEMPT, PARTICIPANT, TRANSITION

_STEPS = (
    TRANSITION.c.view,
    TRANSITION.c.act,
    TRANSITION.c.place,
    TRANSITION.c.choice,
    TRANSITION.c.at,
)
_COLUMNS = (
    ATTEMPT.c.id,
    ATTEMPT.c.person,
    ATTEMPT.c.number,
    ATTEMPT.c.account,
    ATTEMPT.c.paper,
    ATTEMPT.c.opened_at,
    ATTEMPT.c.due,
    ATTEMPT.c.wait_ms,
    ATTEMPT.c.extra_ms,
    ATTEMPT.c.guess_salt,
    ATTEMPT.c.rules,
    *_STEPS,
)
_WITH_STEPS = ATTEMPT.outerjoin(TRANSITION, TRANSITION.c.attempt == ATTEMPT.c.id)

IS_OPEN: ColumnElement[bool] = ATTEMPT.c.ended_at.is_(None)


def attempts_where(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The statement that `attempts_in` reads: whole attempts by id."""
    statement = select(*_COLUMNS).select_from(_WITH_STEPS).where(*conditions)
    return statement.order_by(ATTEMPT.c.id, TRANSITION.c.view)


def _played_by(*conditions: ColumnElement[bool]) -> Select[Any]:
    """What the account found by `conditions` plays, its own open attempt first.

    An account plays its own open attempt, else the one its person opened from another account.
    Each way in has its own partial index, so they are two lookups and not one OR.
    """
    player = select(ACCOUNT.c.id, ACCOUNT.c.person).where(*conditions).cte("player")
    found = union_all(
        select(ATTEMPT.c.id).join(player, ATTEMPT.c.account == player.c.id).where(IS_OPEN),
        select(ATTEMPT.c.id).join(player, ATTEMPT.c.person == player.c.person).where(IS_OPEN),
    )
    is_foreign = case((ATTEMPT.c.account == player.c.id, 0), else_=1)
    return (
        select(player.c.id.label("player"), PARTICIPANT.c.relation, *_COLUMNS)
        .select_from(_WITH_STEPS)
        .join(PARTICIPANT, PARTICIPANT.c.number == ATTEMPT.c.person)
        .join(player, true())
        .where(ATTEMPT.c.id.in_(found))
        .order_by(is_foreign, ATTEMPT.c.id, TRANSITION.c.view)
    )


_PLAYED_BY_SENDER = _played_by(
    ACCOUNT.c.channel == bindparam("channel"), ACCOUNT.c.external_id == bindparam("external_id")
)
_PLAYED_BY_ACCOUNT = _played_by(ACCOUNT.c.id == bindparam("account_id"))


def played_by_sender(connection: Connection, sender: Sender) -> Session | None:
    """The open attempt as that sender plays it."""
    names = {"channel": sender.channel, "external_id": sender.id}
    return _played(connection.execute(_PLAYED_BY_SENDER, names))


def played_by_account(connection: Connection, account: int) -> Session | None:
    return _played(connection.execute(_PLAYED_BY_ACCOUNT, {"account_id": account}))


def attempts_in(rows: Iterable[Row[Any]]) -> list[tuple[Row[Any], Attempt]]:
    """Attempts replayed, each with its first row."""
    found = []
    for _, group in groupby(rows, key=lambda row: row.id):
        own = list(group)
        found.append((own[0], _attempt_of(own)))
    return found


def paper_text(paper: Paper) -> str:
    return orjson.dumps(paper.as_lists()).decode()


def paper_of(text: str) -> Paper:
    return Paper.from_lists(orjson.loads(text))


def _played(rows: Iterable[Row[Any]]) -> Session | None:
    for row, attempt in attempts_in(rows):
        is_helped = row.relation != Relation.OWN.value
        return Session(AccountId(row.player), attempt, is_helped=is_helped)
    return None


def _attempt_of(rows: list[Row[Any]]) -> Attempt:
    row = rows[0]
    fresh = open_attempt(
        AttemptId(row.id),
        (row.person, row.number),
        paper_of(row.paper),
        Instant(row.opened_at),
        Instant(row.due),
    )
    given = replace(fresh, wait_ms=row.wait_ms, extra_ms=row.extra_ms)
    return replay(given, (_step_of(one) for one in rows if one.view is not None))


def _step_of(row: Row[Any]) -> Transition:
    return Transition(
        AttemptId(row.id), row.view, Act(row.act), row.place, row.choice, Instant(row.at)
    )
