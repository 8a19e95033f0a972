"""A message to one account, in the transaction of what it tells of."""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from handlers.records import Notice
from scoring.instant import Instant
from store.outbox import arguments_text, outbox_values
from store.tables import ACCOUNT, OUTBOX

_CHAT = select(ACCOUNT.c.channel, ACCOUNT.c.chat).where(
    ACCOUNT.c.id == bindparam("of_account"), ACCOUNT.c.is_reachable.is_(True)
)
_TELL = insert(OUTBOX)


def tell_account(connection: Connection, account: int | None, notice: Notice, at: Instant) -> None:
    """Line a message up for the account, if there is one and its chat can be reached."""
    row: Any = None
    if account is not None:
        row = connection.execute(_CHAT, {"of_account": account}).first()
    if row is not None:
        where = (row.channel, row.chat)
        values = outbox_values(where, notice.message, arguments_text(notice), at)
        connection.execute(_TELL, [values])
