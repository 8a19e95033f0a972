"""The contest of this database: made at the first start, held to afterwards (LEDGER §2).

Decides whether what is declared now is what was committed to; a difference stops the start,
naming what changed, except in a rehearsal, which begins anew.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, insert, select

from handlers.ports import HoithiError
from question_bank.canonical import canonical
from question_bank.commitment import (
    bank_root,
    draw_key,
    question_entry,
    rules_hash,
    seed_commitment,
)
from question_bank.question import QuestionBank
from scoring.entries import Commitments, open_entry
from scoring.instant import Instant
from store.changes import Change, bank_changes, rules_changes
from store.contest_secrets import (
    ContestSecrets,
    make_secrets,
    sealed_secrets,
    unsealed_secrets,
    verifier_key,
)
from store.encryption import Vault
from store.ledger_queue import queue_entries
from store.rules_versions import RulesVersion, first_rules, newest_version
from store.schema import lock_opening, version_of
from store.sql import Database
from store.tables import BANK_VERSION, CONTEST, RULES_VERSION, metadata

REHEARSAL, TRIAL = "rehearsal", "trial"
DISPOSABLE = frozenset({REHEARSAL, TRIAL})
"""Kinds that count for nothing: what changes begins them anew."""

_ID_BYTES = 16
_DECIDED = ("opens", "closes")
"""Fields that recorded decisions move."""

QUESTIONS_BOX = "bank_version.bank"


class WrongDataKeyError(HoithiError):
    """The data key is not the one this database was made with."""


class ContestKindError(HoithiError):
    """The database holds a contest of another kind."""

    def __init__(self, found: str, declared: str) -> None:
        super().__init__(f"this database holds a {found} contest, not a {declared} one")
        self.found = found
        self.declared = declared


class ContestChangedError(HoithiError):
    """Rules or bank differ from what was committed to; `changes` says where."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        super().__init__(f"changed since opening: {', '.join(one.path for one in changes)}")
        self.changes = changes


@dataclass(frozen=True, slots=True)
class DeclaredContest:
    """What the settings say; `kind` is `real`, `rehearsal` or `trial`, `rules` is `rules_json`."""

    kind: str
    rules: Mapping[str, object]
    bank: QuestionBank
    origin: str
    now: Instant


@dataclass(frozen=True, slots=True)
class OpenContest:
    """The contest as it stands, under the newest rules; `draw_key` is secret until the archive."""

    id: bytes
    kind: str
    commitments: Commitments
    rules: Mapping[str, Any]
    draw_key: bytes = field(repr=False)
    is_new: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """The rules in force, their window as first declared, and where the files differ."""

    standing: Mapping[str, Any]
    changes: tuple[Change, ...]


class ContestsStore:
    def __init__(self, database: Database, vault: Vault, on_open: Callable[[bytes], None]) -> None:
        self._database = database
        self._vault = vault
        self._on_open = on_open

    async def open(self, declared: DeclaredContest) -> OpenContest:
        """The database's contest, made by the first process that asks.

        Raises:
            WrongDataKeyError: another data key made it.
            ContestKindError: it is of another kind.
            ContestChangedError: other rules or another bank, unless it counts for nothing.
        """
        return await self._opened(lambda one: self._open(one, declared))

    async def compare(self, declared: DeclaredContest) -> bool:
        """Whether a contest is there; what is declared fits it if so. Changes nothing.

        Raises:
            WrongDataKeyError: another data key made it.
            ContestKindError: it is of another kind.
            ContestChangedError: other rules or another bank, unless it counts for nothing.
        """
        return await self._database.read(lambda one: self._compare(one, declared))

    async def newest(self, declared: DeclaredContest) -> OpenContest:
        """The contest that is there, under the rules in force now, whatever the files say."""

        def read(connection: Connection) -> OpenContest:
            row = connection.execute(select(CONTEST)).one()
            found = unsealed_secrets(self._vault, row)
            return self._as_open(row.id, found, declared, newest_version(connection))

        return await self._database.read(read)

    async def differences(self, declared: DeclaredContest) -> Differences | None:
        """What the files declare otherwise than it stands; None: no contest is there.

        Raises:
            WrongDataKeyError: another data key made it.
            ContestKindError: it is of another kind.
        """

        def read(connection: Connection) -> Differences | None:
            row = connection.execute(select(CONTEST)).first()
            if row is None:
                return None
            changes = self._differences(connection, row, declared)
            return Differences(_standing(connection), changes)

        return await self._database.read(read)

    async def begin_anew(self, declared: DeclaredContest) -> OpenContest:
        """Empty every table and begin a new contest; only what counts for nothing may.

        Raises:
            ContestKindError: what is there, or what is declared, counts.
        """
        return await self._opened(lambda one: self._begin_anew(one, declared))

    async def _opened(self, work: Callable[[Connection], OpenContest]) -> OpenContest:
        contest = await self._database.write(work)
        self._on_open(contest.id)
        return contest

    def _open(self, connection: Connection, declared: DeclaredContest) -> OpenContest:
        lock_opening(connection)
        row = connection.execute(select(CONTEST)).first()
        if row is None:
            return self._begin(connection, declared)
        changes = self._differences(connection, row, declared)
        if not changes:
            version = newest_version(connection)
            return self._as_open(row.id, unsealed_secrets(self._vault, row), declared, version)
        if declared.kind not in DISPOSABLE:
            raise ContestChangedError(changes)
        return self._begin_anew(connection, declared)

    def _compare(self, connection: Connection, declared: DeclaredContest) -> bool:
        row = connection.execute(select(CONTEST)).first()
        if row is None:
            return False
        changes = self._differences(connection, row, declared)
        if changes and declared.kind not in DISPOSABLE:
            raise ContestChangedError(changes)
        return True

    def _differences(
        self, connection: Connection, row: Row[Any], declared: DeclaredContest
    ) -> tuple[Change, ...]:
        if row.key_check != self._vault.check_value:
            raise WrongDataKeyError("the data key is not the one this database was made with")
        if row.kind != declared.kind:
            raise ContestKindError(row.kind, declared.kind)
        return self._changes(connection, row, declared)

    def _begin_anew(self, connection: Connection, declared: DeclaredContest) -> OpenContest:
        lock_opening(connection)
        kind = connection.execute(select(CONTEST.c.kind)).scalar()
        found = kind or declared.kind
        if found != declared.kind or found not in DISPOSABLE:
            raise ContestKindError(found, declared.kind)
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        return self._begin(connection, declared)

    def _begin(self, connection: Connection, declared: DeclaredContest) -> OpenContest:
        made = make_secrets()
        contest_id = secrets.token_bytes(_ID_BYTES)
        hashed = rules_hash(declared.rules).hex()
        version = RulesVersion(hashed, declared.rules, hashed)
        contest = self._as_open(contest_id, made, declared, version, is_new=True)
        values = sealed_secrets(self._vault, contest_id, made) | {
            "lock": 1,
            "id": contest_id,
            "kind": declared.kind,
            "key_check": self._vault.check_value,
            "origin": declared.origin,
            "created_at": declared.now,
        }
        connection.execute(insert(CONTEST).values(values))
        self._write_versions(connection, contest, made, declared)
        entry = open_entry(
            str(declared.rules["contest"]),
            contest.commitments,
            len(declared.bank.questions),
            seed_commitment(made.seed).hex(),
            verifier_key(declared.origin, made.signing_key),
        )
        queue_entries(connection, [(entry, declared.now)])
        return contest

    def _write_versions(
        self,
        connection: Connection,
        contest: OpenContest,
        made: ContestSecrets,
        declared: DeclaredContest,
    ) -> None:
        rules, root = contest.commitments.rules, contest.commitments.bank
        text = canonical(declared.rules).decode("utf-8")
        connection.execute(
            insert(RULES_VERSION).values(hash=rules, json_text=text, since=declared.now)
        )
        questions = _questions(declared.bank, made)
        box = self._vault.seal(canonical(questions), QUESTIONS_BOX, root)
        connection.execute(insert(BANK_VERSION).values(root=root, bank_box=box, since=declared.now))

    def _changes(
        self, connection: Connection, row: Row[Any], declared: DeclaredContest
    ) -> tuple[Change, ...]:
        """Against the latest versions; the hashes decide, the contents say where.

        The window that decisions have moved since is not the files' business.
        """
        found = unsealed_secrets(self._vault, row)
        wanted = _standing(connection)
        if declared.kind not in DISPOSABLE:
            # Once a contest counts, the list in SQL is in force, not the file's (`unit_lists`).
            wanted["units"] = declared.rules.get("units")
        bank = connection.execute(_latest(BANK_VERSION)).one()
        changes: tuple[Change, ...] = ()
        if rules_hash(wanted) != rules_hash(declared.rules):
            declared_rules = orjson.loads(canonical(declared.rules))
            changes += rules_changes(wanted, declared_rules)
        if bank.root != bank_root(declared.bank, found.bank_salt).hex():
            box = self._vault.unseal(bank.bank_box, QUESTIONS_BOX, bank.root)
            changes += bank_changes(orjson.loads(box), _questions(declared.bank, found))
        return changes

    def _as_open(
        self,
        contest_id: bytes,
        found: ContestSecrets,
        declared: DeclaredContest,
        version: RulesVersion,
        *,
        is_new: bool = False,
    ) -> OpenContest:
        root = bank_root(declared.bank, found.bank_salt)
        key = draw_key(found.seed, root, bytes.fromhex(version.draw_rules))
        commitments = Commitments(rules=version.hash, bank=root.hex())
        return OpenContest(contest_id, declared.kind, commitments, version.rules, key, is_new)


async def contest_id_of(database: Database) -> bytes | None:
    """The id of the contest that is there already."""

    def read(connection: Connection) -> bytes | None:
        return connection.execute(select(CONTEST.c.id)).scalar()

    return await database.read(read)


async def contest_kind(database: Database) -> str | None:
    """Which kind of contest the database holds; None: none yet, nor perhaps tables."""

    def read(connection: Connection) -> str | None:
        if version_of(connection) is None:
            return None
        kind: str | None = connection.execute(select(CONTEST.c.kind)).scalar()
        return kind

    return await database.read(read)


async def check_key(database: Database, vault: Vault) -> None:
    """Return if the vault's keys are the contest's, or there is no contest yet.

    Raises:
        WrongDataKeyError: another data key made it.
    """

    def read(connection: Connection) -> bytes | None:
        return connection.execute(select(CONTEST.c.key_check)).scalar()

    if await database.read(read) not in {None, vault.check_value}:
        raise WrongDataKeyError("the data key is not the one this database was made with")


def _standing(connection: Connection) -> dict[str, Any]:
    """The rules in force as files can declare them: the window as it was before decisions."""
    first = first_rules(connection)
    window = {key: first[key] for key in _DECIDED if key in first}
    return {**newest_version(connection).rules, **window}


def _questions(bank: QuestionBank, found: ContestSecrets) -> list[dict[str, object]]:
    return [question_entry(question, found.bank_salt) for question in bank.questions]


def _latest(table: Any) -> Any:
    return select(table).order_by(table.c.since.desc()).limit(1)
