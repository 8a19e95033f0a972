"""Versions of the rules: the newest is in force for attempts that are opened from then on.

Decides how one version follows another (LEDGER §2, §4): the hash, whether the draw key stays, and
the entry `amend`. Who may want it, and that a second person agreed, is the proposals' business.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from question_bank.canonical import canonical
from question_bank.commitment import rules_hash
from scoring.contest import Calendar
from scoring.entries import amend_entry
from scoring.instant import Instant
from store.closing import hold_closing
from store.insertion import InsertOrUpdate
from store.ledger_queue import queue_entries
from store.sql import Database
from store.tables import RULES_VERSION

_NEWEST = select(RULES_VERSION).order_by(RULES_VERSION.c.since.desc()).limit(1)
_FIRST = select(RULES_VERSION.c.json_text).order_by(RULES_VERSION.c.since).limit(1)
_HASH = select(RULES_VERSION.c.hash).order_by(RULES_VERSION.c.since.desc()).limit(1)
# Rules may come back to what they were: then the version of that hash is the newest again.
_KEEP = InsertOrUpdate(RULES_VERSION, ["hash"], ["json_text", "since", "draw_rules", "notice"])


class RulesVersion(NamedTuple):
    """`rules` as hashed; the draw key is made under `draw_rules`. Hashes in hex."""

    hash: str
    rules: Mapping[str, Any]
    draw_rules: str


class RulesVersionsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest_hash(self) -> str | None:
        """What processes ask every second; None: there is no contest."""

        def read(connection: Connection) -> str | None:
            return connection.execute(_HASH).scalar()

        return await self._database.read(read)


def newest_version(connection: Connection) -> RulesVersion:
    row = connection.execute(_NEWEST).one()
    return RulesVersion(row.hash, orjson.loads(row.json_text), row.draw_rules or row.hash)


def first_rules(connection: Connection) -> Mapping[str, Any]:
    """The rules as they were first committed to: what the files declare, amendments aside."""
    rules: Mapping[str, Any] = orjson.loads(connection.execute(_FIRST).scalar_one())
    return rules


def first_calendar(connection: Connection) -> Calendar:
    """The window as it was first committed to; decisions move it from there."""
    rules = first_rules(connection)
    return Calendar(Instant(rules["opens"]), Instant(rules["closes"]))


def amend_rules(
    connection: Connection, changes: Mapping[str, object], notice: str, at: Instant
) -> str:
    """Put changed fields in force, with the ledger's `amend`; returns the hash in hex.

    The draw key stays unless the draw itself changes. Nothing changed: nothing is entered.
    """
    hold_closing(connection)
    before = newest_version(connection)
    rules = {**before.rules, **changes}
    made = rules_hash(rules).hex()
    if made == before.hash:
        return made
    is_same_draw = rules["draw"] == before.rules["draw"]
    row = {
        "hash": made,
        "json_text": canonical(rules).decode("utf-8"),
        "since": at,
        "draw_rules": before.draw_rules if is_same_draw else made,
        "notice": notice,
    }
    _KEEP.execute(connection, [row])
    queue_entries(connection, [(amend_entry("rules", made, notice), at)])
    return made
