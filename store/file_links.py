"""One-time links: made, looked at, proved by their code and used up once, whoever asks where.

Kept are keyed hashes of token and code. Every guess is counted under the row's lock, so that five
are five however many come at once. Decides what uses a link up; who may is `handlers.access`.
"""

import hmac
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from handlers.access import may_do
from handlers.office_links import (
    MOST_WRONG,
    ClaimLink,
    FoundLink,
    MadeLink,
    MakeLink,
    Proof,
    ProveCode,
    Verdict,
)
from handlers.records import AccountId
from question_bank.canonical import canonical
from scoring.instant import HOUR_MS
from store.audit import write_audit
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.people import grants_of
from store.sql import Database
from store.tables import FILE_LINK
from store.uploads import forget_uploads, take_upload

KEPT_MS = 24 * HOUR_MS
"""How long a dead link can still say that it is dead, and why."""

_TOKEN_BYTES = 32
_CODES = 1_000_000

_INSERT = insert(FILE_LINK)
_END_EARLIER = (
    update(FILE_LINK)
    .where(
        FILE_LINK.c.account == bindparam("of_account"),
        FILE_LINK.c.purpose == bindparam("of_purpose"),
        FILE_LINK.c.used_ms.is_(None),
        FILE_LINK.c.expires_ms > bindparam("now_ms"),
    )
    .values(expires_ms=bindparam("now_ms"))
)
_FIND = select(FILE_LINK).where(FILE_LINK.c.token_index == bindparam("index"))
_LOCK = _FIND.with_for_update()
_OF_LINK = FILE_LINK.c.token_index == bindparam("index")
_WRONG = update(FILE_LINK).where(_OF_LINK).values(wrong=FILE_LINK.c.wrong + 1)
_OPEN = update(FILE_LINK).where(_OF_LINK).values(opened_ms=bindparam("now_ms"))
_USE = update(FILE_LINK).where(_OF_LINK).values(used_ms=bindparam("now_ms"))
_FORGET = delete(FILE_LINK).where(FILE_LINK.c.expires_ms < bindparam("before_ms"))

T = TypeVar("T")


class _ClaimWith(NamedTuple):
    claim: ClaimLink
    effect: Callable[[Connection], Any]


_Order = MakeLink | ProveCode | ClaimLink | _ClaimWith


class FileLinksStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        # One kind for all: rows are locked in one order in every process.
        self._kind = Kind(88, self._execute)

    async def make(self, order: MakeLink) -> MadeLink:
        made: MadeLink = await self._writer.commit(self._kind, order)
        return made

    async def find(self, token: str) -> FoundLink | None:
        index = _token_index(self._vault, token)

        def read(connection: Connection) -> FoundLink | None:
            row = connection.execute(_FIND, {"index": index}).first()
            return None if row is None else _found(connection, row)

        return await self._database.read(read)

    async def prove(self, order: ProveCode) -> Proof:
        proof: Proof = await self._writer.commit(self._kind, order)
        return proof

    async def claim(self, order: ClaimLink) -> bool:
        is_claimed: bool = await self._writer.commit(self._kind, order)
        return is_claimed

    async def claim_with(self, order: ClaimLink, effect: Callable[[Connection], T]) -> T | None:
        """As `claim`, with what the link is used for in the same transaction: both or neither.

        None: the claim was refused, and nothing was done.
        """
        done: T | None = await self._writer.commit(self._kind, _ClaimWith(order, effect))
        return done

    async def forget(self, now_ms: int) -> None:
        """Files that ran out at once, links a day after they did."""
        await self._database.write(lambda connection: _forget(connection, now_ms))

    def _claim(self, connection: Connection, order: ClaimLink) -> bool:
        index = _token_index(self._vault, order.token)
        row = connection.execute(_LOCK, {"index": index}).first()
        if row is None or row.opened_ms is None or _is_ended(row, order.now_ms):
            return False
        if not may_do(order.deed, grants_of(connection, row.account), order.unit):
            return False
        if order.upload is not None and not take_upload(
            connection, order.upload, row, order.now_ms
        ):
            return False
        connection.execute(_USE, {"index": index, "now_ms": order.now_ms})
        write_audit(connection, [order.entry])
        return True

    def _execute(self, connection: Connection, orders: Sequence[_Order]) -> list[Any]:
        keys = [b"" if isinstance(one, MakeLink) else self._index_of(one) for one in orders]
        results: list[Any] = [None] * len(orders)
        for at in sorted(range(len(orders)), key=keys.__getitem__):
            results[at] = self._execute_once(connection, orders[at])
        return results

    def _execute_once(self, connection: Connection, order: _Order) -> Any:
        match order:
            case MakeLink():
                return self._make(connection, order)
            case ProveCode():
                return self._prove(connection, order)
            case ClaimLink():
                return self._claim(connection, order)
            case _ClaimWith(claim, effect):
                return effect(connection) if self._claim(connection, claim) else None

    def _make(self, connection: Connection, order: MakeLink) -> MadeLink:
        made = MadeLink(secrets.token_urlsafe(_TOKEN_BYTES), f"{secrets.randbelow(_CODES):06d}")
        earlier = {"of_account": order.account, "of_purpose": order.purpose}
        connection.execute(_END_EARLIER, {**earlier, "now_ms": order.now_ms})
        values = {
            "token_index": _token_index(self._vault, made.token),
            "code_index": _code_index(self._vault, made.token, made.code),
            "purpose": order.purpose,
            "arguments": canonical(dict(order.arguments)).decode("utf-8"),
            "account": order.account,
            "made_ms": order.now_ms,
            "expires_ms": order.expires_ms,
            "wrong": 0,
        }
        connection.execute(_INSERT, values)
        write_audit(connection, [order.entry])
        return made

    def _prove(self, connection: Connection, order: ProveCode) -> Proof:
        index = _token_index(self._vault, order.token)
        row = connection.execute(_LOCK, {"index": index}).first()
        if row is None or _is_ended(row, order.now_ms):
            return Proof(Verdict.ENDED, 0)
        given = _code_index(self._vault, order.token, order.code)
        if not hmac.compare_digest(given, row.code_index):
            connection.execute(_WRONG, {"index": index})
            write_audit(connection, [order.wrong_entry])
            return Proof(Verdict.WRONG, MOST_WRONG - row.wrong - 1)
        if row.opened_ms is None:
            connection.execute(_OPEN, {"index": index, "now_ms": order.now_ms})
        return Proof(Verdict.RIGHT, MOST_WRONG - row.wrong)

    def _index_of(self, order: ProveCode | ClaimLink | _ClaimWith) -> bytes:
        token = order.claim.token if isinstance(order, _ClaimWith) else order.token
        return _token_index(self._vault, token)


def _token_index(vault: Vault, token: str) -> bytes:
    return vault.index("file-link", token)


def _code_index(vault: Vault, token: str, code: str) -> bytes:
    # Bound to its token: equal codes of two links look nothing alike.
    return vault.index("file-link-code", f"{token}\n{code}")


def _is_ended(row: Row[Any], now_ms: int) -> bool:
    return row.used_ms is not None or row.expires_ms <= now_ms or row.wrong >= MOST_WRONG


def _found(connection: Connection, row: Row[Any]) -> FoundLink:
    return FoundLink(
        AccountId(row.account),
        row.purpose,
        orjson.loads(row.arguments),
        row.expires_ms,
        row.wrong,
        row.used_ms is not None,
        grants_of(connection, row.account),
    )


def _forget(connection: Connection, now_ms: int) -> None:
    connection.execute(_FORGET, {"before_ms": now_ms - KEPT_MS})
    forget_uploads(connection, now_ms)
