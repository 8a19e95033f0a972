"""Files that were sent in and wait for their second press: in boxes, for ten minutes at most.

A box opens by its own link's token only. Taken, dropped or run out, nothing of a file stays.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, delete, insert, select, update

from handlers.office_links import DropUpload, SentFile, StageUpload
from store.audit import write_audit
from store.encryption import BoxError, Vault
from store.group_commit import Kind, Writer
from store.sql import Database
from store.tables import UPLOAD

WAITING, TAKEN, DROPPED = "waiting", "taken", "dropped"
_PLACE = "upload.content_box"

_INSERT = insert(UPLOAD).returning(UPLOAD.c.id)
_BY_ID = UPLOAD.c.id == bindparam("upload_id")
_OF_ACCOUNT = UPLOAD.c.account == bindparam("of_account")
_OF_PURPOSE = UPLOAD.c.purpose == bindparam("of_purpose")
_IS_WAITING = UPLOAD.c.state == WAITING
_IS_IN_TIME = UPLOAD.c.expires_ms > bindparam("now_ms")


def _leaving(state: str) -> Update:
    """A file that waits no more: nothing of it stays."""
    return update(UPLOAD).where(_IS_WAITING).values(state=state, content_box=b"")


_LOAD = select(UPLOAD.c.content_box).where(_BY_ID, _IS_WAITING, _IS_IN_TIME)
_DROP_EARLIER = _leaving(DROPPED).where(_OF_ACCOUNT, _OF_PURPOSE)
_DROP = _leaving(DROPPED).where(_BY_ID, _OF_ACCOUNT)
_TAKE = _leaving(TAKEN).where(_BY_ID, _OF_ACCOUNT, _OF_PURPOSE, UPLOAD.c.is_checked, _IS_IN_TIME)
_FORGET = delete(UPLOAD).where(UPLOAD.c.expires_ms <= bindparam("now_ms"))


def take_upload(connection: Connection, upload: int, link: Row[Any], now_ms: int) -> bool:
    """Whether the file waited, sound, for this link's account and purpose: it waits no more."""
    values = {"upload_id": upload, "of_account": link.account, "of_purpose": link.purpose}
    return connection.execute(_TAKE, {**values, "now_ms": now_ms}).rowcount == 1


def forget_uploads(connection: Connection, now_ms: int) -> None:
    connection.execute(_FORGET, {"now_ms": now_ms})


class UploadsStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault

    async def stage(self, order: StageUpload) -> int:
        # In a transaction of its own: megabytes in the common one would hold up everybody's taps.
        box = await asyncio.to_thread(self._sealed, order)
        return await self._database.write(lambda connection: _stage(connection, order, box))

    async def load(self, token: str, upload: int, now_ms: int) -> SentFile | None:
        asked = {"upload_id": upload, "now_ms": now_ms}

        def read(connection: Connection) -> bytes | None:
            return connection.execute(_LOAD, asked).scalar()

        box = await self._database.read(read)
        return None if box is None else await asyncio.to_thread(self._opened, box, token)

    async def drop(self, order: DropUpload) -> bool:
        is_dropped: bool = await self._writer.commit(_DROP_KIND, order)
        return is_dropped

    def _opened(self, box: bytes, token: str) -> SentFile | None:
        """What a box holds; None where it is another link's."""
        try:
            name, _, content = self._vault.unseal(box, _PLACE, token).partition(b"\n")
        except BoxError:
            return None
        return SentFile(name.decode(), content)

    def _sealed(self, order: StageUpload) -> bytes:
        plain = order.file.name.encode() + b"\n" + order.file.content
        return self._vault.seal(plain, _PLACE, order.token)


def _stage(connection: Connection, order: StageUpload, box: bytes) -> int:
    of = {"of_account": order.account, "of_purpose": order.purpose}
    connection.execute(_DROP_EARLIER, of)
    values = {
        "account": order.account,
        "purpose": order.purpose,
        "kind": order.kind,
        "content_box": box,
        "state": WAITING,
        "made_ms": order.now_ms,
        "expires_ms": order.expires_ms,
        "is_checked": True,
    }
    upload = connection.execute(_INSERT, values).scalar_one()
    write_audit(connection, [order.entry])
    return int(upload)


def _drop(connection: Connection, orders: Sequence[DropUpload]) -> list[bool]:
    return [_drop_once(connection, order) for order in orders]


def _drop_once(connection: Connection, order: DropUpload) -> bool:
    values = {"upload_id": order.upload, "of_account": order.account}
    if connection.execute(_DROP, values).rowcount != 1:
        return False
    write_audit(connection, [order.entry])
    return True


_DROP_KIND = Kind(89, _drop)
