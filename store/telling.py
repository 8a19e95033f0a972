"""A message to one account, or to whoever plays for a person, in the transaction of its news."""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from handlers.records import Notice
from scoring.instant import Instant
from store.outbox import arguments_text, outbox_values
from store.tables import ACCOUNT, ACCOUNT_PERSON, OUTBOX

_CHAT = select(ACCOUNT.c.channel, ACCOUNT.c.chat).where(
    ACCOUNT.c.id == bindparam("of_account"), ACCOUNT.c.is_reachable.is_(True)
)
_CHATS = (
    select(ACCOUNT.c.channel, ACCOUNT.c.chat)
    .distinct()
    .join(ACCOUNT_PERSON, ACCOUNT_PERSON.c.account == ACCOUNT.c.id)
    .where(ACCOUNT_PERSON.c.person == bindparam("of_person"), ACCOUNT.c.is_reachable.is_(True))
    .order_by(ACCOUNT.c.channel, ACCOUNT.c.chat)
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


def tell_person(connection: Connection, person: int, notice: Notice, at: Instant) -> None:
    """Line a message up for every reachable account that the person takes part through."""
    text = arguments_text(notice)
    chats = connection.execute(_CHATS, {"of_person": person}).all()
    rows = [outbox_values((row.channel, row.chat), notice.message, text, at) for row in chats]
    if rows:
        connection.execute(_TELL, rows)
