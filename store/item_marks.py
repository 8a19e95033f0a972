"""Marked answers of ended attempts, for judging the questions once the contest is closed.

Nothing is told before `close` is in the ledger: not even to those who hold the key. Each attempt
is marked by the bank that it was drawn from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import orjson
from sqlalchemy import Connection, select

from question_bank.question import OptionId, QuestionId
from scoring.attempt import Attempt
from store.closing import is_closed
from store.contests import QUESTIONS_BOX
from store.encryption import Vault
from store.lists import among
from store.participations import has_enough_answers
from store.rebuild import attempts_in, attempts_where
from store.schema import HEAD, version_of
from store.sql import connect
from store.tables import ATTEMPT, BANK_VERSION

CHUNK = 500
"""Attempts read at a time: a contest's transitions do not fit into memory."""

_Keys = Mapping[QuestionId, OptionId]
_ENDED = select(ATTEMPT.c.id).where(ATTEMPT.c.ended_at.is_not(None)).order_by(ATTEMPT.c.id)
_AMONG = among(ATTEMPT.c.id, "ids")
_ROOTS = select(ATTEMPT.c.id, ATTEMPT.c.bank).where(_AMONG)
_WHOLE = attempts_where(_AMONG)


@dataclass(frozen=True, slots=True)
class MarkedAttempts:
    """`marks`: for each attempt that counts, its questions to whether the answer was right."""

    is_closed: bool
    marks: tuple[Mapping[QuestionId, bool], ...] = ()


async def read_marks(url: str, data_key: bytes) -> MarkedAttempts:
    """The marks of all participations by their own rules; none while the contest runs.

    Raises:
        StoreAwayError: SQL does not answer.
    """
    database = connect(url)
    try:
        if await database.read(version_of) != HEAD or not await database.read(is_closed):
            return MarkedAttempts(is_closed=False)
        vault = Vault(data_key)
        keys = await database.read(lambda connection: _keys_by_root(connection, vault))
        ids = await database.read(_counted)
        marks: list[Mapping[QuestionId, bool]] = []
        for first in range(0, len(ids), CHUNK):
            marks += await database.read(partial(_marked, ids[first : first + CHUNK], keys))
        return MarkedAttempts(is_closed=True, marks=tuple(marks))
    finally:
        await database.close()


def _counted(connection: Connection) -> list[int]:
    """The participations: what counts is by each attempt's own rules."""
    return list(connection.scalars(_ENDED.where(has_enough_answers(connection))))


def _marked(
    ids: Sequence[int], keys: Mapping[str, _Keys], connection: Connection
) -> list[Mapping[QuestionId, bool]]:
    roots = {row.id: row.bank for row in connection.execute(_ROOTS, {"ids": ids})}
    rows = connection.execute(_WHOLE, {"ids": ids})
    return [_marks_of(attempt, keys[roots[row.id]]) for row, attempt in attempts_in(rows)]


def _keys_by_root(connection: Connection, vault: Vault) -> dict[str, _Keys]:
    found: dict[str, _Keys] = {}
    for row in connection.execute(select(BANK_VERSION)):
        entries = orjson.loads(vault.unseal(row.bank_box, QUESTIONS_BOX, row.root))
        found[row.root] = {QuestionId(one["id"]): OptionId(one["answer"]) for one in entries}
    return found


def _marks_of(attempt: Attempt, keys: _Keys) -> dict[QuestionId, bool]:
    return {
        place.question: choice is not None and place.options[choice] == keys[place.question]
        for place, choice in zip(attempt.paper.places, attempt.answers, strict=True)
    }
