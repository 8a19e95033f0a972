"""What makes an attempt a participation: enough answers by the rules it was opened under (T26).

A version of the rules is named by the hash of what it says: once read, it holds for ever.
"""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, case, false, select

from store.tables import ATTEMPT, RULES_VERSION

_RULES = select(RULES_VERSION.c.hash, RULES_VERSION.c.json_text)


class LeastAnswers:
    """How many answers make a participation, by the hash of the rules."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, connection: Connection, rules: Collection[str]) -> Mapping[str, int]:
        return self._known if self._known.keys() >= set(rules) else self._read(connection)

    def all(self, connection: Connection) -> Mapping[str, int]:
        """Of every version there is in the database."""
        return self._read(connection)

    def _read(self, connection: Connection) -> Mapping[str, int]:
        for row in connection.execute(_RULES):
            self._known[row.hash] = orjson.loads(row.json_text)["min_answers"]
        return self._known


LEAST_ANSWERS = LeastAnswers()


def has_enough_answers(connection: Connection) -> ColumnElement[bool]:
    """Whether the ended ATTEMPT of a statement has as many answers as its own rules ask for."""
    known: Mapping[Any, int] = LEAST_ANSWERS.all(connection)
    return ATTEMPT.c.answered >= case(dict(known), value=ATTEMPT.c.rules) if known else false()
